"""How a word sounds, written alike for Hangul and Latin letters: 섀시 and "chassis" come near.

Korean technical vocabulary is full of English words in Hangul. Both spellings are turned by rule
into one alphabet of sounds; runs of two to four of them are compared. The rules follow the
Korean orthography of foreign words (국립국어원 외래어 표기법, English): ㅡ after a consonant and ㅣ
after ㅅ, ㅈ, ㅊ at a word's end are no sound of their own, r stands only before a vowel, f is ㅍ,
v is ㅂ, th is ㅅ, z is ㅈ.
"""

from __future__ import annotations

import re
from functools import lru_cache

_INITIALS = (
    "g", "k", "n", "d", "t", "l", "m", "b", "p", "s", "s", "", "j", "j", "c", "k", "t", "p", "h"
)  # fmt: skip
_VOWELS = (
    "a", "e", "ya", "ye", "x", "e", "yx", "ye", "o", "wa", "we", "we", "yo", "u", "wx", "we",
    "wi", "yu", "", "wi", "i",
)  # fmt: skip
_FINALS = (
    "", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l", "p", "l", "m", "p", "p",
    "t", "t", "N", "t", "t", "k", "t", "p", "h",
)  # fmt: skip
_BLOCK = re.compile("[가-힣]+")
_WORD = re.compile("[a-z]+")
MAX_SOUNDS = 48  # of one text; names and terms are short

# Spelling to sound, longest first at each place. `.` stands for silence.
_SPELLING = {
    "tion": "sxn", "sion": "jxn", "cian": "sxn", "ture": "cx", "sure": "jx", "tial": "sxl",
    "cial": "sxl", "ough": "o", "augh": "o", "eigh": "ei", "igh": "ai", "sch": "sk", "tch": "c",
    "dge": "j", "que": "k", "gue": "g", "chr": "kl", "chl": "kl", "sci": "si", "sce": "se",
    "scy": "sai", "ch": "c", "sh": "sy", "ph": "p", "th": "s", "ck": "k", "wh": "w", "gh": "g",
    "kn": "n", "wr": "l", "ps": "ps", "ng": "N", "nk": "Nk", "qu": "kw", "ce": "se", "ci": "si",
    "cy": "sai", "ge": "je", "gi": "ji", "gy": "ji", "ee": "i", "ea": "i", "oo": "u", "ou": "au",
    "ow": "au", "ai": "ei", "ay": "ei", "ei": "ei", "ey": "i", "oi": "oi", "oy": "oi", "au": "o",
    "aw": "o", "ew": "yu", "eu": "yu", "ue": "u", "ui": "u", "oa": "o", "oe": "o", "ie": "i",
    "ia": "ia", "io": "io", "ar": "a", "er": "x", "ir": "x", "or": "x", "ur": "x", "a": "e",
    "b": "b", "c": "k", "d": "d", "e": "e", "f": "p", "g": "g", "h": "h", "i": "i", "j": "j",
    "k": "k", "l": "l", "m": "m", "n": "n", "o": "o", "p": "p", "q": "k", "r": "l", "s": "s",
    "t": "t", "u": "x", "v": "b", "w": "w", "x": "ks", "y": "i", "z": "j",
    "R": "l", "eaR": "il", "ear": "ix", "eer": "ix", "air": "ex", "our": "ox", "oor": "ox",
    "oar": "o", "gear": "gix", "get": "get", "ger": "jx",
}  # fmt: skip
_WRITTEN = re.compile("|".join(sorted(_SPELLING, key=len, reverse=True)))
_DOUBLED = re.compile(r"([b-df-hj-np-tv-z])\1")
_LONG = re.compile("([aeiou])([bcdfgklmnprstvz])e(?=s?$)")
_LONG_SOUND = {"a": "ei", "e": "i", "i": "ai", "o": "o", "u": "yu"}
_HEARD_R = re.compile("r(?=[aeiouy])")
_COARSE = str.maketrans({
    "g": "k", "d": "t", "b": "p", "c": "j", "z": "j", "N": "n", "h": "", "y": "", "w": "",
    "a": "V", "e": "V", "i": "V", "o": "V", "u": "V", "x": "V",
})  # fmt: skip
_RUN = re.compile("V+")
_SAME = re.compile(r"([a-zN])\1+")


def of_hangul(word: str) -> str:
    """Sounds of a run of Hangul syllables."""
    found: list[str] = []
    for place, letter in enumerate(word):
        code = ord(letter) - 0xAC00
        initial, vowel, final = code // 588, code % 588 // 28, code % 28
        first, middle, last = _INITIALS[initial], _VOWELS[vowel], _FINALS[final]
        ends = place == len(word) - 1 and not last
        if ends and middle == "i" and first in ("c", "j") and place:
            middle = ""
        if first == "s" and middle in ("ya", "yx", "ye", "yo", "yu", "wi"):
            middle = "y" + middle[1:] if middle != "wi" else "yi" if not ends else "y"
        found.append(first + middle + last)
    return _SAME.sub(r"\1", "".join(found))


@lru_cache(maxsize=65_536)
def of_latin(word: str) -> str:
    """Sounds of an English word in lower case, by its spelling."""
    word = _DOUBLED.sub(r"\1", word)
    long = _LONG.search(word)
    if long and len(word) > 3:
        ending = "s" if word.endswith("s") and long.end() < len(word) else ""
        last = "s" if long[2] == "c" else "j" if long[2] == "g" else None
        head = _spelled(word[: long.start()])
        sound = "x" if long[2] == "r" and long[1] != "i" else _LONG_SOUND[long[1]]
        if long[2] == "r":
            sound = {"a": "ex", "e": "ix", "i": "aix", "o": "o", "u": "yux"}[long[1]]
            last = ""
        return _SAME.sub(r"\1", head + sound + (last if last is not None else _spelled(long[2]))
                         + ending)  # fmt: skip
    return _SAME.sub(r"\1", _spelled(word))


def _spelled(part: str) -> str:
    if len(part) > 3 and part.endswith("e") and part[-2] not in "aeiou":
        part = part[:-1]
    elif len(part) > 4 and part.endswith("es") and part[-3] not in "aeioulscxzh":
        part = part[:-2] + "s"
    # Between vowels an r is heard; elsewhere it only colors the vowel before it.
    part = _HEARD_R.sub("R", part)
    return "".join(_SPELLING[piece] for piece in _WRITTEN.findall(part))


def hangul_sounds(text: str) -> str:
    """Of all the Hangul in a text, as one run."""
    return "".join(of_hangul(block) for block in _BLOCK.findall(text))[:MAX_SOUNDS]


def latin_sounds(text: str) -> str:
    return "".join(of_latin(word) for word in _WORD.findall(text.casefold()))[:MAX_SOUNDS]


def coarse(sounds: str) -> str:
    """Voicing put aside, and every run of vowels one vowel."""
    return _SAME.sub(r"\1", _RUN.sub("V", sounds.translate(_COARSE)))


def features(sounds: str) -> list[str]:
    """Runs of sounds, exact and coarse, with the ends marked."""
    rough = f"^{coarse(sounds)}$"
    exact = f"^{sounds}$"
    found = [f"1{exact[i : i + n]}" for n in (2, 3) for i in range(len(exact) - n + 1)]
    found += [f"0{rough[i : i + n]}" for n in (2, 3, 4) for i in range(len(rough) - n + 1)]
    return found
