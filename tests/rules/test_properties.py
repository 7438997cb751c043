"""What must hold for any facts whatever."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from corridor import rules
from corridor.rules import _engine
from corridor.rules.checks import leaves
from corridor.rules.facts import FactSpec

DAYS = st.sampled_from(
    [date(2025, 9, 20), date(2026, 6, 8), date(2026, 8, 12), date(2026, 11, 23), date(2027, 10, 1)]
)


def values(spec: FactSpec) -> list[Any]:
    """Values on both sides of every line that a rule draws."""
    match spec.type:
        case "yes_no":
            return [True, False]
        case "choice":
            return [*spec.choices, "something else"]
        case "country":
            return ["KR", "US", "CA", "CL", "AU"]
        case "number" if spec.unit == "year":
            return [1995, 2003, 2010]
        case "number":
            drawn = {v for each in _lines(spec.name) for v in (each - 1, each, each + 1)}
            return sorted(v for v in drawn | {0} if spec.minimum <= v <= spec.maximum)
        case "date":
            return [date(2026, 12, 1), date(2027, 9, 30), date(2027, 10, 1)]
    return ["text"]


def _lines(fact: str) -> set[float]:
    return {
        leaf.value
        for pathway in rules.pathways()
        for requirement in pathway.requirements
        for leaf in leaves(requirement.check)
        if leaf.fact == fact and isinstance(leaf.value, (int, float))
    }


READ = [rules.facts()[name] for name in rules.signature()]
VALUES = {spec.name: values(spec) for spec in READ}
PATHWAYS = [pathway.id for pathway in rules.pathways()]
FACTS = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from(choices) for name, choices in VALUES.items()}
)


@settings(max_examples=200, deadline=None)
@given(facts=FACTS, day=DAYS, fact=st.sampled_from(sorted(VALUES)))
def test_an_unknown_fact_is_never_firmer_than_every_way_of_filling_it_in(
    facts: dict[str, Any], day: date, fact: str
) -> None:
    facts = {name: value for name, value in facts.items() if name != fact}
    filled = [
        {v.pathway: v.verdict for v in rules.assess(facts | {fact: value}, day=day).verdicts}
        for value in VALUES[fact]
    ]
    for verdict in rules.assess(facts, day=day).verdicts:
        if verdict.verdict != "conditional":
            assert verdict.verdict in {each[verdict.pathway] for each in filled}, verdict.pathway


@settings(max_examples=150, deadline=None)
@given(facts=FACTS, day=DAYS, fact=st.sampled_from(sorted(VALUES)), data=st.data())
def test_learning_a_fact_changes_a_firm_verdict_only_where_the_exit_rule_reads_it(
    facts: dict[str, Any], day: date, fact: str, data: st.DataObject
) -> None:
    facts = {name: value for name, value in facts.items() if name != fact}
    more = facts | {fact: data.draw(st.sampled_from(VALUES[fact]))}
    exit_facts = _engine().exit_facts
    before, after = (
        {v.pathway: v for v in rules.assess(known, day=day).verdicts} for known in (facts, more)
    )
    for pathway, verdict in before.items():
        if verdict.verdict == "conditional" or fact in exit_facts:
            continue
        told = any(fact in r.facts for r in verdict.requirements if "duration_" in r.id)
        if fact.startswith("program.duration") or told:
            continue  # one duration gives the other; sector limits apply only to who says so
        assert after[pathway].verdict == verdict.verdict, pathway


@settings(max_examples=100, deadline=None)
@given(facts=FACTS, day=DAYS)
def test_remembered_verdicts_equal_fresh_ones(facts: dict[str, Any], day: date) -> None:
    engine = _engine()
    plan = engine.plan(day, engine.chosen(None, None))
    known = engine.completed(facts, day)
    assert plan.results(known) == plan.evaluate(known) == plan.results(known)


@settings(max_examples=100, deadline=None)
@given(facts=FACTS, day=DAYS)
def test_pairs_with_the_same_signature_have_the_same_verdicts(
    facts: dict[str, Any], day: date
) -> None:
    signed = {
        name: value
        for name, value in rules.completed(facts, day=day).items()
        if name in rules.signature()
    }
    whole, part = (
        {v.pathway: v.verdict for v in rules.assess(known, day=day).verdicts}
        for known in (facts, signed)
    )
    assert whole == part
