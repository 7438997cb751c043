"""What a requirement's words mean: a skill of the taxonomy or a credential of the rules."""

from __future__ import annotations

from django.utils import timezone

from corridor import rules, taxonomy
from corridor.programs.models import Requirement


def ref_for(kind: str, text: str) -> str:
    """The taxonomy's skill id or the rules' credential id that `text` names, or an empty text.

    Words that name a U.S. counterpart of several Korean credentials stay without an id: the rules
    find all of them by the words themselves.
    """
    if kind == Requirement.Kind.SKILL:
        found = taxonomy.find_skills(text)
        return found[0].id if found else ""
    if kind == Requirement.Kind.CREDENTIAL:
        for rung in rules.recognition([text], state=None, day=timezone.localdate()):
            if rung.credential:
                return rung.credential
    return ""
