#!/usr/bin/env python3
"""Corridor from nothing: `python3 run.py`. Needs Python 3.11 or newer and a package index.

    python3 run.py [--port 8000]     install what is missing, start everything, serve
    python3 run.py --check           the same on free ports, one matching run, a summary, exit
    python3 run.py test [...]        install the test tools, run every test (options go to pytest)
    python3 run.py manage [...]      manage.py inside the environment

This file only makes `.venv`; everything after that is `manage.py demo`. Standard library only.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - said before anything newer is parsed or imported
    sys.exit(
        f"Corridor needs Python 3.11 or newer; this is {sys.version.split()[0]} "
        f"({sys.executable}).\nInstall a newer one (python.org, apt, brew, pyenv) and start it by "
        "name, for example:\n    python3.12 run.py"
    )

import hashlib
import os
import platform
import re
import shutil
import subprocess
import threading
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
NEED_GB = 3.0
# Tests run file by file, in one process more than there are cores: while one waits for a server
# or a browser, another computes. Their order is that of tests/sidebyside.py.
SIDE_BY_SIDE = ("--numprocesses", str(min(4, (os.cpu_count() or 1) + 1)), "--dist", "loadfile",
                "--no-loadscope-reorder")
# PyTorch's own index of CPU builds: the default Linux build brings 3 GB of CUDA packages along.
TORCH_CPU_INDEX = "https://download.pytorch.org/whl/cpu"


def main() -> None:
    if os.name != "posix":
        sys.exit("Corridor runs on Linux and macOS. On Windows, use WSL2 (`wsl --install`).")
    word = sys.argv[1] if len(sys.argv) > 1 else ""
    if word in ("-h", "--help", "help"):
        print(__doc__)
    elif word == "test":
        install("requirements-test.txt")
        hand_over("-m", "pytest", *SIDE_BY_SIDE, *sys.argv[2:])
    elif word == "manage":
        install("requirements.txt")
        hand_over("manage.py", *sys.argv[2:])
    elif word and not word.startswith("-"):
        sys.exit(f"Unknown command {word!r}.\n{__doc__}")
    else:
        install("requirements.txt")
        hand_over("manage.py", "demo", *sys.argv[1:])


def hand_over(*arguments: str) -> None:
    """Become the environment's Python: signals and the exit status are then its own."""
    os.chdir(ROOT)
    sys.stdout.flush()
    os.execve(PYTHON, [str(PYTHON), *arguments], environment())


def environment() -> dict[str, str]:
    # Packages are installed without byte code, so the first import of each must be allowed to
    # write it; otherwise every start would compile them again.
    return {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}


def install(name: str) -> None:
    """Bring `.venv` to exactly what the pinned file says; at once when it is so already."""
    (ROOT / "var").mkdir(exist_ok=True)
    with (ROOT / "var" / "install.lock").open("w") as lock:
        wait_for(lock)
        if not is_installed(name):
            make_room_and_install(name)


def wait_for(lock) -> None:
    import fcntl

    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print("Another run.py is installing packages in this directory; waiting for it ...")
        fcntl.flock(lock, fcntl.LOCK_EX)


def includes(name: str) -> list[str]:
    return re.findall(r"^-r (\S+)", (ROOT / name).read_text(), re.M)


def stamp(name: str) -> Path:
    """A file that is there once the pins of `name` (and of what it includes) are installed."""
    pins = "".join((ROOT / file).read_text() for file in [name, *includes(name)])
    return VENV / f"{name}.{hashlib.sha256(pins.encode()).hexdigest()[:16]}"


def is_installed(name: str) -> bool:
    if not stamp(name).exists():
        return False
    works = subprocess.run([PYTHON, "-I", "-S", "-c", ""], capture_output=True, check=False)
    return works.returncode == 0  # not after the Python it was made from has gone


def make_room_and_install(name: str) -> None:
    started = time.monotonic()
    new = not (VENV / "bin" / "pip").exists()
    free_gb = shutil.disk_usage(ROOT).free / 1e9
    if new and free_gb < NEED_GB:
        sys.exit(
            f"Not enough disk: {ROOT} has {free_gb:.1f} GB free and the packages, the language "
            f"model and the database need about {NEED_GB:.0f} GB. Free some space and run again."
        )
    try:
        works = subprocess.run([PYTHON, "-I", "-S", "-c", ""], capture_output=True, check=False)
        new = new or works.returncode != 0
    except OSError:
        new = True
    if new:
        make_environment()
    command = [str(PYTHON), "-m", "pip", "install", "--no-compile", "--disable-pip-version-check"]
    command += ["--no-input", "--progress-bar", "off", "-r", str(ROOT / name), *torch_index()]
    run_pip(command, packages=len(re.findall(r"^\w", (ROOT / name).read_text(), re.M)))
    for done in [name, *includes(name)]:
        for old in VENV.glob(f"{done}.*"):
            old.unlink()
        stamp(done).touch()
    print(f"  packages are ready ({time.monotonic() - started:.0f} s)", flush=True)


