"""Finding named concepts in running Korean and English text.

A phrase is a walk through a tree of tokens (Latin words whole, Hangul syllable by syllable), so
"CAN" is never found in "cancel". The leftmost longest phrase wins. Four marks in the data files
steer a phrase:

    (none)   case does not matter; Hangul of two syllables must stand as a word of its own,
             longer Hangul is also found inside a compound
    +용접    found inside compounds although short (자동용접, 용접로봇)
    !배관사  Hangul that must stand as a word of its own although long
    =CAN     exactly this case, and Hangul as a word of its own
    ?React   only as the whole text or in an enumeration next to another find ("Python, R");
             exactly this case where it has up to three letters
    ~로봇과  a school department, not a noun with the particle 과: needs a school word, a
             punctuation mark or the end of the text behind it
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from corridor.taxonomy.folding import Folded, Token, fold, is_hangul, tokens
from corridor.taxonomy.records import Concept, Found

MARKS = tuple("+!=?~")

# What may follow a short Hangul word without making it another word: nouns that trades and
# postings append, then particles or a verb ending, then no more Hangul.
_NOUNS = (
    "공|사|원|직|법|류|팀|반|과|작업|공정|설비|장비|업무|기술|기술자|기능|기능공|기능원|엔지니어|관리|관리자|운전|운용|"
    "운영|경험|경력|경력자|실무|실무자|직무|능력|가능|가능자|교육|과정|자격|자격증|담당|담당자|검사|설계|개발|개발자|"
    "제작|연구|연구원|분석|시스템|프로그램|라인|시험|평가|제어|전문가|전공|분야|업체|산업|현장|부품|소재|재료|도면|계획|"
    "생산|제조|조립|설치|정비|보수|유지보수|시공|공사|구조|이론|실습|특성|최적화|모델링|해석|툴|프로젝트|지식|이해|활용|"
    "보유|보유자|필수|우대|수행|진행|지원|인력|보조|신입|모집|채용|구인|초보|숙련|숙련공|숙련자|기초|전반|로봇|기계|"
    "품질|상태|조건|결과|데이터|모델|업|및"
)
_PARTICLES = (
    "은|는|이|가|을|를|의|에|와|과|도|로|만|나|랑|및|등|까지|부터|에서|에서의|으로|으로의|에의|이나|이며|이고|이다|입니다|"
    "하며|하고|하기|하던|하는|하여|되는|되어|보다|처럼|라는|이라는|인|요|별|시|중|후|전|간|적|적인|뿐|마다|대한|관련|위주|"
    "상의|내|용"
)
_ENDS_WORD = re.compile(
    rf"(?:{_NOUNS}){{0,3}}?(?:{_PARTICLES})?(?:(?:하|되|했|됐|해|한|할|함|합|된|됨|될)[가-힣]*)?(?![가-힣])"
)
_ENDS_DEPARTMENT = re.compile(
    r"(?:를|을|에서|에|의|는|가|로)?\s{0,2}(?:$|[^\w\s]|\n|졸|재학|휴학|전공|학생|출신|[1-4]\s?학년|수료|중퇴|"
    r"입학|편입|전문학사|학사|석사|야간|주간)"
)
_BETWEEN_LISTED = re.compile(
    r"(?:\s?(?:기초|초급|중급|고급|조금|약간|가능|능숙|활용|기본)(?=\s?[,/·;]))?"  # "SQL 기초, R"
    r"(?:(?:\s{0,3}[,/·;:|&+()\[\]•\n]|\s-(?=\s)){1,3}\s{0,3}(?:(?:and|or|및|또는)\s{1,2})?"
    r"|\s{1,2}(?:and|or|및|또는)\s{1,2})"
)

Chooser = Callable[[tuple[str, ...], frozenset[str]], str]


@dataclass(frozen=True, slots=True)
class Phrase:
    """One way to write a concept, as it stands in a data file with its mark taken off.

    `ids` holds several concepts where the phrase is listed as ambiguous, and none where it is a
    trap: words that only look like a concept ("사용접수" holds no 용접).
    """

    text: str
    ids: tuple[str, ...]
    mark: str = ""


@dataclass(slots=True)
class _Hit:
    phrase: Phrase
    start: int
    end: int


class Finder:
    """A tree of phrases; `find` is a pure function of the text.

    `choose(ids, other_ids)` picks the meaning of an ambiguous phrase from what else was found.
    """

    def __init__(self, phrases: Iterable[Phrase], choose: Chooser) -> None:
        self._choose = choose
        self._root: dict[str, object] = {}
        listed = [(phrase, _spellings(phrase)) for phrase in phrases]
        for phrase, walks in listed:
            for walk in walks:
                ends = self._ends_of(walk)
                if not any(phrase.ids == other.ids and phrase.mark == other.mark for other in ends):
                    ends.append(phrase)
        # A plural or singular that nobody listed; a listed meaning (or trap) keeps its own.
        for phrase, walks in listed:
            for walk in walks:
                for other in _numbers(walk[-1]):
                    ends = self._ends_of([*walk[:-1], other])
                    if not ends:
                        ends.append(phrase)

    def _ends_of(self, walk: list[str]) -> list[Phrase]:
        node = self._root
        for word in walk:
            child = node.get(word)
            if not isinstance(child, dict):
                child = node[word] = {}
            node = child
        ends = node.setdefault("", [])
        assert isinstance(ends, list)
        return ends

    def find(self, text: str) -> list[Found]:
        """Every concept named, in order, never overlapping. Reads the first 100,000 characters."""
        if not text or not text.strip():
            return []
        folded = fold(text)
        hits = _drop_unlisted(self._hits(folded), folded)
        sure = frozenset(hit.phrase.ids[0] for hit in hits if len(hit.phrase.ids) == 1)
        found = []
        for hit in hits:
            ids = hit.phrase.ids
            if not ids:
                continue
            chosen = ids[0] if len(ids) == 1 else self._choose(ids, sure)
            start, end = folded.span(hit.start, hit.end)
            found.append(Found(chosen, start, end, folded.original[start:end]))
        return found

    def _hits(self, folded: Folded) -> list[_Hit]:
        words = tokens(folded)
        hits: list[_Hit] = []
        place = 0
        free_from = 0
        while place < len(words):
            hit, used = self._longest(words, place, folded, free_from)
            if hit is None:
                place += 1
            else:
                hits.append(hit)
                free_from = hit.end
                place += used
        return hits

    def _longest(
        self, words: list[Token], place: int, folded: Folded, free_from: int
    ) -> tuple[_Hit | None, int]:
        node = self._root.get(words[place].text)
        ends: list[tuple[list[Phrase], int]] = []
        used = 1
        while isinstance(node, dict):
            here = node.get("")
            if isinstance(here, list):
                ends.append((here, used))
            if place + used >= len(words):
                break
            link = words[place + used].link
            if link is None:
                break
            node = node.get(link)
            used += 1
        start = words[place].start
        for phrases, used in reversed(ends):
            end = words[place + used - 1].end
            for phrase in phrases:
                if _stands(phrase, folded, start, end, free_from):
                    if phrase.text.endswith(")") and folded.lower.startswith(")", end):
                        end += 1
                    return _Hit(phrase, start, end), used
        return None, 1


def chooser(concepts: Mapping[str, Concept]) -> Chooser:
    """Picks the meaning whose sectors the rest of the text speaks of; the first on a tie."""

    def choose(ids: tuple[str, ...], others: frozenset[str]) -> str:
        weight: dict[str, float] = {}
        for other in sorted(others):
            sectors = concepts[other].sectors
            for slug in sectors:
                weight[slug] = weight.get(slug, 0.0) + 1 / len(sectors) ** 2

        def told(one: str) -> float:
            sectors = concepts[one].sectors
            return sum(weight.get(slug, 0.0) for slug in sectors) / len(sectors)

        return max(ids, key=told)

    return choose


def _stands(phrase: Phrase, folded: Folded, start: int, end: int, free_from: int) -> bool:
    lower = folded.lower
    mark = phrase.mark
    if mark == "=" or (mark == "?" and len(phrase.text) <= 3):
        written = "".join(folded.cased[start:end].split())
        text = "".join(phrase.text.split())
        if written not in {text, text + "s"}:
            return False
        if mark == "?" and "-" in (lower[start - 1 : start], lower[end : end + 1]):
            return False  # the C of C-AFM
    if mark == "+":
        return True
    if mark == "~":
        return _ENDS_DEPARTMENT.match(lower, end) is not None
    own_word = mark in {"!", "="} or sum(map(is_hangul, lower[start:end])) == end - start <= 2
    if not own_word:
        return True
    if start and start != free_from and is_hangul(lower[start]) and is_hangul(lower[start - 1]):
        return False
    return not is_hangul(lower[end - 1]) or _ENDS_WORD.match(lower, end) is not None


def _drop_unlisted(hits: list[_Hit], folded: Folded) -> list[_Hit]:
    """Leave out "?" phrases that stand alone in a sentence rather than beside another find."""
    whole = folded.lower.strip()
    kept = [hit.phrase.mark != "?" or hit.phrase.text.lower() == whole for hit in hits]
    if all(kept):
        return hits
    listed = [
        _BETWEEN_LISTED.fullmatch(folded.lower, one.end, other.start) is not None
        for one, other in itertools.pairwise(hits)
    ]
    for place in range(1, len(hits)):
        kept[place] |= kept[place - 1] and listed[place - 1]
    for place in range(len(hits) - 2, -1, -1):
        kept[place] |= kept[place + 1] and listed[place]
    return [hit for hit, keep in zip(hits, kept, strict=True) if keep]


def _spellings(phrase: Phrase) -> list[list[str]]:
    """The walks that spell a phrase: spaces between Hangul words are optional."""
    words = tokens(fold(phrase.text))
    walks: list[list[str]] = [[]]
    for place, word in enumerate(words):
        if place == 0 or word.link is None:
            choices = [word.text]
        elif word.link.startswith(" "):
            choices = [word.link, word.text]
        else:
            choices = [word.link]
        walks = [[*walk, choice] for walk in walks for choice in choices]
    joined = _joined(words)
    if joined:
        walks.append(joined)
    return walks


def _joined(words: list[Token]) -> list[str]:
    """ "ISO 9001" is also written ISO9001, and "lock-out" lockout."""
    if len(words) != 2 or any(is_hangul(word.text) for word in words):
        return []
    first, second = words
    if second.text.isdigit() and first.text.isalpha():
        return [first.text + second.text]
    return []


def _numbers(word: str) -> list[str]:
    """The plural of a singular and the singular of a plural, where English is regular."""
    if len(word) < 3 or not word.isascii() or not word.isalpha():
        return []
    if word.endswith("s"):
        if len(word) < 5 or word.endswith(("ss", "us", "is", "ics", "as")):
            return []
        return [word[:-3] + "y"] if word.endswith("ies") else [word[:-1]]
    if word.endswith("y") and word[-2] not in "aeiou":
        return [word[:-1] + "ies"]
    return [word + "es"] if word.endswith(("x", "ch", "sh", "z")) else [word + "s"]
