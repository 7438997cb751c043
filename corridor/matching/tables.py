"""Rows laid out as arrays, so that one pair and ten million pairs are scored by the same code.

C candidates, P programs. Every matrix is float32; a set is a 0/1 row over an axis. A number that
is not stated is NaN.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor import rules, taxonomy
from corridor.matching.rows import CandidateRow, ProgramRow

Array = NDArray[np.float32]
Mask = NDArray[np.bool_]

WALKS = ("student", "graduate", "technician", "researcher")
KINDS = rules.KINDS
RELATED_CREDIT = 0.5  # a skill next to the one that is asked
MUST, WISH, NAMED = 1.0, 0.6, 0.3  # weights of an asked skill
STUDY_SIGN = 0.75  # how surely a major that leads into a sector belongs to it
_ANY_WALK = frozenset(WALKS)
_OR = "|"  # between skills that share a place
NAMED_CAP = 2.0  # what a long text may weigh beside the skills that are asked for

# How far a held credential goes where its U.S. counterpart is asked (rules' recognition ladder).
LADDER = {
    "full": 1.0, "not_needed": 1.0, "partial": 0.8, "employer": 0.8, "exam": 0.6,
    "state_by_state": 0.6, "company": 0.6, "unknown": 0.5, "none": 0.3,
}  # fmt: skip


@dataclass(frozen=True)
class Axes:
    """Positions of what programs name; the axes of occupations, majors and sectors are fixed for
    a process. A place of `skills` may stand for several ("excel|python-programming"), of which the
    best that one has counts."""

    skills: Mapping[str, int]
    hubs: Mapping[str, int]
    states: Mapping[str, int]
    hub_state: Mapping[str, str]
    credentials: Mapping[str, int]

    @classmethod
    def of(cls, programs: Sequence[ProgramRow], hub_state: Mapping[str, str]) -> Axes:
        """`hub_state`: the state of every hub (a candidate may prefer one without programs)."""
        return cls(
            skills=_positions(
                skill
                for row in programs
                for skill in _in_order(
                    _asked(row, row.must_skills), _asked(row, row.wish_skills), row.other_skills
                )
            ),
            hubs=_positions(row.hub for row in programs if row.hub),
            states=_positions(row.state for row in programs if row.state),
            hub_state=hub_state,
            credentials=_positions(name for row in programs for name, _must in row.credentials),
        )

    @cached_property
    def of_skill(self) -> Mapping[str, Sequence[int]]:
        """The places of `skills` on which a skill stands."""
        places: dict[str, list[int]] = {}
        for name, at in self.skills.items():
            for skill in name.split(_OR):
                places.setdefault(skill, []).append(at)
        return places


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
    axes = Axes.of(rows, hub_state)
    fixed = _fixed()
    asked = np.zeros((len(rows), len(axes.skills)), np.float32)
    named = np.zeros_like(asked)
    for weight, skills, matrix in (
        (WISH, [_asked(row, row.wish_skills) for row in rows], asked),
        (MUST, [_asked(row, row.must_skills) for row in rows], asked),
        (NAMED, [row.other_skills for row in rows], named),
    ):
        _mark(matrix, [[axes.skills[skill] for skill in each] for each in skills], weight)
    credentials = np.zeros((len(rows), len(axes.credentials)), np.float32)
    for i, row in enumerate(rows):
        for name, must in row.credentials:
            credentials[i, axes.credentials[name]] = MUST if must else WISH
    return ProgramTable(
        rows=rows,
        axes=axes,
        asked_skills=asked,
        named_skills=named,
        asked_mass=asked.sum(1),
        named_mass=named.sum(1),
        occupations=_occupations([row.occupations for row in rows]),
        majors=_majors([row.majors for row in rows]),
        sector=_one_each([row.sector for row in rows], fixed.sectors),
        walks=_on_axis([row.walks or _ANY_WALK for row in rows], "walks", len(WALKS)),
        kind=np.array([KINDS.index(row.kind) for row in rows], np.intp),
        hub=np.array([axes.hubs.get(row.hub, -1) for row in rows], np.intp),
        state=np.array([axes.states.get(row.state, -1) for row in rows], np.intp),
        starts=_numbers(row.starts for row in rows),
        ends=_numbers(row.ends for row in rows),
        months=_numbers(row.months for row in rows),
        degree=_numbers(row.degree for row in rows),
        degree_must=np.array([row.degree_must for row in rows], np.bool_),
        experience=_numbers(row.experience for row in rows),
        experience_must=np.array([row.experience_must for row in rows], np.bool_),
        english=_numbers(row.english for row in rows),
        speaks_english=np.array([row.language != "ko" for row in rows], np.bool_),
        credentials=credentials,
        credential_mass=credentials.sum(1),
    )


def candidate_table(rows: Sequence[CandidateRow], axes: Axes) -> CandidateTable:
    fixed = _fixed()
    credentials = np.zeros((len(rows), len(axes.credentials)), np.float32)
    for i, alike in _alike([row.credentials for row in rows]):
        if alike is not None:
            credentials[i] = credentials[alike]
            continue
        for name in rows[i].credentials:
            for asked, at in axes.credentials.items():
                credentials[i, at] = max(credentials[i, at], credential_credit(name, asked))
    hub_positions, state_positions = axes.hubs, axes.states
    return CandidateTable(
        rows=rows,
        skills=_held_skills([row.skills for row in rows], axes),
        occupations=_occupations([row.occupations for row in rows]),
        majors=_majors([row.majors for row in rows]),
        sector_signs=_sector_signs(rows),
        walk=np.array([WALKS.index(row.walk) for row in rows], np.intp),
        attained=_numbers(row.attained for row in rows),
        pursuing=_numbers(row.pursuing for row in rows),
        pursuing_until=_numbers(row.pursuing_until for row in rows),
        experience=_numbers(row.experience for row in rows),
        english=_numbers(row.english for row in rows),
        credentials=credentials,
        kinds=_sets([row.kinds for row in rows], _positions(KINDS)),
        sectors=_sets([row.sectors for row in rows], fixed.sectors),
        hubs=_sets([row.hubs for row in rows], hub_positions),
        states=_sets(
            [row.hubs for row in rows], state_positions,
            lambda hub: axes.hub_state.get(hub, ""),
        ),
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
    return _fixed().work_sectors(skill)


def major_sectors(major: str) -> tuple[str, ...]:
    """The sectors that a field of study leads into."""
    return _fixed().major_sectors(major)


def is_near_major(major: str, asked: Iterable[str]) -> bool:
    """Of one group with a field that is asked for."""
    group = _fixed().group(major)
    return bool(group) and any(_fixed().group(each) == group for each in asked)


class _Fixed:
    """Axes that are the same for all programs: most follow from the taxonomy."""

    def __init__(self) -> None:
        loaded = taxonomy.load()
        self._majors = loaded.majors
        self._skills = loaded.skills
        self._occupations = loaded.occupations
        self.codes = _positions(loaded.occupations)
        self.minor = _positions(code[:5] for code in loaded.occupations)
        self.major = _positions(code[:2] for code in loaded.occupations)
        self.majors = _positions(loaded.majors)
        self.groups = _positions(major.group for major in loaded.majors.values() if major.group)
        self.sectors = _positions(loaded.sectors)
        self.walks = _positions(WALKS)

    @cached_property
    def signs(self) -> tuple[Array, dict[str, int], dict[str, int]]:
        """How surely everything named belongs to which sector, a row each; the rows of skills and
        occupations, and those of majors (of which some are called as a skill is)."""
        work = _positions([*self._skills, *self._occupations])
        study = {major: len(work) + at for at, major in enumerate(self._majors)}
        signs = np.zeros((len(work) + len(study), len(self.sectors)), np.float32)
        for named, at in work.items():
            sectors = self.work_sectors(named)
            for sector in sectors:
                signs[at, self.sectors[sector]] = 1.0 / len(sectors)
        for major, at in study.items():
            for sector in self.major_sectors(major):
                signs[at, self.sectors[sector]] = STUDY_SIGN
        return signs, work, study

    def major_sectors(self, major: str) -> tuple[str, ...]:
        known = self._majors.get(major)
        return known.sectors if known else ()

    def work_sectors(self, named: str) -> tuple[str, ...]:
        """Of a skill or an occupation."""
        known = self._skills.get(named) or self._occupations.get(named)
        return known.sectors if known else ()

    def near(self, skill: str) -> frozenset[str]:
        known = self._skills.get(skill)
        return known.near if known else frozenset()

    def group(self, major: str) -> str:
        known = self._majors.get(major)
        return known.group if known else ""


@lru_cache(maxsize=1)
def _fixed() -> _Fixed:
    return _Fixed()


def _positions(names: Iterable[str]) -> dict[str, int]:
    return {name: at for at, name in enumerate(dict.fromkeys(names))}


def _sets(
    rows: Sequence[Iterable[str]],
    positions: Mapping[str, int],
    turned: Callable[[str], str] = str,
) -> Array:
    """`turned`: what stands on the axis for a name."""
    matrix = np.zeros((len(rows), len(positions)), np.float32)
    for i, alike in _alike(rows):
        if alike is not None:
            matrix[i] = matrix[alike]
            continue
        for name in rows[i]:
            if (at := positions.get(turned(name))) is not None:
                matrix[i, at] = 1.0
    return matrix


def _one_each(names: Sequence[str], positions: Mapping[str, int]) -> Array:
    matrix = np.zeros((len(names), len(positions)), np.float32)
    at = np.array([positions.get(name, -1) for name in names], np.intp)
    named = np.flatnonzero(at >= 0)
    matrix[named, at[named]] = 1.0
    return matrix


def _alike(values: Sequence[Any]) -> Iterator[tuple[int, int | None]]:
    """Each place, and an earlier one that holds the very same object: an explanation changes one
    thing of a row a hundred times and leaves the rest."""
    seen: dict[Any, int] = {}
    for i, value in enumerate(values):
        key = tuple(map(id, value)) if isinstance(value, tuple) else id(value)
        first = seen.setdefault(key, i)
        yield i, None if first == i else first


def _sector_signs(rows: Sequence[CandidateRow]) -> Array:
    """The surest sign counts: a skill or an occupation that belongs to one sector alone says all,
    one of two sectors half, and so on; a major that leads into a sector says `STUDY_SIGN`."""
    signs, work, study = _fixed().signs
    told = [
        [work[named] for named in (*row.skills, *row.occupations) if named in work]
        + [study[major] for major in row.majors if major in study]
        for row in rows
    ]
    return _greatest(signs, told)


def _held_skills(rows: Sequence[frozenset[str]], axes: Axes) -> Array:
    """1 for a held skill, RELATED_CREDIT for one next to it."""
    fixed = _fixed()
    places = axes.of_skill
    near = {
        skill: [at for other in fixed.near(skill) for at in places.get(other, ())]
        for skill in frozenset().union(*rows)
    }
    skills = np.zeros((len(rows), len(axes.skills)), np.float32)
    _mark(skills, [[at for skill in row for at in near[skill]] for row in rows], RELATED_CREDIT)
    _mark(skills, [[at for skill in row for at in places.get(skill, ())] for row in rows], 1.0)
    return skills


def _asked(row: ProgramRow, skills: frozenset[str]) -> frozenset[str]:
    """Places on the axis of skills: what would do in a skill's place stands on one with it."""
    if not row.either:
        return skills
    return frozenset(_OR.join(sorted(row.in_place_of(skill))) for skill in skills)


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


