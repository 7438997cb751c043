"""What waits for staff: each queue with how many stand in it and since when the first does."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor.accounts import queries as accounts
from corridor.accounts.models import Organization
from corridor.applications import answering
from corridor.common.models import OutboxMessage, Switch
from corridor.programs.models import Report, Review


def queues(user: Any, *, today: date, rules_due: int) -> list[dict[str, Any]]:
    """{name, url, count, since}: one query for each; `since` is None where nothing waits."""
    unverified = accounts.organizations_visible_to(user).filter(
        status=Organization.Status.UNVERIFIED
    )
    late = answering.waiting_for_host().filter(due_on__lt=today)
    home, rules = reverse("staff:home"), reverse("staff:rule_due")
    return [
        _row(_("Programs of new hosts"), reverse("staff:programs"),
             Review.objects.filter(state=Review.State.WAITING), "asked_at"),
        _row(_("Reports by visitors"), reverse("staff:programs"),
             Report.objects.filter(settled_at=None), "at"),
        _row(_("Organizations to verify"), f"{home}#verify", unverified, "created_at"),
        _row(_("Candidates past the promised day"), reverse("staff:answers"), late, "due_on"),
        {"name": _("Rules to be checked again"), "url": rules, "count": rules_due, "since": None},
        _row(_("Messages in the outbox"), reverse("staff:runs"),
             OutboxMessage.objects.filter(handed_over_at=None), "created_at"),
        _row(_("Switches that are not on for everybody"), reverse("staff:switches"),
             Switch.objects.exclude(is_on=True, whom=Switch.Whom.EVERYBODY), "changed_at"),
    ]  # fmt: skip


def _row(name: str, url: str, rows: Any, moment: str) -> dict[str, Any]:
    found = rows.order_by().aggregate(count=Count("pk"), since=Min(moment))
    since = found["since"]
    if isinstance(since, date) and not isinstance(since, datetime):
        since = timezone.make_aware(datetime.combine(since, time()))
    return {"name": name, "url": url, "count": found["count"], "since": since}
