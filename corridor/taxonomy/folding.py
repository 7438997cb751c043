"""Text made comparable: one spelling of width, dash, space and case, and words to walk over.

A caller's string may be NFD (macOS file names, some PDF readers), full-width or full of control
characters. `fold` gives a canonical copy and the way back to the caller's own offsets.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import NamedTuple

MAX_CHARS = 100_000
"""Only this much of a text is read; a résumé or a posting is some thousands of characters."""

_SAME_LENGTH: dict[int, str] = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_SAME_LENGTH |= dict.fromkeys(
    [
        *(*range(0x00, 0x09), *range(0x0B, 0x20), *range(0x7F, 0xA1), *range(0x2000, 0x200B)),
        *(0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000),
    ],
    " ",
)
_SAME_LENGTH |= dict.fromkeys([*range(0x2010, 0x2016), 0x2212, 0xFE58, 0xFE63], "-")
_SAME_LENGTH |= dict.fromkeys([0x2022, 0x2027, 0x22C5, 0x30FB, 0x318D, 0xFF65], "·")
_SAME_LENGTH |= dict.fromkeys([0x2018, 0x2019, 0x02BC, 0x0060, 0x00B4], "'")
_SAME_LENGTH |= {0x2044: "/", 0x2215: "/"}

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]")
_UNUSUAL = re.compile("[" + "".join(map(re.escape, map(chr, _SAME_LENGTH))) + "]")
_PLAIN = re.compile("[ -~가-힣]*")
_TOKEN = re.compile(r"[가-힣]|[^\W_가-힣]+(?:\+\+|#)?|[&/·]")
_GAP = re.compile(r"[ \t]{0,3}(?:\r?\n)?[ \t]{0,3}|[-_.']|--")
_MARK = re.compile(r"\s?([,:()+%]|\)\s?\()\s?")


@dataclass(frozen=True, slots=True)
class Folded:
    """`cased` and `lower` have one length; `back` maps each place to the caller's offsets."""

    original: str
    cased: str
    lower: str
    back: tuple[list[int], list[int]] | None

    def span(self, start: int, end: int) -> tuple[int, int]:
        if self.back is None:
            return start, end
        return self.back[0][start], self.back[1][end - 1]


class Token(NamedTuple):
    """A Hangul syllable, a Latin or digit word, or one of & / ·

    `link` is how the token reads as a continuation of the one before: the bare word after a
    hyphen or a single line break, with a leading space between Hangul words, with the mark in
    front after a comma or bracket (only a name that has one there matches), else None.
    """

    text: str
    link: str | None
    start: int
    end: int


def is_hangul(char: str) -> bool:
    return "가" <= char <= "힣"


def fold(text: str) -> Folded:
    text = text[:MAX_CHARS]
    if unicodedata.is_normalized("NFC", text) and not _INVISIBLE.search(text):
        cased = text.translate(_SAME_LENGTH) if _UNUSUAL.search(text) else text
        return Folded(text, cased, _lower(cased), None)
    chars: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end in _clusters(text):
        for char in unicodedata.normalize("NFC", text[start:end]):
            if not _INVISIBLE.match(char):
                chars.append(char)
                starts.append(start)
                ends.append(end)
    cased = "".join(chars).translate(_SAME_LENGTH)
    return Folded(text, cased, _lower(cased), (starts, ends))


def canonical(text: str) -> str:
    """One line of the text as it is stored and compared: NFC, one kind of space, lower case."""
    lower = text.lower() if _PLAIN.fullmatch(text) else fold(text).lower
    return " ".join(lower.split())


def tokens(folded: Folded) -> list[Token]:
    found: list[Token] = []
    lower = folded.lower
    last_end = 0
    last_hangul = False
    for match in _TOKEN.finditer(lower):
        word = match.group()
        start, end = match.span()
        hangul = is_hangul(word)
        link: str | None
        if not found:
            link = None
        elif start == last_end:
            link = word
        elif _GAP.fullmatch(lower, last_end, start):
            link = " " + word if hangul and last_hangul else word
        elif mark := _MARK.fullmatch(lower, last_end, start):
            link = mark.group(1) + word
        else:
            link = None
        found.append(Token(word, link, start, end))
        last_end = end
        last_hangul = hangul
    return found


def _lower(text: str) -> str:
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


def _clusters(text: str) -> list[tuple[int, int]]:
    """Spans that NFC may compose: a base with its marks, a Hangul lead with vowel and tail."""
    spans: list[tuple[int, int]] = []
    start = 0
    for place, char in enumerate(text):
        joins = unicodedata.combining(char) or 0x1160 <= ord(char) <= 0x11FF
        if place and not joins:
            spans.append((start, place))
            start = place
    if text:
        spans.append((start, len(text)))
    return spans
