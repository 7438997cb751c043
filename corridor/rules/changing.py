"""The smallest set of changed facts that turns a verdict.

Every failed requirement has several ways to be met: each is a set of comparisons that would have
to come out otherwise. One way is taken for each requirement so that together they touch the fewest
facts, and among as few those that can be changed freely; then the changed facts are judged anew,
and what they would break is mended too or the way is given up. Facts that nobody can change (a
nationality) and what the work itself is offer no way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice, product
from typing import Any

from corridor.rules.checks import (
    COMPARISONS,
    AllOf,
    AnyOf,
    Check,
    Facts,
    Leaf,
    Not,
    Told,
    leaves,
    outcome,
)
from corridor.rules.derived import add_months
from corridor.rules.facts import FactSpec

Need = tuple[Leaf, bool]  # this comparison has to come out so
Way = frozenset[Need]
Registry = Mapping[str, FactSpec]
MOST_WAYS, MOST_TRIED, MOST_VALUES, DEPTH = 32, 256, 8, 3
_NO_CHANGE: Way = frozenset()


@dataclass(frozen=True, slots=True)
class Value:
    """A fact's new value. `op` and `wanted` say what any other value would have to meet."""

    fact: str
    op: str
    wanted: Any
    value: Any


def smallest(
    failed: Sequence[Check],
    facts: Facts,
    *,
    registry: Registry,
    still_failing: Callable[[Mapping[str, Any]], Sequence[Check] | None],
) -> list[Value]:
    """The fewest facts to change so that no check of `failed` fails; empty where that cannot be.

    `still_failing` takes changed facts ({fact: value}) and gives the checks that then fail,
    follow-up facts recomputed; None where the changed facts contradict others.
    """
    def cost(entry: tuple[Way, int]) -> tuple[int, int, int, int]:
        way, depth = entry
        touched = _facts_of(way)
        bound = sum(registry[fact].changeable != "freely" for fact in touched)
        return len(touched), bound, len(way), depth

    best: list[Value] = []
    tried = 0
    queue: list[tuple[Way, int]] = [(way, 0) for way in _together(failed, facts, registry)]
    queue.sort(key=cost)
    while queue and tried < MOST_TRIED:
        way, depth = queue.pop(0)
        if best and len(_facts_of(way)) >= len(best):
            break  # in order of cost: nothing smaller can follow
        for values in islice(_values(way, facts, registry), MOST_VALUES):
            tried += 1
            made = {each.fact: each.value for each in values}
            broken = still_failing(made)
            if broken is not None and not broken:
                best = _without_spare(values, still_failing)
                break
            if broken and depth < DEPTH:
                changed = {**facts, **made}
                queue += [
                    (way | more, depth + 1)
                    for more in _together(broken, changed, registry)
                    if more and not more <= way
                ]
        queue.sort(key=cost)
    return best


def _without_spare(
    values: list[Value], still_failing: Callable[[Mapping[str, Any]], Sequence[Check] | None]
) -> list[Value]:
    """`values` without those that the others do not need."""
    if len(values) == 1:
        return values
    for each in values:
        fewer = [other for other in values if other is not each]
        if still_failing({other.fact: other.value for other in fewer}) == []:
            return _without_spare(fewer, still_failing)
    return values


def _facts_of(way: Way) -> set[str]:
    return {leaf.fact for leaf, _ in way}


def _together(checks: Sequence[Check], facts: Facts, registry: Registry) -> list[Way]:
    """The ways to meet all `checks` at once, those that touch the fewest facts first."""
    joined: list[Way] = [_NO_CHANGE]
    for check in checks:
        joined = _every([joined, _avoid(check, False, facts, registry)])
        if not joined:
            return []
    return joined


def _avoid(check: Check, bad: bool, facts: Facts, registry: Registry) -> list[Way]:
    """The ways to keep `check` from coming out `bad`; an unknown outcome is not bad."""
    if outcome(check, facts) is not bad:
        return [_NO_CHANGE]
    match check:
        case Leaf(fact):
            return [] if registry[fact].fixed else [frozenset({(check, not bad)})]
        case Not(part):
            return _avoid(part, not bad, facts, registry)
        case Told(part):
            if bad:
                return _avoid(part, True, facts, registry)
            return _require(part, True, facts, registry)
        case AllOf(parts) | AnyOf(parts):
            ways = [_avoid(part, bad, facts, registry) for part in parts]
            # `all` fails by any one part, so every part must be kept from failing; `any` likewise
            # comes out true by any one part.
            return _every(ways) if isinstance(check, AllOf) is not bad else _any(ways)


