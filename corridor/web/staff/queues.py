"""What waits for staff: each queue with how many stand in it and since when the first does."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.db.models import Case, Count, F, Max, Min, Q, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor.accounts import queries as accounts
from corridor.accounts.models import Organization
from corridor.applications import after, answering
from corridor.applications.models import Problem
from corridor.common.models import OutboxMessage, Switch
from corridor.programs.models import Report, Review
from corridor.web.staff.problems import missed


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
        _row(_("Problems told in private"), reverse("staff:problems"),
             _problems(user), "waits_since"),
        _row(_("Check-ins that nobody answered"), reverse("staff:problems"),
             missed(user, today), "due_on"),
        {"name": _("Rules to be checked again"), "url": rules, "count": rules_due, "since": None},
        _row(_("Messages in the outbox"), reverse("staff:runs"),
             OutboxMessage.objects.filter(handed_over_at=None), "created_at"),
        _row(_("Switches that are not on for everybody"), reverse("staff:switches"),
             Switch.objects.exclude(is_on=True, whom=Switch.Whom.EVERYBODY), "changed_at"),
    ]  # fmt: skip


def _problems(user: Any) -> Any:
    """Those that wait for staff, `waits_since` it was told, or since the person's last word where
    it was answered before."""
    return after.problem_queue(user).filter(state=Problem.State.OPEN).annotate(
        waits_since=Case(
            When(first_answered_at=None, then=F("created_at")),
            default=Max("messages__at", filter=Q(messages__by_staff=False)),
        )
    )


def _row(name: str, url: str, rows: Any, moment: str) -> dict[str, Any]:
    found = rows.order_by().aggregate(count=Count("pk"), since=Min(moment))
    since = found["since"]
    if isinstance(since, date) and not isinstance(since, datetime):
        since = timezone.make_aware(datetime.combine(since, time()))
    return {"name": name, "url": url, "count": found["count"], "since": since}
