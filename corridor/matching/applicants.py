"""How the applicants of one program fit it, for its host: all at once, in two queries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
from django.db.models import prefetch_related_objects

from corridor.candidates.models import Candidate
from corridor.candidates.texts import PREFETCH as CANDIDATE_PREFETCH
from corridor.matching import pathways
from corridor.matching.pairs import scored
from corridor.matching.rows import candidate_row, program_row
from corridor.matching.tables import unit_rows
from corridor.matching.views import MatchView
from corridor.programs.models import Program
from corridor.programs.texts import PREFETCH as PROGRAM_PREFETCH


def fits(program: Program, people: Sequence[Candidate], *, day: date) -> dict[int, MatchView]:
    """Each candidate's match with the program by candidate id, without reasons and gaps.

    Whoever asks must have the right to read these candidates: a host has it of its applicants.
    """
    if not people:
        return {}
    prefetch_related_objects(list(people), *CANDIDATE_PREFETCH)
    prefetch_related_objects([program], *PROGRAM_PREFETCH)
    against = scored(
        [(candidate_row(one, day=day), pathways.candidate_side(one, day=day)) for one in people],
        [(program_row(program), pathways.program_side(program))],
        cosine=np.array([[_cosine(one, program)] for one in people], np.float32),
        day=day,
    )
    return {
        one.pk: MatchView(
            candidate=one,
            program=program,
            day=day,
            score=against.score(at, 0),
            points=against.points(at, 0),
            is_provisional=bool(np.isnan(against.pairs.cosine[at, 0])),
            needs_pathway=against.best.of(at, 0) != pathways.NOT_NEEDED,
        )
        for at, one in enumerate(people)
    }


def _cosine(candidate: Any, program: Any) -> float:
    """NaN unless both vectors, of length 1, lie in one space."""
    if candidate.vector is None or program.vector is None:
        return float("nan")
    if candidate.vector_revision != program.vector_revision:
        return float("nan")
    mine, theirs = unit_rows([candidate.vector, program.vector])
    return float(mine @ theirs)
