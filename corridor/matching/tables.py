"""Rows laid out as arrays, so that one pair and ten million pairs are scored by the same code.

C candidates, P programs. Every matrix is float32; a set is a 0/1 row over an axis. A number that
is not stated is NaN.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor import rules
from corridor.matching.axes import WALKS, Axes, fixed, places, positions
from corridor.matching.coded import CREDENTIALS, SKILLS, Numbers, coded, held
from corridor.matching.rows import CandidateRow, ProgramRow

Array = NDArray[np.float32]
Mask = NDArray[np.bool_]

RELATED_CREDIT = 0.5  # a skill next to the one that is asked
MUST, WISH, NAMED = 1.0, 0.6, 0.3  # weights of an asked skill
NAMED_CAP = 2.0  # what a long text may weigh beside the skills that are asked for

# How far a held credential goes where its U.S. counterpart is asked (rules' recognition ladder).
LADDER = {
    "full": 1.0, "not_needed": 1.0, "partial": 0.8, "employer": 0.8, "exam": 0.6,
    "state_by_state": 0.6, "company": 0.6, "unknown": 0.5, "none": 0.3,
}  # fmt: skip


@dataclass(frozen=True)
class CandidateTable:
    rows: Sequence[CandidateRow]
    skills: Array  # 1 held, RELATED_CREDIT next to a held one
    occupations: tuple[Array, Array, Array]  # code, minor group, major group
    majors: tuple[Array, Array]  # major, group of majors
    sector_signs: Array  # how surely study, skills and occupations belong to a sector, 0 to 1
    walk: NDArray[np.intp]
    attained: Array
    pursuing: Array
    pursuing_until: Array
    experience: Array
    english: Array
    credentials: Array
    kinds: Array
    sectors: Array
    hubs: Array
    states: Array
    available: Array  # from, until (C, 2)
    months: Array  # at least, at most (C, 2)

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True)
class ProgramTable:
    rows: Sequence[ProgramRow]
    axes: Axes
    asked_skills: Array  # MUST and WISH weights
    named_skills: Array
    asked_mass: Array
    named_mass: Array
    occupations: tuple[Array, Array, Array]
    majors: tuple[Array, Array]
    sector: Array
    walks: Array
    kind: NDArray[np.intp]
    hub: NDArray[np.intp]
    state: NDArray[np.intp]
    starts: Array
    ends: Array
    months: Array
    degree: Array
    degree_must: Mask
    experience: Array
    experience_must: Mask
    english: Array
    speaks_english: Mask
    credentials: Array
    credential_mass: Array

    def __len__(self) -> int:
        return len(self.rows)

    def at(self, places: Sequence[int]) -> ProgramTable:
        """The programs at these places, on the same axes."""
        taken = np.array(places, np.intp)
        made: dict[str, Any] = {}
        for each in fields(self)[2:]:
            value = getattr(self, each.name)
            many = isinstance(value, tuple)
            made[each.name] = tuple(part[taken] for part in value) if many else value[taken]
        return ProgramTable([self.rows[at] for at in places], self.axes, **made)


def program_table(rows: Sequence[ProgramRow], hub_state: Mapping[str, str]) -> ProgramTable:
    """`hub_state`: the state of every hub."""
    known = [coded(row) for row in rows]
    skills, skill_at = held(
        SKILLS, [part for each in known for part in (each.must, each.wish, each.named)]
    )
    credentials, credential_at = held(CREDENTIALS, [each.credentials for each in known])
    axes = Axes(
        skills=skills,
        hubs=positions(row.hub for row in rows if row.hub),
        states=positions(row.state for row in rows if row.state),
        hub_state=hub_state,
        credentials=credentials,
    )
    asked = np.zeros((len(rows), len(skills)), np.float32)
    _mark(asked, [each.wish for each in known], WISH, skill_at)
    _mark(asked, [each.must for each in known], MUST, skill_at)
    named = np.zeros_like(asked)
    _mark(named, [each.named for each in known], NAMED, skill_at)
    wanted = np.zeros((len(rows), len(credentials)), np.float32)
    _mark(wanted, [each.credentials for each in known], WISH, credential_at)
    musts = [each.credentials[each.credential_musts] for each in known]
    _mark(wanted, musts, MUST, credential_at)
    figures = np.array([each.figures for each in known], np.float32).reshape(len(rows), 6).T
    flags = np.array([each.flags for each in known], np.bool_).reshape(len(rows), 3).T
    return ProgramTable(
        rows=rows,
        axes=axes,
        asked_skills=asked,
        named_skills=named,
        asked_mass=asked.sum(1),
        named_mass=named.sum(1),
        occupations=(
            _marked([each.occupations[0] for each in known], "codes"),
            _marked([each.occupations[1] for each in known], "minor"),
            _marked([each.occupations[2] for each in known], "major"),
        ),
        majors=(
            _marked([each.majors[0] for each in known], "majors"),
            _marked([each.majors[1] for each in known], "groups"),
        ),
        sector=_one_each([each.sector for each in known], len(fixed().sectors)),
        walks=_marked([each.walks for each in known], "walks"),
        kind=np.array([each.kind for each in known], np.intp),
        hub=np.array([axes.hubs.get(row.hub, -1) for row in rows], np.intp),
        state=np.array([axes.states.get(row.state, -1) for row in rows], np.intp),
        starts=figures[0],
        ends=figures[1],
        months=figures[2],
        degree=figures[3],
        degree_must=flags[0],
        experience=figures[4],
        experience_must=flags[1],
        english=figures[5],
        speaks_english=flags[2],
        credentials=wanted,
        credential_mass=wanted.sum(1),
    )


def candidate_table(rows: Sequence[CandidateRow], axes: Axes) -> CandidateTable:
    hubs = [row.hubs for row in rows]
    skills, jobs = [row.skills for row in rows], [row.occupations for row in rows]
    majors = [row.majors for row in rows]
    return CandidateTable(
        rows=rows,
        skills=_once(skills, lambda distinct: _held_skills(distinct, axes)),
        occupations=(
            _on_axis(jobs, "codes"), _on_axis(jobs, "minor"), _on_axis(jobs, "major")
        ),
        majors=(_on_axis(majors, "majors"), _on_axis(majors, "groups")),
        sector_signs=_once(list(zip(skills, jobs, majors, strict=True)), _sector_signs),
        walk=np.array([WALKS.index(row.walk) for row in rows], np.intp),
        attained=_numbers(row.attained for row in rows),
        pursuing=_numbers(row.pursuing for row in rows),
        pursuing_until=_numbers(row.pursuing_until for row in rows),
        experience=_numbers(row.experience for row in rows),
        english=_numbers(row.english for row in rows),
        credentials=_once(
            [row.credentials for row in rows], lambda distinct: _credentials(distinct, axes)
        ),
        kinds=_on_axis([row.kinds for row in rows], "kinds"),
        sectors=_on_axis([row.sectors for row in rows], "sectors"),
        hubs=_once(hubs, lambda distinct: _sets(distinct, axes.hubs)),
        states=_once(hubs, lambda distinct: _sets(distinct, axes.states, axes.state_of)),
        available=np.stack(
            [_numbers(row.available_from for row in rows),
             _numbers(row.available_until for row in rows)], axis=1,
        ),
        months=np.stack(
            [_numbers(row.min_months for row in rows), _numbers(row.max_months for row in rows)],
            axis=1,
        ),
    )  # fmt: skip


@rules.remembered(50_000)
def credential_credit(held: str, asked: str) -> float:
    """0 to 1: how far `held` answers a program's `asked`, before any one state is known."""
    from datetime import date

    rung = rules.recognition([held], state=None, day=date.max, required=[asked])[0]
    return LADDER.get(rung.level, 0.5) if rung.held is not None else 0.0


