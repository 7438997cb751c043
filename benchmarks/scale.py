"""All pairs of a national crowd, beside the bare matrix product and faiss in the same run.

    .venv/bin/pip install -r benchmarks/requirements.txt
    .venv/bin/python benchmarks/scale.py [--candidates 1000000] [--programs 10000] [--peers 100000]
    .venv/bin/python benchmarks/scale.py --cuda     # ours and the bare product on the GPU

Makes a crowd from a seed (benchmarks/crowd.py; no database), scores every candidate with every
program in full and keeps both sides' best. The peers do the cosine alone over the first `--peers`
candidates, before and after, and are extrapolated to all. Prints a table and writes
benchmarks/results/scale.json. With `--cuda` the first 4,096 candidates are scored by the code for
processors as well, and what the two keep is compared.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import platform
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import crowd as crowds  # noqa: E402
from benchmarks.rules import Peak, _resident  # noqa: E402
from corridor.matching.allpairs.engine import Engine  # noqa: E402
from corridor.matching.allpairs.verdicts import Shown  # noqa: E402
from corridor.matching.tables import Array  # noqa: E402
from corridor.rules.everybody import assess_all  # noqa: E402

RESULTS = ROOT / "benchmarks" / "results" / "scale.json"
DAY = date(2026, 11, 27)
SEED = 20261127
BEST_PROGRAMS, BEST_CANDIDATES = 20, 100  # as matching.blocks has it, which needs a database
MOST_RATIO, MOST_BYTES = 1.5, 6e9


class Stored:
    """Vectors in a file, as a run finds them in its database; read a block at a time."""

    def __init__(self, folder: str, base: Array, count: int) -> None:
        self.path, self.size, self.count = Path(folder) / "vectors.f32", base.shape[1], count
        rng = np.random.default_rng(SEED + 1)
        with self.path.open("wb") as file:
            for start in range(0, count, 20_000):
                crowds.mixed(rng, base, min(20_000, count - start)).tofile(file)

    def __call__(self, first: int, last: int) -> Array:
        flat = np.fromfile(
            self.path, np.float32, (last - first) * self.size, offset=4 * first * self.size
        )
        made: Array = flat.reshape(last - first, self.size)
        return made


def products(stored: Stored, programs: Array, count: int, threads: int) -> tuple[float, float]:
    """Seconds, and seconds of processor time, of the bare float32 product of the first `count`
    candidates with all programs."""
    import torch

    torch.set_num_threads(threads)
    turned = torch.from_numpy(programs).t()
    out = torch.empty((2_000, len(programs)))
    taken = cpu = 0.0
    for start in range(0, count, 2_000):
        block = torch.from_numpy(stored(start, min(start + 2_000, count)))
        if start == 0:
            torch.mm(block, turned, out=out[: len(block)])  # warm
        started, began = time.perf_counter(), time.process_time()
        torch.mm(block, turned, out=out[: len(block)])
        taken += time.perf_counter() - started
        cpu += time.process_time() - began
    return taken, cpu


def faiss(stored: Stored, programs: Array, count: int, threads: int) -> tuple[float, float] | None:
    """Seconds of faiss' exact search of 20 by cosine; None where it is not installed."""
    try:
        import faiss as library
    except ImportError:
        return None
    library.omp_set_num_threads(threads)
    index = library.IndexFlatIP(programs.shape[1])
    index.add(programs)
    taken = cpu = 0.0
    for start in range(0, count, 20_000):
        block = stored(start, min(start + 20_000, count))
        started, began = time.perf_counter(), time.process_time()
        index.search(block, BEST_PROGRAMS)
        taken += time.perf_counter() - started
        cpu += time.process_time() - began
    return taken, cpu


def products_on_gpu(stored: Stored, programs: Array, count: int) -> tuple[float, float]:
    """As `products`: a block lies on the GPU before its product is timed, and the product stays."""
    import torch

    turned = torch.from_numpy(programs).cuda().t()
    out = torch.empty((2_000, len(programs)), device="cuda")
    taken = cpu = 0.0
    for start in range(0, count, 2_000):
        block = torch.from_numpy(stored(start, min(start + 2_000, count))).cuda()
        if start == 0:
            torch.mm(block, turned, out=out[: len(block)])  # warm
        torch.cuda.synchronize()
        started, began = time.perf_counter(), time.process_time()
        torch.mm(block, turned, out=out[: len(block)])
        torch.cuda.synchronize()
        taken += time.perf_counter() - started
        cpu += time.process_time() - began
    return taken, cpu


