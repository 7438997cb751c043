"""What would lift a program highest in a person's list: "with TOEIC 750, from 7th to 3rd".

Each change that a program of the list names (a skill, a credential, an English score, months of
experience, a degree) is made to the profile and all programs of the list are scored and ranked
again, so the place that is promised is the place that comes of it. Held as they are: the reading
of the free text and the visa routes. Made when first asked for, for the first few programs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np

from corridor.matching import explain, scoring
from corridor.matching.explain import Change, Point
from corridor.matching.pairs import Scored
from corridor.matching.rows import CandidateRow
from corridor.matching.scoring import Pairs
from corridor.matching.tables import Array, Mask, candidate_table
from corridor.matching.threads import one_thread

FEW = 10  # programs of a list for which a step up is sought
MOST_CHANGES = 80  # profiles as they would be; more are not tried
# From the least to the greatest effort; of two changes to the same place the lesser is told.
_EFFORT = ("skill", "english", "experience", "credential", "degree")
_KIND = {
    "add_must_skill": "skill", "add_skill": "skill", "add_named_skill": "skill",
    "add_named_certificate": "skill", "list_credential": "credential",
    "add_must_credential": "credential", "add_credential": "credential",
    "raise_english": "english", "state_english": "english",
    "raise_experience": "experience", "state_experience": "experience",
    "raise_degree": "degree", "state_degree": "degree",
}  # fmt: skip
_ENGLISH_FROM, _ENGLISH_STEP = 500.0, 50.0
_MONTHS_STEP = 12.0


class Step(NamedTuple):
    """One change of a profile. `amount`: English score or months; 0 for what has no measure."""

    kind: str
    amount: float
    name: str  # id of the skill, credential or degree; "" for a measure
    row: CandidateRow


class Climbs:
    """The steps up for one candidate's list. `order`: places in `against`, as they are listed;
    `gaps`: what `explain.gaps` says of each, where it is at hand."""

    def __init__(
        self, against: Scored, order: Sequence[int],
        gaps: Sequence[Iterable[Change]] | None = None,
    ) -> None:  # fmt: skip
        self._against = against
        self._sought = list(order[:FEW])
        self._gaps = dict(zip(self._sought, gaps, strict=False)) if gaps is not None else None
        self._ids = np.array([row.id for row in against.programs.rows])
        self._blocked = against.pairs.verdict[0] == scoring.NO

    def of(self, program: int) -> Point | None:
        """The least change that lifts the program (its place in `against`) highest; None where
        none lifts it. Values: what changes, `from` and `to` (places in the list, from 1)."""
        return self._found.get(program)

    @cached_property
    def _found(self) -> dict[int, Point]:
        listed = self._against.programs_ranked(0)
        now = {at: place for place, at in enumerate(listed, start=1)}
        steps: dict[tuple[str, float, str], Step] = {}
        of_program: dict[int, list[tuple[str, float, str]]] = {}
        for at in self._sought:
            if now.get(at, 1) > 1:
                for step in self._steps(at):
                    key = step[:3]
                    if key in steps or len(steps) < MOST_CHANGES:
                        steps.setdefault(key, step)
                        of_program.setdefault(at, []).append(key)
        if not steps:
            return {}
        totals, open_ = self._rescored([step.row for step in steps.values()])
        place_of = {key: row for row, key in enumerate(steps)}
        found: dict[int, Point] = {}
        for at, keys in of_program.items():
            climbs = [
                (self._place(totals[row], open_[row], at), key, float(totals[row, at]))
                for key in keys
                if open_[row := place_of[key], at]
            ]
            if not climbs:
                continue
            place, key, score = min(climbs, key=lambda c: (c[0], _EFFORT.index(c[1][0]), c[1]))
            if place < now[at]:
                gain = scoring.shown(score) - scoring.shown(self._against.score(0, at))
                found[at] = Point(
                    f"climb_{key[0]}", {**_values(key), "from": now[at], "to": place}, gain
                )
        return found

    def _place(self, totals: Array, open_: Mask, at: int) -> int:
        """A program's place (from 1) by the order of `Scored.programs_ranked`, on other totals."""
        higher = (totals > totals[at]) | ((totals == totals[at]) & (self._ids < self._ids[at]))
        same = self._blocked == self._blocked[at]
        ahead = (self._blocked < self._blocked[at]) | (same & higher)
        return int((ahead & open_).sum()) + 1

    @one_thread()
    def _rescored(self, rows: Sequence[CandidateRow]) -> tuple[Array, Mask]:
        """Scores of the changed profiles against every program of the list, and the musts."""
        against = self._against
        people = candidate_table(rows, against.programs.axes)
        shape = (len(rows), len(against.programs))
        pairs = Pairs(*(np.broadcast_to(part[0], shape) for part in (
            against.pairs.cosine, against.pairs.lexical, against.pairs.verdict
        )))  # fmt: skip
        points = scoring.parts(people, against.programs, pairs, against.scale)
        return scoring.total(points), scoring.gates(people, against.programs)

    def _steps(self, at: int) -> Iterator[Step]:
        """The changes that the program itself names, measures in steps up to what it asks."""
        pair = self._against.pair(0, at)
        mine = pair.candidate
        for change in explain.gaps(pair) if self._gaps is None else self._gaps[at]:
            kind = _KIND.get(change.code)
            if kind == "skill":
                yield Step(kind, 0.0, change.values["skills"][0], change.row)
            elif kind == "credential":
                yield Step(kind, 0.0, change.values["credentials"][0], change.row)
            elif kind == "degree":
                yield Step(kind, float(change.values["degree"]), "", change.row)
            elif kind == "english":
                start = mine.english if mine.english is not None else _ENGLISH_FROM
                for score in _rungs(start, change.values["need"], _ENGLISH_STEP):
                    yield Step(kind, score, "", mine.but(english=score))
            elif kind == "experience":
                need = change.values["need_months"]
                for months in _rungs(mine.experience or 0.0, need, _MONTHS_STEP):
                    yield Step(kind, months, "", mine.but(experience=months))


def _rungs(start: float, need: float, step: float) -> list[float]:
    """Whole multiples of the step above `start`, below what is needed, and that; at most eight."""
    first = (int(start // step) + 1) * step
    rungs = [float(each) for each in np.arange(first, need, step)][:7]
    return [*rungs, float(need)]


def _values(key: tuple[str, float, str]) -> dict[str, object]:
    kind, amount, name = key
    if kind == "english":
        return {"need": amount}
    if kind == "experience":
        return {"need_months": amount}
    if kind == "degree":
        return {"degree": int(amount)}
    return {f"{kind}s": [name]}
