"""A factor's points over all programs, one row for each class of candidates that has been met."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor.matching.allpairs.factors import FACTORS, SHUT, Factor, units
from corridor.matching.rows import ProgramRow
from corridor.matching.tables import Array, ProgramTable, candidate_table, program_table

Places = NDArray[np.int32]
LANES = 64  # programs that the kernel looks at together; rows are padded to a multiple
MOST_BYTES = 1_200_000_000
AT_ONCE = 2_000_000  # cells that scoring computes together


def padded(size: int) -> int:
    return -(-size // LANES) * LANES


class TooManyClasses(Exception):
    """The classes of these candidates do not fit in the book together: take fewer at a time."""


class Book:
    """`rows` (n, P padded): points; a place beyond the last program is SHUT in every row. `coarse`:
    the same as `factors.units`, 0 beyond the last program.

    Rows stay until the book is full, then it begins anew; so places hold until the next `places`
    that is told to `fill`.
    """

    def __init__(self, programs: ProgramTable, most_bytes: int = MOST_BYTES) -> None:
        self.width = padded(len(programs))
        self.most = max(64, most_bytes // (6 * max(1, self.width)))
        self.rows = np.empty((self.most, self.width), np.float32)  # pages are taken when written
        self.coarse = np.empty((self.most, self.width), np.int16)
        self._sides = {factor: _Side(factor, programs) for factor in FACTORS}
        self._at: dict[tuple[int, tuple[Any, ...]], int] = {}
        self.began = 0  # how often it has begun anew

    def __len__(self) -> int:
        return len(self._at)

    def places(self, wanted: Sequence[tuple[Factor, Sequence[tuple[Any, ...]]]]) -> list[Places]:
        """For each factor, the row of each of its keys. Raises TooManyClasses."""
        if len(self._at) + self._lacking(wanted) > self.most:
            self._at.clear()
            self.began += 1
            if self._lacking(wanted) > self.most:
                raise TooManyClasses
        return [self._of(factor, keys) for factor, keys in wanted]

    def _lacking(self, wanted: Sequence[tuple[Factor, Sequence[tuple[Any, ...]]]]) -> int:
        return sum((id(factor), key) not in self._at for factor, keys in wanted for key in keys)

    def _of(self, factor: Factor, keys: Sequence[tuple[Any, ...]]) -> Places:
        new = list(dict.fromkeys(key for key in keys if (id(factor), key) not in self._at))
        side = self._sides[factor]
        step = max(1, AT_ONCE // max(1, side.classes))
        for start in range(0, len(new), step):
            some = new[start : start + step]
            first = len(self._at)
            rows = slice(first, first + len(some))
            side.write(some, self.rows[rows], self.coarse[rows])
            self._at.update(((id(factor), key), first + n) for n, key in enumerate(some))
        return np.array([self._at[id(factor), key] for key in keys], np.int32)


class _Side:
    """What one factor reads of the programs."""

    def __init__(self, factor: Factor, programs: ProgramTable) -> None:
        self.factor = factor
        self.table, self.codes = classes(factor, programs)
        self.classes = len(self.table)

    def write(
        self, keys: Sequence[tuple[Any, ...]], into: Array, coarse: NDArray[np.int16]
    ) -> None:
        people = candidate_table([self.factor.candidate(key) for key in keys], self.table.axes)
        points = self.factor.points(people, self.table)
        count = len(self.codes)
        np.take(points, self.codes, axis=1, out=into[:, :count], mode="clip")
        into[:, count:] = SHUT
        np.take(units(points), self.codes, axis=1, out=coarse[:, :count], mode="clip")
        coarse[:, count:] = 0


def classes(factor: Factor, programs: ProgramTable) -> tuple[ProgramTable, NDArray[np.intp]]:
    """One program of each class that the factor tells apart, and the class of each program."""
    seen: dict[tuple[Any, ...], int] = {}
    kept: list[ProgramRow] = []
    codes = np.zeros(len(programs), np.intp)
    for at, row in enumerate(programs.rows):
        key = tuple(getattr(row, name) for name in factor.theirs)
        codes[at] = seen.setdefault(key, len(kept))
        if codes[at] == len(kept):
            kept.append(factor.program(row))
    return program_table(kept, programs.axes.hub_state), codes
