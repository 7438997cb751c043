"""From the first day on a journey speaks of the stay; the way to the first day is past."""

from __future__ import annotations

from datetime import timedelta

import pytest

from corridor.applications import placements
from corridor.applications.models import Certificate
from corridor.web import arrival
from corridor.web.candidate import journeys
from tests.applications.after_start import TODAY, accepted, begun
from tests.web.desks import at, client_of

pytestmark = pytest.mark.django_db
OF_THE_WAY = (
    "Your way to the first day", "If all begins today", "Plan with another route", "Can begin",
    "Begin by", "Whose turn it is now", "Its conditions would be met only if",
)  # fmt: skip


def both_pages(application) -> list[str]:
    me = client_of(application.candidate.user)
    names = (("candidate:application", (application.pk,)), ("candidate:journey", ()))
    return [me.get(at(name, *args)).content.decode() for name, args in names]


def test_before_the_first_day_the_way_stands_there(db):
    made, _owner = accepted()
    made.offers.update(starts_on=TODAY + timedelta(days=1))
    assert arrival.now(made, TODAY) is None
    text = both_pages(made)[0]
    assert "Your way to the first day" in text and "Has it begun?" not in text


def test_once_the_first_day_has_come_it_is_to_be_confirmed_and_the_way_is_gone(db):
    made, _owner = accepted()
    for text in both_pages(made):
        assert "Has it begun?" in text and at("arrival:start", made.pk) in text
        assert at("problems:new") in text
        for word in OF_THE_WAY:
            assert word not in text


def test_during_the_stay_check_ins_days_left_and_help_stand_there(db):
    made, owner = accepted()
    placement = begun(made, owner, last=TODAY + timedelta(days=40), pathway="j1_trainee")
    for text in both_pages(made):
        assert "40 days left" in text and "Check-in to answer" in text
        assert at("arrival:placement", placement.pk) in text
        assert "The host makes it after the last day." in text
        for word in OF_THE_WAY:
            assert word not in text
    (mine,) = journeys.of(made.candidate, day=TODAY)
    assert mine.route["id"] == "j1_trainee", "consequences are those of the route really used"
    assert not [due for due in mine.deadlines if due.key.startswith("step-")]


def test_after_the_stay_the_certificate_stands_there(db):
    made, owner = accepted()
    placement = begun(made, owner, last=TODAY + timedelta(days=40))
    placements.leave(placement, by=made.candidate.user, left_on=TODAY - timedelta(days=1))
    for text in both_pages(made):
        assert "Your stay is over" in text and "has not made it yet" in text
    Certificate.objects.create(
        placement=placement, first_day=placement.started_on, last_day=TODAY, holder="김견본",
        signed_name="-", signed_title="-",
    )  # fmt: skip
    for text in both_pages(made):
        assert at("arrival:certificate", placement.pk) in text
        for word in OF_THE_WAY:
            assert word not in text


def test_the_firms_page_of_somebody_who_has_begun_counts_towards_no_first_day(db):
    made, owner = accepted()
    begun(made, owner)
    text = client_of(owner).get(
        at("firm:application", made.program.organization.slug, made.pk)
    ).content.decode()  # fmt: skip
    assert "stands under “After the start”" in text
    assert "Your steps" not in text and "We have filed for a route" not in text
