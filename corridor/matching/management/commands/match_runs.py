from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from corridor.common import outbox
from corridor.matching import record, services
from corridor.matching.models import Run

_GIVE_UP_S = 60.0  # without any worker taking the run up
_ACTS: dict[str, Callable[..., Run]] = {
    "pause": services.pause_run,
    "resume": services.resume_run,
    "cancel": services.cancel_run,
}


class Command(BaseCommand):
    help = "Lists matching runs; shows, watches, pauses, resumes or cancels one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=["list", "show", "watch", *_ACTS])
        parser.add_argument(
            "run", nargs="?", type=int, help="its number; left out, the one asked for last"
        )
        parser.add_argument("--json", action="store_true", help="print JSON, one run a line")

    def handle(self, *args: Any, **options: Any) -> None:
        act, as_json = options["act"], options["json"]
        if act == "list":
            for run in Run.objects.order_by("-asked_at")[:20]:
                self.stdout.write(told(run, as_json))
            return
        run = _named(options["run"])
        if act in _ACTS:
            before = run.state
            run = _ACTS[act](run, by=None)
            if run.state == before:
                raise CommandError(f"Run {run.pk} is {run.state}: nothing to {act}.")
        if act == "watch":
            follow(run, self.stderr.write)
        self.stdout.write(told(run, as_json))


def _named(pk: int | None) -> Run:
    found = Run.objects.order_by("-asked_at")
    run: Run | None = (found if pk is None else found.filter(pk=pk)).first()
    if run is None:
        raise CommandError("There is no run yet." if pk is None else f"There is no run {pk}.")
    return run


def told(run: Run, as_json: bool = False) -> str:
    """One line of a run."""
    if as_json:
        return json.dumps(record.summary(run), ensure_ascii=False)
    took = "" if run.seconds is None else f" in {run.seconds:.1f} s"
    line = (
        f"Run {run.pk} ({run.state}): {run.candidates:,} people, {run.programs:,} programs, "
        f"{run.pairs:,} pairs{took}"
    )
    if run.is_under_way:
        line += f"; {how_far(record.progress(run))}"
    problem = record.problem_of(run)
    return f"{line}. {problem}" if problem else line


def how_far(now: record.Progress) -> str:
    pieces = [f"block {now.run.blocks_done:,} of {now.run.blocks_made:,}"]
    if now.pace is not None:
        pieces.append(f"{now.pace:,.0f} pairs a second")
    if now.ends_at is not None and now.seconds_left is not None:
        ends = timezone.localtime(now.ends_at)
        pieces.append(f"about {now.seconds_left:,.0f} s left (until {ends:%H:%M:%S})")
    names = ", ".join(worker.name for worker in now.workers if worker.is_busy)
    pieces.append(f"at it: {names or 'nobody'}")
    return ", ".join(pieces)


def follow(run: Run, say: Callable[[str], Any]) -> None:
    """Until the run has ended or is paused. Says so when nobody takes it up (CommandError)."""
    asked = shown = time.monotonic()
    while run.state in (Run.State.QUEUED, Run.State.RUNNING):
        time.sleep(0.2)
        run.refresh_from_db()
        now = time.monotonic()
        if run.state == Run.State.QUEUED and now > asked + _GIVE_UP_S:
            raise CommandError(
                f"No worker took the run up within {_GIVE_UP_S:.0f} seconds "
                f"({outbox.waiting()} messages wait for the broker). Start a worker: "
                "celery -A corridor.config worker. The run stays asked for."
            )
        if now > shown + 2:
            shown = now
            say(f"  {how_far(record.progress(run))}")
