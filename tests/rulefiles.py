"""A copy of the rule files that a test may change and break, in use while the test runs."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from corridor import rules
from corridor.policy import queries
from corridor.rules.loading import DATA


@contextmanager
def working_copy(scratch: Path) -> Iterator[Path]:
    copy = scratch / "rules"
    shutil.copytree(DATA, copy)
    rules.configure(folder=copy, last_good=queries.last_good)
    try:
        yield copy
    finally:
        rules.configure(folder=settings.RULES_DIR, last_good=queries.last_good)
