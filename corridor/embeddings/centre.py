"""Makes data/language_means.npy: the mean e5 vector of Korean and of other texts.

Sentence vectors of one model lean to one side for each language; taking a language's own mean
off brings Korean and English texts of one meaning nearer (measured in
docs/decisions/0003-embedding-model.md).

    python -m corridor.embeddings.centre FILE...     (a text a line; language is seen by script)
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from corridor.embeddings import e5, encoders, models, texts


def main(files: list[str]) -> None:
    lines = sorted(
        {
            cleaned
            for file in files
            for line in Path(file).read_text(encoding="utf-8").splitlines()
            if texts.says_something(cleaned := texts.clean(line))
        }
    )
    model = encoders._sentence_transformer(str(e5.convert(models.duo_path())))
    means = []
    for korean in (True, False):
        mine = sorted((line for line in lines if texts.is_korean(line) is korean), key=len)
        total = np.zeros(384)
        for start in range(0, len(mine), 64):
            batch = mine[start : start + 64]
            rows = encoders._unit(encoders._run(model, [f"passage: {line}" for line in batch]))
            total += rows.sum(axis=0)
        means.append(total / max(len(mine), 1))
        sys.stdout.write(f"{'Korean' if korean else 'other'}: {len(mine)} texts\n")
    models.MEANS.parent.mkdir(exist_ok=True)
    np.save(models.MEANS, np.array(means, np.float32))


if __name__ == "__main__":
    main(sys.argv[1:])
