"""Before any test: real PostgreSQL and Valkey, settings in test mode, and Chromium's arguments.

The servers are the demo's embedded ones in a throw-away directory, unless CORRIDOR_DATABASE_URL
and CORRIDOR_REDIS_URL name others. With `pytest -n` the first process starts them, and each process
has its own databases there (databases.py), of Valkey two: its own and its LiveStack's. This happens
while this file is imported, so that every other conftest.py and test module may import models at
its top.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from corridor.demo import services

ROOT = Path(__file__).resolve().parents[1]
SCRATCH = Path(tempfile.mkdtemp(prefix="corridor-tests-"))
atexit.register(shutil.rmtree, SCRATCH, ignore_errors=True)


def _prepare_environment() -> None:
    if "PYTEST_XDIST_WORKER" not in os.environ:  # the others inherit what the first one set
        named = {"CORRIDOR_DATABASE_URL", "CORRIDOR_REDIS_URL"} <= os.environ.keys()
        if not named:
            # Left by exit: nothing keeps the servers alive after this process, however it ends.
            quiet = {"progress": lambda text: None, "ephemeral": True}
            servers = services.start(SCRATCH / "servers", **quiet)
            atexit.register(servers.stop)
            os.environ.update(servers.environment())
        os.environ["TESTS_SHARED"] = str(SCRATCH)
        os.environ["TESTS_TEMPLATE"] = f"corridor_template_{os.getpid()}"
    else:
        number = int(os.environ["PYTEST_XDIST_WORKER"].removeprefix("gw"))
        own = urlsplit(os.environ["CORRIDOR_REDIS_URL"])._replace(path=f"/{2 + 2 * number}")
        os.environ["CORRIDOR_REDIS_URL"] = urlunsplit(own)
    os.environ["CORRIDOR_MODE"] = "test"
    os.environ["CORRIDOR_VAR"] = str(SCRATCH / "var")
    os.environ.setdefault("CORRIDOR_MODEL_DIR", str(ROOT / "var" / "models"))
    os.environ["DJANGO_SETTINGS_MODULE"] = "corridor.config.settings"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright runs a loop in the test's thread
    import django

    django.setup()


_prepare_environment()

from tests import databases, sidebyside  # noqa: E402 - databases knows models
from tests.live import LiveStack  # noqa: E402


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--every-look", action="store_true",
        help="browser/test_pages.py: both languages, widths and schemes, with pictures",
    )  # fmt: skip


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """pytest-django's place for it: the test database is a copy of the migrated one."""
    from django.db import connection

    connection.settings_dict["TEST"]["TEMPLATE"] = databases.template()


def pytest_xdist_make_scheduler(config: pytest.Config, log) -> sidebyside.Scheduling | None:
    return sidebyside.Scheduling(config, log) if config.getvalue("dist") == "loadfile" else None


def pytest_unconfigure() -> None:
    if "PYTEST_XDIST_WORKER" not in os.environ:
        databases.drop_template()  # the servers may be others'


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
    sidebyside.longest_first(items)
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
