"""Candidates taken in from a file (`manage.py import_candidates`; docs/importing.md).

Nobody is invited, nobody can sign in by it, and nothing is agreed to in anyone's name: a profile
stays private until its owner signs in and decides. What only its owner may tell (passport, birth
date, sex, military service) is not read. A profile that its owner has taken over is left alone.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from datetime import date

from django.db import transaction
from django.utils import timezone

from corridor.candidates.importing import writing
from corridor.candidates.importing.columns import COLUMNS, never_read
from corridor.candidates.importing.reading import Person, Reading
from corridor.common.columns import Headings
from corridor.common.imports import Report, Saved, take
from corridor.common.tables import Table


def import_candidates(
    table: Table,
    *,
    source: str,
    report: Report,
    mapping: dict[str, str] | None = None,
    walk: str = "",
    dry_run: bool = False,
    day: date | None = None,
    progress: Callable[[int], None] = lambda read: None,
) -> Headings:
    """Take the table's people in, batch by batch; returns what became of its headings.

    `walk` is for rows that do not tell it. People known by (source, id) are brought up to date
    until they sign in. Vectors are made afterwards, by the sweep. Raises TableError.
    """
    headings = Headings(COLUMNS, mapping or {}, never_read())
    if table.columns is not None:
        headings.check_header(table.columns)
    reading = Reading(headings, walk=walk, day=day or timezone.localdate())

    def save(batch: list[Person]) -> Saved:
        return writing.save(batch, source=source, note=report.note)

    with transaction.atomic() if dry_run else nullcontext():
        take(table, prepare=reading, save=save, report=report, progress=progress)
        if dry_run:
            transaction.set_rollback(True)
    return headings
