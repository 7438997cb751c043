"""The rules over everybody, and over one pair, beside the plain evaluator in the same run.

    .venv/bin/python benchmarks/rules.py [--candidates 1000000] [--programs 10000] [--json FILE]

Makes a population from a seed (benchmarks/population.py; no database), judges every pathway for
every candidate with every program by signatures, counts all verdicts, and holds a sample of pairs
against `rules.assess`. What the plain evaluator would take for all pairs is extrapolated from that
sample. Prints a table and writes benchmarks/results/rules.json.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import statistics
import sys
import threading
import time
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import population  # noqa: E402
from corridor import rules  # noqa: E402
from corridor.rules.columns import FactTable  # noqa: E402
from corridor.rules.everybody import DISPLAYS, Verdicts, assess_all  # noqa: E402
from corridor.rules.running import engine as running_engine  # noqa: E402
from corridor.rules.verdicts import VERDICTS  # noqa: E402

RESULTS = ROOT / "benchmarks" / "results" / "rules.json"
SEED = 20261127
MOST_SECONDS, MOST_BYTES, MOST_MS = 60.0, 2_000_000_000, 3.0  # what is asked


class Peak:
    """The most memory of this process while it is open, above what it had before, in bytes."""

    def __enter__(self) -> Peak:
        self.before = self.most = _resident()
        self._on = True
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def _watch(self) -> None:
        while self._on:
            self.most = max(self.most, _resident())
            time.sleep(0.005)

    def __exit__(self, *_: object) -> None:
        self._on = False
        self._thread.join()

    @property
    def grown(self) -> int:
        return max(self.most, _resident()) - self.before


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


class Sample:
    """Pairs drawn at random, with their flat facts."""

    def __init__(self, count: int, mine: Any, theirs: Any, tracks: Any) -> None:
        rng = np.random.default_rng(SEED)
        self.rows = rng.integers(0, mine.size, count)
        self.columns = rng.integers(0, theirs.size, count)
        self.facts = [
            self._pair(mine, theirs, tracks, i, j)
            for i, j in zip(self.rows.tolist(), self.columns.tolist(), strict=True)
        ]

    @staticmethod
    def _pair(mine: Any, theirs: Any, tracks: Any, i: int, j: int) -> dict[str, Any]:
        facts = {}
        for table, at in ((mine, i), (theirs, j)):
            for name, column in table.columns.items():
                if (code := column.codes[at]) > 0:
                    facts[name] = column.values[code]
        for name, given in tracks.items():
            value = given.values[given.table.block(np.array([i]), np.array([j]))[0, 0]]
            if value is not None:
                facts[name] = value
        return facts


def everybody(given: argparse.Namespace, day: date) -> tuple[dict[str, Any], Verdicts, Sample]:
    started = time.perf_counter()
    mine, study, classes = population.people(given.candidates, day, SEED)
    theirs, _kind, _starts = population.programs(given.programs, day, SEED)
    made = time.perf_counter() - started
    rules.pathways()  # the data are read once a process
    with Peak() as peak:
        started, cpu = time.perf_counter(), time.process_time()
        tracks = population.intern_tracks(study, classes, theirs)
        paired = time.perf_counter() - started
        found = assess_all(mine, theirs, day=day, over=tracks)
        judged = time.perf_counter() - started
        counts = found.counts()
        seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    pairs = given.candidates * given.programs
    assert all(sum(each.values()) == pairs for each in counts.values())
    signatures = {}
    for name, left in found.left.items():
        persons, posts = found.signatures(left)
        signatures[name] = len(persons.first), len(posts.first)
    some = min(100_000, given.candidates)
    report = {
        "population_seconds": round(made, 2),
        "read_in_seconds_extrapolated": round(read_in(mine, some) * given.candidates / some, 1),
        "facts_of_pairs_seconds": round(paired, 2),
        "judged_seconds": round(judged - paired, 2),
        "counted_seconds": round(seconds - judged, 2),
        "seconds": round(seconds, 2),
        "cpu_seconds": round(cpu, 2),
        "result_bytes": found.nbytes,
        "peak_bytes_beside_results": max(0, peak.grown - found.nbytes),
        "signatures": signatures,
        "counts": counts,
    }
    return report, found, Sample(given.sample, mine, theirs, tracks)


def read_in(mine: Any, count: int) -> float:
    """Seconds to put the flat facts of `count` candidates into columns."""
    columns = [(name, each.codes[:count].tolist(), each.values)
               for name, each in mine.columns.items()]  # fmt: skip
    facts = [
        {name: values[codes[at]] for name, codes, values in columns if codes[at]}
        for at in range(min(count, mine.size))
    ]
    started = time.perf_counter()
    FactTable.of(facts)
    return time.perf_counter() - started


def plainly(sample: Sample, found: Verdicts, day: date) -> dict[str, Any]:
    """The plain evaluator on the sample, nothing remembered; and whether both agree."""
    engine = running_engine()
    plan = engine.plan(day, engine.chosen(None, None))
    for facts in sample.facts[:50]:  # warm
        plan.evaluate(engine.completed(facts, day))
    started = time.perf_counter()
    for facts in sample.facts:
        known = engine.completed(facts, day)
        plan.evaluate(known)
        engine.holds_back(known, day)
    taken = time.perf_counter() - started
    differing = 0
    shown = {
        name: [found.display(name, np.array([i]), np.array([j]))[0, 0]
               for i, j in zip(sample.rows, sample.columns, strict=True)]
        for name in found.left
    }  # fmt: skip
    for at, facts in enumerate(sample.facts):
        mine = found.of(int(sample.rows[at]), int(sample.columns[at]))
        for verdict in rules.assess(facts, day=day).verdicts:
            same = mine[verdict.pathway] == verdict.verdict
            differing += not (same and DISPLAYS[shown[verdict.pathway][at]] == verdict.display)
    return {
        "pairs": len(sample.facts),
        "ms_a_pair": round(1000 * taken / len(sample.facts), 4),
        "verdicts_compared": len(sample.facts) * len(found.left),
        "verdicts_that_differ": differing,
    }


def explained(sample: Sample, day: date, count: int) -> dict[str, Any]:
    """One pair, all pathways, as a page shows it."""
    times, judged, processor = [], [], []
    gc.collect()
    gc.freeze()  # no web process carries this population, to be searched for garbage
    for facts in sample.facts[:20]:
        rules.assess(facts, day=day).as_dict("ko")
    for facts in sample.facts[20 : 20 + count]:
        started, cpu = time.perf_counter(), time.process_time()
        found = rules.assess(facts, day=day)
        between = time.perf_counter()
        found.as_dict("ko")
        times.append(1000 * (time.perf_counter() - started))
        processor.append(1000 * (time.process_time() - cpu))
        judged.append(1000 * (between - started))
    times.sort()
    return {
        "pairs": len(times),
        "verdicts_median_ms": round(statistics.median(judged), 3),
        "median_ms": round(statistics.median(times), 2),
        "cpu_median_ms": round(statistics.median(processor), 2),
        "p95_ms": round(times[int(0.95 * (len(times) - 1))], 2),
        "worst_ms": round(times[-1], 2),
    }


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--candidates", type=int, default=1_000_000)
    asked.add_argument("--programs", type=int, default=10_000)
    asked.add_argument("--sample", type=int, default=2_000, help="pairs for the plain evaluator")
    asked.add_argument("--explained", type=int, default=400, help="pairs with explanations")
    asked.add_argument("--json", type=Path, default=RESULTS)
    given = asked.parse_args()
    day = date(2026, 11, 27)
    load = os.getloadavg()[0]
    whole, found, sample = everybody(given, day)
    plain = plainly(sample, found, day)
    one = explained(sample, day, given.explained)
    pairs = given.candidates * given.programs
    days = plain["ms_a_pair"] * pairs / 1000 / 86_400
    report = {
        "day": time.strftime("%Y-%m-%d"), "law_of": day.isoformat(), "revision": found.revision,
        "candidates": given.candidates, "programs": given.programs, "pairs": pairs,
        "pathways": len(found.left), "cpus": os.cpu_count(), "load_average": round(load, 1),
        "load_average_after": round(os.getloadavg()[0], 1),
        "machine": platform.machine(), "python": platform.python_version(),
        "everybody": whole, "plain": plain, "one_pair": one,
        "plain_days_extrapolated": round(days, 1),
    }  # fmt: skip
    show(report)
    given.json.parent.mkdir(parents=True, exist_ok=True)
    given.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return 1 if plain["verdicts_that_differ"] else 0


def show(report: dict[str, Any]) -> None:
    whole, plain, one = report["everybody"], report["plain"], report["one_pair"]
    beside = whole["peak_bytes_beside_results"]
    days = report["plain_days_extrapolated"]
    rows = [
        ("everybody: all verdicts, counted (s)", whole["seconds"], MOST_SECONDS),
        ("  processor time of it (s)", whole["cpu_seconds"], None),
        ("  before it: flat facts into columns (s, extrapolated)",
         whole["read_in_seconds_extrapolated"], None),
        ("  facts of pairs (s)", whole["facts_of_pairs_seconds"], None),
        ("  judging (s)", whole["judged_seconds"], None),
        ("  counting (s)", whole["counted_seconds"], None),
        ("  peak memory beside results (MB)", round(beside / 1e6), MOST_BYTES / 1e6),
        ("  results (MB)", round(whole["result_bytes"] / 1e6, 1), None),
        ("one pair with explanations, median (ms)", one["median_ms"], MOST_MS),
        ("  processor time of it, median (ms)", one["cpu_median_ms"], None),
        ("one pair with explanations, 95 % (ms)", one["p95_ms"], MOST_MS),
        ("one pair, verdicts alone, median (ms)", one["verdicts_median_ms"], None),
        ("plain evaluator (ms a pair)", plain["ms_a_pair"], None),
        ("plain evaluator, all pairs (days, extrapolated)", days, None),
    ]
    print(f"{report['candidates']:,} candidates x {report['programs']:,} programs, "
          f"{report['pathways']} pathways, law of {report['law_of']}")  # fmt: skip
    print(f"{'':<56}{'measured':>12}{'asked':>10}{'ratio':>8}")
    for name, value, limit in rows:
        ratio = f"{value / limit:>8.2f}" if limit else f"{'':>8}"
        print(f"{name:<56}{value:>12,}{limit or '':>10}{ratio}")
    faster = days * 86_400 / whole["seconds"] if whole["seconds"] else 0
    print(f"{'plain, extrapolated, to everybody':<56}{'':>12}{'':>10}{faster:>8,.0f}")
    print()
    print(f"{'pathway':<30}{'signatures':>14}" + "".join(f"{name:>16}" for name in VERDICTS))
    for name, counts in whole["counts"].items():
        persons, posts = whole["signatures"][name]
        print(f"{name:<30}{f'{persons} x {posts}':>14}" + "".join(
            f"{counts[verdict]:>16,}" for verdict in VERDICTS
        ))  # fmt: skip
    print()
    print(f"{plain['verdicts_compared']:,} verdicts of {plain['pairs']:,} pairs compared with "
          f"rules.assess: {plain['verdicts_that_differ']} differ")  # fmt: skip
    print(f"{report['cpus']} cores ({report['machine']}), Python {report['python']}, load "
          f"{report['load_average']} before and {report['load_average_after']} after")  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
