"""No host sees an identity that was not given to that very host, or was taken back."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from corridor.accounts import services as accounts
from corridor.accounts.models import Consent, Membership, User
from corridor.applications import queries, services
from corridor.applications.models import Application, State
from tests.matching import people
from tests.web.desks import applicant, client_of, member, open_program

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> dict:
    firm, other = people.host("sample-firm"), people.host("another-firm")
    return {
        "firm": firm, "owner": member(firm), "other": other, "other_owner": member(other),
        "program": open_program(firm), "elsewhere": open_program(other, "Elsewhere"),
    }  # fmt: skip


def test_without_agreeing_nothing_is_sent_and_no_consent_is_recorded(world):
    me = people.candidate()
    draft = services.start_draft(candidate=me, program=world["program"], by=me.user)
    with pytest.raises(ValidationError):
        services.submit(draft, by=me.user, consents=False)
    draft.refresh_from_db()
    assert draft.state == State.DRAFT and not Consent.objects.exists()
    assert not queries.visible_to(world["owner"]).exists()


def test_a_draft_is_seen_by_its_writer_alone(world):
    me = people.candidate()
    draft = services.start_draft(candidate=me, program=world["program"], by=me.user)
    assert list(queries.visible_to(me.user)) == [draft]
    assert not queries.visible_to(world["owner"]).exists()
    assert not queries.to_program(world["owner"], world["program"]).exists()
    assert queries.counts_by_state(world["owner"], [world["program"].pk]) == {
        world["program"].pk: {}
    }


def test_even_staff_read_no_draft_among_a_programs_applicants(world):
    me = people.candidate()
    services.start_draft(candidate=me, program=world["program"], by=me.user)
    staff = User.objects.create_user("staff@example.org", is_staff=True)
    assert not queries.to_program(staff, world["program"]).exists()


def test_the_consent_names_who_gets_what_in_which_country_and_in_which_words(world):
    application = applicant(world["program"])
    consent = application.consent
    assert (consent.recipient, consent.recipient_name, consent.recipient_country) == (
        world["firm"], "sample-firm", "US",
    )  # fmt: skip
    assert consent.items == accounts.IDENTITY_ITEMS
    assert consent.text_version == accounts.CONSENT_TEXT_VERSION
    assert consent.language == "ko"


def test_consent_for_one_host_opens_nothing_to_another(world):
    application = applicant(world["program"])
    services.start_draft(
        candidate=application.candidate, program=world["elsewhere"], by=application.candidate.user
    )
    assert list(queries.visible_to(world["owner"])) == [application]
    assert not queries.visible_to(world["other_owner"]).exists()


def test_withdrawing_takes_the_application_from_the_hosts_list_and_hands(world):
    application = applicant(world["program"])
    me, owner = application.candidate.user, world["owner"]
    accounts.withdraw_consent(application.consent, by=me)
    assert not queries.visible_to(owner).exists()
    assert queries.counts_by_state(owner, [world["program"].pk]) == {world["program"].pk: {}}
    with pytest.raises(PermissionDenied):
        services.move(application, by=owner, to=State.UNDER_REVIEW)
    assert list(queries.visible_to(me)) == [application], "the candidate still sees their own"
    services.move(application, by=me, to=State.WITHDRAWN)


def test_a_new_consent_does_not_reopen_an_application_whose_own_was_withdrawn(world):
    application = applicant(world["program"])
    accounts.withdraw_consent(application.consent, by=application.candidate.user)
    second = open_program(world["firm"], "A second program")
    draft = services.start_draft(
        candidate=application.candidate, program=second, by=application.candidate.user
    )
    sent = services.submit(draft, by=application.candidate.user, consents=True)
    assert list(queries.visible_to(world["owner"])) == [sent]


def test_nobody_withdraws_anothers_consent(world):
    application = applicant(world["program"])
    with pytest.raises(PermissionDenied):
        accounts.withdraw_consent(application.consent, by=world["owner"])
    application.consent.refresh_from_db()
    assert application.consent.stands


def test_a_member_who_also_applies_sees_each_application_once(world):
    theirs = applicant(world["program"])
    me = people.candidate("both@example.org")
    Membership.objects.create(user=me.user, organization=world["firm"], role="owner")
    services.start_draft(candidate=me, program=world["elsewhere"], by=me.user)
    draft = services.start_draft(candidate=me, program=world["program"], by=me.user)
    services.submit(draft, by=me.user, consents=True)
    seen = list(queries.visible_to(me.user))
    assert len(seen) == len(set(seen)) == 3
    assert theirs in seen


def test_a_former_member_sees_nothing_any_more(world):
    applicant(world["program"])
    Membership.objects.filter(user=world["owner"]).delete()
    assert not queries.visible_to(world["owner"]).exists()


def test_the_page_of_a_withdrawn_file_is_gone_for_the_host(world):
    application = applicant(world["program"])
    address = f"/en/org/sample-firm/applications/{application.pk}/"
    host = client_of(world["owner"])
    assert "김견본" in host.get(address).content.decode()
    answer = client_of(application.candidate.user).post(
        "/ko/me/consents/", {"consent": application.consent.pk}
    )
    assert answer.status_code == 302
    assert host.get(address).status_code == 404
    assert host.post(address, {"to": "under_review"}).status_code == 404
    assert Application.objects.get().state == State.SUBMITTED
