"""`manage.py demo` as run.py starts it: served, refused twice, stopped, started again, killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from corridor.demo import services
from corridor.demo.keeper import free_port
from tests.live import ROOT

pytestmark = [
    pytest.mark.processes,
    pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc"),
]


class Demo:
    """The demo of one directory, on one port."""

    def __init__(self, var: Path) -> None:
        self.var, self.port = var, free_port()
        self.process: subprocess.Popen[str] | None = None

    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("CORRIDOR_", "DJANGO_"))}
        models = os.environ["CORRIDOR_MODEL_DIR"]
        return {**kept, "CORRIDOR_VAR": str(self.var), "CORRIDOR_MODEL_DIR": models}

    def start(self, port: int | None = None) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "manage.py", "demo", "--port", str(port or self.port)],
            cwd=ROOT,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def serve(self) -> list[str]:
        """Start, and return what was printed until it was open."""
        self.process = self.start()
        assert self.process.stdout is not None
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            if "Ctrl-C stops" in line:
                return lines
        raise AssertionError("".join(lines))

    def processes(self) -> list[str]:
        """Command lines of every process that was started for this directory."""
        mark = f"CORRIDOR_VAR={self.var}\0".encode()
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (entry / "environ").read_bytes() + b"\0":
                    found.append((entry / "cmdline").read_bytes().replace(b"\0", b" ").decode())
            except OSError:
                continue
        return [line for line in found if line]

    def status(self, path: str) -> int:
        url = f"http://127.0.0.1:{self.port}{path}"
        with urllib.request.urlopen(url, timeout=30) as page:
            return int(page.status)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    demo = Demo(tmp_path_factory.mktemp("demo") / "var")
    yield demo
    if demo.process is not None and demo.process.poll() is None:
        demo.process.terminate()
        demo.process.wait(60)


@contextmanager
def database(demo: Demo) -> Iterator[psycopg.Connection]:
    with (
        services.start(demo.var, progress=lambda text: None) as share,
        psycopg.connect(share.database_url) as connection,
    ):
        yield connection


def wait_until(true: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


def test_it_opens_and_says_where_and_who_may_sign_in(demo: Demo) -> None:
    said = "".join(demo.serve())
    assert f"http://127.0.0.1:{demo.port}/" in said
    for role in ("student", "technician", "researcher", "firm", "university", "staff"):
        assert f"{role}@demo.example" in said
    assert demo.status("/healthz") == 200
    assert demo.status("/ko/") == 200


def test_a_second_one_in_the_same_directory_is_refused(demo: Demo) -> None:
    second = demo.start(free_port())
    said, _nothing = second.communicate(timeout=60)
    assert second.returncode != 0
    assert f"already runs in this directory (process {demo.process.pid})" in said
    assert demo.status("/healthz") == 200


def test_a_taken_port_is_said_with_its_holder_and_the_way_out(demo: Demo, tmp_path: Path) -> None:
    other = Demo(tmp_path / "var")
    refused = other.start(demo.port)
    said, _nothing = refused.communicate(timeout=60)
    assert refused.returncode != 0
    assert f"Port {demo.port} is taken by process" in said
    assert "gunicorn" in said
    assert "run.py --port" in said
    assert other.processes() == []


def test_a_command_beside_it_uses_the_same_database(demo: Demo) -> None:
    code = "from corridor.programs.models import Program; print(Program.objects.count())"
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "--verbosity", "0", "-c", code],
        cwd=ROOT,
        env=demo.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split()[-1]) > 0
    assert demo.status("/healthz") == 200


def test_passwords_are_kept_as_argon2_hashes(demo: Demo) -> None:
    with database(demo) as connection:
        kept = connection.execute(
            "SELECT password FROM accounts_user WHERE email LIKE '%@demo.example'"
        ).fetchall()
    assert kept
    assert all(password.startswith("argon2$argon2id$") for (password,) in kept)


def test_a_process_that_dies_is_started_again(demo: Demo) -> None:
    (beat,) = [
        int(entry.name)
        for entry in Path("/proc").glob("[0-9]*")
        if _parent(entry) == demo.process.pid and " beat " in _command(entry)
    ]
    os.kill(beat, signal.SIGKILL)
    wait_until(
        lambda: any(
            _parent(entry) == demo.process.pid
            and " beat " in _command(entry)
            and int(entry.name) != beat
            for entry in Path("/proc").glob("[0-9]*")
        ),
        "beat did not come back",
    )


def test_stopped_it_leaves_nothing_running_and_started_again_it_lost_nothing(demo: Demo) -> None:
    with database(demo) as connection:
        connection.execute("UPDATE candidates_candidate SET city = '견본시'")
    demo.process.send_signal(signal.SIGINT)
    said = demo.process.stdout.read()
    assert demo.process.wait(60) == 0
    assert "Stopped. Everything is kept" in said
    assert demo.processes() == []

    demo.serve()
    with database(demo) as connection:
        query = "SELECT count(*) FROM candidates_candidate WHERE city <> '견본시'"
        assert connection.execute(query).fetchone() == (0,)


def test_killed_with_9_it_takes_its_processes_along(demo: Demo) -> None:
    demo.process.kill()
    demo.process.wait()
    wait_until(lambda: demo.processes() == [], "left running: " + "\n".join(demo.processes()))


def _parent(entry: Path) -> int:
    try:
        return int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, IndexError):
        return 0


def _command(entry: Path) -> str:
    try:
        return (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""