def skill_sectors(skill: str) -> tuple[str, ...]:
    """The sectors that a skill belongs to; many for one that is of use everywhere."""
    return fixed().work_sectors(skill)


def major_sectors(major: str) -> tuple[str, ...]:
    """The sectors that a field of study leads into."""
    return fixed().major_sectors(major)


def is_near_major(major: str, asked: Iterable[str]) -> bool:
    """Of one group with a field that is asked for."""
    group = fixed().group(major)
    return bool(group) and any(fixed().group(each) == group for each in asked)


def _once(values: Sequence[Any], make: Callable[[Sequence[Any]], Array]) -> Array:
    """What is made of the values that are different objects, for all of them: an explanation
    changes one thing of a row a hundred times and leaves the rest."""
    seen: dict[Any, int] = {}
    distinct: list[Any] = []
    which = np.zeros(len(values), np.intp)
    for at, value in enumerate(values):
        key = tuple(map(id, value)) if isinstance(value, tuple) else id(value)
        which[at] = seen.setdefault(key, len(distinct))
        if which[at] == len(distinct):
            distinct.append(value)
    made = make(distinct)
    return made if len(distinct) == len(values) else made[which]


def _sets(
    rows: Sequence[Iterable[str]],
    at: Mapping[str, int],
    turned: Callable[[str], str] = str,
) -> Array:
    """`at`: places on an axis; `turned`: what stands on it for a name."""
    found = [[at[name] for name in map(turned, row) if name in at] for row in rows]
    matrix = np.zeros((len(rows), len(at)), np.float32)
    _mark(matrix, found, 1.0)
    return matrix


