"""The way to the first day: how long it takes, who acts, by when each step must begin."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor import rules
from corridor.rules import timeline
from corridor.rules.checks import Leaf
from corridor.rules.loading import load
from corridor.rules.model import ACTORS, Step, Text
from corridor.rules.timeline import Timeline, schedule
from tests.rules.legal_cases import read_all

TODAY = date(2026, 11, 27)
CASES = {case.sentence: case.facts for case in read_all()}
INTERN = CASES["A fourth-year student in Korea can take a twelve-month engineering internship"]
VISITOR = {
    "candidate.nationality": "KR",
    "candidate.sex": "M",
    "candidate.birth_year": 2000,
    "program.activity": "negotiation",
    "program.duration_days": 20,
    "program.start_date": date(2027, 3, 2),
}
ROUTES = [each for each in rules.pathways() if each.kinds and each.status_on(TODAY) == "in_force"]


def step(name: str, least: int, most: int, *after: str, **more: Any) -> Step:
    return Step(name, Text(name, name), "candidate", least, most, True, after, **more)


def days(way: Timeline) -> tuple[int, int]:
    fast, slow = way.earliest
    return (fast - way.day).days, (slow - way.day).days


def of(way: Timeline | None, name: str) -> timeline.Station:
    assert way is not None
    return next(station for station in way.stations if station.step.id == name)


def way_to(pathway: str, facts: dict[str, Any], day: date = TODAY) -> Timeline:
    found = rules.assess(facts, day=day, pathways=[pathway]).of(pathway)
    assert found is not None and found.timeline is not None
    return found.timeline


CHAIN = [step("plan", 10, 20), step("visa", 7, 42, "plan")]


def test_steps_in_a_row_add_up() -> None:
    assert days(schedule(CHAIN, day=TODAY, start=None)) == (17, 62)


def test_steps_beside_each_other_take_as_long_as_the_longest() -> None:
    steps = [step("plan", 10, 20), step("english", 15, 15), step("visa", 7, 42, "plan", "english")]
    assert days(schedule(steps, day=TODAY, start=None)) == (22, 62)


def test_a_step_begins_when_those_it_waits_for_have_ended() -> None:
    visa = of(schedule(CHAIN, day=TODAY, start=None), "visa")
    assert visa.begins == (TODAY + timedelta(10), TODAY + timedelta(20))
    assert visa.ends == (TODAY + timedelta(17), TODAY + timedelta(62))


def test_backward_from_the_start_each_step_has_a_safe_and_a_last_day() -> None:
    way = schedule(CHAIN, day=TODAY, start=date(2027, 7, 1))
    assert of(way, "visa").begin_by == (date(2027, 5, 20), date(2027, 6, 24))
    assert of(way, "plan").begin_by == (date(2027, 4, 30), date(2027, 6, 14))
    assert way.decide_by == (date(2027, 4, 30), date(2027, 6, 14))


@pytest.mark.parametrize(
    ("after", "feasible"), [(62, "in_time"), (61, "tight"), (17, "tight"), (16, "too_late")]
)
def test_a_start_is_in_time_tight_or_too_late(after: int, feasible: str) -> None:
    way = schedule(CHAIN, day=TODAY, start=TODAY + timedelta(after))
    assert way.feasible == feasible


def test_all_steps_count_at_their_longest_while_that_can_be_met_else_at_their_quickest() -> None:
    def told(start: date) -> list[tuple[date, date] | None]:
        way = schedule(CHAIN, day=TODAY, start=start)
        return [way.by(station) for station in way.stations]

    safe, tight = TODAY + timedelta(62), TODAY + timedelta(61)
    assert told(safe) == [(TODAY, safe - timedelta(42)), (safe - timedelta(42), safe)]
    visa = tight - timedelta(7)
    assert told(tight) == [(visa - timedelta(10), visa), (visa, tight)]


def test_without_a_start_nothing_is_said_of_when_to_begin() -> None:
    way = schedule(CHAIN, day=TODAY, start=None)
    assert (way.feasible, way.decide_by, of(way, "plan").begin_by) == ("unknown", None, None)


YEARLY = [step("register", 20, 25, opens=(3, 1)), step("petition", 30, 60, "register")]


def test_what_opens_once_a_year_is_waited_for() -> None:
    register = of(schedule(YEARLY, day=TODAY, start=None), "register")
    assert register.begins == (date(2027, 3, 1), date(2027, 3, 1))
    day = date(2027, 3, 2)
    assert of(schedule(YEARLY, day=day, start=None), "register").begins[0] == date(2028, 3, 1)


def test_backward_it_is_the_opening_before_that_must_not_be_missed() -> None:
    way = schedule(YEARLY, day=TODAY, start=date(2027, 10, 1))
    assert of(way, "register").begin_by == (date(2027, 3, 1), date(2027, 3, 1))
    way = schedule(YEARLY, day=TODAY, start=date(2027, 5, 1))
    assert of(way, "register").begin_by == (date(2026, 3, 1), date(2027, 3, 1))


def test_a_step_that_the_facts_say_is_over_takes_no_time() -> None:
    signed = Leaf("program.ds7002_signed_by_all", "is", True)
    steps = [step("plan", 10, 20, done=signed), step("visa", 7, 42, "plan")]
    over = timeline.over(steps, {"program.ds7002_signed_by_all": True})
    way = schedule(steps, day=TODAY, start=date(2027, 7, 1), over=over)
    assert days(way) == (7, 42) and of(way, "plan").done
    assert way.decide_by == (date(2027, 5, 20), date(2027, 6, 24))
    for told in ({}, {"program.ds7002_signed_by_all": False}):
        assert not timeline.over(steps, told)


def test_a_step_needed_only_perhaps_is_shown_but_delays_nothing() -> None:
    steps = [*CHAIN, step("permit", 90, 90)]
    way = schedule(steps, day=TODAY, start=date(2027, 7, 1), maybe=frozenset({"permit"}))
    assert days(way) == (17, 62) and of(way, "permit").maybe
    assert way.decide_by == (date(2027, 4, 30), date(2027, 6, 14))


# The routes as they stand in the data.


def test_every_route_says_how_it_is_walked() -> None:
    without = {each.id for each in ROUTES if not each.steps}
    assert without == {"kit_desk"}  # a desk that gives advice, and no source states its times


def test_every_step_is_somebody_s_and_reads_in_both_languages() -> None:
    for pathway in rules.pathways():
        for each in pathway.steps:
            assert each.who in ACTORS
            assert each.text("ko").endswith("다.") and each.text("en").endswith(".")
            assert not any("가" <= c <= "힣" for c in each.text("en"))


def test_every_document_is_brought_by_somebody() -> None:
    for pathway in rules.pathways():
        for document in pathway.documents:
            assert document.who in ACTORS, document.text.en


def test_a_duration_that_is_no_estimate_has_its_law() -> None:
    for pathway in rules.pathways():
        for each in pathway.steps:
            assert each.estimate or (each.backing and each.backing.citation), each.id


def test_the_steps_take_the_time_that_the_route_is_said_to_take() -> None:
    for pathway in rules.pathways():
        if pathway.steps and not any(each.opens for each in pathway.steps):
            assert pathway.lead_time is not None
            assert timeline.length(pathway.steps) == (
                pathway.lead_time.least,
                pathway.lead_time.most,
            )


def test_the_registration_for_h1b_is_in_march_and_work_begins_in_october() -> None:
    way = schedule(rules.pathway("h1b_cap").steps, day=TODAY, start=date(2027, 10, 1))
    assert of(way, "h1b_registration").begins[0] == date(2027, 3, 1)
    assert way.earliest[0] == date(2027, 10, 1)
    missed = schedule(rules.pathway("h1b_cap").steps, day=date(2027, 4, 1), start=None)
    assert missed.earliest[0] == date(2028, 10, 1)


def test_who_was_selected_for_h1b_need_not_wait_for_march() -> None:
    steps = rules.pathway("h1b_cap").steps
    over = timeline.over(steps, {"program.cap_registration_selected": True})
    way = schedule(steps, day=date(2027, 4, 10), start=None, over=over)
    assert {"h1b_plan", "h1b_registration", "h1b_selection"} <= over
    assert way.earliest[0] == date(2027, 10, 1)


def test_the_sponsor_issues_the_ds2019_after_all_have_signed_and_before_the_visa() -> None:
    for name in ("j1_intern", "j1_trainee", "j1_student_intern"):
        way = schedule(rules.pathway(name).steps, day=TODAY, start=None)
        issued = of(way, "ds2019")
        assert issued.step.who == "sponsor" and "ds7002" in issued.step.after
        for fast_or_slow in (0, 1):
            assert of(way, "ds7002").ends[fast_or_slow] <= issued.begins[fast_or_slow]
            paid = of(way, "sevis_and_ds160")
            assert issued.ends[fast_or_slow] <= paid.begins[fast_or_slow]
            assert paid.ends[fast_or_slow] <= of(way, "visa_interview").begins[fast_or_slow]


def test_what_an_intern_has_done_already_brings_the_start_nearer() -> None:
    ready = way_to("j1_intern", INTERN)
    done = {station.step.id for station in ready.stations if station.done}
    assert {"ds7002", "host_check", "english_proof", "insurance"} <= done
    open_ = INTERN | {"program.ds7002_signed_by_all": None, "candidate.english_verified": None}
    assert ready.earliest[1] < way_to("j1_intern", open_).earliest[1]


def test_what_only_the_host_has_stated_is_marked_as_stated_and_still_takes_its_time() -> None:
    def way(claimed: frozenset[str], **known: Any) -> Timeline:
        found = rules.assess(INTERN | known, day=TODAY, pathways=["j1_intern"]).upon(claimed)
        assert found.best is not None and found.best.timeline is not None
        return found.best.timeline

    plan = frozenset({"program.ds7002_signed_by_all"})
    done, stated = way(frozenset()), way(plan)
    unsigned = way(plan, **{"program.ds7002_signed_by_all": False})

    assert (of(done, "ds7002").done, of(done, "ds7002").stated) == (True, False)
    assert (of(stated, "ds7002").done, of(stated, "ds7002").stated) == (False, True)
    assert (of(unsigned, "ds7002").done, of(unsigned, "ds7002").stated) == (False, False)
    assert done.earliest < stated.earliest == unsigned.earliest
    assert of(stated, "english_proof").done, "the candidate said that, and nobody else"


def test_the_hosts_word_moves_no_verdict() -> None:
    heard = rules.assess(INTERN, day=TODAY, pathways=["j1_intern"])
    claimed = heard.upon(frozenset(name for name in INTERN if name.startswith("program.")))

    assert [each.display for each in claimed.verdicts] == [each.display for each in heard.verdicts]
    told = json.dumps(claimed.as_dict("en"))
    assert '"stated": true' in told and '"stated": true' not in json.dumps(heard.as_dict("en"))


def test_a_contract_with_the_clause_spares_the_installer_a_step() -> None:
    steps = rules.pathway("b1_installer").steps
    clause = {"program.sales_contract_requires_seller_service": True}
    assert timeline.over(steps, clause) == {"contract_check"}
    assert timeline.over(steps, {}) == frozenset()


def test_esta_is_a_matter_of_days() -> None:
    assert days(schedule(rules.pathway("vwp_esta").steps, day=TODAY, start=None)) == (3, 7)


# The permit to leave Korea comes on top of any route.


def test_who_needs_the_travel_permit_waits_for_it() -> None:
    way = way_to("vwp_esta", VISITOR | {"candidate.military_status": "not_completed"})
    permit = of(way, "travel_permit")
    assert not permit.maybe and permit.step.who == "candidate"
    assert days(way) == (14, 28)


def test_a_permit_that_may_be_needed_is_shown_and_not_counted() -> None:
    way = way_to("vwp_esta", VISITOR)
    assert of(way, "travel_permit").maybe and days(way) == (3, 7)


def test_who_has_served_or_holds_the_permit_does_not_see_it() -> None:
    served = VISITOR | {"candidate.military_status": "completed"}
    holds = VISITOR | {
        "candidate.military_status": "not_completed",
        "candidate.permit_expiry": date(2027, 12, 31),
    }
    for facts in (served, holds):
        way = way_to("vwp_esta", facts)
        assert "travel_permit" not in {station.step.id for station in way.stations}


def test_a_timeline_is_json_in_one_language_or_both() -> None:
    way = way_to("j1_intern", INTERN)
    korean = json.loads(json.dumps(way.as_dict("ko"), ensure_ascii=False))
    both = json.loads(json.dumps(way.as_dict()))
    assert [each["step"] for each in korean["steps"]] == [s.step.id for s in way.stations]
    for one, two in zip(korean["steps"], both["steps"], strict=True):
        assert one["text"] == two["text"]["ko"] and one["begins"] == two["begins"]
        assert one["days"][0] <= one["days"][1]


# What must hold for any steps whatever.

WHOLE = st.integers(0, 120)
OPENS = st.none() | st.sampled_from([(3, 1), (10, 1), (12, 31), (1, 1)])


@st.composite
def any_steps(draw: st.DrawFn) -> list[Step]:
    made: list[Step] = []
    for number in range(draw(st.integers(1, 7))):
        least, most = sorted((draw(WHOLE), draw(WHOLE)))
        above = [each.id for each in made]
        after = draw(st.lists(st.sampled_from(above), unique=True)) if above else []
        made.append(step(f"s{number}", least, most, *after, opens=draw(OPENS)))
    return made


STEPS = any_steps() | st.sampled_from([list(each.steps) for each in ROUTES if each.steps])
DAYS = st.dates(date(2026, 1, 1), date(2030, 12, 31))


@settings(max_examples=200, deadline=None)
@given(STEPS, DAYS, DAYS, st.data())
def test_more_done_never_makes_the_start_later(
    steps: list[Step], day: date, start: date, data: st.DataObject
) -> None:
    names = [each.id for each in steps]
    some = frozenset(data.draw(st.lists(st.sampled_from(names), unique=True)))
    more = some | frozenset(data.draw(st.lists(st.sampled_from(names), unique=True)))
    before = schedule(steps, day=day, start=start, over=some)
    after = schedule(steps, day=day, start=start, over=more)
    assert all(a <= b for a, b in zip(after.earliest, before.earliest, strict=True))


@settings(max_examples=200, deadline=None)
@given(STEPS, DAYS, DAYS)
def test_fast_is_never_after_slow_and_safe_never_after_last(
    steps: list[Step], day: date, start: date
) -> None:
    way = schedule(steps, day=day, start=start)
    assert way.earliest[0] <= way.earliest[1]
    for station in way.stations:
        assert station.begins[0] <= station.begins[1] and station.ends[0] <= station.ends[1]
        assert station.begin_by is not None and station.begin_by[0] <= station.begin_by[1]


@settings(max_examples=200, deadline=None)
@given(STEPS, DAYS, DAYS)
def test_the_days_to_hold_to_never_fall_behind_the_step_before(
    steps: list[Step], day: date, start: date
) -> None:
    way = schedule(steps, day=day, start=start)
    by = {station.step.id: way.by(station) for station in way.stations}
    for station in way.stations:
        days = by[station.step.id]
        assert days is not None
        begin, done = days
        assert begin <= done <= start
        if way.feasible == "in_time":
            assert begin >= day, "who can be in time at the slowest has no day behind them"
        for each in station.step.after:
            before = by[each]
            assert before is not None and before[0] <= begin and before[1] <= begin


@settings(max_examples=200, deadline=None)
@given(STEPS, DAYS)
def test_forward_and_backward_agree(steps: list[Step], day: date) -> None:
    """Towards the day that is sure to be feasible, no step had to begin before it can."""
    earliest = schedule(steps, day=day, start=None).earliest
    for which, start in enumerate(earliest):
        way = schedule(steps, day=day, start=start)
        assert way.feasible == ("in_time" if start == earliest[1] else "tight")
        for station in way.stations:
            assert station.begin_by is not None
            # Against the slow walk stands the safe day, against the fast one the last day.
            assert station.begins[which] <= station.begin_by[1 - which]


# Bad input.


REFUSED = [
    ("a range that runs backwards", "weeks: [3, 8]", "weeks: [8, 3]", "[least, most]"),
    ("steps that miss the lead time", "weeks: [3, 8]", "weeks: [3, 9]", "'lead_time' says 56"),
    ("a step that nobody wrote", "{use: ds7002}", "{use: ds7020}", "did you mean 'ds7002'"),
    ("a step that stands twice", "{use: insurance}", "{use: ds2019}", "stands here twice"),
    ("a step that waits for a later one", "after: [ds2019]", "after: [travel]", "no step above"),
]


@pytest.mark.parametrize(("what", "old", "new", "says"), REFUSED, ids=[each[0] for each in REFUSED])
def test_the_loader_refuses(data: Path, what: str, old: str, new: str, says: str) -> None:
    path = data / "pathways" / "j1_intern.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(rules.RuleDataError) as refused:
        load(data)
    assert says in str(refused.value) and refused.value.file == "pathways/j1_intern.yaml"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("opens: 03-01", "opens: 02-29", "a day of the year"),
        ("opens: 03-01", "opens: March", "a day of the year"),
        ("  who: authority", "  who: nobody", "must be one of"),
        (
            "  estimate: false\n  citation: 8 CFR 214.2(h)(8)(iii); USCIS FY2027 cap",
            "  estimate: false\n  citatoin: 8 CFR 214.2(h)(8)(iii); USCIS FY2027 cap",
            "did you mean 'citation'",
        ),
    ],
)
def test_a_slip_in_a_step_of_its_own_is_refused(
    data: Path, old: str, new: str, says: str
) -> None:
    path = data / "pathways" / "h1b_cap.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(rules.RuleDataError, match=r"h1b_cap\.yaml") as refused:
        load(data)
    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("day", "begins"),
    [
        (date(2027, 2, 1), date(2027, 3, 1)),
        (date(2027, 3, 10), date(2027, 3, 10)),
        (date(2027, 3, 19), date(2028, 3, 1)),
    ],
)
def test_a_registration_begins_on_any_day_of_its_window(day: date, begins: date) -> None:
    register = step("register", 20, 25, opens=(3, 1), closes=(3, 18))
    assert schedule([register], day=day, start=None).stations[0].begins == (begins, begins)


def test_to_be_ready_in_time_a_registration_falls_in_its_last_window() -> None:
    register = step("register", 20, 25, opens=(3, 1), closes=(3, 18))
    for start, by in ((date(2027, 4, 1), date(2027, 3, 7)), (date(2027, 10, 1), date(2027, 3, 18))):
        (station,) = schedule([register], day=TODAY, start=start).stations
        assert station.begin_by is not None and station.begin_by[0] == by
