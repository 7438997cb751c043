"""Writes of applications: one function changes a state, checks it, keeps it and tells about it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor import rules
from corridor.accounts import services as accounts
from corridor.accounts.models import Consent, User
from corridor.applications import clock, permissions, reasons
from corridor.applications.models import (
    CANDIDATE,
    FINAL,
    HOST,
    TRANSITIONS,
    Application,
    ApplicationEvent,
    Interview,
    Offer,
    State,
)
from corridor.candidates.models import Candidate, Document
from corridor.common import audit, outbox
from corridor.common.versions import Outdated
from corridor.matching import facts
from corridor.programs import queries as program_queries
from corridor.programs.models import Program


@transaction.atomic
def start_draft(*, candidate: Candidate, program: Program, by: User) -> Application:
    """The candidate's living application to the program: a new draft, or the one there is."""
    if candidate.user_id != by.pk:
        raise PermissionDenied
    # Two clicks at once: the second waits here and finds the first one's draft.
    Candidate.objects.select_for_update(no_key=True).get(pk=candidate.pk)
    living = (
        Application.objects.filter(candidate=candidate, program=program)
        .exclude(state__in=FINAL)
        .first()
    )
    if living:
        return living
    _open_or_refuse(program)
    application = Application.objects.create(candidate=candidate, program=program)
    audit.record("application.started", application, by=by, program=program.pk)
    return application


def _open_or_refuse(program: Program) -> None:
    if program.external_host:
        raise ValidationError(
            _("This posting was taken from a public source. Please apply at the original posting.")
        )
    if not program_queries.published(timezone.localdate()).filter(pk=program.pk).exists():
        raise ValidationError(_("This program takes no applications now."))


@transaction.atomic
def save_draft(
    application: Application,
    *,
    by: User,
    cover_note: str,
    documents: Iterable[Document] = (),
) -> Application:
    application = locked(application)
    if application.candidate.user_id != by.pk:
        raise PermissionDenied
    if application.state != State.DRAFT:
        raise ValidationError(_("It has been sent already and cannot be changed."))
    application.cover_note = cover_note
    application.full_clean(exclude=["candidate", "program", "consent"])
    application.save()
    application.documents.set(
        [document for document in documents if document.candidate_id == application.candidate_id]
    )
    return application


@transaction.atomic
def submit(
    application: Application, *, by: User, consents: bool, day: date | None = None
) -> Application:
    """Send the application with its consent and the evidence of this day.

    Raises ValidationError without consent: no host sees an identity that was not given.
    """
    application = locked(application)
    if application.candidate.user_id != by.pk:
        raise PermissionDenied
    if not consents:
        raise ValidationError(
            _("To apply, please agree that your file is given to the host. Nothing was sent.")
        )
    _open_or_refuse(application.program)
    day = day or timezone.localdate()
    application.consent = accounts.give_consent(
        user=by,
        purpose=Consent.Purpose.SHARE_IDENTITY,
        recipient=application.program.organization,
        items=accounts.IDENTITY_ITEMS,
    )
    application.evidence = evidence(application, day)
    application.submitted_at = timezone.now()
    application.save()
    return _move(application, to=State.SUBMITTED, by=by, side=CANDIDATE, note="")


def evidence(application: Application, day: date) -> dict[str, Any]:
    """What was true when it was sent: verdicts, revisions, and the profile as it stood.

    `for_host`: the verdicts without what tells age, sex or military service, which a host that
    compares them with today's could otherwise read off.
    """
    candidate, program = application.candidate, application.program
    known = facts.pair_facts(candidate, program, day=day)
    assessment = rules.assess(known, day=day, kind=program.kind)
    impersonal = {name: known[name] for name in known if name not in facts.PERSONAL}
    for_host = rules.assess(impersonal, day=day, kind=program.kind)
    return {
        "day": day.isoformat(),
        "rules_revision": assessment.revision,
        "verdicts": [
            {"pathway": verdict.pathway, "verdict": verdict.verdict, "display": verdict.display,
             "missing": verdict.missing}
            for verdict in assessment.verdicts
        ],
        "for_host": [
            {"pathway": verdict.pathway, "verdict": verdict.verdict, "display": verdict.display}
            for verdict in for_host.verdicts
        ],
        "profile": {
            "headline": candidate.headline,
            "skills": candidate.skill_ids,
            "educations": [
                {
                    "institution": study.institution,
                    "degree": study.degree,
                    "major": study.major,
                    "status": study.status,
                    "ended_on": study.ended_on.isoformat() if study.ended_on else None,
                }
                for study in candidate.educations.all()
            ],
            "works": [
                {
                    "employer": work.employer,
                    "title": work.title,
                    "started_on": work.started_on.isoformat(),
                    "ended_on": work.ended_on.isoformat() if work.ended_on else None,
                }
                for work in candidate.works.all()
            ],
            "credentials": [held.name for held in candidate.credentials.all()],
        },
    }


