"""One block of a run: some candidates against all programs, by the code that pages use.

A block is small enough (`PAIRS_AT_ONCE`) that its matrices fit in memory together. It keeps each
candidate's best programs, and each own program's best candidates among the block; `runs` prunes
the latter to the best of all blocks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor.candidates.models import Candidate
from corridor.candidates.texts import PREFETCH as CANDIDATE_PREFETCH
from corridor.matching import pathways, scoring, yardstick
from corridor.matching.lexicon import Lexicon, Weighted
from corridor.matching.models import Block, Run
from corridor.matching.rows import candidate_row, program_row
from corridor.matching.scoring import Pairs, Scale
from corridor.matching.tables import (
    Array,
    ProgramTable,
    candidate_table,
    program_table,
    unit_rows,
)
from corridor.places.models import Hub
from corridor.programs import queries as programs
from corridor.programs.texts import PREFETCH as PROGRAM_PREFETCH

PAIRS_AT_ONCE = 1_500_000  # about 250 MB of working memory
MOST_CANDIDATES = 2_000
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
    lexicon, scale = yardstick.current()
    return Posts(
        table=program_table(rows, dict(Hub.objects.values_list("slug", "state__code"))),
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


def scored(block: Block) -> tuple[int, list[Kept]]:
    """The pairs considered, and those kept."""
    run = block.run
    posts = posts_of(run)
    people = (
        Candidate.objects.filter(
            pk__gte=block.first_id, pk__lte=block.last_id, user__is_active=True
        )
        .prefetch_related(*CANDIDATE_PREFETCH)
        .defer("staged_vector", "about", "research_interests", "passport_number")
        .order_by("pk")
    )
    rows, sides, found = [], [], []
    for person in people.iterator(chunk_size=500):
        rows.append(candidate_row(person, day=run.day))
        sides.append(pathways.candidate_side(person, day=run.day))
        found.append(_vector(person, run.vector_revision))
    if not rows or not len(posts.ids):
        return 0, []
    table = candidate_table(rows, posts.table.axes)
    best = pathways.best(sides, posts.sides, day=run.day)
    cosine = _cosines(unit_rows(found), posts.vectors)
    lexical = posts.lexicon.overlap([row.terms for row in rows], posts.weighed)
    parts = scoring.parts(table, posts.table, Pairs(cosine, lexical, best.codes), posts.scale)
    total = scoring.total(parts)
    meets = scoring.gates(table, posts.table) & (best.codes != scoring.NO)
    ranked = np.where(meets, total, -np.inf).astype(np.float32)
    kept = [
        Kept(
            rows[i].id,
            int(posts.ids[j]),
            float(total[i, j]),
            {name: round(float(matrix[i, j]), 6) for name, matrix in parts.items()},
            best.of(i, j).pathway,
            scoring.VERDICTS[best.of(i, j).code],
        )
        for i, j in sorted(_chosen(ranked, posts))
    ]
    return ranked.size, kept


def _chosen(ranked: Array, posts: Posts) -> set[tuple[int, int]]:
    chosen = {(i, j) for i, row in enumerate(ranked) for j in top(row, BEST_PROGRAMS)}
    for j in posts.own.tolist():
        chosen.update((i, j) for i in top(ranked[:, j], BEST_CANDIDATES))
    return chosen


def top(scores: Array, k: int) -> list[int]:
    """Places of the k highest scores, ties going to the earlier place; -inf is never chosen."""
    places = np.flatnonzero(scores > -np.inf)
    if len(places) > k:
        least = np.partition(scores[places], len(places) - k)[len(places) - k]
        places = places[scores[places] >= least]
    order = np.argsort(-scores[places], kind="stable")
    return [int(place) for place in places[order][:k]]


def _cosines(mine: Array, theirs: Array) -> Array:
    if mine.shape[1] != theirs.shape[1]:  # nobody, or no program, has a vector yet
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
