"""What is recorded of a route's steps moves the ranges of those that remain."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from corridor import rules
from corridor.rules.progress import NOTHING, Told, marks_of, read
from corridor.rules.timeline import Course

DAY = date(2026, 12, 1)
STEPS = rules.pathway("j1_intern").steps
START = date(2027, 6, 1)


def placed(*told: tuple[str, str, date], steps=STEPS, day=DAY):
    progress = read(steps, [Told(*each) for each in told])
    way = Course(steps).placed(day=day, start=START, progress=progress)
    return way, {each.step.id: each for each in way.stations}


def ago(days: int) -> date:
    return DAY - timedelta(days=days)


def test_a_paper_that_came_ends_its_step_and_all_that_it_waited_for():
    way, by = placed(("ds2019", "received", ago(3)))
    assert by["ds2019"].progress.done == ago(3)
    assert by["ds7002"].done and by["ds7002"].progress.implied, "none is issued before all sign"
    assert not by["insurance"].done
    whole, _ = placed()
    assert way.earliest[0] < whole.earliest[0] and way.earliest[1] < whole.earliest[1]


def test_a_step_of_several_parts_is_done_when_all_are():
    parts = [("sevis_and_ds160", "sevis_paid", ago(9)), ("sevis_and_ds160", "ds160_sent", ago(4))]
    _way, by = placed(*parts)
    assert not by["sevis_and_ds160"].done and by["sevis_and_ds160"].progress.since == ago(9)
    _way, by = placed(*parts, ("sevis_and_ds160", "interview_booked", DAY + timedelta(days=20)))
    assert by["sevis_and_ds160"].progress.done == ago(4), "not the day of the interview"
    assert by["visa_interview"].begins == (DAY + timedelta(days=20),) * 2


def test_the_days_after_a_booked_interview_count_from_the_interview():
    booked = DAY + timedelta(days=40)
    way, by = placed(("sevis_and_ds160", "sevis_paid", ago(1)),
                     ("sevis_and_ds160", "ds160_sent", ago(1)),
                     ("sevis_and_ds160", "interview_booked", booked))  # fmt: skip
    step = by["visa_interview"].step
    assert by["visa_interview"].ends == (
        booked + timedelta(days=step.least), booked + timedelta(days=step.most)
    )
    assert way.earliest[0] >= by["visa_interview"].ends[0]


def test_an_office_decides_so_long_after_it_was_asked_and_not_after_today():
    steps = rules.pathway("l1b").steps
    filed = ago(30)
    _way, by = placed(("petition", "filed", filed), ("knowledge_evidence", "done", filed),
                      steps=steps)  # fmt: skip
    step = by["uscis_petition"].step
    assert by["uscis_petition"].progress.since == filed
    assert by["uscis_petition"].ends == (
        max(DAY, filed + timedelta(days=step.least)), filed + timedelta(days=step.most)
    )
    _way, late = placed(("petition", "filed", ago(900)), ("knowledge_evidence", "done", ago(900)),
                        steps=steps)  # fmt: skip
    assert late["uscis_petition"].ends == (DAY, DAY), "never in the past while it is not decided"


def test_the_latest_mark_decides_and_of_one_day_the_last_that_was_told():
    interview = ("visa_interview",)
    _way, by = placed((*interview, "attended", ago(9)), (*interview, "processing", ago(5)))
    assert by["visa_interview"].progress.rests.id == "processing"
    _way, by = placed((*interview, "processing", ago(5)), (*interview, "issued", ago(1)))
    assert by["visa_interview"].done and by["visa_interview"].progress.done == ago(1)
    _way, by = placed((*interview, "processing", ago(1)), (*interview, "refused", ago(1)))
    assert by["visa_interview"].progress.is_stopped and not by["visa_interview"].done


def test_what_names_no_step_of_the_route_is_passed_over():
    assert read(STEPS, [Told("no_such_step", "done", DAY), Told("ds2019", "lost", DAY)]) == {}


def test_nothing_recorded_leaves_the_way_as_it_was():
    case = {"candidate.nationality": "KR", "program.start_date": START}
    (verdict,) = rules.assess(case, day=DAY, pathways=["j1_intern"]).verdicts
    assert verdict.following([]) is verdict
    went = verdict.following([Told("ds2019", "received", DAY)])
    assert went.timeline.earliest < verdict.timeline.earliest
    assert all(each.progress == NOTHING for each in verdict.timeline.stations)
    assert went.display == verdict.display, "what was recorded judges no condition of the law"


@pytest.mark.parametrize("route", rules.pathways(), ids=lambda each: each.id)
def test_a_mark_begins_only_a_step_that_can_come_after_it(route):
    names = [step.id for step in route.steps]
    for step in route.steps:
        for mark in marks_of(step):
            assert not mark.begins or mark.begins in names[names.index(step.id) + 1 :]
        assert any(mark.means in ("done", "part") for mark in marks_of(step)), step.id
