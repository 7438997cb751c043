"""Two workers of one core each, on two hosts (network namespaces), beside one.

    sudo .venv/bin/python benchmarks/two_hosts.py [--people 4000] [--programs 1000] [--rounds 2]

A bridge stands for the network. PostgreSQL and Valkey listen on it; each worker is an ordinary
`celery worker` of one process in a namespace of its own, joined to the bridge by a veth pair and
pinned to one core. The same run over made-up people (benchmarks/live_fill.py) is done by one worker
and by two. Beside it stands what the machine itself can give: one bare matrix product pinned to
core 0, and two at once pinned to cores 0 and 1.

Pairs a second are counted from the blocks' own times, without each worker's first block (in which
it reads all programs). Needs Linux, root, iproute2 and two cores; says so where it lacks one.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "corridor.config.settings")

from corridor.demo import services as servers  # noqa: E402

BRIDGE, NET = "corridor-br", "10.77.0"
HOSTS = ("corridor-h1", "corridor-h2")  # names of the namespaces
ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"), "1"
)
GEMM = """
import time, numpy as np
a, b = np.ones((1500, 768), np.float32), np.ones((768, 2000), np.float32)
until, n = time.perf_counter() + SECONDS, 0
a @ b
began = time.perf_counter()
while time.perf_counter() < until:
    a @ b
    n += 1
