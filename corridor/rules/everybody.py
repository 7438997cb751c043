"""Verdicts of everybody with everything: the rules are evaluated once for each signature.

A check reads few facts, and of each only which side of its lines a value lies on. So it is judged,
by the same predicate that judges one pair, once for each combination of such sides that occurs.
What a pathway's requirements leave undone is then added up for each class of persons and each
class of programs; only a requirement that reads both sides needs a table over both. `Verdicts`
answers for any pair what `rules.assess` would.

Facts that follow from both sides (months from graduation to start) are made for each pair of
distinct values. C persons (rows), P programs (columns).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor.rules import running
from corridor.rules.columns import FactTable
from corridor.rules.crossed import (
    Aligned,
    Alike,
    Cells,
    Codes,
    Crossed,
    Given,
    Places,
    alike_columns,
    alike_rows,
)
from corridor.rules.judging import FAILED, OPEN, UNSELECTED, Judge, undone
from corridor.rules.listed import Listed, listed
from corridor.rules.model import Pathway
from corridor.rules.verdicts import VERDICTS

DISPLAYS = ("works", "works_if", "unknown", "no")
CELLS_AT_ONCE = 1 << 22  # signature pairs that `counts` looks at together
MOST_CELLS = 1 << 22  # of a table that is the sum of two over both sides
_RANK = 32.0  # how far displays lie apart in `_order`
_SELECTION = _RANK / 3  # how far routes not known lie apart there by who may take them
_HELD_ORDER = _RANK * DISPLAYS.index("works_if")  # held back by the exit rule, and nothing else
_NONE = np.iinfo(np.int32).max
_ELIGIBLE, _CONDITIONAL, _CLOSED, _UNAVAILABLE = range(4)  # places in VERDICTS


@dataclass(frozen=True, eq=False, slots=True)
class Left:
    """What is left undone on a pathway: the sum of its parts, those of one side each and those
    that need both."""

    pathway: Pathway
    requirements: int
    available: bool
    parts: tuple[Crossed, ...]

    def block(self, rows: Places, columns: Places) -> Cells:
        total: Cells = np.zeros((len(rows), len(columns)), np.int32)
        for part in self.parts:
            total += part.block(rows, columns)
        return total


@dataclass(frozen=True, eq=False, slots=True)
class _Keys:
    """One pathway over a block, as numbers of which the lowest is the best pathway's: they hold
    the place in `_order`, then the pathway, then the display. `held`: where the exit rule holds
    back what `works` otherwise."""

    kinds: tuple[str, ...]
    rows: Codes
    columns: Codes
    keys: NDArray[np.int32]
    works: NDArray[np.bool_]
    held: int

    def block(self, columns: Places, held: NDArray[np.bool_]) -> NDArray[np.int32]:
        theirs = self.columns[columns]
        block: NDArray[np.int32] = self.keys[:, theirs][self.rows]
        if self.works.any() and held.any():
            held = held if held.shape[1] == 1 else held[:, columns]
            np.copyto(block, np.int32(self.held), where=self.works[:, theirs][self.rows] & held)
        return block

    def pairs(
        self, rows: Places, columns: Places, held: NDArray[np.bool_]
    ) -> NDArray[np.int32]:
        mine, theirs = self.rows[rows], self.columns[columns]
        works_but = self.works[mine, theirs] & held
        return np.where(works_but, np.int32(self.held), self.keys[mine, theirs])


@dataclass(frozen=True, eq=False)
class Verdicts:
    """The verdicts of C x P pairs on one day. `held`: the Korean exit rule makes an otherwise
    eligible verdict conditional."""

    shape: tuple[int, int]
    day: date
    revision: str
    left: Mapping[str, Left]
    held: Crossed

    def of(self, row: int, column: int) -> dict[str, str]:
        """Each pathway's verdict for one pair."""
        at = np.array([row]), np.array([column])
        return {name: VERDICTS[self.verdicts(name, *at)[0, 0]] for name in self.left}

    def verdicts(self, pathway: str, rows: Places, columns: Places) -> NDArray[np.uint8]:
        """Places in `verdicts.VERDICTS`, (rows, columns)."""
        left = self.left[pathway]
        return _verdicts(left, left.block(rows, columns), self.held.block(rows, columns))

    def display(self, pathway: str, rows: Places, columns: Places) -> NDArray[np.uint8]:
        """Places in DISPLAYS, (rows, columns)."""
        left = self.left[pathway]
        held = self.held.block(rows, columns)
        return _displays(left, left.block(rows, columns), held)

    def best(
        self, rows: Places, columns: Places, *, kinds: Mapping[str, Places] | None = None
    ) -> tuple[NDArray[np.uint8], NDArray[np.int16]]:
        """The display and the pathway (its place in `left`; -1: there is none) that
        `Assessment.best` names for each pair, (rows, columns).

        `kinds`: which places of `columns` are programs of which kind; left out, every pathway
        counts for every program.
        """
        keys = self._keys(rows, columns)
        held = self.held.block(rows, columns)
        first = np.full((len(rows), len(columns)), _NONE, np.int32)
        everywhere = {None: np.arange(len(columns))}
        for kind, places in (everywhere if kinds is None else kinds).items():
            lowest = first[:, places]
            for each in keys:
                if kind is None or kind in each.kinds:
                    np.minimum(lowest, each.block(places, held), out=lowest)
            first[:, places] = lowest
        return self._read(first)

    def best_of_pairs(
        self, rows: Places, columns: Places, *, kinds: Mapping[str, Places]
    ) -> tuple[NDArray[np.uint8], NDArray[np.int16]]:
        """As `best`, for the pairs (rows[n], columns[n]) alone. `kinds`: which n are pairs with a
        program of which kind."""
        mine, row = np.unique(rows, return_inverse=True)
        theirs, column = np.unique(columns, return_inverse=True)
        keys = self._keys(mine, theirs)
        held = self.held.pairs(rows, columns)
        first = np.full(len(rows), _NONE, np.int32)
        for kind, places in kinds.items():
            for each in keys:
                if kind in each.kinds:
                    found = each.pairs(row[places], column[places], held[places])
                    first[places] = np.minimum(first[places], found)
        return self._read(first)

    def _read(self, keys: NDArray[np.int32]) -> tuple[NDArray[np.uint8], NDArray[np.int16]]:
        keys[keys == _NONE] = DISPLAYS.index("no")
        displays, pathways = keys % len(DISPLAYS), keys // len(DISPLAYS) % (len(self.left) + 1)
        return displays.astype(np.uint8), (pathways - 1).astype(np.int16)

    def classes(self, pathway: str) -> Crossed:
        """The display of every pair on one pathway, the exit rule aside: places in DISPLAYS."""
        left = self.left[pathway]
        mine, theirs = self.signatures(left)
        shown = _displays(left, left.block(mine.first, theirs.first), np.False_)
        return Crossed(mine.codes, theirs.codes, shown).merged()

    def _keys(self, rows: Places, columns: Places) -> list[_Keys]:
        judged = []
        for at, left in enumerate(self.left.values(), 1):
            if left.pathway.role != "process":
                mine, theirs = alike_rows(left.parts, rows), alike_columns(left.parts, columns)
                total = left.block(mine.first, theirs.first)
                shown = _displays(left, total, np.False_)
                judged.append((at, left, mine, theirs, shown, _order(left, total, shown)))
        places = np.unique(np.concatenate([[_HELD_ORDER], *(each[5].ravel() for each in judged)]))

        def key(order: Any, at: int, shown: Any) -> Any:
            place = np.searchsorted(places, order)
            return (place * (len(self.left) + 1) + at) * len(DISPLAYS) + shown

        return [
            _Keys(
                left.pathway.kinds, mine.codes, theirs.codes,
                key(order, at, shown).astype(np.int32), shown == DISPLAYS.index("works"),
                key(_HELD_ORDER, at, DISPLAYS.index("works_if")),
            )
            for at, left, mine, theirs, shown, order in judged
        ]  # fmt: skip

    def counts(self) -> dict[str, dict[str, int]]:
        """How many of all C x P pairs have which verdict, by pathway; exact."""
        return {name: self._count(left) for name, left in self.left.items()}

    def _count(self, left: Left) -> dict[str, int]:
        """What the exit rule holds back is counted among the otherwise eligible alone, as it tells
        far more signatures apart than a pathway does."""
        found = np.zeros(len(VERDICTS))
        mine, theirs = self.signatures(left)
        promising = np.zeros(len(mine.first), np.bool_), np.zeros(len(theirs.first), np.bool_)
        for some in _slices(len(mine.first), len(theirs.first)):
            verdicts = _verdicts(left, left.block(mine.first[some], theirs.first), np.False_)
            weights = mine.counts[some, None] * theirs.counts
            found += np.bincount(verdicts.ravel(), weights.ravel(), len(VERDICTS))
            eligible = verdicts == _ELIGIBLE
            promising[0][some] = eligible.any(1)
            promising[1][:] |= eligible.any(0)
        parts = [self.held, *left.parts]
        mine = alike_rows(parts, np.flatnonzero(promising[0][mine.codes]))
        theirs = alike_columns(parts, np.flatnonzero(promising[1][theirs.codes]))
        for some in _slices(len(mine.first), len(theirs.first)):
            eligible = left.block(mine.first[some], theirs.first) == 0
            held = eligible & self.held.block(mine.first[some], theirs.first)
            moved = mine.counts[some] @ held @ theirs.counts
            found[_ELIGIBLE] -= moved
            found[_CONDITIONAL] += moved
        return {name: int(found[at]) for at, name in enumerate(VERDICTS)}

    def signatures(self, left: Left) -> tuple[Alike, Alike]:
        """The persons and the programs that one pathway tells apart, the exit rule aside."""
        return (
            alike_rows(left.parts, np.arange(self.shape[0])),
            alike_columns(left.parts, np.arange(self.shape[1])),
        )

    @property
    def nbytes(self) -> int:
        tables = [self.held, *(part for left in self.left.values() for part in left.parts)]
        kept = {id(array): array.nbytes for table in tables for array in table.arrays()}
        return sum(kept.values())


