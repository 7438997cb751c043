"""What a match says of itself is true: reasons, gaps and promised places are worked out again here
from the words told (ids and numbers) alone, with the real scoring."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor.candidates import services
from corridor.candidates.models import Candidate
from corridor.matching import climbing, explain, queries, scoring, wording
from corridor.matching.climbing import Climbs
from corridor.matching.rows import CandidateRow, ProgramRow
from corridor.matching.tables import credential_credit, program_table
from tests.matching import people
from tests.matching.drawn import (
    HUBS,
    SCALE,
    SKILLS,
    candidates,
    cosines,
    listed,
    pair_of,
    programs,
    scored,
    verdicts,
)


def without(c, p, point):
    """The profile with what the reason names taken out of it."""
    told = point.values
    asked = p.asked_skills
    match point.code:
        case "skills_held":
            named = {skill for skill in c.skills & asked if not explain.is_certificate(skill)}
            assert set(told["skills"]) <= named
            assert len(told["skills"]) + told["more"] == len(named)
            return replace(c, skills=c.skills - named)
        case "skills_named":
            named = {s for s in c.skills & p.other_skills - asked if not explain.is_certificate(s)}
            assert len(told["skills"]) + told["more"] == len(named)
            return replace(c, skills=c.skills - named)
        case "certificates":
            named = {s for s in c.skills & (asked | p.other_skills) if explain.is_certificate(s)}
            assert len(told["skills"]) + told["more"] == len(named)
            return replace(c, skills=c.skills - named)
        case "skills_sector":
            others = c.skills - asked - p.other_skills
            named = {s for s in others if p.sector in explain.skill_sectors(s)
                     and len(explain.skill_sectors(s)) <= 2}  # fmt: skip
            assert len(told["skills"]) + told["more"] == len(named)
            return replace(c, skills=c.skills - named)
        case "field" | "field_near" | "field_sector":
            return replace(c, majors=c.majors - set(told["majors"]))
        case "occupation":
            return replace(c, occupations=c.occupations - set(told["occupations"]))
        case "credentials":
            left = tuple(name for name in c.credentials if name not in told["credentials"])
            return replace(c, credentials=left)
        case "experience":
            assert told["months"] == c.experience
            return replace(c, experience=None)
        case "level" | "level_under_way" | "level_beyond":
            return replace(c, attained=None, pursuing=None)
        case "english":
            return replace(c, english=None)
        case "dates":
            return replace(c, available_from=None, available_until=None)
        case "wish_kind":
            return replace(c, kinds=c.kinds - {told["kind"]})
        case "wish_sector":
            return replace(c, sectors=c.sectors - {told["sector"]})
        case "wish_hub":
            return replace(c, hubs=c.hubs - {p.hub})
        case "text":
            return c
    raise AssertionError(point.code)


def with_it(c, p, point):
    """The profile with what the gap or the promise names in it."""
    told = point.values
    match point.code:
        case ("add_must_skill" | "add_skill" | "add_named_skill" | "add_named_certificate"
              | "climb_skill"):  # fmt: skip
            return replace(c, skills=c.skills | set(told["skills"]))
        case "add_must_credential" | "add_credential" | "list_credential" | "climb_credential":
            return replace(c, credentials=(*c.credentials, *told["credentials"]))
        case "raise_english" | "state_english" | "climb_english":
            return replace(c, english=told["need"])
        case "raise_experience" | "state_experience" | "climb_experience":
            return replace(c, experience=told["need_months"])
        case "raise_degree" | "state_degree" | "climb_degree":
            return replace(c, attained=told["degree"])
        case "state_major":
            return replace(c, majors=frozenset(told["majors"]))
        case "state_dates":
            until = p.ends or c.available_until
            return replace(c, available_from=told["day"], available_until=until)
        case "earlier":
            return replace(c, available_from=told["day"])
        case "longer":
            return replace(c, available_until=told["day"])
    raise AssertionError(point.code)


def shown(c, p, cosine, verdict):
    return scoring.shown(sum(scored(c, p, cosine, 0.2, verdict).values()))


@given(candidates, programs, cosines, verdicts)
@settings(max_examples=150, deadline=None)
def test_without_what_a_reason_names_the_score_falls_by_what_is_said(c, p, cosine, verdict):
    pair, posted = pair_of(c, p, cosine, 0.2, verdict), program_table([p], HUBS)
    (told,) = explain.told([pair], SCALE, posted)
    assert len(told.reasons) <= explain.MOST
    before = shown(c, p, cosine, verdict)
    for point in told.reasons:
        left = float("nan") if point.code == "text" else cosine
        fall = before - shown(without(c, p, point), p, left, verdict)
        assert fall > 0, point
        assert fall == pytest.approx(point.points, abs=1e-4), point
        assert abs(100 * fall - point.percent) <= 0.51


@given(candidates, programs, cosines, verdicts)
@settings(max_examples=150, deadline=None)
def test_with_what_a_gap_names_the_score_rises_by_what_is_said(c, p, cosine, verdict):
    pair, posted = pair_of(c, p, cosine, 0.2, verdict), program_table([p], HUBS)
    (told,) = explain.told([pair], SCALE, posted)
    assert len(told.gaps) <= explain.MOST
    before = shown(c, p, cosine, verdict)
    for point in told.gaps:
        rise = shown(with_it(c, p, point), p, cosine, verdict) - before
        assert rise > 0, point
        assert rise == pytest.approx(point.points, abs=1e-4), point
        assert abs(100 * rise - point.percent) <= 0.51


@given(candidates, programs, st.integers(0, 5))
@settings(max_examples=80, deadline=None)
def test_a_reason_names_only_what_the_person_has_and_a_gap_only_what_is_lacking(c, p, asked):
    pair = pair_of(c, p, open_questions=asked)
    for change in explain.reasons(pair, SCALE):
        told = change.values
        assert set(told.get("skills", ())) <= c.skills
        assert set(told.get("majors", ())) <= c.majors
        assert set(told.get("occupations", ())) <= c.occupations
        assert set(told.get("credentials", ())) <= set(c.credentials)
        if change.code == "field":
            assert set(told["majors"]) <= p.majors
        if change.code == "field_sector":
            assert all(p.sector in explain.major_sectors(major) for major in told["majors"])
    for change in explain.gaps(pair):
        told = change.values
        assert not set(told.get("skills", ())) & c.skills
        for name in told.get("credentials", ()):
            assert all(credential_credit(held, name) == 0 for held in c.credentials)


lists = st.lists(st.tuples(programs, cosines, verdicts), min_size=2, max_size=7)


@given(candidates, lists)
@settings(max_examples=150, deadline=None)
def test_the_promised_place_comes_true_when_the_change_is_made(c, posts):
    rows = [replace(row, id=at + 1) for at, (row, _cosine, _verdict) in enumerate(posts)]
    rest = [cosine for _row, cosine, _verdict in posts], [verdict for *_, verdict in posts]
    now = listed(c, rows, *rest)
    order = now.programs_ranked(0)
    climbs = Climbs(now, order)
    for at in order:
        point = climbs.of(at)
        if point is None:
            continue
        assert point.values["to"] < point.values["from"] == order.index(at) + 1
        after = listed(with_it(c, rows[at], point), rows, *rest)
        assert after.programs_ranked(0).index(at) + 1 == point.values["to"], point
        gain = scoring.shown(after.score(0, at)) - scoring.shown(now.score(0, at))
        assert gain == pytest.approx(point.points, abs=1e-4)


@given(candidates, lists)
@settings(max_examples=60, deadline=None)
def test_no_other_step_that_a_program_names_lifts_it_higher(c, posts):
    rows = [replace(row, id=at + 1) for at, (row, _cosine, _verdict) in enumerate(posts)]
    rest = [cosine for _row, cosine, _verdict in posts], [verdict for *_, verdict in posts]
    now = listed(c, rows, *rest)
    order = now.programs_ranked(0)
    climbs = Climbs(now, order)
    for at in order:
        point = climbs.of(at)
        promised = point.values["to"] if point else order.index(at) + 1
        for step in climbs._steps(at):
            after = listed(step.row, rows, *rest).programs_ranked(0)
            assert at not in after or after.index(at) + 1 >= promised


def test_of_two_scores_to_the_same_place_the_lower_is_promised():
    c = CandidateRow(id=1, walk="technician", english=500.0)
    rows = [
        ProgramRow(id=1, kind="training", english=500.0),
        ProgramRow(id=2, kind="training", english=900.0),
    ]
    now = listed(c, rows, [0.40, 0.49], [0, 0])
    assert now.programs_ranked(0) == [0, 1]
    point = Climbs(now, [0, 1]).of(1)
    assert point is not None and point.code == "climb_english"
    assert point.values["from"] == 2 and point.values["to"] == 1
    need = point.values["need"]
    assert need < 900 and need % 50 == 0
    lower = listed(replace(c, english=need - 50), rows, [0.40, 0.49], [0, 0])
    assert lower.programs_ranked(0) == [0, 1]


def test_in_a_long_list_steps_are_sought_for_the_first_few_only():
    skills = frozenset(SKILLS)
    rows = [
        ProgramRow(id=n, kind="internship", wish_skills=skills - {SKILLS[n % 60]}, english=700.0)
        for n in range(1, 60)
    ]
    cosines_ = list(np.linspace(0.5, 0.3, 59))
    now = listed(CandidateRow(id=1, walk="student"), rows, cosines_, [0] * 59)
    order = now.programs_ranked(0)
    climbs = Climbs(now, order)
    assert {at for at in order if climbs.of(at)} & set(order[: climbing.FEW])
    assert all(climbs.of(at) is None for at in order[climbing.FEW :])


@pytest.mark.django_db
def test_a_person_who_then_has_the_score_finds_the_program_at_the_promised_place():
    me = people.candidate(skills_text="PLC, 전극 코팅", toeic=500)
    for number, least in enumerate((450, 650, 700, 800, 900)):
        people.program(f"Electrode coating {number}", skills={"plc-programming": number > 1},
                       min_toeic=least)  # fmt: skip
    people.embed_everything()

    def listed_now():
        return queries.programs_for(Candidate.objects.get(pk=me.pk), day=people.DAY)

    promised = {
        view.program.pk: view.climb.values for view in listed_now()
        if view.climb and view.climb.code == "climb_english"
    }  # fmt: skip
    assert promised
    for program, told in promised.items():
        services.replace_list(
            me, by=me.user, name="languages",
            rows=[{"test": "toeic", "score": told["need"], "taken_on": people.DAY}],
        )  # fmt: skip
        places = [view.program.pk for view in listed_now()]
        assert places.index(program) + 1 == told["to"] < told["from"]


def test_a_promise_is_told_in_both_languages():
    told = {
        "climb_english": {"need": 750.0}, "climb_experience": {"need_months": 24.0},
        "climb_degree": {"degree": 2}, "climb_skill": {"skills": ["plc-programming"]},
        "climb_credential": {"credentials": ["전기기사"]},
    }  # fmt: skip
    for code, values in told.items():
        with translation.override("en"):
            english = wording.say(code, {**values, "from": 12, "to": 3})
        with translation.override("ko"):
            korean = wording.say(code, {**values, "from": 12, "to": 3})
        assert "from 12th to 3rd" in english and "%" not in english
        assert "12위에서 3위로" in korean and "%" not in korean
    with translation.override("en"):
        assert [wording.place(n) for n in (1, 2, 11, 13, 21, 102)] == [
            "1st", "2nd", "11th", "13th", "21st", "102nd",
        ]  # fmt: skip
