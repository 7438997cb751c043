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
    "ational", "fulness", "iveness", "ousness", "ments", "ment", "ities", "ity", "ingly", "ings",
    "ing", "izers", "izer", "ions", "ion", "ors", "or", "ers", "er", "ies", "ied", "ed", "es",
    "als", "al", "ly", "ics", "ic", "s", "e", "y",
)  # fmt: skip
_LONGER = {"ly": 5, "al": 4, "als": 4, "ic": 4, "er": 3, "or": 4}
_LEAST = 3  # letters that must be left


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The word in lower case without its endings: manager, managing, management → manag."""
    for _turn in range(3):
        shorter = _without_ending(word)
        if shorter == word:
            break
        word = shorter
    if len(word) > 3 and word[-1] == word[-2]:
        return word[:-1]
    return word[:-2] if len(word) >= 6 and word.endswith("at") else word


def _without_ending(word: str) -> str:
    for ending in _ENDINGS:
        left = len(word) - len(ending)
        if word.endswith(ending) and left >= _LONGER.get(ending, _LEAST):
            if ending == "s" and word[-2] in "sui":  # process, apparatus, analysis
                continue
            if any(letter in "aeiouy" for letter in word[:left]):
                return word[:left]
    return word


def stems(text: str) -> list[str]:
    """Stems of all words of a text but the commonest, in order."""
    return [stem(word) for word in _WORD.findall(text.casefold()) if word not in STOP]
