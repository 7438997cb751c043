"""What was recorded of a route's steps, as pages show it, and the form to record more."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from corridor.applications import visa_steps
from corridor.applications.models import CANDIDATE, HOST, Application, State, StepRecord
from corridor.rules import Timeline, Verdict
from corridor.rules.progress import NOTHING, marks_of
from corridor.rules.timeline import Station
from corridor.web import present

Options = list[tuple[str, Any]]  # as a select takes them: (value, label), or (label, options)


class StepForm(forms.Form):
    """What has happened of which step (`step/mark`), and on which day. What can be recorded is the
    service's to say (applications.visa_steps); the options come with the page (see `desk`)."""

    what = forms.CharField(
        label=gettext_lazy("What has happened"), widget=forms.Select,
        error_messages={"required": gettext_lazy("Choose what you want to record.")},
    )
    day = forms.DateField(
        label=gettext_lazy("On which day"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": gettext_lazy("Please write a date as year-month-day.")},
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"day": timezone.localdate()}, auto_id="step-%s")


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


def desk(
    verdict: Verdict | None, application: Application, side: str, refused: StepForm | None = None
) -> dict[str, Any] | None:
    """What `steps/_desk.html` takes: the records of the route that a reader on `side` may see, in
    the order of its steps, and the form by which that side records more (`refused`: as it was sent
    and could not be kept). None before an offer is accepted, from the first day on, and where no
    steps are known."""
    way = verdict.timeline if verdict is not None else None
    if verdict is None or way is None or application.state != State.ACCEPTED:
        return None
    if application.has_begun:
        return None
    seen = [each for each in visa_steps.seen_by(application, side)
            if each.pathway == verdict.pathway]  # fmt: skip
    form = refused or StepForm()
    options: Options = []
    for each in way.stations:
        options += _options(each, seen, side, typed=form["what"].value() or "")
    form.fields["what"].widget.choices = [("", _("Please choose")), *options]
    return {
        "pathway": verdict.pathway, "version": application.steps_version,
        "records": [row for each in way.stations for row in _rows(each, seen, side, way.day)],
        "form": form if options else None,
        "for_host": application.steps_for_host,
        "for_university": application.steps_for_university,
        "stopped": way.is_stopped,
    }  # fmt: skip


def _options(
    each: Station, seen: Iterable[StepRecord], side: str, *, typed: str
) -> Options:
    """What the side can record of a step: under the step's name, or as one line where all that can
    be said of it is that it is done. What stands recorded is left out, except what may be agreed
    anew, and what was typed."""
    lang, step = present.language(), each.step
    if not visa_steps.may_record(side, step):
        return []
    held = {found.mark for found in seen if found.step == step.id}
    found = [
        (f"{step.id}/{mark.id}", visa_steps.words(step, mark, lang)) for mark in marks_of(step)
        if mark.id not in held or mark.begins or f"{step.id}/{mark.id}" == typed
    ]  # fmt: skip
    return [(step.text(lang), found)] if found and step.marks else found


def _rows(
    each: Station, seen: Iterable[StepRecord], side: str, day: date
) -> list[dict[str, Any]]:
    lang, step = present.language(), each.step
    marks = {mark.id: mark for mark in marks_of(step)}
    own = [held for held in seen if held.step == step.id and held.mark in marks]
    own.sort(key=lambda held: (held.day, held.pk))
    return [
        {"pk": found.pk, "text": visa_steps.words(step, marks[found.mark], lang),
         "day": present.day(found.day), "mine": found.side == side, "who": _who(found.side, side)}
        for found in own
    ]  # fmt: skip


def _who(recorded: str, reader: str) -> str:
    if recorded == reader:
        return _("recorded by you") if reader == CANDIDATE else _("recorded by your organization")
    if recorded == HOST:
        return pgettext("step", "recorded by the host")
    return pgettext("step", "recorded by the participant")
