"""What is done to a text before it is hashed or encoded. No model is loaded here."""

from __future__ import annotations

import subprocess
import sys
import unicodedata

import pytest

from corridor.embeddings import text_hash, texts

LIGHT = """
import sys
from corridor import embeddings
embeddings.describe(); embeddings.text_hash("용접")
print(*sorted({"torch", "transformers", "sentence_transformers", "django"} & set(sys.modules)))
"""


def test_describing_a_model_and_hashing_a_text_import_neither_torch_nor_django():
    done = subprocess.run([sys.executable, "-c", LIGHT], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_decomposed_hangul_is_the_same_text():
    composed = "용접기능사, 배관 5년"
    decomposed = unicodedata.normalize("NFD", composed)
    assert decomposed != composed
    assert texts.clean(decomposed) == composed
    assert text_hash(decomposed) == text_hash(composed)


def test_a_very_long_text_is_cut_at_the_same_letter_in_both_forms():
    long = "힣" * (3 * texts.MAX_CHARACTERS)
    assert texts.clean(long) == "힣" * texts.MAX_CHARACTERS
    assert text_hash(unicodedata.normalize("NFD", long)) == text_hash(long)


@pytest.mark.parametrize("unseen", ["\x00", "\x07", "\x1b", "\x85", "\u200b", "\u202e", "\ufeff"])
def test_what_cannot_be_seen_does_not_make_another_text(unseen: str):
    assert texts.clean(f"{unseen}pipe welder{unseen}") == "pipe welder"
    assert unseen not in texts.clean(f"pipe{unseen}welder")


def test_half_of_a_surrogate_pair_can_still_be_hashed():
    assert len(text_hash("welder \ud83d")) == 32


def test_line_breaks_and_tabs_stay():
    assert texts.clean("용접\n배관\tTIG") == "용접\n배관\tTIG"


@pytest.mark.parametrize("text", ["", "  \n\t", "🙂🔧", "—…!?", "\u3164\u115f", "\x00\x01"])
def test_a_text_without_letters_or_digits_says_nothing(text: str):
    assert not texts.says_something(texts.clean(text))


def test_a_text_with_one_word_says_something():
    assert texts.says_something("🔧 TIG")


@pytest.mark.parametrize(
    ("text", "korean"),
    [
        ("용접기능사 배관 용접 5년", True),
        ("반도체 8대 공정 실습, SEM·XRD 분석", True),
        ("pipe welder", False),
        ("Process engineer, etch module, three years at a fab in 평택", False),
        ("2026-11-23", False),
    ],
)
def test_a_text_of_mixed_script_belongs_to_the_language_that_carries_it(text: str, korean: bool):
    assert texts.is_korean(text) is korean
