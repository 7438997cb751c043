"""The morning look at papers that wait: a reminder before the day, one after it."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from corridor.applications.countersigned import checks
from corridor.applications.countersigned.telling import put
from corridor.applications.models import FINAL, Paper, PaperNotice

What = PaperNotice.What


@transaction.atomic
def watch(today: date | None = None) -> int:
    """Every morning: remind the side whose act is due soon or late; returns new reminders.

    Safe to run twice: one reminder of a kind for one due day.
    """
    today = today or timezone.localdate()
    soon = today + timedelta(days=int(checks.data()["days"]["soon"]))
    waiting = (
        Paper.objects.filter(due_on__lte=soon)
        .exclude(turn="")
        .exclude(application__state__in=FINAL)
    )
    made = 0
    for paper in waiting:
        what = What.LATE if paper.due_on and paper.due_on < today else What.SOON
        about = f"{paper.due_on}/{paper.version}"
        made += put(paper, what, paper.turn, about=about)
    return made
