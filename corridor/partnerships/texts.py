"""A research group's searchable text and what the taxonomy reads in it. Never a person's name."""

from __future__ import annotations

from corridor import taxonomy
from corridor.common.terms import term_ids
from corridor.embeddings import text_hash
from corridor.partnerships.models import ResearchGroup


def group_text(group: ResearchGroup) -> str:
    """What it is called, what it works on, what it looks for."""
    pieces = [group.name_en, group.name_ko, group.interests, group.seeks]
    return "\n".join(piece.strip() for piece in pieces if piece and piece.strip())


def read(group: ResearchGroup) -> list[str]:
    """Set what follows from the text (hash, skills, occupations, terms); names the set fields."""
    text = group_text(group)
    group.text_hash = text_hash(text)
    works_on = f"{group.name_en}\n{group.name_ko}\n{group.interests}"
    group.skill_ids = sorted({found.id for found in taxonomy.find_skills(works_on)})
    group.asked_ids = sorted({found.id for found in taxonomy.find_skills(group.seeks)})
    group.occupation_ids = sorted({found.id for found in taxonomy.find_occupations(text)})
    group.term_ids = term_ids(text)
    return ["text_hash", "skill_ids", "asked_ids", "occupation_ids", "term_ids"]
