from __future__ import annotations

from typing import Any

from corridor.accounts import permissions as accounts
from corridor.matching.cohorts.models import CohortRound, RoundProgram


def can_run(user: Any, made: CohortRound) -> bool:
    """Open, close and decide a round: whoever writes for its university, and staff."""
    return accounts.is_staff(user) or accounts.can_edit_for(user, made.organization)


def can_rank(user: Any, row: RoundProgram) -> bool:
    return accounts.can_edit_for(user, row.program.organization)
