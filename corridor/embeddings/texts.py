"""What is done to every text before it is hashed or encoded. No model is imported here."""

from __future__ import annotations

import re
import unicodedata
from hashlib import blake2b

MAX_CHARACTERS = 8_000
# Raise when cleaning changes: it is part of every model's revision.
CLEANING = "1"
# Controls (line breaks and tabs stay), invisible marks, Hangul fillers, stray surrogates.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u115f\u1160\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ufeff\uffa0\ud800-\udfff]"
)
_HANGUL = re.compile(r"[가-힣]")
_LETTER = re.compile(r"[^\W\d_]")


def clean(text: str) -> str:
    """NFC, unseen characters out, cut to MAX_CHARACTERS: NFD Hangul equals NFC.

    The first cut leaves room for decomposed letters (up to four code points to one), so that a
    hostile length costs nothing and the second cut falls at the same letter for both forms.
    """
    composed = unicodedata.normalize("NFC", text[: 4 * MAX_CHARACTERS])
    return _UNSEEN.sub(" ", composed)[:MAX_CHARACTERS].strip()


def says_something(text: str) -> bool:
    """False for blank, emoji-only and punctuation-only texts: they get the zero vector."""
    return any(character.isalnum() for character in text)


def is_korean(text: str) -> bool:
    """True where at least three letters in ten are Hangul: the language whose mean is taken off."""
    hangul = len(_HANGUL.findall(text))
    return hangul > 0 and hangul >= 0.3 * len(_LETTER.findall(text))


def text_hash(text: str) -> str:
    """32 hex digits of the cleaned text: equal texts need no new vector."""
    return blake2b(clean(text).encode(), digest_size=16).hexdigest()