@transaction.atomic
def move(
    application: Application,
    *,
    by: User,
    to: str,
    note: str = "",
    reason: str = "",
    answer_by: date | None = None,
    version: int | None = None,
) -> Application:
    """Change the state from the side on which `by` stands.

    A refusal gives a `reason` of data/reasons.yaml or its own words. `version` is the one that
    `by` has read; raises `Outdated` if somebody changed the application since.
    """
    application = locked(application)
    side = permissions.side_of(by, application)
    if side is None or (side == HOST and not permissions.can_decide(by, application)):
        raise PermissionDenied
    check_version(application, version)
    if to == State.SUBMITTED:
        raise ValidationError(_("An application is sent by its candidate with their consent."))
    if to == State.WITHDRAWN and application.has_begun:
        # The host keeps who is at work with it in sight; taking back the consent stays possible.
        raise ValidationError(
            _("You have begun already. Tell the actual last day on the page of your placement.")
        )
    if reason and not reasons.known(reason):
        raise ValidationError(_("Please choose a reason from the list."))
    if to == State.CLOSED and not note.strip() and reason in ("", reasons.OWN_WORDS):
        raise ValidationError(_("Please tell the candidate why, in a sentence or two."))
    if to == State.OFFERED:
        if answer_by is not None and answer_by < timezone.localdate():
            raise ValidationError(_("The day to answer by must not be in the past."))
        application.answer_by = answer_by
    return _move(
        application, to=State(to), by=by, side=side, note=note,
        reason=reason if to == State.CLOSED else "",
    )  # fmt: skip


def _move(
    application: Application, *, to: State, by: User, side: str, note: str, reason: str = ""
) -> Application:
    start = application.state
    if TRANSITIONS.get((start, to)) != side:
        raise ValidationError(
            _("This cannot be done now: the application is “%(state)s”.")
            % {"state": State(start).label}
        )
    if start == State.OFFERED:
        _settle_offer(application, to)
    application.state = to
    application.due_on = clock.due(application.program.kind, to, timezone.localdate())
    keep(application)
    ApplicationEvent.objects.create(
        application=application, from_state=start, to_state=to, by=by, side=side,
        note=note.strip(), reason=reason, values=_end_interview(application) if to in FINAL else {},
    )  # fmt: skip
    audit.record("application.moved", application, by=by, start=start, to=str(to))
    ask_to_tell(application)
    return application


def _settle_offer(application: Application, to: State) -> None:
    """The offer's own row follows; one whose day has passed is not accepted any more."""
    today = timezone.localdate()
    if to == State.ACCEPTED and application.answer_by and application.answer_by < today:
        raise ValidationError(
            _(
                "The day to answer this offer has passed, so it cannot be accepted now. Write to "
                "the host if you still want it: they can prolong the offer."
            )
        )
    ended = {State.ACCEPTED: Offer.State.ACCEPTED, State.DECLINED: Offer.State.DECLINED}.get(
        to, Offer.State.WITHDRAWN
    )
    living = [Offer.State.OPEN, Offer.State.EXPIRED]
    last = application.offers.filter(state__in=living).last()
    if last is not None:
        last.state, last.answered_at = ended, timezone.now()
        last.save(update_fields=["state", "answered_at", "updated_at"])


def _end_interview(application: Application) -> dict[str, Any]:
    """Call off an interview that is still to come; gives what the calendars must hear of it."""
    last = application.interviews.last()
    if last is None or last.state == Interview.State.CANCELLED:
        return {}
    was_set = last.state == Interview.State.SET
    if was_set and last.starts_at is not None and last.starts_at <= timezone.now():
        return {}
    last.state, last.sequence = Interview.State.CANCELLED, last.sequence + 1
    last.save(update_fields=["state", "sequence", "updated_at"])
    return {"interview": last.pk, "was_set": True, "both": True} if was_set else {}


# --- for the other writes of this room (interviews, offers, messages) -----------------------------


def check_version(application: Application, version: int | None) -> None:
    if version is None or version == application.version:
        return
    last = application.events.select_related("by").last()
    if last is None:
        raise Outdated(_("This application was changed in the meantime. Please look again."))
    raise Outdated(
        _(
            "This application was changed in the meantime (“%(what)s”, %(who)s). Nothing was "
            "done twice. Please look at it again and decide."
        )
        % {"what": last.title, "who": last.by.name or last.by.name_roman if last.by else "Corridor"}
    )


def keep(application: Application) -> None:
    """Save a locked application under its next version."""
    application.version += 1
    application.save()


def add_event(
    application: Application, *, kind: str, by: User | None, side: str, note: str = "",
    start: str = "", **values: Any,
) -> ApplicationEvent:  # fmt: skip
    """Something that happened, in the present state; the other side (both, of SYSTEM) is told.

    `start`: the state before, where it changed too. `values`: ids that the mail needs.
    """
    event = ApplicationEvent.objects.create(
        application=application, kind=kind, from_state=start or application.state,
        to_state=application.state, by=by, side=side, note=note.strip(), values=values,
    )  # fmt: skip
    audit.record(f"application.{kind}", application, by=by, **values)
    ask_to_tell(application)
    return event


def ask_to_tell(application: Application) -> None:
    outbox.put("applications.tell", key=f"application:{application.pk}", id=application.pk)


def locked(application: Application) -> Application:
    """The row as it is now, locked, with what its writes read."""
    return (
        Application.objects.select_for_update(of=("self",))
        .select_related(
            "candidate__user", "program__organization", "program__hub__state", "consent"
        )
        .get(pk=application.pk)
    )


@transaction.atomic
def write_message(application: Application, *, by: User, text: str) -> ApplicationEvent:
    """A message to the other side, which is told by mail that one waits."""
    application = locked(application)
    side = permissions.side_of(by, application)
    if side is None or (side == HOST and not permissions.can_decide(by, application)):
        raise PermissionDenied
    if not text.strip():
        raise ValidationError(_("Please write the message."))
    if application.state == State.DRAFT:
        raise ValidationError(_("The application has not been sent yet."))
    last = application.events.last()
    if last is not None and (last.kind, last.by_id, last.note) == (
        ApplicationEvent.Kind.MESSAGE, by.pk, text[:4000].strip(),
    ):  # fmt: skip
        return last  # pressed twice
    return add_event(
        application, kind=ApplicationEvent.Kind.MESSAGE, by=by, side=side, note=text[:4000]
    )
