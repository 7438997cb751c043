"""Interviews: the host proposes times, the candidate picks one or asks for others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor.accounts.models import User
from corridor.applications import clock, permissions, services
from corridor.applications.models import (
    CANDIDATE,
    FINAL,
    HOST,
    SYSTEM,
    Application,
    ApplicationEvent,
    Interview,
    Slot,
    State,
)

Kind = ApplicationEvent.Kind
MOST_SLOTS = 5
REMIND = timedelta(hours=24)
_FROM = (State.SUBMITTED, State.UNDER_REVIEW, State.INTERVIEW)


def current(application: Application) -> Interview | None:
    """The newest interview of the application, called off or past ones too."""
    return application.interviews.prefetch_related("slots").last()


@transaction.atomic
def propose(
    application: Application, *, by: User, times: Sequence[datetime], minutes: int, form: str,
    where: str = "", note: str = "", version: int | None = None, now: datetime | None = None,
) -> Interview:  # fmt: skip
    """Propose one to five times; the application is then in the state “interview”.

    Times proposed anew replace those before, of an agreed interview too: it stays the same event
    in both calendars, with a higher sequence.
    """
    application = services.locked(application)
    if not permissions.can_decide(by, application):
        raise PermissionDenied
    services.check_version(application, version)
    now = now or timezone.now()
    times = sorted(set(times))
    if not 1 <= len(times) <= MOST_SLOTS:
        raise ValidationError(_("Please propose one to five times."))
    if times[0] <= now:
        raise ValidationError(_("A proposed time must be in the future."))
    if application.state not in _FROM:
        raise ValidationError(
            _("This cannot be done now: the application is “%(state)s”.")
            % {"state": application.get_state_display()}
        )
    interview = _to_change(application, now)
    was_set = interview.state == Interview.State.SET
    # `starts_at` keeps the time agreed before: calendars are told that it no longer holds.
    interview.state, interview.reminded = Interview.State.PROPOSED, False
    interview.minutes, interview.form, interview.where = minutes, form, where.strip()
    interview.proposed_by = by
    interview.sequence += 1 if interview.pk else 0
    interview.full_clean(exclude=["application"])
    interview.save()
    interview.slots.all().delete()
    Slot.objects.bulk_create([Slot(interview=interview, starts_at=time) for time in times])
    start, application.state = application.state, State.INTERVIEW
    application.due_on = None  # the candidate's turn
    services.keep(application)
    services.add_event(
        application, kind=Kind.INTERVIEW_PROPOSED, by=by, side=HOST, note=note, start=start,
        interview=interview.pk, **_if_set(was_set),
    )  # fmt: skip
    return interview


def _if_set(was_set: bool) -> dict[str, bool]:
    """A time that stood in both calendars is taken out of both."""
    return {"was_set": True, "both": True} if was_set else {}


def _to_change(application: Application, now: datetime) -> Interview:
    """The interview that new times belong to; a new one after one that is over or called off."""
    found = application.interviews.select_for_update().last()
    if found is None or found.state == Interview.State.CANCELLED:
        return Interview(application=application)
    if found.state == Interview.State.SET and found.starts_at and found.starts_at <= now:
        return Interview(application=application)
    return found


@transaction.atomic
def pick(
    interview: Interview, *, by: User, slot: int, now: datetime | None = None
) -> Interview:
    """The candidate takes one of the proposed times."""
    application, interview = _as_candidate(interview, by)
    chosen = interview.slots.filter(pk=slot).first()
    is_set = interview.state == Interview.State.SET
    if is_set and chosen is not None and chosen.starts_at == interview.starts_at:
        return interview  # pressed twice
    if interview.state != Interview.State.PROPOSED or chosen is None:
        raise ValidationError(
            _("These times are no longer offered. Please look at the page again.")
        )
    if chosen.starts_at <= (now or timezone.now()):
        raise ValidationError(_("This time has passed. Please choose another or ask for others."))
    interview.state, interview.starts_at = Interview.State.SET, chosen.starts_at
    interview.sequence += 1
    interview.save()
    application.due_on = clock.due(
        application.program.kind, State.INTERVIEW, timezone.localdate(chosen.starts_at)
    )
    services.keep(application)
    services.add_event(
        application, kind=Kind.INTERVIEW_SET, by=by, side=CANDIDATE, interview=interview.pk,
        both=True,
    )  # fmt: skip
    return interview


@transaction.atomic
def ask_for_others(interview: Interview, *, by: User, note: str) -> Interview:
    """None of the times suits: the candidate says when they can."""
    application, interview = _as_candidate(interview, by)
    if interview.state not in (Interview.State.PROPOSED, Interview.State.SET):
        raise ValidationError(
            _("These times are no longer offered. Please look at the page again.")
        )
    if not note.strip():
        raise ValidationError(_("Please write which days and hours suit you."))
    was_set = interview.state == Interview.State.SET
    if was_set:
        interview.sequence += 1
    interview.state = Interview.State.ASKED
    interview.save()
    _hosts_turn(application)
    services.add_event(
        application, kind=Kind.INTERVIEW_ASKED, by=by, side=CANDIDATE, note=note,
        interview=interview.pk, **_if_set(was_set),
    )  # fmt: skip
    return interview


@transaction.atomic
def cancel(interview: Interview, *, by: User, note: str) -> Interview:
    """Either side calls the interview off and says why; the application goes on."""
    application = services.locked(interview.application)
    side = permissions.side_of(by, application)
    if side is None or (side == HOST and not permissions.can_decide(by, application)):
        raise PermissionDenied
    interview = Interview.objects.select_for_update().get(pk=interview.pk)
    if interview.state == Interview.State.CANCELLED:
        return interview  # pressed twice
    if application.state in FINAL:
        raise ValidationError(_("This application has ended."))
    if not note.strip():
        raise ValidationError(_("Please write why, in a sentence."))
    was_set = interview.state == Interview.State.SET
    interview.state = Interview.State.CANCELLED
    interview.sequence += 1
    interview.save()
    _hosts_turn(application)
    services.add_event(
        application, kind=Kind.INTERVIEW_CANCELLED, by=by, side=side, note=note,
        interview=interview.pk, **_if_set(was_set),
    )  # fmt: skip
    return interview


def _as_candidate(interview: Interview, by: User) -> tuple[Application, Interview]:
    application = services.locked(interview.application)
    if permissions.side_of(by, application) != CANDIDATE:
        raise PermissionDenied
    if application.state != State.INTERVIEW:
        raise ValidationError(
            _("This cannot be done now: the application is “%(state)s”.")
            % {"state": application.get_state_display()}
        )
    return application, Interview.objects.select_for_update().get(pk=interview.pk)


def _hosts_turn(application: Application) -> None:
    if application.state == State.INTERVIEW:
        application.due_on = clock.due(
            application.program.kind, State.INTERVIEW, timezone.localdate()
        )
    services.keep(application)


def watch(*, now: datetime | None = None) -> dict[str, int]:
    """Remind of interviews in the next day; give proposals whose times have all passed back.

    Safe to run at any time and twice.
    """
    now = now or timezone.now()
    living: dict[str, Any] = {
        "application__state": State.INTERVIEW, "application__consent__withdrawn_at": None,
    }  # fmt: skip
    soon = Interview.objects.filter(
        state=Interview.State.SET, reminded=False, starts_at__gt=now, starts_at__lte=now + REMIND,
        **living,
    )  # fmt: skip
    lapsed = Interview.objects.filter(state=Interview.State.PROPOSED, **living).exclude(
        slots__starts_at__gt=now
    )
    return {
        "reminded": sum(_remind(pk) for pk in list(soon.values_list("pk", flat=True))),
        "lapsed": sum(_lapse(pk, now) for pk in list(lapsed.values_list("pk", flat=True))),
    }


@transaction.atomic
def _remind(pk: int) -> int:
    interview = Interview.objects.select_for_update().get(pk=pk)
    if interview.reminded or interview.state != Interview.State.SET:
        return 0
    interview.reminded = True
    interview.save(update_fields=["reminded", "updated_at"])
    services.add_event(
        interview.application, kind=Kind.INTERVIEW_SOON, by=None, side=SYSTEM, interview=pk
    )
    return 1


@transaction.atomic
def _lapse(pk: int, now: datetime) -> int:
    application = services.locked(Interview.objects.get(pk=pk).application)
    interview = Interview.objects.select_for_update().get(pk=pk)
    if interview.state != Interview.State.PROPOSED or interview.slots.filter(
        starts_at__gt=now
    ).exists():
        return 0
    interview.state = Interview.State.ASKED
    interview.save(update_fields=["state", "updated_at"])
    _hosts_turn(application)
    services.add_event(
        application, kind=Kind.INTERVIEW_ASKED, by=None, side=SYSTEM, interview=pk, lapsed=True
    )
    return 1
