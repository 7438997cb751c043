"""From the first day on a journey speaks of the stay; the way to the first day is past."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils.translation import override

from corridor.applications import placements, services
from corridor.applications.models import Certificate, State
from corridor.web import arrival, journey
from corridor.web.candidate import journeys
from tests.applications.after_start import TODAY, accepted, begun
from tests.matching import people
from tests.web.desks import applicant, at, client_of, member, open_program

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


# --- the line of an application -------------------------------------------------------------------


def line(made) -> dict[str, tuple[str, str]]:
    with override("en"):
        return {
            str(each["label"]): (each["state"], each["date"])
            for each in journey.stations(made, made.events.all())
        }


def test_a_station_is_filled_with_its_day_or_does_not_stand_there(db):
    made, _owner = accepted()  # set to accepted by hand: only its sending was kept as an event
    found = line(made)
    assert found["Submitted"][0] == found["Offer accepted"][0] == "done"
    assert "Interview" not in found and "Under review" not in found
    assert found["Submitted"][1] and found["Offer made"][1], "each with the day it came"
    made.interviews.all().delete()
    made.events.all().delete()
    assert line(made)["Submitted"][0] == "done", "nothing before an accepted offer is hollow"


def test_an_interview_that_was_passed_over_is_not_in_the_line(db):
    firm = people.host("sample-firm")
    owner = member(firm)
    sent = applicant(open_program(firm, hub=people.hub()))
    assert line(sent)["Interview"] == ("todo", "")
    services.move(sent, by=owner, to=State.UNDER_REVIEW)
    services.move(sent, by=owner, to=State.OFFERED)
    sent.refresh_from_db()
    assert "Interview" not in line(sent) and line(sent)["Offer made"][0] == "now"


def test_under_way_stands_only_while_it_is(db):
    made, owner = accepted()
    placement = begun(made)
    with override("en"):
        before = {each["label"]: each for each in arrival.stations(placement, TODAY)}
        assert before["First day"]["note"] == "Not confirmed by both sides yet"
        placement = begun(made, owner)
        now = {each["label"]: each for each in arrival.stations(placement, TODAY)}
        assert now["Under way"]["state"] == "current" and now["Under way"]["note"]
        after = arrival.stations(placement, placement.ends_on + timedelta(days=1))
    assert [each["label"] for each in after] == ["First day", "Last day",
                                                 "Certificate of completion"]  # fmt: skip
    assert all(each["date"] for each in after if each["state"] == "done")


def test_where_the_certificate_is_made_the_stay_is_not_under_way(db):
    made, owner = accepted()
    placement = begun(made, owner, last=TODAY)
    Certificate.objects.create(
        placement=placement, first_day=placement.started_on, last_day=TODAY, holder="김견본",
        signed_name="-", signed_title="-",
    )  # fmt: skip
    placement.refresh_from_db()
    with override("en"):
        told = {each["label"]: each["state"] for each in arrival.stations(placement, TODAY)}
    assert told == {"First day": "done", "Last day": "done", "Certificate of completion": "done"}


def test_a_zone_is_told_only_where_the_place_is_known(db):
    made, _owner = accepted()
    placement = begun(made)

    def zone() -> str:
        with override("en"):
            return {row["label"]: row["value"] for row in arrival.facts(placement)}["Time zone"]

    assert zone() == "U.S. Eastern time"
    made.program.hub = None
    placement.application.program, placement.timezone = made.program, "Asia/Seoul"
    assert zone().startswith("Not known"), "no clock of Korea for a place in the United States"
    made.program.details["place_of_training"] = "KR"
    assert zone() == "Korea time"


# --- what to do where the route does not work -----------------------------------------------------


def test_an_accepted_offer_whose_route_does_not_work_says_the_next_step(db):
    made, _owner = accepted()
    made.offers.update(starts_on=TODAY + timedelta(days=90), pathway="j1_intern")
    made.candidate.educations.update(
        status="graduated", started_on=date(2014, 3, 2), ended_on=date(2018, 2, 20)
    )
    for text in both_pages(made):
        assert "as things stand, this visa route does not work" in text
        assert f"{at('candidate:application', made.pk)}#message" in text
        assert "book no flight" in text
    made.candidate.educations.update(status="enrolled", ended_on=None, started_on=None)
    for text in both_pages(made):
        assert "as things stand, this visa route does not work" not in text
