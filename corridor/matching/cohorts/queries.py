"""Reads of rounds: by the university that runs them, by hosts, by students."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from corridor.accounts.models import Membership, Organization
from corridor.candidates.models import Candidate
from corridor.matching import queries as matching
from corridor.matching.cohorts.models import CohortRound, Entrant, RoundProgram
from corridor.matching.rows import candidate_row, program_row
from corridor.matching.views import CandidateCard
from corridor.partnerships.models import Affiliation, Agreement
from corridor.programs.models import Program

State = CohortRound.State


def of_organization(user: Any, organization: Organization) -> QuerySet[CohortRound]:
    """Rounds that an organization runs or whose programs take part; a host sees no draft."""
    member = Membership.objects.filter(user=user, organization=organization).exists()
    if not member and not getattr(user, "is_staff", False):
        return CohortRound.objects.none()
    hosted = Q(programs__program__organization=organization) & ~Q(state=State.DRAFT)
    return (
        CohortRound.objects.filter(Q(organization=organization) | hosted)
        .select_related("organization")
        .distinct()
        .order_by("-created_at")
    )


def possible_programs(organization: Organization) -> QuerySet[Program]:
    """Published programs under the university's agreements in force."""
    return (
        Program.objects.filter(
            Q(agreement__korean_party=organization) | Q(agreement__us_party=organization),
            agreement__status=Agreement.Status.ACTIVE, status=Program.Status.PUBLISHED,
        )
        .select_related("organization", "agreement", "hub")
        .order_by("organization__slug", "pk")
    )  # fmt: skip


def for_student(candidate: Candidate) -> QuerySet[CohortRound]:
    """Open rounds of the universities that have confirmed this student, and own past ones."""
    universities = Affiliation.objects.filter(
        student=candidate.user, state=Affiliation.State.CONFIRMED, consent__withdrawn_at=None
    ).values("university_id")
    return (
        CohortRound.objects.filter(
            Q(state=State.CHOOSING, organization__in=universities)
            | Q(entrants__candidate=candidate)
        )
        .exclude(state=State.DRAFT)
        .select_related("organization")
        .distinct()
        .order_by("-created_at")
    )


def to_rank(host: Organization) -> QuerySet[RoundProgram]:
    """The host's programs in rounds that wait for its ranking, the first deadline first."""
    return (
        RoundProgram.objects.filter(
            program__organization=host, round__state=CohortRound.State.RANKING, ranked_at=None,
        )
        .select_related("program", "round").order_by("round__rank_until", "pk")
    )  # fmt: skip


def choosers(row: RoundProgram) -> list[Entrant]:
    """Who chose this program and could be taken, by code: in no order that tells a wish."""
    return [
        each
        for each in row.round.entrants.filter(choices__contains=[row.program_id]).order_by("code")
        if str(row.program_id) not in each.barred
    ]


def bar(candidate: Candidate, program: Program, *, day: date) -> str:
    """Why this pair can never be matched on that day: "gate" (a must of the host is not met),
    "pathway_no" or "pathway_unknown", for unknown is never yes. "": nothing bars it."""
    view = matching.match(candidate, program, day=day)
    if view.unmet:
        return "gate"
    if not view.needs_pathway:
        return ""
    best = view.best_verdict
    if best is None or best.display == "unknown":
        return "pathway_unknown"
    return "pathway_no" if view.is_blocked else ""


def ruled_out(row: RoundProgram) -> Counter[str]:
    """How many chose this program and can never be taken, by the reason."""
    pk = str(row.program_id)
    barred = row.round.entrants.filter(barred__has_key=pk).values_list("barred", flat=True)
    return Counter(each[pk] for each in barred)


def blind_card(entrant: Entrant, program: Program, *, day: date) -> CandidateCard:
    """An entrant as a host reads it before the outcome: never a name, contact or school."""
    view = matching.match(entrant.candidate, program, day=day)
    row = program_row(program)
    return CandidateCard(
        card_code=entrant.code, score=view.score, points=view.points, kind=program.kind,
        is_provisional=view.is_provisional, row=candidate_row(entrant.candidate, day=day),
        asked=row.asked_skills | row.other_skills, reasons=view.reasons,
        lacking=(*view.unmet, *view.gaps),
    )  # fmt: skip
