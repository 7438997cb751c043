from __future__ import annotations

import json
import time
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation

from corridor.candidates.models import Candidate
from corridor.common import outbox
from corridor.matching import queries, services
from corridor.matching.models import Run

_GIVE_UP_S = 60.0  # without any worker taking the run up


class Command(BaseCommand):
    help = "Asks for a matching run over everybody; workers do it. With --wait, follows it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--wait", action="store_true", help="follow it to its end")
        parser.add_argument("--json", action="store_true", help="print the summary as JSON")
        parser.add_argument(
            "--day", type=date.fromisoformat, help="the day for which rules are read (YYYY-MM-DD)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        run = services.start_run(day=options["day"] or timezone.localdate())
        if not options["wait"]:
            self._tell(services.run_summary(run), options["json"])
            return
        self._follow(run)
        summary = services.run_summary(run)
        self._tell(summary, options["json"])
        if run.state != Run.State.DONE:
            raise CommandError(f"The run ended as {run.state}. {run.problem}".strip())
        if not options["json"]:
            self._one_candidate(run)

    def _follow(self, run: Run) -> None:
        """Until the run has ended. Says so when nobody takes it up."""
        asked = shown = time.monotonic()
        while run.state in (Run.State.QUEUED, Run.State.RUNNING):
            time.sleep(0.2)
            run.refresh_from_db()
            now = time.monotonic()
            if run.state == Run.State.QUEUED and now > asked + _GIVE_UP_S:
                waiting = outbox.waiting()
                raise CommandError(
                    f"No worker took the run up within {_GIVE_UP_S:.0f} seconds "
                    f"({waiting} messages wait for the broker). Start a worker: "
                    "celery -A corridor.config worker. The run stays asked for."
                )
            if now > shown + 2:
                shown = now
                done = run.blocks.exclude(done_at=None).count()
                self.stderr.write(f"  block {done} of {run.blocks.count()}")

    def _tell(self, summary: dict[str, Any], as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(summary, ensure_ascii=False))
            return
        seconds = summary["seconds"]
        took = "" if seconds is None else f" in {seconds:.1f} s"
        self.stdout.write(
            f"Run {summary['run']} ({summary['state']}): {summary['candidates']:,} people, "
            f"{summary['programs']:,} programs, {summary['pairs']:,} pairs{took}"
        )

    def _one_candidate(self, run: Run) -> None:
        """The best three of one sample candidate, as that person reads them."""
        first = run.matches.filter(rank_for_candidate=1, candidate__is_sample=True)
        best = first.order_by("-score", "candidate_id").values_list("candidate_id", flat=True)
        candidate = Candidate.objects.filter(pk=best.first()).first()
        if candidate is None:
            return
        with translation.override("ko"):
            self.stdout.write(f"\n{candidate.headline}")
            for view in queries.programs_for(candidate, day=run.day, limit=3):
                self.stdout.write(f"  {view.percent:3}  {view.program.title}")
                self.stdout.write(f"       {view.headline}")
                self.stdout.write(f"       {view.pathway_sentence}")
                for reason in view.reasons:
                    self.stdout.write(f"       + {reason.text} ({reason.percent})")
                for gap in view.gaps:
                    self.stdout.write(f"       - {gap.text} (+{gap.percent})")
