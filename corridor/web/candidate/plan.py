"""What to learn next: the skills that one's best programs ask for and one's profile lacks.

What a skill would change is what the explanation of each match has measured by scoring again
(`matching.explain`, `matching.climbing`); nothing is estimated here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import prefetch_related_objects
from django.urls import reverse

from corridor.candidates.models import Candidate
from corridor.matching import wording
from corridor.matching.views import MatchView
from corridor.programs import queries as programs
from corridor.web import present

BEST = 20  # programs that are looked at
MOST = 8  # skills that are shown
TAUGHT = 3  # trainings and curricula that are named for one skill


@dataclass
class Gap:
    """One skill (a taxonomy id) that is not in the profile."""

    skill: str
    asked: list[MatchView] = field(default_factory=list)
    must: int = 0  # in how many of them it is a must
    gains: list[tuple[int, MatchView]] = field(default_factory=list)  # whole points of 100
    climbs: list[tuple[Any, MatchView]] = field(default_factory=list)

    @property
    def order(self) -> tuple[int, int, int, str]:
        return (-len(self.asked), -sum(points for points, _m in self.gains), -self.must, self.skill)


def gaps(candidate: Candidate, found: Sequence[MatchView]) -> list[Gap]:
    """The skills asked for most among the programs and not held, at most `MOST`."""
    prefetch_related_objects([match.program for match in found], "requirements")
    held = set(candidate.skill_ids)
    by: dict[str, Gap] = {}
    for match in found:
        asked: dict[str, bool] = {}
        for need in match.program.requirements.all():
            if need.kind == "skill" and need.ref:
                asked[need.ref] = asked.get(need.ref, False) or need.is_required
        for skill, must in asked.items():
            if skill not in held:
                gap = by.setdefault(skill, Gap(skill))
                gap.asked.append(match)
                gap.must += must
        for point in match.gaps:
            for gap in _named(by, point):
                if point.percent:
                    gap.gains.append((point.percent, match))
        if match.climb is not None and match.climb.code == "climb_skill":
            for gap in _named(by, match.climb):
                gap.climbs.append((match.climb, match))
    return sorted(by.values(), key=lambda gap: gap.order)[:MOST]


def _named(by: dict[str, Gap], point: Any) -> list[Gap]:
    skills = point.values.get("skills", ())
    return [by[skill] for skill in skills if skill in by] if len(skills) == 1 else []


def shown(found: Sequence[Gap], *, day: date) -> list[dict[str, Any]]:
    """The gaps in words, each with the open trainings and curricula that teach it: one query."""
    teaching = programs.teaching([gap.skill for gap in found], day=day)
    cards = {each.pk: present.program_card(each) for each in teaching}
    return [
        {
            "name": wording.skill_name(gap.skill),
            "asked": len(gap.asked),
            "must": gap.must,
            "programs": [_link(match) for match in gap.asked],
            "gains": [
                {"points": points, **_link(match)}
                for points, match in sorted(gap.gains, key=lambda each: -each[0])
            ],
            "climbs": [{"text": climb.text, **_link(match)} for climb, match in gap.climbs],
            "taught": [
                cards[each.pk] for each in teaching if gap.skill in each.skill_ids
            ][:TAUGHT],
        }
        for gap in found
    ]


def _link(match: MatchView) -> dict[str, str]:
    program = match.program
    return {
        "title": program.title,
        "href": reverse("public:program", args=[program.pk]),
        "hub": present.place(program),
    }
