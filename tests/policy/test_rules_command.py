"""`manage.py rules`: what a maintainer types and reads."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from corridor import rules
from corridor.config import env
from corridor.policy import services
from corridor.policy.models import RuleRevision
from tests.rules.test_loading import line_of, spoil


def said(*arguments: str) -> str:
    out = StringIO()
    call_command("rules", *arguments, stdout=out)
    return out.getvalue()


def told(*arguments: str) -> Any:
    return json.loads(said(*arguments, "--format", "json"))


# --- check -------------------------------------------------------------------------------------


def test_check_of_good_files_says_so_and_what_deserves_a_look() -> None:
    text = said("check", "--day", "2026-11-27")
    assert text.startswith(f"Rule data {rules.revision()}: no problems.")
    assert "changes/h2b_supplemental.yaml:8:" in text
    assert told("check")["problems"] == []


def test_check_of_broken_files_lists_all_and_exits_with_one(files: Path) -> None:
    spoil(files / "pathways" / "e2.yaml", "volatility:", "volatilty:")
    spoil(files / "shared" / "fees.yaml", "usd: 185", "usd: about 185")
    out = StringIO()
    with pytest.raises(SystemExit) as left:
        call_command("rules", "check", stdout=out)
    assert left.value.code == 1
    text = out.getvalue()
    assert "There are 2 problems." in text
    line = line_of(files / "pathways" / "e2.yaml", "volatilty")
    assert f"pathways/e2.yaml:{line}: unknown key 'volatilty' — Did you mean 'volatility'?" in text

    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("rules", "check", "--lang", "ko", stdout=out)
    assert "알 수 없는 키 'volatilty'" in out.getvalue()


def test_check_takes_another_folder(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="not a folder"):
        said("check", str(tmp_path / "nowhere"))
    with pytest.raises(SystemExit):
        said("check", str(tmp_path))


# --- diff --------------------------------------------------------------------------------------


@pytest.fixture
def older(files: Path, tmp_path: Path) -> Path:
    """A second folder, as the files were before the test changed them."""
    kept = tmp_path / "older"
    shutil.copytree(files, kept)
    return kept


def test_diff_says_in_words_what_changed_with_citation_evidence_and_line(
    files: Path, older: Path
) -> None:
    path = files / "pathways" / "j1_intern.yaml"
    spoil(path, "duration_months, at_most: 12", "duration_months, at_most: 18")
    text = said("diff", str(older), "current", "--day", "2026-11-27")
    line = line_of(path, "id: duration")
    assert f"J-1 Intern · requirement: duration — changed  [pathways/j1_intern.yaml:{line}]" in text
    assert "duration: at most 12 months → at most 18 months" in text
    assert "22 CFR 62.22(k) (read in the law’s own text)" in text
    korean = said("diff", str(older), "current", "--day", "2026-11-27", "--lang", "ko")
    assert "기간: 12개월 이하 → 18개월 이하" in korean


def test_diff_of_equal_data_sets_says_that_nothing_changed(files: Path, older: Path) -> None:
    assert "Nothing changed." in said("diff", str(older), "current")
    with (files / "pathways" / "e2.yaml").open("a") as end:
        end.write("# a remark\n")
    text = said("diff", str(older), "current")
    assert "Nothing says anything else (1 files differ in comments or order)." in text


def test_diff_across_the_history_of_the_h1b_payment_shows_each_step() -> None:
    made = told(
        "diff", "current", "current", "--day", "2025-09-20", "--until", "2027-12-31",
        "--about", "h1b_payment",
    )  # fmt: skip
    assert made["differences"] == []
    steps = [
        (each["since"], each["kind"], [t for a in each["aspects"] for t in a["after"]])
        for each in made["history"]
    ]
    assert [(since, kind) for since, kind, _after in steps] == [
        ("2025-09-21", "changed"), ("2026-06-08", "changed"),
        ("2026-09-21", "changed"), ("2027-09-22", "ends"),
    ]  # fmt: skip
    assert steps[0][2][0].startswith("[in force] Petitions filed after 12:01 a.m.")
    assert steps[1][2][0].startswith("[vacated by a court]")


def test_diff_of_one_day_to_the_next_shows_what_the_law_changed_in_between() -> None:
    made = told("diff", "current", "current", "--day", "2026-06-07", "--until", "2026-06-08")
    about = {(each["part"], owner) for each in made["history"] for owner in each["of"]}
    assert ("change", "h1b_payment") in about
    assert ("fee", "h1b_proclamation") in about
    assert ("requirement", "h1b_cap") in about
    assert {each["since"] for each in made["history"]} == {"2026-06-08"}


def test_files_of_an_older_grammar_are_named_and_compared_by_line_the_rest_in_words(
    files: Path, older: Path
) -> None:
    spoil(older / "pathways" / "e2.yaml", "volatility:", "changes_often:")
    spoil(files / "pathways" / "h3.yaml", "volatility: low", "volatility: medium")
    text = said("diff", str(older), "current")
    line = line_of(older / "pathways" / "e2.yaml", "changes_often")
    assert "1 files cannot be read by today's loader (the first: pathways/e2.yaml:" in text
    assert "volatility: seldom changes → changes at times" in text
    assert f"-{line:>4}  changes_often:" in text
    assert f"+{line:>4}  volatility:" in text


def test_with_unreadable_facts_everything_is_compared_by_line(files: Path, older: Path) -> None:
    spoil(older / "facts" / "program.yaml", "unit: months", "measure: months")
    spoil(files / "pathways" / "h3.yaml", "volatility: low", "volatility: medium")
    made = told("diff", str(older), "current")
    assert made["differences"] == []
    assert {each["file"] for each in made["files"]} == {"facts/program.yaml", "pathways/h3.yaml"}


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_diff_reads_a_git_revision(files: Path) -> None:
    def git(*arguments: str) -> None:
        subprocess.run(
            ["git", "-c", "user.name=x", "-c", "user.email=x@example.org", *arguments],
            cwd=files.parent, check=True, capture_output=True,
        )  # fmt: skip

    git("init", "-q")
    git("add", files.name)
    git("commit", "-q", "-m", "before")
    spoil(files / "pathways" / "e2.yaml", "max_months: 24", "max_months: 25")
    assert "longest stay (months): 24 → 25" in said("diff", "HEAD", "current")
    with pytest.raises(CommandError, match="it knows no such commit"):
        said("diff", "nothing", "current")
    with pytest.raises(CommandError, match="it knows no such commit"):
        said("diff", "--", "--output=x", "current")


@pytest.mark.django_db
def test_diff_reads_a_recorded_revision_by_its_beginning(files: Path) -> None:
    spoil(files / "pathways" / "e2.yaml", "max_months: 24", "max_months: 23")
    old = services.record(origin="start").revision
    spoil(files / "pathways" / "e2.yaml", "max_months: 23", "max_months: 25")
    assert "longest stay (months): 23 → 25" in said("diff", old[:8], "current")


def test_until_must_come_after_day() -> None:
    with pytest.raises(CommandError, match="later"):
        said("diff", "current", "current", "--day", "2026-06-08", "--until", "2026-06-07")


# --- due, record -------------------------------------------------------------------------------


def test_due_lists_the_most_overdue_first_with_its_line() -> None:
    assert "Nothing is due" in said("due", "--day", "2026-11-23")
    rows = told("due", "--day", "2027-02-01")
    assert [row["late"] for row in rows] == sorted((row["late"] for row in rows), reverse=True)
    text = said("due", "--day", "2027-02-01")
    assert f"{rows[0]['late']} days late  {rows[0]['file']}:{rows[0]['line']}" in text
    ahead = told("due", "--day", "2026-11-28", "--ahead", "14")
    assert ahead and all(row["late"] <= 0 for row in ahead)


@pytest.mark.django_db
def test_due_counts_peoples_checks_when_asked(staff: Any) -> None:
    today = timezone.localdate()
    services.check_statement("pathways/h3/status", by=staff, day=today, note="read")
    day = (today + timedelta(days=5)).isoformat()

    def keys(*more: str) -> set[str]:
        return {row["statement"] for row in told("due", "--day", day, "--days", "-999", *more)}

    checked = {
        row["statement"]: row["checked_on"]
        for row in told("due", "--day", day, "--days", "-999", "--with-checks")
    }
    assert keys() == keys("--with-checks")
    assert checked["pathways/h3/status"] == today.isoformat()


@pytest.mark.django_db
def test_record_keeps_the_files_and_recorded_lists_them(files: Path) -> None:
    spoil(files / "pathways" / "e2.yaml", "max_months: 24", "max_months: 25")
    assert rules.revision() in said("record", "--note", "after the October bulletin")
    row = RuleRevision.objects.get(revision=rules.revision())
    assert row.origin == "command" and row.note == "after the October bulletin"
    assert f"{row.revision}  {row.first_seen_on}  command   current" in said("recorded")


def test_only_what_reads_the_database_starts_the_demos_services(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("CORRIDOR_DATABASE_URL", raising=False)
    monkeypatch.setenv("CORRIDOR_MODE", "demo")
    for arguments, needed in {
        "rules check": False,
        "rules diff HEAD~5 current --day 2026-11-27": False,
        "rules diff 4a1b2c current": True,
        "rules due": False,
        "rules due --with-checks": True,
        "rules record": True,
    }.items():
        assert env.needs_embedded_services(arguments.split()) is needed, arguments
