"""Looking after the rule data: ``manage.py rules check | diff | due | record | recorded``."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from corridor import rules
from corridor.policy import comparing, printing, queries, revisions, services
from corridor.policy.models import RuleRevision
from corridor.rules import running, upkeep
from corridor.rules.loading import load, revision_of

_REV = (
    "current (the files), a folder, a recorded revision or the beginning of one, "
    "or a Git revision such as HEAD~5"
)


class Command(BaseCommand):
    help = "Check the rule data, compare two revisions of it, list what is due for a check."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="what", required=True)
        said = ArgumentParser(add_help=False)
        said.add_argument("--lang", choices=("en", "ko"), default="en")
        said.add_argument("--format", choices=("text", "json"), default="text")
        on = ArgumentParser(add_help=False)
        on.add_argument("--day", type=date.fromisoformat, help="default: today")

        check = commands.add_parser(
            "check", parents=[said, on], help="every problem in the files, with line and mend"
        )
        check.add_argument("folder", nargs="?", type=Path, help="default: the folder in use")

        diff = commands.add_parser(
            "diff", parents=[said, on], help="what changed between two data sets, in words"
        )
        diff.add_argument("old", metavar="REV1", help=_REV)
        diff.add_argument("new", metavar="REV2")
        diff.add_argument(
            "--until", type=date.fromisoformat,
            help="also what the law of REV2 itself changes after --day, up to this day",
        )  # fmt: skip
        diff.add_argument(
            "--about", action="append", default=[], metavar="NAME",
            help="only this pathway, rule, fee, credential or fact (may be repeated)",
        )  # fmt: skip

        due = commands.add_parser(
            "due", parents=[said, on], help="what a person should check again, most overdue first"
        )
        due.add_argument("--days", type=int, help="older than N days (default: by volatility)")
        due.add_argument("--ahead", type=int, default=0, help="and what falls due in N days")
        due.add_argument(
            "--with-checks", action="store_true", help="count people's checks on the site"
        )

        record = commands.add_parser("record", help="keep the data set in use in the database")
        record.add_argument("--note", default="")
        commands.add_parser("recorded", parents=[said], help="the data sets that are kept")

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, f"_{options['what']}")(options)

    def _print(self, options: dict[str, Any], text: str, content: Any) -> None:
        if options["format"] == "json":
            text = json.dumps(content, ensure_ascii=False, indent=2)
        self.stdout.write(text)

    def _check(self, options: dict[str, Any]) -> None:
        folder = options["folder"] or running.folder()
        if not folder.is_dir():
            raise CommandError(f"{folder} is not a folder.")
        lang, day = options["lang"], options["day"] or timezone.localdate()
        problems = upkeep.check(folder)
        warnings = [] if problems else upkeep.warnings(load(folder), day=day)
        self._print(
            options,
            printing.check(problems, warnings, revision=revision_of(folder), lang=lang),
            {
                "revision": revision_of(folder),
                "problems": [each.as_dict(lang) for each in problems],
                "warnings": [each.as_dict(lang) for each in warnings],
            },
        )
        if problems:
            raise SystemExit(1)

    def _diff(self, options: dict[str, Any]) -> None:
        lang, day, until = options["lang"], options["day"] or timezone.localdate(), options["until"]
        if until is not None and until <= day:
            raise CommandError("--until must be later than --day.")
        try:
            with (
                revisions.opened(options["old"], anywhere=True) as old,
                revisions.opened(options["new"], anywhere=True) as new,
            ):
                compared = comparing.compared(
                    old, new, day=day, until=until, about=set(options["about"])
                )
        except revisions.UnknownRevision as error:
            raise CommandError(f"{error}.") from error
        self._print(options, printing.diff(compared, lang=lang), compared.as_dict(lang))

    def _due(self, options: dict[str, Any]) -> None:
        lang, day = options["lang"], options["day"] or timezone.localdate()
        checks: dict[str, date] = {}
        try:
            if options["with_checks"]:
                checks = queries.last_checks()
            data = load(running.folder())
        except DatabaseError as error:
            raise CommandError(f"--with-checks needs the database: {error}") from error
        except rules.RuleDataError as error:
            raise CommandError(f"{error}. `manage.py rules check` says how to mend it.") from error
        found = upkeep.due(
            data, day=day, days=options["days"], ahead=options["ahead"], checks=checks
        )
        self._print(
            options,
            printing.due(found, day=day, lang=lang),
            [each.as_dict(lang) for each in found],
        )

    def _record(self, options: dict[str, Any]) -> None:
        try:
            row = services.record(origin=RuleRevision.Origin.COMMAND, note=options["note"])
        except (DatabaseError, rules.RuleDataError, services.ChangedMeanwhile) as error:
            raise CommandError(f"Not recorded: {error}") from error
        self.stdout.write(f"Revision {row.revision}, first seen on {row.first_seen_on}.")

    def _recorded(self, options: dict[str, Any]) -> None:
        rows = [
            {
                "revision": row.revision,
                "first_seen_on": row.first_seen_on.isoformat(),
                "origin": row.origin,
                "current": row.is_current,
                "note": row.note,
            }
            for row in RuleRevision.objects.defer("archive")
        ]
        lines = (
            f"{row['revision']}  {row['first_seen_on']}  {row['origin']:<8}"
            f"{'  current' if row['current'] else ''}{'  ' + row['note'] if row['note'] else ''}"
            for row in rows
        )
        self._print(options, "\n".join(lines) or "None yet.", rows)

