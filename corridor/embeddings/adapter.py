"""The adapter that ships with the project: low-rank changes to e5's matrices, merged once.

W' = W + B·A for every linear layer of the encoder (LoRA), A of (rank, in) and B of (out, rank),
kept as float16 in `data/adapter.safetensors`. Merged when the model's directory is written, so it
costs nothing when texts are encoded. Made by `corridor.embeddings.training`; docs/model-card.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
FILE = Path(__file__).parent / "data" / "adapter.safetensors"


def read(file: Path = FILE) -> dict[str, tuple[Floats, Floats]]:
    """Matrix name (`encoder.layer.0.output.dense`) to its (A, B); empty without a file."""
    if not file.exists():
        return {}
    from safetensors.numpy import load_file

    held = load_file(str(file))
    names = sorted({name.rpartition(".")[0] for name in held})
    return {
        name: (held[f"{name}.a"].astype(np.float32), held[f"{name}.b"].astype(np.float32))
        for name in names
    }


def made(file: Path = FILE) -> dict[str, str]:
    """How an adapter came about: seed, steps, pairs by source, what it went on from."""
    from safetensors import safe_open

    with safe_open(str(file), framework="numpy") as opened:
        return dict(opened.metadata() or {})


def write(
    changes: Mapping[str, tuple[Floats, Floats]], file: Path, made: Mapping[str, str]
) -> None:
    """`made`: how it came about, kept in the file's own header."""
    from safetensors.numpy import save_file

    flat = {
        f"{name}.{half}": np.ascontiguousarray(values, np.float16)
        for name, both in changes.items()
        for half, values in zip("ab", both, strict=True)
    }
    save_file(flat, str(file), metadata=dict(made))


def merged(
    state: Mapping[str, Floats], changes: Mapping[str, tuple[Floats, Floats]]
) -> dict[str, Floats]:
    """The state with each change added to its `.weight`. A change of another shape is an error."""
    found = dict(state)
    for name, (a, b) in changes.items():
        weight = found[f"{name}.weight"]
        if (b.shape[0], a.shape[1]) != weight.shape:
            raise ValueError(f"The adapter's {name} is for another model.")
        found[f"{name}.weight"] = weight.astype(np.float32) + b @ a
    return found
