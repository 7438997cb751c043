"""The embedded PostgreSQL and Valkey: joined, left, killed, and started as root or nobody."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
import redis

from corridor.demo import keeper, services

pytestmark = pytest.mark.processes
ROOT = Path(services.__file__).resolve().parents[2]


@pytest.fixture
def var(tmp_path: Path) -> Path:
    return tmp_path / "var"


def quietly(text: str) -> None:
    pass


def keeper_pid(var: Path) -> int:
    for entry in Path("/proc").glob("[0-9]*"):
        if "keeper.py" in (line := keeper.command_of(int(entry.name))) and f'"{var}"' in line:
            return int(entry.name)
    raise AssertionError("no keeper")


def processes_of(var: Path) -> list[str]:
    lines = (keeper.command_of(int(entry.name)) for entry in Path("/proc").glob("[0-9]*"))
    return [line for line in lines if str(var) in line]


def wait_until(true, seconds: float = 15.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def write_a_row(url: str, text: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (text text)")
        connection.execute("INSERT INTO kept VALUES (%s)", [text])


def rows(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        return [text for (text,) in connection.execute("SELECT text FROM kept ORDER BY text")]


def test_what_was_saved_is_there_after_stopping_and_starting_again(var: Path) -> None:
    with services.start(var, progress=quietly) as first:
        write_a_row(first.database_url, "용접기능사")
        redis.Redis.from_url(first.redis_url).set("queue", "waiting")
        address = first.database_url
    assert processes_of(var) == []
    with services.start(var, progress=quietly) as second:
        assert second.database_url == address
        assert rows(second.database_url) == ["용접기능사"]
        assert redis.Redis.from_url(second.redis_url).get("queue") == b"waiting"


def test_a_second_command_joins_and_the_last_one_out_turns_off_the_light(var: Path) -> None:
    first = services.start(var, progress=quietly)
    second = services.start(var, progress=quietly)
    assert second.database_url == first.database_url
    first.stop()
    write_a_row(second.database_url, "still served")
    second.stop()
    assert services.running(var) is None
    assert processes_of(var) == []


def test_a_user_killed_with_9_leaves_no_server_behind(var: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from corridor.demo import services;"
        "services.start(Path(sys.argv[1])); print('up', flush=True); time.sleep(60)"
    )
    user = subprocess.Popen(
        [sys.executable, "-c", program, str(var)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert user.stdout is not None
    assert any(line == "up\n" for line in user.stdout)
    assert services.running(var) is not None
    user.kill()
    user.wait()
    wait_until(lambda: processes_of(var) == [])


def test_nothing_committed_is_lost_when_everything_is_killed_with_9(var: Path) -> None:
    with services.start(var, progress=quietly) as first:
        for number in range(20):
            write_a_row(first.database_url, f"{number:02}")
        redis.Redis.from_url(first.redis_url).rpush("queue", *range(20))
        time.sleep(1.1)  # Valkey's log is forced to disk every second
        postmaster = int((var / "postgres/postmaster.pid").read_text().split()[0])
        for pid in (keeper_pid(var), postmaster):
            os.kill(pid, signal.SIGKILL)
    with services.start(var, progress=quietly) as again:
        assert len(rows(again.database_url)) == 20
        assert redis.Redis.from_url(again.redis_url).llen("queue") == 20


def test_a_server_that_dies_alone_is_started_again_at_the_same_address(var: Path) -> None:
    with services.start(var, progress=quietly) as share:
        write_a_row(share.database_url, "before")
        time.sleep(5.1)  # sooner, the keeper takes it for a server that cannot run at all
        postmaster = int((var / "postgres/postmaster.pid").read_text().split()[0])
        os.kill(postmaster, signal.SIGKILL)

        def back() -> bool:
            try:
                return rows(share.database_url) == ["before"]
            except psycopg.OperationalError:
                return False

        wait_until(back)


def test_a_stale_pid_file_that_names_an_innocent_process_harms_nobody(var: Path) -> None:
    with services.start(var, progress=quietly) as share:
        write_a_row(share.database_url, "kept")
    innocent = subprocess.Popen(["sleep", "60"])
    (var / "postgres/postmaster.pid").write_text(f"{innocent.pid}\n{var}/postgres\n")
    try:
        with services.start(var, progress=quietly) as share:
            assert rows(share.database_url) == ["kept"]
        assert innocent.poll() is None
    finally:
        innocent.kill()
        innocent.wait()


def test_a_port_taken_meanwhile_is_replaced_by_a_free_one(var: Path) -> None:
    with services.start(var, progress=quietly) as share:
        write_a_row(share.database_url, "kept")
    taken = json.loads((var / "services.json").read_text())["postgres_port"]
    with socket.socket() as other:
        # The server's ended connections may linger a minute; they do not hold the port.
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", taken))
        other.listen()
        with services.start(var, progress=quietly) as share:
            assert f":{taken}/" not in share.database_url
            assert rows(share.database_url) == ["kept"]


def test_trigram_search_sees_korean_and_vectors_are_there(var: Path) -> None:
    with (
        services.start(var, progress=quietly) as share,
        psycopg.connect(share.database_url) as connection,
    ):
        for extension in ("vector", "pg_trgm", "unaccent", "btree_gin"):
            connection.execute(f"CREATE EXTENSION {extension}")
        like, distance = connection.execute(
            "SELECT similarity('용접기능사', '용접기능사 2급'), '[1,2]'::vector <-> '[1,4]'::vector"
        ).fetchone()
        assert like > 0.4
        assert distance == 2


def test_a_server_without_the_password_lets_nobody_in(var: Path) -> None:
    with services.start(var, progress=quietly) as share:
        port = json.loads((var / "services.json").read_text())["valkey_port"]
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(port=port).get("queue")
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(share.database_url.replace("corridor:", "corridor:x"))
        assert (var / "services.json").stat().st_mode & 0o077 == 0


def test_a_full_disk_is_named_before_anything_starts(var: Path, monkeypatch) -> None:
    monkeypatch.setattr(services, "LEAST_FREE_MB", 10**9)
    with pytest.raises(services.ServicesFailed, match=r"MB free.*CORRIDOR_VAR"):
        services.start(var, progress=quietly)
    assert services.running(var) is None


def test_a_server_that_cannot_start_says_its_last_words(var: Path) -> None:
    with services.start(var, progress=quietly):
        pass
    (var / "postgres/global/pg_control").unlink()
    with pytest.raises(services.ServicesFailed, match="PostgreSQL ended while starting"):
        services.start(var, progress=quietly)
    assert processes_of(var) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to step down")
def test_root_without_user_namespaces_runs_postgresql_as_nobody(tmp_path: Path) -> None:
    """As in most containers. The data must lie where `nobody` reaches it, and survive."""
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    program = """
import json, sys
from pathlib import Path
from corridor.demo import keeper
keeper._libc = None            # unshare cannot be called: as where it is forbidden
keeper.enter_user_namespace = lambda: (_ for _ in ()).throw(PermissionError("unshare"))
keeper.die_with_keeper = lambda signum: None
keeper.main()
"""
    script = tmp_path / "keeper.py"
    script.write_text(f"import sys\nsys.path.insert(0, {str(ROOT)!r})\n{program}")
    services_keeper, services.KEEPER = services.KEEPER, script
    try:
        for expected in (["one"], ["one", "two"]):
            with services.start(private / "var", progress=quietly) as share:
                write_a_row(share.database_url, expected[-1])
                assert rows(share.database_url) == expected
                with psycopg.connect(share.database_url) as connection:
                    (data,) = connection.execute("SHOW data_directory").fetchone()
                assert Path(data).stat().st_uid == keeper.NOBODY
    finally:
        services.KEEPER = services_keeper
        for left in Path("/var/tmp").glob("corridor-*"):
            if data.startswith(str(left)):
                subprocess.run(["rm", "-r", str(left)], check=True)
