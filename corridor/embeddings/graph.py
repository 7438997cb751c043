"""The e5 half as a graph for OpenVINO's CPU engine: fused, in bfloat16 where the processor has it.

The graph is BERT's encoder and the mean over tokens, built from the model directory's own weights
(`e5.convert`), so neither torch nor transformers is imported. Against torch in bfloat16 it takes
three quarters of the processor time, against float32 in torch a third (benchmarks/encode.py).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from threading import local
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Pieces = npt.NDArray[np.int64]


def available() -> bool:
    """Whether the engine is installed; it is for processors alone, so not where a GPU waits."""
    import importlib.util

    return importlib.util.find_spec("openvino") is not None and not Path("/dev/nvidia0").exists()


class Engine:
    """Mean-pooled vectors of token rows; may be called by several threads at once."""

    def __init__(self, folder: Path, threads: int) -> None:
        import openvino
        from safetensors.numpy import load_file

        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        model = build(load_file(str(folder / "model.safetensors")), config)
        core = openvino.Core()
        # Each batch on one thread, several batches at once (see `encoders.Duo`).
        how = {
            "INFERENCE_PRECISION_HINT": _precision(core), "NUM_STREAMS": threads,
            "INFERENCE_NUM_THREADS": threads, "ENABLE_CPU_PINNING": False,
        }  # fmt: skip
        self._compiled = core.compile_model(model, "CPU", how)
        self._mine = local()

    def means(self, pieces: Pieces, shown: Pieces) -> Floats:
        """(n, hidden) of (n, tokens) piece numbers and of 1 where a token is the text's own."""
        if not hasattr(self._mine, "request"):
            self._mine.request = self._compiled.create_infer_request()
        found = self._mine.request.infer([pieces, shown])
        return np.array(found[0], np.float32)


def _precision(core: Any) -> str:
    able = core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    return "bf16" if "BF16" in able else "f32"


def build(state: Mapping[str, Any], config: Mapping[str, Any]) -> Any:
    """An openvino.Model: pieces and shown (n, tokens) int64 to (n, hidden) float32."""
    import openvino
    from openvino import opset13 as op

    hidden, heads = int(config["hidden_size"]), int(config["num_attention_heads"])
    epsilon = float(config["layer_norm_eps"])

    def constant(name: str) -> Any:
        """Kept as float16, read as float32: the engine turns it into what it computes in."""
        return op.convert(op.constant(np.asarray(state[name], np.float16)), "f32")

    def numbers(*given: int) -> Any:
        return op.constant(np.array(given, np.int64))

    def number(given: float) -> Any:
        return op.constant(np.float32(given))

    def linear(x: Any, name: str) -> Any:
        product = op.matmul(x, constant(f"{name}.weight"), False, True)
        return op.add(product, constant(f"{name}.bias"))

    def normalized(x: Any, name: str) -> Any:
        even = op.mvn(x, numbers(-1), True, epsilon, "inside_sqrt")
        return op.add(op.multiply(even, constant(f"{name}.weight")), constant(f"{name}.bias"))

    def by_head(x: Any) -> Any:
        parts = op.reshape(x, numbers(0, 0, heads, hidden // heads), True)
        return op.transpose(parts, numbers(0, 2, 1, 3))

    pieces = op.parameter([-1, -1], np.int64, name="pieces")
    shown = op.parameter([-1, -1], np.int64, name="shown")
    length = op.gather(op.shape_of(pieces), numbers(1), numbers(0))
    positions = op.slice(
        constant("embeddings.position_embeddings.weight"), numbers(0), length, numbers(1),
        numbers(0),
    )  # fmt: skip
    kind = op.gather(constant("embeddings.token_type_embeddings.weight"), numbers(0), numbers(0))
    words = op.gather(constant("embeddings.word_embeddings.weight"), pieces, numbers(0))
    x = normalized(op.add(op.add(words, positions), kind), "embeddings.LayerNorm")
    own = op.convert(shown, "f32")
    apart = op.unsqueeze(op.multiply(op.subtract(own, number(1)), number(1e4)), numbers(1, 2))
    for layer in range(int(config["num_hidden_layers"])):
        stem = f"encoder.layer.{layer}"
        query, key, value = (
            by_head(linear(x, f"{stem}.attention.self.{one}")) for one in ("query", "key", "value")
        )
        seen = op.scaled_dot_product_attention(query, key, value, apart)
        joined = op.reshape(op.transpose(seen, numbers(0, 2, 1, 3)), numbers(0, 0, hidden), True)
        x = normalized(
            op.add(linear(joined, f"{stem}.attention.output.dense"), x),
            f"{stem}.attention.output.LayerNorm",
        )
        wide = op.gelu(linear(x, f"{stem}.intermediate.dense"), "erf")
        x = normalized(op.add(linear(wide, f"{stem}.output.dense"), x), f"{stem}.output.LayerNorm")
    weights = op.unsqueeze(own, numbers(2))
    summed = op.reduce_sum(op.multiply(x, weights), numbers(1), False)
    mean = op.divide(summed, op.reduce_sum(weights, numbers(1), False))
    return openvino.Model([mean], [pieces, shown], "e5")
