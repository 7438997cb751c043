"""Writes of agreements. An agreement is active only when both parties have confirmed it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor.accounts import permissions as accounts
from corridor.accounts.models import Organization, User
from corridor.common import audit
from corridor.partnerships import permissions
from corridor.partnerships.models import Agreement

EDITABLE = {
    "kind", "title_ko", "title_en", "summary_ko", "summary_en", "obligations", "sectors", "seats",
    "signed_on", "starts_on", "ends_on",
}  # fmt: skip


@transaction.atomic
def save_agreement(
    agreement: Agreement | None,
    *,
    by: User,
    organization: Organization | None = None,
    partner: Organization | None = None,
    **fields: Any,
) -> Agreement:
    """Draft an agreement of `organization` with `partner`, or change one.

    A change to an agreement that was confirmed asks both sides to confirm again.
    """
    if agreement is None:
        if organization is None or partner is None:
            raise ValidationError(_("Choose the partner institution."))
        if not accounts.can_edit_for(by, organization):
            raise PermissionDenied
        if {organization.country, partner.country} != {"KR", "US"}:
            raise ValidationError(_("An agreement joins a Korean and a U.S. institution."))
        korean, us = sorted((organization, partner), key=lambda party: party.country)
        agreement = Agreement(korean_party=korean, us_party=us, created_by=by)
    else:
        agreement = Agreement.objects.select_for_update().get(pk=agreement.pk)
        if not permissions.can_edit(by, agreement):
            raise PermissionDenied
        if agreement.status == Agreement.Status.ENDED:
            raise ValidationError(_("An ended agreement cannot be changed."))
    unknown = set(fields) - EDITABLE
    if unknown:
        raise ValidationError(_("These fields cannot be changed here: %s") % ", ".join(unknown))
    for name, value in fields.items():
        setattr(agreement, name, value)
    if agreement.korean_confirmed_at or agreement.us_confirmed_at:
        agreement.korean_confirmed_at = agreement.us_confirmed_at = None
        agreement.status = Agreement.Status.DRAFT
    agreement.full_clean(exclude=["created_by"])
    agreement.save()
    audit.record("agreement.saved", agreement, by=by, fields=sorted(fields))
    return agreement


@transaction.atomic
def confirm(agreement: Agreement, *, by: User) -> Agreement:
    """Confirm for one's own side; with both sides confirmed the agreement is active."""
    agreement = (
        Agreement.objects.select_for_update(of=("self",))
        .select_related("korean_party", "us_party")
        .get(pk=agreement.pk)
    )
    if agreement.status == Agreement.Status.ENDED:
        raise ValidationError(_("An ended agreement cannot be confirmed."))
    mine = False
    if accounts.can_edit_for(by, agreement.korean_party):
        agreement.korean_confirmed_at = agreement.korean_confirmed_at or timezone.now()
        mine = True
    if accounts.can_edit_for(by, agreement.us_party):
        agreement.us_confirmed_at = agreement.us_confirmed_at or timezone.now()
        mine = True
    if not mine:
        raise PermissionDenied
    both = agreement.korean_confirmed_at and agreement.us_confirmed_at
    agreement.status = Agreement.Status.ACTIVE if both else Agreement.Status.PROPOSED
    agreement.save()
    audit.record("agreement.confirmed", agreement, by=by, status=agreement.status)
    return agreement


@transaction.atomic
def end(agreement: Agreement, *, by: User) -> Agreement:
    agreement = Agreement.objects.select_for_update().get(pk=agreement.pk)
    if not permissions.can_edit(by, agreement):
        raise PermissionDenied
    agreement.status = Agreement.Status.ENDED
    agreement.save(update_fields=["status", "updated_at"])
    audit.record("agreement.ended", agreement, by=by)
    return agreement
