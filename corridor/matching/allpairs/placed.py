"""A crowd held against the programs: rows of the book for its classes, sparse rows for the rest."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor.matching.allpairs.book import Places
from corridor.matching.allpairs.crowd import Coded, Crowd, Members
from corridor.matching.allpairs.factors import BEST_OF, DATES, SIGNS, SUMMED, units
from corridor.matching.allpairs.posts import Posts, turned
from corridor.matching.tables import Array, candidate_table


@dataclass(frozen=True)
class Placed:
    """C candidates. `summed`, `dates` (C, factors): rows of the book; `best_of`: (starts, rows) of
    each of factors.BEST_OF; `signs` (C, sectors of the programs): points for the field;
    `term_norms` (C,): 1 / root of the terms' weight."""

    summed: Places
    dates: Places
    best_of: tuple[tuple[NDArray[np.int64], Places], ...]
    signs: Array
    skills: Any
    terms: Any
    term_norms: Array

    @classmethod
    def of(cls, crowd: Crowd, posts: Posts) -> Placed:
        """Raises TooManyClasses."""
        parts: list[Coded | Members] = [*crowd.summed, *crowd.dates, *crowd.best_of]
        factors = [*SUMMED, *DATES, *BEST_OF]
        used = [
            np.flatnonzero(np.bincount(part.codes, minlength=len(part.keys))) for part in parts
        ]
        found = posts.book.places([
            (factor, [part.keys[at] for at in some.tolist()])
            for factor, part, some in zip(factors, parts, used, strict=True)
        ])  # fmt: skip
        rows = []
        for part, some, place in zip(parts, used, found, strict=True):
            of_class = np.zeros(len(part.keys), np.int32)
            of_class[some] = place
            rows.append(of_class[part.codes])
        summed, dates = len(SUMMED), len(SUMMED) + len(DATES)
        weights = posts.lexicon.weights if len(posts.lexicon.terms) else np.ones(1, np.float32)
        return cls(
            np.ascontiguousarray(np.stack(rows[:summed], 1)),
            np.ascontiguousarray(np.stack(rows[summed:dates], 1)),
            tuple(
                (part.starts, row)
                for part, row in zip(crowd.best_of, rows[dates:], strict=True)
            ),
            sector_points(crowd.signs, posts),
            crowd.skills, crowd.terms,
            turned(np.asarray(crowd.terms @ weights, np.float32).ravel()),
        )  # fmt: skip

    def __getitem__(self, some: slice) -> Placed:
        parts = [Members(starts, rows, ())[some] for starts, rows in self.best_of]
        return Placed(
            self.summed[some], self.dates[some],
            tuple((part.starts, part.codes) for part in parts), self.signs[some],
            self.skills[some], self.terms[some], self.term_norms[some],
        )  # fmt: skip

    def arrays(self) -> tuple[Any, ...]:
        """As `kernel.sweep` takes them."""
        (one_starts, one), (two_starts, two) = self.best_of
        return (
            self.summed, self.dates, one_starts, one, two_starts, two, self.signs,
            units(np.pad(self.signs, [(0, 0), (0, -self.signs.shape[1] % 8)])),
            self.skills.indptr.astype(np.int64), self.skills.indices.astype(np.int32),
            self.skills.data, self.terms.indptr.astype(np.int64),
            self.terms.indices.astype(np.int32), self.term_norms,
        )  # fmt: skip


def sector_points(signs: Array, posts: Posts) -> Array:
    """Points of the field for belonging to the sector of a program, (C, its sectors)."""
    table, _codes = posts.sectors
    none = candidate_table([], table.axes)
    no_majors = np.zeros((len(table), 0), np.float32)
    table = replace(table, majors=(no_majors, no_majors))
    made = np.zeros((len(signs), len(table)), np.float32)
    step = 4096
    for start in range(0, len(signs), step):
        some = signs[start : start + step]
        people = replace(
            none,
            rows=[SIGNS.candidate(())] * len(some),
            majors=(np.zeros((len(some), 0), np.float32),) * 2,
            sector_signs=some,
        )
        made[start : start + step] = SIGNS.points(people, table)
    # A program of no sector: what its majors make of it (factors.BEST_OF) is all there is.
    made[:, [row.sector == "" for row in table.rows]] = 0.0
    return made
