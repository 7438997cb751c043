"""A route of the class that the host says is sponsored comes before others that look the same."""

from __future__ import annotations

import pytest

from corridor import rules
from corridor.matching import sponsored
from corridor.programs.models import Program
from tests.matching.people import DAY

RESEARCH = {"program.host_type": "university", "program.us_university_sponsor": False}


def judged(**facts):
    return rules.assess({**RESEARCH, **facts}, day=DAY, kind="joint_research")


def names(assessment):
    return [each.pathway for each in assessment.verdicts]


@pytest.mark.parametrize("sponsor", ["designated", "university"])
def test_a_scholar_s_stay_that_a_j1_sponsor_supports_is_shown_as_j1_first(sponsor):
    plain = judged()
    assert plain.best.record.family != "J-1", "else this shows nothing"
    shown = sponsored.first(plain, Program(sponsor=sponsor))
    assert shown.best.record.family == "J-1"
    assert shown.best.display == plain.best.display
    assert sorted(names(shown)) == sorted(names(plain))


KNOWN = {"candidate.nationality": "KR", "candidate.degree": "doctorate"}


@pytest.mark.parametrize("facts", [{}, KNOWN])
def test_no_route_is_put_above_one_that_looks_better(facts):
    plain = judged(**facts)
    shown = sponsored.first(plain, Program(sponsor="designated"))
    assert [each.display for each in shown.verdicts] == [each.display for each in plain.verdicts]
    for family in {each.record.family for each in plain.verdicts}:  # among themselves as before
        for display in ("works", "works_if", "unknown", "no"):
            before, after = (
                [each.pathway for each in of.verdicts if each.record.role == "route"
                 and (each.record.family, each.display) == (family, display)]
                for of in (plain, shown)
            )  # fmt: skip
            assert before == after


def test_a_program_into_which_one_must_first_be_taken_is_not_put_first():
    plain = rules.assess({}, day=DAY, kind="internship")
    shown = sponsored.first(plain, Program(sponsor="designated"))
    unknown = [each for each in shown.verdicts if each.display == "unknown"]
    later = [each.record.role == "by_selection" for each in unknown]
    assert later == sorted(later) and any(later), "WEST needs a selection that nobody has made"


@pytest.mark.parametrize("sponsor", ["", "host", "employer", "none"])
def test_a_sponsor_that_names_no_class_orders_nothing(sponsor):
    plain = judged()
    assert sponsored.first(plain, Program(sponsor=sponsor)) is plain
