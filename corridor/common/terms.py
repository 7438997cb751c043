"""Lexical terms of a text in Korean, English, or both mixed: what BM25-like matching compares.

No morphological model is loaded: Latin words, acronyms and codes are kept whole ("PLC", "SA106",
"TOEIC"), Hangul runs become overlapping syllable pairs, which survive particles and spacing.
"""

from __future__ import annotations

import re
import unicodedata
from zlib import crc32

_LATIN = re.compile(r"[a-z][a-z0-9]*(?:[+#.&/-][a-z0-9+#]+)*[+#]*|\d+[a-z]+[a-z0-9]*")
_HANGUL = re.compile(r"[가-힣]+")
_BETWEEN = re.compile(r"[^\w+#&.'-]+|(?<!\w)[.'&-]+|[.'&-]+(?!\w)")
_COMMON = frozenset(
    (
        "a an and are as at be by for from has have in is it its of on or our that the this to was "
        "we were will with you your not but can may must within per etc all any both each other "
        "using 습니 니다 합니 입니 있습 으로 에서 에게 까지 부터 하고 하는 하여 하며 되는 및의"
    ).split()
)
MAX_CHARACTERS = 20_000


def terms(text: str) -> list[str]:
    """Distinct terms in order of first appearance; NFC and case are folded."""
    folded = unicodedata.normalize("NFC", text)[:MAX_CHARACTERS].casefold()
    found: dict[str, None] = {}
    for word in _LATIN.findall(folded):
        if len(word) > 1 and word not in _COMMON:
            found.setdefault(word.rstrip("./-&"))
    for run in _HANGUL.findall(folded):
        if len(run) == 1:
            continue
        for start in range(len(run) - 1):
            pair = run[start : start + 2]
            if pair not in _COMMON:
                found.setdefault(pair)
    return list(found)


def term_ids(text: str) -> list[int]:
    """31-bit ids of the terms, sorted; equal texts give equal ids in every process."""
    return sorted({crc32(term.encode()) & 0x7FFFFFFF for term in terms(text)})


def letters(text: str) -> str:
    """`text` letter by letter, as an index of spellings compares it: Hangul syllables taken apart
    into their letters (a word begun is the beginning of the word), no case, accents or width."""
    apart = unicodedata.normalize("NFKD", text[:MAX_CHARACTERS]).casefold()
    kept = "".join(each for each in apart if not unicodedata.combining(each))
    return " ".join(_BETWEEN.sub(" ", kept).split())
