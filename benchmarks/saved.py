"""Seconds from saving a profile until its new vector is there, with a worker running.

    python3 run.py                       (in one window)
    .venv/bin/python benchmarks/saved.py [--times 5]     (in another)
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
from corridor.candidates import services
from corridor.candidates.models import Candidate


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--times", type=int, default=5)
    me = Candidate.objects.select_related("user").get(user__email="student@demo.example")
    before, took = me.about, []
    for turn in range(asked.parse_args().times):
        started = time.perf_counter()
        services.save_profile(me, by=me.user, about=f"{before} {turn + 1}")
        while not Candidate.objects.get(pk=me.pk).vector_is_fresh:
            if time.perf_counter() - started > 60:
                sys.exit("No vector after 60 s: is a worker running? (python3 run.py)")
            time.sleep(0.02)
        took.append(time.perf_counter() - started)
    services.save_profile(me, by=me.user, about=before)
    print(f"saved to found: median {statistics.median(took):.2f} s, worst {max(took):.2f} s")
    print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
