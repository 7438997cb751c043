"""The audit row of a write. Call it inside the write's own transaction."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import QuerySet

from corridor.common.models import AuditEntry


def record(action: str, subject: models.Model, *, by: Any | None, **values: Any) -> AuditEntry:
    """`values` hold ids, states and names of changed fields: never what a person wrote."""
    return AuditEntry.objects.create(
        actor=by if by is not None and getattr(by, "pk", None) else None,
        action=action,
        subject_type=subject._meta.label,
        subject_id=str(subject.pk),
        values=values,
    )


def was_recorded(action: str, subject: models.Model, **values: Any) -> bool:
    """Whether this was done to the row already, with these values among the recorded ones."""
    return AuditEntry.objects.filter(
        action=action, subject_type=subject._meta.label, subject_id=str(subject.pk),
        values__contains=values,
    ).exists()  # fmt: skip


def visible_to(user: Any) -> QuerySet[AuditEntry]:
    """The whole log, to staff alone; newest first."""
    if not (getattr(user, "is_authenticated", False) and user.is_staff):
        return AuditEntry.objects.none()
    return AuditEntry.objects.select_related("actor").order_by("-at", "-pk")
