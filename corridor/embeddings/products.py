"""Products of many vectors with fixed ones: the one place outside the encoders that needs torch.

`bytes_into` multiplies 8-bit vectors on the CPU, several times as fast as float32 and exact in
whole numbers; what is lost in making the bytes is for the caller to bound.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray


def one_thread() -> None:
    """Products asked for by this thread use one core: the caller runs a thread for each."""
    torch.set_num_threads(1)


class Columns:
    """P fixed vectors of d whole numbers from -127 to 127."""

    def __init__(self, vectors: NDArray[np.int8]) -> None:
        self._turned = torch.from_numpy(np.ascontiguousarray(vectors)).t()

    def times(self, rows: NDArray[np.int8], into: NDArray[np.int32]) -> None:
        """`into` (B, P) becomes the products of `rows` (B, d) with every column."""
        torch._int_mm(torch.from_numpy(rows), self._turned, out=torch.from_numpy(into))