def _mark(matrix: Array, places: Sequence[Sequence[int]], value: float) -> None:
    """Put `value` at the places of each row."""
    rows = np.repeat(np.arange(len(places)), [len(each) for each in places])
    matrix[rows, [at for each in places for at in each]] = value


def _occupations(rows: Sequence[frozenset[str]]) -> tuple[Array, Array, Array]:
    fixed = _fixed()
    return (
        _on_axis(rows, "codes", len(fixed.codes)),
        _on_axis(rows, "minor", len(fixed.minor)),
        _on_axis(rows, "major", len(fixed.major)),
    )


def _majors(rows: Sequence[frozenset[str]]) -> tuple[Array, Array]:
    fixed = _fixed()
    return (
        _on_axis(rows, "majors", len(fixed.majors)), _on_axis(rows, "groups", len(fixed.groups))
    )


def _on_axis(rows: Sequence[frozenset[str]], axis: str, size: int) -> Array:
    matrix = np.zeros((len(rows), size), np.float32)
    _mark(matrix, [_places(row, axis) for row in rows], 1.0)
    return matrix


@lru_cache(maxsize=100_000)
def _places(names: frozenset[str], axis: str) -> tuple[int, ...]:
    """Where names stand on one of the axes that are fixed."""
    fixed = _fixed()
    turned: Callable[[str], str] = {
        "minor": lambda code: code[:5], "major": lambda code: code[:2], "groups": fixed.group
    }.get(axis, str)  # fmt: skip
    positions: dict[str, int] = getattr(fixed, axis)
    return tuple({positions[turned(name)] for name in names if turned(name) in positions})


@lru_cache(maxsize=50_000)
def _in_order(*skills: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(frozenset().union(*skills)))


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
