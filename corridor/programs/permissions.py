from __future__ import annotations

from typing import Any

from corridor.accounts import permissions as accounts
from corridor.programs.models import Program


def can_edit(user: Any, program: Program) -> bool:
    """Owners and editors of the host, and staff."""
    return accounts.is_staff(user) or accounts.can_edit_for(user, program.organization)


def can_review(user: Any, program: Program) -> bool:
    """Any member of the host reads its applicants."""
    return accounts.is_member(user, program.organization)
