"""Why each candidate is where they are, and how each program filled: message ids and values.

Reads the outcome alone (ranks and how programs closed), never the steps of an algorithm, so it
tells the truth of any stable assignment. `round_wording` says it in Korean or English.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from corridor.matching.rounds.certificate import Certificate, Closing
from corridor.matching.rounds.model import BARS, Ints, Round
from corridor.matching.rounds.ordering import Orders, strict


@dataclass(frozen=True)
class Reason:
    """One sentence. `program` stands beside it where it speaks of one choice."""

    code: str
    values: Mapping[str, int | str]


@dataclass(frozen=True)
class ForCandidate:
    """`place`: which of the `choices` the program is, 1 first. `reasons`: one for each choice
    before it, in the candidate's order; all of them where there is no program."""

    candidate: str
    program: str | None
    place: int | None
    choices: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class ForProgram:
    """`admitted`: (candidate, rank) by rank among the `able`, all whom it could have taken."""

    program: str
    able: int
    admitted: tuple[tuple[str, int], ...]
    reasons: tuple[Reason, ...]


class Explainer:
    def __init__(
        self, made: Round, certificate: Certificate, orders: Orders | None = None
    ) -> None:
        """`certificate` has been verified: of an unstable one no reason would be true."""
        self._round, self._certificate = made, certificate
        orders = orders or strict(made)
        pairs = made.pairs
        by_list: Ints = np.lexsort((orders.place, pairs.candidate))
        self._pairs = by_list.tolist()
        self._start: list[int] = pairs.candidate[by_list].searchsorted(
            range(len(made.candidates) + 1)
        ).tolist()
        self._program: list[int] = pairs.program.tolist()
        self._rank: list[int] = orders.rank.tolist()
        self._bar: list[int] = pairs.bar.tolist()
        self._standing: list[float] = pairs.standing.tolist()
        self._place: list[int] = orders.place.tolist()
        self._own_place = [0] * len(made.candidates)
        for pair, (person, program) in enumerate(
            zip(pairs.candidate.tolist(), self._program, strict=True)
        ):
            own = certificate.assignment[made.candidates[person]]
            if own == made.programs[program]:
                self._own_place[person] = self._place[pair]
        # What a program said of whom it admitted last: a tie with it was decided by lot.
        self._rank_start: list[int] = orders.rank_start.tolist()
        self._ranked: list[int] = orders.ranked.tolist()

    def candidates(self) -> Iterator[ForCandidate]:
        return (self.candidate(at) for at in range(len(self._round.candidates)))

    def programs(self) -> Iterator[ForProgram]:
        return (self.program(at) for at in range(len(self._round.programs)))

    def candidate(self, at: int) -> ForCandidate:
        key = self._round.candidates[at]
        own = self._certificate.assignment[key]
        chosen = self._pairs[self._start[at] : self._start[at + 1]]
        reasons, place = [], None
        for number, pair in enumerate(chosen, start=1):
            if self._round.programs[self._program[pair]] == own:
                place = number
                break
            reasons.append(self._passed(at, pair, number))
        return ForCandidate(key, own, place, len(chosen), tuple(reasons))

    def _passed(self, candidate: int, pair: int, place: int) -> Reason:
        program = self._program[pair]
        key = self._round.programs[program]
        values: dict[str, int | str] = {"place": place, "program": key}
        if self._bar[pair]:
            return Reason(BARS[self._bar[pair] - 1], values)
        rank = self._rank[pair]
        if not rank:
            return Reason("not_ranked", values)
        closing = self._certificate.programs[key]
        values["rank"] = rank
        group = self._round.group(candidate, program)
        limited = closing.groups.get(group) if group is not None else None
        if limited and group is not None and limited.filled >= limited.most:
            values |= {"group": group, "most": limited.most}
            return self._full("group_full", pair, limited, values)
        values["most"] = closing.most
        return self._full("full", pair, closing, values)

    def _full(
        self, code: str, pair: int, closing: Closing, values: dict[str, int | str]
    ) -> Reason:
        if closing.last is None:
            return Reason("group_closed" if code == "group_full" else "no_seats", values)
        values["last"] = closing.last.rank
        tied = self._standing[pair] == self._standing[self._last_pair(pair, closing.last.rank)]
        return Reason(f"{code}_by_lot" if tied else code, values)

    def _last_pair(self, pair: int, rank: int) -> int:
        return self._ranked[self._rank_start[self._program[pair]] + rank - 1]

    def program(self, at: int) -> ForProgram:
        key = self._round.programs[at]
        closing = self._certificate.programs[key]
        able = self._ranked[self._rank_start[at] : self._rank_start[at + 1]]
        people = [int(self._round.pairs.candidate[pair]) for pair in able]
        admitted = tuple(
            (self._round.candidates[person], rank)
            for rank, person in enumerate(people, start=1)
            if self._certificate.assignment[self._round.candidates[person]] == key
        )
        values: dict[str, int | str] = {
            "filled": closing.filled, "most": closing.most, "able": len(able),
            "free": closing.most - closing.filled,
        }  # fmt: skip
        at_limit = [g for g, limited in closing.groups.items() if limited.filled >= limited.most]
        reasons = []
        if closing.most == 0:
            reasons.append(Reason("offers_no_seat", values))
        elif closing.filled == closing.most and closing.last:
            reasons.append(Reason("filled", values | {"last": closing.last.rank}))
        elif not able:
            reasons.append(Reason("nobody_able", values))
        else:
            reasons.append(Reason("seats_left_at_limit" if at_limit else "seats_left", values))
        for group in at_limit:
            most = closing.groups[group].most
            said = "group_filled" if most else "group_not_taken"
            reasons.append(Reason(said, {"group": group, "most": most}))
        last = closing.last.rank if closing.last else 0
        elsewhere = sum(
            0 < self._own_place[person] < self._place[pair]
            for pair, person in zip(able[:last], people, strict=False)
        )
        if elsewhere:
            reasons.append(Reason("elsewhere", {"count": elsewhere}))
        return ForProgram(key, len(able), admitted, tuple(reasons))
