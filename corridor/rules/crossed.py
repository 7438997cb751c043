"""A value for every pair of a person and a program, kept once for each pair of their classes.

Persons of one class have the same value with every program, and programs of one class with every
person. So a million times ten thousand values are a few codes a person, a few a program, and a
small table. C persons (rows), P programs (columns).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[Any]  # the class of each row or column: whole numbers from 0, of any width
Cells = NDArray[Any]
Places = NDArray[np.intp]
MOST_KEYS = 1 << 18  # combinations of values that are looked at together
FEW_KEYS = 1 << 10  # combinations up to which numpy costs more than it saves


@dataclass(frozen=True, eq=False, slots=True)
class Crossed:
    """`rows` (C,) and `columns` (P,) give the class of each, None where all are one class;
    `cells` holds a value for each class of rows and class of columns."""

    rows: Codes | None
    columns: Codes | None
    cells: Cells

    @classmethod
    def everywhere(cls, value: int) -> Crossed:
        return cls(None, None, np.full((1, 1), value, np.int32))

    def block(self, rows: Places, columns: Places) -> Cells:
        """The values of these rows and columns; of extent 1 where all are one class."""
        cells = self.cells
        cells = cells[:1] if self.rows is None else cells[self.rows[rows]]
        return cells[:, :1] if self.columns is None else cells[:, self.columns[columns]]

    def pairs(self, rows: Places, columns: Places) -> Cells:
        """The values of these pairs, one a place."""
        mine: Any = 0 if self.rows is None else self.rows[rows]
        theirs: Any = 0 if self.columns is None else self.columns[columns]
        return np.broadcast_to(self.cells[mine, theirs], rows.shape)

    def merged(self) -> Crossed:
        """The same values with as few classes as possible."""
        rows, columns, cells = self.rows, self.columns, self.cells
        if rows is not None:
            rows, cells = _merged(rows, cells)
        if columns is not None:
            columns, turned = _merged(columns, cells.T)
            cells = np.ascontiguousarray(turned.T)
        return Crossed(rows, columns, cells)

    def mapped(self, values: Cells) -> Crossed:
        """With `values[v]` in the place of each value v."""
        return Crossed(self.rows, self.columns, values[self.cells]).merged()

    def arrays(self) -> list[Codes]:
        return [part for part in (self.rows, self.columns, self.cells) if part is not None]


def _merged(codes: Codes, cells: Cells) -> tuple[Codes | None, Cells]:
    """Rows of equal cells made one class."""
    alike = cells[:, 0].tolist() if cells.shape[1] == 1 else [row.tobytes() for row in cells]
    seen: dict[Any, int] = {}
    places = [seen.setdefault(each, len(seen)) for each in alike]
    if len(seen) == len(places):
        return codes, cells
    first = {place: at for at, place in reversed(list(enumerate(places)))}
    kept = cells[[first[place] for place in range(len(seen))]]
    return None if len(seen) == 1 else narrow(np.array(places), len(seen))[codes], kept


def narrow(codes: NDArray[Any], classes: int) -> Codes:
    """`codes` in the fewest bytes that hold `classes`."""
    return codes.astype(
        np.uint8 if classes <= 1 << 8 else np.uint16 if classes <= 1 << 16 else np.int32
    )


@dataclass(frozen=True, eq=False, slots=True)
class Aligned:
    """Several tables on the same classes."""

    rows: Codes | None
    columns: Codes | None
    cells: list[Cells]

    @classmethod
    def of(cls, tables: Sequence[Crossed]) -> Aligned:
        if len(tables) == 1:
            return cls(tables[0].rows, tables[0].columns, [tables[0].cells])
        rows, mine = joint([(table.rows, table.cells.shape[0]) for table in tables])
        columns, theirs = joint([(table.columns, table.cells.shape[1]) for table in tables])
        return cls(
            rows, columns,
            [table.cells[i[:, None], j]
             for table, i, j in zip(tables, mine, theirs, strict=True)],
        )  # fmt: skip

    def made(self, cells: Cells) -> Crossed:
        return Crossed(self.rows, self.columns, cells).merged()


def joint(parts: Sequence[tuple[Codes | None, int]]) -> tuple[Codes | None, list[Places]]:
    """The classes of those that are alike in every part (codes and number of classes), and for
    each part the class that a joint class lies in. Only classes that somebody is in are kept."""
    codes: Codes | None = None
    count = 1
    places: list[Places] = []
    for at, (part, size) in enumerate(parts):
        same = next((k for k in range(at) if parts[k][0] is part), None)
        if part is None:
            places.append(np.zeros(count, np.intp))
        elif same is not None:
            places.append(places[same])
        elif codes is None:
            codes, count = part, size
            places = [np.zeros(size, np.intp) for _ in places] + [np.arange(size)]
        else:
            wide = np.int32 if count * size < 1 << 31 else np.int64
            codes, held = _compact(codes.astype(wide) * size + part, count * size)
            count = len(held)
            before, new = np.divmod(held, size)
            places = [place[before] for place in places] + [new]
    return codes, places


def _compact(keys: Codes, span: int) -> tuple[Codes, Places]:
    """`keys` (below `span`) as codes without gaps, and the key of each code."""
    if span > max(1 << 12, 4 * len(keys)):  # else a flag for each key is cheaper than a sort
        held, codes = np.unique(keys, return_inverse=True)
        return narrow(codes.reshape(-1), len(held)), held.astype(np.intp)
    flags = np.zeros(span, np.bool_)
    flags[keys] = True
    held = np.flatnonzero(flags)
    place = np.zeros(span, np.int32)
    place[held] = np.arange(len(held), dtype=np.int32)
    return narrow(place, len(held))[keys], held


@dataclass(frozen=True, eq=False, slots=True)
class Alike:
    """Some rows (or columns) by what several tables tell apart: the class of each, the first of
    each class, and how many each has."""

    codes: Codes
    first: Places
    counts: NDArray[np.int64]


def alike_rows(tables: Sequence[Crossed], rows: Places) -> Alike:
    return _alike([(table.rows, table.cells.shape[0]) for table in tables], rows)


def alike_columns(tables: Sequence[Crossed], columns: Places) -> Alike:
    return _alike([(table.columns, table.cells.shape[1]) for table in tables], columns)


def _alike(parts: Sequence[tuple[Codes | None, int]], at: Places) -> Alike:
    seen = {id(part): (part[at], size) for part, size in parts if part is not None}
    codes, _ = joint(list(seen.values()))
    if codes is None:
        codes = np.zeros(len(at), np.uint8)
    codes, held = _compact(codes, int(codes.max(initial=0)) + 1)
    first = np.zeros(len(held), np.intp)
    first[codes[::-1]] = at[::-1]
    return Alike(codes, first, np.bincount(codes, minlength=len(held)))


@dataclass(frozen=True, eq=False, slots=True)
class Given:
    """What is known of one fact for every pair: `table` holds places in `values`, of which the
    first is None (unknown)."""

    table: Crossed
    values: tuple[Any, ...]

    @classmethod
    def unknown(cls) -> Given:
        return cls(Crossed.everywhere(0), (None,))

    def known(self) -> bool:
        """For every pair."""
        return bool(self.table.cells.all())

    @classmethod
    def combined(cls, facts: Sequence[Given], make: Callable[..., Any]) -> Given:
        return combined(facts, make)

    def mapped(self, make: Callable[[Any], Any]) -> Given:
        places: dict[Any, int] = {None: 0}
        codes = [
            places.setdefault(made, len(places)) for made in map(make, self.values)
        ]
        return Given(self.table.mapped(np.array(codes, np.int32)), tuple(places))

    def numbers(self) -> Crossed:
        """The values themselves, where they are whole numbers; 0 for unknown."""
        return self.table.mapped(np.array([value or 0 for value in self.values], np.int32))

    def or_else(self, other: Given) -> Given:
        """The other's value where this one's is unknown."""
        if self.known():
            return self
        if len(self.values) == 1:
            return other
        aligned = Aligned.of([self.table, other.table])
        mine, theirs = aligned.cells
        moved = np.where(mine > 0, mine, np.where(theirs > 0, theirs + len(self.values) - 1, 0))
        return Given(aligned.made(moved.astype(np.int32)), self.values + other.values[1:])


def combined(facts: Sequence[Given], make: Callable[..., Any]) -> Given:
    """What `make` gives for every pair from the values of `facts` (None: unknown). It is called
    once for each combination of values that occurs."""
    if not facts:
        return Given(Crossed.everywhere(1), (None, make()))
    aligned = Aligned.of([given.table for given in facts])
    sizes = tuple(len(given.values) for given in facts)
    values: dict[Any, int] = {None: 0}
    found: Cells = np.empty(aligned.cells[0].shape, np.int32)
    step = max(1, MOST_KEYS // max(1, found.shape[1]))
    for start in range(0, len(found), step):
        some = slice(start, start + step)
        held, places = _distinct([cells[some].ravel() for cells in aligned.cells], sizes)
        known = [
            [given.values[at] for at in codes] for given, codes in zip(facts, held, strict=True)
        ]
        made = [values.setdefault(value, len(values)) for value in map(make, *known)]
        found[some] = np.array(made, np.int32)[places].reshape(found[some].shape)
    return Given(aligned.made(found), tuple(values))


def _distinct(
    codes: Sequence[Cells], sizes: tuple[int, ...]
) -> tuple[Sequence[Sequence[int]], list[int] | Places]:
    """The combinations that occur, code by code, and which of them stands at each place."""
    if len(codes[0]) < FEW_KEYS:
        seen: dict[tuple[int, ...], int] = {}
        each = zip(*[part.tolist() for part in codes], strict=True)
        few = [seen.setdefault(key, len(seen)) for key in each]
        return [[key[at] for key in seen] for at in range(len(codes))], few
    keys = np.ravel_multi_index(list(codes), sizes)
    least = keys.min()
    places, held = _compact(keys - least, int(keys.max() - least) + 1)
    return [part.tolist() for part in np.unravel_index(held + least, sizes)], places


def by_class(
    rows: Codes | None, columns: Codes | None, which: Cells, facts: Sequence[Mapping[str, Any]]
) -> dict[str, Given]:
    """Facts of pairs: `which` gives, for each class of rows and of columns, a place in `facts`."""
    made = {}
    for name in dict.fromkeys(name for each in facts for name in each):
        values: dict[Any, int] = {None: 0}
        codes = [values.setdefault(each.get(name), len(values)) for each in facts]
        table = Crossed(rows, columns, np.array(codes, np.int32)[which]).merged()
        made[name] = Given(table, tuple(values))
    return made
