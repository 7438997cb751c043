"""The best display of every pair, as rows of bytes of which the least counts.

Of the pathways open to a kind of program the best display is the least (`rules.everybody`): works,
works if, unknown, no. Few candidates differ in what a pathway displays, so pathways are taken
together in groups and each group's least is kept once for each class of candidates.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corridor.matching.allpairs.book import padded
from corridor.matching.scoring import VERDICTS
from corridor.rules.crossed import Codes, Crossed, joint
from corridor.rules.everybody import DISPLAYS, Verdicts

Bytes = NDArray[np.uint8]
MOST_CLASSES = 2_000  # of a group, where its pathways alone have fewer
NONE, NOT_NEEDED = VERDICTS.index("none"), VERDICTS.index("not_needed")
OPEN = np.uint8(255)  # of `fixed`: what the pathways say counts
assert VERDICTS[: len(DISPLAYS)] == DISPLAYS  # a display's place is the code of the verdict


@dataclass(frozen=True)
class Shown:
    """C candidates, P programs padded to W.

    `places` (C, groups): which of `rows` (n, W) to read; `held_at` (C,): which of `held_rows`
    (h, W), 1 where the exit rule makes `works` a `works_if`. `fixed` (W,): the code where the
    program alone decides it, else OPEN; `exempt` (C,): who needs no pathway anywhere.
    """

    rows: Bytes
    places: NDArray[np.int32]
    held_rows: Bytes
    held_at: NDArray[np.int32]
    fixed: Bytes
    exempt: NDArray[np.bool_]

    def __getitem__(self, some: slice) -> Shown:
        return Shown(self.rows, self.places[some], self.held_rows, self.held_at[some], self.fixed,
                     self.exempt[some])  # fmt: skip

    @classmethod
    def of(
        cls, verdicts: Verdicts, kinds: Mapping[str, NDArray[np.intp]],
        exempt: NDArray[np.bool_], in_korea: NDArray[np.bool_],
    ) -> Shown:  # fmt: skip
        """`kinds`: which programs are of which kind; `in_korea`: those that need no pathway."""
        candidates, programs = verdicts.shape
        fixed = np.full(padded(programs), OPEN, np.uint8)
        fixed[:programs] = NONE
        parts = []
        for name, left in verdicts.left.items():
            if left.pathway.role == "process":
                continue
            open_to = np.zeros(programs, np.bool_)
            for kind in left.pathway.kinds:
                open_to[kinds.get(kind, [])] = True
            if open_to.any():
                fixed[:programs][open_to] = OPEN
                parts.append((verdicts.classes(name), open_to))
        fixed[:programs][in_korea] = NOT_NEEDED
        parts.sort(key=lambda part: part[0].cells.shape[0])
        rows, places, count = [], [], 0
        while parts:
            made, at, parts = _group(parts, candidates, programs)
            rows.append(made)
            places.append(at + np.int32(count))
            count += len(made)
        held_at, held = _held(verdicts, candidates, programs)
        none = np.zeros((0, padded(programs)), np.uint8)
        return cls(
            np.concatenate([none, *rows]),
            np.stack(places, 1) if places else np.zeros((candidates, 0), np.int32),
            held, held_at, fixed, exempt,
        )  # fmt: skip


_Part = tuple[Crossed, NDArray[np.bool_]]


def _group(
    parts: list[_Part], candidates: int, programs: int
) -> tuple[Bytes, NDArray[np.int32], list[_Part]]:
    """The first pathways that together tell few candidates apart, and those that are left."""
    codes: Codes | None = None
    sizes = 1
    places: list[NDArray[np.intp]] = []
    for part, _open in parts:
        found, (before, new) = joint([(codes, sizes), (part.rows, part.cells.shape[0])])
        if places and len(new) > MOST_CLASSES:
            break
        codes, sizes = found, len(new)
        places = [*(place[before] for place in places), new]
    rows = np.full((sizes, padded(programs)), DISPLAYS.index("no"), np.uint8)
    for (part, open_to), place in zip(parts, places, strict=False):
        columns = np.flatnonzero(open_to)
        theirs = np.zeros(len(columns), np.intp) if part.columns is None else part.columns[columns]
        least = part.cells.astype(np.uint8)[place][:, theirs]
        rows[:, columns] = np.minimum(rows[:, columns], least)
    at = np.zeros(candidates, np.int32) if codes is None else codes.astype(np.int32)
    return rows, at, parts[len(places) :]


def _held(
    verdicts: Verdicts, candidates: int, programs: int
) -> tuple[NDArray[np.int32], Bytes]:
    held = verdicts.held
    cells = held.cells.astype(np.uint8)
    rows = np.zeros((len(cells), padded(programs)), np.uint8)
    rows[:, :programs] = cells if held.columns is None else cells[:, held.columns]
    at = np.zeros(candidates, np.int32) if held.rows is None else held.rows.astype(np.int32)
    return at, rows
