"""Seconds from a save until what follows from it is there, with a worker running: a profile's new
vector, its row in the last run's lists; a program's column; and a closed program out of all lists.

    python3 run.py                       (in one window)
    .venv/bin/python benchmarks/saved.py [--times 10]     (in another)

Makes one run first where there is none. Beside the worker's times: the same two computations in
this process, without outbox, broker and waiting.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "corridor.config.settings")

from corridor.config.env import needs_embedded_services
from corridor.demo import services as servers

if needs_embedded_services(["benchmark"]):
    servers.ensure_for_command()

import django

django.setup()

# ruff: noqa: E402  (models are importable only once Django is set up)
from collections.abc import Callable

from django.core.management import call_command
from django.utils import timezone

from corridor.candidates import services
from corridor.candidates.models import Candidate
from corridor.matching import pinned, refreshing, snapshot
from corridor.matching.models import BestCandidates, BestPrograms, Run
from corridor.programs import services as programs
from corridor.programs.models import Program

PATIENCE_S = 60.0


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--times", type=int, default=10)
    times = asked.parse_args().times
    run = standing()
    me = Candidate.objects.select_related("user").get(user__email="student@demo.example")
    own = BestCandidates.objects.filter(run=run, program__organization__memberships__isnull=False)
    post = Program.objects.get(pk=own.order_by("program").values_list("program_id", flat=True)[0])
    host = post.organization.memberships.select_related("user").first().user
    people = Candidate.objects.filter(user__is_active=True).count()
    print(f"{people:,} people, {run.programs:,} programs, load {os.getloadavg()[0]:.1f}")
    before, summary = me.about, post.summary_en

    def profile(turn: int) -> None:
        services.save_profile(me, by=me.user, about=f"{before} {turn + 1}")

    def program(turn: int) -> None:
        programs.save_program(post, by=host, summary_en=f"{summary} {turn + 1}")

    mine = BestPrograms.objects.filter(run=run, candidate=me)
    column = BestCandidates.objects.filter(run=run, program=post)
    listed = BestPrograms.objects.filter(run=run, programs__contains=[post.pk])
    is_fresh = lambda _since: Candidate.objects.get(pk=me.pk).vector_is_fresh  # noqa: E731
    tell("profile saved -> its vector", timed(times, profile, is_fresh))
    tell("profile saved -> its row and places in columns", timed(
        times, profile, lambda since: mine.filter(changed_at__gt=since).exists()
    ))  # fmt: skip
    tell("program saved -> its column and places in rows", timed(
        times, program, lambda since: column.filter(changed_at__gt=since).exists()
    ))  # fmt: skip
    services.save_profile(me, by=me.user, about=before)
    programs.save_program(post, by=host, summary_en=summary)
    was = listed.count()
    programs.close(post, by=host)
    tell(f"program closed -> out of {was:,} rows", [until(lambda: not listed.exists())])
    programs.publish(post, by=host)
    here = [seconds(lambda: refreshing.candidate_changed(me.pk)) for _turn in range(times)]
    tell("one row, in this process (no queue)", here)
    here = [seconds(lambda: refreshing.program_changed(post.pk)) for _turn in range(times)]
    tell("one column, in this process (no queue)", here)
    print(f"load {os.getloadavg()[0]:.1f}")


def standing() -> Run:
    run = snapshot.latest()
    try:
        if run is not None:
            pinned.check_scores(run)
    except pinned.Moved:
        run = None
    if run is None or not BestPrograms.objects.filter(run=run).exists():
        call_command("match_run", wait=True, json=True)
        run = snapshot.latest()
    assert run is not None
    return run


def timed(times: int, save: Callable[[int], None], is_there: Callable[..., bool]) -> list[float]:
    took = []
    for turn in range(times):
        since, started = timezone.now(), time.perf_counter()
        save(turn)
        until(lambda since=since: is_there(since))
        took.append(time.perf_counter() - started)
    return took


def until(is_there: Callable[[], bool]) -> float:
    started = time.perf_counter()
    while not is_there():
        if time.perf_counter() - started > PATIENCE_S:
            sys.exit(f"Not there after {PATIENCE_S:.0f} s: is a worker running? (python3 run.py)")
        time.sleep(0.02)
    return time.perf_counter() - started


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def tell(what: str, took: list[float]) -> None:
    print(f"{what:48} median {statistics.median(took):5.2f} s, worst {max(took):5.2f} s")


if __name__ == "__main__":
    main()
