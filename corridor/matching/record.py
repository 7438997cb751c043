"""The record of runs over everybody, for staff."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet

from corridor.matching.models import Run


def visible_to(user: Any) -> QuerySet[Run]:
    """Runs, the newest first, each with `blocks_made` and `blocks_done`; staff alone see them."""
    if not (getattr(user, "is_authenticated", False) and user.is_staff):
        return Run.objects.none()
    return (
        Run.objects.select_related("asked_by")
        .annotate(
            blocks_made=Count("blocks"),
            blocks_done=Count("blocks", filter=Q(blocks__done_at__isnull=False)),
        )
        .order_by("-asked_at")
    )
