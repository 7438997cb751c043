from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from corridor.accounts import permissions
from corridor.accounts.models import Consent, Membership, Organization, User


def organizations_visible_to(user: Any) -> QuerySet[Organization]:
    """Verified organizations are public; one's own and, to staff, all of them are seen too."""
    everything = Organization.objects.all()
    if getattr(user, "is_staff", False):
        return everything
    public = Q(status=Organization.Status.VERIFIED)
    if not getattr(user, "is_authenticated", False):
        return everything.filter(public)
    return everything.filter(
        public | Q(pk__in=Membership.objects.filter(user=user).values("organization_id"))
    )


def organizations_of(user: Any) -> QuerySet[Organization]:
    if not getattr(user, "is_authenticated", False):
        return Organization.objects.none()
    return Organization.objects.filter(memberships__user=user).order_by("slug")


def owned_alone(user: Any) -> list[Organization]:
    """Those whose only owner the user is, of owners who are there."""
    others = Membership.objects.filter(
        organization=OuterRef("pk"), role=Membership.Role.OWNER, user__is_active=True
    ).exclude(user=user)
    owned = Organization.objects.filter(
        memberships__user=user, memberships__role=Membership.Role.OWNER
    )
    return list(owned.exclude(Exists(others)).order_by("slug"))


def members_of(organization: Organization) -> QuerySet[Membership]:
    return organization.memberships.select_related("user").order_by("created_at")


def owners_of(organization: Organization) -> QuerySet[User]:
    """Its owners who are there."""
    return User.objects.filter(
        memberships__organization=organization, memberships__role=Membership.Role.OWNER,
        is_active=True,
    )  # fmt: skip


def editors_of(organization: Organization) -> QuerySet[User]:
    """Who may write in its name and is there: its owners and editors. Mails that ask the
    organization for a deed go to them."""
    return User.objects.filter(
        memberships__organization=organization, memberships__role__in=permissions.EDITORS,
        is_active=True,
    )  # fmt: skip


def standing_consent(user: Any, purpose: str, recipient: Organization | None) -> Consent | None:
    return Consent.objects.filter(
        user=user, purpose=purpose, recipient=recipient, withdrawn_at=None
    ).first()


def consents_of(user: Any) -> QuerySet[Consent]:
    return Consent.objects.filter(user=user).select_related("recipient")
