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

    def pairs(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Places of the candidate and the program of each kept pair, once and in order."""
        mine, rank = np.nonzero(self.programs >= 0)
        theirs, place = np.nonzero(self.candidates >= 0)
        width = max(1, len(self.candidates))
        found = np.unique(np.concatenate([
            mine * width + self.programs[mine, rank],
            self.candidates[theirs, place].astype(np.intp) * width + theirs,
        ]))  # fmt: skip
        return found // width, found % width
