"""The facts of many persons, or of many programs, kept by column."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

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


def _occurring(column: Column) -> tuple[Codes, Cells]:
    """The codes without those that nobody has, and the places in `values` that are left."""
    counts = np.bincount(column.codes, minlength=len(column.values))
    held = np.flatnonzero(counts).astype(np.int32)
    if len(held) == len(counts):
        return column.codes, held
    codes = np.zeros(len(counts), np.int32)
    codes[held] = np.arange(len(held), dtype=np.int32)
    return narrow(codes, len(held))[column.codes], held
