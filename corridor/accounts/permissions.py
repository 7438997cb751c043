"""Small named questions about one person and one organization. Staff are named, never implied."""

from __future__ import annotations

from typing import Any

from corridor.accounts.models import Membership, Organization

EDITORS = (Membership.Role.OWNER, Membership.Role.EDITOR)


def is_member(user: Any, organization: Organization) -> bool:
    return (
        getattr(user, "is_authenticated", False)
        and Membership.objects.filter(user=user, organization=organization).exists()
    )


def can_edit_for(user: Any, organization: Organization) -> bool:
    """Owners and editors write in the organization's name; reviewers read and review."""
    return (
        getattr(user, "is_authenticated", False)
        and Membership.objects.filter(
            user=user, organization=organization, role__in=EDITORS
        ).exists()
    )


def is_owner(user: Any, organization: Organization) -> bool:
    return (
        getattr(user, "is_authenticated", False)
        and Membership.objects.filter(
            user=user, organization=organization, role=Membership.Role.OWNER
        ).exists()
    )


def role_of(user: Any, organization: Organization) -> str:
    """The member's role; empty for anybody else. One query where several rights are asked."""
    found = organization.memberships.filter(user=user).values_list("role", flat=True).first()
    return found or ""


def is_staff(user: Any) -> bool:
    return bool(getattr(user, "is_authenticated", False) and user.is_staff)
