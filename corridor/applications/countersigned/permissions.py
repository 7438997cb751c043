"""Who may write in a paper, and who may sign it: small questions about one person and one side."""

from __future__ import annotations

from typing import Any

from corridor.accounts import permissions as accounts
from corridor.applications import permissions
from corridor.applications.countersigned import queries
from corridor.applications.models import CANDIDATE, HOST, THIRD, Paper
from corridor.partnerships import queries as partnerships

_CLOSED = (Paper.State.CREDITED, Paper.State.REFUSED)


def acts_for(user: Any, paper: Paper, side: str) -> bool:
    """The candidate for themselves; owners and editors for an organization that may read it."""
    application = paper.application
    if side == CANDIDATE:
        return bool(application.candidate.user_id == getattr(user, "pk", None))
    if application.candidate.user_id == getattr(user, "pk", None):
        return False  # nobody countersigns their own paper
    if side == HOST:
        return permissions.can_decide(user, application)
    return (
        side == THIRD
        and paper.third is not None
        and accounts.can_edit_for(user, paper.third)
        and third_may_read(paper)
    )


def third_may_read(paper: Paper) -> bool:
    if paper.consent is not None:
        return paper.consent.stands
    return (
        paper.by_third
        and paper.third is not None
        and partnerships.stands(paper.application.candidate.user, paper.third)
    )


def writers(paper: Paper) -> tuple[str, ...]:
    """The sides that change the words: the host a plan's; student and university an agreement's."""
    if paper.state in _CLOSED or paper.application.is_final:
        return ()
    if paper.kind == Paper.Kind.TRAINING_PLAN:
        return (HOST,)
    return (CANDIDATE, THIRD)


def may_write(user: Any, paper: Paper, side: str) -> bool:
    return side in writers(paper) and acts_for(user, paper, side)


def may_sign(user: Any, paper: Paper, side: str) -> bool:
    return (
        paper.state in (Paper.State.DRAFT, Paper.State.SIGNING)
        and paper.turn == side
        and not paper.application.is_final
        and acts_for(user, paper, side)
    )


def may_record(user: Any, paper: Paper, side: str) -> bool:
    """Record a signature of `side` that was made on paper: the side its own; for the sponsor or
    university also the host, which the signer then confirms."""
    if may_sign(user, paper, side):
        return True
    return (
        side == THIRD
        and paper.state == Paper.State.SIGNING
        and paper.turn == THIRD
        and not paper.application.is_final
        and acts_for(user, paper, HOST)
    )


def may_confirm(user: Any, paper: Paper, side: str) -> bool:
    """Somebody of the side says that a signature which another recorded is theirs."""
    return (
        side in queries.unconfirmed(paper)
        and not paper.application.is_final
        and acts_for(user, paper, side)
    )


def may_send_back(user: Any, paper: Paper, side: str) -> bool:
    """Whoever is asked to sign may ask for changes instead; so may the candidate of a signed one
    until the outcome is recorded, and a side that a signature is ascribed to."""
    open_states = (Paper.State.SIGNING, Paper.State.UNCONFIRMED, Paper.State.SIGNED)
    if paper.state not in open_states or paper.application.is_final or paper.outcome:
        return False
    if side in writers(paper) and paper.turn != side and side not in queries.unconfirmed(paper):
        return False  # who may write simply changes it
    return acts_for(user, paper, side) and (
        paper.turn == side or side == CANDIDATE or side in queries.unconfirmed(paper)
    )
