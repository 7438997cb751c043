"""A candidate's searchable text and what the taxonomy reads in it. Never a name, age or number."""

from __future__ import annotations

from corridor import taxonomy
from corridor.candidates.models import Candidate
from corridor.common.terms import term_ids
from corridor.embeddings import text_hash

# What `profile_text` reads: prefetch these before reading many rows.
PREFETCH = ("educations", "works", "credentials", "languages")


def profile_text(candidate: Candidate) -> str:
    """Headline, skills, work, study and interests in one's own words, most telling first."""
    works = [
        " ".join(filter(None, [work.title, work.description])) for work in candidate.works.all()
    ]
    studies = [study.major for study in candidate.educations.all() if study.major]
    pieces = [
        candidate.headline,
        candidate.skills_text,
        *works,
        *studies,
        ", ".join(held.name for held in candidate.credentials.all()),
        candidate.research_interests,
        candidate.about,
    ]
    return "\n".join(piece.strip() for piece in pieces if piece and piece.strip())


def read(candidate: Candidate) -> list[str]:
    """Set what follows from the text (hash, skills, occupations, terms); names the set fields."""
    text = profile_text(candidate)
    candidate.text_hash = text_hash(text) if text else ""
    candidate.skill_ids = sorted({found.id for found in taxonomy.find_skills(text)})
    candidate.occupation_ids = sorted({found.id for found in taxonomy.find_occupations(text)})
    candidate.term_ids = term_ids(text)
    return ["text_hash", "skill_ids", "occupation_ids", "term_ids"]
