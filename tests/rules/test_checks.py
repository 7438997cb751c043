"""The three-valued logic keeps Kleene's laws, for any checks and any facts."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from corridor.rules.checks import (
    AllOf,
    AnyOf,
    Check,
    Leaf,
    Not,
    Outcome,
    Told,
    compiled,
    deciding_leaf,
    facts_read,
    implies,
    leaves,
    undecided_by,
)

NAMES = ("p", "q", "r", "n")
VALUES: dict[str, list[Any]] = {
    "p": [True, False],
    "q": [True, False],
    "r": ["red", "green"],
    "n": [11, 12, 13],
}
LEAF = st.sampled_from(
    [
        Leaf("p", "is", True),
        Leaf("q", "is", True),
        Leaf("q", "is_not", True),
        Leaf("r", "one_of", ("red", "blue")),
        Leaf("r", "none_of", ("red",)),
        Leaf("n", "at_most", 12),
        Leaf("n", "at_least", 12),
        Leaf("n", "more_than", 12),
        Leaf("n", "less_than", 12),
    ]
)


def grown(parts: st.SearchStrategy[Check]) -> st.SearchStrategy[Check]:
    several = st.lists(parts, min_size=1, max_size=3).map(tuple)
    return several.map(AllOf) | several.map(AnyOf) | parts.map(Not)


CHECK: st.SearchStrategy[Check] = st.recursive(LEAF, grown, max_leaves=8)
WITH_TOLD: st.SearchStrategy[Check] = st.recursive(
    LEAF, lambda parts: grown(parts) | parts.map(Told), max_leaves=8
)
FACTS = st.fixed_dictionaries(
    {name: st.sampled_from([*values, None]) for name, values in VALUES.items()}
)


def outcome(check: Check, facts: Mapping[str, Any]) -> Outcome:
    return compiled(check)(facts)


@given(check=WITH_TOLD, facts=FACTS)
def test_not_not_is_as_it_was(check: Check, facts: dict[str, Any]) -> None:
    assert outcome(Not(Not(check)), facts) is outcome(check, facts)


@given(a=WITH_TOLD, b=WITH_TOLD, facts=FACTS)
def test_de_morgan(a: Check, b: Check, facts: dict[str, Any]) -> None:
    assert outcome(Not(AllOf((a, b))), facts) is outcome(AnyOf((Not(a), Not(b))), facts)
    assert outcome(Not(AnyOf((a, b))), facts) is outcome(AllOf((Not(a), Not(b))), facts)


@given(a=WITH_TOLD, b=WITH_TOLD, c=WITH_TOLD, facts=FACTS)
def test_order_and_grouping_do_not_matter(
    a: Check, b: Check, c: Check, facts: dict[str, Any]
) -> None:
    for group in (AllOf, AnyOf):
        assert outcome(group((a, b)), facts) is outcome(group((b, a)), facts)
        assert outcome(group((a, b, c)), facts) is outcome(group((a, group((b, c)))), facts)
        assert outcome(group((a, a)), facts) is outcome(a, facts)


@given(a=WITH_TOLD, b=WITH_TOLD, c=WITH_TOLD, facts=FACTS)
def test_absorption_and_distribution(a: Check, b: Check, c: Check, facts: dict[str, Any]) -> None:
    assert outcome(AllOf((a, AnyOf((a, b)))), facts) is outcome(a, facts)
    assert outcome(AnyOf((a, AllOf((a, b)))), facts) is outcome(a, facts)
    spread = AnyOf((AllOf((a, b)), AllOf((a, c))))
    assert outcome(AllOf((a, AnyOf((b, c)))), facts) is outcome(spread, facts)


def test_the_truth_table_of_all_any_and_not() -> None:
    said: dict[Outcome, Check] = {
        True: AllOf(()),
        False: AnyOf(()),
        None: Leaf("nobody told", "is", True),
    }
    for (a, first), (b, second) in product(said.items(), said.items()):
        both, either = outcome(AllOf((first, second)), {}), outcome(AnyOf((first, second)), {})
        assert both is (False if False in (a, b) else None if None in (a, b) else True)
        assert either is (True if True in (a, b) else None if None in (a, b) else False)
    assert [outcome(Not(said[value]), {}) for value in (True, False, None)] == [False, True, None]


@given(check=CHECK, facts=FACTS, name=st.sampled_from(NAMES))
def test_to_learn_a_fact_never_takes_back_what_was_decided(
    check: Check, facts: dict[str, Any], name: str
) -> None:
    before = outcome(check, facts | {name: None})
    if before is not None:
        for value in VALUES[name]:
            assert outcome(check, facts | {name: value}) is before


@given(check=CHECK, facts=FACTS)
def test_with_every_fact_known_every_check_is_decided(check: Check, facts: dict[str, Any]) -> None:
    known = {name: VALUES[name][0] if value is None else value for name, value in facts.items()}
    assert outcome(check, known) is not None


@given(check=WITH_TOLD, facts=FACTS)
def test_told_counts_unknown_as_no_and_is_always_decided(
    check: Check, facts: dict[str, Any]
) -> None:
    assert outcome(Told(check), facts) is (outcome(check, facts) is True)


@given(when=WITH_TOLD, then=WITH_TOLD, facts=FACTS)
def test_a_condition_that_does_not_hold_asks_nothing(
    when: Check, then: Check, facts: dict[str, Any]
) -> None:
    held = outcome(when, facts)
    if held is False:
        assert outcome(implies(when, then), facts) is True
    if held is True:
        assert outcome(implies(when, then), facts) is outcome(then, facts)


@settings(max_examples=200)
@given(check=CHECK, facts=FACTS, data=st.data())
def test_the_undecided_facts_are_unknown_and_their_answers_decide(
    check: Check, facts: dict[str, Any], data: st.DataObject
) -> None:
    undecided = undecided_by(check, facts)
    assert (undecided == []) is (outcome(check, facts) is not None)
    assert all(facts[name] is None for name in undecided)
    answers = {name: data.draw(st.sampled_from(VALUES[name])) for name in undecided}
    assert outcome(check, facts | answers) is not None


@given(check=WITH_TOLD, facts=FACTS)
def test_an_absent_fact_is_an_unknown_one(check: Check, facts: dict[str, Any]) -> None:
    told = {name: value for name, value in facts.items() if value is not None}
    assert outcome(check, facts) is outcome(check, told)


@given(check=WITH_TOLD, facts=FACTS)
def test_a_check_reads_only_its_own_facts(check: Check, facts: dict[str, Any]) -> None:
    read = {name: facts[name] for name in facts_read([check])}
    assert outcome(check, read) is outcome(check, facts)


@given(check=CHECK, facts=FACTS)
def test_the_leaf_that_stands_for_an_outcome_has_a_hand_in_it(
    check: Check, facts: dict[str, Any]
) -> None:
    """It is one of the check's own, and unknown only where the whole is."""
    leaf = deciding_leaf(check, facts)
    assert leaf in list(leaves(check))
    assert (outcome(leaf, facts) is None) is (outcome(check, facts) is None)
