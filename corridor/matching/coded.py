"""A program's row as numbers, made once: the same rows are laid out for one list after another.

Skills, or several that share a place, and credentials have numbers of this process, given as they
are met; a table keeps those that its programs name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor.matching.axes import OR, WALKS, fixed, places
from corridor.matching.rows import ProgramRow

Numbers = NDArray[np.intp]
_ANY_WALK = frozenset(WALKS)
_KEPT = "_coded"  # beside a row's fields, so that it goes with the row
_lock = Lock()  # two threads must not give one name two numbers


class Names:
    """Numbers of names, in the order in which they are met."""

    def __init__(self) -> None:
        self.of: list[str] = []
        self._at: dict[str, int] = {}

    def numbers(self, names: Iterable[str]) -> Numbers:
        return np.array([self._number(name) for name in names], np.intp)

    def _number(self, name: str) -> int:
        at = self._at.get(name)
        if at is None:
            at = self._at[name] = len(self.of)
            self.of.append(name)
        return at


SKILLS, CREDENTIALS = Names(), Names()


@dataclass(frozen=True, slots=True)
class Coded:
    """Places on the fixed axes, numbers of SKILLS and CREDENTIALS, and plain figures (NaN: not
    stated)."""

    must: Numbers
    wish: Numbers
    named: Numbers
    occupations: tuple[Numbers, Numbers, Numbers]  # code, minor group, major group
    majors: tuple[Numbers, Numbers]  # major, group of majors
    walks: Numbers
    credentials: Numbers
    credential_musts: NDArray[np.bool_]
    sector: int  # -1: none
    kind: int
    figures: tuple[float, ...]  # starts, ends, months, degree, experience, English
    flags: tuple[bool, bool, bool]  # degree must, experience must, speaks English


def coded(row: ProgramRow) -> Coded:
    found: Coded | None = row.__dict__.get(_KEPT)
    if found is None:
        with _lock:
            found = row.__dict__[_KEPT] = _made(row)
    return found


def _made(row: ProgramRow) -> Coded:
    nan = float("nan")
    stated = (row.starts, row.ends, row.months, row.degree, row.experience, row.english)
    return Coded(
        must=SKILLS.numbers(_asked(row, row.must_skills)),
        wish=SKILLS.numbers(_asked(row, row.wish_skills)),
        named=SKILLS.numbers(sorted(row.other_skills)),
        occupations=(
            _at(row.occupations, "codes"), _at(row.occupations, "minor"),
            _at(row.occupations, "major"),
        ),
        majors=(_at(row.majors, "majors"), _at(row.majors, "groups")),
        walks=_at(row.walks or _ANY_WALK, "walks"),
        credentials=CREDENTIALS.numbers(name for name, _must in row.credentials),
        credential_musts=np.array([must for _name, must in row.credentials], np.bool_),
        sector=fixed().sectors.get(row.sector, -1),
        kind=fixed().kinds[row.kind],
        figures=tuple(nan if value is None else float(value) for value in stated),
        flags=(row.degree_must, row.experience_must, row.language != "ko"),
    )  # fmt: skip


def _at(names: frozenset[str], axis: str) -> Numbers:
    return np.array(places(names, axis), np.intp)


def _asked(row: ProgramRow, skills: frozenset[str]) -> list[str]:
    """Places on the axis of skills: what would do in a skill's place stands on one with it."""
    if not row.either:
        return sorted(skills)
    return sorted({OR.join(sorted(row.in_place_of(skill))) for skill in skills})


def held(names: Names, numbers: Iterable[Numbers]) -> tuple[dict[str, int], Numbers]:
    """The names that occur among the numbers, with their places on an axis of their own; and these
    places by number (-1: not among them)."""
    where = np.full(len(names.of) + 1, -1, np.intp)
    every: list[Any] = [np.zeros(0, np.intp), *numbers]
    where[np.concatenate(every)] = 0
    found = np.flatnonzero(where == 0)
    where[found] = np.arange(len(found))
    return {names.of[at]: place for place, at in enumerate(found.tolist())}, where
