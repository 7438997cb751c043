"""What a requirement's words mean: a skill of the taxonomy or a credential of the rules."""

from __future__ import annotations

from collections import Counter

from django.utils import timezone

from corridor import rules, taxonomy
from corridor.programs.models import Requirement


def ref_for(kind: str, text: str) -> str:
    """The taxonomy's skill id or the rules' credential id that `text` names, or an empty text.

    Of several skills, the one named most often, as in both languages; of these the first.

    Words that name a U.S. counterpart of several Korean credentials stay without an id: the rules
    find all of them by the words themselves.
    """
    if kind == Requirement.Kind.SKILL:
        found = Counter(one.id for one in taxonomy.find_skills(text))
        return max(found, key=found.__getitem__) if found else ""
    if kind == Requirement.Kind.CREDENTIAL:
        for rung in rules.recognition([text], state=None, day=timezone.localdate()):
            if rung.credential:
                return rung.credential
    return ""
