"""The same results by scoring every pair as pages do: what the engine is held against."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from corridor.matching import scoring
from corridor.matching.allpairs.kept import Kept
from corridor.matching.allpairs.posts import Posts
from corridor.matching.rows import CandidateRow
from corridor.matching.scoring import Pairs
from corridor.matching.tables import Array, candidate_table


def scores(
    rows: Sequence[CandidateRow], posts: Posts, vectors: Array, codes: NDArray[np.int8]
) -> Array:
    """(C, P): the score, -inf where the pair may not meet. `codes` index scoring.VERDICTS."""
    people = candidate_table(rows, posts.table.axes)
    if vectors.shape[1] and vectors.shape[1] == posts.vectors.shape[1]:
        cosine = vectors @ posts.vectors.T
    else:
        cosine = np.full((len(rows), len(posts)), np.nan, np.float32)
    lexical = posts.lexicon.overlap([row.terms for row in rows], posts.weighed)
    parts = scoring.parts(people, posts.table, Pairs(cosine, lexical, codes), posts.scale)
    meets = scoring.gates(people, posts.table) & (codes != scoring.NO)
    return np.where(meets, scoring.total(parts), -np.inf).astype(np.float32)


def kept(scored: Array, posts: Posts, *, programs: int, candidates: int) -> Kept:
    theirs = np.full_like(scored, -np.inf)
    theirs[:, posts.own] = scored[:, posts.own]
    return Kept(*best(scored, programs), *best(np.ascontiguousarray(theirs.T), candidates))


def best(scored: Array, most: int) -> tuple[NDArray[np.int32], Array]:
    """Of each row the places of the `most` best and their scores, -1 where there are fewer."""
    order = np.argsort(-scored, axis=1, kind="stable")[:, :most]
    found = np.take_along_axis(scored, order, 1)
    made = np.full((len(scored), most), -1, np.int32)
    values = np.full((len(scored), most), -1.0, np.float32)
    some = found > -np.inf
    made[:, : order.shape[1]][some] = order[some]
    values[:, : order.shape[1]][some] = found[some]
    return made, values
