"""Where each student of a university stands, and who is stuck: by state, days in it, and whose
turn it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor.applications import visa_steps
from corridor.applications.models import (
    FINAL,
    WAITS_FOR_HOST,
    Application,
    ApplicationEvent,
    State,
)
from corridor.partnerships.models import Affiliation
from corridor.web import visa_stand

STUCK_DAYS = 14  # in one state, where it still waits for somebody
NO_STEP_DAYS = 30  # confirmed by the university, and nothing sent


def of(students: Iterable[Affiliation], today: date) -> list[dict[str, Any]]:
    """One row a student and application, those who are stuck first. Drafts stay private.

    {affiliation, name, roman, program, state, tone, days, turn, stuck, why, visa}; two queries.
    Visa steps stand there only as far as the student shows them.
    """
    listed = list(students)
    found: dict[int, list[Application]] = defaultdict(list)
    moved = Q(events__kind=ApplicationEvent.Kind.MOVED) & ~Q(
        events__from_state=F("events__to_state")
    )
    rows = (
        Application.objects.filter(candidate__user__in=[each.student_id for each in listed])
        .exclude(state=State.DRAFT)
        .select_related("program__organization", "candidate", "placement")
        .prefetch_related("steps")
        .annotate(moved_at=Max("events__at", filter=moved))
    )
    for row in rows:
        found[row.candidate.user_id].append(row)
    made = []
    for each in listed:
        own = found.get(each.student_id, [])
        made += [_row(each, application, today) for application in own]
        if not own:
            made.append(_nothing(each, today))
    return sorted(made, key=lambda row: (not row["stuck"], -row["days"], row["name"]))


def _row(each: Affiliation, application: Application, today: date) -> dict[str, Any]:
    since = application.moved_at or application.submitted_at or application.updated_at
    days = (today - timezone.localdate(since)).days
    turn, why = "", ""
    if application.state in WAITS_FOR_HOST:
        turn = _("The host")
        if application.due_on and application.due_on < today:
            why = _("The host’s answer is late.")
        elif days >= STUCK_DAYS:
            why = _("Nothing has moved for two weeks or more.")
    elif application.state == State.OFFERED:
        turn = _("The student")
        if application.answer_by and application.answer_by <= today + timedelta(days=3):
            why = _("The offer ends within three days.")
        elif days >= STUCK_DAYS:
            why = _("Nothing has moved for two weeks or more.")
    visa = visa_stand.of(application, visa_steps.UNIVERSITY, today)
    if visa:
        turn, why = visa["turn"], visa["why"]
    state, placement = application.get_state_display(), getattr(application, "placement", None)
    if placement is not None:  # the application is over; what stands now is the stay
        last = placement.left_on or placement.ends_on
        begun = last >= today
        state = _("Stay under way") if begun else _("Stay over")
        days = (today - (placement.started_on if begun else last)).days
    tone = "accent" if application.state == State.ACCEPTED else (
        "quiet" if application.state in FINAL else "")  # fmt: skip
    return {
        "affiliation": each, "name": each.student.name or each.student.email,
        "roman": each.student.name_roman,
        "program": application.program, "state": state, "tone": tone,
        "days": days, "turn": turn, "stuck": bool(why), "why": why,
        "visa": visa["said"] if visa else "",
    }  # fmt: skip


def _nothing(each: Affiliation, today: date) -> dict[str, Any]:
    days = (today - timezone.localdate(each.answered_at or each.updated_at)).days
    stuck = days >= NO_STEP_DAYS
    return {
        "affiliation": each, "name": each.student.name or each.student.email,
        "roman": each.student.name_roman, "program": None,
        "state": _("No application sent"), "tone": "quiet", "days": days,
        "turn": _("The student"), "stuck": stuck, "visa": "",
        "why": _("No application for a month or more.") if stuck else "",
    }  # fmt: skip