def _slices(rows: int, columns: int) -> Iterator[slice]:
    step = max(1, CELLS_AT_ONCE // max(1, columns))
    for start in range(0, rows if columns else 0, step):
        yield slice(start, start + step)


def _verdicts(left: Left, total: Cells, held: NDArray[np.bool_] | np.bool_) -> NDArray[np.uint8]:
    """As `engine._result` and the exit rule have it: a closed one is closed, in force or not."""
    verdicts = np.full(total.shape, _UNAVAILABLE, np.uint8)
    if left.available:
        verdicts = np.where((total > 0) | held, _CONDITIONAL, _ELIGIBLE).astype(np.uint8)
    verdicts[total >= FAILED] = _CLOSED
    return verdicts


def _displays(left: Left, total: Cells, held: NDArray[np.bool_] | np.bool_) -> NDArray[np.uint8]:
    """As `Verdict.display` has it."""
    works, works_if, unknown, no = range(len(DISPLAYS))
    if not left.available:
        return np.full(total.shape, no, np.uint8)
    shown = np.where((total > 0) | held, works_if, works).astype(np.uint8)
    shown[total >= OPEN] = unknown
    shown[total >= FAILED] = no
    return shown


def _order(left: Left, total: Cells, shown: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Lowest first, as `engine._order` has it: the display, then whether a selection has taken the
    person in or would have to, then how much is left undone for each requirement (at most 6)."""
    closed = total >= FAILED
    rank = shown if left.available else np.where(closed, 3, 4)
    points = total % OPEN % UNSELECTED
    bad = 6.0 * (total // FAILED) + 3.0 * (total % FAILED // OPEN) + points
    order: NDArray[np.float64] = _RANK * rank + bad / max(1, left.requirements)
    unknown = shown == DISPLAYS.index("unknown")
    if left.pathway.role != "by_selection":
        order[unknown] += _SELECTION
    elif left.pathway.selected_by:
        order[unknown & (total % OPEN >= UNSELECTED)] += 2 * _SELECTION
    else:
        order[unknown] += 2 * _SELECTION
    return order


def assess_all(
    people: FactTable,
    programs: FactTable,
    *,
    day: date,
    pathways: Sequence[str] | None = None,
    over: Mapping[str, Given] | None = None,
    under: Mapping[str, Given] | None = None,
) -> Verdicts:
    """What `rules.assess` finds for each of `people` with each of `programs` on `day`.

    A pair's facts are what `over` knows of it, else the program, else the person, else `under`,
    and what follows from them. Contradictions between the two sides are not looked for.
    Raises UnknownPathway.
    """
    engine = running.engine()
    plan = engine.plan(day, engine.chosen(pathways, None))
    layers = [over or {}, programs.as_columns(), people.as_rows(), under or {}]
    judge = Judge(plan, engine.exit_reads, layers, day, Given.unknown())
    held = judge.combined(engine.exit_reads, lambda facts: engine.holds_back(facts, day))
    left = {
        pathway.id: Left(
            pathway, len(requirements), available,
            _parts([
                judge.left(*each, pathway.selected_by).numbers()
                for each in zip(requirements, indexes, strict=True)
            ]),
        )
        for pathway, requirements, indexes, available in plan.parts
    }  # fmt: skip
    return Verdicts(
        (people.size, programs.size), day, engine.data.revision, left,
        held.mapped(_is_true).numbers().mapped(np.array([False, True])),
    )  # fmt: skip


def best_of_listed(
    people: FactTable,
    programs: FactTable,
    *,
    day: date,
    pathways: Sequence[str],
    kinds: Mapping[str, Places],
    over: Mapping[str, Listed],
    under: Mapping[str, Listed],
) -> tuple[NDArray[np.uint8], NDArray[np.int16]]:
    """As `Verdicts.best`, of one person with each of the programs, or of each of the people with
    one program: (pairs,) each. The pathway is its place in `pathways`; `kinds`: which pairs are
    with programs of which kind."""
    engine = running.engine()
    plan = engine.plan(day, engine.chosen(pathways, None))
    layers = [over, listed(programs), listed(people), under]
    judge = Judge(plan, engine.exit_reads, layers, day, Listed.unknown())
    holds = judge.combined(engine.exit_reads, lambda facts: engine.holds_back(facts, day))
    held = np.bool_(holds.mapped(_is_true).numbers())
    pairs = max(people.size, programs.size)
    lowest = np.full(pairs, np.inf)
    shown_, found = np.full(pairs, DISPLAYS.index("no"), np.uint8), np.full(pairs, -1, np.int16)
    of_kinds: dict[tuple[str, ...], NDArray[np.bool_]] = {}
    for at, (pathway, requirements, indexes, available) in enumerate(plan.parts):
        if pathway.role == "process":
            continue
        if pathway.kinds not in of_kinds:
            here = of_kinds[pathway.kinds] = np.zeros(pairs, np.bool_)
            for kind in pathway.kinds:
                here[kinds.get(kind, [])] = True
        total = np.zeros(1, np.int32)
        for requirement, index in zip(requirements, indexes, strict=True):
            outcome, leaves = judge.outcome(index), undone(requirement, pathway.selected_by)
            left_each = [leaves[value] for value in outcome.values]
            total = total + (
                left_each[0] if outcome.codes is None
                else np.array(left_each, np.int32)[outcome.codes]
            )
        left = Left(pathway, len(requirements), available, ())
        shown = _displays(left, total, np.False_)
        order = _order(left, total, shown)
        back = (shown == DISPLAYS.index("works")) & held
        if back.any():
            order = np.where(back, _HELD_ORDER, order)
            shown = np.where(back, np.uint8(DISPLAYS.index("works_if")), shown)
        better = (order < lowest) & of_kinds[pathway.kinds]
        np.copyto(lowest, order, where=better)
        np.copyto(shown_, shown, where=better)
        found[better] = at
    return shown_, found


def _is_true(value: object) -> bool:
    return value is True


def _parts(tables: Sequence[Crossed]) -> tuple[Crossed, ...]:
    """The tables added up: those over persons, those over programs, and those over both as far as
    their sum stays small."""
    mine = [each for each in tables if each.columns is None and each.rows is not None]
    theirs = [each for each in tables if each.columns is not None and each.rows is None]
    both = [each for each in tables if each.columns is not None and each.rows is not None]
    same = sum(int(each.cells[0, 0]) for each in tables if each.columns is each.rows is None)
    made = [_sum(side) for side in (mine, theirs) if side]
    if same:
        made.append(Crossed.everywhere(same))
    last: Crossed | None = None
    for each in sorted(both, key=lambda each: each.cells.size):
        if last is None:
            last = each
        elif last.cells.size * each.cells.size <= MOST_CELLS:
            last = _sum([last, each])
        else:
            made.append(last)
            last = each
    return (*made, *([] if last is None else [last]))


def _sum(tables: Sequence[Crossed]) -> Crossed:
    total = tables[0]
    for each in tables[1:]:
        aligned = Aligned.of([total, each])
        total = aligned.made(aligned.cells[0] + aligned.cells[1])
    return total
