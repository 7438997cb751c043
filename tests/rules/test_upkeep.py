"""Looking after the rule data: all problems at once, second looks, and what is due for a check."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest

from corridor import rules
from corridor.rules import mending, upkeep
from corridor.rules.loading import DATA, Dataset, load
from tests.rules.test_loading import REFUSED, line_of, spoil

CHECKED = date(2026, 11, 23)


@cache
def whole() -> Dataset:
    """The data as it stands, read once for these tests."""
    return load()


def files_and_lines(folder: Path) -> list[tuple[str, int]]:
    return [(each.file, each.line) for each in upkeep.check(folder)]


def test_the_data_as_it_stands_has_no_problem() -> None:
    assert upkeep.check(DATA) == []


@pytest.mark.parametrize(("what", "old", "new", "says"), REFUSED, ids=[each[0] for each in REFUSED])
def test_whatever_stops_the_load_is_found_by_the_check_on_the_same_line(
    data: Path, what: str, old: str, new: str, says: str
) -> None:
    spoil(data / "pathways" / "b1_installer.yaml", old, new)
    with pytest.raises(rules.RuleDataError) as refused:
        load(data)
    found = upkeep.check(data)
    assert (refused.value.file, refused.value.line) in [(each.file, each.line) for each in found]
    assert len(found) == 1, [each.text("en") for each in found]
    (problem,) = found
    assert problem.problem.ko != problem.problem.en
    assert problem.mend.ko and problem.mend.en
    assert problem.mend.ko != problem.mend.en


def test_several_slips_in_several_files_are_all_told_each_with_its_line(data: Path) -> None:
    intern = data / "pathways" / "j1_intern.yaml"
    spoil(intern, "severity: hard", "severitty: hard")
    spoil(intern, "is_not: US", "is_not: Us")
    spoil(data / "shared" / "fees.yaml", "usd: 220", "usd: two")
    spoil(data / "credentials" / "welder.yaml", "level: exam", "level: exams")
    spoil(data / "changes" / "esta_fee.yaml", "[vwp_esta]", "[vwp_estas]")
    assert files_and_lines(data) == [
        ("changes/esta_fee.yaml", line_of(data / "changes" / "esta_fee.yaml", "[vwp_estas]")),
        ("credentials/welder.yaml", line_of(data / "credentials" / "welder.yaml", "exams")),
        ("pathways/j1_intern.yaml", line_of(intern, "is_not: Us")),
        ("pathways/j1_intern.yaml", line_of(intern, "severitty")),
        ("shared/fees.yaml", line_of(data / "shared" / "fees.yaml", "usd: two")),
    ]


def test_a_broken_fact_is_told_once_and_not_by_all_who_read_it(data: Path) -> None:
    facts = data / "facts" / "program.yaml"
    spoil(facts, "unit: months", "unit: monts")
    assert files_and_lines(data) == [("facts/program.yaml", line_of(facts, "monts"))]


def test_an_unreadable_pathway_does_not_blame_the_files_that_name_it(data: Path) -> None:
    spoil(data / "pathways" / "b1_installer.yaml", "kinds: [", "kinds: [[")
    spoil(data / "pathways" / "h1b_cap.yaml", "kinds: [", "kinds: [[")
    assert {file for file, _line in files_and_lines(data)} == {
        "pathways/b1_installer.yaml", "pathways/h1b_cap.yaml"
    }  # fmt: skip


@pytest.mark.parametrize("body", [b"\xff\xfe", b"id: tn\nname: \x01", b"", b"- a list", b"id: [1"])
def test_a_file_that_is_no_yaml_map_is_a_problem_of_that_file(data: Path, body: bytes) -> None:
    (data / "pathways" / "tn.yaml").write_bytes(body)
    assert {file for file, _line in files_and_lines(data)} == {"pathways/tn.yaml"}


def test_a_shape_that_nobody_foresaw_still_names_its_file(data: Path) -> None:
    spoil(data / "pathways" / "e2.yaml", "documents: [", "documents: 7\nnotes: 8\nstatus_: [")
    assert {file for file, _line in files_and_lines(data)} == {"pathways/e2.yaml"}


def test_a_folder_without_pathways_is_refused(tmp_path: Path) -> None:
    with pytest.raises(rules.RuleDataError, match="no pathway"):
        load(tmp_path)
    (problem,) = upkeep.check(tmp_path)
    assert "CORRIDOR_RULES_DIR" in problem.mend.en


def test_what_a_pattern_does_not_know_is_said_as_the_loader_says_it() -> None:
    problem, mend = mending.said("something quite new; did you mean 'old'?")
    assert problem.ko == problem.en == "something quite new; did you mean 'old'?"
    assert "'old'" in mend.en


# --- second looks ------------------------------------------------------------------------------


def warned(data: Path | None = None, *, day: date) -> list[tuple[str, str, int]]:
    found = upkeep.warnings(load(data) if data else whole(), day=day)
    return [(each.kind, each.file, each.line) for each in found]


def test_a_version_that_begins_within_sixty_days_is_told_of_in_time(data: Path) -> None:
    path = data / "changes" / "h1b_selection.yaml"
    begins = date(2026, 2, 27)
    here = ("coming", "changes/h1b_selection.yaml", line_of(path, "from: 2026-02-27") - 1)
    assert here in warned(data, day=begins - timedelta(days=60))
    assert here not in warned(data, day=begins - timedelta(days=61))
    assert here not in warned(data, day=begins)


def test_a_version_that_ended_without_a_successor_is_told_of_until_one_says_it_is_past(
    data: Path,
) -> None:
    ended = ("ended", "changes/h2b_supplemental.yaml", 8)
    day = date(2026, 11, 27)
    assert ended in warned(data, day=day)
    assert ended not in warned(data, day=date(2026, 9, 30))
    path = data / "changes" / "h2b_supplemental.yaml"
    path.write_text(
        path.read_text(encoding="utf-8")
        + "- state: past\n  from: 2026-10-01\n  text: {ko: 끝났습니다., en: It has ended.}\n"
        "  citation: none\n  evidence: secondary\n",
        encoding="utf-8",
    )
    assert ended not in warned(data, day=day)


def test_a_must_that_no_text_backs_is_told_of(data: Path) -> None:
    path = data / "pathways" / "h3.yaml"
    line = line_of(path, "id: training_available_in_korea")
    here = ("background", "pathways/h3.yaml", line)
    assert here not in warned(data, day=CHECKED)
    head, point, rest = path.read_text(encoding="utf-8").partition("id: training_available")
    path.write_text(
        head + point + rest.replace("evidence: primary", "evidence: background", 1), "utf-8"
    )
    assert here in warned(data, day=CHECKED)


# --- due ---------------------------------------------------------------------------------------


def keys(**asked: object) -> set[str]:
    return {each.key for each in upkeep.due(whole(), **asked)}  # type: ignore[arg-type]


def test_nothing_is_due_on_the_day_it_was_checked() -> None:
    assert keys(day=CHECKED) == set()


def test_what_changes_often_is_due_sooner() -> None:
    status = "pathways/h1b_cap/status/2026-07-17"  # extreme: 14 days
    assert status not in keys(day=CHECKED + timedelta(days=14))
    assert status in keys(day=CHECKED + timedelta(days=15))
    seldom = "pathways/h3/status"  # low: 365 days
    assert seldom not in keys(day=CHECKED + timedelta(days=365))
    assert seldom in keys(day=CHECKED + timedelta(days=366))


def test_a_number_of_days_may_be_asked_for_instead() -> None:
    assert keys(day=CHECKED + timedelta(days=30), days=30) == set()
    all_ = keys(day=CHECKED + timedelta(days=31), days=30)
    assert {"pathways/h3/status", "pathways/tn/general"} <= all_


def test_the_most_overdue_comes_first_with_file_and_line() -> None:
    found = upkeep.due(whole(), day=CHECKED + timedelta(days=200))
    assert [each.late for each in found] == sorted((each.late for each in found), reverse=True)
    assert all((DATA / each.file).is_file() and each.line >= 1 for each in found)


def test_a_shared_statement_is_due_once_and_as_often_as_the_strictest_of_its_pathways() -> None:
    found = [
        each for each in upkeep.due(whole(), day=CHECKED + timedelta(days=400))
        if each.key == "shared/requirements/specialty_degree"
    ]  # fmt: skip
    (one,) = found
    assert {"h1b_cap", "h1b_cap_exempt"} <= set(one.owners)
    assert one.volatility == "extreme"


def test_a_check_by_a_person_puts_a_statement_off() -> None:
    day, key = CHECKED + timedelta(days=30), "pathways/h1b_cap/status/2026-07-17"
    assert key in keys(day=day)
    assert key not in keys(day=day, checks={key: day})
    assert key in keys(day=day, checks={key: CHECKED - timedelta(days=1)})


def test_what_has_ended_is_history_and_never_due() -> None:
    ended = "pathways/h1b_cap/requires/proclamation_payment_risk_acknowledged/2025-09-21"
    assert ended not in keys(day=date(2030, 1, 1))
    assert ended in keys(day=date(2026, 6, 7), days=-10_000)


def test_what_falls_due_soon_can_be_planned_for() -> None:
    day = CHECKED + timedelta(days=10)
    (first, *_rest) = upkeep.due(whole(), day=day, ahead=5)
    assert first.late == -4
    assert first.due_on == day + timedelta(days=4)
    assert upkeep.due(whole(), day=day) == []


def test_every_key_that_is_due_finds_its_statement() -> None:
    data = whole()
    for each in upkeep.due(data, day=date(2040, 1, 1)):
        found = upkeep.find(data, each.key)
        assert found is not None, each.key
        assert found[1].backing == each.backing
