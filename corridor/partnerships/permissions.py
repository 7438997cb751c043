from __future__ import annotations

from typing import Any

from corridor.accounts import permissions as accounts
from corridor.partnerships.models import Agreement, ResearchProject, Review


def can_edit(user: Any, agreement: Agreement) -> bool:
    return accounts.can_edit_for(user, agreement.korean_party) or accounts.can_edit_for(
        user, agreement.us_party
    )


def can_edit_side(user: Any, project: ResearchProject, side: str) -> bool:
    """Write what belongs to one side of a project: its people, its reviews' names."""
    return side in Agreement.Side.values and accounts.can_edit_for(
        user, project.agreement.party(side)
    )


def can_review(user: Any, review: Review) -> bool:
    """The member who was named reviews, whatever their role; where somebody outside was named,
    an editor of that side records what they decided. Nobody of the other side ever does."""
    party = review.project.agreement.party(review.side)
    if review.reviewer_id is not None:
        return bool(user.pk == review.reviewer_id) and accounts.is_member(user, party)
    return accounts.can_edit_for(user, party)
