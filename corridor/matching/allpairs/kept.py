from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corridor.matching.tables import Array


@dataclass(frozen=True)
class Kept:
    """The best `programs` of each candidate (C, k) and the best `candidates` of each program
    (P, m), best first, -1 where there are fewer; with scores. Programs and candidates are named by
    their place; of equal scores the lower place goes first."""

    programs: NDArray[np.int32]
    program_scores: Array
    candidates: NDArray[np.int32]
    candidate_scores: Array
