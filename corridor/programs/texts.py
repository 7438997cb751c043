"""A program's searchable text in both languages, and what the taxonomy reads in it."""

from __future__ import annotations

from functools import lru_cache

from django.utils import translation

from corridor import taxonomy
from corridor.common.terms import letters, term_ids
from corridor.embeddings import text_hash
from corridor.places.resolve import ground
from corridor.programs.kinds import DETAILS, Kind
from corridor.programs.models import Program

# What `program_text` reads, and what `head` reads: prefetch these before reading many rows.
PREFETCH = ("duties", "requirements")
NAMED = ("organization", "hub", "sector")


def program_text(program: Program) -> str:
    """Titles, requirements, duties, then descriptions and the kind's own texts."""
    telling = {detail.name for detail in DETAILS.get(program.kind, ()) if detail.type != "bool"} & {
        "training_plan", "field_of_study", "occupation", "equipment", "theme", "courses",
        "curriculum", "outcome", "expected_of_team",
    }  # fmt: skip
    pieces = [
        program.title_en,
        program.title_ko,
        "; ".join(requirement.text for requirement in program.requirements.all()),
        "; ".join(duty.text for duty in program.duties.all()),
        program.summary_en,
        program.summary_ko,
        *(str(program.details.get(name, "")) for name in sorted(telling)),
        program.description_en,
        program.description_ko,
    ]
    return "\n".join(piece.strip() for piece in pieces if piece and piece.strip())


def head(program: Program) -> str:
    """What a program is called, and what its kind, host and place are, in both languages and
    letter by letter (`letters`), with a space at either end: what search looks through first."""
    pieces = [
        program.title_ko, program.title_en, *_kind_names(program.kind), program.external_host,
        program.place_text, program.state,
    ]  # fmt: skip
    state = ground().states.get(program.state)
    for named in (program.organization, program.hub, program.sector, state):
        pieces += [named.name_ko, named.name_en] if named else []
    words = letters(" ".join(filter(None, pieces)))
    return f" {words} "


@lru_cache
def _kind_names(kind: str) -> tuple[str, ...]:
    names = []
    for language in ("ko", "en"):
        with translation.override(language):
            names.append(str(Kind(kind).label))
    return tuple(names)


def read(program: Program) -> list[str]:
    """Set what follows from the text (hash, skills, occupations, terms, the head that search
    looks through); names the set fields."""
    text = program_text(program)
    program.text_hash = text_hash(text) if text else ""
    asked = {need.ref for need in program.requirements.all() if need.kind == "skill" and need.ref}
    program.skill_ids = sorted({found.id for found in taxonomy.find_skills(text)} | asked)
    program.occupation_ids = sorted({found.id for found in taxonomy.find_occupations(text)})
    program.term_ids = term_ids(text)
    program.search_head = head(program)
    return ["text_hash", "skill_ids", "occupation_ids", "term_ids", "search_head"]
