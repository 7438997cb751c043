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
from corridor.applications import permissions
from corridor.applications.models import (
    CANDIDATE,
    FINAL,
    TRANSITIONS,
    Application,
    ApplicationEvent,
    State,
)
from corridor.candidates.models import Candidate, Document
from corridor.common import audit, outbox
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
    application = _locked(application)
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
    application = _locked(application)
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
    answer_by: date | None = None,
) -> Application:
    """Change the state from the side on which `by` stands. A refusal must give its reason."""
    application = _locked(application)
    side = permissions.side_of(by, application)
    if side is None:
        raise PermissionDenied
    if to == State.SUBMITTED:
        raise ValidationError(_("An application is sent by its candidate with their consent."))
    if to == State.CLOSED and not note.strip():
        raise ValidationError(_("Please tell the candidate why, in a sentence or two."))
    if to == State.OFFERED:
        if answer_by is not None and answer_by < timezone.localdate():
            raise ValidationError(_("The day to answer by must not be in the past."))
        application.answer_by = answer_by
        application.save(update_fields=["answer_by", "updated_at"])
    return _move(application, to=State(to), by=by, side=side, note=note)


def _move(application: Application, *, to: State, by: User, side: str, note: str) -> Application:
    start = application.state
    if TRANSITIONS.get((start, to)) != side:
        raise ValidationError(
            _("This cannot be done now: the application is “%(state)s”.")
            % {"state": State(start).label}
        )
    application.state = to
    application.save(update_fields=["state", "updated_at"])
    ApplicationEvent.objects.create(
        application=application, from_state=start, to_state=to, by=by, side=side, note=note.strip()
    )
    audit.record("application.moved", application, by=by, start=start, to=str(to))
    outbox.put("applications.tell", key=f"application:{application.pk}", id=application.pk)
    return application


def _locked(application: Application) -> Application:
    return (
        Application.objects.select_for_update(of=("self",))
        .select_related(
            "candidate__user", "program__organization", "program__hub__state", "consent"
        )
        .get(pk=application.pk)
    )
