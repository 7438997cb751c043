"""The mail before a step of the candidate's own must begin: a week before, and the day before.

A step is told once of each by the safe day, and where that has passed once of each by the last
possible one (see due_steps); of a day that has passed, once, and only where nothing was told.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from corridor.applications import due_steps, known, mail, planning, terms, visa_steps
from corridor.applications.due_steps import Due
from corridor.applications.models import CANDIDATE, Application, State, StepReminder
from corridor.candidates.texts import PREFETCH as CANDIDATE_PREFETCH
from corridor.common import outbox
from corridor.common.language import language_code
from corridor.matching import facts
from corridor.programs.texts import PREFETCH as PROGRAM_PREFETCH
from corridor.rules import Verdict

Kind = StepReminder.Kind
DAYS = {Kind.DAY: 1, Kind.WEEK: 7}  # before the day, the nearest first
_AT_ONCE = 200  # applications read in one go


@transaction.atomic
def watch(*, today: date | None = None) -> int:
    """Every morning: note what is due, and ask for one mail an application; returns the
    reminders that are new. Safe to run twice."""
    today = today or timezone.localdate()
    before = StepReminder.objects.count()
    for application in _on_the_way().iterator(chunk_size=_AT_ONCE):
        note(application, today=today)
    untold = StepReminder.objects.filter(told=False).order_by()
    for pk in untold.values_list("application_id", flat=True).distinct():
        outbox.put("applications.remind_due_steps", key=f"due-steps:{pk}", id=pk)
    return StepReminder.objects.count() - before


def note(application: Application, *, today: date) -> None:
    """Keep what is due of one application, each once."""
    before = {each.step for each in application.step_reminders.all()}
    made = []
    for one in due(application, today)[1]:
        kind = _kind(one, today)
        if kind is None or (kind == Kind.LATE and one.step.id in before):
            continue
        made.append(StepReminder(
            application=application, step=one.step.id, kind=kind, is_last=one.is_last
        ))  # fmt: skip
    StepReminder.objects.bulk_create(made, ignore_conflicts=True)


@transaction.atomic
def tell(application_id: int) -> int:
    """One mail to the candidate alone about all that is due and was not told; returns mails sent.

    What was done, or is not due any more since it was noted, is passed over."""
    today = timezone.localdate()
    waiting = list(
        StepReminder.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(application=application_id, told=False)
    )
    if not waiting:
        return 0
    StepReminder.objects.filter(pk__in=[each.pk for each in waiting]).update(told=True)
    application = _on_the_way().filter(pk=application_id).first()
    if application is None:
        return 0
    noted = {each.step for each in waiting}
    verdict, own = due(application, today)
    told = [each for each in own if each.step.id in noted and _kind(each, today)]
    if verdict is None or not told:
        return 0
    reader = application.candidate.user
    with translation.override(reader.language):
        mail.send(reader, letter(application, verdict, told, today))
    return 1


def letter(
    application: Application, verdict: Verdict, told: Sequence[Due], today: date
) -> mail.Letter:
    """Call with the reader's language active. `told`: at least one, by their day."""
    filled = {"program": application.program.title, "route": verdict.name(language_code())}
    too_late = verdict.timeline is not None and verdict.timeline.feasible == "too_late"
    return mail.Letter(
        subject=_subject(told, today, too_late),
        lines=[
            ngettext(
                "For “%(program)s” by the route “%(route)s”, the step below is yours.",
                "For “%(program)s” by the route “%(route)s”, the steps below are yours.", len(told),
            ) % filled,
            _counted(told, too_late),
            _("When you have begun a step or done it, record it on the page of your application: "
              "the days of the rest follow."),
        ],
        rows=[_row(each, today) for each in told],
        path=f"{mail.page('candidate:application', application.pk)}#way",
        action=_("Open the steps"),
    )  # fmt: skip


