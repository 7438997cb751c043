"""How much two texts' terms overlap, rare terms counting more. Plain arrays, no database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from corridor.matching.tables import Array

Terms = Sequence[int] | NDArray[np.int32]  # ids of one text
FULL_OVERLAP = 0.3  # a share of rare terms that counts as full likeness; whole texts rarely pass it


@dataclass(frozen=True)
class Lexicon:
    """`terms`: sorted ids; `counts`: in how many of `programs` texts each stands.

    An empty lexicon (before the first count) gives every term the same weight.
    """

    terms: NDArray[np.int32]
    counts: NDArray[np.int32]
    programs: int

    @classmethod
    def of(cls, texts: Sequence[Sequence[int]]) -> Lexicon:
        flat = np.fromiter((t for text in texts for t in set(text)), np.int32)
        terms, counts = np.unique(flat, return_counts=True)
        return cls(terms, counts.astype(np.int32), len(texts))

    @cached_property
    def weights(self) -> Array:
        """Squared idf: a term shared by all says nothing, one shared by few says much."""
        idf = np.log((self.programs + 1) / (self.counts + 0.5)).clip(min=0.0)
        squared: Array = (idf * idf).astype(np.float32)
        return squared

    def matrix(self, texts: Sequence[Terms]) -> Any:
        """Texts as rows of a sparse 0/1 matrix over the lexicon; other terms are left out."""
        lengths = [len(text) for text in texts]
        flat = np.concatenate([np.zeros(0, np.int32), *(np.asarray(t, np.int32) for t in texts)])
        rows = np.repeat(np.arange(len(texts)), lengths)
        at = np.searchsorted(self.terms, flat)
        at[at == len(self.terms)] = 0
        known = self.terms[at] == flat if len(self.terms) else np.zeros(len(flat), np.bool_)
        ones = np.ones(int(known.sum()), np.float32)
        return sparse.csr_matrix(
            (ones, (rows[known], at[known])), shape=(len(texts), max(1, len(self.terms)))
        )

    def prepared(self, texts: Sequence[Terms]) -> Weighted:
        """The programs' side, weighed once and used for every block of candidates."""
        matrix = self.matrix(texts)
        weights = self.weights if len(self.terms) else np.ones(1, np.float32)
        weighed = matrix.multiply(weights[None, :]).tocsr().T.tocsr()
        return Weighted(weighed, _norms(matrix, weights))

    def overlap(self, candidates: Sequence[Terms], programs: Weighted) -> Array:
        """(C, P), 0 to 1: weight of shared terms over both texts' (geometric mean)."""
        mine = self.matrix(candidates)
        weights = self.weights if len(self.terms) else np.ones(1, np.float32)
        shared = (mine @ programs.matrix).toarray()
        norms = np.sqrt(_norms(mine, weights)[:, None] * programs.norms[None, :])
        share = np.divide(shared, norms, out=np.zeros_like(shared), where=norms > 0)
        fit: Array = np.clip(share / FULL_OVERLAP, 0.0, 1.0).astype(np.float32)
        return fit


@dataclass(frozen=True)
class Weighted:
    matrix: Any  # terms x programs, sparse
    norms: Array


def _norms(matrix: Any, weights: Array) -> Array:
    return np.asarray(matrix @ weights, np.float32).ravel()
