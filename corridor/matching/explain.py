"""Why a pair fits and what would raise it, measured by scoring again.

A reason's points are what the shown score loses when what the reason names is taken out of the
profile; a gap's points are what it gains when what the gap names is there. Both are computed by
the same scoring code on changed rows, with the reading of the free text (cosine, terms) and the
visa routes held as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from corridor import taxonomy
from corridor.matching import scoring
from corridor.matching.rows import CandidateRow, ProgramRow
from corridor.matching.scoring import Pairs, Scale
from corridor.matching.tables import (
    ProgramTable,
    candidate_table,
    credential_credit,
    is_near_major,
    major_sectors,
    skill_sectors,
)  # fmt: skip
from corridor.matching.threads import one_thread

LEAST = 0.004  # effects on the score below this are not told
MOST = 4
FEW_SECTORS = 2  # a skill of more says little of any one
TOLD = 5  # names in one reason
# What a person can do, has done or has studied is told before what merely stands in no way: an
# English score or a degree that nearly everybody in the list has, dates, wishes.
SUBSTANCE = frozenset({
    "skills_held", "skills_named", "skills_sector", "certificates", "credentials", "field",
    "field_near", "field_sector", "occupation", "experience",
})  # fmt: skip
_WORKS = scoring.VERDICTS.index("works")


@dataclass(frozen=True, slots=True)
class Point:
    """One reason or gap: a message id with its values (ids and numbers), and its effect.

    `points`: how far the shown score (0 to 1) falls without it, or rises with it. Rendered by
    `matching.wording.say` in the reader's language.
    """

    code: str
    values: dict[str, Any] = field(default_factory=dict)
    points: float = 0.0

    @property
    def text(self) -> str:
        from corridor.matching import wording

        return wording.say(self.code, self.values)

    def __str__(self) -> str:
        return self.text

    @property
    def percent(self) -> int:
        """The effect in whole points of 100; 0 where it is felt in the order only."""
        return round(100 * self.points)

    @property
    def effect(self) -> str:
        """The effect in words; one that rounds to nothing is still one. (Of many reasons for a
        high number each alone may be missing.)"""
        from corridor.matching import wording

        return wording.effect(self.percent)

    def as_dict(self) -> dict[str, Any]:
        return {"code": self.code, "text": self.text, "points": self.percent}


@dataclass(frozen=True, slots=True)
class Change:
    """A point to be measured, and the row (or pair value) as it would be."""

    code: str
    values: dict[str, Any]
    row: CandidateRow
    cosine: float | None = None
    verdict: int | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """`changes`: all that the program asks for and the profile lacks, told or not."""

    reasons: tuple[Point, ...]
    gaps: tuple[Point, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """A scored pair, as the explanation needs it. `cosine` is NaN where a vector is missing."""

    candidate: CandidateRow
    program: ProgramRow
    cosine: float
    lexical: float
    verdict: int
    score: float
    open_questions: int = 0  # facts that the best pathway still waits for
    answered: int = _WORKS  # what its verdict is at best once they are known


@one_thread()
def told(pairs: Sequence[Pair], scale: Scale, programs: ProgramTable) -> list[Told]:
    """The reasons and gaps of each pair, strongest first: of reasons those of substance before
    the others, of gaps the musts; all changes are scored in one pass. `programs`: the pairs'
    programs, in their order."""
    changes: list[tuple[int, bool, Change]] = []
    lacking: list[tuple[Change, ...]] = []
    for at, pair in enumerate(pairs):
        lacking.append(tuple(gaps(pair)))
        changes += [(at, True, change) for change in reasons(pair, scale)]
        changes += [(at, False, change) for change in lacking[at]]
    scores = _rescored(pairs, changes, scale, programs)
    for_it: list[list[Point]] = [[] for _pair in pairs]
    missing: list[list[Point]] = [[] for _pair in pairs]
    for (at, is_reason, change), score in zip(changes, scores, strict=True):
        low, high = sorted((score, pairs[at].score))
        if high - low >= LEAST and (score < pairs[at].score) == is_reason:
            effect = scoring.shown(high) - scoring.shown(low)
            (for_it if is_reason else missing)[at].append(
                Point(change.code, change.values, effect)
            )
    return [
        Told(_telling(for_it[at]), _strongest(missing[at]), lacking[at])
        for at in range(len(pairs))
    ]


def _strongest(points: list[Point]) -> tuple[Point, ...]:
    """The host's musts before all that only adds, so that none of them is cut off."""
    def place(point: Point) -> tuple[bool, float, str]:
        return not point.code.startswith("add_must"), -point.points, point.code

    return tuple(sorted(points, key=place)[:MOST])


