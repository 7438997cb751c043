"""Journeys as a calendar: what is due of each living application (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor.common import icalendar
from corridor.web.candidate.journeys import Deadline, Journey


def text(journeys: Iterable[Journey]) -> str:
    """The whole calendar. What tells of military service stays on the page."""
    events = [
        _event(due, each)
        for each in journeys
        for due in each.deadlines
        if not due.private and not (due.late and due.key.startswith("step-"))
    ]
    return icalendar.calendar(events, name=_("Corridor: my journey"), stamp=timezone.now())


def _event(due: Deadline, journey: Journey) -> icalendar.Event:
    application = journey.application
    address = f"{settings.BASE_URL}{reverse('candidate:journey')}#journey-{application.pk}"
    about = [
        f"{application.program.title} · {application.program.host_name}",
        due.who,
        due.note,
        address,
    ]
    return icalendar.Event(
        uid=f"application-{application.pk}-{due.key}@{urlsplit(settings.BASE_URL).hostname}",
        summary=f"{due.title} ({application.program.title})",
        start=due.moment or due.day,
        minutes=due.minutes,
        description="\n".join(part for part in about if part),
        location=due.place,
        url=address,
        alarm="" if not due.yours else "-PT1H" if due.moment else "-PT15H",
    )
