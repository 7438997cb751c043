"""Tasks of what comes after the start; corridor.applications.tasks imports them for Celery."""

from __future__ import annotations

from celery import shared_task

from corridor.applications import telling, watching


@shared_task(
    name="applications.tell_placement", autoretry_for=(OSError,), retry_backoff=5,
    retry_backoff_max=50, max_retries=100,
)  # fmt: skip
def tell_placement(id: int) -> int:
    """Send one notice of a placement, a problem or a stay. Safe to run twice: it is told once."""
    return telling.tell(id)


@shared_task(name="applications.watch_placements")
def watch_placements() -> dict[str, int]:
    """Every ten minutes: starts to confirm, check-ins due, problems that wait, stays that end."""
    return watching.watch()
