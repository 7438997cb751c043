"""What teaches the adapter: longer texts, sentences, the blend, the trimmed weights, the judge."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from corridor.embeddings import e5
from corridor.embeddings.training import blend, composed, judge, pairs, trim

SKILLS = [
    {"id": "welding", "ko": "용접", "en": "welding", "aliases_ko": "?TIG 용접", "near": "pipe"},
    {"id": "pipe", "ko": "배관", "en": "piping", "aliases_en": "=pipefitting; pipe work"},
]
MAJORS = [{"id": "m", "ko": "기계공학", "en": "Mechanical Engineering"}]


def test_composed_texts_are_the_same_each_time_and_name_the_skill_on_both_sides():
    found = list(composed.of_skills(SKILLS, MAJORS))
    assert found == list(composed.of_skills(SKILLS, MAJORS))
    names = {
        row["id"]: [name for some in composed.names(row).values() for name in some]
        for row in SKILLS
    }
    for key, person, program in found:
        for text in (person, program):
            assert any(name in text for name in names[key]), text
            assert "{" not in text and "?" not in text


def test_a_requirement_asks_for_the_skill_that_it_is_paired_with():
    for key, sentence, name in composed.requirements(SKILLS):
        assert name in composed.names(next(row for row in SKILLS if row["id"] == key))["en"]
        assert sentence != name


def test_sentences_with_a_placeholder_and_those_that_are_asked_for_are_left_out(tmp_path: Path):
    catalog = tmp_path / "locale" / "pages" / "ko" / "LC_MESSAGES" / "django.po"
    catalog.parent.mkdir(parents=True)
    entries = [
        ('""\n"Save "\n"it"', '"저장"'), ('"Open"', '"열기"'), ('"%(n)s days"', '"%(n)s일"'),
        ('"Nothing"', '""'),
    ]  # fmt: skip
    catalog.write_text(
        "\n\n".join(f"#: a.html\nmsgid {one}\nmsgstr {other}" for one, other in entries),
        encoding="utf-8",
    )
    asked = tmp_path / "benchmarks" / "data" / "sentences_ko_en.tsv"
    asked.parent.mkdir(parents=True)
    asked.write_text("korean\tenglish\n열기\tOpen\n", encoding="utf-8")
    found = [(one.asked, one.held) for one in pairs.sentences(tmp_path / "locale")]
    assert found == [("저장", "Save it")]


def test_a_blend_is_the_mean_of_what_its_parts_change():
    made = np.random.default_rng(1)
    some = [
        {"x": (made.normal(size=(2, 6)).astype("f4"), made.normal(size=(5, 2)).astype("f4"))}
        for _ in range(2)
    ]
    mean = sum(b @ a for one in some for a, b in one.values()) / 2
    whole = blend.whole(some, 0.5)
    assert np.allclose(whole["x"], mean / 2, atol=1e-5)
    a, b = blend.cut(whole, 4)["x"]
    assert np.allclose(b @ a, whole["x"], atol=1e-5)
    a, b = blend.cut(whole, 1)["x"]
    largest = np.linalg.svd(whole["x"], compute_uv=False)[0]
    assert np.linalg.norm(b @ a) == pytest.approx(largest, rel=1e-4)


def test_trimmed_weights_split_a_kept_text_alike_and_hold_the_same_numbers(tmp_path: Path):
    packed = e5.Packed(e5.weights_file())
    text = "query: 배관 용접 5년, pipe welder"
    whole = e5.tokenizer(packed).encode(text)
    special = sorted([packed.bos, packed.pad, packed.eos, packed.unknown])
    used = {int(np.argmin(packed.scores)), *whole.ids} - {*special}
    kept = [*special, *sorted(used)]
    (tmp_path / "few.bin").write_bytes(trim.trimmed(packed, kept))
    few = e5.Packed(tmp_path / "few.bin")
    again = e5.tokenizer(few).encode(text)
    assert again.tokens == whole.tokens
    assert [kept[piece] for piece in again.ids] == whole.ids
    assert np.array_equal(few.tensor("l3.fi.w"), packed.tensor("l3.fi.w"))
    hidden = packed.header.hidden
    assert np.array_equal(
        few.tensor("emb.word").reshape(-1, hidden),
        packed.tensor("emb.word").reshape(-1, hidden)[kept],
    )


def test_the_judge_gives_one_to_the_ideal_order_and_less_to_its_reverse():
    task = judge.Task("t", ["q"], ["a", "b", "c"], [{0: 2, 2: 1}])
    ideal = np.array([[3, 1, 2]], np.float32)
    assert judge.ndcg(task, ideal) == pytest.approx(1)
    assert judge.ndcg(task, -ideal) < 0.8
