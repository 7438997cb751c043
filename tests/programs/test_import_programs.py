"""Postings taken in from files, as the command does it."""

from __future__ import annotations

import csv
import json
from datetime import date
from io import StringIO
from pathlib import Path

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from corridor.accounts.models import Organization
from corridor.common import imports
from corridor.common.models import AuditEntry
from corridor.places.services import load_ground
from corridor.programs.models import Program, Requirement
from tests.matching.people import host

pytestmark = pytest.mark.django_db

FIRST = {
    "title": "Battery Process Engineering Intern", "company": "Plain Cell Works",
    "location": "Savannah, GA", "posted_on": "2026-06-01", "open": "True",
}  # fmt: skip


@pytest.fixture(autouse=True)
def ground(db):
    load_ground()


def write(tmp_path: Path, *rows: dict[str, object], name: str = "postings.csv") -> Path:
    path = tmp_path / name
    if name.endswith(".jsonl"):
        path.write_text("\n".join(json.dumps(row) for row in rows))
        return path
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    table = [headings, *([row.get(heading, "") for heading in headings] for row in rows)]
    if name.endswith(".xlsx"):
        book = openpyxl.Workbook()
        for cells in table:
            book.active.append(cells)
        book.save(path)
    else:
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(table)
    return path


def take(path: Path, *options: str) -> str:
    out = StringIO()
    call_command("import_programs", str(path), *options, stdout=out, stderr=StringIO())
    return out.getvalue()


def refusals(tmp_path: Path, *rows: dict[str, object], name: str = "postings.csv"):
    """(line, field, reason) of each refused row, from the report file."""
    report = tmp_path / "report.csv"
    try:
        take(write(tmp_path, *rows, name=name), "--report", str(report))
    except CommandError as error:
        assert "No row was taken" in str(error)
    with report.open(encoding="utf-8-sig", newline="") as file:
        return [
            (int(row["line"]), row["field"], row["reason"])
            for row in csv.DictReader(file)
            if row["what"] == "refused"
        ]


@pytest.mark.parametrize("name", ["postings.csv", "postings.jsonl", "postings.xlsx"])
def test_a_posting_of_a_non_member_keeps_its_hosts_name_and_nothing_is_made_up(tmp_path, name):
    take(write(tmp_path, FIRST, name=name), "--source", "list")
    program = Program.objects.get()
    assert (program.title_en, program.host_name) == (FIRST["title"], "Plain Cell Works")
    assert (program.kind, program.status, program.source) == ("internship", "published", "list")
    assert (program.state, program.hub.slug, program.place_text) == (
        "GA", "savannah-ga", "Savannah, GA",
    )  # fmt: skip
    assert program.published_at.astimezone().date() == date(2026, 6, 1)
    assert (program.pay_amount, program.pay_period, program.starts_on, program.apply_by) == (
        None, "", None, None,
    )  # fmt: skip
    assert program.text_hash and program.term_ids
    assert program.vector is None  # the sweep makes it


def test_the_system_organization_is_unverified_and_no_sample(tmp_path):
    take(write(tmp_path, FIRST))
    organization = Organization.objects.get(slug="imported-postings")
    assert (organization.status, organization.is_sample) == ("unverified", False)
    assert not organization.memberships.exists()


def test_a_second_run_changes_only_what_differs(tmp_path):
    other = {**FIRST, "title": "Quality Intern"}
    take(write(tmp_path, FIRST, other))
    before = {program.title_en: program.updated_at for program in Program.objects.all()}
    said = take(write(tmp_path, {**FIRST, "open": "False"}, other))
    assert "New: 0, changed: 1, already there: 1" in said
    closed = Program.objects.get(title_en=FIRST["title"])
    assert closed.status == "closed" and closed.closed_at
    assert Program.objects.get(title_en="Quality Intern").updated_at == before["Quality Intern"]


