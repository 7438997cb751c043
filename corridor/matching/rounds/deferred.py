"""Candidate-proposing deferred acceptance with seats and limits by group.

Gale & Shapley 1962; with limits, Abdulkadiroğlu & Sönmez 2003 ("controlled choice"): a program
chooses by going down its ranking and passing over whoever's group is at its limit, until its seats
are taken. Such a choice makes people substitutes, and a larger pool never takes fewer, so the
outcome is stable, the best stable one for every candidate at once, the same in whatever order
candidates propose, and no candidate gains by a list other than their true one (Hatfield & Milgrom
2005). What "stable" means here is said in `certificate`.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heappop, heappush

import numpy as np

from corridor.matching.rounds.model import Ints, Round
from corridor.matching.rounds.ordering import Orders, strict


@dataclass(frozen=True, eq=False)
class Assignment:
    """`program`: (C,), each candidate's program by its place in the round; -1 is none."""

    program: Ints

    def by_id(self, made: Round) -> dict[str, str | None]:
        return {
            candidate: None if program < 0 else made.programs[program]
            for candidate, program in zip(made.candidates, self.program.tolist(), strict=True)
        }


@dataclass(frozen=True, eq=False)
class Pools:
    """The limited groups, one pool each: `of` (N,) is a pair's pool or -1, `room` its limit."""

    of: Ints
    room: Ints


def pools(made: Round) -> Pools:
    candidate, program = made.pairs.candidate, made.pairs.program
    of = np.full(len(candidate), -1, np.int64)
    room: list[int] = []
    for by in sorted({limits.by for limits in made.limits if limits}):
        labels = sorted({groups[by] for groups in made.groups if by in groups})
        code_of = {label: code for code, label in enumerate(labels)}
        code = np.array([code_of.get(groups.get(by, ""), -1) for groups in made.groups], np.int64)
        pool = np.full((len(made.programs), len(labels) + 1), -1, np.int64)  # the last: no group
        for at, limits in enumerate(made.limits):
            if limits and limits.by == by:
                for label, most in limits.at_most.items():
                    if label in code_of:
                        pool[at, code_of[label]] = len(room)
                        room.append(most)
        found = pool[program, code[candidate]]
        of = np.where(found >= 0, found, of)
    return Pools(of, np.array(room, np.int64))


def assign(made: Round, orders: Orders | None = None) -> Assignment:
    """Raises BadRound where there is a tie and no lottery is drawn.

    A program that is full lets go of the last it holds: of the newcomer's group where that group
    is at its limit, of all otherwise. Heaps hold negated places in `orders.ranked`; who has been
    let go stays in the other heap until met there.
    """
    orders = orders or strict(made)
    limited = pools(made)
    position = np.empty(len(orders.rank), np.int64)
    position[orders.ranked] = np.arange(len(orders.ranked))
    # In the order of the candidates' lists:
    wanted: list[int] = made.pairs.program[orders.listed].tolist()
    standing: list[int] = position[orders.listed].tolist()
    upto: list[int] = orders.list_start[1:].tolist()
    following: list[int] = orders.list_start[:-1].tolist()
    # In the order of the programs' rankings:
    person: list[int] = made.pairs.candidate[orders.ranked].tolist()
    pool_at: list[int] = limited.of[orders.ranked].tolist()
    seats: list[int] = made.seats.tolist()
    room: list[int] = limited.room.tolist()

    held = [-1] * len(made.candidates)  # the program that holds each candidate
    taken, counted = [0] * len(seats), [0] * len(room)
    at_program: list[list[int]] = [[] for _ in seats]
    in_pool: list[list[int]] = [[] for _ in room]
    for first in range(len(held)):
        candidate = first
        while following[candidate] < upto[candidate]:
            choice = following[candidate]
            following[candidate] = choice + 1
            program, at = wanted[choice], standing[choice]
            pool = pool_at[at]
            full = pool >= 0 and counted[pool] >= room[pool]
            if not full and taken[program] < seats[program]:
                taken[program] += 1
                last = -1
            else:
                heap = in_pool[pool] if full else at_program[program]
                while heap and held[person[-heap[0]]] != program:
                    heappop(heap)
                if not heap or -heap[0] < at:
                    continue  # turned away; the next choice
                last = -heappop(heap)
                if pool_at[last] >= 0:
                    counted[pool_at[last]] -= 1
                held[person[last]] = -1
            held[candidate] = program
            heappush(at_program[program], -at)
            if pool >= 0:
                counted[pool] += 1
                heappush(in_pool[pool], -at)
            if last < 0:
                break
            candidate = person[last]  # who was let go goes on with their own list
    return Assignment(np.array(held, np.int64))
