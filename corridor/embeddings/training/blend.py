"""Blends adapters of several trainings into one: the mean of what they change, as few ranks as fit.

    python -m corridor.embeddings.training.blend OUT.safetensors A.safetensors B.safetensors ...
        [--share 1.0] [--rank 24]

Trainings from one beginning err differently, and the mean of their changes errs less than each (and
forgets less of what the encoder knew). The mean of low-rank changes is of a higher rank; its
largest singular values are kept. `--share` scales it: below 1 nearer to the unadapted encoder.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from corridor.embeddings import adapter, e5

Floats = npt.NDArray[np.float32]
Changes = Mapping[str, tuple[Floats, Floats]]


def whole(given: Sequence[Changes], share: float) -> dict[str, Floats]:
    """The mean change of each matrix, (out, in), scaled."""
    return {
        name: np.asarray(
            share * sum(one[name][1] @ one[name][0] for one in given) / len(given), np.float32
        )
        for name in given[0]
    }


def cut(changes: Mapping[str, Floats], rank: int) -> dict[str, tuple[Floats, Floats]]:
    """The nearest changes of this rank, as (A, B) with the singular values shared evenly."""
    found = {}
    for name, change in changes.items():
        left, values, right = np.linalg.svd(change, full_matrices=False)
        root = np.sqrt(values[:rank])
        found[name] = (
            np.asarray(root[:, None] * right[:rank], np.float32),
            np.asarray(left[:, :rank] * root, np.float32),
        )
    return found


def main() -> None:
    asked = argparse.ArgumentParser(description="blend adapters")
    asked.add_argument("out", type=Path)
    asked.add_argument("adapters", type=Path, nargs="+")
    asked.add_argument("--share", type=float, default=1.0)
    asked.add_argument("--rank", type=int, default=24)
    given = asked.parse_args()
    changes = whole([adapter.read(file) for file in given.adapters], given.share)
    told = [adapter.made(file) | {"file": e5.digest(file)} for file in given.adapters]
    first = {name: told[0][name] for name in ("pairs", "scale", "tokens")}
    adapter.write(cut(changes, given.rank), given.out, first | {
        "rank": str(given.rank), "share": str(given.share), "blended": json.dumps(told),
        **{name: json.dumps([one[name] for one in told]) for name in ("seed", "steps", "rate")},
    })  # fmt: skip


if __name__ == "__main__":
    main()
