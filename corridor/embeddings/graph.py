"""The e5 half as a graph for OpenVINO's CPU engine: fused, in eight-bit integers and bfloat16.

The graph is BERT's encoder and the mean over tokens, built from the model directory's own weights
(`e5.convert`), so neither torch nor transformers is imported. The products with weights are
computed in eight bits where the processor has instructions for that and `Ranges` of the same
weights are there; all else in bfloat16, or in float32 where the processor knows no better
(docs/decisions/0003-embedding-model.md says what each costs and changes).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from threading import local
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Pieces = npt.NDArray[np.int64]
Ranges = Mapping[str, Floats]  # by `site`: (2, width) least and greatest value of each channel

RANGES = Path(__file__).parent / "data" / "ranges.npz"
MADE_FOR = "made_for"  # the entry that says of which weights

# What the linear layers of a block read, by the layers that read it.
READ_BY = {
    "self": ("attention.self.query", "attention.self.key", "attention.self.value"),
    "joined": ("attention.output.dense",),
    "normalized": ("intermediate.dense",),
    "wide": ("output.dense",),
}
# Share of a channel's spread that the weights take over from what they are multiplied with, so
# that a few channels far larger than the rest do not take all the steps (SmoothQuant's alpha;
# chosen by the cosine to float32).
_TAKEN_OVER = 0.75
_STEPS = 255
_CPU_INFO = Path("/proc/cpuinfo")


def available() -> bool:
    """Whether the engine is installed; it is for processors alone, so not where a GPU waits."""
    import importlib.util

    return importlib.util.find_spec("openvino") is not None and not Path("/dev/nvidia0").exists()


def site(layer: int, read: str) -> str:
    """The name in `Ranges` of what a block's linear layers read (a key of READ_BY)."""
    return f"{layer}.{read}"


class Compiled:
    """A graph ready to be computed, each call on one thread; several threads may call at once."""

    def __init__(self, model: Any, threads: int, *, exact: bool = False) -> None:
        """`exact`: all that is not rounded in the graph itself, in float32."""
        import openvino

        core = openvino.Core()
        # Each batch on one thread, several batches at once (see `encoders.Duo`).
        how = {
            "INFERENCE_PRECISION_HINT": "f32" if exact else _precision(core),
            "NUM_STREAMS": threads, "INFERENCE_NUM_THREADS": threads, "ENABLE_CPU_PINNING": False,
        }  # fmt: skip
        self.model = core.compile_model(model, "CPU", how)
        self._mine = local()

    def __call__(self, *given: Any) -> Floats:
        """The first output of these inputs."""
        if not hasattr(self._mine, "request"):
            self._mine.request = self.model.create_infer_request()
        return np.array(self._mine.request.infer(list(given))[0], np.float32)


class Engine:
    """Mean-pooled vectors of token rows; may be called by several threads at once."""

    def __init__(self, folder: Path, threads: int, *, exact: bool = False) -> None:
        """`exact`: in float32, to compare with. Else in eight bits as far as the processor can
        and there are ranges of these weights."""
        state, config = read(folder)
        ranges = None if exact or not multiplies_eight_bits() else kept_ranges(folder)
        self.in_eight_bits = ranges is not None
        self._compiled = Compiled(build(state, config, ranges), threads, exact=exact)

    def means(self, pieces: Pieces, shown: Pieces) -> Floats:
        """(n, hidden) of (n, tokens) piece numbers and of 1 where a token is the text's own."""
        return self._compiled(pieces, shown)


def read(folder: Path) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """A model directory's weights and configuration, for `build`."""
    from safetensors.numpy import load_file

    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    return load_file(str(folder / "model.safetensors")), config


def kept_ranges(folder: Path) -> Ranges | None:
    """What `training.ranges` found for the weights in this model directory; None for others."""
    if not RANGES.exists():
        return None
    with np.load(RANGES) as kept:
        if str(kept[MADE_FOR]) != weights_digest(folder):
            return None
        return {name: np.asarray(kept[name], np.float32) for name in kept if name != MADE_FOR}


def weights_digest(folder: Path) -> str:
    """SHA-256 of the weights, as it was written down beside them."""
    made = json.loads((folder / "made.json").read_text(encoding="utf-8"))
    return str(made["model.safetensors"])


def _precision(core: Any) -> str:
    able = core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    return "bf16" if "BF16" in able else "f32"


def multiplies_eight_bits() -> bool:
    """Whether products of eight-bit integers are summed in 32 bits at once. Older processors do
    it in 16 bits, where our weights, which use all eight, would overflow."""
    try:
        told = _CPU_INFO.read_text(encoding="utf-8")
    except OSError:
        return False
    flags = next((line.split() for line in told.splitlines() if line.startswith("flags")), [])
    return bool({"avx512_vnni", "avx_vnni"} & {*flags})


