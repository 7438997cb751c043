"""The points of each part, for some pairs: what is kept of them is shown to people."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor.matching import scoring
from corridor.matching.allpairs.book import Book
from corridor.matching.allpairs.crowd import Crowd
from corridor.matching.allpairs.factors import BEST_OF, DATES, SUMMED, Factor
from corridor.matching.allpairs.placed import Placed
from corridor.matching.allpairs.posts import Posts
from corridor.matching.tables import Array

PAIRS_AT_ONCE = 20_000
PEOPLE_AT_ONCE = 2_000
Places = NDArray[np.intp]


def of_pairs(
    crowd: Crowd, posts: Posts, vectors: Array, rows: Places, columns: Places,
    codes: NDArray[np.int8],
) -> Array:  # fmt: skip
    """(n, parts) in the order of scoring.PARTS, for the pairs (rows[n], columns[n]) that may meet;
    `rows` ascend. `codes`: their verdicts, as indexes of scoring.VERDICTS. Each adds up to the
    score."""
    made = np.zeros((len(rows), len(scoring.PARTS)), np.float32)
    for first in range(0, len(crowd), PEOPLE_AT_ONCE):
        last = min(first + PEOPLE_AT_ONCE, len(crowd))
        start, stop = np.searchsorted(rows, [first, last])
        if start == stop:
            continue
        placed = Placed.of(crowd[first:last], posts)
        for some in range(start, stop, PAIRS_AT_ONCE):
            these = slice(some, min(some + PAIRS_AT_ONCE, stop))
            found = _points(
                placed, posts, vectors[first:last], rows[these] - first, columns[these],
                codes[these],
            )  # fmt: skip
            for at, name in enumerate(scoring.PARTS):
                made[these, at] = found[name]
    return made


def _points(
    placed: Placed, posts: Posts, vectors: Array, rows: Places, columns: Places,
    codes: NDArray[np.int8],
) -> dict[str, Array]:  # fmt: skip
    book = posts.book
    found = {name: np.zeros(len(rows), np.float32) for name in scoring.PARTS}
    for at, factor in enumerate(SUMMED):
        if factor.part:
            found[factor.part] += book.cells(factor, placed.summed[rows, at], columns)
    dates = [
        book.cells(factor, placed.dates[rows, at], columns) for at, factor in enumerate(DATES)
    ]
    found["dates"] = np.minimum(*dates)
    (occupation, occupations), (field, fields) = zip(BEST_OF, placed.best_of, strict=True)
    found["occupation"] = _best(book, occupation, occupations, rows, columns)
    _table, sector_of = posts.sectors
    found["field"] = np.maximum(
        _best(book, field, fields, rows, columns), placed.signs[rows, sector_of[columns]]
    )
    weights = {name: np.float32(weight) for name, weight in scoring.WEIGHTS.items()}
    found["pathway"] = weights["pathway"] * scoring.PATHWAY_FIT[codes]
    cap, lack, turn, base, gain = posts.skills
    mine = placed.skills[rows]
    asked, named = (_shared(mine, matrix[columns]) for matrix in (posts.asked_of, posts.named_of))
    held = asked + np.minimum(named, cap[columns]) + lack[columns]
    found["skills"] = base + gain * np.minimum(held * turn[columns], np.float32(1.0))
    shared = _shared(placed.terms[rows], posts.terms_of[columns])
    share = shared * placed.term_norms[rows] * posts.term_norms[columns]
    found["lexical"] = weights["lexical"] * np.minimum(share, np.float32(1.0))
    if vectors.shape[1] and vectors.shape[1] == posts.vectors.shape[1]:
        cosine = np.einsum("nd,nd->n", vectors[rows], posts.vectors[columns])
    else:
        cosine = np.full(len(rows), np.nan, np.float32)
    found["text"] = weights["text"] * scoring.text_fit(cosine, posts.scale)
    return found


def _best(
    book: Book, factor: Factor, members: tuple[NDArray[np.int64], NDArray[np.int32]],
    rows: Places, columns: Places,
) -> Array:  # fmt: skip
    starts, places = members
    counts = (starts[1:] - starts[:-1])[rows]
    ends = np.cumsum(counts)
    within = np.arange(int(ends[-1])) - np.repeat(ends - counts, counts)
    each = places[np.repeat(starts[:-1][rows], counts) + within]
    values = book.cells(factor, each, np.repeat(columns, counts))
    best: Array = np.maximum.reduceat(values, ends - counts)
    return best


def _shared(mine: Any, theirs: Any) -> Array:
    return np.asarray(mine.multiply(theirs).sum(1), np.float32).ravel()
