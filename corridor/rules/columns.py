"""The facts of many persons, or of many programs, kept by column."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor.rules import running
from corridor.rules.crossed import Cells, Codes, Crossed, Given, narrow
from corridor.rules.errors import UnknownFact


@dataclass(frozen=True, eq=False, slots=True)
class Column:
    """One fact of many: `codes` (n,) are places in `values`, of which the first is None."""

    codes: Codes
    values: tuple[Any, ...]


@dataclass(frozen=True, eq=False)
class FactTable:
    """The facts of `size` persons, or of as many programs, by column."""

    size: int
    columns: Mapping[str, Column]

    @classmethod
    def of(cls, facts: Iterable[Mapping[str, Any]]) -> FactTable:
        """From one flat mapping each, none of which is kept. Raises UnknownFact or WrongType."""
        registry = running.engine().data.facts
        made: dict[str, tuple[array[int], dict[Any, int], list[Any]]] = {}
        size = 0
        for row in facts:
            for name, value in row.items():
                if value is None:
                    continue
                column = made.get(name)
                if column is None:
                    if name not in registry:
                        raise UnknownFact(name, registry)
                    column = made[name] = (array("i"), {}, [None])
                codes, seen, values = column
                if value.__class__ is list:
                    value = registry[name].accept(value)
                told = value.__class__, value  # True is not 1
                code = seen.get(told)
                if code is None:
                    code = seen[told] = len(values)
                    values.append(registry[name].accept(value))
                if len(codes) < size:  # some before did not state it
                    codes.extend([0] * (size - len(codes)))
                codes.append(code)
            size += 1
        for codes, _, _ in made.values():
            codes.extend([0] * (size - len(codes)))
        return cls(size, {
            name: Column(narrow(np.frombuffer(codes, np.int32), len(values)), tuple(values))
            for name, (codes, _, values) in made.items()
        })  # fmt: skip

    def as_rows(self) -> dict[str, Given]:
        made = {name: (*_occurring(each), each.values) for name, each in self.columns.items()}
        return {
            name: Given(Crossed(codes, None, held[:, None]), values)
            for name, (codes, held, values) in made.items()
        }

    def as_columns(self) -> dict[str, Given]:
        made = {name: (*_occurring(each), each.values) for name, each in self.columns.items()}
        return {
            name: Given(Crossed(None, codes, held[None, :]), values)
            for name, (codes, held, values) in made.items()
        }


@dataclass(frozen=True, eq=False, slots=True)
class Coded:
    """One row's facts as numbers of its coder: which facts (n,), and which of their values (n,)."""

    by: Coder
    places: NDArray[np.intp]
    codes: NDArray[np.int32]


class Coder:
    """Gives facts and their values numbers, in the order in which they are met, so that a row that
    is laid out again and again is read once. It only grows, and holds each value once."""

    def __init__(self) -> None:
        self._registry = running.engine().data.facts
        self._places: dict[str, int] = {}
        self._codes: list[dict[Any, int]] = []
        self._values: list[list[Any]] = []
        self._lock = Lock()  # two threads must not give one number to two facts or values

    def coded(self, facts: Mapping[str, Any]) -> Coded:
        """Raises UnknownFact or WrongType."""
        told = [(name, value) for name, value in facts.items() if value is not None]
        with self._lock:
            places = [self._place(name) for name, _value in told]
            codes = [self._code(at, *each) for at, each in zip(places, told, strict=True)]
        return Coded(self, np.array(places, np.intp), np.array(codes, np.int32))

    def table(self, rows: Sequence[Coded]) -> FactTable:
        """Of rows that this coder has coded."""
        codes = np.zeros((len(self._places), len(rows)), np.int32)
        if rows:
            of_row = np.repeat(np.arange(len(rows)), [len(row.places) for row in rows])
            places = np.concatenate([row.places for row in rows])
            codes[places, of_row] = np.concatenate([row.codes for row in rows])
        told = np.flatnonzero(codes.any(axis=1))
        names = list(self._places)
        return FactTable(len(rows), {
            names[at]: Column(codes[at], tuple(self._values[at])) for at in told.tolist()
        })  # fmt: skip

    def _place(self, name: str) -> int:
        at = self._places.get(name)
        if at is None:
            if name not in self._registry:
                raise UnknownFact(name, self._registry)
            at = self._places[name] = len(self._places)
            self._codes.append({})
            self._values.append([None])
        return at

    def _code(self, at: int, name: str, value: Any) -> int:
        value = self._registry[name].accept(value)
        told = value.__class__, value  # True is not 1
        code = self._codes[at].get(told)
        if code is None:
            code = self._codes[at][told] = len(self._values[at])
            self._values[at].append(value)
        return code


@running.remembered(1)
def coder() -> Coder:
    """The one that all rows which a process keeps are coded by, while its rules stand."""
    return Coder()


def _occurring(column: Column) -> tuple[Codes, Cells]:
    """The codes without those that nobody has, and the places in `values` that are left."""
    counts = np.bincount(column.codes, minlength=len(column.values))
    held = np.flatnonzero(counts).astype(np.int32)
    if len(held) == len(counts):
        return column.codes, held
    codes = np.zeros(len(counts), np.int32)
    codes[held] = np.arange(len(held), dtype=np.int32)
    return narrow(codes, len(held))[column.codes], held
