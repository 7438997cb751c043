"""Before any test: real PostgreSQL and Valkey, settings in test mode, and Chromium's arguments.

The servers are the demo's embedded ones in a throw-away directory, unless CORRIDOR_DATABASE_URL
and CORRIDOR_REDIS_URL name others; with `pytest -n` each process has its own. This happens while
this file is imported, so that every other conftest.py and test module may import models at its top.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from corridor.demo import services
from tests.live import LiveStack

ROOT = Path(__file__).resolve().parents[1]
SCRATCH = Path(tempfile.mkdtemp(prefix="corridor-tests-"))
atexit.register(shutil.rmtree, SCRATCH, ignore_errors=True)


def _prepare_environment() -> None:
    # pytest-xdist's processes inherit what the first one set; two may not share a broker.
    inherited = os.environ.get("TESTS_STARTED_SERVERS") == "embedded"
    named = {"CORRIDOR_DATABASE_URL", "CORRIDOR_REDIS_URL"} <= os.environ.keys()
    if inherited or not named:
        # Left by exit: nothing keeps the servers alive after this process, however it ends.
        servers = services.start(SCRATCH / "servers", progress=lambda text: None, ephemeral=True)
        atexit.register(servers.stop)
        os.environ.update(servers.environment(), TESTS_STARTED_SERVERS="embedded")
    os.environ["CORRIDOR_MODE"] = "test"
    os.environ["CORRIDOR_VAR"] = str(SCRATCH / "var")
    os.environ.setdefault("CORRIDOR_MODEL_DIR", str(ROOT / "var" / "models"))
    os.environ["DJANGO_SETTINGS_MODULE"] = "corridor.config.settings"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright runs a loop in the test's thread
    import django

    django.setup()


_prepare_environment()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--every-look", action="store_true",
        help="browser/test_pages.py: both languages, widths and schemes, with pictures",
    )  # fmt: skip


@pytest.fixture(autouse=True)
def _korean_to_begin_with() -> Iterator[None]:
    """A test that speaks English leaves no trace: each begins in the default language."""
    from django.utils import translation

    with translation.override("ko"):
        yield


@pytest.fixture(scope="session")
def live_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveStack]:
    """Corridor as real processes over a database of its own; see tests/live.py."""
    with LiveStack(tmp_path_factory.mktemp("live"), "corridor_live") as stack:
        yield stack


# --- the browser ------------------------------------------------------------------------------

CHROMIUM = next(
    filter(
        None,
        map(
            shutil.which,
            (
                "chromium", "chromium-browser", "google-chrome",
                "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
            ),
        ),
    ),
    None,
)  # fmt: skip
NO_CHROMIUM = "no Chromium on this machine; .ci/run installs one (apt-get install chromium)"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if CHROMIUM:
        return
    for item in items:
        if item.get_closest_marker("browser"):
            if os.environ.get("CI"):  # there, a skipped browser test must not pass for a green one
                raise pytest.UsageError(NO_CHROMIUM)
            item.add_marker(pytest.mark.skip(reason=NO_CHROMIUM))


def pytest_terminal_summary(terminalreporter, exitstatus, config) -> None:
    skipped = [
        report
        for report in terminalreporter.getreports("skipped")
        if NO_CHROMIUM in str(report.longrepr)
    ]
    if skipped:
        terminalreporter.write_line(
            f"{len(skipped)} BROWSER TESTS WERE SKIPPED: {NO_CHROMIUM}", red=True, bold=True
        )


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    # The flags keep Chromium from looking for its maker's servers, and let it start as root.
    return {
        **browser_type_launch_args,
        "executable_path": CHROMIUM,
        "args": [
            "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
        ],
    }  # fmt: skip
