"""What must hold for any facts whatever."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from corridor import rules
from corridor.rules import _engine
from corridor.rules import engine as engine_module
from corridor.rules.checks import AllOf, AnyOf, Check, Leaf, Not, Outcome, Told, facts_read
from corridor.rules.engine import Plan, Result
from corridor.rules.model import Requirement
from tests.rules.drawing import DAYS, FACT, FACTS, PATHWAYS, VALUES

CLOSED = {"not_eligible", "not_available"}


def plan(day: date) -> Plan:
    engine = _engine()
    return engine.plan(day, engine.chosen(None, None))


def told(check: Check) -> set[str]:
    """The facts whose absence counts as "no" in `check`: exceptions for who says so."""
    match check:
        case Told(part):
            return set(facts_read([part]))
        case Not(part):
            return told(part)
        case AllOf(parts) | AnyOf(parts):
            return set().union(*map(told, parts))
    return set()


def told_in(requirements: Sequence[Requirement]) -> set[str]:
    return set().union(*(told(each.check) for each in requirements))


# An unknown fact.


@settings(max_examples=150, deadline=None)
@given(facts=FACTS, day=DAYS, fact=FACT)
def test_an_unknown_fact_is_never_firmer_than_any_way_of_filling_it_in(
    facts: dict[str, Any], day: date, fact: str
) -> None:
    """Eligible without it is eligible with it, closed without it is closed with it – except for
    exceptions that apply only to who tells of them (hotel and farm training, dispatched work)."""
    facts = {name: value for name, value in facts.items() if name != fact}
    known = rules.completed(facts, day=day)
    assume(fact not in known)  # then it is not unknown: it follows from others
    law = plan(day)
    before = law.evaluate(known)
    for value in VALUES[fact]:
        if not_both_starts(facts, fact, value):
            continue
        filled = rules.completed(facts | {fact: value}, day=day)
        changed = {name for name in filled if filled[name] != known.get(name)}
        for part, (verdict, _), (then, _) in zip(
            law.parts, before, law.evaluate(filled), strict=True
        ):
            pathway, requirements = part[0].id, part[1]
            if verdict in CLOSED:
                assert then in CLOSED, (pathway, value)
            elif verdict == "eligible" and not changed & told_in(requirements):
                assert then == "eligible", (pathway, value)


def not_both_starts(facts: Mapping[str, Any], fact: str, value: Any) -> bool:
    starts = {"program.start_date", "derived.target_start"}
    return fact in starts and any(facts.get(name, value) != value for name in starts)


@settings(max_examples=150, deadline=None)
@given(facts=FACTS, day=DAYS, fact=st.sampled_from(sorted(_engine().exit_facts)))
def test_who_needs_no_travel_permit_needs_none_whatever_else_is_learned(
    facts: dict[str, Any], day: date, fact: str
) -> None:
    """Except who tells that he is serving: that needs the permit at any age, and who says nothing
    of his service is not taken for a conscript."""
    engine = _engine()
    known = rules.completed(facts, day=day)
    assume(fact not in known)
    assume(known.get("candidate.military_status") != "serving")
    if engine._exit(known, day) is None:
        for value in VALUES[fact]:
            if value != "serving":
                assert engine._exit(known | {fact: value}, day) is None, value


# A fact more.


@settings(max_examples=200, deadline=None)
@given(facts=FACTS, day=DAYS, fact=FACT, data=st.data())
def test_a_fact_more_changes_only_what_reads_it(
    facts: dict[str, Any], day: date, fact: str, data: st.DataObject
) -> None:
    """So nothing eligible turns conditional without a requirement (or the exit rule) that reads
    the fact, or one that follows from it."""
    facts = {name: value for name, value in facts.items() if name != fact}
    value = data.draw(st.sampled_from(VALUES[fact]))
    assume(not not_both_starts(facts, fact, value))
    before, after = (rules.assess(known, day=day) for known in (facts, facts | {fact: value}))
    learned = {
        name
        for name in before.facts.keys() | after.facts.keys()
        if before.facts.get(name) != after.facts.get(name)
    }
    exit_reads = bool(learned & _engine().exit_facts)
    for verdict in after.verdicts:
        was = before.of(verdict.pathway)
        assert was is not None
        for requirement, then, now in zip(
            verdict.requirements, was.outcomes, verdict.outcomes, strict=True
        ):
            assert then is now or learned & set(requirement.facts), requirement.id
        if exit_reads:
            continue
        if was.outcomes == verdict.outcomes:
            assert was.verdict == verdict.verdict, verdict.pathway
        if not learned & {name for each in verdict.requirements for name in each.facts}:
            assert set(was.missing) == set(verdict.missing), verdict.pathway


# The remembering evaluator and a plain one.


def plainly(check: Check, facts: Mapping[str, Any]) -> Outcome:
    """The same logic once more, written the other way round: over sets of outcomes."""
    match check:
        case Leaf(fact, op, value):
            got = facts.get(fact)
            if got is None:
                return None
            among = value if isinstance(value, tuple) else (value,)
            return {
                "is": got == value,
                "is_not": got != value,
                "one_of": got in among,
                "none_of": got not in among,
                "at_least": op == "at_least" and got >= value,
                "at_most": op == "at_most" and got <= value,
                "more_than": op == "more_than" and got > value,
                "less_than": op == "less_than" and got < value,
            }[op]
        case Not(part):
            return {True: False, False: True, None: None}[plainly(part, facts)]
        case Told(part):
            return bool(plainly(part, facts))
        case AllOf(parts):
            found = {plainly(part, facts) for part in parts}
            return False if False in found else None if None in found else True
        case AnyOf(parts):
            found = {plainly(part, facts) for part in parts}
            return True if True in found else None if None in found else False


def judged_plainly(day: date, facts: Mapping[str, Any]) -> tuple[Result, ...]:
    made: list[Result] = []
    for pathway in rules.pathways():
        requirements = [each for each in pathway.requirements if day in each.span]
        outcomes = tuple(plainly(each.check, facts) for each in requirements)
        if any(o is False and r.bars for r, o in zip(requirements, outcomes, strict=True)):
            verdict = "not_eligible"
        elif pathway.status_on(day) != "in_force":
            verdict = "not_available"
        else:
            verdict = "eligible" if set(outcomes) <= {True} else "conditional"
        made.append((verdict, outcomes))
    return tuple(made)


@settings(max_examples=150, deadline=None)
@given(facts=FACTS, day=DAYS)
def test_remembered_verdicts_equal_plain_ones(facts: dict[str, Any], day: date) -> None:
    law, known = plan(day), rules.completed(facts, day=day)
    first = law.results(known)
    assert first == law.results(dict(reversed(known.items()))) == law.evaluate(known)
    assert first == judged_plainly(day, known)


@settings(max_examples=25, deadline=None)
@given(drawn=st.lists(FACTS, min_size=2, max_size=12))
def test_verdicts_are_the_same_when_the_memory_is_full(drawn: list[dict[str, Any]]) -> None:
    day = date(2026, 11, 23)
    small = Plan([rules.pathway(name) for name in PATHWAYS], day, rules.facts())
    size, engine_module.MEMORY = engine_module.MEMORY, 3
    try:
        for facts in [*drawn, *drawn]:
            known = rules.completed(facts, day=day)
            assert small.results(known) == small.evaluate(known)
            assert len(small.memory) <= 3
    finally:
        engine_module.MEMORY = size


@settings(max_examples=100, deadline=None)
@given(facts=FACTS, day=DAYS)
def test_pairs_with_the_same_signature_have_the_same_verdicts(
    facts: dict[str, Any], day: date
) -> None:
    signed = {
        name: value
        for name, value in rules.completed(facts, day=day).items()
        if name in rules.signature(day=day)
    }
    whole, part = (
        {v.pathway: v.verdict for v in rules.assess(known, day=day).verdicts}
        for known in (facts, signed)
    )
    assert whole == part


# What is said of it.


@settings(max_examples=40, deadline=None)
@given(facts=FACTS, day=DAYS, data=st.data())
def test_the_same_facts_in_another_order_are_told_in_the_same_words(
    facts: dict[str, Any], day: date, data: st.DataObject
) -> None:
    shuffled = dict(data.draw(st.permutations(list(facts.items()))))
    told, again = (
        json.dumps(rules.assess(known, day=day).as_dict("ko"), ensure_ascii=False)
        for known in (facts, shuffled)
    )
    assert told == again


@settings(max_examples=60, deadline=None)
@given(facts=FACTS, day=DAYS)
def test_verdicts_stand_best_first_and_overlays_last(facts: dict[str, Any], day: date) -> None:
    verdicts = rules.assess(facts, day=day).verdicts
    order = ["works", "works_if", "unknown", "no"]
    routes = [v for v in verdicts if v.record.role != "process"]
    assert verdicts[: len(routes)] == routes
    ranks = [order.index(v.display) for v in routes]
    assert ranks == sorted(ranks)


@settings(max_examples=80, deadline=None)
@given(facts=FACTS, day=DAYS, pathway=st.sampled_from(PATHWAYS))
def test_a_pathway_alone_has_the_verdict_it_has_among_all(
    facts: dict[str, Any], day: date, pathway: str
) -> None:
    alone = rules.assess(facts, day=day, pathways=[pathway]).of(pathway)
    among = rules.assess(facts, day=day).of(pathway)
    assert alone is not None and among is not None
    assert (alone.verdict, alone.outcomes) == (among.verdict, among.outcomes)
    assert set(alone.missing) == set(among.missing)


@settings(max_examples=100, deadline=None)
@given(facts=FACTS, day=DAYS)
def test_a_verdict_s_reasons_bear_it_out(facts: dict[str, Any], day: date) -> None:
    for verdict in rules.assess(facts, day=day).verdicts:
        outcomes = {reason.outcome for reason in verdict.deciding}
        match verdict.verdict:
            case "eligible":
                assert outcomes <= {"ok"}
            case "not_eligible":
                assert outcomes == {"fails"} and all(r.bars for r in verdict.deciding)
            case "conditional":
                assert outcomes or verdict.exit_rule
        assert all(verdict.facts.get(name) is None for name in verdict.missing)
        if verdict.verdict == "eligible":
            assert verdict.missing == []
