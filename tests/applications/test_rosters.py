"""A dispatch roster: stays that never overlap, warnings once a step, pairs that lose their
technician."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from corridor.accounts import services as accounts
from corridor.applications import pairs, rosters, telling
from corridor.applications.models import Pair, PlacementNotice
from tests.applications.after_start import TODAY, accepted, begun
from tests.matching import people
from tests.web.desks import member

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm():
    host = people.host("sample-crew")
    return host, member(host)


def days(back: int):
    return TODAY - timedelta(days=back)


def stay(traveler, owner, **fields):
    told = {"pathway": "vwp_esta", "entered_on": days(10), "leaves_on": None, "left_on": None,
            "admit_until": None, **fields}  # fmt: skip
    return rosters.save_stay(traveler, by=owner, **told)


def test_days_are_counted_and_who_needs_attention_comes_first(firm):
    host, owner = firm
    calm = rosters.save_traveler(None, organization=host, by=owner, label="A-01")
    near = rosters.save_traveler(None, organization=host, by=owner, label="B-02")
    stay(calm, owner)
    stay(near, owner, entered_on=days(80))
    rows = rosters.roster(owner, host, day=TODAY)
    assert [(each.name, each.count.day, each.count.left) for each in rows] == [
        ("B-02", 81, 9), ("A-01", 11, 79),
    ]  # fmt: skip


def test_a_second_entry_without_an_exit_is_refused(firm):
    host, owner = firm
    traveler = rosters.save_traveler(None, organization=host, by=owner, label="A-01")
    first = stay(traveler, owner, entered_on=days(50), leaves_on=days(20))
    with pytest.raises(ValidationError) as wrong:
        stay(traveler, owner, entered_on=days(30))
    assert list(wrong.value.message_dict) == ["entered_on"]
    stay(traveler, owner, entered_on=days(20))
    with pytest.raises(ValidationError):
        stay(traveler, owner, stay=first, entered_on=days(50), leaves_on=days(5))
    row = rosters.roster(owner, host, day=TODAY)[0]
    assert row.this_year == 51  # the day of both stays counts once


def test_strangers_and_reviewers_do_not_write_and_other_firms_see_nothing(firm):
    host, owner = firm
    traveler = rosters.save_traveler(None, organization=host, by=owner, label="A-01")
    other = member(people.host("other-crew"))
    assert rosters.roster(other, host, day=TODAY) == []
    for stranger in (other, member(host, "reviewer")):
        with pytest.raises(PermissionDenied):
            stay(traveler, stranger)


def test_a_name_stands_on_a_roster_once(firm):
    host, owner = firm
    rosters.save_traveler(None, organization=host, by=owner, label="A-01")
    with pytest.raises(ValidationError):
        rosters.save_traveler(None, organization=host, by=owner, label=" A-01 ")


@pytest.mark.parametrize("label", ["M12345678", "설치 2조 m123a4567", "PM12345678"])
def test_a_passport_number_is_not_taken_as_a_name_on_a_roster(firm, label):
    host, owner = firm
    with pytest.raises(ValidationError) as wrong:
        rosters.save_traveler(None, organization=host, by=owner, label=label)
    assert list(wrong.value.message_dict) == ["label"]
    assert rosters.save_traveler(None, organization=host, by=owner, label="M-12 3456").pk


def test_warnings_go_once_a_step_to_the_firm_and_to_the_traveler():
    application, owner = accepted(kind="dispatch")
    host = application.program.organization
    placement = begun(application, owner, first=days(60), last=TODAY + timedelta(days=10),
                      pathway="vwp_esta")  # fmt: skip
    rosters.enlist(placement, by=owner, organization=host)
    PlacementNotice.objects.all().delete()

    def on(day):
        return rosters.watch(datetime.combine(day, time(3), UTC))

    assert on(TODAY) == 2  # 29 days are left: the step of 30
    assert on(TODAY + timedelta(days=1)) == 0
    assert on(TODAY + timedelta(days=15)) == 2
    assert on(TODAY + timedelta(days=30)) == 2
    readers = {(each.organization_id, each.person_id) for each in PlacementNotice.objects.all()}
    assert readers == {(host.pk, None), (None, application.candidate.user_id)}
    for each in PlacementNotice.objects.all():
        assert telling.tell(each.pk) == 1


def test_who_has_left_is_not_warned_of(firm):
    host, owner = firm
    traveler = rosters.save_traveler(None, organization=host, by=owner, label="A-01")
    stay(traveler, owner, entered_on=days(200), left_on=days(120))
    assert rosters.watch() == 0


def test_somebody_placed_here_is_named_only_while_their_consent_stands():
    application, owner = accepted(kind="dispatch")
    host = application.program.organization
    made = rosters.enlist(begun(application, owner), by=owner, organization=host)
    assert made.label == application.candidate.card_code
    assert rosters.roster(owner, host, day=TODAY)[0].name == application.candidate.user.name
    accounts.withdraw_consent(application.consent, by=application.candidate.user)
    assert rosters.roster(owner, host, day=TODAY)[0].name == application.candidate.card_code


# --- pairs ------------------------------------------------------------------------------------


def paired(host, owner, technician, **fields):
    told = {"program": None, "apprentice": "Apprentice 1", "technician": technician,
            "teaches": "Coater alignment", "starts_on": days(10),
            "ends_on": TODAY + timedelta(days=60),
            "goals": [("Align alone", TODAY + timedelta(days=30))], **fields}  # fmt: skip
    return pairs.save(None, organization=host, by=owner, **told)


def test_a_pair_whose_technician_leaves_before_the_plan_ends_is_flagged(firm):
    host, owner = firm
    technician = rosters.save_traveler(None, organization=host, by=owner, label="A-01")
    stay(technician, owner, leaves_on=TODAY + timedelta(days=20))
    made = paired(host, owner, technician)
    row = pairs.of_organization(owner, host, day=TODAY)[0]
    assert row.alone_from == TODAY + timedelta(days=21) and not row.is_alone
    later = pairs.of_organization(owner, host, day=TODAY + timedelta(days=21))[0]
    assert later.is_alone
    Pair.objects.filter(pk=made.pk).update(technician=None)
    assert pairs.of_organization(owner, host, day=TODAY)[0].is_alone


def test_a_plan_needs_goals_within_its_days_and_both_agree_anew_after_a_change(firm):
    host, owner = firm
    technician = rosters.save_traveler(None, organization=host, by=owner, label="A-01")
    with pytest.raises(ValidationError):
        paired(host, owner, technician, goals=[])
    with pytest.raises(ValidationError):
        paired(host, owner, technician, goals=[("x", TODAY + timedelta(days=90))])
    made = paired(host, owner, technician)
    pairs.agree(made, by=owner, side=pairs.TECHNICIAN)
    made = pairs.agree(made, by=owner, side=pairs.APPRENTICE)
    assert made.is_agreed
    again = pairs.save(made, organization=host, by=owner, goals=[("Other", TODAY)],
                       **{name: getattr(made, name) for name in pairs.FIELDS})  # fmt: skip
    assert not again.is_agreed and [each.text for each in again.goals.all()] == ["Other"]


def test_a_technician_with_an_account_agrees_in_person():
    application, owner = accepted(kind="dispatch")
    host = application.program.organization
    technician = rosters.enlist(begun(application, owner), by=owner, organization=host)
    made = paired(host, owner, technician)
    with pytest.raises(PermissionDenied):
        pairs.agree(made, by=owner, side=pairs.TECHNICIAN)
    made = pairs.agree(made, by=application.candidate.user, side=pairs.TECHNICIAN)
    assert made.technician_agreed_by == application.candidate.user
    with pytest.raises(PermissionDenied):
        pairs.agree(made, by=application.candidate.user, side=pairs.APPRENTICE)


def test_an_apprentice_of_another_firm_or_kind_is_refused(firm):
    host, owner = firm
    foreign, _owner = accepted(kind="apprenticeship", email="lee@example.org",
                               host=people.host("another"))  # fmt: skip
    with pytest.raises(ValidationError):
        paired(host, owner, None, program=foreign.program)