def test_a_row_with_an_id_is_known_again_after_its_title_changed(tmp_path):
    take(write(tmp_path, {"id": "J-1", **FIRST}))
    first = Program.objects.get()
    take(write(tmp_path, {"id": "J-1", **FIRST, "title": "Welding Intern"}))
    program = Program.objects.get()
    assert (program.pk, program.title_en) == (first.pk, "Welding Intern")
    assert program.text_hash != first.text_hash  # so its vector is made anew


def test_requirements_added_by_hand_still_count_after_an_update(tmp_path):
    take(write(tmp_path, {"id": "J-1", **FIRST}))
    Requirement.objects.create(program=Program.objects.get(), kind="skill", text="TIG welding")
    take(write(tmp_path, {"id": "J-1", **FIRST, "title": "Shop Intern"}))
    assert Program.objects.get().skill_ids == ["gtaw-welding"]


def test_a_column_left_empty_later_empties_its_field(tmp_path):
    take(write(tmp_path, {"id": "1", **FIRST, "apply_by": "2030-01-01"}))
    assert Program.objects.get().apply_by == date(2030, 1, 1)
    take(write(tmp_path, {"id": "1", **FIRST, "apply_by": ""}))
    assert Program.objects.get().apply_by is None


def test_a_trial_writes_nothing(tmp_path):
    said = take(write(tmp_path, FIRST), "--dry-run")
    assert "New: 1" in said and "nothing was written" in said
    assert not Program.objects.exists()
    assert not Organization.objects.filter(slug="imported-postings").exists()
    assert not AuditEntry.objects.exists()


def test_korean_headings_and_words_are_understood(tmp_path):
    take(write(tmp_path, {
        "공고명": "배터리 공정 인턴", "회사명": "견본셀", "근무지": "조지아주 사바나",
        "모집중": "예", "마감일": "2030년 3월 2일", "급여": "1,500,000원", "급여 단위": "월급",
        "통화": "KRW", "학력": "학사", "산업": "배터리",
    }))  # fmt: skip
    program = Program.objects.select_related("sector").get()
    assert (program.title_ko, program.title_en) == ("배터리 공정 인턴", "")
    assert (program.state, program.sector.slug) == ("GA", "batteries")
    assert (int(program.pay_amount), program.pay_currency, program.pay_period) == (
        1_500_000, "KRW", "month",
    )  # fmt: skip
    assert (program.apply_by, program.min_degree) == (date(2030, 3, 2), "bachelor")


def test_a_column_of_another_name_is_taken_by_map(tmp_path):
    row = {"What": "Intern", "Who": "Plain Works"}
    with pytest.raises(CommandError, match='--map "YOUR COLUMN=title"'):
        take(write(tmp_path, row))
    take(write(tmp_path, row), "--map", "What=title", "--map", "who=company")
    assert Program.objects.get().host_name == "Plain Works"


@pytest.mark.parametrize(
    ("option", "said"),
    [("title", "COLUMN=FIELD"), ("title=titel", "no field “titel”. Known: title"),
     ("nowhere=title", "does not have: nowhere")],
)  # fmt: skip
def test_a_map_that_makes_no_sense_is_refused_before_anything_is_read(tmp_path, option, said):
    with pytest.raises(CommandError, match=said):
        take(write(tmp_path, FIRST), "--map", option)
    assert not Program.objects.exists()


def test_columns_that_are_not_understood_are_named(tmp_path):
    assert "Column “mood” is not read" in take(write(tmp_path, {**FIRST, "mood": "good"}))


