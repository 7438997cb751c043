"""Server time and query counts of what pages read, on the database that is running.

    python manage.py load_demo && python manage.py embed_all
    python benchmarks/live.py [--repeat 15] [--out live.json]

Times are of this process alone (no HTTP, no templates), warm, in milliseconds.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "corridor.config.settings")

import django

django.setup()

# ruff: noqa: E402  (models are importable only once Django is set up)
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from corridor.candidates.models import Candidate
from corridor.candidates.texts import PREFETCH
from corridor.matching import queries
from corridor.matching.views import MatchView
from corridor.programs.models import Program


def told(views: list[MatchView]) -> None:
    """Everything a list of matches shows."""
    for view in views:
        shown = [view.headline, view.pathway_sentence, view.parts, view.percent]
        shown += [str(point) for point in (*view.reasons, *view.gaps)]
        assert shown


def measured(work: Callable[[Any], Any], subjects: list[Any], fresh: Callable[[Any], Any]) -> dict:
    work(fresh(subjects[0]))  # what a process does only once
    times, counts = [], []
    for subject in subjects:
        row = fresh(subject)
        with CaptureQueriesContext(connection) as seen:
            started = time.perf_counter()
            work(row)
            times.append(1000 * (time.perf_counter() - started))
        counts.append(len(seen))
    times.sort()
    return {
        "median_ms": round(statistics.median(times), 1),
        "p95_ms": round(times[int(0.95 * (len(times) - 1))], 1),
        "queries": f"{min(counts)}-{max(counts)}" if min(counts) != max(counts) else counts[0],
    }


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--repeat", type=int, default=15)
    asked.add_argument("--out", type=Path)
    options = asked.parse_args()
    day = timezone.localdate()
    people = list(
        Candidate.objects.filter(vector__isnull=False).order_by("card_code").values_list(
            "pk", flat=True)[: options.repeat]
    )  # fmt: skip
    posts = list(
        Program.objects.filter(status="published", vector__isnull=False).order_by("pk").values_list(
            "pk", flat=True)[: options.repeat]
    )  # fmt: skip
    if not people or not posts:
        raise SystemExit("No embedded candidates or programs. Run load_demo and embed_all first.")

    def candidate(pk: int) -> Candidate:
        return Candidate.objects.prefetch_related(*PREFETCH).get(pk=pk)

    def program(pk: int) -> Program:
        return Program.objects.select_related("organization", "hub__state", "sector").get(pk=pk)

    some_program = program(posts[0])
    rows = {
        "programs_for, 20 matches told": (
            lambda c: told(queries.programs_for(c, day=day)), people, candidate),
        "match of one program": (
            lambda c: told([queries.match(c, some_program, day=day)]), people, candidate),
        "hubs_for": (
            lambda c: [hub.reasons for hub in queries.hubs_for(c, day=day)], people, candidate),
        "workable_programs": (
            lambda c: queries.workable_programs(c, day=day), people, candidate),
        "candidates_for, 50 cards": (
            lambda p: [card.skills for card in queries.candidates_for(p, day=day)], posts, program),
    }  # fmt: skip
    counted = f"{Candidate.objects.count():,} candidates, {Program.objects.count():,} programs"
    machine = f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores"
    print(f"{counted}; {machine}; {options.repeat} subjects a row; {day}")
    print(f"{'':34}{'median ms':>10}{'95 % ms':>10}{'queries':>9}")
    results = {}
    with translation.override("ko"):
        for name, (work, subjects, fresh) in rows.items():
            found = results[name] = measured(work, subjects, fresh)
            print(f"{name:34}{found['median_ms']:>10}{found['p95_ms']:>10}{found['queries']:>9}")
    if options.out:
        options.out.write_text(json.dumps(
            {"rows": results, "data": counted, "machine": machine, "day": day.isoformat()}, indent=1
        ))  # fmt: skip


if __name__ == "__main__":
    main()
