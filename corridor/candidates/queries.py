from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from corridor.candidates.models import Candidate
from corridor.candidates.texts import PREFETCH


def visible_to(user: Any) -> QuerySet[Candidate]:
    """Whole profiles: one's own, and to staff. A host reads an applicant through the application
    (`applications.queries`) and a findable candidate through a card (`matching.queries`)."""
    if not getattr(user, "is_authenticated", False):
        return Candidate.objects.none()
    if user.is_staff:
        return Candidate.objects.all()
    return Candidate.objects.filter(user=user)


def of(user: Any) -> Candidate | None:
    """The signed-in person's own profile with its evidence, or None."""
    if not getattr(user, "is_authenticated", False):
        return None
    return (
        Candidate.objects.filter(user=user)
        .select_related("user")
        .prefetch_related(*PREFETCH)
        .first()
    )


def findable() -> QuerySet[Candidate]:
    """Candidates who chose to be found. Only their card may be shown, never their identity."""
    return Candidate.objects.filter(visibility=Candidate.Visibility.FINDABLE, user__is_active=True)


def completeness(candidate: Candidate) -> list[tuple[str, bool]]:
    """(section, filled) in the order in which they are asked; sections are those of the profile."""
    return [
        ("basics", bool(candidate.headline and candidate.nationality)),
        ("education", bool(candidate.educations.all())),
        ("work", bool(candidate.works.all()) or candidate.walk == Candidate.Walk.STUDENT),
        ("skills", bool(candidate.skills_text.strip())),
        ("credentials", bool(candidate.credentials.all())),
        ("languages", bool(candidate.languages.all())),
        ("preferences", bool(candidate.kinds and candidate.available_from)),
        ("about", bool(candidate.about.strip() or candidate.research_interests.strip())),
    ]


def says_nothing(candidate: Candidate) -> bool:
    """Neither education nor skills are told: there is nothing to compare with programs yet."""
    filled = dict(completeness(candidate))
    return not (filled["education"] or filled["skills"])
