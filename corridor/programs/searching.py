"""What a visitor's words mean among programs: literal words, names of the same thing in the other
language, and, for a word that nobody wrote, words spelt nearly like it.

All of it is answered from three indexes: trigrams of `Program.search_head`, the lexical terms of
the whole text (`term_ids`), and the taxonomy ids read in it. No model runs in a web process.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, reduce
from operator import and_, or_

from django.db.models import Case, Exists, FloatField, Q, QuerySet, Value, When

from corridor import taxonomy
from corridor.common.terms import letters, term_ids
from corridor.programs.models import Program

MOST_WORDS = 8
HEADS = 40  # read for the words that a misspelt one may mean
ALIKE = 0.5  # the share of a misspelt word's runs of letters that the meant one has
MOST_WAYS = 3
_WORD = re.compile(
    r"[^\W_ᄀ-ᇿㄱ-ㆎ가-힣]+(?:[+#]+|[.&'-][^\W_ᄀ-ᇿㄱ-ㆎ가-힣]+)*|[ᄀ-ᇿㄱ-ㆎ가-힣]+"
)
_HANGUL = re.compile(r"[ᄀ-ᇿㄱ-ㆎ가-힣]")
_IDLE = frozenset(
    "a an and at by for from in is of on or the to with 및 등 의 에서 위한 관련 "
    "미국 미국에서 usa america program programs 프로그램 채용 모집 "
    "엔지니어 engineer engineers 전문가 담당자 인력".split()  # all of them are, or may be
)
# What stands for a whole sector beside its own name, which no program writes.
_ALSO_CALLED = {"biopharma": ("biotech", "pharma"), "automobiles": ("automotive",)}
# Which visa a person may take is judged for each, not written in a program.
_VISA = re.compile(r"[jhbflmeo]-?\d[ab]?|cpt|opt|esta|visas?|비자", re.IGNORECASE)
_PAID = frozenset("유급 급여 paid".split())
# What a trade or a task is called with, and the trade without it: 품질관리, 용접기술자.
_ROLE = re.compile(
    r"(?<=[가-힣]{2})(?:관리자?|업무|직무|분야|기술자?|전문가|담당자?|엔지니어|개발자|연구원|작업자|정비사)$"
)
_QUALIFICATION = re.compile(r"(?<=[가-힣]{2})(?:산업기사|기능사|기능장|기술사|기사)$")
SHORT = 2  # syllables of a Hangul word that is read as it stands: 원전 is no slip for 안전


@dataclass(frozen=True)
class Word:
    """One asked word. `skills`, `occupations`: what the taxonomy reads where it stands; `names`:
    how these are called in both languages; `sectors`: slug to the name that the word begins with
    (배터리셀: a post at an electrode line names no battery, its head names the sector), or to
    nothing where the word stands for the whole sector; `home`: the sector in which what it names
    is most at home; `trade`: the word without its "관리" or "기사"; `paid`: it asks for pay."""

    text: str
    skills: tuple[str, ...] = ()
    occupations: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    sectors: Mapping[str, str] = field(default_factory=dict)
    home: str = ""
    trade: str = ""
    paid: bool = False

    @property
    def in_sector(self) -> Q:
        return Q(sector__slug__in=self.sectors.keys())

    @property
    def in_head(self) -> Q:
        return _holds(self.text)

    @property
    def by_name(self) -> Q:
        return reduce(or_, [_holds(name) for name in self.names])

    @property
    def by_concept(self) -> Q:
        found = Q()
        if self.skills:
            found |= Q(skill_ids__overlap=list(self.skills))
        if self.occupations:
            found |= Q(occupation_ids__overlap=list(self.occupations))
        return found

    @property
    def written(self) -> Q:
        """The word stands in the program, or the thing it names does."""
        if self.paid:
            return Q(pay_amount__gt=0)
        found = self.in_head
        if ids := term_ids(self.text):
            found |= Q(term_ids__contains=ids)
        if self.names:
            found |= self.by_name
        if self.trade and not _QUALIFICATION.search(self.text):
            found |= _holds(self.trade)
        for slug, name in self.sectors.items():
            found |= _holds(name) if name else Q(sector__slug=slug)
        return found | self.by_concept

    @property
    def misspelt(self) -> Q:
        return Q(search_head__trigram_word_similar=letters(self.text))

    @property
    def worth(self) -> Case:
        """What the word adds to a program's relevance: its own sector and the head most, a mention
        least."""
        whens = [When(self.in_sector, then=Value(3.5))] if self.sectors else []
        whens.append(When(self.in_head, then=Value(3.0)))
        if self.names:
            whens.append(When(self.by_name, then=Value(2.0)))
        if self.skills or self.occupations:
            if self.trade:
                whens.append(When(self.by_concept & _holds(self.trade), then=Value(1.9)))
            if self.home:
                near = self.by_concept & Q(sector__slug=self.home)
                whens.append(When(near, then=Value(1.7)))
            whens.append(When(self.by_concept, then=Value(1.5)))
        return Case(*whens, default=Value(1.0), output_field=FloatField())


@dataclass(frozen=True)
class Understood:
    """For each asked word that some open program answers, the ways to take it: itself or, where
    nobody wrote it, what stands next to it in the taxonomy (HVDC: power electronics, or its
    sector), else words spelt nearly like it. `nearby`: words of which only that was found."""

    words: Sequence[Sequence[Word]]
    nearby: Sequence[str] = ()

    @property
    def widened(self) -> Understood:
        """With what stands next to each known skill taken for it, too."""
        words, nearby = [], list(self.nearby)
        for ways in self.words:
            skills = {skill for way in ways for skill in way.skills}
            near = frozenset[str]().union(*map(taxonomy.related, skills)) - skills
            words.append([*ways, Word(ways[0].text, skills=tuple(sorted(near)))] if near else ways)
            nearby += [ways[0].text] if near and ways[0].text not in nearby else []
        return Understood(words, nearby)

    def among(self, programs: QuerySet[Program], *, every: bool = True) -> QuerySet[Program]:
        """Programs that answer every word (or any), annotated with their `relevance`."""
        if not self.words:
            return programs.none().annotate(relevance=Value(0.0))
        answered = [reduce(or_, [way.written for way in ways]) for ways in self.words]
        # A word that is not there adds nothing; of several ways to take one, the likeliest counts.
        worths = [
            ways[0].worth if every and len(ways) == 1
            else Case(
                *[When(way.written, then=way.worth) for way in ways],
                default=Value(0.0), output_field=FloatField(),
            )
            for ways in self.words
        ]  # fmt: skip
        found = programs.filter(reduce(and_ if every else or_, answered))
        return found.annotate(relevance=reduce(lambda one, two: one + two, worths))


def understood(text: str, programs: QuerySet[Program]) -> Understood:
    """Which words of `text` the `programs` answer: one query, and up to two more where nobody wrote
    a word. A word without any answer is left aside if another has one."""
    asked = words(text)
    if not asked:
        return Understood(())
    plain = programs.order_by()
    checks = {f"word_{at}": Exists(plain.filter(word.written)) for at, word in enumerate(asked)}
    seen = Program.objects.order_by().annotate(**checks).values_list(*checks)[:1]
    stands = next(iter(seen), [False] * len(asked))
    unknown = [word for word, is_there in zip(asked, stands, strict=True) if not is_there]
    known = [word for word in unknown if word.skills]
    ways = _neighboring(known, plain) if known else {}
    nearby = tuple(ways)
    unknown = [word for word in unknown if _may_be_a_slip(word)]
    ways |= _meant(unknown, plain) if unknown else {}
    taken = [[word] if is_there else ways.get(word.text, [])
             for word, is_there in zip(asked, stands, strict=True)]  # fmt: skip
    return Understood([each for each in taken if each], nearby)


def _may_be_a_slip(word: Word) -> bool:
    """What the taxonomy knows is spelt right, and of two syllables nearly any may be another."""
    if word.skills or word.occupations or word.paid:
        return False
    text = unicodedata.normalize("NFC", word.text)
    return not _HANGUL.search(text) or len(text) > SHORT


def _neighboring(unwritten: Sequence[Word], programs: QuerySet[Program]) -> dict[str, list[Word]]:
    """For each known skill that nobody wrote of, the skills next to it that somebody did; where
    there are none, the work it is typical of, and else its sector, if it belongs to one alone."""
    near = {
        word.text: frozenset[str]().union(*(taxonomy.related(skill) for skill in word.skills))
        for word in unwritten
    }
    sought = sorted(frozenset[str]().union(*near.values()))
    rows = programs.filter(skill_ids__overlap=sought).values_list("skill_ids", flat=True)
    there = {skill for ids in rows[:HEADS] for skill in ids}
    ways = {}
    for word in unwritten:
        known = taxonomy.skill(word.skills[0]).sectors
        jobs = tuple(job for skill in word.skills for job in taxonomy.occupations_for(skill))
        if found := near[word.text] & there:
            ways[word.text] = [Word(word.text, skills=tuple(sorted(found)))]
        elif programs.filter(occupation_ids__overlap=list(jobs)).exists():
            ways[word.text] = [Word(word.text, occupations=jobs)]
        elif len(known) == 1:
            ways[word.text] = [Word(word.text, sectors={known[0]: ""})]
    return ways


def _meant(unknown: Sequence[Word], programs: QuerySet[Program]) -> dict[str, list[Word]]:
    """For each misspelt word the words of programs' heads that are spelt most like it. A few
    heads that hold one are read: comparing with every head would take longer than all the rest."""
    some = [programs.filter(word.misspelt).values_list("search_head")[:HEADS] for word in unknown]
    heads = some[0].union(*some[1:], all=True) if len(some) > 1 else some[0]
    written = {word for (head,) in heads for word in head.split()}
    found = {}
    for word in unknown:
        sought = _runs(letters(word.text))
        likeness = {each: len(sought & _runs(each)) / len(sought) for each in written}
        best = max(likeness.values(), default=0.0)
        if best >= ALIKE:
            near = sorted((-share, each) for each, share in likeness.items() if share >= 0.9 * best)
            found[word.text] = [
                Word(unicodedata.normalize("NFC", each)) for _share, each in near[:MOST_WAYS]
            ]
    return found


def _runs(word: str) -> frozenset[str]:
    """The runs of three letters in a word, its beginning marked, as pg_trgm takes them."""
    padded = f"  {word} "
    return frozenset(padded[at : at + 3] for at in range(len(padded) - 2))


def words(text: str) -> list[Word]:
    """The words of a query, with what the taxonomy reads in the place of each."""
    text = unicodedata.normalize("NFKC", text)[:200]
    read = taxonomy.load()
    skills = taxonomy.find_skills(text)
    jobs = taxonomy.find_occupations(text)
    found: dict[str, Word] = {}
    for start, end in _spans(text, skills):
        word = text[start:end]
        mine = [one.id for one in skills if one.start < end and start < one.end]
        work = [one.id for one in jobs if one.start < end and start < one.end]
        concepts = [read.skills[one] for one in mine] + [read.occupations[one] for one in work]
        names = [name for one in concepts[:3] for name in (one.ko, one.en)]
        jobs_of = work or [job for one in mine[:1] for job in taxonomy.occupations_for(one)]
        sectors = read.occupations[jobs_of[0]].sectors if jobs_of else ()
        trade = _ROLE.sub("", _QUALIFICATION.sub("", word))
        found.setdefault(
            word.casefold(),
            Word(
                word, tuple(mine), tuple(work), tuple(names), _sectors_of(word),
                home=sectors[0] if sectors else "", trade=trade if trade != word else "",
                paid=word.casefold() in _PAID,
            ),
        )  # fmt: skip
    telling = [
        word for key, word in found.items() if key not in _IDLE and not _VISA.fullmatch(key)
    ]
    return (telling or list(found.values()))[:MOST_WORDS]


def _spans(text: str, skills: Sequence[taxonomy.Found]) -> list[tuple[int, int]]:
    """Where each word begins and ends; several Latin ones that name one skill are one word
    ("machine learning": neither machine vision nor a learning plan is meant)."""
    found: list[tuple[int, int]] = []
    for match in _WORD.finditer(text):
        whole = next((one for one in skills if one.start <= match.start() and match.end() <= one.end
                      and text[one.start : one.end].isascii()), None)  # fmt: skip
        span = (whole.start, whole.end) if whole else match.span()
        if span not in found:
            found.append(span)
    return found


def _sectors_of(word: str) -> dict[str, str]:
    """The sectors whose name the word is or, in Hangul, begins with: 배터리셀, 반도체장비."""
    plain = word.casefold()
    return {
        slug: "" if name in _ALSO_CALLED.get(slug, ()) else name
        for slug, names in _sector_names().items()
        for name in names
        if (plain.startswith(name) if _HANGUL.search(name) else plain in (name, name[:-1]))
    }


@lru_cache(maxsize=1)
def _sector_names() -> dict[str, tuple[str, ...]]:
    """What each sector is called in one word. 물 and 금속 begin too many other words."""
    parted = {
        slug: (*ko.split("·"), en.casefold() if " " not in en else "")
        for slug, (ko, en) in taxonomy.sectors().items()
    }
    return {
        slug: (
            *(name for name in names if len(name) > 1 and " " not in name and name != "금속"),
            *_ALSO_CALLED.get(slug, ()),
        )
        for slug, names in parted.items()
    }


def _holds(text: str) -> Q:
    """The head holds it: a Latin word from its beginning, a Hangul one anywhere (compounds)."""
    plain = letters(text)
    if _HANGUL.search(text):
        return Q(search_head__contains=plain)
    return Q(search_head__contains=f" {plain} " if len(plain) == 1 else f" {plain}")
