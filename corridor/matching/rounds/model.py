"""What a round is given: candidates, programs, the pairs that were chosen, and the lottery.

C candidates, P programs, N pairs; a pair is one choice of one candidate. Everything lies in
columns, ids in sorted order, so that equal rounds are equal byte for byte.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

# Why a pair can never be matched, whatever both sides wish. A pair's bar is 0 or 1 + its place.
BARS = ("gate", "pathway_no", "pathway_unknown")
MAX_ID = 200  # characters


class BadRound(ValueError):
    """A round or a certificate cannot be used. `where` names the entry, `problem` says how to
    mend it."""

    def __init__(self, where: str, problem: str) -> None:
        self.where, self.problem = where, problem
        super().__init__(f"{where}: {problem}")


@dataclass(frozen=True)
class Limits:
    """Upper limits of one program: at most so many admitted of each group named. Groups are those
    of one dimension (`by`), so that nobody counts twice; a group not named has no limit."""

    by: str
    at_most: Mapping[str, int]


@dataclass(frozen=True, eq=False)
class Pairs:
    """N pairs by candidate, then program.

    `wish` and `standing` are what the candidate says of the program and the program of the
    candidate: a place (1 is best, equal places are a tie) or a score (higher is better), as the
    owner gives one or the other. A standing of NaN: the program has not ranked the candidate.
    """

    candidate: Ints
    program: Ints
    wish: Floats
    standing: Floats
    bar: Ints


@dataclass(frozen=True, eq=False)
class Lottery:
    """Numbers that break ties, the lower first; one a candidate for all programs (single
    tie-breaking), one a program for ties in candidates' lists. Equal numbers fall back on ids."""

    seed: str
    candidates: Ints  # (C,)
    programs: Ints  # (P,)

    @classmethod
    def draw(cls, seed: str, candidates: Sequence[str], programs: Sequence[str]) -> Lottery:
        return cls(
            seed,
            np.array([number(seed, "candidate", each) for each in candidates], np.int64),
            np.array([number(seed, "program", each) for each in programs], np.int64),
        )


def number(seed: str, kind: str, key: str) -> int:
    """The first 52 bits of SHA-256 over seed, kind and id on three lines: anybody can redo it, it
    fits a JSON number, and who else takes part does not change it."""
    said = hashlib.sha256(f"{seed}\n{kind}\n{key}".encode()).hexdigest()
    return int(said[:13], 16)


