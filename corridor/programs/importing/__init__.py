"""Postings taken in from a file (`manage.py import_programs`; docs/importing.md).

What the file does not say stays empty: no pay, date or sector is made up. A host that is no
member is kept by the name that the source gives (`external_host`), under the system's own
organization `imported-postings`.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from datetime import date

from django.db import transaction
from django.utils import timezone

from corridor.accounts.models import Organization
from corridor.common import audit
from corridor.common.columns import Headings
from corridor.common.imports import Report, Saved, take
from corridor.common.tables import Table
from corridor.programs.importing import writing
from corridor.programs.importing.columns import COLUMNS
from corridor.programs.importing.reading import Posting, Reading


def import_programs(
    table: Table,
    *,
    source: str,
    report: Report,
    organization: Organization | None = None,
    mapping: dict[str, str] | None = None,
    dry_run: bool = False,
    day: date | None = None,
    progress: Callable[[int], None] = lambda read: None,
) -> Headings:
    """Take the table's postings in, batch by batch; returns what became of its headings.

    Rows known by (source, id) are brought up to date. Vectors are made afterwards, by the sweep
    or `manage.py embed_all`. Raises TableError.
    """
    headings = Headings(COLUMNS, mapping or {})
    with transaction.atomic() if dry_run else nullcontext():
        reading = Reading(headings, table, is_member=organization is not None,
                          day=day or timezone.localdate())  # fmt: skip
        host = organization or writing.system_organization()

        def save(batch: list[Posting]) -> Saved:
            saved = writing.save(batch, source=source, organization=host)
            refused = {refusal.line for refusal in saved.refused}
            for posting in batch:
                for name, reason in posting.notes if posting.line not in refused else ():
                    report.note(posting.line, name, reason)
            return saved

        take(table, prepare=reading, save=save, report=report, progress=progress)
        if report.added + report.updated:
            audit.record(
                "programs.imported", host, by=None, source=source, added=report.added,
                updated=report.updated, refused=report.refused.total(),
            )  # fmt: skip
        if dry_run:
            transaction.set_rollback(True)
    return headings
