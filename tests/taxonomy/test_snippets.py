"""Lines of résumés and postings, and exactly what must be found in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from corridor import taxonomy

SNIPPETS: list[dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("snippets.yaml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("snippet", SNIPPETS, ids=lambda one: one["text"][:40])
def test_a_line_names_exactly_these_concepts(snippet: dict[str, Any]) -> None:
    text = snippet["text"]
    assert {found.id for found in taxonomy.find_skills(text)} == set(snippet["skills"])
    assert {found.id for found in taxonomy.find_occupations(text)} == set(
        snippet.get("occupations", [])
    )
    assert {found.id for found in taxonomy.find_majors(text)} == set(snippet.get("majors", []))


def test_the_lines_cover_every_sector_in_both_languages() -> None:
    assert len(SNIPPETS) >= 60
    seen = {"ko": set[str](), "en": set[str]()}
    for snippet in SNIPPETS:
        lang = "ko" if any("가" <= char <= "힣" for char in snippet["text"]) else "en"
        for skill_id in snippet["skills"]:
            sectors = taxonomy.skill(skill_id).sectors
            if len(sectors) <= 4:
                seen[lang].update(sectors)
    assert seen["ko"] == seen["en"] == set(taxonomy.sectors())
