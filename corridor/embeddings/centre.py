"""Makes data/language_means.npy: the mean e5 vector of Korean and of other texts, by kind.

Sentence vectors of one model lean to one side for each language, and for each prefix; taking that
mean off brings Korean and English texts of one meaning nearer, and a query nearer to its passage
(measured in docs/decisions/0003-embedding-model.md).

    python -m corridor.embeddings.centre DATA

DATA holds `train/alias.jsonl` and `train/water.jsonl` (Korean Dictionary of Occupations and
K-water terms: Korean public data) and `onet/occupations.tsv` (O*NET, U.S. Department of Labor,
CC BY 4.0). No text of a development task is read.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from corridor.embeddings import encoders, models, texts

EACH = 1_000  # texts of a language, spread evenly over its sources


def korean(data: Path) -> Iterator[str]:
    """Job titles and entries of the dictionary, then water terms."""
    for line in (data / "train" / "alias.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield from (row["ko"], *row["ko_positive"])
    for line in (data / "train" / "water.jsonl").read_text(encoding="utf-8").splitlines():
        yield json.loads(line)["ko"]


def english(data: Path) -> Iterator[str]:
    """Titles of occupations, alone and with their descriptions."""
    with (data / "onet" / "occupations.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            yield from (row["Title"], f"{row['Title']}. {row['Description']}")


def sample(found: Iterator[str], *, is_korean: bool) -> list[str]:
    mine = sorted({
        text
        for text in map(texts.clean, found)
        if texts.says_something(text) and texts.is_korean(text) is is_korean
    })  # fmt: skip
    return mine[:: max(len(mine) // EACH, 1)][:EACH]


def samples(data: Path) -> tuple[list[str], list[str]]:
    """The Korean and the other texts that the means are of."""
    return sample(korean(data), is_korean=True), sample(english(data), is_korean=False)


def mean(duo: encoders.Duo, some: list[str], kind: encoders.Kind) -> encoders.Floats:
    rows = np.zeros((len(some), 384), np.float32)
    for batch in duo.batches(some, kind):
        rows[list(batch)] = duo.e5([some[i] for i in batch], kind)
    return np.asarray(rows.mean(axis=0), np.float32)


def main(data: Path) -> None:
    duo = encoders.load()
    assert isinstance(duo, encoders.Duo)
    means = [[mean(duo, some, kind) for some in samples(data)] for kind in encoders.KINDS]
    np.save(models.MEANS, np.array(means, np.float32))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
