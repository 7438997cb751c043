"""What is recorded of rule data sets and of checks. Pages are for staff alone; processes ask for
what they run on."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import structlog
from django.db import DatabaseError
from django.db.models import Max, QuerySet

from corridor.policy.models import Check, RuleRevision

log = structlog.get_logger(__name__)


def visible_to(user: Any) -> QuerySet[RuleRevision]:
    """The recorded data sets, newest first, without their archives; staff alone see them."""
    if not (getattr(user, "is_authenticated", False) and user.is_staff):
        return RuleRevision.objects.none()
    return RuleRevision.objects.select_related("recorded_by").defer("archive")


def checks_visible_to(user: Any) -> QuerySet[Check]:
    """People's checks, newest first; staff alone see them."""
    if not (getattr(user, "is_authenticated", False) and user.is_staff):
        return Check.objects.none()
    return Check.objects.select_related("by")


def last_checks() -> dict[str, date]:
    """The day of the last check by a person, by the statement's key."""
    return dict(Check.objects.values_list("statement").annotate(Max("day")).order_by())


def last_good() -> bytes | None:
    """The archive of the data set last in use; None without one, or without a database.

    A process whose rule files are broken starts on it (rules.configure).
    """
    try:
        found = RuleRevision.objects.filter(is_current=True).values_list("archive", flat=True)
        archive = found.first()
    except DatabaseError as error:
        log.warning("policy.last_good_unknown", error=type(error).__name__)
        return None
    return None if archive is None else bytes(archive)


def reload_asked(*, after: datetime) -> tuple[int, str] | None:
    """(id, revision) of the data set that processes were last asked to go over to, if later."""
    return (
        RuleRevision.objects.filter(reloaded_at__gt=after)
        .order_by("-reloaded_at")
        .values_list("pk", "revision")
        .first()
    )


def archive_of(revision_id: int) -> bytes:
    return bytes(RuleRevision.objects.values_list("archive", flat=True).get(pk=revision_id))


def by_prefix(prefix: str) -> list[RuleRevision]:
    """The recorded data sets whose revision begins so; at most two, to see that it is unique."""
    return list(RuleRevision.objects.filter(revision__startswith=prefix)[:2])