@pytest.mark.parametrize(
    ("field", "cell", "said"),
    [
        ("title", '=HYPERLINK("http://x.example","Intern")', "formula"),
        ("title", "@SUM(A1:A9)", "formula"),
        ("title", "-cmd|' /C calc'!A0", "formula"),
        ("title", "Intern\x00 engineer", "control characters"),
        ("title", "Intern\u202e engineer", "control characters"),
        ("title", "x" * 1_000_000, "1,000,000 characters; at most 200"),
        ("company", "", "No company is named"),
        ("title", "", "empty"),
        ("posted_on", "2026-02-30", "no such day"),
        ("posted_on", "03/02/2026", "like 2027-03-02"),
        ("posted_on", "2099-01-01", "still to come"),
        ("apply_by", "9999-01-01", "after 2100"),
        ("open", "perhaps", "yes or no"),
        ("url", "javascript:alert(1)", "web address"),
        ("url", "https://user:secret@x.example/", "web address"),
        ("pay", "-5", "from 0 to"),
        ("pay", "nan", "not a number"),
        ("pay", "12", "without its period"),
        ("sector", "banking", "twelve sectors"),
        ("kind", "job", "one of: internship"),
        ("hours_per_week", "400", "from 1 to 80"),
        ("description", "번호 900101-1234567", "resident registration number"),
    ],
)
def test_a_hostile_or_broken_cell_refuses_its_row_and_says_how_to_mend_it(
    tmp_path, field, cell, said
):
    bad = {**FIRST, field: cell}
    ((line, where, reason),) = refusals(tmp_path, bad, {**FIRST, "title": "Second Intern"})
    assert line == 2
    assert said in reason
    assert where in (field, "pay_amount", "pay_period")
    assert Program.objects.get().title_en == "Second Intern"


def test_plus_signs_and_dashes_that_are_no_formulas_are_taken(tmp_path):
    take(write(tmp_path, {**FIRST, "company": "++addmore®", "title": "- Intern, C++ (Fall)"}))
    assert Program.objects.get().host_name == "++addmore®"


@pytest.mark.parametrize("value", [{"en": "Intern"}, ["Intern"]])
def test_a_nested_value_is_refused_where_one_text_is_meant(tmp_path, value):
    ((line, field, reason),) = refusals(tmp_path, {**FIRST, "title": value}, name="p.jsonl")
    assert (line, field) == (1, "title")
    assert "list or an object" in reason


