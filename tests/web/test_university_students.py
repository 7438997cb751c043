"""The university's page of its students and nominees, the student's page, and the host's."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from corridor.applications.models import Application, ApplicationEvent, Placement
from corridor.partnerships import services
from corridor.partnerships.models import Nomination
from tests.matching import people
from tests.web.desks import applicant, client_of, member, open_program

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> dict:
    here = people.host("sample-univ", kind="university", country="KR")
    there = people.host("sample-state", kind="university", country="US")
    mine, theirs = member(here), member(there)
    made = services.save_agreement(None, by=mine, organization=here, partner=there,
                                   kind="internship", title_en="Interns", seats=2)  # fmt: skip
    services.send(made, by=mine)
    for by, side in ((mine, "KR"), (theirs, "US")):
        made = services.sign(made, by=by, side=side, name="A", title="B", day=date(2026, 11, 1))
    program = open_program(there, agreement=made)
    application = applicant(program)
    return {"here": here, "there": there, "mine": client_of(mine), "theirs": client_of(theirs),
            "agreement": made, "program": program, "application": application,
            "student": application.candidate.user}  # fmt: skip


def at(name: str, *args) -> str:
    return f"/en{reverse(name, args=args)[3:]}"


def join(world: dict) -> None:
    own = client_of(world["student"])
    page = own.post(at("student:university"),
                    {"university": world["here"].pk, "department": "기계공학과", "consents": "on"})
    assert page.status_code == 302
    asking = world["mine"].get(at("university:students", "sample-univ")).context["asking"]
    world["mine"].post(at("university:student_answer", "sample-univ", asking[0].pk),
                       {"confirm": "1"})  # fmt: skip


def test_without_a_tick_nothing_is_shared(world):
    own = client_of(world["student"])
    own.post(at("student:university"), {"university": world["here"].pk, "department": "x"})
    page = world["mine"].get(at("university:students", "sample-univ"))
    assert not page.context["asking"] and "김견본" not in page.content.decode()


def test_the_university_sees_where_its_student_stands_and_who_is_stuck(world):
    join(world)
    page = world["mine"].get(at("university:students", "sample-univ"))
    row = page.context["rows"][0]
    assert (row["program"], row["days"], row["stuck"]) == (world["program"], 0, False)
    then = timezone.now() - timedelta(days=20)
    ApplicationEvent.objects.update(at=then)
    Application.objects.update(submitted_at=then, due_on=None)
    page = world["mine"].get(at("university:students", "sample-univ") + "?stuck=1")
    assert [row["days"] for row in page.context["rows"]] == [20]
    Application.objects.update(due_on=timezone.localdate() - timedelta(days=1))
    text = world["mine"].get(at("university:students", "sample-univ")).content.decode()
    assert "The host’s answer is late." in text


def test_of_who_has_begun_the_university_sees_the_stay_and_not_the_application(world):
    join(world)
    today = timezone.localdate()
    Application.objects.update(state="accepted")
    stay = Placement.objects.create(
        application=Application.objects.get(), started_on=today - timedelta(days=40),
        ends_on=today + timedelta(days=40),
    )  # fmt: skip
    row = world["mine"].get(at("university:students", "sample-univ")).context["rows"][0]
    assert (row["state"], row["days"]) == ("Stay under way", 40)
    Placement.objects.filter(pk=stay.pk).update(left_on=today - timedelta(days=3))
    row = world["mine"].get(at("university:students", "sample-univ")).context["rows"][0]
    assert (row["state"], row["days"]) == ("Stay over", 3)


def test_drafts_and_other_peoples_students_are_not_shown(world):
    join(world)
    Application.objects.update(state="draft")
    row = world["mine"].get(at("university:students", "sample-univ")).context["rows"][0]
    assert row["program"] is None
    assert world["theirs"].get(at("university:students", "sample-univ")).status_code == 404
    assert not world["theirs"].get(at("university:students", "sample-state")).context["rows"]


def test_a_nomination_is_asked_agreed_and_sent_and_the_host_reads_it(world):
    join(world)
    affiliation = world["student"].affiliations.get()
    page = world["mine"].post(
        at("university:nominations", "sample-univ"),
        {"program": world["program"].pk, "student": affiliation.pk},
    )
    assert page.status_code == 302
    row = Nomination.objects.get()
    own = client_of(world["student"])
    assert "wants to nominate you" in own.get(at("student:university")).content.decode()
    send = at("university:nomination_act", "sample-univ", row.pk, "send")
    world["mine"].post(send)
    row.refresh_from_db()
    assert row.state == "asked"
    own.post(at("student:nomination", row.pk), {"agree": "1"})
    world["mine"].post(send)
    row.refresh_from_db()
    assert row.state == "sent"
    text = world["theirs"].get(at("university:nominated", "sample-state")).content.decode()
    assert "김견본" in text  # has applied with consent
    Application.objects.all().delete()
    text = world["theirs"].get(at("university:nominated", "sample-state")).content.decode()
    assert "김견본" not in text and world["student"].candidate.card_code in text


def test_outcomes_are_counted_from_the_rows(world):
    address = at("university:agreement", "sample-univ", world["agreement"].pk)
    before = world["mine"].get(address).context["outcome"]
    assert (before["programs"], before["applied"], before["placed"]) == (1, 1, 0)
    Application.objects.update(state="accepted")
    page = world["mine"].get(address)
    assert page.context["outcome"]["placed"] == 1
    program = page.context["programs"][0]
    assert (program["seats"], program["applied"], program["placed"]) == (
        world["program"].seats, 1, 1
    )  # fmt: skip
    year = world["program"].starts_on.year
    used = {row["year"]: row["used"] for row in page.context["seats"]}
    assert used[year] == 1


def test_the_nomination_of_somebody_elses_student_is_not_found(world):
    join(world)
    other = client_of(people.candidate("other@example.org").user)
    affiliation = world["student"].affiliations.get()
    assert other.post(at("student:leave", affiliation.pk)).status_code == 404
    affiliation.refresh_from_db()
    assert affiliation.state == "confirmed"
