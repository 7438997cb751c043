"""How well the embedding model ranks, on the development tasks (nDCG@10).

    .venv/bin/python benchmarks/quality.py [--data ../shared/data/dev] [--task NAME] [--weights]

A task is a directory with queries.jsonl and docs.jsonl (id, text) and qrels.tsv (query, document,
grade). Prints a table and writes benchmarks/results/quality.json. Documents are all kept; where a
task has more than --queries queries, that many are drawn with a fixed seed, and the table says so.
`--weights` also shows the duo at other shares of e5, which is how E5_WEIGHT was chosen, and the
same sums without taking off each language's mean.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import sys
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from corridor.embeddings import describe, encoders, load, models, texts  # noqa: E402

DATA = ROOT.parent / "shared" / "data" / "dev"
RESULTS = ROOT / "benchmarks" / "results"
SEED = 20261123
DEPTH = 10
WEIGHTS = (0.5, 0.65, 0.8, 0.9)
Floats = npt.NDArray[np.float32]
Grades = dict[str, dict[str, int]]


@dataclass(frozen=True)
class Task:
    """`grades`: query id to {document id: grade above 0}. `whole`: queries before sampling."""

    name: str
    query_ids: list[str]
    queries: list[str]
    document_ids: list[str]
    documents: list[str]
    grades: Grades
    whole: int


def read_task(folder: Path, most: int) -> Task:
    grades: Grades = defaultdict(dict)
    with (folder / "qrels.tsv").open(encoding="utf-8", newline="") as file:
        for query, document, grade in csv.reader(file, delimiter="\t"):
            if int(grade) > 0:
                grades[query][document] = int(grade)
    queries = [row for row in _rows(folder / "queries.jsonl") if row[0] in grades]
    documents = _rows(folder / "docs.jsonl")
    drawn = queries if len(queries) <= most else random.Random(SEED).sample(queries, most)
    return Task(
        name=folder.name, grades=dict(grades), whole=len(queries),
        query_ids=[key for key, _ in drawn], queries=[text for _, text in drawn],
        document_ids=[key for key, _ in documents], documents=[text for _, text in documents],
    )  # fmt: skip


def _rows(file: Path) -> list[tuple[str, str]]:
    lines = file.read_text(encoding="utf-8").splitlines()
    return [(row["id"], row["text"]) for row in map(json.loads, lines)]


def ndcg(task: Task, scores: Floats) -> float:
    """Mean nDCG@10 (gain = grade). A document with a score of -inf was not found at all."""
    total = 0.0
    discounts = 1 / np.log2(np.arange(2, DEPTH + 2))
    for row, query in zip(scores, task.query_ids, strict=True):
        wanted = task.grades[query]
        best = np.argsort(-row, kind="stable")[:DEPTH]
        gains = [wanted.get(task.document_ids[i], 0) if row[i] > -np.inf else 0 for i in best]
        ideal = sorted(wanted.values(), reverse=True)[:DEPTH]
        total += float(np.dot(gains, discounts[: len(gains)])) / float(
            np.dot(ideal, discounts[: len(ideal)])
        )
    return total / len(task.query_ids)


def bm25(task: Task, k: float = 1.2, b: float = 0.75) -> Floats:
    """Okapi BM25 over character pairs and triples inside words; -inf where nothing is shared."""
    from scipy.sparse import csr_matrix, diags
    from sklearn.feature_extraction.text import CountVectorizer

    grams = CountVectorizer(analyzer="char_wb", ngram_range=(2, 3), dtype=np.float32)
    counts = csr_matrix(grams.fit_transform(map(texts.clean, task.documents)))
    asked = (grams.transform(map(texts.clean, task.queries)) > 0).astype(np.float32)
    length = np.asarray(counts.sum(axis=1)).ravel()
    found = np.asarray((counts > 0).sum(axis=0)).ravel()
    rarity = np.log(1 + (len(task.documents) - found + 0.5) / (found + 0.5))
    norm = k * (1 - b + b * length / max(length.mean(), 1))
    weighted = counts.tocoo()
    weighted.data = weighted.data * (k + 1) / (weighted.data + norm[weighted.row])
    scores = (asked @ diags(rarity) @ weighted.tocsr().T).toarray()
    return np.where(scores > 0, scores, -np.inf).astype(np.float32)


def halves(duo: encoders.Duo, given: list[str], kind: encoders.Kind) -> tuple[Floats, Floats]:
    """What `Duo.encode` fuses: e5 (n, 384) and USE (n, 512), in the order given."""
    e5 = np.zeros((len(given), 384), np.float32)
    use = np.zeros((len(given), 512), np.float32)
    for batch in duo.batches(given, kind):
        rows = list(batch)
        e5[rows], use[rows] = duo.halves([given[i] for i in rows], kind)
    return e5, use


def measure(duo: encoders.Duo, task: Task, weights: tuple[float, ...]) -> dict[str, float]:
    queries, documents = (
        [texts.clean(text) for text in side] for side in (task.queries, task.documents)
    )
    asked, held = halves(duo, queries, "query"), halves(duo, documents, "passage")

    def fused(weight: float) -> float:
        left = duo.fuse(queries, "query", *asked, weight=weight)
        right = duo.fuse(documents, "passage", *held, weight=weight)
        return ndcg(task, left @ right.T)

    found = {
        "BM25 characters": ndcg(task, bm25(task)),
        "e5-small": ndcg(task, asked[0] @ held[0].T),
        "e5-small, centred": fused(1.0),
        "USE": ndcg(task, asked[1] @ held[1].T),
        "duo": fused(models.E5_WEIGHT),
    }
    found |= {f"duo, e5 {weight:.2f}": fused(weight) for weight in weights}
    for weight in weights:  # the plain sum of both cosines, without taking the means off
        scores = weight * (asked[0] @ held[0].T) + (1 - weight) * (asked[1] @ held[1].T)
        found[f"not centred, {weight:.2f}"] = ndcg(task, scores)
    return {name: round(value, 4) for name, value in found.items()}


def table(rows: dict[str, dict[str, float]]) -> str:
    names = list(next(iter(rows.values())))
    lines = ["| task | " + " | ".join(names) + " |", "|---|" + "---|" * len(names)]
    lines += [
        f"| {task} | " + " | ".join(f"{found[name]:.3f}" for name in names) + " |"
        for task, found in rows.items()
    ]
    means = [float(np.mean([found[name] for found in rows.values()])) for name in names]
    lines.append("| mean | " + " | ".join(f"{value:.3f}" for value in means) + " |")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description="nDCG@10 on the development tasks")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--task", action="append", help="only this one (may be repeated)")
    parser.add_argument("--queries", type=int, default=1_000, help="most queries of a task")
    parser.add_argument("--weights", action="store_true", help="the duo at other shares of e5 too")
    parser.add_argument("--out", type=Path, default=RESULTS / "quality.json")
    given = parser.parse_args()
    folders = sorted(
        path.parent
        for path in given.data.glob("*/qrels.tsv")
        if not given.task or path.parent.name in given.task
    )
    if not folders:
        print(
            f"No development task in {given.data}: nothing was measured. "
            "Name the directory that holds them with --data.",
            file=sys.stderr,
        )
        return 2
    duo = load()
    assert isinstance(duo, encoders.Duo)
    started = time.monotonic()
    rows: dict[str, dict[str, float]] = {}
    sizes: dict[str, str] = {}
    for folder in folders:
        task = read_task(folder, given.queries)
        sampled = f" of {task.whole:,}, seed {SEED}" if len(task.queries) < task.whole else ""
        sizes[task.name] = f"{len(task.queries):,} queries{sampled}, {len(task.documents):,} docs"
        print(f"{task.name}: {sizes[task.name]}", file=sys.stderr, flush=True)
        rows[task.name] = measure(duo, task, WEIGHTS if given.weights else ())
    print(table(rows))
    info = describe()
    report = {
        "measure": f"nDCG@{DEPTH}", "model": info.name, "revision": info.revision,
        "e5_weight": models.E5_WEIGHT, "day": time.strftime("%Y-%m-%d"),
        "cpus": os.cpu_count(), "seconds": round(time.monotonic() - started, 1),
        "tasks": sizes, "ndcg": rows,
    }  # fmt: skip
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"\n{info.name} {info.revision}; written to {given.out}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
