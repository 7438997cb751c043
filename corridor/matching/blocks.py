"""One block of a run: some candidates against all programs.

Keeps each candidate's best programs, and for each own program the candidates that may still be
among its best (`shortlists` knows how good one must be by now). Few pairs are scored in matrices,
as pages do it; many by `allpairs`, which keeps the same.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from django.db.models import QuerySet
from numpy.typing import NDArray

from corridor.candidates.models import Candidate
from corridor.matching import pathways, people, scoring, yardstick
from corridor.matching.allpairs import points
from corridor.matching.allpairs.crowd import Crowd
from corridor.matching.allpairs.posts import Posts as Programs
from corridor.matching.allpairs.verdicts import Shown
from corridor.matching.lexicon import Lexicon, Weighted
from corridor.matching.models import Block, Run
from corridor.matching.rows import CandidateRow, candidate_row, program_row
from corridor.matching.scoring import Pairs, Scale
from corridor.matching.tables import (
    Array,
    ProgramTable,
    candidate_table,
    program_table,
    unit_rows,
)
from corridor.programs import queries as programs
from corridor.programs.texts import PREFETCH as PROGRAM_PREFETCH

PAIRS_AT_ONCE = 100_000_000  # of a block
MOST_CANDIDATES = 10_000  # read and scored in well under a minute; what a killed worker costs
FEW_PAIRS = 1_500_000  # up to which matrices do, about 250 MB
BEST_PROGRAMS = 20  # kept for each candidate
BEST_CANDIDATES = 100  # kept for each program whose host is with us


@dataclass(frozen=True)
class Kept:
    candidate: int
    program: int
    score: float
    parts: dict[str, float]
    pathway: str
    verdict: str


class KeptPairs(Sequence[Kept]):
    """Kept pairs as arrays of one length, read as a sequence of Kept. `points` (n, parts) in the
    order of scoring.PARTS; `verdicts` index scoring.VERDICTS, `pathways` index `names`."""

    def __init__(
        self, candidates: NDArray[np.int64], programs: NDArray[np.int64], points: Array,
        verdicts: NDArray[np.int8], pathways: NDArray[np.int16], names: Sequence[str],
    ) -> None:  # fmt: skip
        self.candidates, self.programs, self.points = candidates, programs, points
        self.verdicts, self.pathways, self.names = verdicts, pathways, names
        self.scores = np.zeros(len(points), np.float32)
        for at in range(len(scoring.PARTS)):  # in this order, as `scoring.total` adds them
            self.scores += points[:, at]
        self.scores = np.round(self.scores, scoring.STEADY)

    def __len__(self) -> int:
        return len(self.points)

    def without(self, aside: Mapping[int, set[int]]) -> KeptPairs:
        """Those alone whose program their candidate has not put aside."""
        pairs = zip(self.candidates.tolist(), self.programs.tolist(), strict=True)
        kept = np.array([post not in aside.get(who, ()) for who, post in pairs], np.bool_)
        return KeptPairs(
            self.candidates[kept], self.programs[kept], self.points[kept], self.verdicts[kept],
            self.pathways[kept], self.names,
        )  # fmt: skip

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, slice):
            return [self[place] for place in range(*at.indices(len(self)))]
        parts = zip(scoring.PARTS, self.points[at].tolist(), strict=True)
        return Kept(
            int(self.candidates[at]), int(self.programs[at]), float(self.scores[at]),
            {name: round(value, 6) for name, value in parts},
            self.names[self.pathways[at]], scoring.VERDICTS[self.verdicts[at]],
        )  # fmt: skip


@dataclass(frozen=True)
class Posts:
    """All programs of a run, read once by each worker process."""

    table: ProgramTable
    sides: pathways.Posted
    ids: NDArray[np.int64]
    own: NDArray[np.intp]  # columns whose host is with us, not only named by a source
    vectors: Array  # (P, d) of length 1; NaN rows where missing
    lexicon: Lexicon
    weighed: Weighted
    scale: Scale

    @cached_property
    def laid_out(self) -> Programs:
        """For many candidates; what it remembers of them serves the next block."""
        return Programs(
            self.table, self.vectors, self.lexicon, self.weighed, self.scale, self.own
        )


_last: tuple[int, Posts] | None = None


def posts_of(run: Run) -> Posts:
    """The run's programs; kept until this process works on another run."""
    global _last
    if _last is None or _last[0] != run.pk:
        _last = (run.pk, _read_posts(run))
    return _last[1]


