from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from corridor.accounts.models import Membership, Organization
from corridor.partnerships.models import Agreement


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
