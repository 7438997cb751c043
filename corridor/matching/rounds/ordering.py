"""Strict orders of both sides: what they said first, then the lottery, then the id."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corridor.matching.rounds.model import BadRound, Floats, Ints, Round


@dataclass(frozen=True, eq=False)
class Orders:
    """`possible` pairs are those that both sides accept and nothing bars."""

    place: Ints  # (N,): place of the pair in the candidate's list, 1 first; barred ones count too
    rank: Ints  # (N,): rank of the candidate among the program's possible pairs; else 0
    listed: Ints  # possible pairs, by candidate, then place
    list_start: Ints  # (C + 1,): where each candidate's begin in `listed`
    ranked: Ints  # possible pairs, by program, then rank
    rank_start: Ints  # (P + 1,)


def strict(made: Round) -> Orders:
    """Raises BadRound where there is a tie and no lottery is drawn."""
    pairs, lottery = made.pairs, made.lottery
    wish = np.where(made.wish_scored[pairs.candidate], -pairs.wish, pairs.wish)
    standing = np.where(made.standing_scored[pairs.program], -pairs.standing, pairs.standing)
    lots = lottery.programs[pairs.program] if lottery else None
    order = _ordered(made, "candidate", pairs.candidate, wish, lots, pairs.program)
    place = np.empty(len(order), np.int64)
    place[order] = _counted(pairs.candidate[order], len(made.candidates))
    possible = made.possible
    listed = order[possible[order]]

    kept = np.flatnonzero(possible)
    lots = lottery.candidates[pairs.candidate[kept]] if lottery else None
    ranked = kept[
        _ordered(
            made, "program", pairs.program[kept], standing[kept], lots, pairs.candidate[kept]
        )
    ]
    rank = np.zeros(len(order), np.int64)
    rank[ranked] = _counted(pairs.program[ranked], len(made.programs))
    return Orders(
        place=place, rank=rank,
        listed=listed, list_start=_starts(pairs.candidate[listed], len(made.candidates)),
        ranked=ranked, rank_start=_starts(pairs.program[ranked], len(made.programs)),
    )  # fmt: skip


def _ordered(
    made: Round, side: str, owner: Ints, value: Floats, lots: Ints | None, other: Ints
) -> Ints:
    """Positions by owner, value (lower first), lottery number and id."""
    keys = (other, lots, value, owner) if lots is not None else (other, value, owner)
    order: Ints = np.lexsort(keys)
    if lots is None:
        who, what = owner[order], value[order]
        tied = (who[1:] == who[:-1]) & (what[1:] == what[:-1])
        if tied.any():
            at = int(who[np.argmax(tied)])
            key = made.candidates[at] if side == "candidate" else made.programs[at]
            raise BadRound(f"{side} {key}", "has a tie, and no lottery is drawn yet. Draw one.")
    return order


def _starts(owner: Ints, owners: int) -> Ints:
    return np.searchsorted(owner, np.arange(owners + 1)).astype(np.int64)


def _counted(owner: Ints, owners: int) -> Ints:
    """1, 2, 3 … within each owner; `owner` is sorted."""
    return np.asarray(np.arange(1, len(owner) + 1) - _starts(owner, owners)[owner])
