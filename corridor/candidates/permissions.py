from __future__ import annotations

from typing import Any

from corridor.candidates.models import Candidate


def owns(user: Any, candidate: Candidate) -> bool:
    return getattr(user, "is_authenticated", False) and candidate.user_id == user.pk
