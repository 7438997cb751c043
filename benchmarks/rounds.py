"""A cohort round of a nation: deferred acceptance, its certificate, the check, the alternative.

    .venv/bin/python benchmarks/rounds.py [--candidates 100000] [--programs 2000]
        [--planned 100000] [--peer 600 1200 2400 4800 9600]

The round is made up and the same for the same seed: lists of 20 to 30 choices drawn by the
programs' popularity (Zipf, so that a few are wanted by most), scores in hundredths (so that there
are ties for the lottery), 5 % of the pairs barred, every second program limiting regions. It is
measured from arrays in memory, as a run of matching leaves them; the hash of the inputs, the check
and the reasons are counted apart. The peer is HospitalResident of the `matching` package, which
knows neither ties nor limits, on rounds it can do (--peer candidates, a tenth as many programs,
lists of 10, Python's limit on calls lifted). The planner's alternative is ortools' min-cost flow
on --planned candidates. Writes benchmarks/results/rounds.json.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import platform
import resource
import sys
import threading
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from corridor.matching import rounds  # noqa: E402

RESULTS = ROOT / "benchmarks" / "results" / "rounds.json"
SEED = 20261127
MOST_SECONDS = 30.0
REGIONS = ("seoul", "gyeonggi", "busan", "daegu", "incheon", "gwangju", "daejeon", "ulsan")


def made_up(
    candidates: int, programs: int, *, lists: tuple[int, int] = (20, 30), plain: bool = False
) -> rounds.Round:
    """`plain`: strict lists on both sides, no bars and no limits, as the peer needs them."""
    rng = np.random.default_rng(SEED)
    popular = 1.0 / np.arange(1, programs + 1) ** 0.6
    lengths = rng.integers(lists[0], lists[1] + 1, candidates)
    candidate = np.repeat(np.arange(candidates), lengths)
    # Gumbel's trick draws without repetition: the largest of log-weights with noise.
    drawn = []
    for begun in range(0, candidates, 5_000):
        some = lengths[begun : begun + 5_000]
        noise = rng.gumbel(size=(len(some), programs)) + np.log(popular)
        best = np.argsort(-noise, axis=1)[:, : lists[1]]
        drawn.append(np.concatenate([row[:n] for row, n in zip(best, some, strict=True)]))
    program = np.concatenate(drawn)
    place = np.arange(len(candidate)) - np.repeat(np.cumsum(lengths) - lengths, lengths) + 1
    fit = rng.beta(4, 3, len(candidate))
    score = fit if plain else np.round(fit, 2)
    bar = np.where(rng.random(len(candidate)) < 0.05, 1 + rng.integers(0, 3, len(candidate)), 0)
    seats = rng.multinomial(int(candidates * 0.9), np.full(programs, 1 / programs))
    seats = np.maximum(seats, 1)
    limits = [
        rounds.Limits("region", {each: max(1, int(seats[at] * 0.25)) for each in REGIONS})
        if at % 2 and not plain else None
        for at in range(programs)
    ]  # fmt: skip
    return rounds.Round.of(
        name="made up",
        candidates=[f"c{at:06d}" for at in range(candidates)],
        programs=[f"p{at:04d}" for at in range(programs)],
        seats=seats.tolist(), limits=limits,
        groups=[{"region": REGIONS[at]} for at in rng.choice(
            len(REGIONS), candidates, p=np.array([30, 25, 12, 8, 8, 6, 6, 5]) / 100)],
        pairs=rounds.Pairs(candidate, program, place.astype(float), score,
                           np.zeros_like(bar) if plain else bar),
        standing_scored=np.ones(programs, bool),
    ).drawn("benchmark")  # fmt: skip


class Clock:
    def __init__(self) -> None:
        self.rows: dict[str, float] = {}
        self.processor: dict[str, float] = {}

    def time(self, name: str, work: Callable[[], Any]) -> Any:
        started, begun = time.perf_counter(), time.process_time()
        found = work()
        self.rows[name] = time.perf_counter() - started
        self.processor[name] = time.process_time() - begun
        return found


def whole(candidates: int, programs: int) -> tuple[dict[str, Any], rounds.Round]:
    clock = Clock()
    made = clock.time("making the round up", lambda: made_up(candidates, programs))
    orders = clock.time("strict orders of both sides", lambda: rounds.strict(made))
    stable = clock.time("deferred acceptance", lambda: rounds.assign(made, orders))
    book = clock.time("plain look-ups for the check", lambda: rounds.certificate.Book(made))
    by_id = stable.by_id(made)
    clock.time("hash of the inputs", lambda: book.inputs)
    certificate = clock.time("certificate", lambda: rounds.certify(made, by_id, book))
    found = clock.time("independent check", lambda: rounds.verify(made, certificate, book))
    why = clock.time("preparing reasons", lambda: rounds.Explainer(made, certificate, orders))
    reasons = clock.time("a reason for every choice passed", lambda: sum(
        len(told.reasons) for told in why.candidates()
    ))  # fmt: skip
    place = orders.place[stable.program[made.pairs.candidate] == made.pairs.program]
    return {
        "candidates": candidates, "programs": programs, "pairs": len(made.pairs.wish),
        "possible_pairs": int(made.possible.sum()), "seats": int(made.seats.sum()),
        "matched": len(place), "first_choices": int((place == 1).sum()),
        "mean_place": round(float(place.mean()), 2), "violations": len(found),
        "reasons": reasons, "seconds": {name: round(took, 2) for name, took in clock.rows.items()},
        "processor_seconds": {
            name: round(took, 2) for name, took in clock.processor.items()
        },
        "certificate_mb": round(len(json.dumps(rounds.certificate.write(certificate))) / 1e6, 1),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }, made  # fmt: skip


def planned(candidates: int, programs: int, at_hand: rounds.Round) -> dict[str, Any]:
    made = at_hand if len(at_hand.candidates) == candidates else made_up(candidates, programs)
    clock = Clock()
    stable = clock.time("deferred acceptance with orders", lambda: rounds.assign(made))
    flow = clock.time("min-cost flow (ortools)", lambda: rounds.planner.plan(made))
    compared = clock.time("comparison", lambda: rounds.planner.compare(made, stable, flow))
    return {
        "candidates": candidates, "programs": len(made.programs), "pairs": len(made.pairs.wish),
        "seconds": {name: round(took, 2) for name, took in clock.rows.items()},
        **dataclasses.asdict(compared),
    }  # fmt: skip


def peer(candidates: int) -> dict[str, Any]:
    from matching.games import HospitalResident

    made = made_up(candidates, max(10, candidates // 10), lists=(10, 10), plain=True)
    told = rounds.files.write(made)
    lists = {entry["id"]: entry["choices"] for entry in told["candidates"]}
    rankings = {
        entry["id"]: sorted(entry["scores"], key=lambda who, said=entry["scores"]: -said[who])
        for entry in told["programs"] if entry["scores"]
    }  # fmt: skip
    seats = {entry["id"]: entry["seats"] for entry in told["programs"]}
    clock = Clock()
    ours = clock.time("ours", lambda: rounds.assign(made).by_id(made))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        game = clock.time("peer, making the game", lambda: (
            HospitalResident.create_from_dictionaries(lists, rankings, seats)
        ))  # fmt: skip
        solved = clock.time("peer, solving", lambda: game.solve(optimal="resident"))
    theirs = {who.name: key.name for key, admitted in solved.items() for who in admitted}
    return {
        "candidates": candidates, "programs": len(rankings),
        "seconds": {name: round(took, 4) for name, took in clock.rows.items()},
        "same_assignment": theirs == {who: key for who, key in ours.items() if key},
    }  # fmt: skip


def with_deep_calls(work: Callable[[], Any]) -> Any:
    """The peer copies its players by recursion and fails at Python's usual limit of 1,000 calls
    from about 1,000 candidates on; here it may go as deep as it likes."""
    found: list[Any] = []
    usual = sys.getrecursionlimit()
    threading.stack_size(1 << 29)
    sys.setrecursionlimit(1_000_000)
    thread = threading.Thread(target=lambda: found.append(work()))
    thread.start()
    thread.join()
    sys.setrecursionlimit(usual)
    return found[0]


def show(report: dict[str, Any]) -> None:
    big, flow = report["round"], report["planner"]
    print(f"{big['candidates']:,} candidates x {big['programs']:,} programs, {big['pairs']:,} "
          f"choices ({big['possible_pairs']:,} possible), {big['seats']:,} seats")  # fmt: skip
    print(f"{'':<50}{'seconds':>10}{'processor':>11}{'limit':>8}{'ratio':>8}")
    for name, took in big["seconds"].items():
        print(f"{name:<50}{took:>10,.2f}{big['processor_seconds'][name]:>11,.2f}")
    for name in ("assigned", "assigned_and_checked"):
        took, busy = report[name]
        print(f"{name.replace('_', ' '):<50}{took:>10,.2f}{busy:>11,.2f}{MOST_SECONDS:>8,.0f}"
              f"{took / MOST_SECONDS:>8.2f}")  # fmt: skip
    print(f"matched {big['matched']:,}, with their first choice {big['first_choices']:,}, mean "
          f"place {big['mean_place']}; {big['violations']} violations; {big['reasons']:,} reasons; "
          f"certificate {big['certificate_mb']} MB; peak {big['peak_mb']:,} MB\n")  # fmt: skip
    print(f"The planner's alternative: {flow['candidates']:,} candidates x {flow['programs']:,} "
          f"programs, {flow['pairs']:,} choices")  # fmt: skip
    print(f"{'':<46}{'stable':>12}{'flow':>12}{'ratio':>8}")
    names = list(flow["seconds"])
    one, other = flow["seconds"][names[0]], flow["seconds"][names[1]]
    print(f"{'seconds':<46}{one:>12,.2f}{other:>12,.2f}{other / one:>8.2f}")
    for name, value in flow["stable"].items():
        beside = flow["planned"][name]
        ratio = f"{beside / value:>8.3f}" if value else ""
        print(f"{name.replace('_', ' '):<46}{value:>12,.10g}{beside:>12,.10g}{ratio}")
    print(f"by their own lists, better off {flow['better_off']:,}, worse off "
          f"{flow['worse_off']:,}; matched in the round only {flow['only_stable']:,}, by the "
          f"planner only {flow['only_planned']:,}\n")  # fmt: skip
    print(f"{'peer: matching ' + report['peer_version']:<34}{'ours (s)':>10}{'solving (s)':>13}"
          f"{'ratio':>8}{'and making (s)':>16}  same assignment")  # fmt: skip
    for row in report["peer"]:
        name = f"{row['candidates']:,} x {row['programs']:,}, lists of 10"
        ours, making, theirs = row["seconds"].values()
        print(f"{name:<34}{ours:>10.4f}{theirs:>13.3f}{theirs / ours:>8.1f}"
              f"{making + theirs:>16.2f}  {'yes' if row['same_assignment'] else 'NO'}")  # fmt: skip
    print(f"\n{report['cpus']} cores ({report['machine']}), Python {report['python']}, load "
          f"{report['load_average']} before and {report['load_average_after']} after")  # fmt: skip


def main() -> int:
    from importlib.metadata import version

    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--candidates", type=int, default=100_000)
    asked.add_argument("--programs", type=int, default=2_000)
    asked.add_argument("--planned", type=int, default=100_000)
    asked.add_argument("--peer", type=int, nargs="*", default=[600, 1_200, 2_400, 4_800, 9_600])
    asked.add_argument("--json", type=Path, default=RESULTS)
    given = asked.parse_args()
    load = os.getloadavg()[0]
    big, made = whole(given.candidates, given.programs)
    first = ("strict orders of both sides", "deferred acceptance")
    then = ("plain look-ups for the check", "hash of the inputs", "certificate",
            "independent check")  # fmt: skip

    def added(names: tuple[str, ...]) -> list[float]:
        """Seconds and processor seconds."""
        return [
            round(sum(big[kind][name] for name in names), 2)
            for kind in ("seconds", "processor_seconds")
        ]

    few = max(1, given.programs * given.planned // given.candidates)
    report = {
        "day": time.strftime("%Y-%m-%d"), "round": big, "assigned": added(first),
        "assigned_and_checked": added(first + then),
        "planner": planned(given.planned, few, made),
        "peer": with_deep_calls(lambda: [peer(many) for many in given.peer]),
        "peer_version": version("matching"), "ortools": version("ortools"), "cpus": os.cpu_count(),
        "machine": platform.machine(), "python": platform.python_version(),
        "load_average": round(load, 1), "load_average_after": round(os.getloadavg()[0], 1),
    }  # fmt: skip
    show(report)
    given.json.parent.mkdir(parents=True, exist_ok=True)
    given.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    same = all(row.get("same_assignment", True) for row in report["peer"])
    return 0 if same and not big["violations"] else 1


if __name__ == "__main__":
    sys.exit(main())
