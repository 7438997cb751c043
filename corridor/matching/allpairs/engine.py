"""All candidates against all programs on this machine's cores.

A thread takes a block of candidates at a time: 8-bit products of the vectors, then `kernel.sweep`
over the block, then the pairs found for programs go into the programs' heaps under a lock. A block
reads the heaps' floors as they stood when it began; an old floor lets more through, never less. So
the result does not hang on how many threads there are or who was first.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor.embeddings import products
from corridor.matching import scoring
from corridor.matching.allpairs import heaps, kernel
from corridor.matching.allpairs.book import TooManyClasses
from corridor.matching.allpairs.crowd import Crowd
from corridor.matching.allpairs.factors import SHUT, UNIT, units
from corridor.matching.allpairs.kept import Kept
from corridor.matching.allpairs.placed import Placed
from corridor.matching.allpairs.posts import Posts
from corridor.matching.allpairs.verdicts import Shown
from corridor.matching.tables import Array

BLOCK = 512  # candidates that a thread takes at once: 20 MB of products with 10,000 programs
SPAN = 65_536  # candidates whose classes are looked up together
ROUNDING = 1e-5  # what float32 sums may differ by, and more


Vectors = Callable[[int, int], Array]  # of the candidates from a place to another, NaN if missing


class Engine:
    """`floors` (P,): what a candidate must score to be kept for a program; inf: it keeps none.
    Left out, every program of `posts.own` keeps its best `candidates`."""

    def __init__(
        self, posts: Posts, *, programs: int, candidates: int, threads: int = 1,
        floors: Array | None = None,
    ) -> None:  # fmt: skip
        self.posts, self.k, self.m, self.threads = posts, programs, candidates, max(1, threads)
        width = posts.width
        self._floors = np.full(width, kernel.NEVER, np.float32)
        self._floors[posts.own] = kernel.FLOOR
        if floors is not None:
            # an equal score must not fail for having been added up in another order
            known = np.clip(floors - ROUNDING, kernel.FLOOR, kernel.NEVER)
            self._floors[: len(posts)] = np.maximum(self._floors[: len(posts)], known)
        self._heaps = np.full((width, candidates), kernel.FLOOR, np.float32)
        self._who = np.full((width, candidates), -1, np.int32)
        self._filled = np.zeros(width, np.int32)
        self._lock = threading.Lock()
        self._room = threading.local()
        self._dense = np.zeros((width, posts.vectors.shape[1]), np.int8)
        self._scale, self._lost, _ = _quantised(posts.solid, self._dense[: len(posts)])
        self._columns = products.Columns(self._dense)
        self._constants = _constants(posts, self._scale, self._lost)

    def run(self, crowd: Crowd, vectors: Vectors, shown: Shown, *, told: Any = None) -> Kept:
        """`told(done)` is called as candidates are done."""
        size = len(crowd)
        best_at = np.full((size, self.k), -1, np.int32)
        best_score = np.full((size, self.k), kernel.FLOOR, np.float32)
        if size and len(self.posts):
            with ThreadPoolExecutor(self.threads, initializer=products.one_thread) as pool:
                for start, placed in spans(crowd, self.posts):
                    self._span(pool, start, placed, vectors, shown, best_score, best_at)
                    if told is not None:
                        told(start + len(placed.signs))
        return Kept(best_at, best_score, *self._programs_lists())

    def _span(
        self, pool: ThreadPoolExecutor, first: int, placed: Placed, vectors: Vectors, shown: Shown,
        best_score: Array, best_at: NDArray[np.int32],
    ) -> None:  # fmt: skip
        size = len(placed.signs)

        def block(start: int) -> None:
            some = slice(start, min(start + BLOCK, size))
            every = slice(first + some.start, first + some.stop)
            self._block(
                every.start, placed[some], vectors(every.start, every.stop), shown[every],
                best_score[every], best_at[every],
            )  # fmt: skip

        for _ in pool.map(block, range(0, size, BLOCK)):
            pass

    def _block(
        self, first: int, placed: Placed, vectors: Array, shown: Shown, best_score: Array,
        best_at: NDArray[np.int32],
    ) -> None:  # fmt: skip
        posts, book, size = self.posts, self.posts.book, len(placed.signs)
        known = np.zeros(size, np.bool_)
        solid = np.zeros((size, posts.vectors.shape[1]), np.float32)
        if vectors.shape[1] == solid.shape[1] and vectors.shape[1]:
            known = ~np.isnan(vectors[:, 0])
            solid = np.ascontiguousarray(vectors, np.float32)
            if not known.all():
                solid = np.where(known[:, None], solid, np.float32(0.0))
        room = self._rooms(size)
        scale, lost, norms = _quantised(solid, room.whole[:size])
        if known.any():
            self._columns.times(room.whole[:size], room.dots[:size])
        else:
            room.dots[:size] = 0
        # |cosine - product of what is kept| <= |c| lost_p + (|c| + lost_c) lost_c'; what a program
        # of its own adds to it is in the constants, for |c| = 1
        far = float(self._lost.max(initial=0.0))
        slack = lost * (1.0 + far) * 1.001 + np.maximum(norms * 1.001 - 1.0, 0.0) * far
        slack = scoring.WEIGHTS["text"] / posts.span * slack + ROUNDING
        slack = np.ceil(UNIT * np.minimum(slack, scoring.WEIGHTS["text"]))
        floors = np.clip(np.floor(UNIT * self._floors), -20_000, 20_000).astype(np.int16)
        kernel.sweep(
            *self._constants, book.points, book.starts, book.codes, book.coarse, book.bases,
            book.steps, shown.rows, shown.held_rows, shown.fixed,
            room.dots[:size], scale, known, slack.astype(np.int16), solid,
            *placed.arrays(), shown.places, shown.held_at, shown.exempt,
            self._floors, floors, room.sums, room.units, room.marks, best_score, best_at,
            room.hits[:size], room.hit_score[:size], room.hit_at[:size],
        )  # fmt: skip
        with self._lock:
            heaps.entered(
                first, room.hits[:size], room.hit_score[:size], room.hit_at[:size],
                self._heaps, self._who, self._filled, self._floors,
            )  # fmt: skip

    def _rooms(self, size: int) -> _Room:
        room = getattr(self._room, "room", None)
        if room is None or len(room.hits) < size:
            room = self._room.room = _Room(max(size, 1), self.posts)
        return room

    def _programs_lists(self) -> tuple[NDArray[np.int32], Array]:
        who, scores = self._who[: len(self.posts)], self._heaps[: len(self.posts)]
        order = np.lexsort((np.where(who < 0, np.iinfo(np.int32).max, who), -scores), axis=1)
        return np.take_along_axis(who, order, 1), np.take_along_axis(scores, order, 1)


def best_pairs(
    crowd: Crowd, posts: Posts, vectors: Array, shown: Shown, *, floors: Array, programs: int,
    candidates: int,
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:  # fmt: skip
    """Rows and columns of what both sides keep, each pair once, in order."""
    engine = make(posts, programs=programs, candidates=candidates, floors=floors)
    kept: Kept = engine.run(crowd, lambda first, last: vectors[first:last], shown)
    return kept.pairs()


def make(posts: Posts, *, programs: int, candidates: int, floors: Array | None = None) -> Any:
    """The engine for this machine: its GPU where torch sees one, else its cores."""
    from corridor.matching.allpairs import gpu  # which builds on this module

    if gpu.available():
        return gpu.Engine(posts, programs=programs, candidates=candidates, floors=floors)
    return Engine(posts, programs=programs, candidates=candidates, floors=floors, threads=cores())


def cores() -> int:
    """That this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS
        return os.cpu_count() or 1