def _telling(points: list[Point]) -> tuple[Point, ...]:
    def place(point: Point) -> tuple[int, float, str]:
        rank = 0 if point.code in SUBSTANCE else 1 if point.code == "text" else 2
        return rank, -point.points, point.code

    return tuple(sorted(points, key=place)[:MOST])


def _rescored(
    pairs: Sequence[Pair],
    changes: Sequence[tuple[int, bool, Change]],
    scale: Scale,
    programs: ProgramTable,
) -> list[float]:
    """The score of each changed row against its own pair's program."""
    scores = [0.0] * len(changes)
    if not changes:
        return scores
    candidates = candidate_table([change.row for _at, _is, change in changes], programs.axes)
    shape = (len(changes), len(pairs))
    cosine, lexical = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    verdict = np.zeros(shape, np.int8)
    for row, (at, _is_reason, change) in enumerate(changes):
        pair = pairs[at]
        cosine[row] = pair.cosine if change.cosine is None else change.cosine
        lexical[row] = pair.lexical
        verdict[row] = pair.verdict if change.verdict is None else change.verdict
    points = scoring.parts(candidates, programs, Pairs(cosine, lexical, verdict), scale)
    total = scoring.total(points)
    return [float(total[row, at]) for row, (at, _is, _change) in enumerate(changes)]


def reasons(pair: Pair, scale: Scale) -> Iterator[Change]:
    """What the profile has that may speak for the program, with the row as it is without it."""
    c, p = pair.candidate, pair.program
    asked = p.asked_skills
    held = sorted(c.skills & asked, key=lambda s: (not p.in_place_of(s) & p.must_skills, s))
    named = sorted(c.skills & p.other_skills - asked)
    for code, skills in (
        ("skills_held", [skill for skill in held if not is_certificate(skill)]),
        ("skills_named", [skill for skill in named if not is_certificate(skill)]),
        ("certificates", [skill for skill in (*held, *named) if is_certificate(skill)]),
    ):  # fmt: skip
        if skills:
            yield Change(
                code,
                {"skills": skills[:TOLD], "more": max(0, len(skills) - TOLD)},
                c.but(skills=c.skills - set(skills)),
            )
    others = sorted(c.skills - asked - p.other_skills)
    if own := [skill for skill in others if _is_of_sector(skill, p.sector)]:
        yield Change(
            "skills_sector",
            {"skills": own[:TOLD], "more": max(0, len(own) - TOLD),
             "sector": p.sector},
            c.but(skills=c.skills - set(own)),
        )  # fmt: skip
    yield from _majors(c, p)
    if c.occupations & p.occupations:
        jobs = sorted(c.occupations & p.occupations)[:TOLD]
        yield Change(
            "occupation", {"occupations": jobs}, c.but(occupations=c.occupations - set(jobs))
        )
    need = _experience_need(p)
    if c.experience and need and c.experience >= need / 2:
        yield Change(
            "experience", {"months": c.experience, "need_months": p.experience},
            c.but(experience=None),
        )
    if p.degree is not None and c.reach is not None and c.reach >= p.degree:
        yield Change(
            _level_code(c, p.degree), {"degree": p.degree}, c.but(attained=None, pursuing=None)
        )
    if c.english is not None and p.language != "ko" and c.english >= _english_need(p):
        yield Change("english", {"need": p.english}, c.but(english=None))
    useful = [
        name for name in c.credentials
        if any(credential_credit(name, asked_name) > 0 for asked_name, _must in p.credentials)
    ][:TOLD]
    if useful:
        rest = tuple(name for name in c.credentials if name not in useful)
        yield Change("credentials", {"credentials": useful}, c.but(credentials=rest))
    if p.starts is not None and c.available_from is not None and c.available_from <= p.starts:
        yield Change(
            "dates", {"day": p.starts}, c.but(available_from=None, available_until=None)
        )
    if p.kind in c.kinds:
        yield Change("wish_kind", {"kind": p.kind}, c.but(kinds=c.kinds - {p.kind}))
    if p.sector in c.sectors:
        yield Change(
            "wish_sector", {"sector": p.sector}, c.but(sectors=c.sectors - {p.sector})
        )
    if p.hub in c.hubs:
        yield Change("wish_hub", {"hub": p.hub}, c.but(hubs=c.hubs - {p.hub}))
    span = max(scale.high - scale.low, 1e-3)
    if (pair.cosine - scale.low) / span >= 0.55:  # False for NaN
        yield Change("text", {}, c, cosine=float("nan"))


