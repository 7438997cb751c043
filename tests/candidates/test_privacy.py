"""Being found is a recorded choice that one can take back by either of its two doors."""

from __future__ import annotations

import pytest

from corridor.accounts.models import Consent
from corridor.candidates import queries, services
from corridor.candidates.models import Candidate
from tests.matching import people
from tests.web.desks import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def me() -> Candidate:
    return people.candidate(skills_text="PLC 정비")


def standing(me: Candidate) -> list[Consent]:
    return list(Consent.objects.filter(user=me.user, purpose="be_found", withdrawn_at=None))


def test_nobody_is_found_who_did_not_choose_it(me):
    assert not queries.findable().exists() and not Consent.objects.exists()


def test_choosing_to_be_found_records_what_the_card_shows(me):
    services.set_visibility(me, by=me.user, visibility="findable")
    (consent,) = standing(me)
    assert consent.items == services.CARD_ITEMS and consent.recipient is None
    assert list(queries.findable()) == [me]
    services.set_visibility(me, by=me.user, visibility="findable")
    assert len(standing(me)) == 1


def test_going_back_to_private_withdraws_the_consent(me):
    services.set_visibility(me, by=me.user, visibility="findable")
    services.set_visibility(me, by=me.user, visibility="private")
    assert not standing(me) and not queries.findable().exists()
    assert Consent.objects.get().withdrawn_at is not None


def test_withdrawing_on_the_page_of_consents_hides_the_profile_too(me):
    services.set_visibility(me, by=me.user, visibility="findable")
    (consent,) = standing(me)
    answer = client_of(me.user).post("/ko/me/consents/", {"consent": consent.pk})
    assert answer.status_code == 302
    assert not standing(me) and not queries.findable().exists()


def test_a_closed_account_is_not_found(me):
    services.set_visibility(me, by=me.user, visibility="findable")
    me.user.is_active = False
    me.user.save()
    assert not queries.findable().exists()


@pytest.mark.parametrize("number", ["", "0", "x", "99999999", "9" * 5000, "-1", "１"])
def test_a_consent_that_is_not_ones_own_is_not_there(me, number):
    other = people.candidate("lee@example.org")
    services.set_visibility(other, by=other.user, visibility="findable")
    client = client_of(me.user)
    assert client.post("/ko/me/consents/", {"consent": number}).status_code == 404
    (theirs,) = standing(other)
    assert client.post("/ko/me/consents/", {"consent": theirs.pk}).status_code == 404
    assert standing(other)


def test_an_unknown_visibility_changes_nothing(me):
    client = client_of(me.user)
    assert client.post("/ko/me/visibility/", {"visibility": "public"}).status_code == 302
    me.refresh_from_db()
    assert me.visibility == "private"
