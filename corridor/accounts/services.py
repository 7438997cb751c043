from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from corridor.accounts import permissions
from corridor.accounts.models import Consent, Membership, Organization, User
from corridor.common import audit, outbox
from corridor.common.language import language_code

_VERIFIED_BY = {"name_ko", "name_en", "business_number"}
CONSENT_TEXT_VERSION = "2026-11"
# What reaches a host with an application (shown to the candidate before consent, and kept).
IDENTITY_ITEMS = ["name", "email", "education", "work", "credentials", "languages", "documents"]


@transaction.atomic
def register_organization(*, by: User, kind: str, country: str, **fields: Any) -> Organization:
    """A new, unverified organization with `by` as its owner."""
    names = fields.get("name_en") or fields.get("name_ko") or ""
    organization = Organization(kind=kind, country=country, slug=_free_slug(names), **fields)
    organization.full_clean()
    organization.save()
    Membership.objects.create(user=by, organization=organization, role=Membership.Role.OWNER)
    audit.record("organization.registered", organization, by=by, kind=kind, country=country)
    return organization


def _free_slug(name: str) -> str:
    base = slugify(name)[:60] or "org"
    slug, number = base, 2
    while Organization.objects.filter(slug=slug).exists():
        slug, number = f"{base}-{number}", number + 1
    return slug


@transaction.atomic
def save_organization(organization: Organization, *, by: User, **fields: Any) -> Organization:
    """Change what an organization says of itself.

    What its verification rests on (its names and number) cannot be changed and stay verified.
    """
    if not (permissions.can_edit_for(by, organization) or permissions.is_staff(by)):
        raise PermissionDenied
    editable = {
        "name_ko",
        "name_en",
        "about_ko",
        "about_en",
        "website",
        "business_number",
        "state",
        "city",
    }
    unknown = set(fields) - editable
    if unknown:
        raise ValidationError(_("These fields cannot be changed here: %s") % ", ".join(unknown))
    organization = Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    changed = {name for name, value in fields.items() if getattr(organization, name) != value}
    for name, value in fields.items():
        setattr(organization, name, value)
    organization.full_clean()
    if changed & _VERIFIED_BY and organization.is_verified and not permissions.is_staff(by):
        organization.status = Organization.Status.UNVERIFIED
    organization.save()
    if changed & {"name_ko", "name_en"}:  # search looks for a program under its host's name, too
        outbox.put("programs.read_heads", key=f"host:{organization.pk}", host=organization.pk)
    audit.record(
        "organization.saved", organization, by=by, fields=sorted(fields), status=organization.status
    )
    return organization


@transaction.atomic
def verify_organization(
    organization: Organization, *, by: User, verified: bool, note: str, kinds: Sequence[str] = ()
) -> Organization:
    """Staff say, with their evidence, that an organization is who it says it is (or is not).

    `kinds` (of Organization.Evidence) are public with the mark; the note is the organization's.
    """
    if not permissions.is_staff(by):
        raise PermissionDenied
    if not note.strip():
        raise ValidationError(_("Write down the evidence that you looked at."))
    organization.status = Organization.Status.VERIFIED if verified else Organization.Status.REJECTED
    organization.verified_at, organization.verified_by = timezone.now(), by
    organization.verification_note = note
    organization.evidence_kinds = [
        kind for kind in Organization.Evidence.values if verified and kind in kinds
    ]
    organization.save()
    audit.record("organization.verified", organization, by=by, status=organization.status)
    outbox.put("applications.tell_verified", key=f"organization:{organization.pk}",
               id=organization.pk, at=organization.verified_at.isoformat())  # fmt: skip
    return organization


@transaction.atomic
def add_member(organization: Organization, *, by: User | None, user: User, role: str) -> Membership:
    if by is not None and not (permissions.is_owner(by, organization) or permissions.is_staff(by)):
        raise PermissionDenied
    membership, _created = Membership.objects.update_or_create(
        user=user, organization=organization, defaults={"role": role}
    )
    audit.record("organization.member", organization, by=by, user=user.pk, role=role)
    return membership


@transaction.atomic
def give_consent(
    *, user: User, purpose: str, recipient: Organization | None = None, items: list[str]
) -> Consent:
    """Record a consent; one that already stands for the same recipient and items is kept."""
    # Two at once must not make two: withdrawing one of them would leave the other standing.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    standing = (
        Consent.objects.filter(user=user, purpose=purpose, recipient=recipient, withdrawn_at=None)
        .first()
    )
    if standing and set(items) <= set(standing.items):
        return standing
    consent = Consent.objects.create(
        user=user,
        purpose=purpose,
        recipient=recipient,
        recipient_name=(recipient.name_en or recipient.name_ko) if recipient else "",
        recipient_country=recipient.country if recipient else "",
        items=items,
        text_version=CONSENT_TEXT_VERSION,
        language=language_code(),
    )
    audit.record("consent.given", consent, by=user, purpose=purpose)
    return consent


@transaction.atomic
def withdraw_consent(consent: Consent, *, by: User) -> Consent:
    if consent.user_id != by.pk:
        raise PermissionDenied
    if consent.stands:
        consent.withdrawn_at = timezone.now()
        consent.save(update_fields=["withdrawn_at"])
        audit.record("consent.withdrawn", consent, by=by, purpose=consent.purpose)
    return consent


@transaction.atomic
def close(user: User) -> datetime:
    """End one's own account: no sign-in from now on. Gives the moment; see applications.leaving."""
    now = timezone.now()
    user.closed_at, user.is_active = now, False
    user.save(update_fields=["closed_at", "is_active"])
    audit.record("account.closed", user, by=user)
    return now


def set_language(user: User, *, language: str) -> None:
    if user.language != language and language in {"ko", "en"}:
        user.language = language
        user.save(update_fields=["language"])


@transaction.atomic
def set_names(user: User, *, by: User, **names: str) -> User:
    """Set one's own `name` or `name_roman` (as in the passport)."""
    if by.pk != user.pk or not set(names) <= {"name", "name_roman"}:
        raise PermissionDenied
    for field, value in names.items():
        setattr(user, field, value.strip())
    user.full_clean(exclude=["password"])
    user.save(update_fields=list(names))
    audit.record("user.named", user, by=by, fields=sorted(names))
    return user
