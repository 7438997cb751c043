"""What is done to every text before it is hashed or encoded. No model is imported here."""

from __future__ import annotations

import re
import unicodedata
from hashlib import blake2b

MAX_CHARACTERS = 8_000
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\ufeff]")
_HANGUL = re.compile(r"[가-힣]")
_LETTER = re.compile(r"[^\W\d_]")


def clean(text: str) -> str:
    """NFC, control characters out, cut to MAX_CHARACTERS: NFD Hangul equals NFC."""
    cut = unicodedata.normalize("NFC", text[: 2 * MAX_CHARACTERS])
    return _CONTROL.sub(" ", cut)[:MAX_CHARACTERS].strip()


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