def _read_posts(run: Run) -> Posts:
    rows, sides, own, found = [], [], [], []
    open_programs = (
        programs.published(run.day)
        .select_related("organization", "hub", "sector")
        .prefetch_related(*PROGRAM_PREFETCH)
        .defer("staged_vector", "description_ko", "description_en")
        .order_by("pk")
    )
    for program in open_programs.iterator(chunk_size=2000):
        rows.append(program_row(program))
        sides.append(pathways.program_side(program))
        own.append(not program.external_host)
        found.append(_vector(program, run.vector_revision))
    lexicon, scale, hub_state, _made_at = yardstick.current()
    return Posts(
        table=program_table(rows, hub_state),
        sides=pathways.Posted.of(sides),
        ids=np.array([row.id for row in rows], np.int64),
        own=np.flatnonzero(np.array(own, np.bool_)),
        vectors=unit_rows(found),
        lexicon=lexicon,
        weighed=lexicon.prepared([row.terms for row in rows]),
        scale=scale,
    )


def size_for(programs_: int) -> int:
    """Candidates a block."""
    return min(MOST_CANDIDATES, max(1, PAIRS_AT_ONCE // max(1, programs_)))


@dataclass(frozen=True)
class _People:
    rows: Sequence[CandidateRow]
    sides: Sequence[pathways.CandidateSide]
    vectors: Array


def scored(block: Block) -> tuple[int, Sequence[Kept]]:
    """The pairs considered, and those kept: by candidate, then by program."""
    run = block.run
    posts = posts_of(run)
    found = _read_people(run, _people_of(block))
    size = len(found.rows) * len(posts.ids)
    if not size:
        return 0, []
    return size, _kept(found, posts, run.day, _floors(run, posts), BEST_PROGRAMS)


def own_lists(block: Block) -> tuple[list[int], Sequence[Kept]]:
    """Who of the block has put programs aside, and what is best for them by that: those programs
    left out, and what they taught weighed. A host's list knows nothing of it, so `scored` has
    these people, too, as if they had put nothing aside."""
    run = block.run
    posts = posts_of(run)
    choosy = _people_of(block).filter(put_aside__isnull=False).distinct()
    found = _read_people(run, choosy, own=True)
    ids = [row.id for row in found.rows]
    if not found.rows or not len(posts.ids):
        return ids, []
    aside = people.aside_of(choosy)
    nobody = np.full(len(posts.ids), np.inf, np.float32)
    most = BEST_PROGRAMS + max(map(len, aside.values()), default=0)
    kept = _kept(found, posts, run.day, nobody, most)
    return ids, kept.without(aside)


def _kept(
    found: _People, posts: Posts, day: date, floors: Array, most: int
) -> KeptPairs:
    size = len(found.rows) * len(posts.ids)
    few = _in_matrices if size <= FEW_PAIRS else _by_engine
    return few(found, posts, day, floors, most)


def _people_of(block: Block) -> QuerySet[Candidate]:
    return Candidate.objects.filter(
        pk__gte=block.first_id, pk__lte=block.last_id, user__is_active=True
    ).order_by("pk")


def _read_people(run: Run, found: QuerySet[Candidate], *, own: bool = False) -> _People:
    """`own`: with what they put aside, for their own lists."""
    rows, sides, vectors = [], [], []
    with uncollected():
        for person in people.read(found, revision=run.vector_revision):
            row = candidate_row(person, day=run.day)
            rows.append(replace(row, avoided=frozenset(person.avoided)) if own else row)
            sides.append(pathways.candidate_side(person, day=run.day))
            vectors.append(person.vector)
        return _People(rows, sides, unit_rows(vectors))


@contextmanager
def uncollected() -> Iterator[None]:
    """Without the collector, which looks through every program that the worker keeps again and
    again while people are read, and finds nothing: it took two thirds of the reading."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _floors(run: Run, posts: Posts) -> Array:
    """(P,): what a candidate must score to be kept for a program; inf where it keeps none."""
    from corridor.matching import shortlists  # which packs what blocks keep, so imports this

    floors = np.full(len(posts.ids), np.inf, np.float32)
    floors[posts.own] = shortlists.floors(run, posts.ids[posts.own])
    return floors


def _in_matrices(
    found: _People, posts: Posts, day: date, floors: Array, most: int
) -> KeptPairs:
    table = candidate_table(found.rows, posts.table.axes)
    best = pathways.best(found.sides, posts.sides, day=day)
    cosine = _cosines(found.vectors, posts.vectors)
    lexical = posts.lexicon.overlap([row.terms for row in found.rows], posts.weighed)
    parts = scoring.parts(table, posts.table, Pairs(cosine, lexical, best.codes), posts.scale)
    total = scoring.total(parts)
    meets = scoring.gates(table, posts.table) & (best.codes != scoring.NO)
    ranked = np.where(meets, total, -np.inf).astype(np.float32)
    chosen = {(i, j) for i, row in enumerate(ranked) for j in top(row, most)}
    for j in posts.own.tolist():
        column = np.where(ranked[:, j] >= floors[j], ranked[:, j], -np.inf)
        chosen.update((i, j) for i in top(column, BEST_CANDIDATES))
    pairs = np.array(sorted(chosen), np.intp).reshape(-1, 2)
    rows, columns = pairs[:, 0], pairs[:, 1]
    return KeptPairs(
        np.array([row.id for row in found.rows], np.int64)[rows], posts.ids[columns],
        np.stack([parts[name][rows, columns] for name in scoring.PARTS], 1),
        best.codes[rows, columns], best.pathways[rows, columns], best.names,
    )  # fmt: skip


def _by_engine(
    found: _People, posts: Posts, day: date, floors: Array, most: int
) -> KeptPairs:
    # torch and numba come in with it, and only workers need them
    from corridor.matching.allpairs.engine import best_pairs

    programs = posts.laid_out
    crowd = Crowd.of(found.rows, posts.table.axes, posts.lexicon)
    judged = pathways.judged(found.sides, posts.sides, day=day)
    shown = Shown.of(judged.verdicts, posts.sides.kinds, judged.exempt, posts.sides.in_korea)
    rows, columns = best_pairs(
        crowd, programs, found.vectors, shown, floors=floors, programs=most,
        candidates=BEST_CANDIDATES,
    )  # fmt: skip
    codes, best = judged.best_of_pairs(rows, columns)
    return KeptPairs(
        np.array([row.id for row in found.rows], np.int64)[rows], posts.ids[columns],
        points.of_pairs(crowd, programs, found.vectors, rows, columns, codes),
        codes, best, judged.names,
    )  # fmt: skip


def top(scores: Array, k: int) -> list[int]:
    """Places of the k highest scores, ties going to the earlier place; -inf is never chosen."""
    places = np.flatnonzero(scores > -np.inf)
    if len(places) > k:
        least = np.partition(scores[places], len(places) - k)[len(places) - k]
        places = places[scores[places] >= least]
    order = np.argsort(-scores[places], kind="stable")
    return [int(place) for place in places[order][:k]]


def _cosines(mine: Array, theirs: Array) -> Array:
    if not mine.shape[1] or mine.shape[1] != theirs.shape[1]:  # nobody, or no program, has one
        return np.full((len(mine), len(theirs)), np.nan, np.float32)
    return mine @ theirs.T


def _vector(row: Any, revision: str) -> Any:
    return row.vector if revision and row.vector_revision == revision else None


def ranges(ids: Iterator[int], size: int) -> Iterator[tuple[int, int]]:
    """First and last id of each block of `size`; ids ascend."""
    first = last = None
    for count, pk in enumerate(ids):
        if count % size == 0:
            if first is not None and last is not None:
                yield first, last
            first = pk
        last = pk
    if first is not None and last is not None:
        yield first, last
