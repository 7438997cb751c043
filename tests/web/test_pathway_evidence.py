"""What was not read in the law's own text is said so, wherever a route's page states it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from corridor import rules
from tests.rulefiles import working_copy

pytestmark = pytest.mark.django_db
WEAK = "not verified against the primary text"


@pytest.fixture
def files(tmp_path: Path) -> Iterator[Path]:
    """Rule files in which all evidence is the same, and only that."""
    with working_copy(tmp_path) as copy:
        yield copy


def all_evidence(files: Path, level: str) -> str:
    """The H-1B page with every statement on this level of evidence."""
    for path in files.rglob("*.yaml"):
        text = path.read_text("utf-8")
        path.write_text(re.sub(r"\bevidence: \w+", f"evidence: {level}", text), "utf-8")
    rules.reload()
    return Client().get("/en/pathways/h1b_cap/").content.decode()


def parts(page: str) -> dict[str, str]:
    head, _, rest = page.partition('<h2 id="conditions">')
    conditions, _, rest = rest.partition('<h2 id="changes">')
    changes, _, aside = rest.partition("<aside")
    fees, _, notes = aside.partition("Good to know")
    return {"status": head, "conditions": conditions, "changes": changes, "fees": fees,
            "notes": notes}  # fmt: skip


def test_weak_evidence_is_said_of_status_conditions_history_fees_and_notes(files: Path) -> None:
    for name, text in parts(all_evidence(files, "secondary")).items():
        assert WEAK in text, name


def test_nothing_is_said_where_the_law_itself_was_read(files: Path) -> None:
    page = all_evidence(files, "primary")
    assert 'id="conditions"' in page and 'id="changes"' in page and "Good to know" in page
    assert WEAK not in page


def test_what_a_route_asks_only_of_some_work_stands_apart_from_what_it_asks_of_all() -> None:
    page = Client().get("/en/pathways/vwp_esta/").content.decode()
    _, _, conditions = page.partition('<h2 id="conditions">')
    everybody, *some = conditions.partition('<h2 id="steps">')[0].split("<h3>")
    assert "Ninety days at most" in everybody and "contract of sale" not in everybody
    assert len(some) == 2 and all("Only where the work belongs to" in each for each in some)
    assert "contract of sale" in some[0] and "contract of sale" not in some[1]
