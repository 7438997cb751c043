"""What a page costs among a million people: server time, queries, and recall of the indexes.

    CORRIDOR_VAR=/some/where .venv/bin/python benchmarks/live.py --fill 1000000x10000

The first time this makes a database of its own there, fills it (benchmarks/live_fill.py) and builds
its indexes, which takes an hour or two; from then on it measures at once. Without --fill it
measures the database that is running, as `python benchmarks/pages.py` does.

Times are of whole requests (middleware, queries, templates) in this process, warm, each of another
person, in milliseconds; `bare` is a view that answers "ok" through the same middleware to the same
person. `cpu` is this process's own part. faiss and usearch are compared where they are installed
(`pip install faiss-cpu usearch`); neither is needed by the product.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import quote_plus

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "corridor.config.settings")

from corridor.config.env import needs_embedded_services
from corridor.demo import services

if needs_embedded_services(["benchmark"]):
    if "--fill" in sys.argv and not os.environ.get("CORRIDOR_VAR"):
        raise SystemExit("--fill needs CORRIDOR_VAR: a folder for a database of its own.")
    if "--fill" in sys.argv:
        services.prefer(
            Path(os.environ["CORRIDOR_VAR"]),
            {"shared_buffers": "2GB", "max_wal_size": "8GB", "checkpoint_timeout": "30min"},
        )
    services.ensure_for_command()

import django

django.setup()

# ruff: noqa: E402  (models are importable only once Django is set up)
import structlog
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import path
from django.utils import timezone

from corridor.accounts.models import User
from corridor.candidates.models import Candidate
from corridor.common import vectors
from corridor.config.gunicorn import spare_the_collector
from corridor.matching import posting, queries, spaces
from corridor.matching.rows import candidate_row
from corridor.programs import queries as programs
from corridor.programs.models import Program

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SEARCHES = (
    "용접", "반도체 인턴", "반도체 인턴 Texas", "semiconducter", "weldng",
    "배터리 설비 보전 조지아", "PLC", "robot", "레이저 용저", "machine vision",
    "electrode coating", "연구", "internship", "data center cooling", "반도ㅊ",
)  # fmt: skip
DEPTHS = (10, 50, 200, 400)
# Filters of a search for people: what the product asks (walks of life), and a rarer one.
FILTERS = {
    "everybody": "", "technicians": "AND walk = 'technician'",
    "researchers": "AND walk = 'researcher'", "1 in 100": "AND mod(id, 100) = 7",
}  # fmt: skip
Row = dict[str, Any]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--fill", metavar="PEOPLExPROGRAMS")
    asked.add_argument("--seed", type=int, default=4)
    asked.add_argument("--repeat", type=int, default=15, help="people and posts a row")
    asked.add_argument("--queries", type=int, default=8, help="vectors whose neighbors are checked")
    asked.add_argument("--no-recall", action="store_true")
    asked.add_argument("--out", type=Path)
    options = asked.parse_args()
    logging.disable(logging.WARNING)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    settings.ALLOWED_HOSTS = ["*"]
    report: Row = {"day": date.today().isoformat(), "machine": machine()}
    if options.fill:
        report["index"] = filled(options.fill, options.seed)
    report["data"] = {"candidates": Candidate.objects.count(), "programs": Program.objects.count()}
    print("{candidates:,} candidates, {programs:,} programs; ".format(**report["data"]), end="")
    print(report["machine"])
    report["pages"] = pages(options.repeat)  # first: what follows reads all people through memory
    if not options.no_recall:
        import live_ranked

        report["ranked"] = live_ranked.ranked(_own(options.repeat)[2])
        report["recall"] = recall(options.queries)
    report["load"] = os.getloadavg()[0]
    out = options.out or (Path(__file__).parent / "results" / "live.json" if options.fill else None)
    if out:
        out.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n")


def machine() -> str:
    return (
        f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, "
        f"load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}"
    )


def filled(wanted: str, seed: int) -> Row:
    """The database brought to `wanted`, its indexes built; how long that took and their size."""
    import live_fill

    people, posts = map(int, wanted.split("x"))
    live_fill.fill(people, posts, seed=seed, say=lambda text: print(text, flush=True))
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '3GB'")
        started = time.perf_counter()
        names = spaces.make_indexes(vectors.space(), from_rows=min(5_000, posts))
        seconds = time.perf_counter() - started
        sizes = {}
        for name in names:
            cursor.execute("SELECT pg_relation_size(%s::regclass)", [name])
            sizes[name] = cursor.fetchone()[0]
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_prewarm")
        for name in names:
            cursor.execute("SELECT pg_prewarm(%s)", [name])
        cursor.execute("SELECT avg(pg_column_size(vector)) FROM candidates_candidate")
        stored = cursor.fetchone()[0]
        cursor.execute("CHECKPOINT")  # a server with much to write is slow to stop
    kept = Path(os.environ.get("CORRIDOR_VAR", ".")) / "live_index.json"
    if seconds > 30 or not kept.exists():  # built now, not found standing
        kept.write_text(json.dumps({"seconds": round(seconds), "load": os.getloadavg()[0]}))
    built = json.loads(kept.read_text())
    found = {
        "build_seconds": built["seconds"], "build_load": built["load"],
        "bytes": sizes, "bytes_a_vector_stored": round(stored),
        "neighbors": spaces.NEIGHBORS, "looked_through": spaces.LOOKED_THROUGH,
    }  # fmt: skip
    print(f"Indexes: {json.dumps(found)}")
    return found


# --- whole pages ----------------------------------------------------------------------------------


def pages(repeat: int) -> list[Row]:
    """Every address of a row is asked by another person or for other words."""
    people = [each.user for each in _some(Candidate.objects.select_related("user"), repeat)]
    firm, slug, posts = _own(repeat)
    spare_the_collector()  # as the web server does
    list(posting.read(programs.published(timezone.localdate())))  # as in a worker that has served
    bare = ModuleType("bare_urls")
    bare.urlpatterns = [path("ok/", lambda request: HttpResponse("ok"))]  # type: ignore[attr-defined]
    rows = []
    with override_settings(ROOT_URLCONF=bare):
        rows.append(measured("bare view", [(user, "/ok/") for user in people]))
    asked = {
        "my matches": [(user, "/ko/me/matches/") for user in people],
        "my matches, looked at again": [(user, "/ko/me/matches/") for user in people],
        "search, words": [(None, f"/ko/programs/?q={quote_plus(text)}") for text in SEARCHES],
        "search, no words": [(None, "/ko/programs/")] * repeat,
        "search, facets": [(None, "/ko/programs/?kind=internship&sector=batteries")] * repeat,
        "search, words and facets": [
            (None, f"/ko/programs/?kind=internship&q={quote_plus(text)}") for text in SEARCHES
        ],
        "candidates for a program": [
            (firm, f"/ko/org/{slug}/programs/{post.pk}/candidates/") for post in posts
        ],
        **_others(people, firm, slug, repeat),
    }
    heads = ("median", "95 %", "cpu", "queries", "x bare", "asked")
    print(f"\n{'page':<28}" + "".join(f"{head:>8}" for head in heads))
    for name, addresses in asked.items():
        rows.append(measured(name, addresses))
    for row in rows[1:]:
        row["asked_ms"] = 60 if row["page"].startswith(("my matches", "search")) else None
    for row in rows:
        row["to_bare"] = round(row["median_ms"] / rows[0]["median_ms"], 1)
        print(
            f"{row['page']:<28}{row['median_ms']:>8}{row['p95_ms']:>8}{row['cpu_ms']:>8}"
            f"{row['queries']:>8}{row['to_bare']:>8}{row.get('asked_ms') or '':>8}"
        )
    print(f"load {os.getloadavg()[0]:.1f}")
    return rows


def _others(
    people: Sequence[User], firm: User, slug: str, repeat: int
) -> dict[str, list[tuple[Any, str]]]:
    """Pages for which no figure is asked, and that must not grow with the nation either."""
    posts = _some(programs.published(timezone.localdate()), repeat)
    university = User.objects.get(email="university@demo.example")
    school = university.memberships.first().organization.slug
    staff = User.objects.filter(is_staff=True).order_by("pk").first()
    few = min(repeat, 8)
    return {
        "my home": [(user, "/ko/me/") for user in people],
        "my plan": [(user, "/ko/me/plan/") for user in people],
        "my profile": [(user, "/ko/me/profile/") for user in people],
        "a program, candidate": [
            (user, f"/ko/programs/{post.pk}/") for user, post in zip(people, posts, strict=False)
        ],
        "hubs": [(None, "/ko/hubs/")] * few,
        "a firm's home": [(firm, f"/ko/org/{slug}/")] * few,
        "a university's students": [(university, f"/ko/org/{school}/students/")] * few,
        "a university's nominations": [(university, f"/ko/org/{school}/nominations/")] * few,
        "staff, home": [(staff, "/ko/staff/")] * few,
    }


def _own(count: int) -> tuple[User, str, list[Program]]:
    """The demo's firm, its address, and some of its open programs."""
    firm = User.objects.get(email="firm@demo.example")
    slug = firm.memberships.first().organization.slug
    own = Program.objects.filter(organization__slug=slug, external_host="")
    return firm, slug, _some(programs.published(timezone.localdate()) & own, count)