def _require(check: Check, wanted: bool, facts: Facts, registry: Registry) -> list[Way]:
    """The ways to make `check` come out `wanted`, an unknown one being not enough."""
    if outcome(check, facts) is wanted:
        return [_NO_CHANGE]
    match check:
        case Leaf(fact):
            return [] if registry[fact].fixed else [frozenset({(check, wanted)})]
        case Not(part):
            return _require(part, not wanted, facts, registry)
        case Told(part):
            if wanted:
                return _require(part, True, facts, registry)
            return _avoid(part, True, facts, registry)
        case AllOf(parts) | AnyOf(parts):
            ways = [_require(part, wanted, facts, registry) for part in parts]
            return _every(ways) if isinstance(check, AllOf) is wanted else _any(ways)


def _every(ways: Sequence[Sequence[Way]]) -> list[Way]:
    combined = (frozenset().union(*each) for each in product(*ways))
    return _best(islice(combined, MOST_TRIED))


def _any(ways: Iterable[Sequence[Way]]) -> list[Way]:
    return _best(way for each in ways for way in each)


def _best(ways: Iterable[Way]) -> list[Way]:
    """Each way once, smallest first; what contains a smaller one is left out."""
    kept: list[Way] = []
    for way in sorted(dict.fromkeys(ways), key=lambda each: (len(_facts_of(each)), len(each))):
        if not any(other <= way for other in kept):
            kept.append(way)
    return kept[:MOST_WAYS]


def _values(way: Way, facts: Facts, registry: Registry) -> Iterator[list[Value]]:
    """Values for the facts of `way`, one list for each choice of them; none where its needs
    contradict each other."""
    by_fact: dict[str, list[Need]] = {}
    for leaf, wanted in way:
        by_fact.setdefault(leaf.fact, []).append((leaf, wanted))
    choices: list[list[Value]] = []
    for fact in sorted(by_fact):
        needs = by_fact[fact]
        (leaf, wanted), *others = needs
        choices.append([
            # One comparison says what is needed; several, only a value that meets them all.
            Value(fact, leaf.op, leaf.value, value) if wanted and not others
            else Value(fact, "is", value, value)
            for value in candidates(registry[fact], [leaf for leaf, _ in needs])
            if all(COMPARISONS[each.op](value, each.value) is out for each, out in needs)
        ])  # fmt: skip
    for each in product(*choices):
        yield list(each)


def candidates(spec: FactSpec, read: Iterable[Leaf]) -> list[Any]:
    """Values of a fact that between them come out every way the comparisons in `read` can.

    Thresholds themselves stand first, so that "at most 12" is met by 12.
    """
    named: list[Any] = []
    for leaf in read:
        named.extend(leaf.value if isinstance(leaf.value, tuple) else (leaf.value,))
    match spec.type:
        case "yes_no":
            made: list[Any] = [True, False]
        case "choice":
            made = [*named, *spec.choices]
        case "number":
            made = [*named, *(value + 1 for value in named), *(value - 1 for value in named)]
            made = [value for value in made if spec.minimum <= value <= spec.maximum]
        case "date":
            day = timedelta(days=1)
            made = [*named, *(value + day for value in named), *(value - day for value in named)]
        case "country":
            made = [*named, "KR", "US", "FR"]
        case _:
            made = named
    return list(dict.fromkeys(made))


def patterns(spec: FactSpec, checks: Iterable[Check]) -> tuple[Any, ...]:
    """One value for each way in which the comparisons with this fact can come out together."""
    read = list(dict.fromkeys(
        leaf for check in checks for leaf in leaves(check) if leaf.fact == spec.name
    ))  # fmt: skip
    seen: dict[tuple[bool, ...], Any] = {}
    for value in candidates(spec, read):
        pattern = tuple(COMPARISONS[leaf.op](value, leaf.value) for leaf in read)
        seen.setdefault(pattern, value)
    return tuple(seen.values())


def lever(fact: str, op: str, value: Any, facts: Facts) -> tuple[str, str, Any] | None:
    """The source to name where `fact` follows from others: (fact, op, value), or None.

    The months between graduation and start are moved by the start date; a planned start is one.
    """
    if fact == "derived.target_start":
        return ("program.start_date", op, value)
    graduated = facts.get("candidate.graduation_date")
    if (
        fact == "derived.months_between_graduation_and_start"
        and op in ("at_most", "less_than")
        and isinstance(graduated, date)
    ):
        months = int(value) if op == "at_most" else int(value) - 1
        return ("program.start_date", "at_most", add_months(graduated, months))
    return None
