"""Writes of agreements: draft → sent → signed by one side → in force → expired or ended.

A signature is a named person's, of one side, on one day; a member of that side records it. An
agreement is in force only when both sides have signed. A change of its words asks both anew.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor.accounts import permissions as accounts
from corridor.accounts.models import Organization, User
from corridor.common import audit, versions
from corridor.partnerships import notices, permissions
from corridor.partnerships.models import Agreement, Notice
from corridor.partnerships.services.research import hold_projects

EDITABLE = {
    "kind", "title_ko", "title_en", "summary_ko", "summary_en", "obligations", "sectors", "seats",
    "starts_on", "ends_on",
}  # fmt: skip
Status, Side = Agreement.Status, Agreement.Side


def locked(agreement: Agreement, by: User) -> Agreement:
    """The row as it is now, locked; for one who may write for a party."""
    found = (
        Agreement.objects.select_for_update(of=("self",))
        .select_related("korean_party", "us_party")
        .get(pk=agreement.pk)
    )
    if not permissions.can_edit(by, found):
        raise PermissionDenied
    return found


@transaction.atomic
def save_agreement(
    agreement: Agreement | None,
    *,
    by: User,
    organization: Organization | None = None,
    partner: Organization | None = None,
    version: int | None = None,
    **fields: Any,
) -> Agreement:
    """Draft an agreement of `organization` with `partner`, or change one.

    A change to one that was sent or signed makes it a draft again: what was signed were other
    words. The partner is told. `version`: the one that was read for editing; raises
    `versions.Outdated` when somebody has changed or signed it since.
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
        agreement = locked(agreement, by)
        if agreement.is_over:
            raise ValidationError(_("An ended agreement cannot be changed."))
        versions.advance(agreement, version)
    unknown = set(fields) - EDITABLE
    if unknown:
        raise ValidationError(_("These fields cannot be changed here: %s") % ", ".join(unknown))
    for name, value in fields.items():
        setattr(agreement, name, value)
    reopened = agreement.status != Status.DRAFT
    if reopened:
        _unsign(agreement)
    agreement.full_clean(exclude=["created_by"])
    agreement.save()
    audit.record("agreement.saved", agreement, by=by, fields=sorted(fields))
    if reopened:
        hold_projects(agreement, by)
        notices.put(Notice.What.RETURNED, agreement, to=_others(agreement, by))
    return agreement


@transaction.atomic
def send(agreement: Agreement, *, by: User) -> Agreement:
    """Give a draft to the partner, to be signed by either side from now on."""
    agreement = locked(agreement, by)
    if agreement.status != Status.DRAFT:
        raise ValidationError(_("Only a draft can be sent."))
    agreement.status = Status.SENT
    versions.advance(agreement)
    agreement.save(update_fields=["status", "version", "updated_at"])
    audit.record("agreement.sent", agreement, by=by)
    notices.put(Notice.What.SENT, agreement, to=_others(agreement, by))
    return agreement


@transaction.atomic
def sign(
    agreement: Agreement, *, by: User, side: str, name: str, title: str, day: date
) -> Agreement:
    """Record that `name`, in the office `title`, signed for `side` on `day`.

    Only a member who writes for that side can record it, once. With both, it is in force, and
    `signed_on` is the later day.
    """
    agreement = locked(agreement, by)
    if agreement.is_over:
        raise ValidationError(_("An ended agreement cannot be signed."))
    if side not in Side.values or not accounts.can_edit_for(by, agreement.party(side)):
        raise PermissionDenied
    if agreement.status == Status.DRAFT:
        raise ValidationError(_("Send the draft to the partner first; then it can be signed."))
    name, title = " ".join(name.split()), " ".join(title.split())
    if not name or not title:
        raise ValidationError(_("Write who signed, and in what office."))
    if day > timezone.localdate():
        raise ValidationError(_("The day of signing cannot lie in the future."))
    prefix = "korean" if side == Side.KR else "us"
    if getattr(agreement, f"{prefix}_confirmed_at"):
        raise ValidationError(_("This side has signed already."))
    setattr(agreement, f"{prefix}_signer", name)
    setattr(agreement, f"{prefix}_signer_title", title)
    setattr(agreement, f"{prefix}_signed_on", day)
    setattr(agreement, f"{prefix}_confirmed_at", timezone.now())
    both = agreement.korean_confirmed_at and agreement.us_confirmed_at
    agreement.status = Status.ACTIVE if both else Status.PROPOSED
    if both:
        days = [d for d in (agreement.korean_signed_on, agreement.us_signed_on) if d]
        agreement.signed_on = max(days)
        agreement.starts_on = agreement.starts_on or agreement.signed_on
    versions.advance(agreement)
    agreement.full_clean(exclude=["created_by"])
    agreement.save()
    audit.record("agreement.signed", agreement, by=by, side=str(side), status=agreement.status)
    what = Notice.What.IN_FORCE if both else Notice.What.SIGNED
    notices.put(what, agreement, to=_others(agreement, by))
    return agreement


