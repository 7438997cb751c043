"""Some candidates against some programs, scored in memory: what pages read. Runs use the same
`scoring` and `pathways` on blocks (see runs)."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from corridor import rules
from corridor.matching import pathways, scoring, yardstick
from corridor.matching.explain import Pair
from corridor.matching.lexicon import Lexicon, Weighted
from corridor.matching.rows import CandidateRow, ProgramRow
from corridor.matching.scoring import Pairs, Scale
from corridor.matching.tables import (
    Array,
    CandidateTable,
    Mask,
    ProgramTable,
    candidate_table,
    program_table,
)  # fmt: skip
from corridor.matching.threads import one_thread

Codes = NDArray[np.int8]


@dataclass(frozen=True)
class Scored:
    """All matrices are (C, P). `open`: the host's musts are met or not stated."""

    candidates: CandidateTable
    programs: ProgramTable
    pairs: Pairs
    best: pathways.Found
    parts: dict[str, Array]
    total: Array
    open: Mask
    scale: Scale

    def score(self, candidate: int, program: int) -> float:
        return float(self.total[candidate, program])

    def points(self, candidate: int, program: int) -> dict[str, float]:
        return {name: float(matrix[candidate, program]) for name, matrix in self.parts.items()}

    def is_blocked(self, candidate: int, program: int) -> bool:
        """Every pathway is closed."""
        return int(self.pairs.verdict[candidate, program]) == scoring.NO

    def programs_ranked(self, candidate: int) -> list[int]:
        """Open programs, best first; blocked ones after all others."""
        return _ranked(
            self.open[candidate], self.pairs.verdict[candidate], self.total[candidate],
            self.programs.rows,
        )  # fmt: skip

    def candidates_ranked(self, program: int) -> list[int]:
        return _ranked(
            self.open[:, program], self.pairs.verdict[:, program], self.total[:, program],
            self.candidates.rows,
        )  # fmt: skip

    def pair(
        self, candidate: int, program: int, open_questions: int = 0, answered: int = 0
    ) -> Pair:
        return Pair(
            self.candidates.rows[candidate],
            self.programs.rows[program],
            cosine=float(self.pairs.cosine[candidate, program]),
            lexical=float(self.pairs.lexical[candidate, program]),
            verdict=int(self.pairs.verdict[candidate, program]),
            score=self.score(candidate, program),
            open_questions=open_questions,
            answered=answered,
        )


def _ranked(
    open_: Mask, verdict: Codes, total: Array, rows: Sequence[CandidateRow | ProgramRow]
) -> list[int]:
    """Places, best first; blocked ones last, and the lower id first of equal ones."""
    places = np.flatnonzero(open_)
    ids = np.array([rows[at].id for at in places.tolist()], np.int64)
    order = np.lexsort((ids, -total[places], verdict[places] == scoring.NO))
    return [int(at) for at in places[order]]


# What the rules said of a person's list on one page is what they say on the next: by the person's
# facts, while the programs' sides are the same objects (`posting` keeps a side while its row
# stands). The sides are held, so that no later one takes the identity of one of them.
MOST_LISTS = 500  # about 20 kB each
_said: dict[Hashable, tuple[Sequence[pathways.ProgramSide], pathways.Found]] = {}


def remembered(
    candidates: Sequence[pathways.CandidateSide],
    programs: Sequence[pathways.ProgramSide] | pathways.Posted,
    day: date,
) -> pathways.Found:
    """`pathways.best`, kept where it is of one person with many programs."""
    if (
        len(candidates) != 1 or isinstance(programs, pathways.Posted)
        or len(programs) <= pathways.FEW
    ):  # fmt: skip
        return pathways.best(candidates, programs, day=day)
    (person,) = candidates
    key = (
        hash(frozenset(person.known.items())), person.past, day, rules.standing().number,
        tuple(map(id, programs)),
    )  # fmt: skip
    kept = _said.get(key)  # once: another thread may clear them meanwhile
    if kept is None:
        kept = programs, pathways.best(candidates, programs, day=day)
        if len(_said) >= MOST_LISTS:
            _said.clear()
        _said[key] = kept
    return kept[1]


@dataclass(frozen=True)
class _Laid:
    """Programs made ready. `sides`: for the rules, as they come where there are few."""

    table: ProgramTable
    sides: Sequence[pathways.ProgramSide] | pathways.Posted
    terms: Weighted


# All programs, against which one changed profile after another is held (see refreshing): laid out
# once while none of them, no hub and no count of terms has changed.
MANY = 1_000
_last: tuple[Hashable, Lexicon, _Laid] | None = None


def _laid_out(
    programs: Sequence[tuple[ProgramRow, pathways.ProgramSide]],
    hub_state: Mapping[str, str],
    lexicon: Lexicon,
) -> _Laid:
    global _last
    rows, sides = [row for row, _side in programs], [side for _row, side in programs]
    if len(programs) < MANY:
        return _Laid(
            program_table(rows, hub_state), sides, lexicon.prepared([row.terms for row in rows])
        )
    key = tuple(map(id, sides)), tuple(sorted(hub_state.items()))
    if _last is None or _last[0] != key or _last[1] is not lexicon:
        laid = _Laid(
            program_table(rows, hub_state),
            pathways.Posted.of(sides),
            lexicon.prepared([row.terms for row in rows]),
        )
        _last = key, lexicon, laid
    return _last[2]


@one_thread()
def scored(
    candidates: Sequence[tuple[CandidateRow, pathways.CandidateSide]],
    programs: Sequence[tuple[ProgramRow, pathways.ProgramSide]],
    *,
    cosine: Array,
    day: date,
    measures: yardstick.Measures | None = None,
) -> Scored:
    """`cosine`: (C, P), NaN where a vector is missing. Costs one small query (the yardstick),
    unless its `measures` are given."""
    lexicon, scale, hub_state, _made_at = measures or yardstick.current()
    laid = _laid_out(programs, hub_state, lexicon)
    posts = laid.table
    people = candidate_table([row for row, _side in candidates], posts.axes)
    best = remembered([side for _row, side in candidates], laid.sides, day)
    overlap = lexicon.overlap([row.terms for row in people.rows], laid.terms)
    pairs = Pairs(cosine, overlap, best.codes)
    parts = scoring.parts(people, posts, pairs, scale)
    return Scored(
        people, posts, pairs, best, parts, scoring.total(parts), scoring.gates(people, posts), scale
    )
