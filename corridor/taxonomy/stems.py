"""English words brought to one form, enough to see that "cleaners" and "cleaning" are akin."""

from __future__ import annotations

import re
from functools import lru_cache

_WORD = re.compile(r"[a-z][a-z0-9+#]*|\d+[a-z]*")
STOP = frozenset(
    """a an and are as at be by for from in into is it its of on or other such that the their them
    these they this those to used using was were which who will with within without all any etc
    may not more than each per include includes including e.g i.e""".split()
)
_ENDINGS = (
    "ization", "isation", "izations", "ational", "fulness", "iveness", "ousness", "ations",
    "ation", "ators", "ating", "ators", "ments", "ment", "ities", "ity", "ingly", "ings", "ing",
    "ators", "ator", "ated", "ates", "ate", "izers", "izer", "izes", "ized", "ize", "ions", "ion",
    "ors", "or", "ers", "er", "ies", "ied", "ed", "es", "al", "ly", "ic", "s", "e", "y",
)  # fmt: skip
_LEAST = 3  # letters that must be left


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The word in lower case without its ending: manager, managing, management → manag."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST:
            short = word[: -len(ending)]
            if any(letter in "aeiouy" for letter in short):
                return short[:-1] if len(short) > 3 and short[-1] == short[-2] else short
    return word


def stems(text: str) -> list[str]:
    """Stems of all words of a text but the commonest, in order."""
    return [stem(word) for word in _WORD.findall(text.casefold()) if word not in STOP]
