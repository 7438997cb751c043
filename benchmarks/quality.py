"""How well texts are ranked (nDCG@10): by `manage.py rank`, by each of its parts, and by peers.

    .venv/bin/pip install -r benchmarks/requirements.txt      (bm25s and MiniLM; else left out)
    .venv/bin/python benchmarks/quality.py [--data ../shared/data/dev] [--task NAME] [--final]

Measures every development task of benchmarks/tasks.py, or with `--final` the halves on which
nothing was chosen; --data may be any directory of task folders (queries.jsonl and docs.jsonl with
id and text, qrels.tsv with query, document, grade). "rank" is the very ranker of `manage.py rank`;
"without X" is the same with one signal's weight at nothing; peers are those of benchmarks/peers.py,
and "ratio" is rank over the best of them. Prints three tables and writes
benchmarks/results/quality.json. Documents are all kept; where a task has more than --queries
queries, that many are drawn with a fixed seed, and the table says so.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import channels, peers, tasks  # noqa: E402
from benchmarks.tasks import DATA, DEPTH, SEED, Task  # noqa: E402
from corridor.embeddings import describe, load, models  # noqa: E402
from corridor.matching import ranking, ranking_fusion  # noqa: E402

RESULTS = ROOT / "benchmarks" / "results"
WITHOUT = "without "
_TURNED = ("_untitled", "_mixed")  # tasks turned from another: its peers say enough


def measure(encoder: channels.Remembering, task: Task) -> dict[str, float]:
    """The ranker's figure, those of its parts alone, and what each part is worth to it."""
    ranker = ranking.Ranker(task.documents, task.document_ids, encoder=encoder)
    ranked = np.full((len(task.queries), len(task.documents)), -np.inf, np.float32)
    for row, (places, _scores) in zip(ranked, ranker.rank(task.queries, top=DEPTH), strict=True):
        row[places] = -np.arange(len(places), dtype=np.float32)
    channel = channels.read(task, encoder)
    signals = channel.signals
    share = models.E5_WEIGHT
    found = {
        "rank": tasks.ndcg(task, ranked),
        "duo": tasks.ndcg(task, share * signals["e5"] + (1 - share) * signals["use"]),
    }
    alone = {name: values for name, values in signals.items() if name != "sure"}
    found |= {name: tasks.ndcg(task, values) for name, values in alone.items()}
    for name in signals:
        left = {
            pair: {one: weight for one, weight in given.items() if one != name}
            for pair, given in ranking_fusion.weights().items()
        }
        without = ranking_fusion.fused(channel.queries, channel.documents, signals, left)
        found[f"{WITHOUT}{name}"] = tasks.ndcg(task, without)
    return {name: round(value, 4) for name, value in found.items()}


