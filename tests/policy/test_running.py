"""The running site keeps the last good rules: with real files, changed and broken."""

from __future__ import annotations

import threading
from datetime import date
from pathlib import Path

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from corridor import rules
from corridor.policy import following, queries, services
from corridor.policy.models import RuleRevision
from corridor.rules import archives
from corridor.rules.loading import revision_of
from tests.rules.test_loading import line_of, spoil

DAY = date(2026, 11, 27)
SHORT = {"program.duration_months": 12}
LONG = {"program.duration_months": 15}


def longer(files: Path) -> None:
    """The J-1 intern's twelve months become eighteen."""
    spoil(files / "pathways" / "j1_intern.yaml", "duration_months, at_most: 12",
          "duration_months, at_most: 18")  # fmt: skip


def broken(files: Path) -> int:
    """A slip, and the line it stands on."""
    path = files / "pathways" / "e2.yaml"
    spoil(path, "volatility:", "volatilty:")
    return line_of(path, "volatilty")


def closed(facts: dict[str, object]) -> bool:
    (verdict,) = rules.assess(facts, day=DAY, pathways=["j1_intern"]).verdicts
    return verdict.verdict == "not_eligible"


def test_good_files_take_the_place_of_the_running_ones(files: Path) -> None:
    before = rules.revision()
    assert closed(LONG) and not closed(SHORT)
    longer(files)
    assert closed(LONG), "nothing changes before a reload"
    assert rules.reload() is None
    assert rules.revision() != before
    assert not closed(LONG)


def test_a_broken_file_leaves_the_running_rules_in_place_and_is_told_with_its_line(
    files: Path,
) -> None:
    before = rules.revision()
    line = broken(files)
    longer(files)
    problem = rules.reload()
    assert problem is not None
    assert (problem.file, problem.line) == ("pathways/e2.yaml", line)
    assert rules.revision() == before
    assert rules.standing().trouble == problem
    assert closed(LONG), "not even the good half of the change is in use"

    spoil(files / "pathways" / "e2.yaml", "volatilty:", "volatility:")
    assert rules.reload() is None
    assert rules.standing().trouble is None
    assert not closed(LONG)


def test_readers_never_meet_a_half_changed_data_set(files: Path) -> None:
    seen: set[tuple[str, bool]] = set()
    done = threading.Event()
    faults: list[BaseException] = []

    def read() -> None:
        while not done.is_set():
            try:
                found = rules.assess(LONG, day=DAY, pathways=["j1_intern"])
                seen.add((found.revision, found.verdicts[0].verdict == "not_eligible"))
            except BaseException as error:
                faults.append(error)

    readers = [threading.Thread(target=read) for _ in range(3)]
    before = rules.revision()
    for reader in readers:
        reader.start()
    longer(files)
    rules.reload()
    after = rules.revision()
    while (after, False) not in seen and not faults:
        pass
    done.set()
    for reader in readers:
        reader.join()
    assert not faults
    assert seen <= {(before, True), (after, False)}


def test_what_is_remembered_of_one_data_set_is_not_read_under_another(files: Path) -> None:
    @rules.remembered(10)
    def longest(pathway: str) -> int | None:
        return rules.pathway(pathway).max_months

    assert longest("e2") == 24
    spoil(files / "pathways" / "e2.yaml", "max_months: 24", "max_months: 25")
    assert longest("e2") == 24
    rules.reload()
    assert longest("e2") == 25


@pytest.mark.django_db
def test_a_process_that_starts_with_broken_files_runs_on_the_last_good_ones(files: Path) -> None:
    good = services.record(origin="start").revision
    line = broken(files)
    rules.configure(folder=files, last_good=queries.last_good)  # a new process
    assert rules.revision() == good
    standing = rules.standing()
    assert standing.origin == "archive"
    assert standing.trouble is not None and standing.trouble.line == line
    assert closed(LONG) and len(rules.pathways()) > 30


@pytest.mark.django_db
def test_without_a_last_good_data_set_the_start_fails_with_the_message(files: Path) -> None:
    RuleRevision.objects.all().delete()
    line = broken(files)
    rules.configure(folder=files, last_good=queries.last_good)
    with pytest.raises(rules.RuleDataError, match=f"pathways/e2.yaml:{line}: unknown key"):
        rules.revision()


@pytest.mark.django_db
def test_without_a_database_a_start_with_good_files_does_not_fail(files: Path) -> None:
    def down(*_arguments: object) -> None:
        raise OperationalError("connection refused")

    with connection.execute_wrapper(down):
        services.record_quietly(origin="start")
        assert len(rules.pathways()) > 30
        broken(files)
        rules.configure(folder=files, last_good=queries.last_good)
        with pytest.raises(rules.RuleDataError):
            rules.revision()


def test_a_folder_that_is_not_there_is_told_as_such(tmp_path: Path, files: Path) -> None:
    rules.configure(folder=tmp_path / "nowhere")
    with pytest.raises(rules.RuleDataError, match="no pathway"):
        rules.revision()


# --- other processes ----------------------------------------------------------------------------


def reloaded_elsewhere(files: Path) -> str:
    """Another process has read `files` and asked all to go over; ours has not looked yet."""
    row = RuleRevision.objects.create(
        revision=revision_of(files), first_seen_on=DAY, archive=archives.pack(files),
        origin="reload", reloaded_at=timezone.now(),
    )  # fmt: skip
    return row.revision


@pytest.mark.django_db
def test_a_process_goes_over_to_what_another_one_has_reloaded(files: Path) -> None:
    before = rules.revision()
    following.look()
    assert rules.revision() == before
    longer(files)
    after = reloaded_elsewhere(files)
    broken(files)  # its own files do not matter
    following.look()
    assert rules.revision() == after != before
    assert rules.standing().trouble is None
    assert not closed(LONG)


@pytest.mark.django_db
def test_a_process_asks_at_most_every_thirty_seconds(
    files: Path, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries
) -> None:
    before = rules.revision()
    longer(files)
    reloaded_elsewhere(files)
    monkeypatch.setattr(following, "_next", None)
    with django_assert_num_queries(0):
        following.follow()  # commands and tests do not follow at all
    following.begin()
    with django_assert_num_queries(0):
        following.follow()
    assert rules.revision() == before
    monkeypatch.setattr(following, "_next", 0.0)  # as if 30 seconds had gone by
    with django_assert_num_queries(2):
        following.follow()
        following.follow()
    assert rules.revision() != before


@pytest.mark.django_db
def test_an_archive_that_this_version_cannot_read_is_tried_once(
    files: Path, django_assert_num_queries
) -> None:
    before = rules.revision()
    broken(files)
    reloaded_elsewhere(files)
    following.look()
    assert rules.revision() == before
    assert rules.standing().trouble is not None
    with django_assert_num_queries(1):
        following.look()


@pytest.mark.django_db
def test_a_database_that_does_not_answer_leaves_the_process_as_it_is(
    files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_arguments: object) -> None:
        raise OperationalError("connection refused")

    before = rules.revision()
    monkeypatch.setattr(following, "_next", 0.0)
    with connection.execute_wrapper(down):
        following.follow()
    assert rules.revision() == before
