"""The programs' side of a run: each program's best candidates over all blocks.

A block knows its own candidates only. What earlier blocks have found sets a floor for each
program: a pair below it can never be among the best, so it is not kept. The later a block, the
fewer its entrants (about `BEST_CANDIDATES` / its number for each program); at the finish they are
merged into one list a program.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor.matching import blocks, lists
from corridor.matching.lists import PAIR, Packed
from corridor.matching.models import Entrants, Run
from corridor.programs.models import Program


class _Best:
    """The best scores of each own program among the done blocks that this process has read."""

    def __init__(self, run: int) -> None:
        self.run = run
        own = Program.objects.filter(external_host="").order_by("pk")
        self.ids = np.array(own.values_list("pk", flat=True), np.int64)  # ascending
        self._forget()

    def _forget(self) -> None:
        self.scores = np.full((len(self.ids), blocks.BEST_CANDIDATES), -np.inf, np.float32)
        self.read: set[int] = set()

    def catch_up(self) -> None:
        done = set(Entrants.objects.filter(run=self.run).values_list("pk", flat=True))
        if self.read - done:  # a block was begun anew: its old entrants must not set a floor
            self._forget()
        for pk, pairs in _entrants(self.run, done - self.read):
            self._add(pairs[np.isin(pairs["program"], self.ids)])
            self.read.add(pk)

    def _add(self, pairs: Packed) -> None:
        most = self.scores.shape[1]
        pairs = lists.best(pairs, "program", "candidate", most)
        programs, first, count = np.unique(
            pairs["program"], return_index=True, return_counts=True
        )
        at = np.searchsorted(self.ids, programs)
        row = np.repeat(np.arange(len(programs)), count)
        column = np.arange(len(pairs)) - np.repeat(first, count)
        more = np.full((len(programs), int(count.max(initial=0))), -np.inf, np.float32)
        more[row, column] = pairs["score"]
        together = np.concatenate([self.scores[at], more], axis=1)
        self.scores[at] = np.partition(together, together.shape[1] - most, axis=1)[:, -most:]

    def floors(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        floor = np.full(len(ids), np.inf, np.float32)
        known = np.isin(ids, self.ids)
        floor[known] = self.scores.min(1)[np.searchsorted(self.ids, ids[known])]
        return floor


_last: _Best | None = None


def floors(run: Run, ids: NDArray[np.int64]) -> NDArray[np.float32]:
    """For each program of `ids`: the score that a candidate must reach to be among its best, as
    far as the blocks done by now tell (-inf: any; inf: its host is not with us, it keeps none).

    One small query, and the entrants of blocks that this process has not read yet.
    """
    global _last
    if _last is None or _last.run != run.pk:
        _last = _Best(run.pk)
    _last.catch_up()
    return _last.floors(ids)


def entering(run: Run, pairs: Packed) -> Packed:
    """Of a block's pairs, those that may be among a program's best."""
    programs, at = np.unique(pairs["program"], return_inverse=True)
    pairs = pairs[pairs["score"] >= floors(run, programs)[at]]
    return lists.best(pairs, "program", "candidate", blocks.BEST_CANDIDATES)


def merge(run: Run) -> int:
    """Every program's list from all blocks' entrants; returns how many lists were written.

    The floors of all blocks together leave little more than what is kept.
    """
    ids = np.array(
        Program.objects.filter(external_host="").order_by("pk").values_list("pk", flat=True),
        np.int64,
    )  # also those that were deleted meanwhile are left out by this
    least = floors(run, ids)
    kept = [np.zeros(0, PAIR)]
    for _pk, pairs in _entrants(run.pk, None):
        pairs = pairs[np.isin(pairs["program"], ids)]
        at = np.searchsorted(ids, pairs["program"])
        kept.append(pairs[pairs["score"] >= least[at]])
    pairs = lists.best(np.concatenate(kept), "program", "candidate", blocks.BEST_CANDIDATES)
    return lists.copy_candidates(run, pairs, blocks.BEST_CANDIDATES) if len(pairs) else 0


def _entrants(run: int, wanted: set[int] | None) -> Iterator[tuple[int, Packed]]:
    found: Any = Entrants.objects.filter(run=run)
    if wanted is not None:
        if not wanted:
            return
        found = found.filter(pk__in=wanted)
    for pk, pairs in found.values_list("pk", "pairs").iterator(chunk_size=20):
        yield pk, np.frombuffer(bytes(pairs), PAIR)
