"""Ranks documents for queries by text alone: Korean, English, or one against the other.

What `manage.py rank` runs and `benchmarks/quality.py` measures. Plain arrays, no database. Each
signal (ranking_signals) compares a block of queries with all documents; `fusion` weighs them by
the pair's languages. A query's scores do not depend on the other queries, nor a ranking on the
order in which documents are given: equal scores go by id.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from corridor.embeddings import Encoder
from corridor.matching import ranking_fusion
from corridor.matching.ranking_signals import Array, Signals, Texts

Progress = Callable[[str, int, int], None]
_BLOCK_CELLS = 4_000_000  # query × document cells scored at once: some 200 MB with every signal
_MOST_QUERIES = 512


class Ranker:
    """The documents, read once; then any number of queries."""

    def __init__(
        self,
        documents: Sequence[str],
        ids: Sequence[str] | None = None,
        *,
        encoder: Encoder,
        progress: Progress | None = None,
    ) -> None:
        self.documents = Texts.read(documents, "passage", encoder, _named("documents", progress))
        self._encoder = encoder
        self._signals = Signals(self.documents)
        keys = ids if ids is not None else [f"{place:09d}" for place in range(len(documents))]
        order = sorted(range(len(keys)), key=lambda place: keys[place])
        self._rank_of_id = np.empty(len(keys), np.int64)
        self._rank_of_id[order] = np.arange(len(keys))

    def rank(
        self, queries: Sequence[str], *, top: int, progress: Progress | None = None
    ) -> Iterator[tuple[list[int], list[float]]]:
        """For each query, places of the best documents and their scores (0 to 1), best first."""
        done = 0
        for scores in self.scores(queries):
            for row in scores:
                best = self._best(row, top)
                yield best.tolist(), [float(row[place]) for place in best]
            done += len(scores)
            if progress is not None:
                progress("queries", done, len(queries))

    def scores(self, queries: Sequence[str]) -> Iterator[Array]:
        """Blocks of (queries, documents), 0 to 1. A text that says nothing scores 0."""
        size = max(1, min(_MOST_QUERIES, _BLOCK_CELLS // max(1, len(self.documents))))
        for start in range(0, len(queries), size):
            asked = Texts.read(queries[start : start + size], "query", self._encoder)
            yield ranking_fusion.fused(asked, self.documents, self._signals.compare(asked))

    def _best(self, row: Array, top: int) -> NDArray[np.int64]:
        """Places by falling score, equal ones by id; only those that can be among the top sort."""
        places = np.arange(len(row))
        if top < len(row):
            edge = np.partition(row, len(row) - top)[len(row) - top]
            places = np.flatnonzero(row >= edge)
        order = np.lexsort((self._rank_of_id[places], -row[places]))
        return np.asarray(places[order][:top], np.int64)


def _named(what: str, progress: Progress | None) -> Callable[[int, int], None] | None:
    return None if progress is None else lambda done, whole: progress(what, done, whole)
