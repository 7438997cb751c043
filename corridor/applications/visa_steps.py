"""The steps of the visa route as they are taken: recorded with their day, undone, and shown to whom
the candidate lets read them.

The steps and what can be recorded of them are rule data. A record judges nothing: no condition of
the law is met by it. It moves the days of the steps that remain.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor import rules
from corridor.accounts.models import User
from corridor.applications import known, permissions
from corridor.applications.models import (
    CANDIDATE,
    HOST,
    Application,
    ApplicationEvent,
    State,
    StepRecord,
)
from corridor.applications.services import add_event, locked
from corridor.common import audit
from corridor.common.language import language_code
from corridor.common.versions import Outdated
from corridor.rules.checks import facts_read
from corridor.rules.model import Mark, Step
from corridor.rules.progress import Told, marks_of

UNIVERSITY = "university"
PRIVATE = frozenset({"travel_permit"})  # they tell of military service: nobody else reads them
# Whose steps a host records.
BY_HOST = frozenset({"host", "employer", "sponsor", "school", "authority"})
FARTHEST = timedelta(days=730)  # ahead, for an interview that is booked; and back, for any day


def steps_of(pathway: str) -> tuple[Step, ...]:
    """The steps of a route and of the Korean rule on leaving, whoever needs it."""
    return (*rules.pathway(pathway).steps, *rules.exit_steps())


def may_record(side: str, step: Step) -> bool:
    """A candidate records every step; a host its own, and those of sponsors and authorities, but
    no step that is the candidate's."""
    return side == CANDIDATE or (side == HOST and step.who in BY_HOST and step.id not in PRIVATE)


def standing(application: Application) -> list[StepRecord]:
    """The records that were not undone, as they were told; read from what was prefetched."""
    return [each for each in application.steps.all() if each.undone_at is None]


def seen_by(application: Application, side: str) -> list[StepRecord]:
    """Those that a reader on this side may read: the host what its own side recorded, all else
    only where the candidate shows it."""
    found = standing(application)
    if side == CANDIDATE:
        return found
    found = [each for each in found if each.step not in PRIVATE]
    if side == HOST and not application.steps_for_host:
        return [each for each in found if each.side == HOST]
    if side == UNIVERSITY and not application.steps_for_university:
        return []
    return found


def told(records: Iterable[StepRecord], pathway: str) -> list[Told]:
    return [
        Told(each.step, each.mark, each.day) for each in records if each.pathway == pathway
    ]  # fmt: skip


@transaction.atomic
def record(
    application: Application, *, by: User, pathway: str, step: str, mark: str, day: date,
    version: int | None = None,
) -> StepRecord:  # fmt: skip
    """That the mark holds since `day`, as the side of `by` says; another day corrects the one
    before. `version`: the steps as `by` has read them; raises Outdated if they were changed since.
    """
    application = locked(application)
    side = _side(application, by)
    found, named = _named(pathway, step, mark)
    if not may_record(side, found):
        raise PermissionDenied
    if pathway not in {each.id for each in rules.pathways()
                       if application.program.kind in each.kinds}:  # fmt: skip
        raise ValidationError(_("This visa route does not suit this program."))
    if application.route_filed_on is not None and pathway != application.route:
        raise ValidationError(_("The host has filed for another visa route."))
    _check_day(named, day)
    if named.means == "done" and _is_unsigned_here(application, found):
        raise ValidationError(
            _("The training plan on Corridor is not signed by everybody yet, and that is what "
              "counts here. Sign it there; a signature on paper is recorded there, too. Then this "
              "step is done of itself.")
        )  # fmt: skip
    held = StepRecord.objects.filter(
        application=application, pathway=pathway, step=step, mark=mark, undone_at=None
    ).first()
    if held is not None and held.day == day:
        return held  # pressed twice
    _check_version(application, version)
    if held is not None:
        if held.side != side:
            raise ValidationError(
                _("The other side has recorded this with another day. Write to them about it.")
            )
        held.undone_at = timezone.now()
        held.save(update_fields=["undone_at"])
    made = StepRecord.objects.create(
        application=application, pathway=pathway, step=step, mark=mark, day=day, side=side, by=by
    )
    application.route = pathway
    _keep(application)
    _note("step.recorded", made, by)
    if side == HOST:
        add_event(
            application, kind=ApplicationEvent.Kind.STEP_RECORDED, by=by, side=HOST,
            pathway=pathway, step=step, mark=mark, day=day.isoformat(),
        )  # fmt: skip
    elif step not in PRIVATE:
        _tell_host(application, by)
    return made


def _is_unsigned_here(application: Application, step: Step) -> bool:
    """Whether the step is over once the plan is signed, and the plan kept here is known not to
    be: a word beside it would say the contrary of the paper."""
    rests_on = () if step.done is None else facts_read([step.done])
    return known.PLAN_SIGNED in rests_on and known.papers(application).get(
        known.PLAN_SIGNED, True
    ) is False


