"""The mail before a day that a candidate recorded ahead, such as the interview at the embassy."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from corridor import rules
from corridor.applications import mail, visa_steps
from corridor.applications.models import State, StepRecord
from corridor.common import audit, outbox
from corridor.common.language import language_code
from corridor.rules.model import Step
from corridor.rules.progress import marks_of

DAYS = 2  # before the day


def watch(*, today: date | None = None) -> int:
    """Every morning: ask for the mail about days that are near. Safe to run twice."""
    today = today or timezone.localdate()
    near = StepRecord.objects.filter(
        undone_at=None, day__gte=today, day__lte=today + timedelta(days=DAYS),
        application__state=State.ACCEPTED, application__placement=None,
    )  # fmt: skip
    put = 0
    for each in near:
        if _begins(each) is None or audit.was_recorded("step.reminded", each):
            continue
        outbox.put("applications.remind_step", key=f"step:{each.pk}", id=each.pk)
        put += 1
    return put


@transaction.atomic
def tell(pk: int) -> int:
    """Write to the candidate alone, once of one record; returns mails sent."""
    found = (
        StepRecord.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("application__candidate__user", "application__program")
        .filter(pk=pk, undone_at=None, application__state=State.ACCEPTED)
        .first()
    )
    if found is None or audit.was_recorded("step.reminded", found):
        return 0
    reader, step = found.application.candidate.user, _begins(found)
    if step is None or not reader.is_active or found.day < timezone.localdate():
        return 0
    with translation.override(reader.language):
        mail.send(reader, letter(found, step))
    audit.record("step.reminded", found, by=None)
    return 1


def letter(found: StepRecord, step: Step) -> mail.Letter:
    """Call with the reader's language active."""
    day = formats.date_format(found.day, "DATE_FORMAT")
    filled = {"step": step.text(language_code()), "day": day,
              "program": found.application.program.title}  # fmt: skip
    return mail.Letter(
        subject=_("A visa step is near: %(day)s") % filled,
        lines=[
            _("You recorded this day for “%(program)s”: %(day)s. %(step)s") % filled,
            _("Look at the papers to bring on the page of your application. When it is over, "
              "record there how it went: the days of the rest follow."),
        ],
        path=mail.page("candidate:application", found.application_id),
        action=_("Open the steps"),
    )  # fmt: skip


def _begins(found: StepRecord) -> Step | None:
    """The step that begins on the record's day; None for a record of what is past."""
    try:
        steps = visa_steps.steps_of(found.pathway)
    except rules.UnknownPathway:
        return None
    marks = {(step.id, mark.id): mark for step in steps for mark in marks_of(step)}
    mark = marks.get((found.step, found.mark))
    return next((each for each in steps if mark and each.id == mark.begins), None)