def build(
    state: Mapping[str, Any],
    config: Mapping[str, Any],
    ranges: Ranges | None = None,
    *,
    watching: bool = False,
) -> Any:
    """An openvino.Model: pieces and shown (n, tokens) int64 to (n, hidden) float32.

    What a linear layer reads is rounded to eight bits where `ranges` has its site. `watching`
    gives it out as well, (tokens, width) each, in the order of layers and READ_BY.
    """
    import openvino
    from openvino import opset13 as op

    hidden, heads = int(config["hidden_size"]), int(config["num_attention_heads"])
    epsilon = float(config["layer_norm_eps"])
    watched = []

    def constant(name: str) -> Any:
        """Kept as float16, read as float32: the engine turns it into what it computes in."""
        return op.convert(op.constant(np.asarray(state[name], np.float16)), "f32")

    def numbers(*given: int) -> Any:
        return op.constant(np.array(given, np.int64))

    def exact(given: Any) -> Any:
        return op.constant(np.asarray(given, np.float32))

    def linear(x: Any, layer: int, reads: str) -> Iterator[Any]:
        """The layers that read `x`, one after the other."""
        if watching:
            watched.append(x)
        names = [f"encoder.layer.{layer}.{name}" for name in READ_BY[reads]]
        if ranges is None or site(layer, reads) not in ranges:
            for name in names:
                product = op.matmul(x, constant(f"{name}.weight"), False, True)
                yield op.add(product, constant(f"{name}.bias"))
            return
        weights = [np.asarray(state[f"{name}.weight"], np.float32) for name in names]
        scale, zero, step = _rounding(ranges[site(layer, reads)], weights)
        # As unsigned numbers, their zero made up for in the bias: the kernels know no other zero.
        ends = [exact((scale * step * (edge - zero))[None]) for edge in (0, _STEPS)]
        whole = op.fake_quantize(x, *ends, exact(0), exact(step * _STEPS), _STEPS + 1)
        for name, weight in zip(names, weights, strict=True):
            steps, each = _eight_bits(weight * scale)
            bias = np.asarray(state[f"{name}.bias"], np.float32)
            bias = bias - zero * step * (steps * each).sum(axis=1, dtype=np.float32)
            kept = op.multiply(op.convert(op.constant(steps), "f32"), exact(each))
            yield op.add(op.matmul(whole, kept, False, True), exact(bias))

    def normalized(x: Any, name: str) -> Any:
        even = op.mvn(x, numbers(-1), True, epsilon, "inside_sqrt")
        return op.add(op.multiply(even, constant(f"{name}.weight")), constant(f"{name}.bias"))

    pieces = op.parameter([-1, -1], np.int64, name="pieces")
    shown = op.parameter([-1, -1], np.int64, name="shown")
    size = op.shape_of(pieces)

    def of_each_text(x: Any, *shape: int) -> Any:
        """(tokens of all texts, hidden) as (n, tokens, *shape)."""
        return op.reshape(x, op.concat([size, numbers(*shape)], 0), False)

    def of_all_texts(x: Any) -> Any:
        """(n, tokens, ...) as (tokens of all texts, hidden): channels need an axis of their own
        right after the first to be rounded each by its range."""
        return op.reshape(x, numbers(-1, hidden), False)

    def by_head(x: Any) -> Any:
        return op.transpose(of_each_text(x, heads, hidden // heads), numbers(0, 2, 1, 3))

    positions = op.slice(
        constant("embeddings.position_embeddings.weight"), numbers(0),
        op.gather(size, numbers(1), numbers(0)), numbers(1), numbers(0),
    )  # fmt: skip
    kind = op.gather(constant("embeddings.token_type_embeddings.weight"), numbers(0), numbers(0))
    words = op.gather(constant("embeddings.word_embeddings.weight"), pieces, numbers(0))
    x = normalized(op.add(op.add(words, positions), kind), "embeddings.LayerNorm")
    x = of_all_texts(x)
    own = op.convert(shown, "f32")
    apart = op.unsqueeze(op.multiply(op.subtract(own, exact(1)), exact(1e4)), numbers(1, 2))
    for layer in range(int(config["num_hidden_layers"])):
        stem = f"encoder.layer.{layer}"
        query, key, value = (by_head(found) for found in linear(x, layer, "self"))
        seen = op.scaled_dot_product_attention(query, key, value, apart)
        joined = of_all_texts(op.transpose(seen, numbers(0, 2, 1, 3)))
        (found,) = linear(joined, layer, "joined")
        x = normalized(op.add(found, x), f"{stem}.attention.output.LayerNorm")
        (found,) = linear(x, layer, "normalized")
        (found,) = linear(op.gelu(found, "erf"), layer, "wide")
        x = normalized(op.add(found, x), f"{stem}.output.LayerNorm")
    weights = op.unsqueeze(own, numbers(2))
    summed = op.reduce_sum(op.multiply(of_each_text(x, hidden), weights), numbers(1), False)
    mean = op.divide(summed, op.reduce_sum(weights, numbers(1), False))
    return openvino.Model([mean, *watched], [pieces, shown], "e5")


def _rounding(spread: Floats, weights: Sequence[Floats]) -> tuple[Floats, float, float]:
    """How what some layers read is rounded: value = (whole number - zero) x step x scale, with a
    scale (width,) for each channel."""
    there = np.maximum(np.abs(spread).max(axis=0), 1e-4)
    met = np.maximum(np.abs(np.concatenate(weights)).max(axis=0), 1e-4)
    scale = np.asarray(there**_TAKEN_OVER / met ** (1 - _TAKEN_OVER), np.float32)
    least, most = min(float((spread[0] / scale).min()), 0.0), float((spread[1] / scale).max())
    step = (max(most, 0.0) - least) / _STEPS
    return scale, float(np.round(-least / step)), step


def _eight_bits(weight: Floats) -> tuple[npt.NDArray[np.int8], Floats]:
    """Whole numbers (out, in) from -127 to 127, and what each row's are to be multiplied by."""
    size = np.maximum(np.abs(weight).max(axis=1, keepdims=True), 1e-12) / 127
    return np.round(weight / size).astype(np.int8), np.asarray(size, np.float32)
