"""`manage.py assess`: verdicts for facts in a file, and what it says of files it cannot use."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

STUDENT = """
candidate:
  summary: fourth-year student            # a remark, no fact
  nationality: KR
  intern_track: enrolled_fulltime_outside_us
  us_status: none
program: {duration_months: 12, hours_per_week: 40}
"""


def assess(tmp_path: Path, text: str, *options: str, name: str = "case.yaml") -> str:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    out = StringIO()
    call_command("assess", str(path), *options, stdout=out)
    return out.getvalue()


def as_json(tmp_path: Path, text: str, *options: str, name: str = "case.yaml") -> Any:
    return json.loads(assess(tmp_path, text, "--format", "json", *options, name=name))


def test_one_case_gives_a_verdict_a_pathway_with_reasons_and_citations(tmp_path):
    verdicts = as_json(tmp_path, STUDENT, "--pathway", "j1_intern", "--pathway", "f1_opt")
    by_pathway = {verdict["pathway"]: verdict for verdict in verdicts}
    assert by_pathway.keys() == {"j1_intern", "f1_opt"}
    assert by_pathway["j1_intern"]["verdict"] == "conditional"
    assert "candidate.english_verified" in by_pathway["j1_intern"]["missing"]
    closed = by_pathway["f1_opt"]
    assert closed["verdict"] == "not_eligible"
    assert {"fact", "message", "citation", "evidence"} <= closed["reasons"][0].keys()
    assert closed["reasons"][0]["fact"] == "candidate.us_status"


def test_a_value_that_no_rule_knows_is_named_beside_the_verdicts(tmp_path, capsys):
    told = STUDENT.replace("enrolled_fulltime_outside_us", "enroled_fulltime_outside_us")
    assert as_json(tmp_path, told, "--pathway", "j1_intern")[0]["verdict"] == "not_eligible"
    assert "did you mean 'enrolled_fulltime_outside_us'?" in capsys.readouterr().err
    as_json(tmp_path, STUDENT)
    assert capsys.readouterr().err == ""


def test_many_cases_give_a_list_each_and_keep_their_names_and_days(tmp_path):
    told = as_json(
        tmp_path,
        """
        cases:
          - {id: before, day: 2026-09-20, candidate: {nationality: KR}}
          - {id: after, as_of: "2026-09-22", candidate: {nationality: KR}}
        """,
        "--pathway", "j1_intern",
    )  # fmt: skip
    assert [[(v["case"], v["day"]) for v in verdicts] for verdicts in told] == [
        [("before", "2026-09-20")], [("after", "2026-09-22")],
    ]  # fmt: skip


def test_the_day_asked_for_goes_before_the_day_in_the_file(tmp_path):
    (verdict,) = as_json(tmp_path, STUDENT + "\nday: 2026-01-01\n", "--day", "2027-02-03",
                         "--pathway", "j1_intern")  # fmt: skip
    assert verdict["day"] == "2027-02-03"


def test_json_is_read_like_yaml(tmp_path):
    case = {"candidate": {"nationality": "JP"}, "derived": {}}
    (verdict,) = as_json(tmp_path, json.dumps(case), "--pathway", "kit_desk", name="case.json")
    assert verdict["pathway"] == "kit_desk"


def test_text_says_why_and_cites_in_either_language(tmp_path):
    english = assess(tmp_path, STUDENT, "--pathway", "f1_opt")
    assert "not_eligible" in english and "[8 CFR 214.2(f)" in english
    korean = assess(tmp_path, STUDENT, "--pathway", "f1_opt", "--lang", "ko")
    assert "학생" in korean


def test_an_unsettled_exit_rule_stands_with_the_pathway(tmp_path):
    (verdict,) = as_json(tmp_path, STUDENT, "--pathway", "j1_intern")
    assert verdict["exit_rule"]["id"] == "kr_military_70"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("candidate: {natonality: KR}", r"did you mean candidate\.nationality"),
        ("candidate: {nationality: 3}", "two-letter country code"),
        ("candidate: {english_verified: perhaps}", "must be true or false"),
        ("program: {duration_months: -2}", "or more"),
        ("candidate: KR", "must be a map"),
        ("candidat: {nationality: KR}", "did you mean 'candidate'"),
        ("who: me", "at least one of the maps"),
        ("candidate: {nationality: KR, nationality: US}", "case.yaml:1"),
        ("candidate: [", "case.yaml:2: not readable"),
        ("- candidate", "must be one map"),
        ("cases: []", "at least one"),
        ("cases: [3]", "case 1: must be a map"),
        ("cases: [{id: T9, day: soon, candidate: {}}]", "T9: day must be like"),
        ("", "must be one map"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused_in_words(tmp_path, text, said):
    with pytest.raises(CommandError, match=said):
        assess(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"candidate": {"nationality": "KR", "nationality": "US"}}', "'nationality' is writ"),
        ('{"candidate": ', "case.json:1"),
        ("[" * 100_000, "cannot be read as JSON"),
        ("[]", "must be one object"),
    ],
)
def test_json_that_makes_no_sense_is_refused_in_words(tmp_path, text, said):
    with pytest.raises(CommandError, match=said):
        assess(tmp_path, text, name="case.json")


def test_an_unknown_pathway_names_the_nearest(tmp_path):
    with pytest.raises(CommandError, match="did you mean j1_intern"):
        assess(tmp_path, STUDENT, "--pathway", "j1_inten")


def test_a_file_that_is_not_there_or_no_text_is_said_so(tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("assess", str(tmp_path / "none.yaml"))
    (tmp_path / "bytes.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CommandError, match="not UTF-8"):
        call_command("assess", str(tmp_path / "bytes.yaml"))


def test_several_pathways_may_follow_one_option_before_or_after_the_file(tmp_path):
    (tmp_path / "case.yaml").write_text(STUDENT, encoding="utf-8")
    file = str(tmp_path / "case.yaml")
    orders = (
        [file, "--pathway", "j1_intern", "f1_opt"],
        ["--pathway", "j1_intern", "f1_opt", file],
        ["--pathway", "j1_intern", "--pathway", "f1_opt", "--lang", "en", file],
    )
    for order in orders:
        out = StringIO()
        call_command("assess", "--format", "json", *order, stdout=out)
        assert {v["pathway"] for v in json.loads(out.getvalue())} == {"j1_intern", "f1_opt"}


def test_a_call_without_a_file_says_so():
    with pytest.raises(CommandError, match="Name the file"):
        call_command("assess", "--lang", "ko")