print(n / (time.perf_counter() - began))
"""


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--people", type=int, default=4_000)
    asked.add_argument("--programs", type=int, default=1_000)
    asked.add_argument("--block", type=int, default=80, help="candidates a block")
    asked.add_argument("--rounds", type=int, default=2)
    asked.add_argument("--var", type=Path, help="where the filled database is kept for a next time")
    asked.add_argument("--out", type=Path, default=ROOT / "benchmarks/results/two_hosts.json")
    options = asked.parse_args()
    if (why := lacking()) is not None:
        sys.exit(f"Cannot show two hosts here: {why}")
    var = options.var or Path(tempfile.mkdtemp(prefix="corridor-two-hosts-"))
    var.mkdir(parents=True, exist_ok=True)
    if servers.running(var) is not None:
        sys.exit(f"The servers of {var} are running already, and do not listen on the bridge.")
    make_network()
    try:
        found = measured(var, options)
    finally:
        drop_network()
        if options.var is None:
            shutil.rmtree(var, ignore_errors=True)
    show(found)
    options.out.write_text(json.dumps(found, indent=1) + "\n")


def lacking() -> str | None:
    """Why it cannot be done here, or None."""
    if sys.platform != "linux":
        return "network namespaces are Linux's."
    if os.geteuid() != 0:
        return "making network namespaces takes root (run it with sudo)."
    for tool in ("ip", "taskset"):
        if shutil.which(tool) is None:
            return f"`{tool}` is not installed (apt-get install iproute2 util-linux)."
    if len(os.sched_getaffinity(0)) < 2:
        return "two workers of one core each need two cores."
    try:
        ip("netns", "add", "corridor-try")
        ip("netns", "delete", "corridor-try")
        ip("link", "add", "corridor-try", "type", "bridge")
        ip("link", "delete", "corridor-try")
    except subprocess.CalledProcessError as error:
        return f"this kernel or container refuses: {error.stderr.decode().strip()}"
    return None


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


def make_network() -> None:
    drop_network()
    ip("link", "add", BRIDGE, "type", "bridge")
    ip("addr", "add", f"{NET}.1/24", "dev", BRIDGE)
    ip("link", "set", BRIDGE, "up")
    for n, host in enumerate(HOSTS, start=1):
        outer, inner = f"corridor-v{n}", "eth0"
        ip("netns", "add", host)
        ip("link", "add", outer, "type", "veth", "peer", "name", inner, "netns", host)
        ip("link", "set", outer, "master", BRIDGE, "up")
        ip("-n", host, "addr", "add", f"{NET}.{n + 1}/24", "dev", inner)
        ip("-n", host, "link", "set", inner, "up")
        ip("-n", host, "link", "set", "lo", "up")


def drop_network() -> None:
    for words in (*(("netns", "delete", host) for host in HOSTS), ("link", "delete", BRIDGE)):
        subprocess.run(["ip", *words], check=False, capture_output=True)


class Worker:
    """A Celery worker of one process, on one core of one host."""

    def __init__(self, number: int, environment: dict[str, str], var: Path) -> None:
        self.log = var / f"worker-{number}.log"
        command = [
            "ip", "netns", "exec", HOSTS[number], "taskset", "--cpu-list", str(number),
            sys.executable, "-m", "celery", "--app", "corridor.config", "worker",
            "--concurrency", "1", "--loglevel", "INFO", "--without-gossip",
            "--without-mingle", "--hostname", f"host{number + 1}@{HOSTS[number]}",
        ]  # fmt: skip
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, stdout=log, stderr=log, start_new_session=True,
                env={**os.environ, **environment, **ONE_THREAD},
            )  # fmt: skip

    def wait_until_ready(self) -> None:
        until = time.monotonic() + 300
        while " ready." not in self.log.read_text(errors="replace"):
            if self.process.poll() is not None or time.monotonic() > until:
                sys.exit("A worker did not start:\n" + self.log.read_text()[-2000:])
            time.sleep(0.2)

    def stop(self) -> None:
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def measured(var: Path, options: argparse.Namespace) -> dict[str, Any]:
    memory = var / "services.json"
    kept = json.loads(memory.read_text()) if memory.exists() else {}
    kept["postgres_settings"] = {"listen_addresses": f"127.0.0.1,{NET}.1"}
    memory.write_text(json.dumps(kept))
    with servers.start(var, progress=lambda text: None) as running:
        os.environ.update(running.environment(), CORRIDOR_MODE="test", CORRIDOR_VAR=str(var))
        os.environ.setdefault("CORRIDOR_MODEL_DIR", str(ROOT / "var" / "models"))
        seen = {
            name: address.replace("127.0.0.1", f"{NET}.1")
            for name, address in running.environment().items()
        }
        import django

        django.setup()
        open_to_the_network(running.redis_url)
        import live_fill

        live_fill.fill(options.people, options.programs, seed=7, say=lambda text: None)
        rounds = []
        for _round in range(options.rounds):
            one = pace(seen, var, options.block, [0])
            two = pace(seen, var, options.block, [0, 1])
            rounds.append({"load": os.getloadavg()[0], "bare": bare(), "one": one, "two": two})
            print(json.dumps(rounds[-1]), file=sys.stderr, flush=True)
    return {
        "date": time.strftime("%Y-%m-%d %H:%M"),
        "machine": f"{cpu()}, {os.cpu_count()} cores, {platform.platform()}",
        "people": options.people, "programs": options.programs, "block": options.block,
        "rounds": rounds,
    }  # fmt: skip


def open_to_the_network(redis_url: str) -> None:
    import redis
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SHOW hba_file")
        with Path(cursor.fetchone()[0]).open("a") as rules:
            rules.write(f"host all all {NET}.0/24 scram-sha-256\n")
        cursor.execute("SELECT pg_reload_conf()")
    redis.Redis.from_url(redis_url).config_set("bind", f"127.0.0.1 {NET}.1")


def pace(seen: dict[str, str], var: Path, block: int, cores: list[int]) -> dict[str, Any]:
    """One run by workers on these cores."""
    from corridor.matching import blocks, record, services
    from corridor.matching.models import Run

    workers = [Worker(core, seen, var) for core in cores]
    try:
        for worker in workers:
            worker.wait_until_ready()
        blocks.size_for = lambda programs: block
        run = services.start_run()
        while run.is_under_way:
            time.sleep(0.1)
            run.refresh_from_db()
        if run.state != Run.State.DONE:
            sys.exit(f"The run ended as {run.state}: {record.problem_of(run)}")
        done = list(run.blocks.order_by("started_at"))
        names = sorted({each.worker for each in done})
        if len(names) != len(cores):
            sys.exit(f"{len(cores)} workers were there, but {names} did the blocks.")
        later = [
            each for name in names for each in [b for b in done if b.worker == name][1:]
        ]  # fmt: skip
        seconds = max(b.done_at for b in later) - min(b.started_at for b in later)
        return {
            "pairs_a_second": round(sum(b.pairs for b in later) / seconds.total_seconds()),
            "whole_run_s": run.seconds,
            "blocks": {name: sum(b.worker == name for b in done) for name in names},
        }
    finally:
        for worker in workers:
            worker.stop()


def bare(seconds: float = 5.0) -> dict[str, float]:
    """Products a second of one pinned process, and of two together."""
    source = GEMM.replace("SECONDS", str(seconds))

    def together(*cores: int) -> float:
        running = [
            subprocess.Popen(
                ["taskset", "--cpu-list", str(core), sys.executable, "-c", source],
                stdout=subprocess.PIPE, text=True, env={**os.environ, **ONE_THREAD},
            )
            for core in cores
        ]  # fmt: skip
        return sum(float(process.communicate()[0]) for process in running)

    one, two = together(0), together(0, 1)
    return {"one": round(one, 2), "two": round(two, 2), "ratio": round(two / one, 2)}


def cpu() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def show(found: dict[str, Any]) -> None:
    print(f"{found['machine']}; {found['date']}")
    print(f"{found['people']:,} people x {found['programs']:,} programs")
    print(f"{'load':>6} {'one, pairs/s':>14} {'two, pairs/s':>14} {'ratio':>7} {'bare ratio':>11}")
    ratios = []
    for each in found["rounds"]:
        one, two = each["one"]["pairs_a_second"], each["two"]["pairs_a_second"]
        ratios.append(two / one)
        print(f"{each['load']:6.1f} {one:14,} {two:14,} {two / one:7.2f} "
              f"{each['bare']['ratio']:11.2f}")  # fmt: skip
    print(f"median ratio {statistics.median(ratios):.2f}")


if __name__ == "__main__":
    main()
