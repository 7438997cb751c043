"""What the tests of the rules share."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import settings

from corridor.rules.loading import DATA

# No test of the rules is timed: a loaded machine is no fault of theirs.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of the rule data that a test may spoil."""
    copy = tmp_path / "data"
    shutil.copytree(DATA, copy)
    return copy
