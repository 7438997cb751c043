"""The next question is one that this reader can answer, and that settles something."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from corridor import rules
from corridor.rules import asking

DAY = date(2026, 11, 27)
KOREAN = {"candidate.nationality": "KR"}
# What three people answer; what they do not list they do not know.
PEOPLE: dict[str, dict[str, Any]] = {
    "student": {
        "candidate.us_status": "none", "candidate.intern_track": "enrolled_fulltime_outside_us",
        "program.duration_months": 6, "candidate.trainee_track": "none",
        "candidate.degree": "none", "candidate.role": "other",
    },
    "technician": {
        "candidate.us_status": "none", "candidate.role": "technician",
        "program.activity": "install_service_repair_foreign_equipment",
        "program.paid_from_us_source": False, "program.duration_months": 2,
        "candidate.specialized_knowledge_for_contract": True,
    },
    "postdoc": {
        "candidate.us_status": "none", "candidate.profile": "research_scholar",
        "program.activity": "other", "candidate.degree": "higher", "program.duration_months": 24,
        "program.host_type": "university", "program.paid_from_us_source": True,
    },
}  # fmt: skip


def walk(kind: str, person: str, questions: int = 4) -> list[str]:
    facts, asked = dict(KOREAN), []
    for _number in range(questions):
        assessment = rules.assess(facts, day=DAY, kind=kind)
        ranked = asking.ranked(assessment, asking.CANDIDATE, asked=asked)
        if not ranked:
            break
        asked.append(ranked[0])
        if ranked[0] in PEOPLE[person]:
            facts[ranked[0]] = PEOPLE[person][ranked[0]]
    return asked


def test_every_fact_named_for_asking_is_one_the_rules_know():
    named = {*asking.PLANS, *asking.FORMALITIES, *asking.RARITIES, *asking.JUDGMENTS,
             *asking.LATE_IN_F1, *asking.FOLLOWING}.union(*asking.ALIKE)  # fmt: skip
    assert named <= set(rules.facts())


@pytest.mark.parametrize("kind", rules.KINDS)
@pytest.mark.parametrize("person", PEOPLE)
def test_a_person_is_never_asked_what_only_an_authority_or_a_lawyer_knows(kind, person):
    registry = rules.facts()
    for fact in walk(kind, person, 9):
        assert registry[fact].who in ("candidate", "school") or fact in asking.PLANS, fact
        assert registry[fact].type in asking.PLAIN_TYPES


@pytest.mark.parametrize("kind", rules.KINDS)
@pytest.mark.parametrize("person", PEOPLE)
def test_the_first_questions_are_none_that_nearly_everybody_answers_alike(kind, person):
    assert not {*asking.FORMALITIES, *asking.RARITIES} & set(walk(kind, person, 3))


def test_a_student_is_asked_about_school_a_technician_about_the_work_a_postdoc_about_the_degree():
    assert {"candidate.intern_track", "candidate.us_status"} <= set(walk("internship", "student"))
    dispatched = walk("dispatch", "technician")
    assert dispatched[0] == "program.activity" and "candidate.role" in dispatched
    assert {"candidate.degree", "program.duration_months"} <= set(
        walk("joint_research", "postdoc")
    )


def test_what_an_earlier_answer_as_good_as_says_is_asked_later():
    facts = {**KOREAN, "candidate.intern_track": "enrolled_fulltime_outside_us"}
    ranked = asking.ranked(
        rules.assess(facts, day=DAY, kind="internship"), asking.CANDIDATE
    )
    assert ranked.index("candidate.us_status") < ranked.index(
        "candidate.enrolled_degree_outside_us"
    )


def test_a_host_is_asked_only_what_a_host_knows():
    assessment = rules.assess({}, day=DAY, kind="dispatch")
    ranked = asking.ranked(assessment, asking.HOST)
    registry = rules.facts()
    assert ranked and {registry[fact].who for fact in ranked} == {"host"}
    assert "program.equipment_seller_location" in ranked


def test_what_was_asked_or_is_to_be_skipped_does_not_come_again():
    assessment = rules.assess(KOREAN, day=DAY, kind="internship")
    first, second, *_rest = asking.ranked(assessment, asking.CANDIDATE)
    left = asking.ranked(assessment, asking.CANDIDATE, asked=[first], skip=[second])
    assert first not in left and second not in left


def test_the_reason_for_a_question_is_an_open_route_that_hangs_on_it():
    assessment = rules.assess(KOREAN, day=DAY, kind="internship")
    askers = asking.askers(assessment)
    for fact in asking.ranked(assessment, asking.CANDIDATE):
        by = askers[fact]
        assert by.verdict.display == "unknown" or by.verdict.display == "works_if"
        assert fact in by.requirement.facts
        assert asking.hanging_on(assessment, fact) >= 1


def test_nothing_is_asked_where_no_route_is_open():
    closed = rules.assess(
        {"candidate.us_status": "none"}, day=DAY, pathways=["f1_opt", "f1_stem_opt"]
    )
    assert asking.ranked(closed, asking.CANDIDATE) == []
    assert asking.ranked(rules.Assessment(DAY, "-", [], {}), asking.HOST) == []
