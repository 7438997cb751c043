"""A plan's checks judged for all pairs at once, each once for every signature that occurs.

`everybody` adds up what they leave undone. The pairs are laid out as `crossed.Given` (all persons
with all programs) or `listed.Listed` (one with many).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Generic, TypeVar

from corridor.rules import derived
from corridor.rules.checks import COMPARISONS, Read
from corridor.rules.crossed import Given
from corridor.rules.engine import Plan
from corridor.rules.listed import Listed
from corridor.rules.model import Requirement

Known = TypeVar("Known", Given, Listed)
# What a pathway's requirements leave undone, in one number that adds up: bars that fail, bars
# that are unknown, and points of the others (2 for one that fails, 1 for one that is unknown). A
# mark beside the points: no selection is known to have taken the person in.
FAILED, OPEN, UNSELECTED = 1 << 20, 1 << 10, 1 << 9


class Judge(Generic[Known]):
    """Outcomes of a plan's checks for every pair. `unknown`: what is known of a fact that no layer
    names, by which the judge knows how its pairs are laid out."""

    def __init__(
        self, plan: Plan, exits: Sequence[Read], layers: Sequence[Mapping[str, Known]], day: date,
        unknown: Known,
    ) -> None:  # fmt: skip
        self._plan = plan
        self._unknown: Known = unknown
        read = {*plan.signature, *(fact for fact, _lines in exits)}
        for each in reversed(derived.DERIVATIONS):
            if each.fact in read:
                read = read.union(each.sources)
        self.facts: dict[str, Known] = {name: self._known(name, layers) for name in read}
        for rule in self._worth_deriving({*plan.signature, *(fact for fact, _lines in exits)}):
            self.facts[rule.fact] = self.facts[rule.fact].or_else(self._derived(rule, day))
        self._lined: dict[Read, Known] = {}
        self._outcomes: dict[int, Known] = {}

    def _known(self, name: str, layers: Sequence[Mapping[str, Known]]) -> Known:
        found = self._unknown
        for layer in layers:
            if name in layer:
                found = found.or_else(layer[name])
        return found

    def _worth_deriving(self, read: set[str]) -> list[derived.Derivation]:
        """In their order; those are left out of which nothing can come, as their first source is
        unknown for every pair, and those that only lead to such."""
        made = {each.fact for each in derived.DERIVATIONS}
        worth: list[derived.Derivation] = []
        for rule in reversed(derived.DERIVATIONS):
            first = rule.sources[0]
            if rule.fact in read and (
                rule.always or first in made or self.facts[first] is not self._unknown
            ):
                read = read.union(rule.sources)
                worth.append(rule)
        return worth[::-1]

    def _derived(self, rule: derived.Derivation, day: date) -> Known:
        def make(first: Any, *others: Any) -> Any:
            return rule.make(day, first, *others) if rule.always or first is not None else None

        made: Known = self._unknown.combined([self.facts[name] for name in rule.sources], make)
        return made

    def lined(self, read: Read) -> Known:
        """The fact with one value for all those that lie on the same side of every line."""
        found = self._lined.get(read)
        if found is None:
            fact, lines = read
            tests = [(COMPARISONS[leaf.op], leaf.value) for leaf in lines]
            first: dict[tuple[bool, ...], Any] = {}

            def side(value: Any) -> Any:
                if value is None:
                    return None
                return first.setdefault(tuple([test(value, line) for test, line in tests]), value)

            found = self._lined[read] = self.facts[fact].mapped(side)
        return found

    def combined(self, reads: Sequence[Read], make: Callable[[dict[str, Any]], Any]) -> Known:
        """What `make` finds of the facts that are read."""
        facts = [fact for fact, _lines in reads]
        made: Known = self._unknown.combined(
            [self.lined(read) for read in reads],
            lambda *values: make(dict(zip(facts, values, strict=True))),
        )
        return made

    def outcome(self, index: int) -> Known:
        """Of a check, by its place in the plan."""
        found = self._outcomes.get(index)
        if found is None:
            found = self._outcomes[index] = self.combined(
                self._plan.reads[index], self._plan.predicates[index]
            )
        return found

    def left(self, requirement: Requirement, index: int, selected_by: str) -> Known:
        """What it leaves undone, as `Left` counts."""
        counted: Known = self.outcome(index).mapped(undone(requirement, selected_by).__getitem__)
        return counted


def undone(requirement: Requirement, selected_by: str) -> Mapping[bool | None, int]:
    """What a requirement leaves undone, by its check's outcome."""
    return _UNDONE[requirement.bars, requirement.id == selected_by]


_UNDONE: dict[tuple[bool, bool], dict[bool | None, int]] = {
    (bars, selects): {
        True: 0,
        None: (OPEN if bars else 1) + UNSELECTED * selects,
        False: (FAILED if bars else 2) + UNSELECTED * selects,
    }
    for bars in (True, False)
    for selects in (True, False)
}
