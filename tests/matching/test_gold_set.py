"""The gold set that matching is measured on holds together, and nobody real is in it."""

from __future__ import annotations

import importlib.util
import json
import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
spec = importlib.util.spec_from_file_location("gold", ROOT / "benchmarks" / "gold.py")
assert spec is not None and spec.loader is not None
gold = importlib.util.module_from_spec(spec)
spec.loader.exec_module(gold)

HALVES = {half: gold.jsonl(f"profiles_{half}.jsonl") for half in gold.HALVES}
PROFILES = HALVES["dev"] + HALVES["final"]
PROGRAMS = gold.jsonl("programs.jsonl")


def qrels(half: str) -> dict[str, dict[str, int]]:
    grades: dict[str, dict[str, int]] = defaultdict(dict)
    for line in (gold.GOLD / f"qrels_{half}.tsv").read_text(encoding="utf-8").splitlines():
        profile, program, grade = line.split("\t")
        assert program not in grades[profile], f"{profile} labels {program} twice"
        grades[profile][program] = int(grade)
    return grades


def hangul(text: str) -> float:
    return len(re.findall("[가-힣]", text)) / max(len(re.findall("[가-힣A-Za-z]", text)), 1)


def test_it_is_as_large_as_promised():
    languages = Counter(profile["lang"] for profile in PROFILES)
    assert languages["ko"] >= 200 and languages["en"] >= 100
    assert len(PROGRAMS) >= 300
    assert len({program["sector"] for program in PROGRAMS}) == 12
    assert len({program["kind"] for program in PROGRAMS}) == 7
    assert {profile["walk"] for profile in PROFILES} == {
        "student", "graduate", "technician", "researcher",
    }  # fmt: skip
    korean = sum(program["lang"] == "ko" for program in PROGRAMS) / len(PROGRAMS)
    assert 0.4 < korean < 0.6


def test_ids_and_texts_are_unique():
    for rows in (PROFILES, PROGRAMS):
        assert len({row["id"] for row in rows}) == len(rows)
        assert len({row["text"] for row in rows}) == len(rows)


def test_rows_have_these_fields_and_no_others():
    for profile in PROFILES:
        assert list(profile) == ["id", "lang", "walk", "text"]
    for program in PROGRAMS:
        assert list(program) == ["id", "lang", "kind", "sector", "text", "title"]


def test_the_halves_share_no_profile_and_are_alike():
    dev, final = ({row["id"] for row in HALVES[half]} for half in gold.HALVES)
    assert not dev & final
    for field in ("lang", "walk"):
        one, other = (Counter(row[field] for row in HALVES[half]) for half in gold.HALVES)
        assert one.keys() == other.keys()
        assert all(abs(one[value] - other[value]) <= 4 for value in one), (one, other)


@pytest.mark.parametrize("half", gold.HALVES)
def test_every_profile_has_labels_that_can_tell_rankings_apart(half):
    grades, programs = qrels(half), {program["id"] for program in PROGRAMS}
    assert grades.keys() == {profile["id"] for profile in HALVES[half]}
    for profile, found in grades.items():
        assert found.keys() <= programs
        assert set(found.values()) <= {1, 2, 3}
        assert 5 <= len(found) <= 35, f"{profile}: {len(found)} labels"
        assert sum(grade >= 2 for grade in found.values()) >= 2, profile


@pytest.mark.parametrize("half", gold.HALVES)
def test_the_labels_are_those_of_the_tables_and_corrections(half):
    written = (gold.GOLD / f"qrels_{half}.tsv").read_text(encoding="utf-8")
    assert written == gold.lines(gold.labels(), half), "run benchmarks/gold.py"


def test_every_correction_changes_something_and_no_pair_is_corrected_twice():
    before, seen = gold.expanded(), set()
    for row in gold.rows("corrections.tsv"):
        pair = row["profile"], row["program"]
        assert pair not in seen, pair
        seen.add(pair)
        assert before[pair[0]].get(pair[1], 0) != int(row["grade"]), pair


def test_texts_are_in_the_language_they_name():
    for row in PROFILES + PROGRAMS:
        share = hangul(row["text"] + row.get("title", ""))
        assert share >= 0.15 if row["lang"] == "ko" else share == 0, row


def test_no_text_holds_an_address_a_phone_number_or_a_link():
    personal = re.compile(
        r"\S+@\S+\.\w+|https?://|www\.|\+?\d{2,3}[-. )]\d{3,4}[-. ]\d{4}|\d{6}-[1-4]\d{6}"
    )
    for row in PROFILES + PROGRAMS:
        assert not personal.search(row["text"] + row.get("title", "")), row["id"]


def test_task_folders_hold_what_the_ranking_benchmark_reads(tmp_path):
    for half in gold.HALVES:
        gold.write_tasks(tmp_path, half)
    for lang in ("ko", "en"):
        for half in gold.HALVES:
            place = tmp_path / f"gold_{half}_{lang}"
            queries = [json.loads(line) for line in (place / "queries.jsonl").open()]
            documents = [json.loads(line) for line in (place / "docs.jsonl").open()]
            asked = {line.split("\t")[0] for line in (place / "qrels.tsv").open()}
            assert asked == {query["id"] for query in queries}
            assert len(documents) == len(PROGRAMS) and all(row["text"] for row in documents)
