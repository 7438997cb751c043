"""manage.py load_demo: the demo corridor, for a first look. Refused in production."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from corridor.candidates.models import Candidate
from corridor.demo import loading
from corridor.programs.models import Program


class Command(BaseCommand):
    help = "Load the demo corridor (sample organizations, programs and people)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--day",
            type=date.fromisoformat,
            default=None,
            help="dates are counted from this day (default: today)",
        )
        parser.add_argument(
            "--reset",
            action="store_true",
            help="take every sample row away first, changes to them included",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        day = options["day"] or timezone.localdate()
        try:
            loaded = loading.load(
                day, reset=options["reset"], progress=lambda step: self._say(f"  {step}", options)
            )
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from error
        if not loaded:
            self._say("The demo corridor is already there; --reset loads it anew.", options)
            return
        self._say(
            f"Loaded {Program.objects.filter(source='demo').count()} sample programs and "
            f"{Candidate.objects.filter(source='demo').count()} sample people "
            f"in {time.monotonic() - began:.1f} s.",
            options,
        )

    def _say(self, text: str, options: dict[str, Any]) -> None:
        if options["verbosity"] > 0:
            self.stdout.write(text)
