"""Which of the twelve sectors a posting belongs to, where that is clear."""

from __future__ import annotations

from collections import Counter
from typing import Any

from corridor import taxonomy
from corridor.common.tables import plain_name

# Where a heading of lists points. It decides nothing alone: lists file much under a heading.
_HINTS = {
    "ai": "ai-software", "artificialintelligence": "ai-software", "machinelearning": "ai-software",
    "softwareengineering": "ai-software", "software": "ai-software", "datascience": "ai-software",
    "fpga": "semiconductors", "asic": "semiconductors", "chipdesign": "semiconductors",
    "automotive": "automobiles", "energy": "power-grid", "aerospace": "aerospace-defense",
    "defense": "aerospace-defense", "logistics": "ports-logistics", "biotech": "biopharma",
}  # fmt: skip


def sector_of(said: dict[str, Any]) -> str | None:
    """The sector, where it is clear: stated; or told by skills and occupations in the title and
    description; or, where those leave several, the one that the category points to as well."""
    if said.get("sector"):
        return str(said["sector"])
    votes = _votes(f"{said['title']}\n{said.get('description', '')[:2000]}")
    if not votes:
        return None
    ranked = votes.most_common(2)
    best, weight = ranked[0]
    if weight >= 0.5 and (len(ranked) == 1 or weight >= 2 * ranked[1][1]):
        return best
    plain = plain_name(said.get("category", ""))
    named = {
        plain_name(n): slug for slug, both in taxonomy.sectors().items() for n in (slug, *both)
    }
    hint = named.get(plain) or _HINTS.get(plain, "")
    return hint if votes[hint] >= 0.8 * weight else None


def _votes(text: str) -> Counter[str]:
    """Each concept found gives one vote, shared by its sectors; what belongs to most, none."""
    votes: Counter[str] = Counter()
    found = [taxonomy.skill(one.id) for one in taxonomy.find_skills(text)]
    found += [taxonomy.occupation(one.id) for one in taxonomy.find_occupations(text)]  # type: ignore[misc]
    for concept in found:
        if len(concept.sectors) <= 4:
            for slug in concept.sectors:
                votes[slug] += 1 / len(concept.sectors)  # type: ignore[assignment]
    return votes
