"""What a score reads of a candidate and of a program: small, plain rows.

Nothing here tells age, sex, nationality, family or a name: such things never enter a score.
Days are ordinals (`date.toordinal`); None is "not stated" and never counts as no.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor import taxonomy
from corridor.matching.facts import RANK, asked_majors, experience_months, majors_in

# English scores on the TOEIC (listening and reading) scale, through the CEFR levels to which the
# test makers map their scores (A2, B1, B2, C1). Approximate, and used for fit only: no rule reads
# it and nobody is shown it as a score.
_TOEIC = (225.0, 550.0, 785.0, 945.0)
_ANCHORS: dict[str, tuple[float, ...]] = {
    "toefl": (30.0, 42.0, 72.0, 95.0),
    "ielts": (3.0, 4.0, 5.5, 7.0),
    "toeic_speaking": (90.0, 120.0, 160.0, 180.0),
}
_OPIC = {
    "NL": 100.0, "NM": 150.0, "NH": 225.0, "IL": 400.0, "IM": 550.0, "IM1": 550.0, "IM2": 620.0,
    "IM3": 690.0, "IH": 760.0, "AL": 860.0, "AM": 900.0, "AH": 945.0,
}  # fmt: skip


def as_toeic(test: str, score: float | None, level: str = "") -> float | None:
    """A test result on the TOEIC scale; None for a Korean test or an unreadable result."""
    if test == "toeic":
        return score
    if test == "opic":
        return _OPIC.get(level.strip().upper())
    anchors = _ANCHORS.get(test)
    if anchors is None or score is None:
        return None
    if score <= anchors[0]:
        return _TOEIC[0] * max(score, 0.0) / anchors[0]
    for low, high, from_, to in zip(anchors, anchors[1:], _TOEIC, _TOEIC[1:], strict=False):
        if score <= high:
            return from_ + (to - from_) * (score - low) / (high - low)
    return min(990.0, _TOEIC[-1] + (score - anchors[-1]) * 2)


_NOT_NAMED = frozenset({"language", "soft"})


@dataclass(frozen=True)
class CandidateRow:
    id: int
    walk: str
    skills: frozenset[str] = frozenset()
    occupations: frozenset[str] = frozenset()
    majors: frozenset[str] = frozenset()
    terms: tuple[int, ...] = ()
    attained: int | None = None  # rank of the highest degree held (facts.DEGREES)
    pursuing: int | None = None  # rank of the degree being studied for
    pursuing_until: int | None = None
    experience: float | None = None  # months in the field
    english: float | None = None  # on the TOEIC scale
    credentials: tuple[str, ...] = ()  # ids where known, else names
    kinds: frozenset[str] = frozenset()
    sectors: frozenset[str] = frozenset()
    hubs: frozenset[str] = frozenset()
    available_from: int | None = None
    available_until: int | None = None
    min_months: float | None = None
    max_months: float | None = None
    # "kind:dispatch", "sector:steel", "hub:savannah": what its candidate put aside. Read for their
    # own list alone (queries.best_for, match; blocks.own_lists): no host's list knows of it.
    avoided: frozenset[str] = frozenset()

    @property
    def reach(self) -> int | None:
        """The highest degree held or being studied for; None where no study is stated."""
        ranks = [rank for rank in (self.attained, self.pursuing) if rank is not None]
        return max(ranks) if ranks else None

    def but(self, **changes: Any) -> CandidateRow:
        """As `dataclasses.replace`, in a tenth of its time: a page's explanations try a hundred
        and fifty changed rows."""
        made = object.__new__(CandidateRow)
        made.__dict__.update(self.__dict__, **changes)
        return made


@dataclass(frozen=True)
class ProgramRow:
    id: int
    kind: str
    walks: frozenset[str] = frozenset()
    must_skills: frozenset[str] = frozenset()
    wish_skills: frozenset[str] = frozenset()
    other_skills: frozenset[str] = frozenset()  # named in the text only
    # Skills of which a host asks for any one ("Excel or Python"): the first is among `must_skills`
    # or `wish_skills`, and the best of those that one has counts for it.
    either: tuple[frozenset[str], ...] = ()
    # What the words that ask for a credential name among the skills, beside what it is asked as.
    worded: tuple[tuple[str, frozenset[str]], ...] = ()
    occupations: frozenset[str] = frozenset()
    majors: frozenset[str] = frozenset()
    terms: Sequence[int] | NDArray[np.int32] = field(default=(), compare=False)
    sector: str = ""
    hub: str = ""
    state: str = ""
    starts: int | None = None
    ends: int | None = None
    months: float | None = None
    degree: int | None = None
    degree_must: bool = False
    experience: float | None = None  # months
    experience_must: bool = False
    english: float | None = None  # on the TOEIC scale
    language: str = "en"
    credentials: tuple[tuple[str, bool], ...] = ()  # what is asked, and whether it is a must
    credential_words: tuple[tuple[str, str], ...] = ()  # what is asked, and how the host calls it

    @property
    def asked_skills(self) -> frozenset[str]:
        """What a host asks for, and what would do in its place."""
        asked = self.must_skills | self.wish_skills
        return asked.union(*map(self.in_place_of, asked)) if self.either else asked

    def in_place_of(self, skill: str) -> frozenset[str]:
        """The skills of which any one answers what asks for `skill`; itself among them."""
        return next((each for each in self.either if skill in each), frozenset((skill,)))


def candidate_row(candidate: Any, *, day: date) -> CandidateRow:
    """Reads the prefetched evidence of `candidates.texts.PREFETCH`."""
    studies = list(candidate.educations.all())
    held = [RANK.get(s.degree, 0) for s in studies if s.status == "graduated"]
    still = sorted(
        (
            (RANK.get(s.degree, 0), _ordinal(s.ended_on))
            for s in studies
            if s.status in ("enrolled", "leave")
        ),
        key=lambda study: (study[0], study[1] or 0),
    )
    until = still[-1][1] if still else None
    scores = [
        as_toeic(s.test, float(s.score) if s.score is not None else None, s.level)
        for s in candidate.languages.all()
    ]
    known = [score for score in scores if score is not None]
    # With a degree under way the one before it is held, stated or not.
    implied = max([*held, *(rank - 1 for rank, _until in still if rank > 0)], default=None)
    return CandidateRow(
        id=candidate.pk,
        walk=candidate.walk,
        skills=frozenset(candidate.skill_ids),
        occupations=frozenset(candidate.occupation_ids),
        majors=frozenset(m for s in studies for m in majors_in(s.major)),
        terms=tuple(candidate.term_ids),
        attained=implied,
        pursuing=still[-1][0] if still else None,
        pursuing_until=until,
        experience=experience_months(candidate, day=day),
        english=max(known) if known else None,
        credentials=tuple(
            sorted({held.credential_id or held.name for held in candidate.credentials.all()})
        ),
        kinds=frozenset(candidate.kinds),
        sectors=frozenset(candidate.sectors),
        hubs=frozenset(candidate.hubs),
        available_from=_ordinal(candidate.available_from),
        available_until=_ordinal(candidate.available_until),
        min_months=candidate.min_months,
        max_months=candidate.max_months,
    )


def program_row(program: Any) -> ProgramRow:
    """Reads the prefetched duties and requirements, the hub and the sector."""
    needs = list(program.requirements.all())
    skills = taxonomy.load().skills
    musts = {n.ref for n in needs if n.kind == "skill" and n.is_required and n.ref in skills}
    wishes = {n.ref for n in needs if n.kind == "skill" and not n.is_required and n.ref in skills}
    # A working language is the language part's matter, and a soft skill is in every posting.
    named = {s for s in program.skill_ids if s in skills and skills[s].kind not in _NOT_NAMED}
    asked: dict[str, bool] = {}
    worded = []
    words = []
    for need in needs:
        if need.kind == "credential":
            name = need.ref or need.text
            asked[name] = asked.get(name, False) or need.is_required
            worded.append((name, _named(need.text)))
            words.append((name, need.text))
    either = tuple(
        group for n in needs if n.kind == "skill" and n.ref
        for group in alternatives(n.text) if n.ref in group
    )  # fmt: skip
    return ProgramRow(
        id=program.pk,
        kind=program.kind,
        walks=frozenset(program.walks),
        must_skills=frozenset(musts),
        wish_skills=frozenset(wishes - musts),
        other_skills=frozenset(named - musts - wishes).difference(*either),
        either=either,
        worded=tuple(worded),
        occupations=_occupations(program),
        majors=asked_majors(program),
        terms=np.array(program.term_ids, np.int32),
        sector=program.sector.slug if program.sector_id else "",
        hub=program.hub.slug if program.hub_id else "",
        state=program.state or "",
        starts=_ordinal(program.starts_on),
        ends=_ordinal(program.ends_on),
        months=program.duration_months,
        degree=RANK.get(program.min_degree),
        degree_must=program.degree_is_required,
        experience=program.min_experience_months,
        experience_must=program.experience_is_required,
        english=program.min_toeic,
        language=program.language,
        credentials=tuple(sorted(asked.items())),
        credential_words=tuple(words),
    )


_OR = re.compile(r"또는|혹은|\bor\b")
_LISTED = re.compile(r"\s?[,/·]\s?")
_NEAR_OR = 20  # characters between a skill and the "or" that it stands beside


@lru_cache(maxsize=50_000)
def alternatives(text: str) -> tuple[frozenset[str], ...]:
    """Skills that the text joins by "or", with those listed before them: "Java, Go or Python"."""
    found = taxonomy.find_skills(text)
    groups: list[set[str]] = []
    for match in _OR.finditer(text):
        before = [one for one in found if 0 <= match.start() - one.end <= _NEAR_OR]
        behind = [one for one in found if 0 <= one.start - match.end() <= _NEAR_OR]
        if not before or not behind:
            continue
        at = found.index(before[-1])
        group = {before[-1].id, behind[0].id}
        while at and _LISTED.fullmatch(text, found[at - 1].end, found[at].start):
            at -= 1
            group.add(found[at].id)
        same = next((each for each in groups if each & group), None)
        if same is None:
            groups.append(group)
        else:
            same |= group
    return tuple(frozenset(group) for group in groups if len(group) > 1)


@lru_cache(maxsize=50_000)
def _named(text: str) -> frozenset[str]:
    return frozenset(found.id for found in taxonomy.find_skills(text))


def _occupations(program: Any) -> frozenset[str]:
    """A posting names many trades in passing; a title or a stated code says which one it is."""
    code = program.details.get("occupation_code")
    if code:
        return frozenset({str(code)})
    titled = titled_occupations(f"{program.title_en}\n{program.title_ko}")
    return titled or frozenset(program.occupation_ids)


@lru_cache(maxsize=50_000)
def titled_occupations(title: str) -> frozenset[str]:
    return frozenset(found.id for found in taxonomy.find_occupations(title))


def _ordinal(day: date | None) -> int | None:
    return None if day is None else day.toordinal()
