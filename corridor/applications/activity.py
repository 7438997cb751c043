"""What an organization's members, and candidates towards it, have done: from the audit rows."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast

from corridor.accounts import permissions
from corridor.accounts.models import Organization
from corridor.applications import queries
from corridor.common.models import AuditEntry
from corridor.programs.models import Program


def of(user: Any, organization: Organization) -> QuerySet[AuditEntry]:
    """The newest first; to members alone.

    Of applications, only those whose consent stands; of drafts, nothing.
    """
    if not permissions.is_member(user, organization):
        return AuditEntry.objects.none()
    programs = Program.objects.filter(organization=organization)
    seen = queries.as_host(user).filter(program__in=programs).exclude(candidate__user=user)

    def ids(rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.order_by().annotate(text_id=Cast("pk", CharField())).values("text_id")

    return (
        AuditEntry.objects.filter(
            Q(subject_type=Organization._meta.label, subject_id=str(organization.pk))
            | Q(subject_type=Program._meta.label, subject_id__in=ids(programs))
            | Q(subject_type="applications.Application", subject_id__in=ids(seen))
        )
        .exclude(action="application.started")
        .select_related("actor")
        .order_by("-at", "-pk")
    )
