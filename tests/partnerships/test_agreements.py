"""An agreement joins a Korean and a U.S. institution and is active when both have said so."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError

from corridor.common.models import AuditEntry
from corridor.partnerships import queries, services
from corridor.partnerships.models import Agreement
from tests.matching import people
from tests.web.desks import member

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> dict:
    korean = people.host("sample-univ-kr", kind="university", country="KR")
    american = people.host("sample-univ-us", kind="university", country="US")
    return {"kr": korean, "us": american, "kim": member(korean), "lee": member(american)}


def drafted(world: dict, **fields) -> Agreement:
    return services.save_agreement(
        None, by=world["kim"], organization=world["kr"], partner=world["us"],
        **{"kind": "research", "title_en": "Joint battery research", **fields},
    )  # fmt: skip


def test_either_side_may_draft_and_each_party_takes_its_place(world):
    made = drafted(world)
    assert (made.korean_party, made.us_party, made.status) == (world["kr"], world["us"], "draft")
    other = services.save_agreement(
        None, by=world["lee"], organization=world["us"], partner=world["kr"],
        kind="mou", title_ko="양해각서",
    )  # fmt: skip
    assert (other.korean_party, other.us_party) == (world["kr"], world["us"])


def test_two_institutions_of_one_country_make_no_agreement(world):
    second = people.host("second-us", country="US")
    with pytest.raises(ValidationError):
        services.save_agreement(
            None, by=world["lee"], organization=world["us"], partner=second,
            kind="mou", title_en="x",
        )  # fmt: skip


def test_one_confirmation_proposes_and_the_other_makes_it_active(world):
    made = drafted(world)
    assert services.confirm(made, by=world["kim"]).status == "proposed"
    first = Agreement.objects.get(pk=made.pk).korean_confirmed_at
    assert services.confirm(made, by=world["kim"]).status == "proposed"
    assert Agreement.objects.get(pk=made.pk).korean_confirmed_at == first
    assert services.confirm(made, by=world["lee"]).status == "active"


def test_changing_confirmed_words_asks_both_sides_again(world):
    made = drafted(world)
    services.confirm(made, by=world["kim"])
    services.confirm(made, by=world["lee"])
    changed = services.save_agreement(made, by=world["lee"], obligations="All costs on Korea")
    assert changed.status == "draft"
    assert changed.korean_confirmed_at is None and changed.us_confirmed_at is None


def test_strangers_reviewers_and_former_parties_change_nothing(world):
    made = drafted(world)
    stranger = member(people.host("another"))
    for outsider in (stranger, member(world["kr"], "reviewer"), people.candidate().user):
        for write in (
            lambda who=outsider: services.save_agreement(made, by=who, title_en="mine"),
            lambda who=outsider: services.confirm(made, by=who),
            lambda who=outsider: services.end(made, by=who),
        ):
            with pytest.raises(PermissionDenied):
                write()
    with pytest.raises(PermissionDenied):
        services.save_agreement(
            None, by=stranger, organization=world["kr"], partner=world["us"],
            kind="mou", title_en="x",
        )  # fmt: skip
    assert Agreement.objects.count() == 1


def test_agreements_are_seen_by_their_parties_and_staff_alone(world):
    from corridor.accounts.models import User

    made = drafted(world)
    staff = User.objects.create_user("staff@example.org", is_staff=True)
    for person in (world["kim"], world["lee"], staff):
        assert list(queries.visible_to(person)) == [made]
    for person in (AnonymousUser(), member(people.host("another")), people.candidate().user):
        assert not queries.visible_to(person).exists()


def test_an_ended_agreement_stays_as_it_was(world):
    made = drafted(world)
    services.end(made, by=world["kim"])
    with pytest.raises(ValidationError):
        services.save_agreement(made, by=world["kim"], title_en="again")
    with pytest.raises(ValidationError):
        services.confirm(made, by=world["kim"])


@pytest.mark.parametrize(
    "fields",
    [
        {"starts_on": date(2027, 1, 1), "ends_on": date(2026, 1, 1)},
        {"title_en": ""},
        {"kind": "marriage"},
        {"status": "active"},
        {"korean_confirmed_at": "2026-01-01"},
    ],
)
def test_impossible_terms_are_refused_and_nothing_is_kept(world, fields):
    made = drafted(world)
    before = AuditEntry.objects.count()
    with pytest.raises(ValidationError):
        services.save_agreement(made, by=world["kim"], obligations="x", **fields)
    made.refresh_from_db()
    assert made.obligations == "" and AuditEntry.objects.count() == before


def test_only_verified_institutions_of_the_other_country_are_offered(world):
    from corridor.accounts.models import Organization

    Organization.objects.create(slug="new-us", kind="firm", country="US", name_en="new")
    assert list(queries.possible_partners(world["kr"])) == [world["us"]]
    assert list(queries.possible_partners(world["us"])) == [world["kr"]]
