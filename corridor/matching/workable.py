"""Which open programs some visa route may work for, for one person: the filter of the search."""

from __future__ import annotations

from datetime import date

from corridor.candidates.models import Candidate
from corridor.matching import pathways
from corridor.matching.scoring import VERDICTS
from corridor.programs import queries as programs
from corridor.programs.texts import PREFETCH

_MAY_WORK = {"works", "works_if", "unknown", "not_needed"}


def workable_programs(candidate: Candidate, *, day: date) -> list[int]:
    """Ids of open programs whose best route is not closed on the facts known (three queries)."""
    rows = list(
        programs.published(day)
        .select_related("organization")
        .prefetch_related(*PREFETCH)
        .defer("vector", "staged_vector", "description_ko", "description_en", "term_ids")
    )
    found = pathways.best(
        [pathways.candidate_side(candidate, day=day)],
        [pathways.program_side(row) for row in rows],
        day=day,
    )
    return [
        row.pk for at, row in enumerate(rows) if VERDICTS[found.of(0, at).code] in _MAY_WORK
    ]
