"""`manage.py round`: a file in, both sides' results and a certificate out; faults are told."""

from __future__ import annotations

import json
import unicodedata
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import translation

from corridor.matching import round_wording as wording
from corridor.matching import rounds

ROUND = {
    "format": "corridor-round/1",
    "name": "2027 봄 인턴",
    "candidates": [
        {"id": "ara", "groups": {"region": "부산"}, "choices": ["fab", "lab"]},
        {"id": "bom", "groups": {"region": "부산"}, "choices": ["fab", "lab", "yard"]},
        {"id": "chan", "groups": {"region": "서울"}, "choices": ["fab", "yard"]},
        {"id": "dal", "groups": {"region": "서울"}, "choices": ["fab", "lab", "dock", "closed"],
         "barred": {"lab": "gate", "dock": "pathway_unknown"}},
        {"id": "eun", "groups": {"region": "대구"}, "choices": ["yard", "fab"],
         "barred": {"fab": "pathway_no"}},
        {"id": "gon", "groups": {"region": "대구"}, "choices": []},
    ],
    "programs": [
        {"id": "fab", "seats": 2, "limits": {"by": "region", "at_most": {"부산": 1, "제주": 0}},
         "scores": {"ara": 0.9, "bom": 0.9, "chan": 0.8, "dal": 0.8, "eun": 0.5}},
        {"id": "lab", "seats": 1, "scores": {"ara": 0.4, "bom": 0.6, "dal": 0.9}},
        {"id": "yard", "seats": 2, "scores": {"chan": 0.1, "bom": 0.7}},
        {"id": "dock", "seats": 1, "scores": {"dal": 0.9}},
        {"id": "closed", "seats": 0, "scores": {"dal": 0.9}},
    ],
}  # fmt: skip


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "round.json"
    path.write_text(json.dumps(ROUND, ensure_ascii=False), encoding="utf-8")
    return path


def run(file: Path, *options: str) -> str:
    said = StringIO()
    call_command("round", str(file), *options, stdout=said)
    return said.getvalue()


def test_both_sides_are_told_and_the_certificate_holds(file, tmp_path):
    kept = tmp_path / "certificate.json"
    said = run(file, "--draw", "KOSPI 2026-11-27 close 4,012.33", "--certificate", str(kept))
    told = json.loads(run(file, "--format", "json"))
    assert told["certificate"] == json.loads(kept.read_text())
    for person, own in told["certificate"]["assignment"].items():
        line = next(line for line in said.splitlines() if line.startswith(f"  {person}: "))
        assert f"Matched with {own}, " in line if own else "Not matched" in line
    assert "Stable: an independent check" in said
    assert "The certificate holds" in run(file, "--verify", str(kept))


def test_the_file_that_the_guide_shows_is_a_round(tmp_path):
    guide = (Path(__file__).resolve().parents[2] / "docs" / "rounds.md").read_text("utf-8")
    file = tmp_path / "shown.json"
    file.write_text(guide.split("```json")[1].split("```")[0], encoding="utf-8")
    told = json.loads(run(file, "--draw", "a seed", "--plan", "--format", "json"))
    assert told["certificate"]["assignment"]["chan"] == "fab"


def test_the_lottery_is_kept_in_the_file_and_drawn_once(file):
    with pytest.raises(CommandError, match="no lottery is drawn"):
        run(file)
    run(file, "--draw", "one")
    drawn = json.loads(file.read_text(encoding="utf-8"))
    assert drawn["seed"] == "one"
    assert all("number" in entry for entry in (*drawn["candidates"], *drawn["programs"]))
    before = file.read_bytes()
    with pytest.raises(CommandError, match="drawn already"):
        run(file, "--draw", "two")
    assert file.read_bytes() == before
    assert run(file, "--format", "json") == run(file, "--format", "json")


def test_a_certificate_that_somebody_changed_does_not_hold(file, tmp_path):
    kept = tmp_path / "certificate.json"
    run(file, "--draw", "one", "--certificate", str(kept))
    changed = json.loads(kept.read_text())
    changed["assignment"]["dal"] = "dock"
    kept.write_text(json.dumps(changed))
    said = StringIO()
    with pytest.raises(CommandError, match="어긋난 곳"):
        call_command("round", str(file), "--verify", str(kept), "--lang", "ko", stdout=said)
    assert "배정할 수 없는 조합이 배정되었습니다: dal → dock" in said.getvalue()


