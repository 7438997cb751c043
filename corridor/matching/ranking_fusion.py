"""One score from many signals, weighed by the languages of query and document.

The weighted sum stands for the logarithm of odds that the document answers the query; `base` is
added for all documents of a pair of languages, so that Korean and English documents of one query
can be compared. Weights, and where they come from, are in `ranking_weights.json`, which
`benchmarks/learn_ranking.py` writes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from corridor.matching.ranking_signals import Array, Texts

WEIGHTS = Path(__file__).parent / "ranking_weights.json"
PAIRS = ("across", "korean", "other")  # languages of query and document: two, or the same one
BASE = "base"
_STEADY = 4  # decimals: what differs by less is equal, in whatever order it was added up


@lru_cache(maxsize=1)
def weights() -> Mapping[str, Mapping[str, float]]:
    """Pair of languages to signal (or BASE) to weight."""
    told: dict[str, Any] = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return {pair: told[pair] for pair in PAIRS}


def fused(
    queries: Texts,
    documents: Texts,
    signals: Mapping[str, Array],
    given: Mapping[str, Mapping[str, float]] | None = None,
) -> Array:
    """(queries, documents), above 0 and below 1; 0 where either text says nothing."""
    weighed = given or weights()
    pair = pairs(queries, documents)
    score = np.zeros(pair.shape, np.float32)
    for name, values in signals.items():
        by_pair = np.array([weighed[one].get(name, 0.0) for one in PAIRS], np.float32)
        if by_pair.any():
            score += by_pair[pair] * prepared(name, values)
    score += np.array([weighed[one].get(BASE, 0.0) for one in PAIRS], np.float32)[pair]
    score = np.round(score, _STEADY)
    squashed = 0.5 * (1.0 + score / (4.0 + np.abs(score)))
    says = queries.telling[:, None] & documents.telling[None, :]
    return np.where(says, np.round(squashed, 6), 0.0).astype(np.float32)


def prepared(name: str, values: Array) -> Array:
    """A signal as it is weighed."""
    # Half alike in sound is chance; nearly alike is the same word.
    return values * values if name == "sound" else values


def pairs(queries: Texts, documents: Texts) -> Any:
    """Index into PAIRS of every pair of texts."""
    left, right = queries.korean[:, None], documents.korean[None, :]
    return np.where(left != right, 0, np.where(left & right, 1, 2))