def measured(name: str, addresses: Sequence[tuple[Any, str]]) -> Row:
    clients = {}
    for user, _address in addresses:
        if user not in clients:
            clients[user] = Client()
            clients[user].handler.load_middleware()  # a server does it once, a test client each
            if user is not None:
                clients[user].force_login(user, BACKEND)
    times, used, counts = [], [], []
    for user, address in addresses[:3]:  # what a process does only once
        _get(clients[user], address)
    for user, address in addresses:
        started, busy = time.perf_counter(), time.process_time()
        _get(clients[user], address)
        times.append(1000 * (time.perf_counter() - started))
        used.append(1000 * (time.process_time() - busy))
    for user, address in addresses:  # counted apart: counting costs time
        with CaptureQueriesContext(connection) as seen:
            _get(clients[user], address)
        counts.append(len(seen))
    times.sort()
    low, high = min(counts), max(counts)
    return {
        "page": name, "median_ms": round(statistics.median(times), 1),
        "p95_ms": round(times[int(0.95 * (len(times) - 1))], 1),
        "cpu_ms": round(statistics.median(used), 1),
        "queries": str(low) if low == high else f"{low}-{high}", "requests": len(times),
    }  # fmt: skip


def _get(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)


def _some(rows: Any, count: int) -> list[Any]:
    """Rows spread evenly over the ids, the same on every run."""
    ids = list(rows.order_by("pk").values_list("pk", flat=True).filter(vector__isnull=False))
    step = max(1, len(ids) // count)
    return list(rows.filter(pk__in=ids[step // 2 :: step][:count]).order_by("pk"))


# --- recall ---------------------------------------------------------------------------------------


def recall(count: int) -> list[Row]:
    """Nearest rows by the index against the exact ones, as the product asks and with variants."""
    day, space = timezone.localdate(), vectors.space()
    rows: list[Row] = []
    people = _some(Candidate.objects.prefetch_related(*queries.CANDIDATE_PREFETCH), count)
    posts = _some(programs.published(day), count)
    print(f"\n{'nearest':<26}{'how':<38}" + "".join(f"{f'@{k}':>8}" for k in DEPTHS) + f"{'ms':>9}")

    def compare(
        what: str, asked: list[Callable[[], list[int]]], ways: dict[str, Any],
        ours: list[Callable[[], list[int]]] | None = None,
    ) -> None:  # fmt: skip
        with _set(enable_indexscan="off"):
            exact, exact_ms = _timed(asked)
        _tell(rows, what, "pgvector, exact", exact, exact, exact_ms)
        found, ms = _timed(ours or asked)
        _tell(rows, what, "HNSW, as the product asks", found, exact, ms)
        for how, given in ways.items():
            with _set(**given):
                found, ms = _timed(asked)
            _tell(rows, what, how, found, exact, ms)

    def near_programs(one: Candidate, *, as_asked: bool = False) -> Callable[[], list[int]]:
        found = queries._passing(programs.published(day), candidate_row(one, day=day))
        near = found.filter(vector_revision=space.revision)
        if as_asked:  # the statement itself says at how many rows the index looks
            near = vectors.looking_at(near)
        near = near.annotate(distance=queries._distance(one, space))
        return lambda: list(near.order_by("distance").values_list("pk", flat=True)[: queries.POOL])

    ways: dict[str, Any] = {
        f"HNSW, ef_search {ef}": {"hnsw.ef_search": ef} for ef in (100, 200, 400, 1000)
    }
    compare(
        "programs for a person", [near_programs(one) for one in people], ways,
        [near_programs(one, as_asked=True) for one in people],
    )  # fmt: skip

    ways = {}
    for ef in (200, 1000):
        for order in ("strict_order", "relaxed_order"):
            ways[f"HNSW, {order}, ef_search {ef}"] = {
                "hnsw.iterative_scan": order, "hnsw.ef_search": ef,
            }  # fmt: skip
    ways["HNSW, relaxed, ef 1000, scan 100,000"] = {
        "hnsw.iterative_scan": "relaxed_order", "hnsw.ef_search": 1000,
        "hnsw.max_scan_tuples": 100_000, "hnsw.scan_mem_multiplier": 8,
    }  # fmt: skip
    for name, condition in FILTERS.items():
        compare(
            f"people: {name}",
            [_near_people(post, condition, space) for post in posts], ways,
        )  # fmt: skip
    for row in _peers(posts, space):
        rows.append(row)
    return rows


def _near_people(post: Program, condition: str, space: Any) -> Callable[[], list[int]]:
    size = int(space.dimensions)
    sql = (
        f"SELECT id FROM candidates_candidate WHERE vector_revision = '{space.revision}' "
        f"AND visibility = 'findable' {condition} "
        f"ORDER BY (vector::halfvec({size})) <=> %s::halfvec({size}) LIMIT {max(DEPTHS)}"
    )
    vector = "[" + ",".join(map(str, post.vector)) + "]"

    def asked() -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute(sql, [vector])
            return [row[0] for row in cursor.fetchall()]

    return asked


def _timed(asked: Sequence[Callable[[], list[int]]]) -> tuple[list[list[int]], float]:
    found, times = [], []
    for ask in asked:
        started = time.perf_counter()
        found.append(ask())
        times.append(1000 * (time.perf_counter() - started))
    return found, statistics.median(times)


def _tell(
    rows: list[Row], what: str, how: str, found: list[list[int]], exact: list[list[int]], ms: float
) -> None:
    shares = {}
    for depth in DEPTHS:
        pairs = [(set(f[:depth]), set(e[:depth])) for f, e in zip(found, exact, strict=True)]
        if any(len(theirs) == depth for _mine, theirs in pairs):
            shares[f"recall_{depth}"] = round(
                statistics.mean(len(mine & theirs) / max(1, len(theirs)) for mine, theirs in pairs),
                4,
            )
    rows.append({"nearest": what, "how": how, "ms": round(ms, 1), "queries": len(found), **shares})
    told = "".join(f"{shares.get(f'recall_{depth}', ''):>8}" for depth in DEPTHS)
    print(f"{what:<26}{how:<38}{told}{ms:>9.1f}", flush=True)


def _peers(posts: Sequence[Program], space: Any) -> Iterator[Row]:
    """faiss and usearch over the programs' vectors, in memory; each where it is installed."""
    import numpy as np

    stored = np.array(
        list(Program.objects.filter(vector_revision=space.revision).order_by("pk")
             .values_list("vector", flat=True)), np.float32,
    )  # fmt: skip
    stored /= np.linalg.norm(stored, axis=1, keepdims=True)
    asked = np.array(
        [each.vector for each in _some(Candidate.objects.all(), 60)], np.float32
    )
    asked /= np.linalg.norm(asked, axis=1, keepdims=True)
    k = queries.POOL
    exact: list[list[int]] = [np.argsort(-(stored @ one))[:k].tolist() for one in asked]
    rows: list[Row] = []

    def told(how: str, search: Callable[[Any], Any]) -> None:
        work = [lambda one=one: [int(at) for at in search(one)] for one in asked]
        found, ms = _timed(work)
        _tell(rows, "programs, all, in memory", how, found, exact, ms)

    told("numpy, exact", lambda one: np.argsort(-(stored @ one))[:k])
    try:
        import faiss

        flat = faiss.IndexFlatIP(stored.shape[1])
        flat.add(stored)
        told("faiss IndexFlatIP, exact", lambda one: flat.search(one[None], k)[1][0])
        graph = faiss.IndexHNSWFlat(stored.shape[1], spaces.NEIGHBORS, faiss.METRIC_INNER_PRODUCT)
        graph.hnsw.efConstruction = spaces.LOOKED_THROUGH
        graph.add(stored)
        graph.hnsw.efSearch = 400
        told("faiss HNSW, efSearch 400", lambda one: graph.search(one[None], k)[1][0])
    except ImportError:
        print("faiss is not installed: not compared")
    try:
        from usearch.index import Index

        found = Index(
            ndim=stored.shape[1], metric="cos", dtype="f16", connectivity=spaces.NEIGHBORS,
            expansion_add=spaces.LOOKED_THROUGH, expansion_search=400,
        )  # fmt: skip
        found.add(np.arange(len(stored)), stored)
        told("usearch f16, expansion 400", lambda one: found.search(one, k).keys)
    except ImportError:
        print("usearch is not installed: not compared")
    yield from rows


@contextmanager
def _set(**given: Any) -> Iterator[None]:
    """Settings of this connection for a while."""
    with connection.cursor() as cursor:
        before = {}
        for name, value in given.items():
            cursor.execute(f"SHOW {name}")
            before[name] = cursor.fetchone()[0]
            cursor.execute(f"SET {name} = '{value}'")
        try:
            yield
        finally:
            for name, value in before.items():
                cursor.execute(f"SET {name} = '{value}'")


if __name__ == "__main__":
    main()