def _level_code(c: CandidateRow, degree: int) -> str:
    """Held, or under way. Below a degree under way the one before it is taken to be held, but
    nobody said so (a doctorate may follow a bachelor's degree): then only the study is told."""
    if c.attained is not None and c.attained >= degree and (
        c.pursuing is None or c.attained != c.pursuing - 1
    ):  # fmt: skip
        return "level"
    return "level_under_way" if c.pursuing == degree else "level_beyond"


def is_certificate(skill: str) -> bool:
    """A paper that the taxonomy lists among the skills: 용접기능장, OSHA 10."""
    known = taxonomy.load().skills.get(skill)
    return known is not None and known.kind == "certificate"


def _is_of_sector(skill: str, sector: str) -> bool:
    sectors = skill_sectors(skill)
    return sector in sectors and len(sectors) <= FEW_SECTORS


def _majors(c: CandidateRow, p: ProgramRow) -> Iterator[Change]:
    """Fields of study by the closest way in which any of them fits, and only those that do."""
    for code, named in (
        ("field", c.majors & p.majors),
        ("field_near", {major for major in c.majors if is_near_major(major, p.majors)}),
        ("field_sector", {major for major in c.majors if p.sector in major_sectors(major)}),
    ):
        if named:
            told = sorted(named)[:TOLD]
            yield Change(
                code, {"majors": told, "sector": p.sector}, c.but(majors=c.majors - set(told))
            )
            return


def gaps(pair: Pair) -> Iterator[Change]:
    """What the program asks for and the profile lacks, with the row as it would be."""
    c, p = pair.candidate, pair.program
    for code, skills in (
        ("add_must_skill", p.must_skills), ("add_skill", p.wish_skills),
        ("add_named_skill", p.other_skills),
    ):  # fmt: skip
        missing = sorted(
            skill for skill in skills - c.skills if not p.in_place_of(skill) & c.skills
        )
        for skill in missing[: 1 if code == "add_named_skill" else 4]:
            named = code == "add_named_skill" and is_certificate(skill)
            yield Change(
                "add_named_certificate" if named else code, {"skills": [skill]},
                c.but(skills=c.skills | {skill}),
            )  # fmt: skip
    for name, must in p.credentials:
        if not any(credential_credit(held, name) > 0 for held in c.credentials):
            code = "add_must_credential" if must else "add_credential"
            if any(asked == name and skills & c.skills for asked, skills in p.worded):
                code = "list_credential"  # told in the profile's own words only
            yield Change(
                code, {"credentials": [name]}, c.but(credentials=(*c.credentials, name))
            )
    if p.language != "ko":
        need = _english_need(p)
        if c.english is None or c.english < need:
            code = "raise_english" if c.english is not None else "state_english"
            yield Change(code, {"need": need}, c.but(english=need))
    months = _experience_need(p)
    if months and (c.experience is None or c.experience < months):
        code = "raise_experience" if c.experience is not None else "state_experience"
        yield Change(code, {"need_months": months}, c.but(experience=months))
    if p.degree is not None and (c.reach is None or c.reach < p.degree):
        code = "raise_degree" if c.reach is not None else "state_degree"
        yield Change(code, {"degree": p.degree}, c.but(attained=p.degree))
    if not c.majors and (p.majors or p.sector):
        fitting = frozenset(sorted(p.majors)[:1])
        if fitting:
            yield Change("state_major", {"majors": sorted(fitting)}, c.but(majors=fitting))
    if p.starts is not None and c.available_from is None:
        yield Change(
            "state_dates", {"day": p.starts},
            c.but(available_from=p.starts, available_until=p.ends or c.available_until),
        )
    elif p.starts is not None and c.available_from and c.available_from > p.starts + 14:
        yield Change("earlier", {"day": p.starts}, c.but(available_from=p.starts))
    if p.ends is not None and c.available_until is not None and c.available_until < p.ends - 14:
        yield Change("longer", {"day": p.ends}, c.but(available_until=p.ends))
    if pair.open_questions:
        yield Change(
            "answer_questions", {"count": pair.open_questions}, c, verdict=pair.answered
        )


def _experience_need(p: ProgramRow) -> float | None:
    return p.experience if p.experience is not None else scoring.USUAL_EXPERIENCE.get(p.kind)


def _english_need(p: ProgramRow) -> float:
    return p.english if p.english is not None else scoring.USUAL_ENGLISH


