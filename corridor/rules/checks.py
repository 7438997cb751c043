"""Three-valued checks on facts: True, False, or None for "not known".

A check is a leaf (`fact`, operator, value) or `all` / `any` / `not` over checks. Kleene logic:
an unknown part leaves the whole unknown unless the other parts already decide it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Facts = Mapping[str, Any]
Outcome = bool | None
Predicate = Callable[[Facts], Outcome]


@dataclass(frozen=True, slots=True)
class Leaf:
    fact: str
    op: str  # is, is_not, one_of, none_of, at_least, at_most, more_than, less_than
    value: Any


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: Check


@dataclass(frozen=True, slots=True)
class Told:
    """The part, but unknown counts as false: for exceptions that apply only to who says so."""

    part: Check


Check = Leaf | AllOf | AnyOf | Not | Told

COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "is": lambda x, v: bool(x == v),
    "is_not": lambda x, v: bool(x != v),
    "one_of": lambda x, v: x in v,
    "none_of": lambda x, v: x not in v,
    "at_least": lambda x, v: bool(x >= v),
    "at_most": lambda x, v: bool(x <= v),
    "more_than": lambda x, v: bool(x > v),
    "less_than": lambda x, v: bool(x < v),
}


def implies(when: Check, then: Check) -> Check:
    return AnyOf((Not(when), then))


def compiled(check: Check) -> Predicate:
    """`check` as a function of the facts; absent and None are both unknown."""
    match check:
        case Leaf(fact, op, value):
            return _leaf(fact, COMPARISONS[op], value)
        case Not(part):
            inner = compiled(part)

            def negated(facts: Facts) -> Outcome:
                got = inner(facts)
                return None if got is None else not got

            return negated
        case Told(part):
            known = compiled(part)
            return lambda facts: known(facts) is True
        case AllOf(parts):
            return _several(tuple(map(compiled, parts)), decides=False)
        case AnyOf(parts):
            return _several(tuple(map(compiled, parts)), decides=True)


def _leaf(fact: str, compare: Callable[[Any, Any], bool], value: Any) -> Predicate:
    def leaf(facts: Facts) -> Outcome:
        got = facts.get(fact)
        return None if got is None else compare(got, value)

    return leaf


def _several(parts: tuple[Predicate, ...], *, decides: bool) -> Predicate:
    def several(facts: Facts) -> Outcome:
        result: Outcome = not decides
        for part in parts:
            got = part(facts)
            if got is decides:
                return decides
            if got is None:
                result = None
        return result

    return several


def leaves(check: Check) -> Iterator[Leaf]:
    match check:
        case Leaf():
            yield check
        case Not(part) | Told(part):
            yield from leaves(part)
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from leaves(part)


def facts_read(checks: Iterable[Check]) -> tuple[str, ...]:
    """The facts the checks read, sorted, each once."""
    return tuple(sorted({leaf.fact for check in checks for leaf in leaves(check)}))


Read = tuple[str, frozenset[Leaf]]  # a fact, and the lines that it is held against


def reads(checks: Iterable[Check]) -> tuple[Read, ...]:
    """The facts the checks read, each once, in the order written."""
    lines: dict[str, set[Leaf]] = {}
    for check in checks:
        for leaf in leaves(check):
            lines.setdefault(leaf.fact, set()).add(leaf)
    return tuple((fact, frozenset(held)) for fact, held in lines.items())


def outcome(check: Check, facts: Facts) -> Outcome:
    """`check` once, without compiling it."""
    match check:
        case Leaf(fact, op, value):
            got = facts.get(fact)
            return None if got is None else COMPARISONS[op](got, value)
        case Not(part):
            inner = outcome(part, facts)
            return None if inner is None else not inner
        case Told(part):
            return outcome(part, facts) is True
        case AllOf(parts) | AnyOf(parts):
            decides = isinstance(check, AnyOf)
            result: Outcome = not decides
            for part in parts:
                one = outcome(part, facts)
                if one is decides:
                    return decides
                if one is None:
                    result = None
            return result


def undecided_by(check: Check, facts: Facts) -> list[str]:
    """The unknown facts that keep `check` undecided, in the order written; empty when decided."""
    if isinstance(check, Leaf):
        return [check.fact] if facts.get(check.fact) is None else []
    if outcome(check, facts) is not None:
        return []
    match check:
        case Not(part) | Told(part):
            return undecided_by(part, facts)
        case AllOf(parts) | AnyOf(parts):
            return list(dict.fromkeys(fact for part in parts for fact in undecided_by(part, facts)))


def deciding_leaf(check: Check, facts: Facts) -> Leaf:
    """The leaf that best stands for the outcome of `check`: what failed, else what is unknown."""
    match check:
        case Leaf():
            return check
        case Not(part) | Told(part):
            return deciding_leaf(part, facts)
        case AllOf(parts) | AnyOf(parts):
            wanted = outcome(check, facts)
            # `when` conditions come first in an implication; the body, written last, is the point.
            for part in reversed(parts):
                if outcome(part, facts) is wanted:
                    return deciding_leaf(part, facts)
            return deciding_leaf(parts[-1], facts)
