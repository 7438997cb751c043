"""Real web processes over rule files that are broken and mended."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from corridor.demo import processes
from corridor.rules.loading import DATA, revision_of
from tests.live import LiveStack
from tests.rules.test_loading import line_of, spoil

pytestmark = pytest.mark.processes


@pytest.fixture
def files(tmp_path: Path) -> Path:
    copy = tmp_path / "rules"
    shutil.copytree(DATA, copy)
    return copy


@pytest.fixture
def stack(tmp_path: Path, files: Path) -> Iterator[LiveStack]:
    with LiveStack(
        tmp_path / "live", "corridor_rules", CORRIDOR_RULES_DIR=str(files), CORRIDOR_WORKERS="1"
    ) as stack:
        yield stack


def test_a_site_with_broken_files_starts_on_the_last_good_rules_and_says_so(
    stack: LiveStack, files: Path
) -> None:
    good = revision_of(files)
    stack.start_web()
    assert stack.get_json("/healthz") == {"ok": True, "database": True, "rules": good}
    processes.stop_all([stack.web])

    path = files / "pathways" / "e2.yaml"
    spoil(path, "volatility:", "volatilty:")
    problem = f"pathways/e2.yaml:{line_of(path, 'volatilty')}"
    stack.start_web()
    told = stack.get_json("/healthz")
    assert (told["rules"], told["rules_problem"]) == (good, problem)
    assert stack.get("/en/pathways/e2/")[0] == 200
    assert problem in stack.manage("rules", "check", check=False)
    processes.stop_all([stack.web])

    spoil(path, "volatilty:", "volatility:")
    spoil(path, "max_months: 24", "max_months: 25")
    stack.start_web()
    assert stack.get_json("/healthz") == {
        "ok": True, "database": True, "rules": revision_of(files)
    }  # fmt: skip
    with stack.database() as database:
        kept = database.execute(
            "SELECT revision, is_current FROM policy_rulerevision ORDER BY id"
        ).fetchall()
    assert kept == [(good, False), (revision_of(files), True)]


def test_with_nothing_recorded_yet_the_start_fails_and_names_file_and_line(
    stack: LiveStack, files: Path
) -> None:
    with stack.database() as database:
        database.execute("DELETE FROM policy_rulerevision")
    path = files / "pathways" / "e2.yaml"
    spoil(path, "volatility:", "volatilty:")
    stack.web.launch()
    assert stack.web.process is not None
    assert stack.web.process.wait(60) != 0
    assert f"pathways/e2.yaml:{line_of(path, 'volatilty')}: unknown key" in stack.web.last_words(80)
