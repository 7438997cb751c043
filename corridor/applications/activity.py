"""What an organization's members, and candidates towards it, have done: from the audit rows."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast

from corridor.accounts import permissions
from corridor.accounts.models import Organization
from corridor.applications import queries
from corridor.applications.countersigned import queries as papers
from corridor.applications.models import Certificate, Pair, Placement, Traveler, TravelStay
from corridor.common.models import AuditEntry
from corridor.partnerships import queries as partnerships
from corridor.programs.models import Program

# A draft is the candidate's; whether a certificate may be checked is its holder's matter; who
# reported a program is staff's.
_UNTOLD = ("application.started", "certificate.shown", "program.reported",
           "program.reports_settled")  # fmt: skip


def of(user: Any, organization: Organization) -> QuerySet[AuditEntry]:
    """The newest first; to members alone.

    Of applications, only those whose consent stands; of drafts, nothing. Of papers, what this
    organization reads of them by now. Of the roster and its pairs, of agreements and research, what
    is its own. What somebody told staff in private is never here.
    """
    if not permissions.is_member(user, organization):
        return AuditEntry.objects.none()
    programs = Program.objects.filter(organization=organization)
    seen = queries.as_host(user).filter(program__in=programs).exclude(candidate__user=user)
    placed = Placement.objects.filter(application__in=seen)
    crew = Traveler.objects.filter(organization=organization)
    own: dict[str, QuerySet[Any]] = {
        "applications.Application": seen,
        "applications.Paper": papers.of_organization(user, organization),
        "applications.Placement": placed,
        "applications.Certificate": Certificate.objects.filter(placement__in=placed),
        "applications.Traveler": crew,
        "applications.TravelStay": TravelStay.objects.filter(traveler__in=crew),
        "applications.Pair": Pair.objects.filter(organization=organization),
        "partnerships.Agreement": partnerships.of_organization(user, organization),
        "partnerships.ResearchProject": partnerships.projects_of(user, organization),
        Program._meta.label: programs,
    }

    def ids(rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.order_by().annotate(text_id=Cast("pk", CharField())).values("text_id")

    told = Q(subject_type=Organization._meta.label, subject_id=str(organization.pk))
    for label, rows in own.items():
        told |= Q(subject_type=label, subject_id__in=ids(rows))
    # What was taken off the roster is gone by now; the row says whose it was.
    told |= Q(action__in=["traveler.removed", "pair.removed"],
              values__organization=organization.pk)  # fmt: skip
    return (
        AuditEntry.objects.filter(told)
        .exclude(action__in=_UNTOLD)
        .select_related("actor")
        .order_by("-at", "-pk")
    )