def make_environment() -> None:
    print(f"Making the Python environment {VENV}", flush=True)
    import importlib.util

    made = None
    if importlib.util.find_spec("ensurepip"):
        made = subprocess.run(
            [sys.executable, "-m", "venv", "--clear", VENV],
            capture_output=True, text=True, check=False, env=environment(),
        )  # fmt: skip
    if made is None or made.returncode != 0:
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        said = "\n" + (made.stdout + made.stderr).strip() if made else ""
        sys.exit(
            f"This Python ({sys.executable}) could not make a virtual environment.{said}\n"
            f"On Debian and Ubuntu: apt install python{version}-venv. Then run again."
        )


def torch_index() -> list[str]:
    """PyTorch's CPU index, if it answers within two seconds; else pip resolves the pin alone."""
    if platform.system() != "Linux":
        return []
    answered = threading.Event()

    def ask() -> None:
        try:
            with urllib.request.urlopen(f"{TORCH_CPU_INDEX}/torch/", timeout=2) as page:
                if page.status == 200:
                    answered.set()
        except (OSError, ValueError):
            pass

    threading.Thread(target=ask, daemon=True).start()
    if answered.wait(2):
        return ["--extra-index-url", TORCH_CPU_INDEX, "--retries", "1"]
    return []


def run_pip(command: list[str], packages: int) -> None:
    """Run pip, counting packages as it goes; on failure say what to do."""
    print(f"Installing {packages} packages (the first time about a minute)", flush=True)
    log = ROOT / "var" / "install.log"
    lines: list[str] = []
    seen = 0
    shown = time.monotonic()
    pip = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env=environment() | {"PIP_NO_COLOR": "1"},
    )  # fmt: skip
    try:
        assert pip.stdout is not None
        for line in pip.stdout:
            lines.append(line)
            found = re.match(r"Collecting ([\w.-]+)", line)
            if found:
                seen += 1
                if time.monotonic() - shown > 4:
                    shown = time.monotonic()
                    print(f"  {seen:3} of {packages}: {found[1]}", flush=True)
            elif line.startswith("Installing collected"):
                print("  all fetched; unpacking", flush=True)
    except KeyboardInterrupt:
        pip.terminate()
        pip.wait()
        sys.exit("\nStopped. Run again to go on; what was fetched is kept in pip's cache.")
    status = pip.wait()
    log.write_text("".join(lines))
    if status != 0:
        sys.exit(explain("".join(lines), log))


def explain(output: str, log: Path) -> str:
    """What went wrong with pip, in a sentence or two, and what to do."""
    errors = [line for line in output.splitlines() if line.startswith("ERROR")]
    said = "\n".join(errors[-4:]) or "\n".join(output.splitlines()[-6:])
    end = f"\nWhat pip said (all of it in {log}):\n{said}"
    python = f"Python {platform.python_version()} on {platform.system()} {platform.machine()}"
    missing = re.search(r"(?:No matching distribution found for|satisfies the requirement) (\S+)",
                        output)  # fmt: skip
    offline = re.search(
        r"Failed to establish a new connection|Name or service not known|name resolution|"
        r"Connection (?:refused|reset|aborted)|timed out|ProxyError|SSLError",
        output,
    )
    if "No space left on device" in output or "Errno 28" in output:
        return f"The disk filled up while installing. Free about {NEED_GB:.0f} GB, run again.{end}"
    if offline:
        package = f" while it looked for {missing[1]}" if missing else ""
        return (
            f"pip could not reach the package index{package}. Check the network (behind a proxy: "
            "set HTTPS_PROXY; with a mirror: `pip config set global.index-url ...`), run again; "
            f"what was fetched is kept.{end}"
        )
    if missing:
        return (
            f"The package {missing[1]} cannot be had for {python}. If your package index lacks "
            "it, use another; if this Python is too new or too old for it, start run.py with "
            f"another, for example python3.12 run.py (and remove {VENV}).{end}"
        )
    return f"pip could not install the packages.{end}"


if __name__ == "__main__":
    main()
