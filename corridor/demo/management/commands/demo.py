"""`run.py`'s other half: everything after the install, from the database to the served page."""

from __future__ import annotations

import contextlib
import fcntl
import functools
import http.client
import os
import signal
import time
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import IO, Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from corridor.config import env
from corridor.demo import processes
from corridor.demo.check import check
from corridor.demo.keeper import free_port
from corridor.demo.loading import SIGN_INS

HEALTHY_WITHIN_S = 60.0


class Command(BaseCommand):
    help = "Start the demo corridor: migrate, load, start worker and web, serve until stopped."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=None, help="default: 8000")
        parser.add_argument(
            "--check", action="store_true",
            help="on free ports: one matching run over everybody, key pages, a summary, exit",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        self.started = time.monotonic()
        for signum in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(signum, _interrupt)
        try:
            with only_one_here(env.var()):
                port = self.choose_port(options["port"], checking=options["check"])
                self.run(port, checking=options["check"])
        except KeyboardInterrupt:
            self.say("Stopped. Everything is kept; `python3 run.py` goes on from here.")

    def say(self, text: str) -> None:
        print(f"[{time.monotonic() - self.started:5.1f} s] {text}", flush=True)

    def choose_port(self, wanted: int | None, *, checking: bool) -> int:
        if checking and wanted is None:
            return free_port()
        port = 8000 if wanted is None else wanted
        if not 1 <= port <= 65535:
            raise CommandError(f"--port {port}: a port is a number from 1 to 65535.")
        if free_port(port) != port:
            holder = processes.holder_of(port) or "another program"
            raise CommandError(
                f"Port {port} is taken by {holder}.\n"
                f"Choose another, for example: python3 run.py --port {free_port(port + 80)}"
            )
        return port

    def run(self, port: int, *, checking: bool) -> None:
        address = os.environ.get("CORRIDOR_BASE_URL") or f"http://127.0.0.1:{port}"
        environment = {"CORRIDOR_BASE_URL": address}
        logs = env.var() / "logs"
        for old in logs.glob("*.log"):
            old.unlink()
        (env.var() / "static").mkdir(exist_ok=True)  # whitenoise warns where there is none
        prepare = ["-c", "from corridor import embeddings; embeddings.prepare()"]
        model = processes.Child("model", prepare, environment=environment, logs=logs)
        children = [
            processes.web(port, environment=environment, logs=logs),
            processes.worker(environment=environment, logs=logs),
            processes.beat(environment=environment, logs=logs),
        ]
        try:
            self.say("Preparing the language model")
            model.launch()
            self.prepare_database()
            self.await_model(model)
            for child in children:
                child.launch()
            self.await_health(children[0], port)
            if checking:
                watch = functools.partial(processes.revive, children, self.say)
                check(f"http://127.0.0.1:{port}", self.say, watch)
            else:
                self.welcome(address)
                self.supervise(children)
        finally:
            processes.stop_all([*children, model])

    def prepare_database(self) -> None:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if plan:
            self.say(f"Preparing the database ({len(plan)} migrations)")
            call_command("migrate", verbosity=0, interactive=False)
        self.say("Loading the ground and the demo corridor")
        call_command("load_ground", verbosity=0, stdout=StringIO())
        call_command("load_demo", verbosity=0)

    def await_model(self, model: processes.Child) -> None:
        assert model.process is not None
        model.process.wait()
        if model.process.returncode != 0:
            raise CommandError(f"The language model could not be prepared:\n{model.last_words()}")

    def await_health(self, web: processes.Child, port: int) -> None:
        self.say("Starting web, worker and beat")
        deadline = time.monotonic() + HEALTHY_WITHIN_S
        while not healthy(port):
            if web.ended or time.monotonic() > deadline:
                raise CommandError(f"The web server did not start. {web.log}:\n{web.last_words()}")
            time.sleep(0.1)

    def welcome(self, address: str) -> None:
        self.say("Corridor is open")
        print(f"\n    {address}/\n")
        for role, email, password in SIGN_INS:
            print(f"    {role:12} {email:32} {password}")
        print("\nEverything in it is a sample. Logs: var/logs. Ctrl-C stops it all.\n", flush=True)

    def supervise(self, children: list[processes.Child]) -> None:
        while True:
            time.sleep(0.5)
            processes.revive(children, self.say)


def healthy(port: int) -> bool:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        line.request("GET", "/healthz")
        return line.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


@contextlib.contextmanager
def only_one_here(var: Path) -> Iterator[None]:
    """Two demos in one directory would serve one database with two beats: refuse the second."""
    lock: IO[str] = (var / "demo.lock").open("a+")
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise CommandError(
                f"Corridor already runs in this directory (process {lock.read().strip()}). "
                "Stop it first, or set CORRIDOR_VAR to another directory for a second one."
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def _interrupt(signum: int, frame: Any) -> None:
    signal.signal(signum, signal.SIG_IGN)
    raise KeyboardInterrupt
