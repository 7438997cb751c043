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

_NOWHERE = np.zeros(0, np.intp)
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
        places = self._places(texts)
        flat = np.concatenate([np.zeros(0, np.intp), *places])
        ends = np.cumsum([0, *map(len, places)])
        ones = np.ones(len(flat), np.float32)
        return sparse.csr_matrix((ones, flat, ends), shape=(len(texts), max(1, len(self.terms))))

    def _places(self, texts: Sequence[Terms]) -> list[NDArray[np.intp]]:
        """Where the known terms of each text stand; of an array (a program's terms, which stay the
        same object while its row stands) it is looked up once."""
        seen = [self._seen.get(id(text)) for text in texts]
        new = [
            at for at, (text, kept) in enumerate(zip(texts, seen, strict=True))
            if kept is None or kept[0] is not text
        ]
        places = [kept[1] if kept is not None else _NOWHERE for kept in seen]
        if len(self._seen) + len(new) > MOST:
            self._seen.clear()
        for at, found in zip(new, self._looked_up([texts[at] for at in new]), strict=True):
            places[at] = found
            if isinstance(texts[at], np.ndarray):
                self._seen[id(texts[at])] = texts[at], found
        return places

    def _looked_up(self, texts: Sequence[Terms]) -> list[NDArray[np.intp]]:
        """All at once: one by one the two hundred texts of a page cost two milliseconds."""
        if not texts:
            return []
        terms = np.concatenate([np.asarray(text, np.int32) for text in texts])
        at = np.searchsorted(self.terms, terms)
        at[at == len(self.terms)] = 0
        known = self.terms[at] == terms if len(self.terms) else np.zeros(len(terms), np.bool_)
        ends = np.cumsum([len(text) for text in texts])
        return [
            part[held]
            for part, held in zip(np.split(at, ends[:-1]), np.split(known, ends[:-1]), strict=True)
        ]

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
