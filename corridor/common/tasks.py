from __future__ import annotations

from datetime import timedelta

from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from corridor.common import outbox
from corridor.common.models import OutboxMessage


@shared_task(name="common.relay_outbox")
def relay_outbox() -> int:
    return outbox.relay()


@shared_task(name="common.clear_outbox")
def clear_outbox(days: int = 14) -> int:
    """Drop messages handed over more than `days` ago."""
    old = timezone.now() - timedelta(days=days)
    return OutboxMessage.objects.filter(handed_over_at__lt=old).delete()[0]


@shared_task(name="common.forget_sessions")
def forget_sessions() -> None:
    """Drop sessions that have ended, and with them what visitors answered in theirs."""
    call_command("clearsessions")
