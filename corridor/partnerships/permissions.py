from __future__ import annotations

from typing import Any

from corridor.accounts import permissions as accounts
from corridor.partnerships.models import Agreement


def can_edit(user: Any, agreement: Agreement) -> bool:
    return accounts.can_edit_for(user, agreement.korean_party) or accounts.can_edit_for(
        user, agreement.us_party
    )
