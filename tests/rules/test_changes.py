"""What a verdict offers to change really turns it, and nothing less does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import combinations, islice
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from corridor import rules
from corridor.rules.reasons import FactChange
from tests.rules.drawing import CASES, DAYS, FACTS, VALUES
from tests.rules.legal_cases import LegalCase

CLOSED = [
    (case, pathway)
    for case in CASES
    for pathway in case.expected
    if case.verdict(pathway) == "not_eligible"
]


def applied(changes: Sequence[FactChange]) -> dict[str, Any]:
    return {change.fact: change.example for change in changes}


def verdict_after(verdict: rules.Verdict, changes: Mapping[str, Any]) -> str | None:
    """The verdict on the same day with these facts changed; None where they contradict others."""
    judged = verdict.judge(verdict.day, changes)
    return judged.verdict if judged else None


def opens(verdict: rules.Verdict, changes: Mapping[str, Any]) -> bool:
    return verdict_after(verdict, changes) not in ("not_eligible", None)


@pytest.mark.parametrize(
    ("case", "pathway"), CLOSED, ids=[f"{p}: {case.sentence}" for case, p in CLOSED]
)
def test_a_case_that_is_closed_opens_by_what_is_offered(case: LegalCase, pathway: str) -> None:
    verdict = rules.assess(case.facts, day=case.day, pathways=[pathway]).of(pathway)
    assert verdict is not None
    changes = verdict.changes()
    if not changes:
        assert_nobody_can_open(verdict)
        return
    assert opens(verdict, applied(changes))
    assert_no_part_opens(verdict, changes)


def assert_no_part_opens(verdict: rules.Verdict, changes: Sequence[FactChange]) -> None:
    for size in range(len(changes)):
        for fewer in islice(combinations(changes, size), 40):
            assert not opens(verdict, applied(fewer)), [change.fact for change in fewer]


def assert_nobody_can_open(verdict: rules.Verdict) -> None:
    """Some barring requirement fails whatever is changed that anybody can change."""
    bars = [reason for reason in verdict.reasons if reason.outcome == "fails" and reason.bars]
    assert any(rules.facts()[reason.fact].fixed for reason in bars), [r.fact for r in bars]


@settings(max_examples=40, deadline=None)
@given(facts=FACTS, day=DAYS)
def test_what_is_offered_opens_a_closed_pathway_and_no_part_of_it_does(
    facts: dict[str, Any], day: date
) -> None:
    for verdict in rules.assess(facts, day=day).verdicts:
        if verdict.verdict != "not_eligible" or not (changes := verdict.changes()):
            continue
        assert opens(verdict, applied(changes)), verdict.pathway
        assert len({change.fact for change in changes}) == len(changes)
        assert not any(rules.facts()[change.fact].fixed for change in changes)
        assert_no_part_opens(verdict, changes)


@settings(max_examples=60, deadline=None)
@given(facts=FACTS, day=DAYS, data=st.data())
def test_where_one_change_is_enough_no_more_are_offered(
    facts: dict[str, Any], day: date, data: st.DataObject
) -> None:
    closed = [v for v in rules.assess(facts, day=day).verdicts if v.verdict == "not_eligible"]
    assume(closed)
    verdict = data.draw(st.sampled_from(closed))
    offered = len(verdict.changes())
    if offered == 1:
        return
    read = {fact for each in verdict.requirements for fact in each.facts}
    for fact in sorted(read):
        if rules.facts()[fact].fixed:
            continue
        for value in VALUES[fact]:
            assert not opens(verdict, {fact: value}), (verdict.pathway, offered, fact, value)


@settings(max_examples=40, deadline=None)
@given(facts=FACTS, day=DAYS)
def test_what_is_offered_for_a_conditional_pathway_meets_all_that_fails(
    facts: dict[str, Any], day: date
) -> None:
    for verdict in rules.assess(facts, day=day).verdicts:
        if verdict.verdict != "conditional" or not (changes := verdict.changes()):
            continue
        judged = verdict.judge(day, applied(changes))
        assert judged is not None
        assert judged.verdict in ("conditional", "eligible")
        assert False not in judged.outcomes, verdict.pathway
