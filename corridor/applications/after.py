"""Reads of what comes after the start: each reader gets what is theirs, and no more."""

from __future__ import annotations

import json
from typing import Any

from django.db.models import F, Prefetch, Q, QuerySet

from corridor.accounts import permissions as accounts
from corridor.accounts.models import Organization
from corridor.applications import check_ins, queries
from corridor.applications.models import (
    Application,
    Certificate,
    CheckIn,
    Placement,
    Problem,
    State,
)
from corridor.applications.models.placement import CODE_LETTERS
from corridor.candidates.models import Candidate
from corridor.partnerships import queries as partnerships
from corridor.partnerships.models import Affiliation, Nomination

_PROGRAM = ("application__program__organization", "application__program__hub__state",
            "application__program__sector")  # fmt: skip


def of_candidate(candidate: Candidate) -> QuerySet[Placement]:
    return (
        Placement.objects.filter(application__candidate=candidate)
        .select_related(*_PROGRAM, "application__consent", "certificate")
        .prefetch_related("check_ins")
    )


def to_confirm(candidate: Candidate) -> QuerySet[Application]:
    """Accepted applications whose start the candidate has not confirmed."""
    return (
        Application.objects.filter(candidate=candidate, state=State.ACCEPTED)
        .filter(Q(placement=None) | Q(placement__confirmed_by_candidate_at=None))
        .select_related("program__organization", "program__hub", "placement")
        .prefetch_related("offers")
    )


def at_host(user: Any, organization: Organization) -> QuerySet[Application]:
    """Accepted applicants of an organization with their placements, to its members; while the
    candidate's consent stands."""
    if not accounts.is_member(user, organization):
        return Application.objects.none()
    return (
        queries.as_host(user)
        .filter(state=State.ACCEPTED, program__organization=organization)
        .exclude(candidate__user=user)
        .select_related("candidate__user", "program__hub__state", "placement__certificate",
                        "placement__traveler")
        .prefetch_related("offers", Prefetch(
            "placement__check_ins",
            CheckIn.objects.exclude(answered_at=None).exclude(host_sees="nothing"),
            to_attr="shared",
        ))
        .order_by("program_id", "candidate__user__name", "pk")
    )  # fmt: skip


def read(check_in: CheckIn, form: str) -> dict[str, Any]:
    """A check-in as a reader whom `form` was chosen for reads it: {check_in, answers, words}."""
    Form = CheckIn.Form
    return {
        "check_in": check_in,
        "answers": [] if form == Form.NOTHING else check_ins.said(answers_of(check_in)),
        "words": check_in.words if form == Form.ALL else "",
    }


def answers_of(check_in: CheckIn) -> dict[str, str]:
    found: dict[str, str] = json.loads(check_in.answers) if check_in.answers else {}
    return found


def university_of(placement: Placement) -> Organization | None:
    """The university that may read what the candidate shares: the one that nominated them for the
    program, else the one that confirmed them; only while that consent stands."""
    user = placement.application.candidate.user
    standing = [
        each
        for each in partnerships.affiliations_of(user)
        if each.state == Affiliation.State.CONFIRMED and each.consent.stands
    ]
    sent = Nomination.objects.filter(
        student=user, program=placement.application.program, state=Nomination.State.SENT
    ).values_list("university_id", flat=True)
    nominated = [each for each in standing if each.university_id in set(sent)]
    return next((each.university for each in [*nominated, *standing]), None)


def at_university(user: Any, university: Organization) -> list[Placement]:
    """Placements of a university's confirmed students, each with its `shared` check-ins; to its
    members, while the student's consent stands."""
    students = partnerships.students_of(user, university).filter(
        state=Affiliation.State.CONFIRMED
    )
    shared = CheckIn.objects.exclude(answered_at=None).exclude(university_sees="nothing")
    rows = (
        Placement.objects.filter(application__candidate__user__in=students.values("student_id"))
        .exclude(confirmed_by_candidate_at=None)
        .select_related(*_PROGRAM, "application__candidate__user", "certificate")
        .prefetch_related(Prefetch("check_ins", shared, to_attr="shared"))
    )
    listed = list(rows)
    # Where another university nominated the student for the program, it reads, and this one not.
    others = set(
        Nomination.objects.filter(
            program__in=[each.application.program_id for each in listed],
            student__in=[each.application.candidate.user_id for each in listed],
            state=Nomination.State.SENT,
            student__affiliations__university=F("university"),
            student__affiliations__state=Affiliation.State.CONFIRMED,
            student__affiliations__consent__withdrawn_at=None,
        ).values_list("student_id", "program_id", "university_id")
    )
    for each in listed:
        key = (each.application.candidate.user_id, each.application.program_id)
        reads = {row[2] for row in others if row[:2] == key}
        if reads and university.pk not in reads:
            each.shared = []
    return listed


def certificate(code: str) -> Certificate | None:
    """The certificate of a code as people type it. A private one is found too: the page says so."""
    tidy = "".join(sign for sign in code.upper() if sign in CODE_LETTERS)
    return (
        Certificate.objects.filter(code=tidy)
        .select_related("placement__application__program__organization",
                        "placement__application__program__hub__state")
        .first()
    )  # fmt: skip


# --- problems ---------------------------------------------------------------------------------


def problems_of(person: Any) -> QuerySet[Problem]:
    return Problem.objects.filter(person=person).select_related(
        "placement__application__program__organization"
    )


def problem_queue(user: Any) -> QuerySet[Problem]:
    """To staff alone, and never to one who belongs to the host or raised it; urgent ones first."""
    if not accounts.is_staff(user):
        return Problem.objects.none()
    return (
        Problem.objects.exclude(person=user)
        .exclude(placement__application__program__organization__memberships__user=user)
        .select_related("person__candidate", "placement__application__program__organization")
        .order_by(F("answer_by").asc(nulls_last=True), "-is_urgent", "-created_at")
    )


def waiting_check_ins(user: Any, *, before: Any) -> QuerySet[CheckIn]:
    """Check-ins that were due before a day and not answered, of placements that go on; to staff."""
    if not accounts.is_staff(user):
        return CheckIn.objects.none()
    return (
        CheckIn.objects.filter(answered_at=None, due_on__lt=before)
        .select_related("placement__application__candidate__user",
                        "placement__application__program__organization")
        .order_by("due_on")
    )  # fmt: skip
