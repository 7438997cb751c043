"""Server time and query count of every page a person opens most, on the demo corridor.

    python3 run.py manage load_demo && python3 run.py manage embed_all
    .venv/bin/python benchmarks/pages.py [--repeat 15] [--out pages.json]

Times are medians of the whole request (middleware, queries, templates) in this process, warm, in
milliseconds, without the network. `cold` is the first request of the process to that page.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "corridor.config.settings")

from corridor.config.env import needs_embedded_services
from corridor.demo import services

if needs_embedded_services(["benchmark"]):
    services.ensure_for_command()

import django

django.setup()

# ruff: noqa: E402  (models are importable only once Django is set up)
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from corridor.accounts.models import User
from corridor.programs.models import Program

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def pages() -> list[tuple[str, str, str]]:
    """(who, name, address)."""
    firm = User.objects.get(email="firm@demo.example").memberships.first().organization.slug
    posted = Program.objects.filter(organization__slug=firm).order_by("pk").first()
    program = Program.objects.filter(is_sample=True, status="published").order_by("pk").first()
    hub = program.hub.slug
    return [
        ("", "home", "/ko/"),
        ("", "search, no words", "/ko/programs/"),
        ("", "search, Korean", "/ko/programs/?q=용접"),
        ("", "search, facets", "/ko/programs/?kind=internship&sector=batteries"),
        ("", "program, visitor", f"/ko/programs/{program.pk}/"),
        ("student", "program, candidate", f"/ko/programs/{program.pk}/"),
        ("", "hubs", "/ko/hubs/"),
        ("", "hub", f"/ko/hubs/{hub}/"),
        ("", "sector", "/ko/sectors/batteries/"),
        ("", "visa routes", "/ko/pathways/"),
        ("", "visa route", "/ko/pathways/j1_intern/"),
        ("student", "my page", "/ko/me/"),
        ("student", "my matches", "/ko/me/matches/"),
        ("technician", "my matches", "/ko/me/matches/"),
        ("student", "my profile", "/ko/me/profile/"),
        ("student", "my questions", "/ko/me/questions/"),
        ("student", "my applications", "/ko/me/applications/"),
        ("firm", "workplace", f"/ko/org/{firm}/"),
        ("firm", "applicants", f"/ko/org/{firm}/programs/{posted.pk}/applicants/"),
        ("firm", "candidates", f"/ko/org/{firm}/programs/{posted.pk}/candidates/"),
        ("staff", "staff", "/ko/staff/"),
        ("", "API programs", "/api/v1/programs/"),
    ]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--repeat", type=int, default=15)
    asked.add_argument("--out", type=Path)
    options = asked.parse_args()
    settings.ALLOWED_HOSTS = ["*"]
    rows = []
    for who, name, address in pages():
        client = Client()
        if who:
            client.force_login(User.objects.get(email=f"{who}@demo.example"), BACKEND)
        times = []
        for _turn in range(options.repeat + 1):
            started = time.perf_counter()
            answer = client.get(address)
            times.append(1000 * (time.perf_counter() - started))
            assert answer.status_code == 200, (address, answer.status_code)
        with CaptureQueriesContext(connection) as seen:  # counted apart: counting costs time
            client.get(address)
        rows.append(
            {
                "page": name, "who": who or "visitor", "cold_ms": round(times[0], 1),
                "median_ms": round(statistics.median(times[1:]), 1),
                "worst_ms": round(max(times[1:]), 1), "queries": len(seen),
                "kilobytes": round(len(answer.content) / 1000, 1),
            }
        )  # fmt: skip
    load = os.getloadavg()[0]
    print(f"{'page':<22}{'who':<12}{'median':>8}{'worst':>8}{'cold':>8}{'queries':>9}{'kB':>7}")
    for row in rows:
        print(
            f"{row['page']:<22}{row['who']:<12}{row['median_ms']:>8}{row['worst_ms']:>8}"
            f"{row['cold_ms']:>8}{row['queries']:>9}{row['kilobytes']:>7}"
        )
    print(f"{os.cpu_count()} cores, load {load:.1f}, Python {platform.python_version()}")
    if options.out:
        options.out.write_text(json.dumps({"load": load, "rows": rows}, indent=1))


if __name__ == "__main__":
    main()
