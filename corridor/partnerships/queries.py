from __future__ import annotations

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from corridor.accounts.models import Membership, Organization
from corridor.common.models import AuditEntry
from corridor.partnerships.models import (
    Affiliation,
    Agreement,
    Introduction,
    Investigator,
    Nomination,
    ResearchGroup,
    ResearchProject,
)


def visible_to(user: Any) -> QuerySet[Agreement]:
    """Agreements of one's own organizations; staff see all. An active one is public in name."""
    if not getattr(user, "is_authenticated", False):
        return Agreement.objects.none()
    if user.is_staff:
        return Agreement.objects.all()
    own = Membership.objects.filter(user=user).values("organization_id")
    return Agreement.objects.filter(Q(korean_party__in=own) | Q(us_party__in=own))


def of_organization(user: Any, organization: Organization) -> QuerySet[Agreement]:
    return (
        visible_to(user)
        .filter(Q(korean_party=organization) | Q(us_party=organization))
        .select_related("korean_party", "us_party")
        .order_by("status", "-updated_at")
    )


def possible_partners(organization: Organization) -> QuerySet[Organization]:
    """Verified institutions of the other country."""
    other = "US" if organization.country == "KR" else "KR"
    return Organization.objects.filter(country=other, status=Organization.Status.VERIFIED).order_by(
        "name_en", "name_ko"
    )


def history(user: Any, agreement: Agreement) -> QuerySet[AuditEntry]:
    """What was done to an agreement, newest first; to whoever may see it."""
    if not visible_to(user).filter(pk=agreement.pk).exists():
        return AuditEntry.objects.none()
    return (
        AuditEntry.objects.filter(
            subject_type=Agreement._meta.label, subject_id=str(agreement.pk)
        )
        .select_related("actor")
        .order_by("-at", "-pk")
    )


# --- joint research -----------------------------------------------------------------------------
def projects_visible_to(user: Any) -> QuerySet[ResearchProject]:
    """Projects under the agreements that a person may see."""
    return ResearchProject.objects.filter(agreement__in=visible_to(user))


def projects_of(user: Any, organization: Organization) -> QuerySet[ResearchProject]:
    return (
        projects_visible_to(user)
        .filter(
            Q(agreement__korean_party=organization) | Q(agreement__us_party=organization)
        )
        .select_related("agreement__korean_party", "agreement__us_party")
    )


def projects_without_lead(user: Any, organization: Organization) -> QuerySet[ResearchProject]:
    """Planned projects whose side of this organization names no principal investigator yet."""
    leads = Investigator.objects.filter(project=OuterRef("pk"), leads=True)
    lacking = Q(agreement__korean_party=organization) & ~Exists(leads.filter(side="KR")) | Q(
        agreement__us_party=organization
    ) & ~Exists(leads.filter(side="US"))
    return projects_of(user, organization).filter(
        lacking, state=ResearchProject.State.PLANNED
    ).order_by("pk")


def project_history(user: Any, project: ResearchProject) -> QuerySet[AuditEntry]:
    """What was done to a project, newest first; to whoever may see it."""
    if not projects_visible_to(user).filter(pk=project.pk).exists():
        return AuditEntry.objects.none()
    return (
        AuditEntry.objects.filter(
            subject_type=ResearchProject._meta.label, subject_id=str(project.pk)
        )
        .select_related("actor")
        .order_by("-at", "-pk")
    )


def does_research(organization: Organization) -> bool:
    """It has research with a partner, or a group that looks for one. One query."""
    party = Q(korean_party=organization) | Q(us_party=organization)
    return (
        Organization.objects.filter(pk=organization.pk)
        .filter(
            Exists(Agreement.objects.filter(party, kind=Agreement.Kind.RESEARCH))
            | Exists(ResearchGroup.objects.filter(organization=organization))
            | Exists(ResearchProject.objects.filter(agreement__in=Agreement.objects.filter(party)))
        )
        .exists()
    )


