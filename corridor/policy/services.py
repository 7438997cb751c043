"""Recording the data set in use, going over to changed files, and writing down a check."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor import rules
from corridor.accounts.permissions import is_staff
from corridor.common import audit
from corridor.policy.models import Check, RuleRevision
from corridor.rules import archives, running, upkeep
from corridor.rules.loading import revision_of

log = structlog.get_logger(__name__)
_LOCK = 0x52554C45  # of this one table: "RULE"


class ChangedMeanwhile(RuntimeError):
    """The files are no longer those that this process has read."""


@transaction.atomic
def record(*, origin: str, by: Any | None = None, note: str = "") -> RuleRevision:
    """Keep the data set that this process runs on, if it is new, and call it the current one.

    A second call changes nothing. Raises ChangedMeanwhile where its files have gone on without it,
    and rules.RuleDataError where there is no data set to run on.
    """
    revision = rules.revision()
    known = RuleRevision.objects.filter(revision=revision).defer("archive").first()
    if known is not None and known.is_current and not note:
        return known
    with connection.cursor() as cursor:  # several processes start at once
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    known = RuleRevision.objects.filter(revision=revision).defer("archive").first()
    if known is None:
        known = RuleRevision.objects.create(
            revision=revision, first_seen_on=timezone.localdate(), archive=_packed(revision),
            origin=origin, recorded_by=by, note=note,
        )  # fmt: skip
        if by is not None:  # of what a start records, the row itself is the log
            audit.record("rules.recorded", known, by=by, revision=revision, origin=origin)
    elif note:
        known.note = note
        known.save(update_fields=["note"])
    if not known.is_current:
        RuleRevision.objects.filter(is_current=True).update(is_current=False)
        known.is_current = True
        known.save(update_fields=["is_current"])
    return known


def _packed(revision: str) -> bytes:
    archive = archives.pack(running.folder())
    with archives.unpacked(archive) as folder:
        if revision_of(folder) != revision:
            raise ChangedMeanwhile(f"the files in {running.folder()} are not revision {revision}")
    return archive


def record_quietly(*, origin: str) -> None:
    """`record` where a process starts: whatever keeps it from being done is only logged."""
    try:
        record(origin=origin)
    except (DatabaseError, ChangedMeanwhile, rules.RuleDataError) as error:
        log.warning("policy.rules_not_recorded", origin=origin, error=type(error).__name__)


@dataclass(frozen=True)
class Reloaded:
    """What a reload came to. `problem`: why the running data set was kept, None if it was not."""

    before: str
    after: str
    problem: rules.RuleDataError | None


def reload(*, by: Any) -> Reloaded:
    """Read the rule files anew. A good data set is recorded, and every process goes over to it
    (following); with a bad one all stay as they are. Staff alone may."""
    if not is_staff(by):
        raise PermissionDenied
    before = rules.revision()
    problem = rules.reload()
    with transaction.atomic():
        row = record(origin=RuleRevision.Origin.RELOAD, by=by)
        if problem is not None:
            audit.record("rules.reload_refused", row, by=by, file=problem.file, line=problem.line)
        else:
            row.reloaded_at = timezone.now()
            row.save(update_fields=["reloaded_at"])
            audit.record("rules.reloaded", row, by=by, before=before, after=row.revision)
    return Reloaded(before, row.revision, problem)


@transaction.atomic
def check_statement(statement: str, *, by: Any, day: date, note: str, url: str = "") -> Check:
    """Write down that a person looked at a statement again. Raises ValidationError for a statement
    that the rules do not have, a day to come, or nothing said of what was looked at."""
    if not is_staff(by):
        raise PermissionDenied
    if upkeep.find(rules.standing().data, statement) is None:
        raise ValidationError(_("The rules have no such statement."))
    if day > timezone.localdate():
        raise ValidationError(_("The day of a check cannot be in the future."))
    if not note.strip():
        raise ValidationError(_("Write down what you looked at."))
    made = Check(statement=statement, day=day, by=by, note=note.strip(), url=url)
    made.full_clean()
    made.save()
    audit.record("rules.checked", made, by=by, statement=statement, day=day.isoformat())
    return made
