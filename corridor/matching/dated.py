"""What many histories say of many starts: each history is asked once for each stretch of days in
which its answer cannot change."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor.matching.past import Facts, History, months
from corridor.rules.derived import add_months

_STEPS = (12, 60)  # months of work that `History._trainee` looks for
_FAR = 60 * 31 + 1  # days in which work that has begun and goes on reaches every step
_NEXT = timedelta(days=1)
_FEW = 3  # starts that are looked up each for itself: finding a history's turns costs as much


def over(
    histories: Sequence[History], starts: Sequence[date | None], *, day: date
) -> tuple[NDArray[np.intp], list[Facts]]:
    """The facts of every history for every start: places (H, S) in a list of facts."""
    found: list[Facts] = []
    seen: dict[frozenset[tuple[str, Any]], int] = {}

    def place(facts: Facts) -> int:
        at = seen.setdefault(frozenset(facts.items()), len(found))
        if at == len(found):
            found.append(facts)
        return at

    known = [start for start in starts if start is not None]
    days = np.array([start.toordinal() for start in known], np.int64)
    dated = np.array([start is not None for start in starts], np.bool_)
    which = np.zeros((len(histories), len(starts)), np.intp)
    stretches, first, stretch_of = np.unique(days, return_index=True, return_inverse=True)
    few = len(stretches) <= _FEW
    for history, row in zip(histories, which, strict=True):
        if not few:
            cuts = np.array([turn.toordinal() for turn in turns(history, day=day)], np.int64)
            stretches, first, stretch_of = np.unique(
                np.searchsorted(cuts, days, side="right"), return_index=True, return_inverse=True
            )
        told = [place(history.at(known[first[at]], day=day)) for at in range(len(stretches))]
        row[dated] = np.array(told, np.intp)[stretch_of]
        if not dated.all():
            row[~dated] = place(history.at(None, day=day))
    return which, found


def turns(history: History, *, day: date) -> list[date]:
    """The starts, in order, from which on `history.at` may say something else."""
    found = {add_months(day, 24) + _NEXT}
    for study in history.studies:
        if study.ends is not None:
            found |= {study.ends, study.ends + _NEXT, add_months(study.ends, 12) + _NEXT}
    jobs = history.could_count
    if any(last is None or last > day for _first, last in jobs):
        begun = max(day, *(first for first, _last in jobs))
        for step in _STEPS:
            ahead = bisect_left(
                range((begun - day).days + _FAR), step,
                key=lambda days: months(jobs, until=day + timedelta(days=days)),
            )  # fmt: skip
            found.add(day + timedelta(days=ahead))
    return sorted(found)