def test_a_round_changed_after_the_fact_is_another_round(file, tmp_path):
    kept = tmp_path / "certificate.json"
    run(file, "--draw", "one", "--certificate", str(kept))
    data = json.loads(file.read_text(encoding="utf-8"))
    data["programs"][0]["scores"]["eun"] = 0.51
    file.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(CommandError, match="violations found: 1"):
        run(file, "--verify", str(kept))


def test_a_candidate_reads_why_in_korean_and_in_english(file):
    run(file, "--draw", "one")
    korean, english = (
        {each["candidate"]: each["said"] for each in json.loads(
            run(file, "--format", "json", "--lang", lang))["candidates"]}
        for lang in ("ko", "en")
    )  # fmt: skip
    assert korean["ara"] == ["1지망 프로그램에 배정되었습니다: fab (전체 2지망)"]
    assert korean["bom"] == [
        "2지망 프로그램에 배정되었습니다: lab (전체 3지망)",
        "1지망 fab: ‘부산’ 구분의 상한(1명)이 찼습니다. 이 구분에서 마지막으로 배정된 사람과 "
        "동점이며, 미리 정해 둔 추첨 번호에 따라 순위가 밀렸습니다. (본인 2위, 마지막 배정 1위)",
    ]
    assert english["dal"] == [
        "Not matched in this round. Choices: 4.",
        "1st choice, fab: all seats (2) are taken. You and the last one admitted are tied, and "
        "the lottery drawn beforehand put you after (number 4 against 3).",
        "2nd choice, lab: you do not meet what the host requires.",
        "3rd choice, dock: no visa route could be confirmed for you here.",
        "4th choice, closed: it has no seats in this round.",
    ]
    assert korean["eun"] == [
        "이번 배정에서는 배정된 프로그램이 없습니다. (전체 2지망)",
        "1지망 yard: 프로그램의 선발 순위에 들지 않았습니다.",
        "2지망 fab: 이 프로그램에서 이용할 수 있는 비자 경로가 없습니다.",
    ]
    assert english["eun"] == [
        "Not matched in this round. Choices: 2.",
        "1st choice, yard: the program did not put you on its list.",
        "2nd choice, fab: no visa route works for you here.",
    ]
    assert korean["gon"] == ["지망한 프로그램이 없어 배정되지 않았습니다."]


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_every_message_id_has_a_sentence_with_all_its_values(lang):
    values = dict.fromkeys("place rank last most able filled free count choices".split(), 1)
    values |= dict.fromkeys("program group nth candidate other who".split(), "x")
    with translation.override(lang):
        for told in (wording.RESULTS, wording.CHOICES, wording.PROGRAMS, wording.VIOLATIONS):
            said = [str(sentence) % values for sentence in told.values()]
            assert all("%" not in sentence for sentence in said)
            assert len(set(said)) == len(said)
    assert set(rounds.BARS) <= set(wording.CHOICES)


def test_english_ordinals():
    with translation.override("en"):
        said = [wording.nth(number) for number in (1, 2, 3, 4, 11, 12, 13, 21, 111, 102)]
    assert said == "1st 2nd 3rd 4th 11th 12th 13th 21st 111th 102nd".split()


def test_the_planners_alternative_stands_beside(file):
    run(file, "--draw", "one")
    planner = json.loads(run(file, "--plan", "--format", "json"))["planner"]
    assert planner["planned"]["total"] >= planner["stable"]["total"]
    assert planner["stable"]["blocking_pairs"] == 0
    assert "pairs that would rather have each other" in run(file, "--plan")


def test_hangul_in_pieces_is_the_same_group(file):
    run(file, "--draw", "one")
    whole = json.loads(run(file, "--format", "json"))
    text = unicodedata.normalize("NFD", file.read_text(encoding="utf-8"))
    file.write_text(text, encoding="utf-8")
    assert json.loads(run(file, "--format", "json")) == whole


