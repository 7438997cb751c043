"""How well texts are ranked (nDCG@10): by `manage.py rank` and by each of its parts alone.

    .venv/bin/python benchmarks/quality.py [--data ../shared/data/dev] [--task NAME] [--final]

A task is a directory with queries.jsonl and docs.jsonl (id, text) and qrels.tsv (query, document,
grade). The project's own tasks (benchmarks/data: Korean profile lines and job entries, English
tasks, against O*NET's occupations) are measured too where O*NET lies beside the data; `--final`
takes their second halves, which nothing was chosen on. "rank" is the very ranker of
`manage.py rank`; "without X" is the same with one signal's weight at nothing. Prints two tables
and writes benchmarks/results/quality.json. Documents are all kept; where a task has more than
--queries queries, that many are drawn with a fixed seed, and the table says so.
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
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from corridor.embeddings import Encoder, describe, load, models, texts  # noqa: E402
from corridor.embeddings.encoders import Kind, Progress  # noqa: E402
from corridor.matching import ranking, ranking_fusion, ranking_signals  # noqa: E402

DATA = ROOT.parent / "shared" / "data" / "dev"
OWN = ROOT / "benchmarks" / "data"
RESULTS = ROOT / "benchmarks" / "results"
SEED = 20261123
DEPTH = 10
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


def own_tasks(occupations: Path, *, final: bool) -> Iterator[Task]:
    """Labelled Korean texts against O*NET's occupations: odd lines, or with `final` even ones."""
    if not occupations.exists():
        return
    with occupations.open(encoding="utf-8", newline="") as file:
        jobs = list(csv.DictReader(file, delimiter="\t"))
    for path in sorted(OWN.glob("*.tsv")):
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
        rows = [line.split("\t") for line in lines[1:]][1 if final else 0 :: 2]
        grades: Grades = {}
        for number, (_, codes) in enumerate(rows):
            best, _, other = codes.partition("/")
            grades[f"q{number}"] = dict.fromkeys(other.split(), 1) | dict.fromkeys(best.split(), 2)
        yield Task(
            name=f"own_{path.stem}_{'final' if final else 'dev'}", grades=grades, whole=len(rows),
            query_ids=list(grades), queries=[text for text, _ in rows],
            document_ids=[job["O*NET-SOC Code"] for job in jobs],
            documents=[f"{job['Title']}. {job['Description']}" for job in jobs],
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


class Remembering:
    """An encoder that keeps what it encoded: tasks share documents, and parts share queries."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder, self.info = encoder, encoder.info
        self._kept: dict[tuple[str, tuple[str, ...]], Floats] = {}

    def encode(
        self, texts: Sequence[str], *, kind: Kind = "passage", progress: Progress | None = None
    ) -> Floats:
        key = (kind, tuple(texts))
        if key not in self._kept:
            self._kept[key] = self._encoder.encode(texts, kind=kind, progress=progress)
        return self._kept[key]


def measure(encoder: Encoder, task: Task) -> dict[str, float]:
    """The ranker's figure, those of its parts alone, and what each part is worth to it."""
    ranker = ranking.Ranker(task.documents, task.document_ids, encoder=encoder)
    ranked = np.full((len(task.queries), len(task.documents)), -np.inf, np.float32)
    for row, (places, _scores) in zip(
        ranked, ranker.rank(task.queries, top=DEPTH), strict=True
    ):
        row[places] = -np.arange(len(places), dtype=np.float32)
    documents = ranker.documents
    queries = ranking_signals.Texts.read(task.queries, "query", encoder)
    signals = ranking_signals.Signals(documents).compare(queries)
    share = models.E5_WEIGHT
    found = {
        "rank": ndcg(task, ranked),
        "BM25 characters": ndcg(task, bm25(task)),
        "duo": ndcg(task, share * signals["e5"] + (1 - share) * signals["use"]),
    }
    for name, values in signals.items():
        found[name] = ndcg(task, values)
    for name in signals:
        left = {
            pair: {one: weight for one, weight in given.items() if one != name}
            for pair, given in ranking_fusion.weights().items()
        }
        without = ranking_fusion.fused(queries, documents, signals, left)
        found[f"without {name}"] = ndcg(task, without)
    return {name: round(value, 4) for name, value in found.items()}


def table(rows: dict[str, dict[str, float]], names: list[str]) -> str:
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
    parser.add_argument("--final", action="store_true", help="own tasks: the untouched halves")
    parser.add_argument("--out", type=Path, default=RESULTS / "quality.json")
    given = parser.parse_args()
    folders = sorted(
        path.parent
        for path in given.data.glob("*/qrels.tsv")
        if not given.task or path.parent.name in given.task
    )
    tasks = [read_task(folder, given.queries) for folder in folders]
    tasks += [
        task
        for task in own_tasks(given.data.parent / "onet" / "occupations.tsv", final=given.final)
        if not given.task or task.name in given.task
    ]
    if not tasks:
        print(
            f"No development task in {given.data}: nothing was measured. "
            "Name the directory that holds them with --data.",
            file=sys.stderr,
        )
        return 2
    encoder = Remembering(load())
    started = time.monotonic()
    rows: dict[str, dict[str, float]] = {}
    sizes: dict[str, str] = {}
    for task in tasks:
        sampled = f" of {task.whole:,}, seed {SEED}" if len(task.queries) < task.whole else ""
        sizes[task.name] = f"{len(task.queries):,} queries{sampled}, {len(task.documents):,} docs"
        print(f"{task.name}: {sizes[task.name]}", file=sys.stderr, flush=True)
        rows[task.name] = measure(encoder, task)
    names = list(next(iter(rows.values())))
    print(table(rows, [name for name in names if not name.startswith("without")]))
    print()
    print(table(rows, ["rank", *(name for name in names if name.startswith("without"))]))
    info = describe()
    report = {
        "measure": f"nDCG@{DEPTH}", "model": info.name, "revision": info.revision,
        "weights": ranking_fusion.weights(), "day": time.strftime("%Y-%m-%d"),
        "load_average": round(os.getloadavg()[0], 1),
        "cpus": os.cpu_count(), "seconds": round(time.monotonic() - started, 1),
        "tasks": sizes, "ndcg": rows,
    }  # fmt: skip
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"\n{info.name} {info.revision}; written to {given.out}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
