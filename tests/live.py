"""Corridor as real processes, for tests of what only real processes show."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

from corridor.demo import processes
from corridor.demo.keeper import free_port
from tests import databases

ROOT = Path(__file__).resolve().parents[1]


class LiveStack:
    """Web, worker and beat over a new, migrated database of the tests' PostgreSQL.

    The database is a copy of the migrated one (databases.py), or with `migrate` migrated by these
    very processes' settings.

    `environment` is what every process gets; override its entries to run another mode. The
    worker and beat start on demand (`start_worker`), so that a test can act before they do.

        stack.manage("load_ground")              manage.py in that environment; its stdout
        stack.database()                         a psycopg connection
        stack.get("/healthz")                    (status, body) of the running web server
        stack.worker.kill()                      kill -9 of the worker and all it forked
    """

    def __init__(
        self, scratch: Path, database: str, *, migrate: bool = False, **environment: str
    ) -> None:
        self.scratch = scratch
        self.name = databases.own(database)
        self._migrate = migrate
        broker = urlsplit(os.environ["CORRIDOR_REDIS_URL"])
        self.port = free_port()
        self.environment = {
            "CORRIDOR_MODE": "test",
            "CORRIDOR_DATABASE_URL": databases.address(self.name),
            # Not the broker database of the tests' own process, but the one after it.
            "CORRIDOR_REDIS_URL": urlunsplit(
                broker._replace(path=f"/{int(broker.path.strip('/') or 0) + 1}")
            ),
            "CORRIDOR_BASE_URL": f"http://127.0.0.1:{self.port}",
            "CORRIDOR_VAR": str(scratch),
            "DJANGO_ALLOW_ASYNC_UNSAFE": "",  # the tests' own process needs it (conftest.py)
            **environment,
        }
        keywords: dict[str, Any] = {"environment": self.environment, "logs": scratch / "logs"}
        self.web = processes.web(self.port, **keywords)
        self.worker = processes.worker(**keywords)
        self.beat = processes.beat(**keywords)

    def __enter__(self) -> LiveStack:
        like = "template1" if self._migrate else databases.template()
        with psycopg.connect(os.environ["CORRIDOR_DATABASE_URL"], autocommit=True) as server:
            server.execute(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')
            server.execute(f'CREATE DATABASE "{self.name}" TEMPLATE "{like}"')
        if self._migrate:
            self.manage("migrate", "--verbosity", "0", "--skip-checks")
        return self

    def __exit__(self, *_: object) -> None:
        processes.stop_all([self.web, self.worker, self.beat])

    def manage(self, *arguments: str, check: bool = True) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env={**os.environ, **self.environment},
            capture_output=True,
            text=True,
            check=False,
        )
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done.stdout if check else done.stdout + done.stderr

    def database(self) -> psycopg.Connection:
        return psycopg.connect(self.environment["CORRIDOR_DATABASE_URL"], autocommit=True)

    def start_web(self) -> None:
        self.web.launch()
        self.wait_for(lambda: self.get("/healthz")[0] == 200, self.web)

    def start_worker(self, *, beat: bool = True) -> None:
        self.worker.launch()
        if beat:
            self.beat.launch()

    def get(self, path: str, headers: dict[str, str] | None = None) -> tuple[int, str]:
        """Status and body; status 0 while nobody answers. Redirects are followed."""
        host = self.environment.get("CORRIDOR_ALLOWED_HOSTS", "127.0.0.1").split(",")[0]
        url = f"http://127.0.0.1:{self.port}{path}"
        request = urllib.request.Request(url, headers={"Host": host, **(headers or {})})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def get_json(self, path: str, headers: dict[str, str] | None = None) -> Any:
        return json.loads(self.get(path, headers)[1])

    def wait_for(
        self, true: Callable[[], Any], child: processes.Child | None = None, seconds: float = 60.0
    ) -> None:
        """Until `true()`; fails with the child's last words when it ends or time is up."""
        deadline = time.monotonic() + seconds
        while not true():
            told = child.last_words() if child else ""
            assert child is None or not child.ended, told
            assert time.monotonic() < deadline, f"waited {seconds:.0f} s in vain\n{told}"
            time.sleep(0.1)
