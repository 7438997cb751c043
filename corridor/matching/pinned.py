"""What a run is scored with, and whether that is still what is in use.

A run is of one rules revision, one vector space, one yardstick and one set of parts. A block that
finds others refuses: two revisions never meet in one run.
"""

from __future__ import annotations

from typing import Any

from corridor import rules
from corridor.common import vectors
from corridor.matching import scoring
from corridor.matching.models import Run, Yardstick


class Moved(Exception):
    """Something that a run is scored with was replaced. `code` and `values` are for
    `record.problem_of`. `may_pass`: perhaps only this process lags behind (it goes over to
    reloaded rules within half a minute)."""

    def __init__(self, code: str, *values: str, may_pass: bool = False) -> None:
        super().__init__(code, *values)
        self.code, self.values, self.may_pass = code, values, may_pass

    @property
    def problem(self) -> str:
        return " ".join((self.code, *self.values))


def now() -> dict[str, Any]:
    """The fields of a new run."""
    space = vectors.space()
    return {
        "rules_revision": rules.revision(),
        "vector_revision": space.revision if space else "",
        "yardstick_at": _yardstick(),
        "parts": list(scoring.PARTS),
        "pathways": ["", *(pathway.id for pathway in rules.pathways())],
    }


def check(run: Run) -> None:
    """Raises Moved where the run can no longer be scored with what it began with. Two small
    queries."""
    check_scores(run)
    if run.yardstick_at != _yardstick():
        raise Moved("yardstick_moved")


def check_scores(run: Run) -> None:
    """The same for lists that live on after their run: the yardstick may be newer there."""
    current = rules.revision()
    if run.rules_revision != current:
        raise Moved("rules_moved", run.rules_revision, current, may_pass=True)
    if run.parts != list(scoring.PARTS):
        raise Moved("parts_moved", may_pass=True)
    if not run.vector_revision:
        return  # begun before the first text had a vector: every block is scored without
    space = vectors.space()
    if space is None or run.vector_revision != space.revision:
        raise Moved("vectors_moved")


def _yardstick() -> Any:
    return Yardstick.objects.filter(pk=1).values_list("made_at", flat=True).first()
