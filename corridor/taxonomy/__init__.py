"""Skills, occupations and majors of the twelve sectors, in Korean and English.

What joins "용접기능사" to "welder" when no model runs. Plain Python over the tables in `data/`,
loaded once a process. Unknown ids raise KeyError; any text at all is accepted (see `finding`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import zip_longest

from corridor.taxonomy import denying, loading
from corridor.taxonomy.finding import Finder, chooser
from corridor.taxonomy.folding import canonical
from corridor.taxonomy.loading import TaxonomyError
from corridor.taxonomy.records import Concept, Found, Major, Occupation, Skill, Taxonomy

__all__ = [
    "Found",
    "Major",
    "Occupation",
    "Skill",
    "Taxonomy",
    "TaxonomyError",
    "expand",
    "find_majors",
    "find_occupations",
    "find_skills",
    "groups",
    "load",
    "major",
    "majors",
    "occupation",
    "occupations",
    "occupations_for",
    "related",
    "revision",
    "sectors",
    "skill",
    "skills",
]

MAX_EXPANSIONS = 24
_QUERY_CHARS = 400
# A Korean qualification that one still works for: "화공기사 필기 합격", "전기기사 준비 중".
_QUALIFICATION = re.compile(r"(?:기사|기능사|기능장|기술사)$")
_NOT_HELD_YET = re.compile(
    r"\s{0,2}[(]?\s{0,2}(?:필기|준비|공부|응시|수험|도전|취득\s?(?:예정|준비|목표)|시험\s?준비)"
)


@lru_cache(maxsize=1)
def _loaded() -> loading.Loaded:
    return loading.load()


def load() -> Taxonomy:
    """The whole taxonomy; read and checked on the first call, then the same object."""
    return _loaded().taxonomy


def revision() -> str:
    """Changes when, and only when, the data files change."""
    return load().revision


def skill(skill_id: str) -> Skill:
    return load().skills[skill_id]


def occupation(code: str) -> Occupation:
    """By O*NET-SOC code, such as "51-4121.00"."""
    return load().occupations[code]


def major(major_id: str) -> Major:
    return load().majors[major_id]


def skills() -> tuple[Skill, ...]:
    return tuple(load().skills.values())


def occupations() -> tuple[Occupation, ...]:
    return tuple(load().occupations.values())


def majors() -> tuple[Major, ...]:
    return tuple(load().majors.values())


def sectors() -> Mapping[str, tuple[str, str]]:
    """Slug to (Korean, English)."""
    return load().sectors


def groups() -> Mapping[str, tuple[str, str]]:
    """Groups of majors: key to (Korean, English)."""
    return load().groups


def find_skills(text: str) -> list[Found]:
    """Skills named in the text, in order, never overlapping; the longest name wins. What the text
    says is not done or not known (배관은 하지 않습니다) is left out (`denying`), and so is a
    qualification that is still being worked for (전기기사 필기)."""
    return _held(_skill_finder().find(text), text)


def find_occupations(text: str) -> list[Found]:
    """Occupations named by title, or by a certificate that leads to one (용접기능사)."""
    return _held(_occupation_finder().find(text), text)


def _held(found: list[Found], text: str) -> list[Found]:
    """Without the qualifications that the text says are still being worked for, and without what it
    denies."""
    held = [
        one for one in found
        if not (_QUALIFICATION.search(one.text) and _NOT_HELD_YET.match(text, one.end))
    ]  # fmt: skip
    return denying.affirmed(held, text)


def find_majors(text: str) -> list[Found]:
    """Fields of study, with or without 학과, 학부 or 전공 behind them."""
    return _major_finder().find(text)


def related(skill_id: str) -> frozenset[str]:
    """Broader, narrower and near skills: worth part of the credit. Never the skill itself."""
    return skill(skill_id).near


def occupations_for(skill_id: str) -> tuple[str, ...]:
    """Codes of the occupations a skill is typical of, the most typical first."""
    return _occupations_by_skill().get(skill(skill_id).id, ())


def expand(query: str) -> list[str]:
    """The query's concepts under all their names in both languages, for lexical search.

    At most 24 distinct strings, those nearest to the query first; the query itself is not among
    them unless it is a concept's name. Empty where nothing in the query is known.
    """
    query = query[:_QUERY_CHARS]
    strands: list[Iterable[str]] = []
    for found in find_skills(query):
        strands.append(_skill_words(skill(found.id)))
    for found in find_occupations(query):
        strands.append(_job_words(occupation(found.id)))
    for found in find_majors(query):
        strands.append(_names(major(found.id)))
    words: dict[str, str] = {}
    for layer in zip_longest(*strands):
        for word in layer:
            if word is not None:
                words.setdefault(canonical(word), word)
        if len(words) >= MAX_EXPANSIONS:
            break
    return list(words.values())[:MAX_EXPANSIONS]


def _skill_words(one: Skill) -> Iterator[str]:
    """Both names, a worker's title in both languages, then the aliases in turn."""
    yield from (one.ko, one.en)
    codes = [code for code in occupations_for(one.id) if _is_core(one.id, code)]
    if codes:
        worker = occupation(codes[0])
        yield from worker.aliases_en[:1] or (worker.en,)
        yield worker.ko
    yield from list(_names(one))[2:]
    for near in sorted(one.near) if one.kind == "certificate" else ():
        yield from (skill(near).ko, skill(near).en)


def _job_words(job: Occupation) -> Iterator[str]:
    """Title and first aliases, the two skills most typical of it, then the other aliases."""
    names = list(_names(job))
    yield from names[:4]
    for skill_id in job.skills[:2]:
        yield from (skill(skill_id).ko, skill(skill_id).en)
    yield from names[4:]


def _is_core(skill_id: str, code: str) -> bool:
    return skill_id in occupation(code).skills[:2] or code in skill(skill_id).occupations


def _names(concept: Concept) -> Iterator[str]:
    """Names, then English and Korean aliases in turn."""
    yield from (concept.ko, concept.en)
    for pair in zip_longest(concept.aliases_en, concept.aliases_ko):
        yield from (word for word in pair if word)


@lru_cache(maxsize=1)
def _skill_finder() -> Finder:
    return Finder(_loaded().skill_phrases, chooser(load().skills))


@lru_cache(maxsize=1)
def _occupation_finder() -> Finder:
    return Finder(_loaded().occupation_phrases, chooser(load().occupations))


@lru_cache(maxsize=1)
def _major_finder() -> Finder:
    return Finder(_loaded().major_phrases, chooser(load().majors))


@lru_cache(maxsize=1)
def _occupations_by_skill() -> dict[str, tuple[str, ...]]:
    """A certificate's own occupations first, then by how typical the skill is of each."""
    ranked: dict[str, list[tuple[int, str]]] = {}
    for one in skills():
        ranked[one.id] = [(-1, code) for code in one.occupations]
    for job in occupations():
        for rank, skill_id in enumerate(job.skills):
            ranked[skill_id].append((rank, job.id))
    return {
        skill_id: tuple(dict.fromkeys(code for _, code in sorted(codes)))
        for skill_id, codes in ranked.items()
    }