def groups_of(user: Any, organization: Organization) -> QuerySet[ResearchGroup]:
    """One's own institution's groups; to its members."""
    if not Membership.objects.filter(user=user, organization=organization).exists():
        return ResearchGroup.objects.none()
    return ResearchGroup.objects.filter(organization=organization).select_related("organization")


def findable_groups(organization: Organization) -> QuerySet[ResearchGroup]:
    """Groups on the other side of the ocean that want to be found, of verified institutions.

    Who leads them and their addresses are for `introductions`, once accepted.
    """
    other = "US" if organization.country == "KR" else "KR"
    return ResearchGroup.objects.filter(
        is_open=True, organization__country=other,
        organization__status=Organization.Status.VERIFIED,
    ).select_related("organization")  # fmt: skip


def introductions(user: Any, organization: Organization) -> QuerySet[Introduction]:
    """What its groups have asked and were asked; to its members."""
    if not Membership.objects.filter(user=user, organization=organization).exists():
        return Introduction.objects.none()
    return (
        Introduction.objects.filter(
            Q(asking__organization=organization) | Q(asked__organization=organization)
        )
        .select_related("asking__organization", "asked__organization", "agreement")
        .order_by("-created_at", "-pk")
    )


# --- students -----------------------------------------------------------------------------------
def students_of(user: Any, university: Organization) -> QuerySet[Affiliation]:
    """Those who said they belong to it and whose consent stands; to its members alone."""
    if not Membership.objects.filter(user=user, organization=university).exists():
        return Affiliation.objects.none()
    return (
        Affiliation.objects.filter(university=university, consent__withdrawn_at=None)
        .filter(state__in=[Affiliation.State.ASKED, Affiliation.State.CONFIRMED])
        .select_related("student", "consent")
        .order_by("student__name", "pk")
    )


def stands(student: Any, university: Organization) -> bool:
    return Affiliation.objects.filter(
        student=student, university=university, state=Affiliation.State.CONFIRMED,
        consent__withdrawn_at=None,
    ).exists()  # fmt: skip


def affiliations_of(student: Any) -> QuerySet[Affiliation]:
    return Affiliation.objects.filter(student=student).select_related("university", "consent")


def universities() -> QuerySet[Organization]:
    return Organization.objects.filter(
        kind=Organization.Kind.UNIVERSITY, status=Organization.Status.VERIFIED
    ).order_by("country", "name_ko", "name_en")


def nominations_of(student: Any) -> QuerySet[Nomination]:
    """A student's own nominations, the open ones first."""
    return (
        Nomination.objects.filter(student=student)
        .select_related("program__organization", "university", "agreement")
        .order_by("-created_at")
    )


def nominations_by(user: Any, university: Organization) -> QuerySet[Nomination]:
    """A university's live nominations of students whose consent stands; to its members."""
    students = students_of(user, university).values("student_id")
    return (
        Nomination.objects.filter(
            university=university, student__in=students, state__in=Nomination.LIVE
        )
        .select_related("student__candidate", "program__organization", "agreement")
        .order_by("program_id", "rank", "pk")
    )


def nominators(user: Any, program: Any) -> QuerySet[Organization]:
    """The person's universities that have a living nomination for the program."""
    if not getattr(user, "is_authenticated", False):
        return Organization.objects.none()
    own = Membership.objects.filter(user=user).values("organization_id")
    sent = Nomination.objects.filter(program=program, state__in=Nomination.LIVE)
    return Organization.objects.filter(pk__in=own).filter(
        pk__in=sent.values("university_id")
    )


def nominations_to(user: Any, host: Organization) -> QuerySet[Nomination]:
    """What universities have sent to a host, while the consent stands; to its members.

    It names nobody by itself.
    """
    if not Membership.objects.filter(user=user, organization=host).exists():
        return Nomination.objects.none()
    return (
        Nomination.objects.filter(
            program__organization=host, state=Nomination.State.SENT,
            student__affiliations__university=F("university"),
            student__affiliations__consent__withdrawn_at=None,
        )
        .select_related("student__candidate", "university", "program")
        .order_by("program_id", "university_id", "rank", "pk")
    )
