from __future__ import annotations

import time
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from corridor.accounts.models import Organization
from corridor.common.imports import ImportCommand, Report, asked, source_name
from corridor.common.tables import read
from corridor.programs.importing import import_programs


class Command(ImportCommand):
    help = (
        "Takes postings in from a CSV, JSON Lines or XLSX file; says of every refused row why. "
        "Run again, it changes only what differs. See docs/importing.md."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--organization", default="", metavar="SLUG",
            help="the member whose programs these are (default: hosts are kept by name only)",
        )  # fmt: skip

    def take_in(self, options: dict[str, Any], report: Report) -> None:
        started = time.monotonic()
        headings = import_programs(
            read(options["file"]), source=source_name(options), report=report,
            organization=self._organization(options["organization"]),
            mapping=asked(options["map"]), dry_run=options["dry_run"], progress=self.progress,
        )  # fmt: skip
        self.say_unused(headings)
        self.stdout.write(_("Done in %s seconds.") % f"{time.monotonic() - started:.1f}")

    def _organization(self, slug: str) -> Organization | None:
        if not slug:
            return None
        found = Organization.objects.filter(slug=slug).first()
        if found is None:
            raise CommandError(_("There is no organization “%s”. Check its address name.") % slug)
        return found