class _Room:
    """A thread's working memory."""

    def __init__(self, size: int, posts: Posts) -> None:
        width = posts.width
        self.whole = np.zeros((size, posts.vectors.shape[1]), np.int8)
        self.dots = np.zeros((size, width), np.int32)
        self.sums = np.zeros((4, width), np.float32)
        self.units = np.zeros((5, width), np.int16)
        self.marks = np.zeros((1, width), np.uint8)
        self.hits = np.zeros(size, np.int32)
        self.hit_score = np.empty((size, width), np.float32)  # pages are taken when written
        self.hit_at = np.empty((size, width), np.int32)


def _quantised(vectors: Array, into: NDArray[np.int8]) -> tuple[Array, Array, Array]:
    scales, lost, norms = (np.zeros(len(vectors), np.float32) for _ in range(3))
    if vectors.size:
        kernel.quantised(vectors, into, scales, lost, norms)
    return scales, lost, norms


def spans(
    crowd: Crowd, posts: Posts, size: int = SPAN, first: int = 0
) -> Iterator[tuple[int, Placed]]:
    """The crowd in order, some at a time with the place of their first, halved as long as their
    classes do not fit in the book together. Use each before the next is asked for: the book may
    then hold other rows."""
    for start in range(0, len(crowd), size):
        part = crowd[start : min(start + size, len(crowd))]
        try:
            placed = Placed.of(part, posts)
        except TooManyClasses:
            if len(part) == 1:
                raise
            yield from spans(part, posts, -(-len(part) // 2), first + start)
        else:
            yield first + start, placed


def _constants(posts: Posts, scale: Array, lost: Array) -> tuple[Any, ...]:
    """What `kernel.sweep` takes first."""
    weights = {name: np.float32(weight) for name, weight in scoring.WEIGHTS.items()}
    full = weights["text"] * UNIT
    cap, lack, turn, base, gain = posts.skills
    offsets = text_offsets(posts) * full + posts.wide(lost * (full / posts.span))
    return (
        len(posts), posts.wide(scale * (full / posts.span)), offsets, posts.solid,
        weights["text"], np.float32(1.0 / posts.span), np.float32(posts.scale.low),
        weights["text"] * np.float32(scoring.UNSTATED["text"]),
        *_postings(posts.weighed.matrix)[:2], posts.term_weights, *posts.heavy,
        posts.term_norms, weights["lexical"],
        *_postings(posts.asked, turn), *_postings(posts.named, turn),
        cap * turn, lack * turn, base, gain, posts.sectors[1],
        verdict_points(), units(verdict_points()),
    )  # fmt: skip


def text_offsets(posts: Posts) -> Array:
    """What is added to cosine / span, (W,): where a program has no vector, all of the fit."""
    known = posts.wide(posts.known, 0.0) > 0
    low, unstated = -posts.scale.low / posts.span, scoring.UNSTATED["text"]
    return np.where(known, np.float32(low), np.float32(unstated))


def verdict_points() -> Array:
    """By code of scoring.VERDICTS."""
    weight = np.float32(scoring.WEIGHTS["pathway"])
    points: Array = (weight * scoring.PATHWAY_FIT).astype(np.float32)
    points[scoring.NO] = SHUT
    return points


def _postings(matrix: Any, times: Array | None = None) -> tuple[Any, ...]:
    """Of each row: where it starts, its columns (in few bytes, to stay near) and values."""
    values = matrix.data if times is None else matrix.data * times[matrix.indices]
    small = np.uint16 if matrix.shape[1] < 1 << 16 else np.uint32
    return matrix.indptr.astype(np.int32), matrix.indices.astype(small), values.astype(np.float32)
