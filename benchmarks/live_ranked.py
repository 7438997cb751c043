"""A host's ranked candidates among everybody, against the exact best; called by live.py."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Sequence
from datetime import date
from typing import Any
from unittest import mock

import numpy as np
from django.utils import timezone

from corridor.candidates import queries as candidates
from corridor.candidates.models import Candidate
from corridor.matching import blocks, lists, pinned, queries, snapshot
from corridor.matching.models import Block, Run
from corridor.programs import queries as programs
from corridor.programs.models import Program

Row = dict[str, Any]


def ranked(posts: Sequence[Program]) -> list[Row]:
    """Who is shown to a host, against the best of everybody by the whole score: by the index alone
    (no run has finished), and from the lists that a run keeps."""
    day = timezone.localdate()
    run = _run_over(posts, day)
    # Of the best of everybody those who let themselves be found: nobody else may be shown.
    codes = dict(candidates.findable().filter(
        pk__in={each.candidate for post in posts for each in _listed(run, post)}
    ).values_list("pk", "card_code"))  # fmt: skip
    exact = [
        [codes[each.candidate] for each in _listed(run, post) if each.candidate in codes][:50]
        for post in posts
    ]
    rows: list[Row] = []
    for how, state in (("the index alone", "cancelled"), ("a run's lists, and the index", "done")):
        Run.objects.filter(pk=run.pk).update(state=state)
        found, times, used = [], [], []
        for post in posts:
            started, busy = time.perf_counter(), time.process_time()
            shown = queries.candidates_for(Program.objects.get(pk=post.pk), day=day)
            times.append(1000 * (time.perf_counter() - started))
            used.append(1000 * (time.process_time() - busy))
            found.append([card.card_code for card in shown])
        row = {"ranked": how, "programs": len(posts), "ms": round(statistics.median(times), 1),
               "cpu_ms": round(statistics.median(used), 1)}  # fmt: skip
        for depth in (10, 50):
            shares = [len({*f[:depth]} & {*e[:depth]}) / max(1, len(e[:depth]))
                      for f, e in zip(found, exact, strict=True)]  # fmt: skip
            row[f"recall_{depth}"] = round(statistics.mean(shares), 4)
        rows.append(row)
        print(f"a host's ranked candidates, {how}: {json.dumps(row)}", flush=True)
    return rows


def _listed(run: Run, post: Program) -> list[Any]:
    return snapshot.best_candidates(post.pk, run)


def _run_over(posts: Sequence[Program], day: date) -> Run:
    """A finished run of everybody with these programs alone, as its blocks would leave it; the one
    made before, where it still holds. Minutes for a million."""
    mark = "exact lists of " + " ".join(str(post.pk) for post in posts)
    now = pinned.now()
    Run.objects.filter(state="done").update(state="cancelled")
    found = Run.objects.filter(problem=mark, day=day, yardstick_at=now["yardstick_at"],
                               rules_revision=now["rules_revision"])  # fmt: skip
    run: Run | None = found.first()
    if run is not None:
        Run.objects.filter(pk=run.pk).update(state="done")
        run.refresh_from_db()
        return run
    started = time.perf_counter()
    run = Run(day=day, state="cancelled", finished_at=timezone.now(), **now)
    run.save()
    chosen = programs.published(day).filter(pk__in=[post.pk for post in posts])
    with mock.patch.object(blocks.programs, "published", lambda _day: chosen):
        read = blocks._read_posts(run)
    floors = np.full(len(read.ids), -np.inf, np.float32)
    pairs = np.zeros(0, lists.PAIR)
    ids = Candidate.objects.filter(user__is_active=True).order_by("pk").values_list("pk", flat=True)
    everybody = 0
    for first, last in blocks.ranges(iter(list(ids)), blocks.MOST_CANDIDATES):
        some = Block(run=run, first_id=first, last_id=last)
        people = blocks._read_people(run, blocks._people_of(some))
        everybody += len(people.rows)
        kept = lists.packed(blocks._in_matrices(people, read, day, floors, 1), run)
        pairs = lists.best(np.concatenate([pairs, kept]), "program", "candidate", 100)
    lists.copy_candidates(run, pairs, blocks.BEST_CANDIDATES)
    Run.objects.filter(pk=run.pk).update(state="done", problem=mark, candidates=everybody)
    run.refresh_from_db()
    print(f"{everybody:,} people with {len(posts)} programs, exactly: "
          f"{time.perf_counter() - started:.0f} s", flush=True)  # fmt: skip
    return run
