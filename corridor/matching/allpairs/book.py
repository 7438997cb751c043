"""A factor's points over all programs, one row for each class of candidates that has been met."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor.matching.allpairs.factors import FACTORS, SHUT, SUMMED, UNIT, Factor
from corridor.matching.rows import ProgramRow
from corridor.matching.tables import Array, ProgramTable, candidate_table, program_table

Places = NDArray[np.int32]
LANES = 64  # programs that the kernel looks at together; rows are padded to a multiple
MOST_BYTES = 1_200_000_000
AT_ONCE = 2_000_000  # cells that scoring computes together
GATED = SUMMED[:2]  # whose points may be SHUT
SHUT_BYTE, MOST_BYTE = 255, 254


def padded(size: int) -> int:
    return -(-size // LANES) * LANES


class TooManyClasses(Exception):
    """The classes of these candidates do not fit in the book together: take fewer at a time."""


class Book:
    """Points, a row for each class of candidates. Those of program j in row r of the factor f
    (its place in FACTORS) are `points[starts[r] + codes[j, f]]`: one value a class of programs.
    `coarse` (n, P padded) has them for every program, as bytes that stand for bases[r] + steps[r]
    x byte in units, off by half a step at most; SHUT_BYTE where points are SHUT, and beyond the
    last program in rows of GATED.

    Rows stay until the book is full, then it begins anew; so places hold until the next `places`
    that is told to `fill`.
    """

    def __init__(self, programs: ProgramTable, most_bytes: int = MOST_BYTES) -> None:
        self.width = padded(len(programs))
        self.most = max(64, most_bytes // (5 * max(1, self.width)))
        self.points = np.empty(self.most * self.width, np.float32)  # pages are taken when written
        self.coarse = np.empty((self.most, self.width), np.uint8)
        self.starts = np.zeros(self.most + 1, np.int64)
        self.bases, self.steps = np.zeros((2, self.most), np.int16)
        self._factors = np.zeros(self.most, np.int8)
        self._sides = [_Side(factor, programs) for factor in FACTORS]
        self.codes = np.stack([side.codes for side in self._sides], 1)
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

    def cells(self, factor: Factor, rows: NDArray[Any], programs: NDArray[Any]) -> Array:
        """The points of these pairs."""
        found: Array = self.points[self.starts[rows] + self.codes[programs, _place(factor)]]
        return found

    def whole(self, rows: slice) -> Array:
        """(rows, P)"""
        found: Array = self.points[self.starts[rows, None] + self.codes.T[self._factors[rows]]]
        return found

    def _lacking(self, wanted: Sequence[tuple[Factor, Sequence[tuple[Any, ...]]]]) -> int:
        return sum((id(factor), key) not in self._at for factor, keys in wanted for key in keys)

    def _of(self, factor: Factor, keys: Sequence[tuple[Any, ...]]) -> Places:
        new = list(dict.fromkeys(key for key in keys if (id(factor), key) not in self._at))
        side = self._sides[_place(factor)]
        step = max(1, AT_ONCE // max(1, side.classes))
        for start in range(0, len(new), step):
            some = new[start : start + step]
            first = len(self._at)
            self._write(factor, first, side.points(some))
            self._at.update(((id(factor), key), first + n) for n, key in enumerate(some))
        return np.array([self._at[id(factor), key] for key in keys], np.int32)

    def _write(self, factor: Factor, first: int, points: Array) -> None:
        count, classes = points.shape
        rows = slice(first, first + count)
        begin = self.starts[first]
        self.starts[first : rows.stop + 1] = begin + np.arange(count + 1) * classes
        self.points[begin : begin + points.size] = points.ravel()
        self._factors[rows] = _place(factor)
        self.bases[rows], self.steps[rows], made = coarse(points)
        assert factor in GATED or not (made == SHUT_BYTE).any()
        codes = self._sides[_place(factor)].codes
        np.take(made, codes, axis=1, out=self.coarse[rows, : len(codes)], mode="clip")
        self.coarse[rows, len(codes) :] = SHUT_BYTE if factor in GATED else 0


def coarse(points: Array) -> tuple[NDArray[np.int16], NDArray[np.int16], NDArray[np.uint8]]:
    """Bases and steps (n,) and bytes (n, classes), as `Book` has them."""
    shut = points < SHUT / 2
    units = points * UNIT
    least = np.where(shut, np.inf, units).min(1, initial=np.inf)
    most = np.where(shut, -np.inf, units).max(1, initial=-np.inf)
    bases = np.floor(np.where(least < np.inf, least, 0.0))
    steps = np.ceil(np.maximum(most - bases, 1.0) / MOST_BYTE)
    made = np.rint((units - bases[:, None]) / steps[:, None])
    made[shut] = SHUT_BYTE
    return bases.astype(np.int16), steps.astype(np.int16), made.astype(np.uint8)


def _place(factor: Factor) -> int:
    return FACTORS.index(factor)


class _Side:
    """What one factor reads of the programs."""

    def __init__(self, factor: Factor, programs: ProgramTable) -> None:
        self.factor = factor
        self.table, self.codes = classes(factor, programs)
        self.classes = len(self.table)

    def points(self, keys: Sequence[tuple[Any, ...]]) -> Array:
        """(keys, classes of programs)"""
        people = candidate_table([self.factor.candidate(key) for key in keys], self.table.axes)
        return self.factor.points(people, self.table)


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