def same_on_both(made: crowds.Corridor, stored: Stored, threads: int, count: int) -> dict[str, Any]:
    """What the code for the GPU and the code for processors keep of the first `count`."""
    from corridor.matching.allpairs import gpu

    few = slice(0, min(count, len(made.crowd)))
    shown = Shown.of(
        assess_all(first(made.people, few.stop), made.programs, day=DAY),
        made.kinds, made.exempt[few], made.in_korea,
    )  # fmt: skip
    best = {"programs": BEST_PROGRAMS, "candidates": BEST_CANDIDATES}
    kept = []
    for make in (partial(Engine, threads=threads), gpu.Engine):
        kept.append(make(made.posts, **best).run(made.crowd[few], stored, shown))
        made.posts.__dict__.pop("book")
    mine, theirs = kept
    return {
        "candidates": few.stop,
        "most_apart": float(max(
            np.abs(mine.program_scores - theirs.program_scores).max(),
            np.abs(mine.candidate_scores - theirs.candidate_scores).max(),
        )),
        "programs_named_otherwise": int((mine.programs != theirs.programs).sum()),
        "of_programs": mine.programs.size,
        "candidates_named_otherwise": int((mine.candidates != theirs.candidates).sum()),
        "of_candidates": mine.candidates.size,
    }  # fmt: skip


def ours(
    made: crowds.Corridor, stored: Stored, threads: int, *, cuda: bool = False
) -> tuple[dict[str, Any], Any]:
    with Peak() as peak:
        started, began = time.perf_counter(), time.process_time()
        verdicts = assess_all(made.people, made.programs, day=DAY, over=made.tracks)
        judged = time.perf_counter() - started
        shown = Shown.of(verdicts, made.kinds, made.exempt, made.in_korea)
        laid = time.perf_counter() - started
        best = {"programs": BEST_PROGRAMS, "candidates": BEST_CANDIDATES}
        engine: Any
        if cuda:
            from corridor.matching.allpairs import gpu

            engine = gpu.Engine(made.posts, **best)
        else:
            engine = Engine(made.posts, **best, threads=threads)
        ready = time.perf_counter() - started

        def told(done: int) -> None:
            now = time.perf_counter() - started
            print(f"\r{done:,} candidates, {now:.0f} s", end="", file=sys.stderr, flush=True)

        kept = engine.run(made.crowd, stored, shown, told=told)
        seconds = time.perf_counter() - started
        cpu = time.process_time() - began
        print(file=sys.stderr)
    return {
        "seconds": round(seconds, 2),
        "cpu_seconds": round(cpu, 2),
        "verdicts_seconds": round(judged, 2),
        "verdict_rows_seconds": round(laid - judged, 2),
        "programs_seconds": round(ready - laid, 2),
        "pairs_seconds": round(seconds - ready, 2),
        "peak_resident_bytes": max(peak.most, _resident()),
        "rows_of_points": len(made.posts.book),
        "rows_of_verdicts": len(shown.rows),
    }, kept  # fmt: skip


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--candidates", type=int, default=1_000_000)
    asked.add_argument("--programs", type=int, default=10_000)
    asked.add_argument("--peers", type=int, default=100_000, help="candidates for the peers")
    asked.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    asked.add_argument("--json", type=Path, default=RESULTS)
    asked.add_argument("--cuda", action="store_true", help="on the GPU")
    given = asked.parse_args()
    load = os.getloadavg()[0]
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as apart:
        gold = apart.submit(crowds.Gold.read).result()
    started = time.perf_counter()
    made = crowds.corridor(given.candidates, given.programs, DAY, SEED, gold)
    with tempfile.TemporaryDirectory(dir=ROOT / "var") as folder:
        stored = Stored(folder, gold.profiles, given.candidates)
        made_in = time.perf_counter() - started
        peers = min(given.peers, given.candidates)
        threads, programs = given.threads, made.posts.vectors
        warm(made, stored, threads)
        compared = same_on_both(made, stored, threads, 4_096) if given.cuda else None

        def alone() -> list[tuple[float, float] | None]:
            if given.cuda:
                return [products_on_gpu(stored, programs, peers), None]
            return [products(stored, programs, peers, threads),
                    faiss(stored, programs, peers, threads)]  # fmt: skip

        before = alone()
        mine, kept = ours(made, stored, threads, cuda=given.cuda)
        after = alone()
    whole = given.candidates / peers
    found = [
        None if one is None or other is None
        else [round((a + b) / 2 * whole, 2) for a, b in zip(one, other, strict=True)]
        for one, other in zip(before, after, strict=True)
    ]
    product, search = found[0], found[1] or [None, None]
    report = {
        "day": time.strftime("%Y-%m-%d"), "candidates": given.candidates,
        "programs": given.programs, "dimensions": programs.shape[1], "threads": threads,
        "cpus": os.cpu_count(), "machine": platform.machine(),
        "python": platform.python_version(), "load_average": round(load, 1),
        "load_average_after": round(os.getloadavg()[0], 1), "made_seconds": round(made_in, 1),
        "peers_measured_on": peers, "product_seconds": product[0],
        "product_cpu_seconds": product[1], "faiss_seconds": search[0],
        "faiss_cpu_seconds": search[1],
        "peers_seconds": {"before": before, "after": after}, "ours": mine,
        "on_both": compared, "on": _card() if given.cuda else "processors",
        "overlapping_terms_a_pair": overlap(made), "kept_pairs": int((kept.programs >= 0).sum()),
    }  # fmt: skip
    show(report)
    given.json.parent.mkdir(parents=True, exist_ok=True)
    given.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return 0


