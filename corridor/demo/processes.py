"""The demo's own processes: web, worker, beat. Started, watched, and stopped without leftovers.

Each child leads its own process group, so Ctrl-C reaches only the command that supervises, and
stopping a child stops what it forked. If the supervisor itself is killed, the kernel ends the
children (Linux).
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from corridor.demo.keeper import command_of, die_with_keeper

ROOT = Path(__file__).resolve().parents[2]
SETTLED_S = 10.0  # a child that ran this long before it ended was healthy
MOST_QUICK_ENDS = 4


class Child:
    """One supervised process. `patience_s` is what it gets to finish its work when stopped."""

    def __init__(
        self, name: str, arguments: list[str], *, environment: Mapping[str, str], logs: Path,
        patience_s: float = 5.0,
    ) -> None:  # fmt: skip
        self.name = name
        self.command = [sys.executable, *arguments]
        self.environment = {**os.environ, **environment}
        self.log = logs / f"{name}.log"
        self.patience_s = patience_s
        self.process: subprocess.Popen[bytes] | None = None
        self.launched = 0.0
        self.quick_ends = 0

    def launch(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=lambda: die_with_keeper(signal.SIGTERM),
            )
        self.launched = time.monotonic()

    @property
    def ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def kill(self) -> None:
        """Kill the whole group with -9, as an out-of-memory killer might."""
        assert self.process is not None
        self._signal(signal.SIGKILL)
        self.process.wait()

    def _signal(self, signum: int) -> None:
        assert self.process is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signum)

    def ask_to_stop(self) -> None:
        if self.process is not None and not self.ended:
            self.process.terminate()

    def wait(self) -> None:
        """After `ask_to_stop`. A worker that is still busy is cut short: its task is not
        acknowledged, so the broker hands it out again at the next start."""
        if self.process is None:
            return
        for signum in (signal.SIGQUIT, signal.SIGKILL):
            try:
                self.process.wait(self.patience_s)
                break
            except subprocess.TimeoutExpired:
                self._signal(signum)
        self._signal(signal.SIGKILL)  # whatever it had forked
        self.process.wait()

    def last_words(self, lines: int = 12) -> str:
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return "\n".join(text.splitlines()[-lines:])


def web(port: int, *, environment: Mapping[str, str], logs: Path) -> Child:
    arguments = ["-m", "gunicorn", "--config", "python:corridor.config.gunicorn"]
    arguments += ["--bind", f"127.0.0.1:{port}", "corridor.config.wsgi"]
    return Child("web", arguments, environment=environment, logs=logs)


def worker(
    *, environment: Mapping[str, str], logs: Path, concurrency: int = 2, name: str = "worker"
) -> Child:
    arguments = ["-m", "celery", "--app", "corridor.config", "worker"]
    arguments += [
        "--concurrency",
        str(concurrency),
        "--loglevel",
        "INFO",
        "--without-gossip",
        "--without-mingle",
    ]
    arguments += ["--hostname", f"{name}@%h"]
    return Child(name, arguments, environment=environment, logs=logs)


def beat(*, environment: Mapping[str, str], logs: Path) -> Child:
    arguments = ["-m", "celery", "--app", "corridor.config", "beat", "--loglevel", "WARNING"]
    arguments += ["--pidfile="]  # a stale one would keep beat from starting after a crash
    return Child("beat", arguments, environment=environment, logs=logs)


def stop_all(children: Iterable[Child]) -> None:
    children = list(children)
    for child in children:
        child.ask_to_stop()
    for child in children:
        child.wait()


def revive(children: Iterable[Child], say: Callable[[str], None]) -> None:
    """Start again every child that ended; leave alone, and say so, one that cannot run at all."""
    for child in children:
        if not child.ended or child.quick_ends > MOST_QUICK_ENDS:
            continue
        assert child.process is not None
        child._signal(signal.SIGKILL)  # what it had forked must not work beside its successor
        settled = time.monotonic() > child.launched + SETTLED_S
        child.quick_ends = 0 if settled else child.quick_ends + 1
        if child.quick_ends > MOST_QUICK_ENDS:
            say(f"The {child.name} keeps ending and is left stopped. {child.log} says:")
            say(child.last_words())
            continue
        say(f"The {child.name} ended (status {child.process.returncode}); starting it again.")
        child.launch()


def holder_of(port: int) -> str:
    """Who listens on `port` of this machine, as far as this user may know; else ''."""
    if sys.platform == "linux":
        return _holder_on_linux(port)
    lsof = shutil.which("lsof")
    if lsof is None:
        return ""
    found = subprocess.run(
        [lsof, "-nP", f"-iTCP:{port}", "-sTCP:LISTEN", "-Fpc"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    fields = {line[0]: line[1:] for line in found.stdout.splitlines() if line}
    return f"process {fields['p']} ({fields.get('c', '?')})" if "p" in fields else ""


def _holder_on_linux(port: int) -> str:
    inodes = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            lines = Path(table).read_text().splitlines()[1:]
        except OSError:
            continue
        for fields in map(str.split, lines):
            if fields[3] == "0A" and int(fields[1].rpartition(":")[2], 16) == port:  # LISTEN
                inodes.add(f"socket:[{fields[9]}]")
    for process in Path("/proc").glob("[0-9]*"):
        if any(_holds(handle, inodes) for handle in _handles(process)):
            return f"process {process.name} ({command_of(int(process.name)).strip()[:80]})"
    return ""


def _handles(process: Path) -> list[Path]:
    try:
        return list((process / "fd").iterdir())
    except OSError:  # gone, or another user's
        return []


def _holds(handle: Path, inodes: set[str]) -> bool:
    try:
        return str(handle.readlink()) in inodes
    except OSError:
        return False
