"""The record of runs over everybody, for staff: what each was, how far it is, what went wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from corridor.matching import claims
from corridor.matching.models import Run

LATELY = timedelta(minutes=1)  # over which the pace is measured


def visible_to(user: Any) -> QuerySet[Run]:
    """Runs, the newest first; staff alone see them."""
    if not (getattr(user, "is_authenticated", False) and user.is_staff):
        return Run.objects.none()
    return Run.objects.select_related("asked_by").order_by("-asked_at")


@dataclass(frozen=True)
class Worker:
    name: str
    blocks: int  # done within LATELY
    is_busy: bool  # at a block of this run now


@dataclass(frozen=True)
class Progress:
    """`pace`: pairs a second over the last minute; None while unknown or where nothing moves."""

    run: Run
    pace: float | None
    workers: tuple[Worker, ...]

    @property
    def share(self) -> float:
        """0 to 1, of the blocks."""
        made = self.run.blocks_made
        return self.run.blocks_done / made if made else float(self.run.state == Run.State.DONE)

    @property
    def percent(self) -> int:
        return int(100 * self.share)

    @property
    def busy(self) -> int:
        return sum(worker.is_busy for worker in self.workers)

    @property
    def seconds_left(self) -> float | None:
        if self.pace is None or self.run.state != Run.State.RUNNING:
            return None
        left = self.run.candidates * self.run.programs - self.run.pairs
        return float(max(0, left)) / self.pace

    @property
    def ends_at(self) -> datetime | None:
        left = self.seconds_left
        return None if left is None else timezone.now() + timedelta(seconds=left)

    @property
    def nobody_came(self) -> bool:
        """Asked for a minute ago, and no worker has begun a block."""
        waits = self.run.state == Run.State.QUEUED
        return bool(waits and timezone.now() > self.run.asked_at + LATELY)


def progress(run: Run) -> Progress:
    """Reads only the run's own blocks (hundreds to thousands of short rows), never its lists."""
    if not run.is_under_way:
        return Progress(run, None, ())
    since = timezone.now() - LATELY
    lately: dict[str, Any] = run.blocks.filter(done_at__gte=since).aggregate(
        pairs=Sum("pairs"), first=Min("started_at")
    )
    pace = None
    if lately["pairs"]:
        seconds = (timezone.now() - max(since, lately["first"])).total_seconds()
        pace = lately["pairs"] / max(seconds, 1e-3)
    held = claims.held()
    left = run.blocks.filter(done_at=None).exclude(started_at=None)
    at_it = {
        name for pk, name in left.values_list("pk", "worker") if pk % claims.LARGEST in held
    }
    done = dict(
        run.blocks.filter(done_at__gte=since)
        .order_by()
        .values_list("worker")
        .annotate(n=Count("pk"))
    )
    workers = tuple(
        Worker(name, done.get(name, 0), name in at_it) for name in sorted(at_it | done.keys())
    )
    return Progress(run, pace, workers)


def problem_of(run: Run) -> str:
    """The run's problem in words, or an empty text."""
    code, *values = run.problem.split() or [""]
    return str(_said(code, values) or run.problem)


def _said(code: str, values: list[str]) -> Any:
    if code == "rules_moved" and len(values) == 2:
        return _(
            "The rules were reloaded while it was under way (%(old)s, then %(new)s). "
            "A run keeps to one revision. Ask for a new run."
        ) % {"old": values[0], "new": values[1]}
    if code == "vectors_moved":
        return _(
            "The texts were moved to another model while it was under way. "
            "A run keeps to one. Ask for a new run."
        )
    if code == "yardstick_moved":
        return _(
            "What scores are measured with was made anew while it was under way. "
            "Ask for a new run."
        )
    if code == "parts_moved":
        return _("A worker computes another version of the score. Restart every worker.")
    if code == "block_failed" and len(values) == 2:
        return _("Block %(number)s could not be done (%(error)s).") % {
            "number": values[0], "error": values[1]
        }  # fmt: skip
    if code == "block_never_done" and len(values) == 2:
        return ngettext(
            "Block %(number)s was begun %(n)s time and never finished. Do its workers have "
            "enough memory?",
            "Block %(number)s was begun %(n)s times and never finished. Do its workers have "
            "enough memory?",
            int(values[1]),
        ) % {"number": values[0], "n": values[1]}
    return None


def summary(run: Run) -> dict[str, Any]:
    """A run in figures, JSON-able."""
    now = progress(run)
    return {
        "run": run.pk,
        "state": run.state,
        "day": run.day.isoformat(),
        "candidates": run.candidates,
        "programs": run.programs,
        "pairs": run.pairs,
        "blocks": run.blocks_made,
        "blocks_done": run.blocks_done,
        "pairs_a_second": None if now.pace is None else round(now.pace),
        "seconds_left": None if now.seconds_left is None else round(now.seconds_left),
        "workers": [worker.name for worker in now.workers if worker.is_busy],
        "seconds": run.seconds,
        "rules_revision": run.rules_revision,
        "vector_revision": run.vector_revision,
        "problem": problem_of(run),
    }
