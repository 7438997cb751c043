"""How far the visa of an accepted application has come, whose turn it is, and why it is stuck: for
lists of many people, as far as the reader's side may know."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from corridor import rules
from corridor.applications import visa_steps
from corridor.applications.models import Application, State
from corridor.rules.progress import marks_of, read
from corridor.rules.timeline import Course
from corridor.web import present, way

QUIET_DAYS = 21  # without a visa step recorded, on the way to the first day


def of(application: Application, side: str, today: date) -> dict[str, Any]:
    """{said: what was recorded last, turn, why: empty where it is not stuck}; empty where nothing
    may be read, before an offer is accepted, and from the first day on. Reads the prefetched
    steps and the placement."""
    if application.state != State.ACCEPTED or application.has_begun:
        return {}
    records = [
        each for each in visa_steps.seen_by(application, side)
        if each.pathway == application.route
    ]  # fmt: skip
    try:
        steps = rules.pathway(application.route).steps if records else ()
    except rules.UnknownPathway:
        return {}
    if not steps:
        return {}
    lang = present.language()
    # A day that is agreed, such as an interview's, counts as today: what came after it stands.
    last = max(records, key=lambda each: (min(each.day, today), each.pk))
    told = visa_steps.told(records, application.route)
    line = Course(steps).placed(day=today, start=None, progress=read(steps, told))
    marks = {(step.id, mark.id): visa_steps.words(step, mark, lang)
             for step in steps for mark in marks_of(step)}  # fmt: skip
    said = marks.get((last.step, last.mark), "")
    rests = [each.progress.rests for each in line.stations if each.progress.rests is not None]
    why = rests[0].text(lang) if rests else ""
    if not why and all(each.done or each.maybe for each in line.stations):
        return {"said": f"{said} · {present.day(last.day)}", "turn": "", "why": ""}
    if not why and last.day <= today and (today - timezone.localdate(last.at)).days >= QUIET_DAYS:
        why = _("No visa step was recorded for three weeks.")
    turn = ", ".join(each["who"] for each in way.turn(line, side))
    if not turn and line.is_stopped:  # what can be done is theirs to choose
        turn = way.actor(way.CANDIDATE, side)
    return {"said": f"{said} · {present.day(last.day)}", "turn": turn, "why": why}
