from __future__ import annotations

from typing import Any

from corridor.accounts import permissions as accounts
from corridor.applications.models import CANDIDATE, HOST, Application


def side_of(user: Any, application: Application) -> str | None:
    """Which side of the application the user stands on; None for a stranger.

    Someone who is both (a member of the host who applied to it) stands on the candidate's side:
    nobody reviews themselves. A host whose consent was withdrawn stands on no side any more.
    """
    if not getattr(user, "is_authenticated", False):
        return None
    if application.candidate.user_id == user.pk:
        return CANDIDATE
    consent = application.consent
    if consent is None or not consent.stands:
        return None
    if accounts.is_member(user, application.program.organization):
        return HOST
    return None


def can_decide(user: Any, application: Application) -> bool:
    """Owners and editors of the host decide, invite, offer and write to the candidate."""
    return side_of(user, application) == HOST and accounts.can_edit_for(
        user, application.program.organization
    )


def can_review(user: Any, application: Application) -> bool:
    """Every member of the host reads, scores and notes."""
    return side_of(user, application) == HOST
