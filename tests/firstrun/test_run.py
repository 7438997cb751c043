"""run.py: what it says when it cannot go on, and what it does not do twice."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from corridor.demo import processes
from tests.live import ROOT


@pytest.fixture
def run(tmp_path: Path) -> Iterator[ModuleType]:
    """run.py of an empty project of its own, with nothing installed."""
    for name in ("run.py", "requirements.txt", "requirements-test.txt"):
        shutil.copy(ROOT / name, tmp_path)
    spec = importlib.util.spec_from_file_location("run_here", tmp_path / "run.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module


def test_an_old_python_is_told_what_to_install(run: ModuleType) -> None:
    program = (
        "import sys, runpy; sys.version_info = (3, 9, 18); sys.version = '3.9.18 (main)'\n"
        f"runpy.run_path({str(run.ROOT / 'run.py')!r}, run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "needs Python 3.11 or newer; this is 3.9.18" in done.stderr
    assert "python3.12 run.py" in done.stderr


def test_too_little_disk_is_said_before_anything_is_made(run: ModuleType, monkeypatch) -> None:
    monkeypatch.setattr(run, "NEED_GB", 10.0**9)
    with pytest.raises(SystemExit, match=r"Not enough disk.*GB free"):
        run.install("requirements.txt")
    assert not run.VENV.exists()


def test_a_python_without_venv_is_told_the_package_to_install(run: ModuleType, monkeypatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SystemExit, match=r"apt install python3\.\d+-venv"):
        run.make_environment()


@pytest.mark.parametrize(
    ("pip_says", "told"),
    [
        (
            "ERROR: Could not find a version that satisfies the requirement kiwi==9 (from versions:"
            " none)\nERROR: No matching distribution found for kiwi==9",
            "The package kiwi==9 cannot be had for Python",
        ),
        (
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on"
            " device",
            "The disk filled up",
        ),
        (
            "WARNING: Retrying after connection broken by 'NewConnectionError(Failed to establish a"
            " new connection: [Errno -3] Temporary failure in name resolution)'\nERROR: Could not"
            " find a version that satisfies the requirement celery==5.7.0 (from versions: none)",
            "could not reach the package index while it looked for celery==5.7.0",
        ),
    ],
)
def test_a_failed_install_names_the_cause(run: ModuleType, pip_says: str, told: str) -> None:
    assert told in run.explain(pip_says, Path("install.log"))


def test_a_package_that_no_index_has_ends_the_install_with_its_name(
    run: ModuleType, tmp_path: Path, monkeypatch
) -> None:
    """With the real pip, cut off from every index."""
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    monkeypatch.setattr(run, "torch_index", lambda: [])
    (run.ROOT / "requirements.txt").write_text("no-such-package==1.0\n")
    with pytest.raises(SystemExit, match=r"The package no-such-package==1\.0 cannot be had"):
        run.install("requirements.txt")
    assert not run.is_installed("requirements.txt")


def test_what_is_installed_is_not_installed_again_until_the_pins_change(
    run: ModuleType, monkeypatch
) -> None:
    calls: list[list[str]] = []
    monkeypatch.setattr(run, "run_pip", lambda command, packages: calls.append(command))
    monkeypatch.setattr(run, "torch_index", lambda: [])
    run.install("requirements-test.txt")
    run.install("requirements-test.txt")
    run.install("requirements.txt")  # came along with the test tools
    assert len(calls) == 1
    with (run.ROOT / "requirements.txt").open("a") as pins:
        pins.write("one-more==1.0\n")
    run.install("requirements-test.txt")
    assert len(calls) == 2


def test_an_unknown_word_is_refused_with_the_commands(run: ModuleType, monkeypatch) -> None:
    monkeypatch.setattr(sys, "argv", ["run.py", "chekc"])
    with pytest.raises(SystemExit, match=r"Unknown command 'chekc'[\s\S]*--check"):
        run.main()


def test_every_package_is_pinned_to_one_version() -> None:
    for name in ("requirements.txt", "requirements-test.txt"):
        lines = (ROOT / name).read_text().splitlines()
        pins = [line for line in lines if line and line[0] not in "#-"]
        assert len(pins) > 10
        assert all(line.count("==") == 1 and "+" not in line for line in pins)
        assert len({line.split("==")[0] for line in pins}) == len(pins)


def test_what_is_wanted_is_pinned() -> None:
    for wanted, pinned in (
        ("requirements.in", "requirements.txt"),
        ("requirements-test.in", "requirements-test.txt"),
    ):
        pins = {line.split("==")[0] for line in (ROOT / pinned).read_text().splitlines()}
        for line in (ROOT / wanted).read_text().split():
            name = line.split("[")[0].split("=")[0].split("~")[0].split("<")[0].split(">")[0]
            assert name.lower().replace("_", "-") in pins, name


def test_the_holder_of_a_taken_port_is_named() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        port = held.getsockname()[1]
        assert f"process {os.getpid()} " in processes.holder_of(port)
    assert processes.holder_of(port) == ""
