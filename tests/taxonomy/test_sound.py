"""Hangul and Latin spellings of one word sound alike; others do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.taxonomy import sound


def alike(korean: str, english: str) -> float:
    """Share of features in common (Jaccard)."""
    left = set(sound.features(sound.hangul_sounds(korean)))
    right = set(sound.features(sound.latin_sounds(english)))
    return len(left & right) / len(left | right)


@pytest.mark.parametrize(
    ("korean", "english", "other"),
    [
        ("트리밍", "trimming", "reaming"),
        ("호퍼피딩", "hopper feeding", "honing machine"),
        ("버킷엘리베이터", "bucket elevator", "bearing"),
        ("스퍼터링", "sputtering", "spray"),
        ("텀블러", "tumbler", "damper"),
        ("플랜트 시뮬레이터", "plant simulator", "plate stimulation"),
        ("케이싱", "casing", "cooking"),
        ("와이어", "wire", "water"),
        ("오슬레이팅기어", "oscillating gear", "oil gauge"),
        ("코일", "coil", "coal"),
    ],
)
def test_a_loanword_is_nearer_to_its_origin_than_to_another_word(
    korean: str, english: str, other: str
):
    assert alike(korean, english) > alike(korean, other)
    assert alike(korean, english) > 0.3


@pytest.mark.parametrize(("korean", "english"), [("회전축", "shaft"), ("금형", "stamper")])
def test_a_native_term_does_not_sound_like_its_translation(korean: str, english: str):
    assert alike(korean, english) < 0.15


@given(st.text(max_size=80))
def test_any_text_has_bounded_sounds(text: str):
    assert len(sound.hangul_sounds(text)) <= sound.MAX_SOUNDS
    assert len(sound.latin_sounds(text)) <= sound.MAX_SOUNDS


@given(st.text(alphabet="가각갉냐돼뷁쀼숍쥬초켓텅펭힣", min_size=1, max_size=12))
def test_coarse_sounds_have_no_run_of_vowels(word: str):
    assert "VV" not in sound.coarse(sound.of_hangul(word))


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=16))
def test_every_latin_word_has_sounds_of_the_one_alphabet(word: str):
    assert set(sound.of_latin(word)) <= set("abcdeghijklmnNopstuwxy")
