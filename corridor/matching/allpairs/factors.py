"""Which fields of a candidate and of a program each part of the score reads.

A factor's points are computed by `scoring` itself, on rows that state these fields and nothing
else, once for each class of candidates (equal in the fields) and class of programs. Skills, terms,
cosine and verdict are not among them: they differ from pair to pair.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor.matching import scoring
from corridor.matching.axes import WALKS
from corridor.matching.rows import CandidateRow, ProgramRow
from corridor.matching.tables import (
    Array,
    CandidateTable,
    ProgramTable,
    candidate_table,
)

SHUT = np.float32(-8.0)  # points where a must is not met: no other part makes up for it
UNIT = np.float32(8192.0)  # rough scores are whole numbers of 1 / UNIT
_BLANK = CandidateRow(id=0, walk=WALKS[0])
Points = Callable[[CandidateTable, ProgramTable], Array]


@dataclass(frozen=True, eq=False)
class Factor:
    """`points` (C, P) of the part, read from the `mine` fields of CandidateRow and the `theirs`
    fields of ProgramRow. `meanwhile`: what other fields of the candidate hold while it is read.
    `lessons`: how those of `CandidateRow.avoided` begin that the part reads, too.
    """

    part: str
    points: Points
    mine: tuple[str, ...]
    theirs: tuple[str, ...]
    meanwhile: Mapping[str, Any] = field(default_factory=dict)
    lessons: str = ""

    def key(self, row: CandidateRow) -> tuple[Any, ...]:
        """What the part reads of the candidate."""
        read = [getattr(row, name) for name in self.mine]
        if self.lessons:
            read.append(frozenset(each for each in row.avoided if each.startswith(self.lessons)))
        return tuple(read)

    def candidate(self, key: tuple[Any, ...]) -> CandidateRow:
        names = (*self.mine, "avoided") if self.lessons else self.mine
        stated = {"walk": WALKS[0], **self.meanwhile, **dict(zip(names, key, strict=True))}
        return CandidateRow(id=0, **stated)

    def program(self, row: ProgramRow) -> ProgramRow:
        kept: dict[str, Any] = {name: getattr(row, name) for name in self.theirs}
        return ProgramRow(id=0, **{"kind": row.kind if "kind" in kept else "internship", **kept})


def units(points: Array) -> NDArray[np.int16]:
    """Points as whole numbers of 1 / UNIT, off by at most a half; SHUT as -10,000. Three gates may
    be shut at once without leaving int16, and one alone is below whatever the rest may add."""
    made: NDArray[np.int16] = np.rint(np.maximum(points * UNIT, -10_000)).astype(np.int16)
    return made


def _of(part: str) -> Points:
    fit, weight = scoring.FITS[part], np.float32(scoring.WEIGHTS[part])
    return lambda c, p: weight * fit(c, p)


def _shut(c: CandidateTable, p: ProgramTable) -> Array:
    return np.where(scoring.gates(c, p), np.float32(0.0), SHUT)


def _experience(c: CandidateTable, p: ProgramTable) -> Array:
    return _of("experience")(c, p) + _shut(c, p)


def _wish(c: CandidateTable, p: ProgramTable) -> Array:
    """What one wish adds to (or takes from) the points of somebody without wishes."""
    return _of("preferences")(c, p) - _of("preferences")(candidate_table([_BLANK], p.axes), p)


# Added up.
SUMMED = (
    Factor("experience", _experience, ("walk", "experience"),
           ("walks", "kind", "experience", "experience_must")),
    Factor("", _shut, ("walk", "attained", "pursuing"), ("walks", "degree", "degree_must")),
    Factor("level", _of("level"), ("attained", "pursuing", "pursuing_until"),
           ("degree", "starts")),
    Factor("language", _of("language"), ("english",), ("english", "language")),
    Factor("duration", _of("duration"), ("min_months", "max_months"), ("months",)),
    Factor("credentials", _of("credentials"), ("credentials",), ("credentials",)),
    Factor("preferences", _of("preferences"), ("kinds",), ("kind",), lessons="kind:"),
    Factor("preferences", _wish, ("sectors",), ("sector",), lessons="sector:"),
    Factor("preferences", _wish, ("hubs",), ("hub", "state"), lessons="hub:"),
)  # fmt: skip

assert len(SUMMED) % 3 == 0  # the kernel adds three at a time

# The lesser of the two counts: one day is held against the start, one against the end.
DATES = (
    Factor("dates", _of("dates"), ("available_from",), ("starts", "ends"),
           {"available_until": date.max.toordinal()}),
    Factor("dates", _of("dates"), ("available_until",), ("starts", "ends"),
           {"available_from": date.min.toordinal()}),
)  # fmt: skip

# The best of a set's members counts, or of none at all.
BEST_OF = (
    Factor("occupation", _of("occupation"), ("occupations",), ("occupations",)),
    Factor("field", _of("field"), ("majors",), ("majors", "sector")),
)

# Also for the field: how surely each candidate belongs to each sector (CandidateTable.sector_signs)
# is a number of its own, so its points are kept for each candidate and each sector.
SIGNS = Factor("field", _of("field"), (), ("sector",))

FACTORS = (*SUMMED, *DATES, *BEST_OF)
