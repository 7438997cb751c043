"""A copy of the rule files that a test may change and break, in use while the test runs."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from corridor import rules
from corridor.accounts.models import User
from corridor.policy import queries
from corridor.rules.loading import DATA


@pytest.fixture
def files(tmp_path: Path) -> Iterator[Path]:
    copy = tmp_path / "rules"
    shutil.copytree(DATA, copy)
    rules.configure(folder=copy, last_good=queries.last_good)
    yield copy
    rules.configure(folder=settings.RULES_DIR, last_good=queries.last_good)


@pytest.fixture
def staff(db: None) -> User:
    user = User.objects.create_user("staff@example.org", "a long password 1", name="운영")
    user.is_staff = True
    user.save()
    return user
