"""Kept pairs as packed arrays: what a block hands over, what lists are made of and read from.

A pair is 50 bytes, its points whole numbers of 1/UNIT that add up to its rounded score.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from django.db import connection
from django.utils import timezone
from numpy.typing import NDArray

from corridor.matching import scoring
from corridor.matching.blocks import Kept, KeptPairs
from corridor.matching.models import Best, BestCandidates, BestPrograms, Run

UNIT = 32_000
PAIR = np.dtype([
    ("program", "<i8"), ("candidate", "<i8"), ("score", "<f4"), ("verdict", "<i2"),
    ("pathway", "<i2"), ("points", "<i2", (len(scoring.PARTS),)),
])  # fmt: skip
Packed = NDArray[np.void]  # of PAIR
COLUMNS = ("scores", "points", "verdicts", "pathways")


def packed(kept: Sequence[Kept], run: Run) -> Packed:
    """What `blocks.scored` kept."""
    pairs = np.zeros(len(kept), PAIR)
    if not isinstance(kept, KeptPairs):
        assert not kept, "only nothing is handed over as a plain list"
        return pairs
    pairs["program"], pairs["candidate"] = kept.programs, kept.candidates
    pairs["score"], pairs["verdict"] = kept.scores, kept.verdicts
    place = {name: at for at, name in enumerate(run.pathways)}
    pairs["pathway"] = np.array([place[name] for name in kept.names], np.int16)[kept.pathways]
    pairs["points"] = whole(kept.points, kept.scores)
    return pairs


def whole(points: NDArray[Any], scores: NDArray[Any]) -> NDArray[np.int16]:
    """Points (n, parts) in units of 1/UNIT; what rounding lost is given to the largest part, so
    that they add up to the score rounded to a unit."""
    units: NDArray[np.int16] = np.rint(points * UNIT).astype(np.int16)
    lost = np.rint(scores * UNIT).astype(np.int64) - units.sum(1, dtype=np.int64)
    units[np.arange(len(units)), units.argmax(1)] += lost.astype(np.int16)
    return units


def best(pairs: Packed, of: str, by: str, most: int) -> Packed:
    """The `most` best pairs of each `of` ("candidate" or "program"), grouped by it and best first;
    equal scores go by the lower id of `by`, the other side."""
    order = np.lexsort((pairs[by], -pairs["score"], pairs[of]))
    pairs = pairs[order]
    starts = _starts(pairs[of])
    rank = np.arange(len(pairs)) - np.repeat(starts[:-1], np.diff(starts))
    return pairs[rank < most]


def _starts(groups: NDArray[Any]) -> NDArray[np.intp]:
    """Where each run of equal values begins, and the end."""
    if not len(groups):
        return np.zeros(1, np.intp)
    changes = np.flatnonzero(groups[1:] != groups[:-1]) + 1
    return np.concatenate(([0], changes, [len(groups)])).astype(np.intp)


def copy_programs(run: Run, pairs: Packed, most: int) -> int:
    """Write candidates' lists. `pairs`: as `best(…, "candidate", "program", most)` leaves them."""
    return _copy(run, BestPrograms, "candidate", "program", pairs, most)


def copy_candidates(run: Run, pairs: Packed, most: int) -> int:
    """Write programs' lists. `pairs`: as `best(…, "program", "candidate", most)` leaves them."""
    return _copy(run, BestCandidates, "program", "candidate", pairs, most)


def _copy(run: Run, model: type[Best], of: str, by: str, pairs: Packed, most: int) -> int:
    starts = _starts(pairs[of])
    table = model._meta.db_table
    with connection.cursor() as cursor, cursor.copy(
        f"COPY {table} (run_id, {of}_id, {by}s, {', '.join(COLUMNS)}, floor) FROM STDIN"
    ) as copy:
        for first, last in pairwise(starts):
            group = pairs[first:last]
            *arrays, floor = columns(group, by, most)
            copy.write_row((run.pk, int(group[of][0]), *map(_as_text, arrays), floor))
    return len(starts) - 1


def rewrite(
    model: type[Best], lists_: Sequence[tuple[int, Packed, float]], by: str
) -> None:
    """Write lists that are there already: the row's id, its pairs best first, and its floor. A
    program that changed may stand in thousands, so they are sent together."""
    names = (f"{by}s", *COLUMNS)
    kinds = ("bigint", "real", "smallint", "smallint", "smallint")
    sets = ", ".join(f"{name} = %s::{kind}[]" for name, kind in zip(names, kinds, strict=True))
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {model._meta.db_table} SET {sets}, floor = %s, "  # noqa: S608  our own names
            "changed_at = %s WHERE id = %s",
            [
                (*map(_as_text, columns(pairs, by, 0)[:-1]), floor, now, pk)
                for pk, pairs, floor in lists_
            ],
        )


def _as_text(numbers: list[float]) -> str:
    """An array as PostgreSQL reads it; many times as quick as psycopg's general way."""
    return "{" + repr(numbers)[1:-1] + "}"


def columns(group: Packed, by: str, most: int) -> tuple[Any, ...]:
    """One list's ids, scores, points, verdicts, pathways and floor."""
    return (
        group[by].tolist(),
        group["score"].tolist(),
        group["points"].ravel().tolist(),
        group["verdict"].tolist(),
        group["pathway"].tolist(),
        float(group["score"][-1]) if len(group) and len(group) >= most else 0.0,
    )


def pairs_of(row: Best, of: str, by: str) -> Packed:
    """A list as pairs again."""
    ids = getattr(row, f"{by}s")
    pairs = np.zeros(len(ids), PAIR)
    pairs[of] = getattr(row, f"{of}_id")
    pairs[by], pairs["score"] = ids, row.scores
    pairs["verdict"], pairs["pathway"] = row.verdicts, row.pathways
    pairs["points"] = np.array(row.points, np.int16).reshape(len(ids), -1) if ids else 0
    return pairs
