from __future__ import annotations

import time
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from corridor.candidates.importing import import_candidates
from corridor.candidates.models import Candidate
from corridor.common.imports import ImportCommand, Report, asked, source_name
from corridor.common.tables import read


class Command(ImportCommand):
    help = (
        "Takes people in from a CSV, JSON Lines or XLSX file as private profiles; says of every "
        "refused row why. Invites nobody. See docs/importing.md."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--walk", default="", choices=Candidate.Walk.values, metavar="WALK",
            help=f"for rows that do not tell it: {', '.join(Candidate.Walk.values)}",
        )  # fmt: skip

    def take_in(self, options: dict[str, Any], report: Report) -> None:
        started = time.monotonic()
        headings = import_candidates(
            read(options["file"]), source=source_name(options), report=report,
            mapping=asked(options["map"]), walk=options["walk"], dry_run=options["dry_run"],
            progress=self.progress,
        )  # fmt: skip
        self.say_unused(headings)
        self.stdout.write(_("Done in %s seconds.") % f"{time.monotonic() - started:.1f}")
