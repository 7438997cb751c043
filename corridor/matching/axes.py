"""Where things stand in the tables: the axes of what the taxonomy names, which are the same for
all programs, and those of what some programs name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from corridor import rules, taxonomy

WALKS = ("student", "graduate", "technician", "researcher")
KINDS = rules.KINDS
STUDY_SIGN = 0.75  # how surely a major that leads into a sector belongs to it
OR = "|"  # between skills that share a place


@dataclass(frozen=True)
class Axes:
    """Positions of what programs name; the axes of occupations, majors and sectors are fixed for
    a process. A place of `skills` may stand for several ("excel|python-programming"), of which the
    best that one has counts. `hub_state`: the state of every hub (a candidate may prefer one
    without programs)."""

    skills: Mapping[str, int]
    hubs: Mapping[str, int]
    states: Mapping[str, int]
    hub_state: Mapping[str, str]
    credentials: Mapping[str, int]

    def state_of(self, hub: str) -> str:
        return self.hub_state.get(hub, "")

    @cached_property
    def of_skill(self) -> Mapping[str, Sequence[int]]:
        """The places of `skills` on which a skill stands."""
        places: dict[str, list[int]] = {}
        for name, at in self.skills.items():
            for skill in name.split(OR) if OR in name else (name,):
                places.setdefault(skill, []).append(at)
        return places


class Fixed:
    """Axes that are the same for all programs: most follow from the taxonomy."""

    def __init__(self) -> None:
        loaded = taxonomy.load()
        self._majors = loaded.majors
        self._skills = loaded.skills
        self._occupations = loaded.occupations
        self.codes = positions(loaded.occupations)
        self.minor = positions(code[:5] for code in loaded.occupations)
        self.major = positions(code[:2] for code in loaded.occupations)
        self.majors = positions(loaded.majors)
        self.groups = positions(major.group for major in loaded.majors.values() if major.group)
        self.sectors = positions(loaded.sectors)
        self.walks = positions(WALKS)
        self.kinds = positions(KINDS)

    @cached_property
    def signs(self) -> tuple[NDArray[np.float32], dict[str, int], dict[str, int]]:
        """How surely everything named belongs to which sector, a row each; the rows of skills and
        occupations, and those of majors (of which some are called as a skill is)."""
        work = positions([*self._skills, *self._occupations])
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
        """The sectors that a field of study leads into."""
        known = self._majors.get(major)
        return known.sectors if known else ()

    def work_sectors(self, named: str) -> tuple[str, ...]:
        """The sectors of a skill or an occupation; many for one that is of use everywhere."""
        known = self._skills.get(named) or self._occupations.get(named)
        return known.sectors if known else ()

    def near(self, skill: str) -> frozenset[str]:
        known = self._skills.get(skill)
        return known.near if known else frozenset()

    def group(self, major: str) -> str:
        known = self._majors.get(major)
        return known.group if known else ""


@lru_cache(maxsize=1)
def fixed() -> Fixed:
    return Fixed()


def positions(names: Iterable[str]) -> dict[str, int]:
    return {name: at for at, name in enumerate(dict.fromkeys(names))}


@lru_cache(maxsize=100_000)
def places(names: frozenset[str], axis: str) -> tuple[int, ...]:
    """Where names stand on one of the axes that are fixed."""
    turned: Callable[[str], str] = {
        "minor": lambda code: code[:5], "major": lambda code: code[:2], "groups": fixed().group
    }.get(axis, str)  # fmt: skip
    found: dict[str, int] = getattr(fixed(), axis)
    return tuple({found[turned(name)] for name in names if turned(name) in found})
