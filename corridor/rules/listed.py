"""A value for each of some pairs, listed: of one person with many programs, or of many people with
one program. What is the same for all of them is kept, and judged, once. (For everybody with
everything see `crossed`.)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor.rules.columns import FactTable

Codes = NDArray[Any]


@dataclass(frozen=True, eq=False, slots=True)
class Listed:
    """`values[codes[n]]` for the pair n; without codes `values[0]` for every pair. None: unknown.

    Every value occurs, each once.
    """

    codes: Codes | None
    values: tuple[Any, ...]

    @classmethod
    def unknown(cls) -> Listed:
        return cls(None, (None,))

    @classmethod
    def of(cls, codes: Codes, values: Sequence[Any]) -> Listed:
        """Values that need not all occur, nor be distinct."""
        held, codes = _compact(codes, len(values))
        return _alike(codes, [values[at] for at in held])

    @classmethod
    def combined(cls, facts: Sequence[Listed], make: Callable[..., Any]) -> Listed:
        """What `make` gives for every pair from the values of `facts` (None: unknown). It is called
        once for each combination of values that occurs."""
        several = [fact for fact in facts if fact.codes is not None]
        if len(several) <= 1:  # of most checks: what they read is the same for all, but for one
            return cls._of_one(facts, several, make)
        codes: Codes | None = None
        places: list[Any] = []  # of each fact's value, in every combination
        held: list[Any] = [0]
        for fact in facts:
            if fact.codes is None:
                places.append(None)
            elif codes is None:
                codes, held = fact.codes, list(range(len(fact.values)))
                places.append(held)
            else:
                size = len(fact.values)
                keys, codes = _compact(codes * size + fact.codes, len(held) * size)
                before = [key // size for key in keys]
                places = [part and [part[at] for at in before] for part in places]
                places.append([key % size for key in keys])
                held = keys
        known = [
            [fact.values[0]] * len(held) if part is None
            else list(map(fact.values.__getitem__, part))
            for fact, part in zip(facts, places, strict=True)
        ]
        return _alike(codes, list(map(make, *known)))

    @classmethod
    def _of_one(
        cls, facts: Sequence[Listed], several: Sequence[Listed], make: Callable[..., Any]
    ) -> Listed:
        if not several:
            return cls(None, (make(*(fact.values[0] for fact in facts)),))
        (one,) = several
        known = [one.values if fact is one else repeat(fact.values[0]) for fact in facts]
        return _alike(one.codes, list(map(make, *known)))

    def mapped(self, make: Callable[[Any], Any]) -> Listed:
        return _alike(self.codes, [make(value) for value in self.values])

    def or_else(self, other: Listed) -> Listed:
        """The other's value where this one's is unknown."""
        if self.values[0] is None and self.codes is None:
            return other
        if None not in self.values:
            return self
        return Listed.combined([self, other], lambda mine, theirs: theirs if mine is None else mine)

    def numbers(self) -> Any:
        """Where the values are whole numbers: one for every pair, or the one for all."""
        if self.codes is None:
            return self.values[0]
        return np.array(self.values, np.int32)[self.codes]


def _alike(codes: Codes | None, values: Sequence[Any]) -> Listed:
    if codes is None:
        return Listed(None, (values[0],))
    kinds = [value.__class__ for value in values]  # True is not 1
    seen = dict.fromkeys(zip(kinds, values, strict=True))
    kept = tuple(value for _kind, value in seen)
    if len(seen) == 1:
        return Listed(None, kept)
    if len(seen) < len(values):
        place = dict(zip(seen, range(len(seen)), strict=True))
        codes = np.array([place[told] for told in zip(kinds, values, strict=True)])[codes]
    return Listed(codes, kept)


def _compact(keys: Codes, span: int) -> tuple[list[int], Codes]:
    """The keys (below `span`) that occur, in order, and the place in them of each."""
    if span > 1 << 16:
        held, codes = np.unique(keys, return_inverse=True)
        return held.tolist(), codes
    flags = np.zeros(span, np.bool_)
    flags[keys] = True
    held = np.flatnonzero(flags)
    if len(held) == span:
        return held.tolist(), keys
    places = np.zeros(span, np.intp)
    places[held] = np.arange(len(held))
    return held.tolist(), places[keys]


def listed(table: FactTable) -> dict[str, Listed]:
    """A table's facts: of one side with many, or of the one that all of these have to do with."""
    return {
        name: Listed.of(column.codes.astype(np.intp), column.values)
        for name, column in table.columns.items()
    }
