"""A field that a posting has once, written in both languages: “진동 시험 / vibration testing”.

Titles, summaries and descriptions have a field for each language; duties, requirements and a
kind's own details have one, and hosts of both countries write them as a pair.
"""

from __future__ import annotations

import re

from corridor.common.language import language_code

_HANGUL = re.compile(r"[ᄀ-ᇿ㄰-㆏가-힣]")
_ENGLISH_WORD = re.compile(r"[A-Za-z][a-z]{2,}")
_BETWEEN = " / "


def in_readers_language(text: str) -> str:
    """The reader's half of a pair “Korean / English”; any other text as it was written.

    A pair has Hangul on its left, none on its right, and a plain English word there: of
    “용접 / CAD” neither half says what the other does, so both are shown.
    """
    left, between, right = text.partition(_BETWEEN)
    if not between or _BETWEEN in right:
        return text
    if left == right:
        return left
    if not _HANGUL.search(left) or _HANGUL.search(right) or not _ENGLISH_WORD.search(right):
        return text
    return left if language_code() == "ko" else right
