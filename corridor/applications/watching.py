"""What a moment brings after the start: a first day to confirm, check-ins due, problems that wait,
stays that near their last day. Each is noted once, so it can run at any time and twice."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from corridor.applications import check_ins, problems, rosters, telling, zones
from corridor.applications.models import Application, CheckIn, Placement, PlacementNotice, State

What = PlacementNotice.What
MORNING = time(9)  # at the hub: nobody is written to at night
START_FOR = 60  # days after a first day that was offered, during which its confirmation is asked


def watch(now: datetime | None = None) -> dict[str, int]:
    now = now or timezone.now()
    return {
        "starts": _starts(now),
        "check_ins": _check_ins(now),
        "problems": problems.watch(now),
        "stays": rosters.watch(now),
    }


def _starts(now: datetime) -> int:
    """Ask the candidate, and the host, whether it has begun: the day after the first day."""
    put = 0
    day = timezone.localdate(now)
    waiting = (
        Application.objects.filter(
            state=State.ACCEPTED, placement=None, consent__isnull=False,
            offers__state="accepted", offers__starts_on__lt=day,
            offers__starts_on__gte=day - timedelta(days=START_FOR),
        )
        .select_related("candidate__user", "program__organization", "program__hub", "consent")
        .distinct()
    )  # fmt: skip
    for application in waiting:
        if not _is_morning(now, (zones.of(application.program) or zones.SEOUL).key):
            continue
        about = f"application/{application.pk}"
        put += telling.put(What.START, person=application.candidate.user,
                           application=application, about=about)  # fmt: skip
        if application.consent is not None and application.consent.stands:
            put += telling.put(What.START, organization=application.program.organization,
                               application=application, about=about)  # fmt: skip
    return put


def _check_ins(now: datetime) -> int:
    put = 0
    rule = check_ins.rules()
    today = timezone.localdate(now) + timedelta(days=1)  # a zone may be a day ahead
    open_ = CheckIn.objects.filter(
        answered_at=None, due_on__lte=today,
        due_on__gte=today - timedelta(days=rule["answer_for"]),
    ).select_related("placement__application__candidate__user")  # fmt: skip
    for each in open_:
        if not _is_morning(now, each.placement.timezone):
            continue
        late = (_day(now, each.placement) - each.due_on).days
        if late < 0:
            continue
        person, about = each.placement.application.candidate.user, str(each.pk)
        if late >= rule["tell_staff_after"]:
            put += telling.put(What.CHECK_IN_MISSED, check_in=each, about=about)
        elif late >= rule["remind_after"]:
            put += telling.put(What.CHECK_IN_AGAIN, person=person, check_in=each, about=about)
        else:
            put += telling.put(What.CHECK_IN, person=person, check_in=each, about=about)
    return put


def _day(now: datetime, placement: Placement) -> date:
    return now.astimezone(zones.named(placement.timezone)).date()


def _is_morning(now: datetime, zone: str) -> bool:
    return now.astimezone(zones.named(zone)).time() >= MORNING