@transaction.atomic
def send_back(agreement: Agreement, *, by: User) -> Agreement:
    """Make what was sent or half signed a draft again, to change its words."""
    agreement = locked(agreement, by)
    if agreement.status not in (Status.SENT, Status.PROPOSED):
        raise ValidationError(_("Only an agreement that waits for signatures can be sent back."))
    _unsign(agreement)
    versions.advance(agreement)
    agreement.save()
    audit.record("agreement.sent_back", agreement, by=by)
    notices.put(Notice.What.RETURNED, agreement, to=_others(agreement, by))
    return agreement


@transaction.atomic
def renew(agreement: Agreement, *, by: User) -> Agreement:
    """A draft with the same words and the same length of time, from the day after the last day.

    One that stands already is given back, so that pressing twice makes no two.
    """
    agreement = locked(agreement, by)
    if agreement.status not in (Status.ACTIVE, Status.EXPIRED) or agreement.ends_on is None:
        raise ValidationError(_("Only an agreement with a last day can be renewed."))
    standing = agreement.renewals.exclude(status__in=Agreement.OVER).first()
    if standing:
        return standing
    starts = agreement.ends_on + timedelta(days=1)
    length = agreement.ends_on - (agreement.starts_on or agreement.ends_on)
    copied = {name: getattr(agreement, name) for name in EDITABLE - {"starts_on", "ends_on"}}
    made = Agreement(
        **copied, korean_party=agreement.korean_party, us_party=agreement.us_party,
        created_by=by, renews=agreement, starts_on=starts,
        ends_on=starts + length if length else None, is_sample=agreement.is_sample,
    )  # fmt: skip
    made.full_clean(exclude=["created_by"])
    made.save()
    audit.record("agreement.renewal", agreement, by=by, draft=made.pk)
    audit.record("agreement.saved", made, by=by, renews=agreement.pk)
    return made


@transaction.atomic
def end(agreement: Agreement, *, by: User) -> Agreement:
    agreement = locked(agreement, by)
    if agreement.is_over:
        return agreement
    shared = agreement.status != Status.DRAFT
    agreement.status = Status.ENDED
    versions.advance(agreement)
    agreement.save(update_fields=["status", "version", "updated_at"])
    audit.record("agreement.ended", agreement, by=by)
    hold_projects(agreement, by)
    if shared:
        notices.put(Notice.What.ENDED, agreement, to=_others(agreement, by))
    return agreement


def _unsign(agreement: Agreement) -> None:
    agreement.status = Status.DRAFT
    agreement.signed_on = None
    for prefix in ("korean", "us"):
        setattr(agreement, f"{prefix}_signer", "")
        setattr(agreement, f"{prefix}_signer_title", "")
        setattr(agreement, f"{prefix}_signed_on", None)
        setattr(agreement, f"{prefix}_confirmed_at", None)


def _others(agreement: Agreement, by: User) -> list[Organization]:
    """The side that did not act; both, where the actor writes for both."""
    parties = [agreement.korean_party, agreement.us_party]
    own = [party for party in parties if accounts.can_edit_for(by, party)]
    return [party for party in parties if party not in own] or parties
