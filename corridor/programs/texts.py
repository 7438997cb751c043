"""A program's searchable text in both languages, and what the taxonomy reads in it."""

from __future__ import annotations

from corridor import taxonomy
from corridor.common.terms import term_ids
from corridor.embeddings import text_hash
from corridor.programs.kinds import DETAILS
from corridor.programs.models import Program

PREFETCH = ("duties", "requirements")


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


def read(program: Program) -> list[str]:
    """Set what follows from the text (hash, skills, occupations, terms); names the set fields."""
    text = program_text(program)
    program.text_hash = text_hash(text) if text else ""
    asked = {need.ref for need in program.requirements.all() if need.kind == "skill" and need.ref}
    program.skill_ids = sorted({found.id for found in taxonomy.find_skills(text)} | asked)
    program.occupation_ids = sorted({found.id for found in taxonomy.find_occupations(text)})
    program.term_ids = term_ids(text)
    return ["text_hash", "skill_ids", "occupation_ids", "term_ids"]
