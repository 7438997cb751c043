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
MOST = 50_000  # texts whose terms a lexicon remembers
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
        places = [self._places(text) for text in texts]
        flat = np.concatenate([np.zeros(0, np.intp), *places])
        ends = np.cumsum([0, *map(len, places)])
        ones = np.ones(len(flat), np.float32)
        return sparse.csr_matrix((ones, flat, ends), shape=(len(texts), max(1, len(self.terms))))

    def _places(self, text: Terms) -> NDArray[np.intp]:
        """Where the known terms of a text stand; of an array (a program's terms, which stay the
        same object while its row stands) it is looked up once."""
        kept = self._seen.get(id(text))
        if kept is not None and kept[0] is text:
            return kept[1]
        terms = np.asarray(text, np.int32)
        at = np.searchsorted(self.terms, terms)
        at[at == len(self.terms)] = 0
        known = self.terms[at] == terms if len(self.terms) else np.zeros(len(terms), np.bool_)
        places: NDArray[np.intp] = at[known]
        if isinstance(text, np.ndarray):
            if len(self._seen) >= MOST:
                self._seen.clear()
            self._seen[id(text)] = text, places
        return places

    @cached_property
    def _seen(self) -> dict[int, tuple[Terms, NDArray[np.intp]]]:  # an identity keeps its object
        return {}

    def prepared(self, texts: Sequence[Terms]) -> Weighted:
        """The programs' side, weighed once and used for every block of candidates."""
        by_text = self.matrix(texts)
        weights = self.weights if len(self.terms) else np.ones(1, np.float32)
        norms = _norms(by_text, weights)
        by_text.data = weights[by_text.indices]
        return Weighted(by_text, norms)

    def overlap(self, candidates: Sequence[Terms], programs: Weighted) -> Array:
        """(C, P), 0 to 1: weight of shared terms over both texts' (geometric mean)."""
        mine = self.matrix(candidates)
        weights = self.weights if len(self.terms) else np.ones(1, np.float32)
        if len(candidates) == 1:  # a page: what turning the programs' side would cost is spared
            shared = (programs.by_text @ mine.toarray()[0])[None, :]
        else:
            shared = (mine @ programs.matrix).toarray()
        norms = np.sqrt(_norms(mine, weights)[:, None] * programs.norms[None, :])
        share = np.divide(shared, norms, out=np.zeros_like(shared), where=norms > 0)
        fit: Array = np.clip(share / FULL_OVERLAP, 0.0, 1.0).astype(np.float32)
        return fit


@dataclass(frozen=True)
class Weighted:
    by_text: Any  # programs x terms, sparse
    norms: Array

    @cached_property
    def matrix(self) -> Any:
        """Terms x programs, sparse."""
        return self.by_text.T.tocsr()


def _norms(matrix: Any, weights: Array) -> Array:
    return np.asarray(matrix @ weights, np.float32).ravel()
