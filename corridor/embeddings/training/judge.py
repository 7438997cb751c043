"""nDCG@10 of a student on development tasks, while it learns.

A task is a directory with queries.jsonl and docs.jsonl (id, text) and qrels.tsv (query, document,
grade), as benchmarks/quality.py reads them; each language's and kind's mean is taken off, as in the
product. Only which checkpoint is kept depends on it: nothing here is learned from.
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from corridor.embeddings import centre, texts

Floats = npt.NDArray[np.float32]
Encode = Callable[[Sequence[str]], Floats]  # prefixed texts to unit rows
DEPTH = 10


@dataclass(frozen=True)
class Task:
    """`grades`: by query, {place of the document: grade above 0}."""

    name: str
    queries: list[str]
    documents: list[str]
    grades: list[dict[int, int]]


def read(folder: Path) -> list[Task]:
    """The tasks in a folder's own folders, by name."""
    tasks = [_task(file.parent) for file in sorted(folder.glob("*/qrels.tsv"))]
    return [one for one in tasks if one.queries]


def _task(folder: Path) -> Task:
    documents, queries = _rows(folder / "docs.jsonl"), _rows(folder / "queries.jsonl")
    places = {name: place for place, name in enumerate(documents)}
    grades: dict[str, dict[int, int]] = defaultdict(dict)
    with (folder / "qrels.tsv").open(encoding="utf-8", newline="") as file:
        for query, document, grade in csv.reader(file, delimiter="\t"):
            if int(grade) > 0 and document in places:
                grades[query][places[document]] = int(grade)
    asked = [name for name in queries if name in grades]
    return Task(
        folder.name, [queries[name] for name in asked], list(documents.values()),
        [grades[name] for name in asked],
    )  # fmt: skip


def _rows(file: Path) -> dict[str, str]:
    lines = file.read_text(encoding="utf-8").splitlines()
    return {row["id"]: texts.clean(row["text"]) for row in map(json.loads, lines)}


class Judge:
    """Figures by task, of any encoder."""

    def __init__(self, tasks: Sequence[Task], data: Path) -> None:
        """`data`: shared/data, whose texts the means are of (see `centre`)."""
        self.tasks, self._typical = tasks, centre.samples(data)

    def __call__(self, encode: Encode) -> dict[str, float]:
        means = {
            kind: np.stack([encode(_prefixed(some, kind)).mean(axis=0) for some in self._typical])
            for kind in ("query", "passage")
        }

        def centred(given: Sequence[str], kind: str) -> Floats:
            language = [0 if texts.is_korean(text) else 1 for text in given]
            rows = encode(_prefixed(given, kind)) - means[kind][language]
            return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)

        return {
            one.name: ndcg(one, centred(one.queries, "query") @ centred(one.documents, "passage").T)
            for one in self.tasks
        }


def ndcg(task: Task, scores: Floats) -> float:
    discounts = 1 / np.log2(np.arange(2, DEPTH + 2))
    total = 0.0
    for row, wanted in zip(scores, task.grades, strict=True):
        best = np.argsort(-row, kind="stable")[:DEPTH]
        gains = np.array([wanted.get(int(place), 0) for place in best])
        ideal = np.array(sorted(wanted.values(), reverse=True)[:DEPTH])
        total += float(gains @ discounts[: len(gains)]) / float(ideal @ discounts[: len(ideal)])
    return total / len(task.queries)


def _prefixed(given: Sequence[str], kind: str) -> list[str]:
    return [f"{kind}: {text}" for text in given]