def _on_axis(rows: Sequence[frozenset[str]], axis: str) -> Array:
    """On one of the axes that are fixed."""
    return _once(rows, lambda distinct: _marked([places(row, axis) for row in distinct], axis))


def _credentials(rows: Sequence[tuple[str, ...]], axes: Axes) -> Array:
    matrix = np.zeros((len(rows), len(axes.credentials)), np.float32)
    for i, row in enumerate(rows):
        for name in row:
            for asked, at in axes.credentials.items():
                matrix[i, at] = max(matrix[i, at], credential_credit(name, asked))
    return matrix


def _sector_signs(rows: Sequence[tuple[frozenset[str], frozenset[str], frozenset[str]]]) -> Array:
    """Of skills, occupations and majors. The surest sign counts: a skill or an occupation that
    belongs to one sector alone says all, one of two sectors half, and so on; a major that leads
    into a sector says `STUDY_SIGN`."""
    signs, work, study = fixed().signs
    told = [
        [work[named] for named in (*skills, *occupations) if named in work]
        + [study[major] for major in majors if major in study]
        for skills, occupations, majors in rows
    ]
    return _greatest(signs, told)


def _held_skills(rows: Sequence[frozenset[str]], axes: Axes) -> Array:
    """1 for a held skill, RELATED_CREDIT for one next to it."""
    at = axes.of_skill
    near = {
        skill: [place for other in fixed().near(skill) for place in at.get(other, ())]
        for skill in frozenset().union(*rows)
    }
    skills = np.zeros((len(rows), len(axes.skills)), np.float32)
    _mark(skills, [[place for each in row for place in near[each]] for row in rows], RELATED_CREDIT)
    _mark(skills, [[place for each in row for place in at.get(each, ())] for row in rows], 1.0)
    return skills


def _greatest(values: Array, places: Sequence[Sequence[int]]) -> Array:
    """For each list of places the greatest of these rows of `values`, column by column; 0 where
    there are none."""
    found = np.zeros((len(places), values.shape[1]), np.float32)
    filled = [i for i, each in enumerate(places) if each]
    if filled and values.shape[1]:
        flat = np.fromiter((at for i in filled for at in places[i]), np.intp)
        starts = np.cumsum([0, *(len(places[i]) for i in filled[:-1])])
        found[filled] = np.maximum.reduceat(values[flat], starts, axis=0)
    return found


def _mark(
    matrix: Array,
    places: Sequence[Sequence[int] | Numbers],
    value: float,
    turned: Numbers | None = None,
) -> None:
    """Put `value` at the places of each row; `turned`: the column of each place, if not itself."""
    counts = list(map(len, places))
    if not sum(counts):
        return
    if isinstance(places[0], np.ndarray):
        columns = np.concatenate(places)
    else:
        columns = np.fromiter(chain.from_iterable(places), np.intp, sum(counts))
    if turned is not None:
        columns = turned[columns]
    matrix[np.repeat(np.arange(len(places)), counts), columns] = value


def _marked(places: Sequence[Sequence[int] | Numbers], axis: str) -> Array:
    """1 at the places of each row, on one of the axes that are fixed."""
    matrix = np.zeros((len(places), len(getattr(fixed(), axis))), np.float32)
    _mark(matrix, places, 1.0)
    return matrix


def _one_each(places: Sequence[int], size: int) -> Array:
    """1 at the place of each row; -1 is none."""
    matrix = np.zeros((len(places), size), np.float32)
    at = np.array(places, np.intp)
    named = np.flatnonzero(at >= 0)
    matrix[named, at[named]] = 1.0
    return matrix


def _numbers(values: Iterable[float | None]) -> Array:
    return np.array([np.nan if value is None else value for value in values], np.float32)


def unit_rows(found: Sequence[Any]) -> Array:
    """Vectors (lists or arrays of floats) as rows of length 1; NaN where there is none, or one
    that says nothing."""
    size = next((len(vector) for vector in found if vector is not None), 0)
    matrix = np.full((len(found), size), np.nan, np.float32)
    for at, vector in enumerate(found):
        if vector is not None:
            matrix[at] = vector
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    return (matrix / np.where(lengths > 0, lengths, np.nan)).astype(np.float32)