@transaction.atomic
def undo(made: StepRecord, *, by: User, version: int | None = None) -> StepRecord:
    """Take a slip back; each side its own."""
    application = locked(made.application)
    made = StepRecord.objects.select_for_update(of=("self",)).get(pk=made.pk)
    if made.application_id != application.pk or _side(application, by) != made.side:
        raise PermissionDenied
    if made.undone_at is not None:
        return made  # pressed twice
    _check_version(application, version)
    made.undone_at = timezone.now()
    made.save(update_fields=["undone_at"])
    _keep(application)
    _note("step.undone", made, by)
    if made.side == HOST:
        add_event(
            application, kind=ApplicationEvent.Kind.STEP_RECORDED, by=by, side=HOST,
            pathway=made.pathway, step=made.step, mark=made.mark, day=made.day.isoformat(),
            undone=True,
        )  # fmt: skip
    return made


@transaction.atomic
def show(application: Application, *, by: User, host: bool, university: bool) -> Application:
    """Who reads the candidate's own records: nobody until they say so here."""
    application = locked(application)
    if application.candidate.user_id != by.pk:
        raise PermissionDenied
    if (host, university) != (application.steps_for_host, application.steps_for_university):
        newly = host and not application.steps_for_host
        application.steps_for_host, application.steps_for_university = host, university
        application.save(
            update_fields=["steps_for_host", "steps_for_university", "updated_at"]
        )
        audit.record("step.shown", application.candidate, by=by, application=application.pk,
                     host=host, university=university)  # fmt: skip
        if newly and any(each.step not in PRIVATE for each in standing(application)):
            _tell_host(application, by)
    return application


def _tell_host(application: Application, by: User) -> None:
    """That there is something new to read, where the candidate lets the host read it: once within
    a day, and without naming the step, which stays with what may be read on the page."""
    if not application.steps_for_host:
        return
    since = timezone.now() - timedelta(days=1)
    kind = ApplicationEvent.Kind.STEP_RECORDED
    if not application.events.filter(kind=kind, side=CANDIDATE, at__gt=since).exists():
        add_event(application, kind=kind, by=by, side=CANDIDATE)


def said(event: ApplicationEvent) -> tuple[str, str, date | None]:
    """(route, what was recorded, the day) of an event that tells of a step; else empty."""
    values, lang = event.values, language_code()
    if event.kind != ApplicationEvent.Kind.STEP_RECORDED or not values.get("day"):
        return "", "", None
    try:
        found, mark = _named(values["pathway"], values["step"], values["mark"])
    except ValidationError:
        return str(values["pathway"]), str(values["mark"]), date.fromisoformat(values["day"])
    route = rules.pathway(values["pathway"]).name(lang)
    return route, words(found, mark, lang), date.fromisoformat(values["day"])


def words(step: Step, mark: Mark, lang: str) -> str:
    """The mark by itself, or for a bare “done” with the step that it is of."""
    if step.marks:
        return mark.text(lang)
    return f"{step.text(lang).rstrip('.')} — {mark.text(lang)}"


def _named(pathway: str, step: str, mark: str) -> tuple[Step, Mark]:
    try:
        steps = steps_of(pathway)
    except rules.UnknownPathway:
        raise ValidationError(_("This visa route is not known.")) from None
    found = next((each for each in steps if each.id == step), None)
    named = next((each for each in marks_of(found) if each.id == mark), None) if found else None
    if found is None or named is None:
        raise ValidationError(_("Choose what you want to record."))
    return found, named


def _side(application: Application, by: User) -> str:
    side = permissions.side_of(by, application)
    if side is None or (side == HOST and not permissions.can_decide(by, application)):
        raise PermissionDenied
    if application.state != State.ACCEPTED:
        raise ValidationError(_("Visa steps are recorded once the offer is accepted."))
    if application.has_begun:
        raise ValidationError(_("The stay has begun, so its visa steps are past."))
    return side


def _check_day(mark: Mark, day: date) -> None:
    today = timezone.localdate()
    if day > today and not mark.begins:
        raise ValidationError(
            {"day": _("This day is in the future. Record it when it has happened.")}
        )
    if abs(day - today) > FARTHEST:
        raise ValidationError(
            {"day": _("This day is more than two years away. Please look again.")}
        )


def _check_version(application: Application, version: int | None) -> None:
    if version is not None and version != application.steps_version:
        raise Outdated(
            _("The visa steps were changed in the meantime. Nothing was done twice: please look "
              "again.")
        )  # fmt: skip


def _keep(application: Application) -> None:
    application.steps_version += 1
    application.save(update_fields=["route", "steps_version", "updated_at"])


def _note(action: str, made: StepRecord, by: User) -> None:
    """Its subject is the record, so that a host's activity log has none of the candidate's."""
    about = {} if made.step in PRIVATE else {"step": made.step, "mark": made.mark}
    audit.record(action, made, by=by, application=made.application_id, **about)
