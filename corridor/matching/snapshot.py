"""What the last finished run found, as it stands now (see `refreshing`): both sides' lists.

For alerts, shortlists and figures. A page that a candidate or a host looks at reads `queries`,
which computes anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Subquery

from corridor.matching import lists, scoring
from corridor.matching.models import Best, BestCandidates, BestPrograms, Run


@dataclass(frozen=True)
class Listed:
    """A pair in a list. `points` add up to `score` within 1/32,000."""

    candidate: int
    program: int
    rank: int  # from 1
    score: float  # 0 to 1
    points: dict[str, float]
    pathway: str
    verdict: str


def latest() -> Run | None:
    done = Run.objects.filter(state=Run.State.DONE)
    run: Run | None = done.order_by("-asked_at", "-pk").first()
    return run


def best_programs(candidate_id: int, run: Run | None = None) -> list[Listed]:
    """The candidate's best programs of `run` (default: the last finished one), best first."""
    run = run or latest()
    if run is None or run.state != Run.State.DONE:
        return []
    row = BestPrograms.objects.filter(candidate=candidate_id, run=run).first()
    return [] if row is None else _listed(run, row)


def best_candidates(program_id: int, run: Run | None = None) -> list[Listed]:
    """The program's best candidates; empty for a posting whose host is not with us."""
    run = run or latest()
    if run is None or run.state != Run.State.DONE:
        return []
    row = BestCandidates.objects.filter(program=program_id, run=run).first()
    return [] if row is None else _listed(run, row)


def best_candidate_ids(program_id: int) -> list[int]:
    """Who stands in the program's list of the last finished run, best first. One query."""
    done = Run.objects.filter(state=Run.State.DONE).order_by("-asked_at", "-pk").values("pk")[:1]
    rows = BestCandidates.objects.filter(program=program_id, run=Subquery(done))
    return list(rows.values_list("candidates", flat=True).first() or [])


def _listed(run: Run, row: Best) -> list[Listed]:
    found: list[Any] = []
    parts = len(run.parts)
    for at, (candidate, program) in enumerate(_ids(row)):
        units = row.points[at * parts : (at + 1) * parts]
        found.append(
            Listed(
                candidate=candidate,
                program=program,
                rank=at + 1,
                score=row.scores[at],
                points={
                    name: unit / lists.UNIT
                    for name, unit in zip(run.parts, units, strict=True)
                },
                pathway=run.pathways[row.pathways[at]],
                verdict=scoring.VERDICTS[row.verdicts[at]],
            )
        )
    return found


def _ids(row: Best) -> list[tuple[int, int]]:
    if isinstance(row, BestPrograms):
        return [(row.candidate_id, program) for program in row.programs]
    assert isinstance(row, BestCandidates)
    return [(candidate, row.program_id) for candidate in row.candidates]
