from __future__ import annotations

import time
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from corridor.candidates import evidence
from corridor.candidates.models import Candidate

MANY = 50_000
COUNTED_FOR_S = 60.0
_counted: dict[str, tuple[int, float]] = {}  # by database: how many, and when that was read


def visible_to(user: Any) -> QuerySet[Candidate]:
    """Whole profiles: one's own, and to staff. A host reads an applicant through the application
    (`applications.queries`) and a findable candidate through a card (`matching.queries`)."""
    if not getattr(user, "is_authenticated", False):
        return Candidate.objects.none()
    if user.is_staff:
        return Candidate.objects.all()
    return Candidate.objects.filter(user=user)


def how_many(*, now: float | None = None) -> int:
    """All profiles, for staff. A count reads them all, so among many (`MANY`) a process counts
    once a minute and tells that figure meanwhile."""
    now = time.monotonic() if now is None else now
    count, at = _counted.get(connection.alias, (0, now))
    if count < MANY or now - at >= COUNTED_FOR_S:
        count = Candidate.objects.count()
        _counted[connection.alias] = count, now
    return count


def of(user: Any) -> Candidate | None:
    """The signed-in person's own profile with its evidence, or None."""
    if not getattr(user, "is_authenticated", False):
        return None
    found = evidence.read_one(Candidate.objects.filter(user=user))
    if found is not None:
        found.user = user  # at hand already
    return found


def kept_beside(candidate: Candidate) -> tuple[int, int]:
    """How many programs the candidate has put aside, and how many that are new their saved searches
    have found. (One plain query: a list of matches asks for it.)"""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM candidates_putaside WHERE candidate_id = %s), (SELECT "
            "coalesce(sum(unseen), 0) FROM candidates_savedsearch WHERE candidate_id = %s)",
            [candidate.pk, candidate.pk],
        )
        put_aside, unseen = cursor.fetchone()
    return put_aside, unseen


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
