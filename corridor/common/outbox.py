"""The outbox: a write and the work it asks for are saved together, so neither is lost.

`put` inside a transaction; when it commits, one attempt is made to hand the message to Celery.
With the broker down nothing fails: the message waits, and the sweep (`common.relay_outbox`,
every two seconds) hands it over when the broker is back. Delivery is at least once, so every
task must be safe to run twice.
"""

from __future__ import annotations

import threading
import time
from typing import Any

import structlog
from celery import current_app
from django.db import transaction
from django.utils import timezone

from corridor.common.models import OutboxMessage

log = structlog.get_logger(__name__)

# After a failed hand-over this process leaves the broker alone for a moment, so that pages stay
# quick while it is down.
_RETRY_AFTER_S = 5.0
_broker = threading.local()


def put(task: str, *, key: str = "", **arguments: Any) -> OutboxMessage:
    """Ask for `task(**arguments)` once the surrounding transaction commits."""
    message = OutboxMessage.objects.create(task=task, key=key, arguments=arguments)
    transaction.on_commit(lambda: _hand_over_now(message.pk), robust=True)
    return message


def _hand_over_now(pk: int) -> None:
    if time.monotonic() < getattr(_broker, "down_until", 0.0):
        return
    relay(ids=[pk])


def relay(*, ids: list[int] | None = None, limit: int = 500) -> int:
    """Hand waiting messages to Celery; returns how many went. Two relays never send one twice."""
    sent = 0
    with transaction.atomic():
        waiting = OutboxMessage.objects.select_for_update(skip_locked=True).filter(
            handed_over_at=None
        )
        if ids is not None:
            waiting = waiting.filter(pk__in=ids)
        for message in waiting.order_by("pk")[:limit]:
            try:
                current_app.send_task(message.task, kwargs=message.arguments, retry=False)
            except Exception as error:  # any broker fault: the message stays and is tried again
                _broker.down_until = time.monotonic() + _RETRY_AFTER_S
                log.warning("outbox.broker_unreachable", error=type(error).__name__)
                message.attempts += 1
                message.save(update_fields=["attempts"])
                break
            message.handed_over_at = timezone.now()
            message.attempts += 1
            message.save(update_fields=["handed_over_at", "attempts"])
            sent += 1
    return sent


def waiting() -> int:
    return OutboxMessage.objects.filter(handed_over_at=None).count()
