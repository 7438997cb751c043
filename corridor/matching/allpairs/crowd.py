"""Many candidates, packed: classes for what few values tell, sparse rows for skills and terms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from corridor.matching.allpairs.factors import BEST_OF, DATES, SUMMED, Factor
from corridor.matching.axes import Axes
from corridor.matching.lexicon import Lexicon
from corridor.matching.rows import CandidateRow
from corridor.matching.tables import Array, candidate_table

Codes = NDArray[np.int32]
Keys = Sequence[tuple[Any, ...]]
ROWS_AT_ONCE = 2_000
NOTHING: tuple[Any, ...] = (frozenset(),)  # the key of an empty set: the first of every Members


@dataclass(frozen=True)
class Coded:
    """One class a candidate: `keys[codes[i]]` are candidate i's values in a factor's fields."""

    codes: Codes
    keys: Keys

    def __getitem__(self, some: slice) -> Coded:
        return Coded(self.codes[some], self.keys)


@dataclass(frozen=True)
class Members:
    """Some classes a candidate, those from starts[i] to starts[i + 1]: NOTHING and the members of
    its set, each as a set of one."""

    starts: NDArray[np.int64]
    codes: Codes
    keys: Keys

    def __getitem__(self, some: slice) -> Members:
        starts = self.starts[some.start : some.stop + 1]
        return Members(starts - starts[0], self.codes[starts[0] : starts[-1]], self.keys)


@dataclass(frozen=True)
class Crowd:
    """C candidates in the order of their ids.

    `summed` and `dates` stand beside factors.SUMMED and DATES, `best_of` beside BEST_OF; `skills`
    (C, skills of the programs' axes) and `terms` (C, lexicon) are scipy CSR; `signs` (C, sectors).
    """

    summed: Sequence[Coded]
    dates: Sequence[Coded]
    best_of: Sequence[Members]
    signs: Array
    skills: Any
    terms: Any

    def __len__(self) -> int:
        return len(self.signs)

    def __getitem__(self, some: slice) -> Crowd:
        return Crowd(
            [each[some] for each in self.summed], [each[some] for each in self.dates],
            [each[some] for each in self.best_of], self.signs[some], self.skills[some],
            self.terms[some],
        )  # fmt: skip

    @classmethod
    def of(cls, rows: Sequence[CandidateRow], axes: Axes, lexicon: Lexicon) -> Crowd:
        skills, signs = [], []
        for start in range(0, len(rows), ROWS_AT_ONCE):
            some = [
                CandidateRow(id=row.id, walk=row.walk, skills=row.skills,
                             occupations=row.occupations, majors=row.majors)
                for row in rows[start : start + ROWS_AT_ONCE]
            ]  # fmt: skip
            table = candidate_table(some, axes)
            skills.append(sparse.csr_matrix(table.skills))
            signs.append(table.sector_signs)
        none = candidate_table([], axes)
        return cls(
            [coded(rows, factor) for factor in SUMMED],
            [coded(rows, factor) for factor in DATES],
            [members(rows, factor) for factor in BEST_OF],
            np.concatenate([none.sector_signs, *signs]),
            sparse.vstack([sparse.csr_matrix(none.skills), *skills], format="csr"),
            lexicon.matrix([row.terms for row in rows]),
        )


def coded(rows: Iterable[CandidateRow], factor: Factor) -> Coded:
    seen: dict[tuple[Any, ...], int] = {}
    codes = [seen.setdefault(factor.key(row), len(seen)) for row in rows]
    return Coded(np.array(codes, np.int32), list(seen))


def members(rows: Sequence[CandidateRow], factor: Factor) -> Members:
    seen: dict[tuple[Any, ...], int] = {NOTHING: 0}
    starts, codes = [0], []
    (name,) = factor.mine
    for row in rows:
        codes.append(0)
        for member in sorted(getattr(row, name)):
            codes.append(seen.setdefault((frozenset({member}),), len(seen)))
        starts.append(len(codes))
    return Members(np.array(starts, np.int64), np.array(codes, np.int32), list(seen))
