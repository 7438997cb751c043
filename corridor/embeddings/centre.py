"""Makes data/language_means.npy: the mean e5 vector of Korean and of other texts.

Sentence vectors of one model lean to one side for each language; taking a language's own mean
off brings Korean and English texts of one meaning nearer (measured in
docs/decisions/0003-embedding-model.md).

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


def mean(duo: encoders.Duo, found: Iterator[str], *, is_korean: bool) -> encoders.Floats:
    mine = sorted({
        text
        for text in map(texts.clean, found)
        if texts.says_something(text) and texts.is_korean(text) is is_korean
    })  # fmt: skip
    mine = mine[:: max(len(mine) // EACH, 1)][:EACH]
    rows = np.zeros((len(mine), 384), np.float32)
    for batch in duo.batches(mine, "passage"):
        rows[list(batch)] = duo.e5([mine[i] for i in batch], "passage")
    return np.asarray(rows.mean(axis=0), np.float32)


def main(data: Path) -> None:
    duo = encoders.load()
    assert isinstance(duo, encoders.Duo)
    means = [mean(duo, korean(data), is_korean=True), mean(duo, english(data), is_korean=False)]
    np.save(models.MEANS, np.array(means, np.float32))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