def beside(rows: dict[str, dict[str, float]], rank: dict[str, float]) -> str:
    """Peers of the same run, rank over the best of them, and the dossier's figures."""
    names = [name for name in peers.NAMES if any(name in found for found in rows.values())]
    head = ["task", *names, "rank", "ratio", "dossier: " + ", ".join(peers.DOSSIER_NAMES)]
    lines = ["| " + " | ".join(head) + " |", "|---|" + "---|" * (len(head) - 1)]
    for task, found in rows.items():
        told = peers.DOSSIER.get(task)
        cells = [f"{found[name]:.3f}" if name in found else "" for name in names]
        cells += [f"{rank[task]:.3f}", f"{rank[task] / max(found.values()):.2f}"]
        cells.append(", ".join(f"{value:.2f}" for value in told) if told else "")
        lines.append(f"| {task} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def table(rows: dict[str, dict[str, float]], names: list[str]) -> str:
    lines = ["| task | " + " | ".join(names) + " |", "|---|" + "---|" * len(names)]
    lines += [
        f"| {task} | " + " | ".join(f"{found[name]:.3f}" for name in names) + " |"
        for task, found in rows.items()
    ]
    means = [float(np.mean([found[name] for found in rows.values()])) for name in names]
    lines.append("| mean | " + " | ".join(f"{value:.3f}" for value in means) + " |")
    return "\n".join(lines)


def earlier(file: Path) -> dict[str, Any]:
    """What a run wrote, if its model and weights are those in use: it would measure the same."""
    report = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    same = (describe().revision, ranking_fusion.weights())
    return report if (report.get("revision"), report.get("weights")) == same else {}


def chosen(data: Path, wanted: list[str] | None, *, final: bool, most: int) -> list[Task]:
    """The tasks of a directory; with the shared development data, the project's own as well."""
    if final:
        found = tasks.final(data)
    elif (data.parent / "onet").exists():
        found = tasks.development(data, most)
    else:
        found = tasks.public(data, most)
    return [task for task in found if not wanted or task.name in wanted]


def write(
    out: Path,
    sizes: dict[str, str],
    rows: dict[str, dict[str, float]],
    others: dict[str, dict[str, float]],
    **told: float,
) -> None:
    info = describe()
    report = {
        "measure": f"nDCG@{DEPTH}", "model": info.name, "revision": info.revision,
        "weights": ranking_fusion.weights(), "day": time.strftime("%Y-%m-%d"),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores", **told,
        "tasks": sizes, "ndcg": rows, "peers": others, "dossier": peers.DOSSIER,
    }  # fmt: skip
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description="nDCG@10 of the text ranking")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--task", action="append", help="only this one (may be repeated)")
    parser.add_argument("--queries", type=int, default=1_000, help="most queries of a task")
    parser.add_argument("--final", action="store_true", help="the untouched halves")
    either = parser.add_mutually_exclusive_group()
    either.add_argument("--no-peers", action="store_true", help="the ranking and its parts alone")
    either.add_argument(
        "--peers-only", action="store_true",
        help="add peers to what the last run of the same model and weights wrote",
    )  # fmt: skip
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    measured = chosen(given.data, given.task, final=given.final, most=given.queries)
    if not measured:
        print(
            f"No development task in {given.data}: nothing was measured. "
            "Name the directory that holds them with --data.",
            file=sys.stderr,
        )
        return 2
    out = given.out or RESULTS / ("quality_final.json" if given.final else "quality.json")
    encoder = channels.Remembering(load())
    started = time.monotonic()
    last = earlier(out) if given.peers_only else {}
    rows: dict[str, dict[str, float]] = last.get("ndcg", {})
    others: dict[str, dict[str, float]] = last.get("peers", {})
    sizes: dict[str, str] = last.get("tasks", {})
    compare = None if given.no_peers else peers.scores()
    for task in measured:
        sampled = f" of {task.whole:,}, seed {SEED}" if len(task.queries) < task.whole else ""
        sizes[task.name] = f"{len(task.queries):,} queries{sampled}, {len(task.documents):,} docs"
        print(f"{task.name}: {sizes[task.name]}", file=sys.stderr, flush=True)
        rows[task.name] = rows.get(task.name) or measure(encoder, task)
        if compare is not None and not task.name.endswith(_TURNED):
            scores = compare(task, channels.read(task, encoder))
            others[task.name] = others.get(task.name, {}) | {
                name: round(tasks.ndcg(task, values), 4) for name, values in scores.items()
            }
        # After each task, so that a run cut short leaves what it measured.
        write(
            out, sizes, rows, others, seconds=round(time.monotonic() - started, 1),
            load_average=round(os.getloadavg()[0], 1),
        )  # fmt: skip
    names = list(next(iter(rows.values())))
    if others:
        print(beside(others, {name: found["rank"] for name, found in rows.items()}) + "\n")
    print(table(rows, [name for name in names if not name.startswith(WITHOUT)]) + "\n")
    print(table(rows, ["rank", *(name for name in names if name.startswith(WITHOUT))]))
    info = describe()
    print(f"\n{info.name} {info.revision}; written to {out}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
