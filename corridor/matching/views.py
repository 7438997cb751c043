"""What a page shows of a match, a candidate's card and a hub. Texts follow the active language."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from corridor import rules
from corridor.common.language import language_code
from corridor.matching import facts, sponsored, wording
from corridor.matching.explain import Point
from corridor.matching.headlines import Said, headline
from corridor.matching.own_list import open_questions
from corridor.matching.rows import CandidateRow
from corridor.matching.scoring import WEIGHTS, rounded, shown, shown_points
from corridor.rules.gates import NO_VISA_NEEDED


@dataclass(frozen=True)
class Part:
    """One part of the score in points of 100. All parts' points add up to the percent shown.

    `fit`: how well this part fits, in whole percent.
    """

    name: str
    points: int
    fit: int

    @property
    def label(self) -> str:
        return wording.part_labels(language_code())[self.name]

    def __iter__(self) -> Iterator[Any]:
        """Unpacks as (label, points, fit)."""
        return iter((self.label, self.points, self.fit))


def as_written(point: Point, names: Mapping[str, Sequence[str]]) -> Point:
    """The point with credentials called what these two people call them: the rules know one name
    for all of a grade (기능사), and "기능사 is asked for" tells nobody which. `names`: by id."""
    ids = point.values.get("credentials")
    if not ids:
        return point
    named = dict.fromkeys(name for each in ids for name in names.get(each) or [each])
    return replace(point, values={**point.values, "credentials": list(named)})


def _said(points: Sequence[Point]) -> list[Said]:
    return [(point.code, point.values) for point in points]


@dataclass(eq=False)
class MatchView:
    """One program for one candidate on one day.

    `score` orders; `percent` is what people read. `is_provisional`: a text has no vector yet, so
    its meaning is not compared. `unmet`: musts of the host that the profile shows not to be met.
    Verdicts are made when first read.
    """

    candidate: Any
    program: Any
    day: date
    score: float  # 0 to 1
    points: dict[str, float]
    is_provisional: bool
    needs_pathway: bool
    unmet: tuple[Point, ...] = ()
    reasons: tuple[Point, ...] = ()
    gaps: tuple[Point, ...] = ()
    # The least change of the profile that lifts this program highest in its list (see `climbing`);
    # None where nothing does, and for all but the first few.
    climb: Point | None = None
    # Where they are read already: the credentials asked for, the facts, and the verdicts.
    asked: Sequence[str] | None = None
    known: dict[str, Any] | None = field(default=None, repr=False)
    judged: Callable[[], rules.Assessment] | None = field(default=None, repr=False)

    @cached_property
    def facts(self) -> dict[str, Any]:
        """What the rules know of the pair."""
        if self.known is not None:
            return self.known
        return facts.pair_facts(self.candidate, self.program, day=self.day)

    @property
    def percent(self) -> int:
        """Of 100 pairs that show this number, about so many were judged a good match on what
        texts tell (see docs/matching.md)."""
        return round(100 * shown(self.score))

    @cached_property
    def parts(self) -> list[Part]:
        whole = rounded(shown_points(self.points))
        return [
            Part(name, whole[name], round(100 * self.points[name] / WEIGHTS[name]))
            for name in WEIGHTS
        ]

    @property
    def headline(self) -> str:
        return headline(
            self.program.kind, _said(self.reasons), percent=self.percent,
            lacking=_said((*self.unmet, *self.gaps)),
        )

    @cached_property
    def assessment(self) -> rules.Assessment:
        if self.judged is not None:
            return self.judged()
        return rules.assess(self.facts, day=self.day, kind=self.program.kind)

    @property
    def best_verdict(self) -> rules.Verdict | None:
        """None where no U.S. visa is asked, or no pathway suits the kind. Of routes that look the
        same, one that the host says is sponsored."""
        return sponsored.first(self.assessment, self.program).best if self.needs_pathway else None

    @property
    def is_blocked(self) -> bool:
        """Every pathway is closed on the facts known."""
        best = self.best_verdict
        return best is not None and best.display == "no"

    @property
    def open_questions(self) -> list[str]:
        """The facts that keep the best pathway from a verdict; empty unless it is not known."""
        return open_questions(self.best_verdict)

    @property
    def pathway_sentence(self) -> str:
        """The visa in one sentence, to stand under the headline."""
        return wording.pathway_sentence(self.best_verdict, self.needs_pathway)

    @cached_property
    def ladder(self) -> rules.Ladder:
        """The credentials asked for and held: their steps still missing, and the two gates."""
        asked = self.asked
        if asked is None:
            asked = [
                need.ref or need.text
                for need in self.program.requirements.all()
                if need.kind == "credential"
            ]
        held = {
            each.name: each.credential_id
            for each in self.candidate.credentials.all()
            if each.expires_on is None or each.expires_on >= self.day
        }
        made = rules.ladder(
            held, state=self.program.state or None, day=self.day, required=asked,
            facts=self.facts, kind=self.program.kind, start=self.program.starts_on,
        )  # fmt: skip
        return made if self.needs_pathway else made.with_visa(NO_VISA_NEEDED)

    def as_dict(self) -> dict[str, Any]:
        """JSON-able, in the active language."""
        lang = wording.language()
        best = self.best_verdict
        return {
            "program": self.program.pk,
            "title": self.program.title,
            "percent": self.percent,
            "score": round(shown(self.score), 4),
            "parts": [
                {"name": p.name, "label": p.label, "points": p.points, "fit": p.fit}
                for p in self.parts
            ],
            "headline": self.headline,
            "pathway": self.pathway_sentence,
            "reasons": [point.as_dict() for point in self.reasons],
            "gaps": [point.as_dict() for point in self.gaps],
            "climb": self.climb.as_dict() if self.climb else None,
            "unmet": [point.as_dict() for point in self.unmet],
            "is_provisional": self.is_provisional,
            "verdict": best.as_dict(lang) if best else None,
        }


@dataclass(frozen=True, eq=False)
class CandidateCard:
    """A findable candidate under a pseudonym. Holds no name, contact, school, employer, birth,
    sex, nationality or visa verdict; `row` stays inside matching."""

    card_code: str
    score: float
    points: dict[str, float]
    kind: str
    is_provisional: bool
    row: CandidateRow = field(repr=False)
    asked: frozenset[str] = frozenset()
    reasons: Sequence[Point] = ()
    lacking: Sequence[Point] = ()  # of the host's musts, what the profile does not show

    @property
    def percent(self) -> int:
        return round(100 * shown(self.score))

    @property
    def walk(self) -> str:
        return wording.walk_name(self.row.walk)

    @property
    def skills(self) -> list[str]:
        """Names of held skills, those that the program asks for first; at most twelve."""
        ordered = sorted(self.row.skills, key=lambda skill: (skill not in self.asked, skill))
        return [wording.skill_name(skill) for skill in ordered[:12]]

    @property
    def degree(self) -> str:
        return "" if self.row.reach is None else wording.degree_name(self.row.reach)

    @property
    def experience(self) -> str:
        return "" if not self.row.experience else wording.length(self.row.experience)

    @property
    def experience_years(self) -> float | None:
        return None if self.row.experience is None else round(self.row.experience / 12, 1)

    @property
    def credentials(self) -> list[str]:
        return [wording.credential_name(name) for name in self.row.credentials]

    @property
    def headline(self) -> str:
        return headline(
            self.kind, _said(self.reasons), percent=self.percent, lacking=_said(self.lacking)
        )


@dataclass(frozen=True, eq=False)
class HubFit:
    """A hub with its best program for the candidate. `score` is made of shown scores; `programs`:
    those that may be applied to."""

    hub: Any
    score: float
    best: Any
    programs: int
    sectors: tuple[str, ...]
    is_wish: bool

    @property
    def percent(self) -> int:
        return round(100 * self.score)

    @property
    def reasons(self) -> list[str]:
        say = wording.say
        told = [
            say("hub_programs", {"count": self.programs}),
            say("hub_best", {"title": self.best.title}),
        ]
        told += [say("hub_sector", {"sector": sector}) for sector in self.sectors]
        if self.is_wish:
            told.insert(0, say("hub_wish", {}))
        return told
