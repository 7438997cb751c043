"""Makes data/ranges.npz: how far each channel goes that a linear layer of the e5 half reads.

    python -m corridor.embeddings.training.ranges DATA

`graph` rounds to eight bits within these ranges, whatever the text, so that a text's vector does
not depend on what it is encoded with. They are the least and greatest values over TEXTS texts of
the adapter's training (`pairs`; the same DATA), drawn by a seed: as many short ones as they come,
and as many of several joined, as long as a profile or a posting. No text of a task or of the gold
set is read. To be made again whenever the adapter is.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from corridor.embeddings import encoders, graph, models
from corridor.embeddings.training import adapt, pairs

SEED = 20261127
TEXTS = 400
JOINED = 12  # short texts in the longest
# The layer that closes a block reads what spreads furthest; rounding that too moved the ranking by
# up to .011 (docs/decisions/0003-embedding-model.md), so it stays in bfloat16.
ROUNDED = ("self", "joined", "normalized")


def sample(found: Sequence[pairs.Pair]) -> list[str]:
    """Prefixed texts: every other one a query, every other one short."""
    drawn = random.Random(SEED)  # noqa: S311
    said = []
    for number in range(TEXTS):
        some = drawn.sample(found, 1 if number % 4 < 2 else drawn.randint(3, JOINED))
        kind = encoders.KINDS[number % 2]
        text = "\n".join(one.asked if kind == "query" else one.held for one in some)
        said.append(f"{kind}: {text}")
    return said


def measured(folder: Path, said: Sequence[str]) -> dict[str, graph.Floats]:
    """By site, (2, width): the least and the greatest value of each channel, in float32."""
    import openvino

    state, config = graph.read(folder)
    model = graph.build(state, config, watching=True)
    how = {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": 1}
    compiled = openvino.Core().compile_model(model, "CPU", how)
    tokenizer = encoders.tokenizer(folder)
    sites = [
        graph.site(layer, reads)
        for layer in range(int(config["num_hidden_layers"]))
        for reads in graph.READ_BY
    ]
    found: dict[str, graph.Floats] = {}
    for row in tokenizer.encode_batch(list(said)):
        pieces = np.array([row.ids], np.int64)
        _means, *values = compiled([pieces, np.ones_like(pieces)]).values()
        for site, value in zip(sites, values, strict=True):
            ends = np.stack([value.min(axis=0), value.max(axis=0)])
            before = found.get(site, ends)
            found[site] = np.stack(
                [np.minimum(before[0], ends[0]), np.maximum(before[1], ends[1])]
            )
    return found


def main(data: Path) -> None:
    folder = models.prepare()
    found = measured(folder, sample(pairs.read(data, adapt.TABLES, adapt.SAID)))
    rows: dict[str, Any] = {
        site: ends.astype(np.float16)
        for site, ends in found.items()
        if site.partition(".")[2] in ROUNDED
    }
    rows[graph.MADE_FOR] = np.array(graph.weights_digest(folder))
    np.savez_compressed(graph.RANGES, **rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