@dataclass(frozen=True, eq=False)
class Round:
    """The whole input of one assignment. Make it with `Round.of`, which checks and sorts."""

    name: str
    candidates: tuple[str, ...]
    programs: tuple[str, ...]
    seats: Ints  # (P,)
    limits: tuple[Limits | None, ...]  # (P,)
    groups: tuple[Mapping[str, str], ...]  # (C,): dimension -> group
    pairs: Pairs
    wish_scored: Flags  # (C,): the candidate's wishes are scores, not places
    standing_scored: Flags  # (P,)
    lottery: Lottery | None = field(default=None)

    @classmethod
    def of(
        cls, *, name: str, candidates: Sequence[str], programs: Sequence[str],
        seats: Sequence[int], pairs: Pairs,
        limits: Sequence[Limits | None] | None = None,
        groups: Sequence[Mapping[str, str]] | None = None,
        wish_scored: Flags | None = None, standing_scored: Flags | None = None,
        lottery: Lottery | None = None,
    ) -> Round:  # fmt: skip
        """Sorts ids and pairs, makes places dense (1, 2, 3 …) and checks. Raises BadRound."""
        rows, new_candidate = _sorted_ids("candidates", candidates)
        columns, new_program = _sorted_ids("programs", programs)
        limits = limits or [None] * len(programs)
        groups = groups or [{}] * len(candidates)
        scored = np.zeros(len(candidates), bool) if wish_scored is None else wish_scored
        judged = np.zeros(len(programs), bool) if standing_scored is None else standing_scored
        candidate, program = new_candidate[pairs.candidate], new_program[pairs.program]
        order = np.lexsort((program, candidate))
        candidate, program = candidate[order], program[order]
        same = (np.diff(candidate) == 0) & (np.diff(program) == 0)
        if same.any():
            at = int(np.argmax(same))
            who, what = candidates[rows[candidate[at]]], programs[columns[program[at]]]
            raise BadRound(f"candidate {who}", f"chooses {what} twice. Keep one.")
        scored, judged = scored[rows], judged[columns]
        wish = _dense(pairs.wish[order], candidate, scored)
        standing = _dense(pairs.standing[order], program, judged)
        made = cls(
            name=name,
            candidates=tuple(candidates[at] for at in rows),
            programs=tuple(programs[at] for at in columns),
            seats=np.array([seats[at] for at in columns], np.int64),
            limits=tuple(limits[at] for at in columns),
            groups=tuple(groups[at] for at in rows),
            pairs=Pairs(candidate, program, wish, standing, pairs.bar[order]),
            wish_scored=scored,
            standing_scored=judged,
            lottery=lottery and Lottery(
                lottery.seed, lottery.candidates[rows], lottery.programs[columns]
            ),
        )  # fmt: skip
        made._check()
        return made

    def drawn(self, seed: str) -> Round:
        """The same round with a lottery drawn from `seed`. Raises BadRound where one is kept:
        a second draw would let somebody choose."""
        if self.lottery:
            raise BadRound("lottery", "is drawn already; a round is drawn for once.")
        if not seed.strip():
            raise BadRound("seed", "is empty.")
        lottery = Lottery.draw(seed, self.candidates, self.programs)
        return Round(**{**self.__dict__, "lottery": lottery})

    @property
    def possible(self) -> Flags:
        """(N,): both sides accept the pair and nothing bars it."""
        return np.asarray((self.pairs.bar == 0) & ~np.isnan(self.pairs.standing))

    def group(self, candidate: int, program: int) -> str | None:
        """The group as which this program counts this candidate; None where it counts none."""
        limits = self.limits[program]
        return self.groups[candidate][limits.by] if limits else None

    def _check(self) -> None:
        for at in np.flatnonzero(self.seats < 0):
            raise BadRound(f"program {self.programs[at]}", "has fewer than no seats.")
        for key, limits in zip(self.programs, self.limits, strict=True):
            if limits and any(most < 0 for most in limits.at_most.values()):
                raise BadRound(f"program {key}", "limits a group to fewer than nobody.")
        if not np.isfinite(self.pairs.wish).all() or np.isinf(self.pairs.standing).any():
            raise BadRound("pairs", "a score or place is not a finite number.")
        if ((self.pairs.bar < 0) | (self.pairs.bar > len(BARS))).any():
            raise BadRound("pairs", f"a bar is none of {', '.join(BARS)}.")
        counting = np.array([limits is not None for limits in self.limits], bool)
        for at in np.flatnonzero(counting[self.pairs.program]):
            candidate, program = int(self.pairs.candidate[at]), int(self.pairs.program[at])
            limits = self.limits[program]
            if limits and limits.by not in self.groups[candidate]:
                raise BadRound(
                    f"candidate {self.candidates[candidate]}",
                    f"has no '{limits.by}' among its groups, by which program "
                    f"{self.programs[program]} counts. An unknown group cannot pass a limit.",
                )


def _sorted_ids(side: str, ids: Sequence[str]) -> tuple[list[int], Ints]:
    """Old positions in the order of ids, and the new position of each old one."""
    for each in ids:
        if not each or len(each) > MAX_ID or not each.isprintable():
            raise BadRound(side, f"{each[:40]!r} is no id: 1 to {MAX_ID} printable characters.")
    rows = sorted(range(len(ids)), key=ids.__getitem__)
    for left, right in pairwise(rows):
        if ids[left] == ids[right]:
            raise BadRound(side, f"the id {ids[left]!r} stands twice.")
    new = np.empty(len(ids), np.int64)
    new[rows] = np.arange(len(ids))
    return rows, new


def _dense(values: Floats, owner: Ints, scored: Flags) -> Floats:
    """Scores as they are; places counted anew among the pairs there are: 1, 2, 3 …, NaN stays."""
    made = values.astype(np.float64, copy=True)
    placed = np.flatnonzero(~scored[owner] & ~np.isnan(values))
    order = placed[np.lexsort((values[placed], owner[placed]))]
    who, what = owner[order], values[order]
    first = np.ones(len(order), bool)
    first[1:] = who[1:] != who[:-1]
    level = np.cumsum(first | (np.diff(what, prepend=np.nan) != 0))
    begun = np.maximum.accumulate(np.where(first, level, 0))
    made[order] = level - begun + 1
    return made
