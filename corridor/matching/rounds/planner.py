"""The planner's alternative: the largest total score, and what it costs in stability.

A flow of one unit a candidate, through a chosen program (by its limited group, if any) or past all
of them, at the least cost (ortools' `SimpleMinCostFlow`, a cost-scaling push-relabel algorithm).
All numbers being whole, the flow is an assignment. The same pairs as in a round are open to it,
the same seats and limits hold; what it does not heed is who would rather have whom.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corridor.matching.rounds.certificate import Book, blocking
from corridor.matching.rounds.deferred import Assignment, pools
from corridor.matching.rounds.model import BadRound, Floats, Ints, Round
from corridor.matching.rounds.ordering import Orders, strict

UNITS = 1_000_000  # a score is counted in whole millionths


@dataclass(frozen=True)
class Figures:
    """What one assignment is worth. `envious`: candidates with at least one blocking pair."""

    total: float
    matched: int
    first_choices: int
    mean_place: float | None  # of those matched
    blocking_pairs: int
    envious: int


@dataclass(frozen=True)
class Comparison:
    """The stable assignment and the planner's, by the candidates' own lists."""

    stable: Figures
    planned: Figures
    better_off: int
    worse_off: int
    only_stable: int  # matched by the round and not by the planner
    only_planned: int


def points(made: Round) -> Floats:
    """(N,) what a pair adds to the total: the program's score; where programs rank instead, the
    share of the ranking from the place to its end (1 for the first of any). Never negative.

    Raises BadRound where some programs score and others rank: there is no one scale then."""
    pairs = made.pairs
    possible = made.possible
    judging = np.unique(pairs.program[possible])
    scored = made.standing_scored[judging]
    if scored.any() and not scored.all():
        raise BadRound("programs", "some give scores and some a ranking; the planner cannot add "
                       "them up. Give scores on one scale, or rankings.")  # fmt: skip
    worth = np.where(possible, pairs.standing, 0.0)
    if not scored.any():
        levels = np.zeros(len(made.programs))
        np.maximum.at(levels, pairs.program, worth)
        levels = np.maximum(levels, 1.0)[pairs.program]
        worth = np.where(possible, (levels - worth + 1) / levels, 0.0)
    if (worth < 0).any():
        raise BadRound("programs", "a score below 0 cannot be added up. Shift the scale.")
    return np.asarray(worth)


def plan(made: Round) -> Assignment:
    """The assignment of the largest total. Where several are largest, one of them, the same each
    time for the same version of ortools. Raises BadRound as `points` does."""
    from ortools.graph.python import min_cost_flow  # a library of 80 MB that few processes need

    worth = points(made)
    open_ = np.flatnonzero(made.possible & (worth > 0))
    limited = pools(made)
    people, programs, groups = len(made.candidates), len(made.programs), len(limited.room)
    sink = people + programs + groups
    candidate, program, pool = (
        made.pairs.candidate[open_], made.pairs.program[open_], limited.of[open_]
    )  # fmt: skip
    pool_program = np.zeros(groups, np.int64)
    pool_program[pool[pool >= 0]] = program[pool >= 0]
    entry = np.where(pool >= 0, people + programs + pool, people + program)
    everyone = np.arange(people)
    tails = [candidate, everyone, people + programs + np.arange(groups),
             people + np.arange(programs)]  # fmt: skip
    heads = [entry, np.full(people, sink), people + pool_program, np.full(programs, sink)]
    room = [np.ones(len(open_)), np.ones(people), limited.room, made.seats]
    costs = [-np.rint(worth[open_] * UNITS), np.zeros(people + groups + programs)]
    flow = min_cost_flow.SimpleMinCostFlow()
    arcs = flow.add_arcs_with_capacity_and_unit_cost(
        np.concatenate(tails).astype(np.int32), np.concatenate(heads).astype(np.int32),
        np.concatenate(room).astype(np.int64), np.concatenate(costs).astype(np.int64),
    )  # fmt: skip
    flow.set_nodes_supplies(
        np.append(everyone, sink).astype(np.int32),
        np.append(np.ones(people), -people).astype(np.int64),
    )
    status = flow.solve()
    if status != flow.OPTIMAL:
        raise RuntimeError(f"The flow was not solved: {status.name}.")
    used = flow.flows(arcs[: len(open_)]) > 0
    found = np.full(people, -1, np.int64)
    found[candidate[used]] = program[used]
    return Assignment(found)


def compare(
    made: Round, stable: Assignment, planned: Assignment, *,
    orders: Orders | None = None, book: Book | None = None,
) -> Comparison:  # fmt: skip
    orders, book = orders or strict(made), book or Book(made)
    worth = points(made)
    one, other = _places(made, stable, orders), _places(made, planned, orders)
    nowhere = len(made.programs) + 1  # worse than any choice
    mine, theirs = np.where(one, one, nowhere), np.where(other, other, nowhere)
    return Comparison(
        stable=_figures(made, stable, one, worth, book),
        planned=_figures(made, planned, other, worth, book),
        better_off=int((theirs < mine).sum()), worse_off=int((theirs > mine).sum()),
        only_stable=int(((one > 0) & (other == 0)).sum()),
        only_planned=int(((one == 0) & (other > 0)).sum()),
    )  # fmt: skip


def _own(made: Round, assignment: Assignment) -> Ints:
    return np.flatnonzero(assignment.program[made.pairs.candidate] == made.pairs.program)


def _places(made: Round, assignment: Assignment, orders: Orders) -> Ints:
    """(C,): place of the own program in the candidate's list; 0 for none."""
    own = _own(made, assignment)
    found = np.zeros(len(made.candidates), np.int64)
    found[made.pairs.candidate[own]] = orders.place[own]
    return found


def _figures(
    made: Round, assignment: Assignment, places: Ints, worth: Floats, book: Book
) -> Figures:
    matched = places[places > 0]
    against = list(blocking(book, assignment.by_id(made)))
    return Figures(
        total=float(worth[_own(made, assignment)].sum()),
        matched=len(matched),
        first_choices=int((matched == 1).sum()),
        mean_place=float(matched.mean()) if len(matched) else None,
        blocking_pairs=len(against),
        envious=len({pair.candidate for pair in against}),
    )
