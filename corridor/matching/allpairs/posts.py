"""The programs' side, laid out once for every block of candidates."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from corridor.matching import scoring
from corridor.matching.allpairs.book import Book, classes, padded
from corridor.matching.allpairs.factors import SIGNS
from corridor.matching.lexicon import FULL_OVERLAP, Lexicon, Weighted
from corridor.matching.scoring import Scale
from corridor.matching.tables import NAMED_CAP, Array, ProgramTable

HEAVY = 16  # a term of more than one program in so many is kept as a full row


@dataclass(frozen=True, eq=False)
class Posts:
    """P programs. `vectors` (P, d) of length 1, NaN rows where missing; `weighed` as
    `lexicon.prepared` gives it; `own`: columns that keep candidates."""

    table: ProgramTable
    vectors: Array
    lexicon: Lexicon
    weighed: Weighted
    scale: Scale
    own: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.table)

    @cached_property
    def book(self) -> Book:
        return Book(self.table)

    @property
    def width(self) -> int:
        return padded(len(self))

    def wide(self, values: Any, fill: float = 0.0, kind: Any = np.float32) -> NDArray[Any]:
        """A value a program, padded."""
        made = np.full(self.width, fill, kind)
        made[: len(self)] = values
        return made

    @cached_property
    def known(self) -> NDArray[np.bool_]:
        """Who has a vector."""
        if self.vectors.shape[1] == 0:
            return np.zeros(len(self), np.bool_)
        known: NDArray[np.bool_] = ~np.isnan(self.vectors[:, 0])
        return known

    @cached_property
    def solid(self) -> Array:
        """The vectors, zeros where missing."""
        return np.ascontiguousarray(np.where(self.known[:, None], self.vectors, np.float32(0.0)))

    @property
    def span(self) -> float:
        return max(self.scale.high - self.scale.low, 1e-3)

    @cached_property
    def asked(self) -> Any:
        return sparse.csr_matrix(self.table.asked_skills.T)

    @cached_property
    def named(self) -> Any:
        return sparse.csr_matrix(self.table.named_skills.T)

    @cached_property
    def asked_of(self) -> Any:
        """(P, skills)"""
        return self.asked.T.tocsr()

    @cached_property
    def named_of(self) -> Any:
        return self.named.T.tocsr()

    @cached_property
    def terms_of(self) -> Any:
        """(P, lexicon)"""
        return self.weighed.matrix.T.tocsr()

    @cached_property
    def skills(self) -> tuple[Array, Array, Array, np.float32, np.float32]:
        """cap, lack, turn, base, gain (see scoring._skills): the points are
        base + gain x min(1, (asked + min(named, cap) + lack) x turn)."""
        cap = np.minimum(self.table.named_mass, NAMED_CAP)
        mass = self.table.asked_mass + cap
        lack = scoring.MIDDLING * np.maximum(scoring.ENOUGH - mass, 0.0)
        weight, base = scoring.WEIGHTS["skills"], scoring.UNSTATED["skills"]
        return (
            self.wide(cap), self.wide(lack), self.wide(1.0 / np.maximum(mass, scoring.ENOUGH)),
            np.float32(weight * base), np.float32(weight * (1.0 - base)),
        )  # fmt: skip

    @cached_property
    def sectors(self) -> tuple[ProgramTable, NDArray[np.int16]]:
        """One program of each sector, and which is each program's."""
        table, codes = classes(SIGNS, self.table)
        return table, self.wide(codes, 0, np.int16)

    @cached_property
    def term_norms(self) -> Array:
        """Of each program: 1 / (root of the norm x FULL_OVERLAP), 0 where it has no weight."""
        return self.wide(turned(self.weighed.norms) / np.float32(FULL_OVERLAP))

    @property
    def term_weights(self) -> Array:
        """What a shared term adds, by its place in the lexicon."""
        return self.lexicon.weights if len(self.lexicon.terms) else np.ones(1, np.float32)

    @cached_property
    def heavy(self) -> tuple[NDArray[np.int32], NDArray[np.uint8]]:
        """Terms of many programs: for each term its row or -1; (n, W), 1 where it stands."""
        matrix = self.weighed.matrix
        counts = np.diff(matrix.indptr)
        chosen = np.flatnonzero(counts > max(LEAST_HEAVY, len(self) // HEAVY))
        of = np.full(matrix.shape[0], -1, np.int32)
        of[chosen] = np.arange(len(chosen))
        rows = np.zeros((len(chosen), self.width), np.uint8)
        for n, term in enumerate(chosen.tolist()):
            rows[n, matrix.indices[matrix.indptr[term] : matrix.indptr[term + 1]]] = 1
        return of, rows


LEAST_HEAVY = 200


def turned(norms: Array) -> Array:
    """1 / root, 0 where it is 0."""
    made = np.zeros(len(norms), np.float32)
    return np.divide(1.0, np.sqrt(norms), out=made, where=norms > 0).astype(np.float32)
