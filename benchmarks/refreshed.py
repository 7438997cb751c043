"""Seconds to bring one candidate's row, or one program's column, up to date at national size.

    .venv/bin/python benchmarks/refreshed.py [--people 20000] [--programs 10000] [--times 10]

In a PostgreSQL of its own: made-up people and programs (benchmarks/live_fill.py), full lists of
both sides with made-up scores, then `matching.refreshing` in this process. Processor time of this
process stands beside the clock's, as other work on the cores moves the clock.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "corridor.config.settings")

from corridor.demo import services as servers  # noqa: E402

MADE_UP = "made-up lists"  # the run that a kept database (--var) has them of


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--people", type=int, default=20_000)
    asked.add_argument("--programs", type=int, default=10_000)
    asked.add_argument("--times", type=int, default=10)
    asked.add_argument("--var", type=Path, help="where the filled database is kept for a next time")
    options = asked.parse_args()
    quietly = {"progress": lambda text: None}
    with servers.start(options.var, **quietly) if options.var else servers.ephemeral() as running:
        os.environ.update(running.environment(), CORRIDOR_MODE="test")
        import django

        django.setup()
        measure(options.people, options.programs, options.times)


def measure(people: int, posts: int, times: int) -> None:
    import live_fill
    import numpy as np
    from django.db import connection
    from django.utils import timezone

    from corridor.candidates.models import Candidate
    from corridor.common import vectors
    from corridor.matching import blocks, lists, pinned, refreshing, scoring, spaces, yardstick
    from corridor.matching.models import Run
    from corridor.programs import queries as programs

    live_fill.fill(people, posts, seed=7, say=lambda text: None)
    space = vectors.space()
    assert space is not None
    spaces.make_indexes(space, from_rows=1_000)
    day = timezone.localdate()
    ids = np.array(Candidate.objects.order_by("pk").values_list("pk", flat=True))
    open_ = np.array(programs.published(day).order_by("pk").values_list("pk", flat=True))
    random = np.random.default_rng(7)

    def pairs(of: str, mine: np.ndarray, by: str, theirs: np.ndarray, most: int) -> np.ndarray:
        made = np.zeros(len(mine) * most, lists.PAIR)
        made[of] = np.repeat(mine, most)
        # distinct by construction: from a place of its own, in steps of its own
        first = random.integers(0, len(theirs), (len(mine), 1))
        step = random.integers(1, len(theirs) // most, (len(mine), 1))
        made[by] = theirs[(first + step * np.arange(most)) % len(theirs)].ravel()
        made["score"] = random.uniform(0.7, 0.9, len(made))
        split = np.full((len(made), len(scoring.PARTS)), 1 / len(scoring.PARTS))
        made["points"] = lists.whole(split * made["score"][:, None], made["score"])
        return lists.best(made, of, by, most)

    run = Run.objects.filter(problem=MADE_UP).first()
    if run is None:
        yardstick.refresh()
        run = Run.objects.create(
            day=day, candidates=people, programs=posts, state="cancelled",
            finished_at=timezone.now(), **pinned.now(),
        )  # fmt: skip
        for some in np.array_split(ids, max(1, len(ids) // 50_000)):
            most = blocks.BEST_PROGRAMS
            lists.copy_programs(run, pairs("candidate", some, "program", open_, most), most)
        for some in np.array_split(open_, max(1, len(open_) // 5_000)):
            most = blocks.BEST_CANDIDATES
            lists.copy_candidates(run, pairs("program", some, "candidate", ids, most), most)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE matching_bestprograms, matching_bestcandidates")
    Run.objects.exclude(pk=run.pk).filter(state="done").update(state="cancelled")
    Run.objects.filter(pk=run.pk).update(
        state="done", problem=MADE_UP, day=day, **pinned.now()
    )
    print(f"{len(ids):,} people, {len(open_):,} open programs; load {os.getloadavg()[0]:.1f}")
    random = np.random.default_rng()  # others than the last time, whose lists have changed
    some = random.choice(ids, times, replace=False).tolist()
    few = random.choice(open_, times, replace=False).tolist()
    refreshing.candidate_changed(some[0])  # what a process reads only once
    tell("one candidate's row and places", refreshing.candidate_changed, some)
    refreshing.program_changed(few[0])
    tell("one program's column and places", refreshing.program_changed, few)
    Run.objects.filter(pk=run.pk).update(state="cancelled")  # no page is to read made-up lists
    print(f"load {os.getloadavg()[0]:.1f}")


def tell(what: str, change: Callable[[int], int], ids: list[int]) -> None:
    clock, processor = [], []
    for pk in ids:
        started, used = time.perf_counter(), time.process_time()
        change(pk)
        clock.append(time.perf_counter() - started)
        processor.append(time.process_time() - used)
    print(f"{what:34} median {statistics.median(clock):5.2f} s, worst {max(clock):5.2f} s; "
          f"of this process's processor: median {statistics.median(processor):5.2f} s, "
          f"worst {max(processor):5.2f} s")  # fmt: skip


if __name__ == "__main__":
    main()
