"""Every application is answered: what is due, what is late, and a host's record of answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

from django.db import transaction
from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from corridor.accounts.models import Organization
from corridor.applications import clock
from corridor.applications.models import (
    HOST,
    WAITS_FOR_HOST,
    Application,
    ApplicationEvent,
    Interview,
    Reminder,
    State,
)
from corridor.common import outbox
from corridor.programs.models import Program


def waiting_for_host() -> QuerySet[Application]:
    """Applications whose next answer the host owes; where the consent was withdrawn, none is.

    An offer that was not answered in time is the host's turn again, and has a due day then.
    """
    return Application.objects.filter(
        Q(state__in=WAITS_FOR_HOST) | Q(state=State.OFFERED, due_on__isnull=False),
        consent__isnull=False,
        consent__withdrawn_at=None,
    )


@transaction.atomic
def watch(*, today: date | None = None) -> int:
    """Note the reminders of the day and ask for their mails; returns how many are new.

    Safe to run at any time and twice: of one kind there is one for a due day.
    """
    today = today or timezone.localdate()
    _start_clocks()
    near = today + timedelta(days=clock.rules()["remind_before"])
    before = Reminder.objects.count()
    Reminder.objects.bulk_create(
        [
            Reminder(application=each, due_on=each.due_on, kind=kind_of(each.due_on, today))
            for each in waiting_for_host().filter(due_on__lte=near).only("pk", "due_on")
        ],
        ignore_conflicts=True,
    )
    untold = Reminder.objects.filter(told=False).order_by()
    for organization in set(
        untold.values_list("application__program__organization_id", flat=True)
    ):
        outbox.put("applications.remind", key=f"organization:{organization}", id=organization)
    return Reminder.objects.count() - before


def kind_of(due_on: date, today: date) -> str:
    """Which reminder the day asks for: soon, due, or late enough to tell staff."""
    if due_on > today:
        return Reminder.Kind.SOON
    late = (today - due_on).days >= clock.rules()["tell_staff_after"]
    return Reminder.Kind.LATE if late else Reminder.Kind.DUE


def _start_clocks() -> None:
    """Give a due day to those that have none yet: sent before there was a clock, or brought in."""
    for each in (
        waiting_for_host()
        .filter(due_on=None)
        .exclude(interviews__state=Interview.State.PROPOSED)  # the candidate's turn
        .select_related("program")
        .annotate(since=Subquery(_events().values("at").reverse()[:1]))
    ):
        since = timezone.localdate(each.since or each.updated_at)
        Application.objects.filter(pk=each.pk, due_on=None).update(
            due_on=clock.due(each.program.kind, each.state, since)
        )


def _events() -> QuerySet[ApplicationEvent]:
    return ApplicationEvent.objects.filter(application=OuterRef("pk")).order_by("at", "pk")


def late(*, today: date) -> list[dict[str, Any]]:
    """By organization, the worst first: {organization, count, oldest (days), programs}.

    For staff: who is waited for, never who waits.
    """
    rows = (
        waiting_for_host()
        .filter(due_on__lt=today)
        .order_by()
        .values("program_id")
        .annotate(count=Count("pk"), first=Min("due_on"))
    )
    counted = {row["program_id"]: row for row in rows}
    found: dict[int, dict[str, Any]] = {}
    for program in Program.objects.filter(pk__in=counted).select_related("organization"):
        row = counted[program.pk]
        entry = found.setdefault(
            program.organization_id,
            {"organization": program.organization, "count": 0, "oldest": 0, "programs": []},
        )
        entry["count"] += row["count"]
        entry["oldest"] = max(entry["oldest"], (today - row["first"]).days)
        entry["programs"].append({"program": program, "count": row["count"]})
    return sorted(found.values(), key=lambda entry: (-entry["oldest"], -entry["count"]))


def owed(user_applications: QuerySet[Application], *, today: date) -> dict[int, dict[str, int]]:
    """program id -> {"late", "soon"}: answers owed by a host, of the applications it may see."""
    near = today + timedelta(days=clock.rules()["remind_before"])
    rows = (
        user_applications.filter(due_on__lte=near)
        .order_by()
        .values("program_id")
        .annotate(late=Count("pk", filter=Q(due_on__lt=today)), all=Count("pk"))
    )
    return {
        row["program_id"]: {"late": row["late"], "soon": row["all"] - row["late"]} for row in rows
    }


@dataclass(frozen=True)
class Record:
    """A host's first answers over the period that ends today.

    `counted`: applications that were answered or whose first answer is overdue. What is not due
    yet, and what its candidate withdrew before an answer, counts for neither side.
    """

    counted: int
    answered: int
    in_time: int
    median_days: float | None
    since: date
    until: date
    least: int

    @property
    def enough(self) -> bool:
        return self.counted >= self.least

    @property
    def rate(self) -> int:
        """Answered, in whole percent, rounded down: 99.6 is not “all”."""
        return 100 * self.answered // self.counted if self.counted else 0


def record(*, organization: Organization, program: Program | None = None,
           today: date | None = None) -> Record:  # fmt: skip
    """The answers of a host over all its programs, or to one of them. One query."""
    today = today or timezone.localdate()
    rule = clock.rules()["record"]
    since = today - timedelta(days=rule["period"])
    sent = Application.objects.filter(
        program__organization=organization, submitted_at__date__gte=since
    ).exclude(state=State.DRAFT)
    if program is not None:
        sent = sent.filter(program=program)
    rows = sent.annotate(
        first=Subquery(_events().filter(side=HOST).values("at")[:1])
    ).values_list("program__kind", "state", "submitted_at", "first", "consent__withdrawn_at")
    return _counted(rows, since=since, today=today, least=rule["least"])


def _counted(
    rows: Iterable[tuple[str, str, datetime, datetime | None, datetime | None]],
    *, since: date, today: date, least: int,
) -> Record:  # fmt: skip
    waits: list[float] = []
    counted = in_time = 0
    for kind, state, sent, first, withdrawn in rows:
        due = clock.due(kind, State.SUBMITTED, timezone.localdate(sent))
        if first is not None:
            counted += 1
            waits.append((first - sent).total_seconds() / 86400)
            in_time += due is None or timezone.localdate(first) <= due
        elif state == State.SUBMITTED and withdrawn is None and due is not None and due < today:
            counted += 1
    return Record(
        counted=counted,
        answered=len(waits),
        in_time=in_time,
        median_days=median(waits) if waits else None,
        since=since,
        until=today,
        least=least,
    )
