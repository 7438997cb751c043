"""`manage.py assess` with credentials: the ladder as text, and beside each verdict in JSON."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

WELDER = """
candidate: {nationality: KR, us_status: none}
program: {start_date: 2027-01-05}
day: 2026-11-27
credentials:
  held: [용접기능사, TOEIC 870]
  required: [AWS Certified Welder, OSHA 10]
  state: TX
"""


def assess(tmp_path: Path, text: str, *options: str) -> str:
    path = tmp_path / "case.yaml"
    path.write_text(text, encoding="utf-8")
    out = StringIO()
    call_command("assess", str(path), "--pathway", "b1_installer", "f1_opt", *options, stdout=out)
    return out.getvalue()


def as_json(tmp_path: Path, text: str) -> Any:
    return json.loads(assess(tmp_path, text, "--format", "json"))


def test_json_keeps_its_shape_and_adds_the_ladder_to_each_verdict(tmp_path):
    verdicts = {verdict["pathway"]: verdict for verdict in as_json(tmp_path, WELDER)}
    assert verdicts.keys() == {"b1_installer", "f1_opt"}
    ladder = verdicts["b1_installer"]["credentials"]
    assert [rung["group"] for rung in ladder["rungs"]] == ["exam", "exam", "partial"]
    assert ladder["time"]["days"] == [7, 32] and ladder["feasible"] == "in_time"
    assert ladder["rungs"][0]["state_rules"][0]["evidence"] == "secondary"


def test_the_visa_gate_is_that_of_the_verdict_s_own_route(tmp_path):
    told = {verdict["pathway"]: verdict["credentials"] for verdict in as_json(tmp_path, WELDER)}
    gates = {
        pathway: {gate["gate"]: gate["state"] for gate in ladder["gates"]}
        for pathway, ladder in told.items()
    }
    assert gates["f1_opt"] == {"visa": "closed", "license": "open"}
    assert gates["b1_installer"] == {"visa": "unknown", "license": "open"}


def test_a_case_without_credentials_has_none(tmp_path):
    verdicts = as_json(tmp_path, "candidate: {nationality: KR}")
    assert all("credentials" not in verdict for verdict in verdicts)


def test_text_tells_gates_rungs_steps_and_what_is_left(tmp_path):
    korean = assess(tmp_path, WELDER, "--lang", "ko")
    assert "비자 관문: " in korean and "면허 관문: 열림" in korean
    assert "1. 실제로 쓸 공정·자세로" in korean and "기간: 1~4주 (추정)" in korean
    english = assess(tmp_path, WELDER)
    assert "before the start (2027-01-05): yes" in english


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("credentials: [welder]", "must be a map"),
        ("credentials: {hold: [welder]}", "did you mean 'held'"),
        ("credentials: {held: welder}", "credentials.held: must be a list"),
        ("credentials: {held: [welder], state: Texas}", "a two-letter code such as TX"),
        ("credential: {held: [welder]}", "did you mean 'credentials'"),
    ],
)
def test_what_cannot_be_read_names_the_key_and_the_mend(tmp_path, wrong, says):
    with pytest.raises(CommandError, match=says):
        assess(tmp_path, f"candidate: {{nationality: KR}}\n{wrong}\n")
