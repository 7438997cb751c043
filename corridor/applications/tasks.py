from __future__ import annotations

from celery import shared_task

from corridor.applications import notices


@shared_task(
    name="applications.tell",
    autoretry_for=(OSError,),  # a mail server that is down or refuses (smtplib's errors too)
    retry_backoff=5,  # seconds, doubled each time
    retry_backoff_max=50,
    max_retries=100,
)
def tell(id: int) -> int:
    """Write to the side that did not act. Safe to run twice: a state is told once."""
    return notices.tell(id)