def warm(made: crowds.Corridor, stored: Stored, threads: int) -> None:
    """Compile (or load what was compiled) before anything is timed."""
    few = slice(0, min(64, len(made.crowd)))
    verdicts = assess_all(first(made.people, few.stop), made.programs, day=DAY)
    shown = Shown.of(verdicts, made.kinds, made.exempt[few], made.in_korea)
    engine = Engine(made.posts, programs=2, candidates=2, threads=threads)
    engine.run(made.crowd[few], stored, shown)
    made.posts.__dict__.pop("book")


def first(people: Any, count: int) -> Any:
    return people.__class__(
        count,
        {name: column.__class__(column.codes[:count], column.values)
         for name, column in people.columns.items()},
    )  # fmt: skip


def _card() -> str:
    import torch

    return f"{torch.cuda.get_device_name()}, torch {torch.__version__}"


def overlap(made: crowds.Corridor) -> float:
    some = made.crowd.terms[:200]
    shared = some @ (made.posts.weighed.matrix > 0).astype(np.float32)
    return round(float(shared.sum()) / (200 * len(made.posts)), 2)


def show(report: dict[str, Any]) -> None:
    mine = report["ours"]
    product, search = report["product_seconds"], report["faiss_seconds"]
    rows = [
        ("bare float32 product (s)", product, None),
        ("faiss IndexFlatIP, the cosine alone (s)", search, None),
        ("ours: full scores, both sides' best (s)", mine["seconds"], MOST_RATIO * product),
        ("  of it: verdicts by signature (s)", mine["verdicts_seconds"], None),
        ("  laying out verdicts and programs (s)",
         round(mine["verdict_rows_seconds"] + mine["programs_seconds"], 2), None),
        ("  pairs (s)", mine["pairs_seconds"], None),
        ("ours against faiss (s)", mine["seconds"], search),
        ("processor time: the product (s)", report["product_cpu_seconds"], None),
        ("processor time: faiss (s)", report["faiss_cpu_seconds"], None),
        ("processor time: ours (s)", mine["cpu_seconds"],
         MOST_RATIO * report["product_cpu_seconds"]),
        ("most memory (MB)", round(mine["peak_resident_bytes"] / 1e6), MOST_BYTES / 1e6),
    ]
    print(f"{report['candidates']:,} candidates x {report['programs']:,} programs, "
          f"{report['dimensions']} dimensions, {report['threads']} threads")  # fmt: skip
    print(f"{'':<46}{'measured':>12}{'asked':>10}{'ratio':>8}")
    for name, value, limit in rows:
        value = "not installed" if value is None else f"{value:,}"
        asked = f"{limit:>10,.1f}" if limit else f"{'':>10}"
        ratio = f"{float(value.replace(',', '')) / limit:>8.2f}" if limit else ""
        print(f"{name:<46}{value:>12}{asked}{ratio}")
    if report["on_both"]:
        print(f"on {report['on']}; scored by processors as well: {report['on_both']}")
    if product:
        print(f"ours is {mine['seconds'] / product:.2f} times the bare product")
    print(f"peers measured on the first {report['peers_measured_on']:,} candidates, before and "
          f"after, and extrapolated; {report['cpus']} cores ({report['machine']}), load "
          f"{report['load_average']} before and {report['load_average_after']} after")  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
