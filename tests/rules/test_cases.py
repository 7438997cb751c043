"""Every legal case comes out as the law has it."""

from __future__ import annotations

import pytest

from corridor import rules
from tests.rules.legal_cases import LegalCase, read_all

CASES = read_all()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.sentence)
def test_the_verdict_is_the_one_the_law_gives(case: LegalCase) -> None:
    assessment = rules.assess(case.facts, day=case.day)
    got = {pathway: assessment.of(pathway).verdict for pathway in case.expected}
    assert got == case.expected


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.exit], ids=lambda case: case.sentence
)
def test_the_exit_rule_is_reported_with_each_pathway(case: LegalCase) -> None:
    for verdict in rules.assess(case.facts, day=case.day).verdicts:
        assert (verdict.exit_rule.outcome if verdict.exit_rule else "none") == case.exit


def test_every_case_is_a_different_sentence_and_cites_its_law() -> None:
    assert len({case.sentence for case in CASES}) == len(CASES)
    assert [case.sentence for case in CASES if not case.citation] == []


def test_every_dated_requirement_has_a_case_on_each_side() -> None:
    """A start of a dated requirement is tried on the day before and on the day."""
    days = {(pathway, case.day) for case in CASES for pathway in case.expected}
    for pathway in rules.pathways():
        for requirement in pathway.requirements:
            start = requirement.span.start
            versions = [r for r in pathway.requirements if r.id == requirement.id]
            if start is None or requirement is not min(
                versions, key=lambda r: r.span.start or start
            ):
                continue
            before = start.fromordinal(start.toordinal() - 1)
            assert (pathway.id, start) in days, requirement.id
            assert (pathway.id, before) in days, requirement.id
