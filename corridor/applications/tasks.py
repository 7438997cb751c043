from __future__ import annotations

from celery import shared_task

from corridor.applications import notices


@shared_task(name="applications.tell")
def tell(id: int) -> int:
    """Write to the side that did not act. Safe to run twice: a state is told once."""
    return notices.tell(id)
