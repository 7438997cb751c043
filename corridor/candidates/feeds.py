"""The secret address of a person's calendar feed: made, looked up, and revoked."""

from __future__ import annotations

import hashlib
import secrets

from django.core.exceptions import PermissionDenied
from django.db import transaction

from corridor.accounts.models import User
from corridor.candidates import permissions
from corridor.candidates.models import CalendarLink, Candidate
from corridor.common import audit


@transaction.atomic
def renew(candidate: Candidate, *, by: User) -> str:
    """A new address token (256 random bits); one that stood before leads nowhere from now on."""
    _mine(candidate, by)
    token = secrets.token_urlsafe(32)
    CalendarLink.objects.update_or_create(
        candidate=candidate, defaults={"token": token, "digest": _digest(token)}
    )
    audit.record("candidate.calendar_made", candidate, by=by)
    return token


@transaction.atomic
def revoke(candidate: Candidate, *, by: User) -> None:
    _mine(candidate, by)
    gone, _kinds = CalendarLink.objects.filter(candidate=candidate).delete()
    if gone:
        audit.record("candidate.calendar_revoked", candidate, by=by)


def token_of(candidate: Candidate) -> str:
    """The token that stands, or an empty text."""
    link = CalendarLink.objects.filter(candidate=candidate).first()
    return link.token if link else ""


def holder(token: str) -> Candidate | None:
    """Whose feed the token opens; None for one that is unknown, revoked or of a closed account."""
    link = (
        CalendarLink.objects.filter(digest=_digest(token), candidate__user__is_active=True)
        .select_related("candidate__user")
        .first()
    )
    return link.candidate if link else None


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _mine(candidate: Candidate, by: User) -> None:
    if not permissions.owns(by, candidate):
        raise PermissionDenied