BAD = {
    "format": ({"format": "something"}, "corridor-round/1"),
    "twice": ({"candidates": [{"id": "a", "choices": []}, {"id": "a", "choices": []}]},
              "stands twice"),
    "unknown program": ({"candidates": [{"id": "a", "choices": ["nowhere"]}]}, "nowhere"),
    "unknown candidate": ({"programs": [{"id": "fab", "seats": 1, "ranking": ["nobody"]}]},
                          "nobody"),
    "chosen twice": ({"candidates": [{"id": "a", "choices": ["fab", ["fab"]]}]}, "twice"),
    "both": ({"candidates": [{"id": "a", "choices": [], "scores": {}}]}, "not both"),
    "neither": ({"candidates": [{"id": "a"}]}, "choices"),
    "no seats": ({"programs": [{"id": "fab", "ranking": []}]}, "seats"),
    "half a seat": ({"programs": [{"id": "fab", "seats": 1.5, "ranking": []}]}, "whole number"),
    "less than no seat": ({"programs": [{"id": "fab", "seats": -1, "ranking": []}]}, "from 0"),
    "true seats": ({"programs": [{"id": "fab", "seats": True, "ranking": []}]}, "whole number"),
    "endless score": ({"candidates": [{"id": "a", "scores": {"fab": float("inf")}}]}, "number"),
    "huge score": ({"candidates": [{"id": "a", "scores": {"fab": 10**400}}]}, "number"),
    "no number": ({"candidates": [{"id": "a", "scores": {"fab": float("nan")}}]}, "number"),
    "worded score": ({"candidates": [{"id": "a", "scores": {"fab": "high"}}]}, "number"),
    "empty id": ({"candidates": [{"id": "", "choices": []}]}, "no id"),
    "control id": ({"candidates": [{"id": "a\u0007", "choices": []}]}, "printable"),
    "endless id": ({"candidates": [{"id": "a" * 201, "choices": []}]}, "no id"),
    "no bar": ({"candidates": [{"id": "a", "choices": ["fab"], "barred": {"fab": "age"}}]},
               "none of gate"),
    "bar of no choice": ({"candidates": [{"id": "a", "choices": [], "barred": {"fab": "gate"}}]},
                         "not among the choices"),
    "misspelled": ({"candidates": [{"id": "a", "choises": []}]}, "choises"),
    "two kinds at once": ({"programs": [{"id": "fab", "seats": 1, "ranking": [], "limits":
                          {"by": ["region", "kind"], "at_most": {}}}]}, "no stable"),
    "unknown group": ({"candidates": [{"id": "a", "choices": ["fab"]}],
                       "programs": [{"id": "fab", "seats": 1, "ranking": ["a"], "limits":
                                     {"by": "region", "at_most": {"부산": 1}}}]},
                      "unknown group cannot pass"),
    "numbers without a seed": ({"candidates": [{"id": "a", "choices": [], "number": 4}]}, "seed"),
    "no list": ({"candidates": {}}, "must be a list"),
    "no map": ({"candidates": ["a"]}, "must be a map"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_used_is_refused_with_the_place(name, file):
    change, words = BAD[name]
    plain = {"format": "corridor-round/1", "name": "", "candidates": [],
             "programs": [{"id": "fab", "seats": 1, "ranking": []}]}  # fmt: skip
    file.write_text(json.dumps({**plain, **change}), encoding="utf-8")
    with pytest.raises(CommandError, match=words):
        run(file)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "no JSON"), ("[]", "map"), ("", "no JSON"), ("[" * 100_000, "not readable"),
        ('{"name": 1, "name": 2}', "written twice"), ("1" * 5_000, "not readable"),
    ],
)  # fmt: skip
def test_what_is_no_round_is_refused(text, words, file):
    file.write_text(text)
    with pytest.raises(CommandError, match=words):
        run(file)


@pytest.mark.parametrize("text", ["{}", "[]", '"x"', '{"format": "corridor-round-certificate/1"}'])
def test_what_is_no_certificate_is_refused(text, file, tmp_path):
    run(file, "--draw", "one")
    kept = tmp_path / "certificate.json"
    kept.write_text(text)
    with pytest.raises(CommandError, match="certificate"):
        run(file, "--verify", str(kept))


def test_an_empty_round_is_a_round(file):
    file.write_text(json.dumps(
        {"format": "corridor-round/1", "name": "nobody came", "candidates": [], "programs": []}
    ))  # fmt: skip
    assert json.loads(run(file, "--plan", "--format", "json"))["certificate"]["assignment"] == {}
