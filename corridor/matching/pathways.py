"""The best pathway of many pairs: the rules are evaluated once for each signature, not each pair.

A pair's signature is the tuple of outcomes-relevant facts: for a fact that rules only compare
with thresholds, which side of each threshold it lies on; for the others, the value itself. Pairs
of one signature have the same verdicts by construction, so the first of them is evaluated.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from corridor import rules
from corridor.matching import facts as adapter
from corridor.matching.scoring import VERDICTS
from corridor.rules import derived
from corridor.rules.checks import leaves

_CODE = {name: code for code, name in enumerate(VERDICTS)}
_NOT_NEEDED = _CODE["not_needed"]
MEMORY = 200_000  # remembered signatures a process
_ORDERED = ("at_least", "at_most", "more_than", "less_than")
# The program's facts from which a candidate's derived facts follow.
_DATED = ("program.start_date", "program.duration_days", "program.duration_months")
Side = TypeVar("Side")


@dataclass(frozen=True, slots=True)
class Best:
    code: int  # index into VERDICTS
    pathway: str  # "" where no pathway is needed or known


NOT_NEEDED = Best(_NOT_NEEDED, "")
Memory = dict[tuple[Any, ...], Best]


@rules.remembered(1)
def _memory() -> Memory:
    """What was found for each signature; another data set begins with none."""
    return {}


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


def best(
    candidates: Sequence[CandidateSide], programs: Sequence[ProgramSide], *, day: date
) -> Found:
    """The best verdict of every pair on `day`."""
    people, person_of = _distinct(
        candidates, lambda side: (frozenset(side.known.items()), side.past)
    )
    posts, post_of = _distinct(
        programs,
        lambda side: (side.kind, frozenset(side.known.items()), side.majors, side.in_korea),
    )
    posted = [_Posted.of(post, day) for post in posts]
    codes = np.zeros((len(people), len(posts)), np.int8)
    pathways = np.zeros((len(people), len(posts)), np.int16)
    names: dict[str, int] = {"": 0}
    memory = _memory()
    for i, person in enumerate(people):
        signed: dict[tuple[Any, ...], tuple[Any, ...]] = {}
        for j, post in enumerate(posted):
            found = _best(person, post, signed, day, memory)
            codes[i, j] = found.code
            pathways[i, j] = names.setdefault(found.pathway, len(names))
    at = np.ix_(person_of, post_of)
    return Found(codes[at], pathways[at], tuple(names))


@dataclass(frozen=True)
class _Posted:
    """A program's half of the signature, and `when`: what of it a candidate's half depends on."""

    side: ProgramSide
    half: tuple[Any, ...]
    when: tuple[tuple[str, Any], ...]

    @classmethod
    def of(cls, side: ProgramSide, day: date) -> _Posted:
        known = derived.completed(side.known, day)
        when = {
            name: value for name, value in known.items()
            if not name.startswith("program.") or name in _DATED
        }
        return cls(side, _half(side.kind, day, known, ours=False), tuple(sorted(when.items())))


def _best(
    person: CandidateSide,
    post: _Posted,
    signed: dict[tuple[Any, ...], tuple[Any, ...]],
    day: date,
    memory: Memory,
) -> Best:
    side = post.side
    if side.in_korea or person.known.get("candidate.nationality") == "US":
        return NOT_NEEDED
    half = signed.get((side.kind, post.when))
    if half is None:
        start = side.known.get("program.start_date")
        known = {**person.known, **dict(post.when), **person.past.at(start, day=day)}
        half = _half(side.kind, day, derived.completed(known, day), ours=True)
        signed[side.kind, post.when] = half
    field: tuple[Any, ...] = ()
    if side.majors & person.past.majors:
        start = side.known.get("program.start_date")
        field = tuple(sorted(person.past.field(side.majors, start).items()))
    key = (side.kind, day, half, post.half, field)
    found = memory.get(key)
    if found is None:
        facts = facts_of(person, side, day=day)
        verdict = rules.assess(facts, day=day, kind=side.kind).best
        found = Best(_CODE["none"], "")
        if verdict is not None:
            found = Best(_CODE[verdict.display], verdict.pathway)
        if len(memory) >= MEMORY:
            memory.clear()
        memory[key] = found
    return found


def _distinct(sides: Sequence[Side], key: Callable[[Side], Any]) -> tuple[list[Side], list[int]]:
    seen: dict[Any, int] = {}
    kept: list[Side] = []
    places = []
    for side in sides:
        at = seen.setdefault(key(side), len(kept))
        if at == len(kept):
            kept.append(side)
        places.append(at)
    return kept, places


@rules.remembered(256)
def _reading(kind: str, day: date, ours: bool) -> tuple[tuple[str, tuple[Any, ...] | None], ...]:
    """The facts that verdicts for `kind` read on `day`, each with its thresholds where pathways
    only order it (None: its exact value matters). `ours`: the candidate's half, else the
    program's."""
    ordered: dict[str, set[Any]] = {}
    exact: set[str] = set(adapter.PERSONAL)  # those that the Korean exit rule orders
    for pathway in rules.pathways():
        if kind not in pathway.kinds:
            continue
        for requirement in pathway.requirements_on(day):
            for leaf in leaves(requirement.check):
                if leaf.op in _ORDERED:
                    ordered.setdefault(leaf.fact, set()).add(leaf.value)
                else:
                    exact.add(leaf.fact)
    return tuple(
        (fact, tuple(sorted(ordered[fact])) if fact in ordered and fact not in exact else None)
        for fact in rules.signature(kind, day=day)
        if fact.startswith("program.") is not ours
    )


def _half(kind: str, day: date, known: Mapping[str, Any], *, ours: bool) -> tuple[Any, ...]:
    key = []
    for fact, thresholds in _reading(kind, day, ours):
        value = known.get(fact)
        if value is None or thresholds is None:
            key.append(value)
        else:
            at = bisect_left(thresholds, value)
            key.append((at, at < len(thresholds) and thresholds[at] == value))
    return tuple(key)
