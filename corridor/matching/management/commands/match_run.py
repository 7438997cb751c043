from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation

from corridor.candidates.models import Candidate
from corridor.matching import queries, services
from corridor.matching.management.commands.match_runs import follow, told
from corridor.matching.models import BestPrograms, Run


class Command(BaseCommand):
    help = "Asks for a matching run over everybody; workers do it. With --wait, follows it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--wait", "--watch", action="store_true", help="follow it to its end")
        parser.add_argument("--json", action="store_true", help="print the summary as JSON")
        parser.add_argument(
            "--day", type=date.fromisoformat, help="the day for which rules are read (YYYY-MM-DD)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            run = services.start_run(day=options["day"] or timezone.localdate())
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        if not options["wait"]:
            self.stdout.write(told(run, options["json"]))
            return
        follow(run, self.stderr.write)
        self.stdout.write(told(run, options["json"]))
        if run.state != Run.State.DONE:
            raise CommandError(f"The run ended as {run.state}.")
        if not options["json"]:
            self._one_candidate(run)

    def _one_candidate(self, run: Run) -> None:
        """The best three of one sample candidate, as that person reads them."""
        samples = BestPrograms.objects.filter(run=run, candidate__is_sample=True)
        best = samples.order_by("-scores__0", "candidate_id").values_list("candidate_id", flat=True)
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
                    self.stdout.write(f"       + {reason.text} ({reason.effect})")
                for gap in view.gaps:
                    self.stdout.write(f"       - {gap.text} (+{gap.effect})")