def test_bytes_that_are_no_text_refuse_their_row_alone(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("title,company\n인턴,견본\n".encode() + b"Intern \xff\xfe,A\n")
    said = take(path)
    assert "New: 1" in said
    assert "Some letters cannot be read" in said


def test_days_that_contradict_each_other_are_refused(tmp_path):
    start = {"starts_on": "2030-03-01"}
    found = refusals(
        tmp_path,
        {**FIRST, **start, "ends_on": "2030-02-01", "apply_by": ""},
        {**FIRST, **start, "ends_on": "", "apply_by": "2030-04-01"},
    )
    assert [(line, field) for line, field, _reason in found] == [(2, "ends_on"), (3, "apply_by")]


def test_the_same_posting_twice_in_a_file_is_taken_once(tmp_path):
    again = {**FIRST, "title": FIRST["title"].upper(), "posted_on": "2026-06-02"}
    ((line, _field, reason),) = refusals(tmp_path, FIRST, again)
    assert line == 3
    assert "further up" in reason


def test_a_senior_post_is_not_passed_off_as_an_internship(tmp_path):
    senior = {**FIRST, "title": "Senior Product Manager"}
    assert [field for _line, field, _reason in refusals(tmp_path, senior)] == ["title"]
    take(write(tmp_path, {**senior, "kind": "training"}))
    assert Program.objects.get().kind == "training"


def test_a_place_abroad_is_refused(tmp_path):
    refused = refusals(tmp_path, {**FIRST, "location": "Toronto, ON, Canada"})
    assert [(field, "outside the United States" in reason) for _l, field, reason in refused] == [
        ("place", True)
    ]


@pytest.mark.parametrize(
    ("place", "state", "reason"),
    [
        ("Remote, US", "", "Remote work"),
        ("", "", "No location is given"),
        ("Elbonia", "", "No U.S. state or city was recognized"),
        ("Montana", "MT", "no hub near"),
    ],
)
def test_an_unknown_place_is_kept_as_written_and_reported(tmp_path, place, state, reason):
    said = take(write(tmp_path, {**FIRST, "location": place}))
    program = Program.objects.get()
    assert (program.place_text, program.state, program.hub) == (place, state, None)
    assert reason in said


@pytest.mark.parametrize(
    ("title", "category", "sector"),
    [
        ("Wafer Photolithography Intern", "Trading", "semiconductors"),
        ("Software Engineer Intern", "AI", "ai-software"),
        ("Property Management Intern", "Semiconductors", None),
        ("Intern", "Semiconductors", None),
    ],
)
def test_a_sector_is_given_only_where_the_title_bears_it_out(tmp_path, title, category, sector):
    take(write(tmp_path, {**FIRST, "title": title, "category": category}))
    found = Program.objects.select_related("sector").get().sector
    assert (found.slug if found else None) == sector


def test_a_row_that_the_database_refuses_does_not_cost_its_batch(tmp_path, monkeypatch):
    rows = [{**FIRST, "title": f"Intern {n}"} for n in range(7)]
    from corridor.programs.importing import writing

    insert = writing._insert

    def refuse_the_third(new):
        for program in new:
            if program.title_en == "Intern 3":
                program.state = "TOO LONG"
        insert(new)

    monkeypatch.setattr(writing, "_insert", refuse_the_third)
    found = refusals(tmp_path, *rows)
    assert [line for line, _field, _reason in found] == [5]
    assert Program.objects.count() == 6


def test_rows_are_written_batch_by_batch_with_few_queries(
    tmp_path, monkeypatch, django_assert_max_num_queries
):
    rows = [{**FIRST, "title": f"Intern {n}"} for n in range(40)]
    monkeypatch.setattr(imports, "BATCH", 500)
    path = write(tmp_path, *rows)
    with django_assert_max_num_queries(16):
        take(path)
    assert Program.objects.count() == 40


def test_postings_of_a_member_stand_under_its_own_name(tmp_path):
    member = host("plain-host")
    row = {name: value for name, value in FIRST.items() if name != "company"}
    take(write(tmp_path, row), "--organization", "plain-host")
    assert (Program.objects.get().organization, Program.objects.get().external_host) == (member, "")


def test_a_posting_does_not_move_to_another_organization_by_a_second_import(tmp_path):
    host("plain-host")
    take(write(tmp_path, {"id": "1", **FIRST}))
    with pytest.raises(CommandError, match="No row was taken"):
        take(write(tmp_path, {"id": "1", **FIRST}), "--organization", "plain-host")
    assert Program.objects.get().organization.slug == "imported-postings"


def test_an_unknown_organization_or_file_is_said_in_words(tmp_path):
    with pytest.raises(CommandError, match="no organization “nobody”"):
        take(write(tmp_path, FIRST), "--organization", "nobody")
    with pytest.raises(CommandError, match="There is no file"):
        take(tmp_path / "nothing.csv")


def test_the_report_holds_no_cell_and_the_summary_can_be_read_in_korean(tmp_path):
    report = tmp_path / "report.csv"
    bad = {**FIRST, "title": "=secret()", "company": "Hidden Works"}
    said = take(write(tmp_path, bad, FIRST), "--report", str(report), "--lang", "ko")
    assert "secret" not in report.read_text() and "Hidden" not in report.read_text()
    assert "거절" in said and "수식" in said


def test_what_was_imported_is_recorded_for_audit(tmp_path):
    take(write(tmp_path, FIRST), "--source", "list")
    entry = AuditEntry.objects.get(action="programs.imported")
    assert entry.values == {"source": "list", "added": 1, "updated": 0, "refused": 0}


def test_the_language_of_the_process_is_left_as_it_was(tmp_path):
    with translation.override("ko"):
        take(write(tmp_path, FIRST))
        assert translation.get_language() == "ko"
