from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet

from corridor.accounts.models import Membership
from corridor.applications.models import FINAL, TRANSITIONS, Application, State
from corridor.candidates.models import Candidate
from corridor.programs.models import Program


def visible_to(user: Any) -> QuerySet[Application]:
    """A candidate's own; a host's, once submitted and while the consent stands; staff: all.

    A draft is never seen by the host.
    """
    if not getattr(user, "is_authenticated", False):
        return Application.objects.none()
    if user.is_staff:
        return Application.objects.all()
    own = Application.objects.filter(candidate__user=user)
    return own | as_host(user)


def as_host(user: Any) -> QuerySet[Application]:
    """Applications to programs of one's organizations whose candidate's consent stands."""
    if not getattr(user, "is_authenticated", False):
        return Application.objects.none()
    hosts = Membership.objects.filter(user=user).values("organization_id")
    return Application.objects.filter(
        program__organization_id__in=hosts, consent__withdrawn_at=None, consent__isnull=False
    ).exclude(state=State.DRAFT)


def of_candidate(candidate: Candidate) -> QuerySet[Application]:
    return (
        Application.objects.filter(candidate=candidate)
        .select_related("program__organization", "program__hub__state", "program__sector")
        .order_by("-updated_at")
    )


def consented(candidate: Candidate) -> dict[int, Program]:
    """The program that each consent of an application is for, by the consent's pk."""
    sent = Application.objects.filter(candidate=candidate, consent__isnull=False)
    return {each.consent_id: each.program for each in sent.select_related("program")}


def living(candidate: Candidate, program: Program) -> Application | None:
    """The candidate's draft or application to the program that has not ended."""
    return (
        Application.objects.filter(candidate=candidate, program=program)
        .exclude(state__in=FINAL)
        .first()
    )


def to_program(user: Any, program: Program) -> QuerySet[Application]:
    """What a member of the host (or staff) sees of a program's applicants."""
    seen = Application.objects.all() if getattr(user, "is_staff", False) else as_host(user)
    return (
        seen.filter(program=program)
        .exclude(state=State.DRAFT)
        .select_related("candidate__user", "program")
        .prefetch_related("candidate__educations", "candidate__works", "candidate__credentials")
        .order_by("submitted_at")
    )


def counts_by_state(user: Any, program_ids: list[int]) -> dict[int, dict[str, int]]:
    """program id -> state -> number of applications, for a host's overview."""
    counts: dict[int, dict[str, int]] = {pk: {} for pk in program_ids}
    rows = (
        as_host(user)
        .filter(program_id__in=program_ids)
        .order_by()
        .values("program_id", "state")
        .annotate(n=Count("pk"))
    )
    for row in rows:
        counts[row["program_id"]][row["state"]] = row["n"]
    return counts


def next_states(application: Application, side: str) -> list[State]:
    """Where this side may move the application now, in the order of the journey."""
    return [
        State(to)
        for (start, to), who in TRANSITIONS.items()
        if start == application.state and who == side
        and not (to == State.WITHDRAWN and application.has_begun)
    ]
