"""What was recorded of a route's steps, as pages show it, and the forms to record more."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from corridor.applications import visa_steps
from corridor.applications.models import CANDIDATE, HOST, Application, State, StepRecord
from corridor.rules import Timeline, Verdict
from corridor.rules.progress import NOTHING, marks_of
from corridor.rules.timeline import Station
from corridor.web import present


def station(each: Station, way: Timeline, period: str) -> dict[str, str]:
    """What a step's record changes of how it is shown; `period`: when it is expected to end."""
    told, lang = each.progress, present.language()
    if told == NOTHING:
        return {}
    if told.is_done:
        said = _("Done on %s") % present.day(told.done) if told.done else _(
            "A later step is done, so this one is, too."
        )
        return {"state": "done", "when": said}
    if told.rests is not None:
        name = told.rests.text(lang)
        if told.is_stopped:
            return {"state": "late", "when": name}
        return {"state": "under_way", "when": name, "who": told.rests.who}
    if told.since is None:
        return {}
    if told.since > way.day:
        return {"state": "under_way", "when": _("On %s") % present.day(told.since)}
    return {
        "state": "under_way",
        "when": _("Since %(day)s; expected to end %(period)s")
        % {"day": present.day(told.since), "period": period},
    }


def desk(verdict: Verdict | None, application: Application, side: str) -> dict[str, Any] | None:
    """What `steps/_desk.html` takes: each step of the route with its records that a reader on
    `side` may see, and what that side can record of it. None before an offer is accepted, from the
    first day on, and where no steps are known."""
    way = verdict.timeline if verdict is not None else None
    if verdict is None or way is None or application.state != State.ACCEPTED:
        return None
    if application.has_begun:
        return None
    records = [
        each for each in visa_steps.seen_by(application, side) if each.pathway == verdict.pathway
    ]
    rows = [_row(each, records, side, way.day) for each in way.stations]
    rows = [row for row in rows if row["marks"] or row["records"]]
    return {
        "pathway": verdict.pathway, "version": application.steps_version, "rows": rows,
        "today": timezone.localdate().isoformat(),
        "for_host": application.steps_for_host,
        "for_university": application.steps_for_university,
        "stopped": any(each.progress.is_stopped for each in way.stations),
    }  # fmt: skip


def _row(each: Station, records: Iterable[StepRecord], side: str, day: date) -> dict[str, Any]:
    lang, step = present.language(), each.step
    marks = {mark.id: mark for mark in marks_of(step)}
    own = [held for held in records if held.step == step.id and held.mark in marks]
    own.sort(key=lambda held: (held.day, held.pk))
    held = {found.mark for found in own}
    return {
        "id": step.id,
        "text": step.text(lang),
        "done": each.done,
        "records": [
            {"pk": found.pk, "text": marks[found.mark].text(lang), "day": present.day(found.day),
             "ahead": found.day > day, "mine": found.side == side,
             "who": _who(found.side, side)}
            for found in own
        ],
        "marks": [
            (mark.id, mark.text(lang)) for mark in marks.values()
            if mark.id not in held or mark.begins
        ] if visa_steps.may_record(side, step) else [],
    }  # fmt: skip


def _who(recorded: str, reader: str) -> str:
    if recorded == reader:
        return _("recorded by you") if reader == CANDIDATE else _("recorded by your organization")
    if recorded == HOST:
        return pgettext("step", "recorded by the host")
    return pgettext("step", "recorded by the participant")
