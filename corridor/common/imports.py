"""Taking a table in, batch by batch: what every import does, whatever its rows are.

A batch is one transaction. Where the database refuses one, its halves are tried, so that one bad
row costs itself alone.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from corridor.common.columns import Headings, Unfit
from corridor.common.tables import Refusal, Row, Table, TableError, plain_name

BATCH = 500


@dataclass
class Saved:
    """How a batch's rows fared. `refused`: by what stands in the database."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: list[Refusal] = field(default_factory=list)


@dataclass
class Report:
    """What became of each row: counts, and a line in `out` for every refusal and note.

    It holds line numbers, field names and reasons; never a cell.
    """

    out: TextIO | None = None
    read: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)  # (field, reason)
    noted: Counter[tuple[str, str]] = field(default_factory=Counter)
    tallies: dict[str, Counter[str]] = field(default_factory=dict)
    first_lines: dict[tuple[str, str], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.out:
            self._writer = csv.writer(self.out)
            self._writer.writerow(["line", "what", "field", "reason"])

    @property
    def taken(self) -> int:
        return self.added + self.updated + self.unchanged

    def refuse(self, refusal: Refusal) -> None:
        self._count(self.refused, "refused", refusal)

    def note(self, line: int, name: str, reason: str) -> None:
        """Something to know of a row that was taken."""
        self._count(self.noted, "note", Refusal(line, name, reason))

    def tally(self, what: str, value: str) -> None:
        self.tallies.setdefault(what, Counter())[value] += 1

    def _count(self, counter: Counter[tuple[str, str]], what: str, said: Refusal) -> None:
        key = (said.field, str(said.reason))
        counter[key] += 1
        self.first_lines.setdefault(key, said.line)
        if self.out:
            # A heading of a hostile file may look like a formula to the program that opens this.
            name = f"'{said.field}" if said.field.startswith(("=", "+", "-", "@")) else said.field
            self._writer.writerow([said.line, what, name, said.reason])

    def lines(self, *, dry_run: bool = False) -> Iterator[str]:
        yield _("Rows read: %(read)s. New: %(added)s, changed: %(updated)s, already there: "
                "%(unchanged)s, refused: %(refused)s.") % {
            "read": f"{self.read:,}", "added": f"{self.added:,}",
            "updated": f"{self.updated:,}", "unchanged": f"{self.unchanged:,}",
            "refused": f"{self.refused.total():,}",
        }  # fmt: skip
        if dry_run:
            yield _("This was a trial: nothing was written.")
        yield from self._listed(_("Refused:"), self.refused)
        yield from self._listed(_("Taken, but note:"), self.noted)
        for what, counts in self.tallies.items():
            yield f"{what}: " + ", ".join(f"{name} {n:,}" for name, n in counts.most_common())

    def _listed(self, title: str, counter: Counter[tuple[str, str]]) -> Iterator[str]:
        if counter:
            yield title
        for (name, reason), count in counter.most_common(40):
            where = _("first on line %s") % self.first_lines[name, reason]
            yield f"  {count:>7,}  {name + ': ' if name else ''}{reason} ({where})"
        if len(counter) > 40:
            yield "  " + _("… and %s more kinds, which --report lists.") % (len(counter) - 40)


Prepare = Callable[[Row], Any]
Save = Callable[[list[Any]], Saved]


def take(
    table: Table, *, prepare: Prepare, save: Save, report: Report, size: int = BATCH,
    progress: Callable[[int], None] = lambda read: None,
) -> None:  # fmt: skip
    """Read, check and save every row; what is refused goes to `report`.

    `prepare` reads a row (or raises Unfit) into something that has a `line`; `save` writes many
    of them.
    """
    batch: list[Any] = []
    for row in table.rows:
        report.read += 1
        if isinstance(row, Refusal):
            report.refuse(row)
            continue
        try:
            batch.append(prepare(row))
        except Unfit as error:
            report.refuse(Refusal(row.line, error.field, error.reason))
        if len(batch) >= size:
            _save(batch, save, report)
            batch = []
        if report.read % size == 0:
            progress(report.read)
    if batch:
        _save(batch, save, report)


def _save(batch: list[Any], save: Save, report: Report) -> None:
    try:
        with transaction.atomic():
            saved = save(batch)
    except DatabaseError:
        if len(batch) == 1:
            reason = _(
                "The database refuses this row. Check it for repeated or contradicting values."
            )
            report.refuse(Refusal(batch[0].line, "", reason))
            return
        half = len(batch) // 2
        _save(batch[:half], save, report)
        _save(batch[half:], save, report)
        return
    report.added += saved.added
    report.updated += saved.updated
    report.unchanged += saved.unchanged
    for refusal in saved.refused:
        report.refuse(refusal)


class ImportCommand(BaseCommand):
    """The frame of the import commands: their common options, the report, the words at the end."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help=".csv, .jsonl or .xlsx")
        parser.add_argument(
            "--source", default="", help="name under which rows are known again (default: the "
            "file's name without its ending)",
        )  # fmt: skip
        parser.add_argument(
            "--map", action="append", default=[], metavar="COLUMN=FIELD",
            help="what a column of the file means; may be given many times",
        )  # fmt: skip
        parser.add_argument(
            "--dry-run", action="store_true", help="check everything, write nothing"
        )
        parser.add_argument("--report", type=Path, help="write refused rows and notes to this CSV")
        parser.add_argument(
            "--lang", choices=["en", "ko"], default="en", help="language of the report"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(options["lang"]):
            try:
                self._run(options)
            except TableError as error:
                raise CommandError(str(error)) from error

    def _run(self, options: dict[str, Any]) -> None:
        path: Path = options["report"]
        if not path:
            self._take(options, Report())
            return
        try:
            # With a mark at its head Excel reads the Korean in it.
            with path.open("w", encoding="utf-8-sig", newline="") as out:
                self._take(options, Report(out))
        except OSError as error:
            raise CommandError(
                _("The report cannot be written to %(path)s: %(why)s")
                % {"path": path, "why": error.strerror}
            ) from error

    def _take(self, options: dict[str, Any], report: Report) -> None:
        stopped: TableError | None = None
        try:
            self.take_in(options, report)
        except TableError as error:
            if not report.read:
                raise
            stopped = error
        for line in report.lines(dry_run=options["dry_run"]):
            self.stdout.write(line)
        if stopped:
            raise CommandError(
                _("Reading stopped after %(read)s rows; what was taken stays. %(why)s")
                % {"read": f"{report.read:,}", "why": stopped}
            )
        if report.refused and not report.taken:
            raise CommandError(_("No row was taken."))

    def take_in(self, options: dict[str, Any], report: Report) -> None:
        raise NotImplementedError

    def progress(self, read: int) -> None:
        if read % (10 * BATCH) == 0:
            self.stderr.write(f"  {read:,}")

    def say_unused(self, headings: Headings) -> None:
        for heading, why in headings.unused.items():
            said = why or _("no field is known by this name; --map can name one")
            self.stdout.write(_("Column “%(name)s” is not read: %(why)s") % {
                "name": heading, "why": said,
            })  # fmt: skip


def asked(options: list[str]) -> dict[str, str]:
    """The --map options as heading → field."""
    made: dict[str, str] = {}
    for option in options:
        heading, equals, target = option.rpartition("=")
        if not equals or not heading.strip() or not target.strip():
            raise TableError(_("Write --map as COLUMN=FIELD, not “%s”.") % option)
        made[heading.strip()] = target.strip()
    return made


def source_name(options: dict[str, Any]) -> str:
    """At most 60 characters; that of the file where none was given."""
    name: str = options["source"].strip() or options["file"].stem
    if not plain_name(name):
        raise TableError(_("Name the source: --source NAME"))
    return name[:60]
