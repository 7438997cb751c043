"""A copy of the rule files that a test may change and break, in use while the test runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from corridor.accounts.models import User
from tests.rulefiles import working_copy


@pytest.fixture
def files(tmp_path: Path) -> Iterator[Path]:
    with working_copy(tmp_path) as copy:
        yield copy


@pytest.fixture
def staff(db: None) -> User:
    user = User.objects.create_user("staff@example.org", "a long password 1", name="운영")
    user.is_staff = True
    user.save()
    return user