def _subject(told: Sequence[Due], today: date, too_late: bool) -> str:
    if too_late:
        return _("As things stand, your first day, %(day)s, cannot be met") % {
            "day": _day(told[0].start)
        }
    next_ = min((each.begin for each in told if each.begin >= today), default=told[0].begin)
    return ngettext(
        "%(n)d step to your first day: begin it by %(day)s",
        "%(n)d steps to your first day: begin the next by %(day)s", len(told),
    ) % {"n": len(told), "day": _day(next_)}  # fmt: skip


def _counted(told: Sequence[Due], too_late: bool) -> str:
    """How the days come about, and how sure they are."""
    start = {"day": _day(told[0].start)}
    if too_late:
        said = _("By what is recorded, the first day, %(day)s, cannot be met any more, even if "
                 "everything goes fast. Talk with the host about another one; until then the days "
                 "are counted back from this one.") % start  # fmt: skip
    elif any(each.is_last for each in told):
        said = _("The days are counted back from the first day, %(day)s, with every step at its "
                 "quickest: they are the last possible ones.") % start  # fmt: skip
    else:
        said = _("The days are counted back from the first day, %(day)s, with every step at its "
                 "longest.") % start  # fmt: skip
    if any(each.estimate for each in told):
        said = f"{said} " + _("These are estimates: of some steps no source states how long they "
                              "take. The earlier you begin, the better.")  # fmt: skip
    return said


def _row(one: Due, today: date) -> str:
    left, lang = (one.begin - today).days, language_code()
    filled = {
        "day": _day(one.begin), "left": left,
        "step": _("a step that is named on the page alone.")
        if one.step.id in visa_steps.PRIVATE else one.step.text(lang),
    }  # fmt: skip
    if left < 0:
        said = _("Should have begun by %(day)s: %(step)s") % filled
    elif left == 0:
        said = _("Begin today, %(day)s: %(step)s") % filled
    elif left == 1:
        said = _("Begin by tomorrow, %(day)s: %(step)s") % filled
    else:
        said = _("Begin by %(day)s, in %(left)d days: %(step)s") % filled
    waits = [each.text(lang) for each in one.after if each.id not in visa_steps.PRIVATE]
    if waits:
        said = f"{said} " + _("It waits for: %(steps)s") % {"steps": " ".join(waits)}
    return said


def _day(day: date) -> str:
    return formats.date_format(day, "DATE_FORMAT")


# --- what is due ------------------------------------------------------------------------------


def _on_the_way() -> QuerySet[Application]:
    """Applications between the acceptance and the first day, of people who use their account."""
    return (
        Application.objects.filter(
            state=State.ACCEPTED, placement=None, candidate__user__is_active=True
        )
        .select_related("candidate__user", "placement", "program__organization",
                        "program__hub__state", "program__sector")
        .prefetch_related(
            *(f"candidate__{each}" for each in CANDIDATE_PREFETCH),
            *(f"program__{each}" for each in PROGRAM_PREFETCH),
            "offers", "papers", "steps", "step_reminders",
        )
    )  # fmt: skip


def due(application: Application, day: date) -> tuple[Verdict | None, list[Due]]:
    """The route that the candidate reads on their page (None where no visa is asked), and their own
    steps of it that are not begun, by their day. What the host has stated to be done of everybody
    is nobody's turn."""
    judged = known.assessed(application, day=day)
    if not facts.needs_pathway(judged.facts, application.program):
        return None, []
    verdict, _basis = planning.planned(judged, application, terms.offer_of(application))
    if verdict is None or verdict.timeline is None:
        return None, []
    stated = {each.step.id for each in verdict.timeline.stations if each.stated}
    own = [each for each in due_steps.of(verdict)
           if each.step.who == CANDIDATE and each.step.id not in stated]  # fmt: skip
    return verdict, sorted(own, key=lambda each: each.begin)


def _kind(one: Due, today: date) -> Kind | None:
    left = (one.begin - today).days
    if left < 0:
        return Kind.LATE
    return next((kind for kind, days in DAYS.items() if left <= days), None)
