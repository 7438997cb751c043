"""The best pathway of many pairs.

Few pairs are judged one after the other; one person with many programs, or many with one program,
side by side; many with many by signatures (`rules.everybody`): programs of one kind, start and set
of facts have the same verdicts with a candidate. All give the same answer.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from corridor import rules
from corridor.matching import dated
from corridor.matching import facts as adapter
from corridor.matching.scoring import VERDICTS
from corridor.rules.columns import Coded, FactTable, coder
from corridor.rules.crossed import by_class
from corridor.rules.everybody import DISPLAYS, Verdicts, assess_all, best_of_listed
from corridor.rules.listed import Listed

_CODE = {name: code for code, name in enumerate(VERDICTS)}
_DISPLAY_CODES = np.array([_CODE[name] for name in DISPLAYS], np.int8)
FEW = 15  # pairs up to which one by one is quicker
Places = NDArray[np.intp]
Value = TypeVar("Value", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Best:
    code: int  # index into VERDICTS
    pathway: str  # "" where no pathway is needed or known


NOT_NEEDED = Best(_CODE["not_needed"], "")


@dataclass(frozen=True)
class CandidateSide:
    known: adapter.Facts
    past: adapter.History


@dataclass(frozen=True)
class ProgramSide:
    kind: str
    known: adapter.Facts
    majors: frozenset[str]
    in_korea: bool  # takes place in Korea: no visa is asked

    @cached_property
    def coded(self) -> Coded:
        return coder().coded(self.known)


def candidate_side(candidate: Any, *, day: date) -> CandidateSide:
    """Without birth, sex, military service and travel permit: the law reads them for a verdict
    that a person is shown, but they must not move a score (or a host could read them off it)."""
    known = adapter.candidate_facts(candidate, day=day)
    for name in adapter.PERSONAL:
        known.pop(name, None)
    return CandidateSide(known, adapter.history(candidate))


def program_side(program: Any) -> ProgramSide:
    return ProgramSide(
        program.kind,
        adapter.program_facts(program),
        adapter.asked_majors(program),
        in_korea=not adapter.needs_pathway({}, program),
    )


def facts_of(candidate: CandidateSide, program: ProgramSide, *, day: date) -> adapter.Facts:
    return adapter.joined(candidate.known, candidate.past, program.known, program.majors, day=day)


@dataclass(frozen=True)
class Found:
    """Best verdict of every pair: `codes` index VERDICTS, `pathways` index `names`; all (C, P)."""

    codes: NDArray[np.int8]
    pathways: NDArray[np.int16]
    names: tuple[str, ...]

    def of(self, candidate: int, program: int) -> Best:
        return Best(
            int(self.codes[candidate, program]), self.names[self.pathways[candidate, program]]
        )


@dataclass(frozen=True)
class Posted:
    """Programs made ready to be held against many candidates."""

    sides: Sequence[ProgramSide]
    table: FactTable
    kinds: Mapping[str, Places]  # the programs of each kind
    starts: tuple[list[date | None], Places]  # distinct starts, and the start of each program
    majors: tuple[list[frozenset[str]], Places]
    in_korea: NDArray[np.bool_]

    @classmethod
    def of(cls, sides: Sequence[ProgramSide]) -> Posted:
        kinds, kind_of = _distinct(side.kind for side in sides)
        by = coder()
        coded = [side.coded if side.coded.by is by else by.coded(side.known) for side in sides]
        return cls(
            sides,
            by.table(coded),
            {kind: np.flatnonzero(kind_of == at) for at, kind in enumerate(kinds)},
            _distinct(side.known.get("program.start_date") for side in sides),
            _distinct(side.majors for side in sides),
            np.array([side.in_korea for side in sides], np.bool_),
        )


def best(
    candidates: Sequence[CandidateSide], programs: Sequence[ProgramSide] | Posted, *, day: date
) -> Found:
    """The best verdict of every pair on `day`."""
    sides = programs.sides if isinstance(programs, Posted) else programs
    if len(candidates) * len(sides) <= FEW:
        return _one_by_one(candidates, sides, day)
    posted = programs if isinstance(programs, Posted) else Posted.of(programs)
    if len(candidates) == 1 or len(sides) == 1:
        return _side_by_side(candidates, posted, day)
    return judged(candidates, posted, day=day).best()


def _one_by_one(
    candidates: Sequence[CandidateSide], programs: Sequence[ProgramSide], day: date
) -> Found:
    codes = np.zeros((len(candidates), len(programs)), np.int8)
    pathways = np.zeros(codes.shape, np.int16)
    names: dict[str, int] = {"": 0}
    for i, person in enumerate(candidates):
        for j, post in enumerate(programs):
            found = _pair(person, post, day)
            codes[i, j] = found.code
            pathways[i, j] = names.setdefault(found.pathway, len(names))
    return Found(codes, pathways, tuple(names))


def _pair(person: CandidateSide, post: ProgramSide, day: date) -> Best:
    if post.in_korea or person.known.get("candidate.nationality") == "US":
        return NOT_NEEDED
    found = rules.assess(facts_of(person, post, day=day), day=day, kind=post.kind).best
    return Best(_CODE["none"], "") if found is None else Best(_CODE[found.display], found.pathway)


def _side_by_side(
    candidates: Sequence[CandidateSide], posted: Posted, day: date
) -> Found:
    """One candidate with many programs, or many with one."""
    histories, history_of = _distinct(side.past for side in candidates)
    starts, start_of = posted.starts
    which, known = dated.over(histories, starts, day=day)
    fields, asked = _fields(histories, posted)
    names = _open_to(posted)
    shown, pathways = best_of_listed(
        FactTable.of(side.known for side in candidates),
        posted.table,
        day=day,
        pathways=names,
        kinds=posted.kinds if len(candidates) == 1
        else {kind: np.arange(len(candidates)) for kind in posted.kinds},
        over=_by_pair(which[history_of, start_of], known),
        under=_by_pair(asked[history_of, posted.majors[1]], fields),
    )
    codes, pathways = _coded(
        shown, pathways, _exempt(candidates) | posted.in_korea
    )
    shape = len(candidates), len(posted.sides)
    return Found(codes.reshape(shape), pathways.reshape(shape), ("", *names))


def _by_pair(which: Places, facts: Sequence[adapter.Facts]) -> dict[str, Listed]:
    return {
        name: Listed.of(which, [each.get(name) for each in facts])
        for name in dict.fromkeys(name for each in facts for name in each)
    }


def _open_to(posted: Posted) -> list[str]:
    """The pathways that are open to a kind among the programs."""
    return [each.id for each in rules.pathways() if posted.kinds.keys() & set(each.kinds)]


def _exempt(candidates: Sequence[CandidateSide]) -> NDArray[np.bool_]:
    american = [side.known.get("candidate.nationality") == "US" for side in candidates]
    return np.array(american, np.bool_)


def _coded(
    shown: NDArray[np.uint8], pathways: NDArray[np.int16], none_needed: NDArray[np.bool_]
) -> tuple[NDArray[np.int8], NDArray[np.int16]]:
    codes = _DISPLAY_CODES[shown]
    codes[pathways < 0] = _CODE["none"]
    pathways += 1
    codes[none_needed], pathways[none_needed] = NOT_NEEDED.code, 0
    return codes, pathways


@dataclass(frozen=True)
class Judged:
    """Verdicts of candidates with all programs of `posted`, not yet looked up for any pair.
    `exempt`: the candidates that need no pathway anywhere."""

    verdicts: Verdicts
    posted: Posted
    exempt: NDArray[np.bool_]

    @property
    def names(self) -> tuple[str, ...]:
        return ("", *self.verdicts.left)

    def best(self) -> Found:
        people, posts = (np.arange(size) for size in self.verdicts.shape)
        shown, pathways = self.verdicts.best(people, posts, kinds=self.posted.kinds)
        codes, pathways = _coded(
            shown, pathways, self.exempt[:, None] | self.posted.in_korea[None, :]
        )
        return Found(codes, pathways, self.names)

    def best_of_pairs(
        self, rows: Places, columns: Places
    ) -> tuple[NDArray[np.int8], NDArray[np.int16]]:
        """`codes` and `pathways` of `Found`, for the pairs (rows[n], columns[n]) alone."""
        kind_of = np.zeros(len(self.posted.sides), np.intp)
        for at, places in enumerate(self.posted.kinds.values()):
            kind_of[places] = at
        kinds = {
            kind: np.flatnonzero(kind_of[columns] == at)
            for at, kind in enumerate(self.posted.kinds)
        }
        shown, pathways = self.verdicts.best_of_pairs(rows, columns, kinds=kinds)
        none_needed = self.exempt[rows] | self.posted.in_korea[columns]
        return _coded(shown, pathways, none_needed)


def judged(candidates: Sequence[CandidateSide], posted: Posted, *, day: date) -> Judged:
    histories, history_of = _distinct(side.past for side in candidates)
    starts, start_of = posted.starts
    which, known = dated.over(histories, starts, day=day)
    fields, asked = _fields(histories, posted)
    verdicts = assess_all(
        FactTable.of(side.known for side in candidates),
        posted.table,
        day=day,
        pathways=_open_to(posted),
        over=by_class(history_of, start_of, which, known),
        under=by_class(history_of, posted.majors[1], asked, fields),
    )
    return Judged(verdicts, posted, _exempt(candidates))


def _fields(
    histories: Sequence[adapter.History], posted: Posted
) -> tuple[list[adapter.Facts], Places]:
    """What the histories say of the majors that are asked for, and which of it (H, majors)."""
    majors, _major_of = posted.majors
    facts: list[adapter.Facts] = []
    which = np.zeros((len(histories), len(majors)), np.intp)
    for i, past in enumerate(histories):
        for j, asked in enumerate(majors):
            field = past.field(asked, None)
            if field not in facts:
                facts.append(field)
            which[i, j] = facts.index(field)
    return facts, which


def _distinct(values: Iterable[Value]) -> tuple[list[Value], Places]:
    seen: dict[Value, int] = {}
    places = [seen.setdefault(value, len(seen)) for value in values]
    return list(seen), np.array(places, np.intp)
