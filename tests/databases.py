"""What the tests' databases begin as: migrated once in a run, and with the demo loaded once.

A run of several processes has one PostgreSQL (conftest.py). `template()` migrates one database
there, which every test database is copied from; `load_demo()` brings the demo's rows back by COPY
after its first load. That migrations and the demo's loader work is other tests' matter.
"""

from __future__ import annotations

import fcntl
import os
import pickle
import subprocess
import sys
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.core.management.color import no_style
from django.db import connection, transaction

from corridor.demo import loading
from corridor.places.services import load_ground

ROOT = Path(__file__).resolve().parents[1]


def address(database: str) -> str:
    """The tests' PostgreSQL with another database than the one it was started with."""
    return urlunsplit(urlsplit(os.environ["CORRIDOR_DATABASE_URL"])._replace(path=f"/{database}"))


def own(name: str) -> str:
    """`name` for this process alone: processes side by side share the servers."""
    return f"{name}_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"


def template() -> str:
    """The name of a database as `migrate` leaves it, for CREATE DATABASE ... TEMPLATE."""
    name = os.environ["TESTS_TEMPLATE"]
    with psycopg.connect(os.environ["CORRIDOR_DATABASE_URL"], autocommit=True) as server:
        server.execute("SELECT pg_advisory_lock(hashtext(%s))", [name])  # until disconnected
        if server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return name
        unfinished = f"{name}_unfinished"
        server.execute(f'DROP DATABASE IF EXISTS "{unfinished}"')
        server.execute(f'CREATE DATABASE "{unfinished}"')
        done = subprocess.run(
            [sys.executable, "manage.py", "migrate", "--verbosity", "0", "--skip-checks"],
            cwd=ROOT, env={**os.environ, "CORRIDOR_DATABASE_URL": address(unfinished)},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        server.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')
    return name


def drop_template() -> None:
    with psycopg.connect(os.environ["CORRIDOR_DATABASE_URL"], autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{os.environ["TESTS_TEMPLATE"]}" WITH (FORCE)')


def load_demo(day: date) -> None:
    """The ground and the demo of that day, in a database that holds neither."""
    kept = Path(os.environ["TESTS_SHARED"]) / f"demo-{day}.pickle"
    with kept.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            before = _filled()
            load_ground()
            loading.load(day)
            rows = {name: _copied(name) for name in _filled() - before}
            kept.write_bytes(pickle.dumps(rows))
            return
    rows = pickle.loads(kept.read_bytes())
    models = [
        model
        for model in connection.introspection.installed_models(list(rows))
        if model._meta.db_table in rows
    ]
    # In one transaction: which row names which is asked at its end, whatever the tables' order.
    with transaction.atomic(), connection.cursor() as cursor:
        for name, content in rows.items():
            with cursor.copy(f'COPY "{name}" FROM STDIN (FORMAT binary)') as copy:
                copy.write(content)
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


def _filled() -> set[str]:
    """The tables with rows in them."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        cursor.execute(" UNION ALL ".join(
            f"(SELECT '{name}' FROM \"{name}\" LIMIT 1)" for name in names
        ))  # fmt: skip
        return {name for (name,) in cursor.fetchall()}


def _copied(name: str) -> bytes:
    with connection.cursor() as cursor, cursor.copy(
        f'COPY "{name}" TO STDOUT (FORMAT binary)'
    ) as copy:  # fmt: skip
        return b"".join(copy)
