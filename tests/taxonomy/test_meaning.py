"""Korean terms as English stems: whole terms, pieces, and what passes between the languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.taxonomy import learning, meaning
from corridor.taxonomy.stems import stem, stems

PAIRS = [
    ("급수관", "water supply pipe"),
    ("급수펌프", "water supply pump"),
    ("송수펌프", "transmission pump"),
    ("송수관", "transmission pipe"),
    ("배수관", "drain pipe"),
    ("배수펌프", "drain pump"),
    ("가압펌프", "booster pump"),
]


@pytest.fixture(scope="module")
def learnt() -> meaning.Table:
    return learning.learn(PAIRS)


def test_what_pieces_mean_is_learnt_from_whole_terms(learnt: meaning.Table):
    assert set(learnt.pieces["펌프"]) == {stem("pump")}
    assert set(learnt.pieces["송수"]) == {stem("transmission")}


def test_a_term_nobody_listed_is_read_by_its_pieces(learnt: meaning.Table):
    bag = learnt.bag("송수배수펌프")
    assert set(bag) == set(stems("transmission drain pump"))
    assert bag["drain"] > bag[stem("transmission")], "a listed term is surer than a learnt piece"


def test_a_listed_term_is_taken_whole_with_or_without_its_spaces(learnt: meaning.Table):
    assert learnt.bag("급수 펌프") == learnt.bag("급수펌프")
    assert set(learnt.bag("급수펌프")) == set(stems("water supply pump"))


def test_acronyms_and_units_stand_for_themselves_in_a_korean_text():
    bag = meaning.table().bag("ALD·CVD 장비 PM 경험, PLC 제어 380V")
    assert {"ald", "cvd", "plc", "380v"} <= set(bag)


def test_the_same_table_is_written_as_the_same_bytes_and_read_back(
    learnt: meaning.Table, tmp_path: Path
):
    for name in ("one", "two"):
        meaning.write(learnt, tmp_path / name, ["made for a test"])
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    again = meaning.read(tmp_path / "one")
    assert set(again.terms) == set(learnt.terms)
    assert again.bag("급수관") == pytest.approx(learnt.bag("급수관"), rel=0.01)


@given(st.text(max_size=300))
def test_any_text_has_weights_between_nought_and_one(text: str):
    assert all(0 < weight <= 1 for weight in meaning.table().bag(text).values())


@given(st.text(alphabet="가나다라펌프관수급", min_size=1, max_size=2_000))
def test_long_runs_of_hangul_are_cut_without_harm(text: str):
    assert len(meaning.table().bag(text)) < 5_000


@pytest.mark.parametrize(
    ("one", "other"),
    [("cleaners", "cleaning"), ("managers", "management"), ("welders", "welding"),
     ("operators", "operation"), ("treatment", "treating"), ("batteries", "battery")],
)  # fmt: skip
def test_words_of_one_root_share_a_stem(one: str, other: str):
    assert stem(one) == stem(other)


@pytest.mark.parametrize("word", ["string", "bed", "ring", "red", "sing", "ion", "gas"])
def test_short_words_keep_what_makes_them_words(word: str):
    assert len(stem(word)) >= 3
