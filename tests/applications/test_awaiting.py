"""What waits for a host, a university and a candidate, counted for their to-do lists."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from corridor.applications import awaiting, placements
from corridor.applications.models import CANDIDATE, HOST, CheckIn, Paper
from tests.applications import after_start, paperwork
from tests.applications.after_start import ANSWERS, TODAY
from tests.web.desks import client_of, member

pytestmark = pytest.mark.django_db


def of_host(application, owner) -> dict[str, int]:
    host = application.program.organization
    return awaiting.of_organization(owner, host, today=TODAY)


def english(name, *args):
    return f"/en{reverse(name, args=args)[3:]}"


def test_a_host_confirms_a_start_first_and_a_completion_at_the_end():
    application, owner = after_start.accepted()
    assert of_host(application, owner)["starts"] == 1, "the day of the offer has come"
    first, last = TODAY - timedelta(days=40), TODAY - timedelta(days=1)
    after_start.begun(application, first=first, last=last)
    assert of_host(application, owner)["starts"] == 1, "the candidate alone has confirmed"
    after_start.begun(application, owner, first=first, last=last)
    waits = of_host(application, owner)
    assert (waits["starts"], waits["completions"]) == (0, 1)
    placements.certify(
        application.placement, by=owner, skill_ids=[], first_day=first, last_day=last, hours=100,
        signed_name="Pat", signed_title="Manager",
    )  # fmt: skip
    assert of_host(application, owner)["completions"] == 0


def test_a_start_that_is_still_ahead_waits_for_nobody():
    application, owner = after_start.accepted()
    application.offers.update(starts_on=TODAY + timedelta(days=3))
    assert of_host(application, owner)["starts"] == 0
    assert awaiting.of_candidate(application.candidate.user, today=TODAY) == 0


def test_a_host_counts_check_ins_that_are_shared_and_never_those_unanswered():
    application, owner = after_start.accepted()
    placement = after_start.begun(application, owner)
    due = placement.check_ins.first()
    assert of_host(application, owner)["shared"] == 0
    placements.answer(due, by=application.candidate.user, answers=ANSWERS)
    assert of_host(application, owner)["shared"] == 0, "answered, and kept to themselves"
    placements.share(
        due, by=application.candidate.user, university_sees="nothing",
        host_sees=CheckIn.Form.ANSWERS,
    )  # fmt: skip
    assert of_host(application, owner)["shared"] == 1


def test_papers_wait_for_the_side_whose_turn_it_is():
    application, owner = paperwork.accepted()
    paper = paperwork.written(application, owner)
    person = application.candidate.user
    assert of_host(application, owner)["papers"] == 1
    assert awaiting.of_candidate(person, today=TODAY) == 0
    paperwork.signed(paper, owner, HOST)
    assert of_host(application, owner)["papers"] == 0
    assert awaiting.of_candidate(person, today=TODAY) == 1
    paperwork.signed(paper, person, CANDIDATE)
    assert awaiting.of_candidate(person, today=TODAY) == 0
    assert Paper.objects.get().turn == "third"


def test_a_candidate_counts_the_start_then_the_check_ins_that_can_be_answered():
    application, owner = after_start.accepted()
    person = application.candidate.user
    assert awaiting.of_candidate(person, today=TODAY) == 1
    placement = after_start.begun(application, owner)
    due = placement.check_ins.filter(due_on__lte=TODAY).count()
    assert due == 1
    assert awaiting.of_candidate(person, today=TODAY) == due
    placements.answer(placement.check_ins.first(), by=person, answers=ANSWERS)
    assert awaiting.of_candidate(person, today=TODAY) == 0


def test_a_stranger_and_a_withdrawn_consent_count_nothing():
    application, owner = after_start.accepted()
    stranger = member(paperwork.sponsor()[0], "editor")
    assert not any(of_host(application, stranger).values())
    application.consent.withdrawn_at = application.consent.given_at
    application.consent.save()
    assert of_host(application, owner)["starts"] == 0


def test_the_numbers_stand_on_tabs_and_navigation_and_lead_to_what_is_to_be_done():
    application, owner = after_start.accepted()
    host, person = application.program.organization, application.candidate.user
    page = client_of(owner).get(english("firm:home", host.slug))
    tabs = {tab["url"]: tab["count"] for tab in page.context["tabs"]}
    people = reverse("after:people", args=[host.slug])
    assert {url: count for url, count in tabs.items() if count} == {f"/en{people[3:]}": 1}
    assert "1 person’s first day is to be confirmed." in page.text
    reviewer = client_of(member(host, "reviewer")).get(english("firm:home", host.slug))
    assert not any(tab["count"] for tab in reviewer.context["tabs"]), "they may not confirm it"

    home = client_of(person).get(english("candidate:home"))
    mine = {item["url"]: item["count"] for item in home.context["nav"]["mine"]}
    assert mine[english("candidate:journey")] == 1
    assert english("arrival:start", application.pk) in home.text
    assert english("arrival:start", application.pk) in (
        client_of(person).get(english("candidate:journey")).text
    )


def test_a_university_sees_how_many_students_wait_to_be_confirmed():
    application, _owner = paperwork.accepted()
    university, office = paperwork.university(application.candidate.user)
    affiliation = application.candidate.user.affiliations.get()
    affiliation.state = "asked"
    affiliation.save()
    page = client_of(office).get(english("firm:home", university.slug))
    assert "1 student asks to be confirmed as yours." in page.text
    counts = {tab["url"]: tab["count"] for tab in page.context["tabs"]}
    assert counts[english("university:students", university.slug)] == 1


def test_counting_costs_the_same_for_one_and_three():
    application, owner = after_start.accepted()
    host, person = application.program.organization, application.candidate.user

    def cost() -> tuple[int, int]:
        found = []
        for user, address in ((owner, english("firm:home", host.slug)),
                              (person, english("candidate:home"))):  # fmt: skip
            client = client_of(user)
            client.get(address)
            with CaptureQueriesContext(connection) as counted:
                client.get(address)
            found.append(len(counted))
        return found[0], found[1]

    after_start.begun(application)
    paperwork_of(application, owner)
    one = cost()
    for number in range(2):
        more, _owner = after_start.accepted(email=f"more{number}@example.org", host=host)
        after_start.begun(more)
    assert cost()[1] == one[1]


def paperwork_of(application, owner) -> Paper:
    return Paper.objects.create(
        application=application, kind=Paper.Kind.LEARNING, turn=CANDIDATE, due_on=TODAY
    )
