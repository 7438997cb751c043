"""Longer pairs, composed from the tables: what a person writes, and the program that suits it.

Titles and terms alone teach short texts. A profile lists skills, a license, a major and years in
one language and order; a program tells duties in another. Both sides here are built of the same
thing (a skill and its neighbors, or one occupation) with names drawn separately, so that what they
share is the meaning. Drawn from a seed; no text of a task or of the gold set is read.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

SEED = 20261127
OF_A_SKILL = 6  # pairs composed around each skill
OF_AN_OCCUPATION = 8
Row = Mapping[str, str]

_KOREAN_PERSON = (
    "{0} 전공, {1}. {2} 경험", "{1} {n}년. {2}", "{1}·{2} 경력 {n}년, 미국 근무 희망",
    "{0} 졸업 예정. {1}, {2}",
    "{1} 담당 {n}년차 / {2}", "{2}, {1} 할 줄 압니다. {0}", "■ 경력 {n}년\n■ {1}\n■ {2}",
    "{1}, {2}", "석사과정 {0}. {1} 연구, {2}", "{1} 하고 있어요. {2}도 조금",
)  # fmt: skip
_KOREAN_PROGRAM = (
    "{1} 인턴\n{2} 업무를 돕습니다. {0} 전공.", "{1} 인력 파견\n{2}. 경력 {n}년 이상.",
    "{1} 공동연구\n{2}을(를) 함께 연구합니다.", "{1} 담당자\n{2} 업무를 맡습니다.",
    "{1} 교육 과정\n{2} 실습.",
)  # fmt: skip
_ENGLISH_PERSON = (
    "{0} student; {1}, {2}", "{n} years of {1}. {2}.", "{1} and {2}, {n} yrs",
    "{0}. Coursework in {1}; {2}.",
    "I have worked with {1}, {2} for {n} years", "{1} / {2}", "PhD candidate, {1}; {2}",
)  # fmt: skip
_ENGLISH_PROGRAM = (
    "{1} intern\nSupport {2}. {0} major.", "{1} technician\n{2}; {n} years of experience.",
    "{1} intern (Summer 2026)", "{1}\n{2}.", "{1} apprenticeship\nLearn {2} on the job.",
    "Joint research: {1}\n{2}; graduate students.", "{1} specialist\nDuties: {2}.",
)  # fmt: skip
_REQUIREMENT = {
    "ko": ("{1} 경험이 있는 분을 찾습니다.", "{1} 및 {2} 업무를 맡습니다.", "{2}, {1} 능통자 우대"),
    "en": ("Hands-on experience with {1}, including {2}.", "You will be responsible for {1}.",
           "We are looking for someone with {1}; {2} is a plus.",
           "Knowledge of {2} and {1} required.",
           "Must be able to work with {1} every day."),
}  # fmt: skip
_PERSON = {"ko": _KOREAN_PERSON, "en": _ENGLISH_PERSON}
_PROGRAM = {"ko": _KOREAN_PROGRAM, "en": _ENGLISH_PROGRAM}
# Who asks in which language for what in which: mostly a Korean for something American.
_LANGUAGES = (("ko", "en"), ("ko", "en"), ("ko", "en"), ("en", "en"), ("ko", "ko"), ("en", "ko"))


@dataclass(frozen=True)
class Thing:
    """A skill, certificate, major or occupation: its names by language, its sectors, those near."""

    names: Mapping[str, Sequence[str]]
    sectors: frozenset[str]
    near: tuple[str, ...]


def names(row: Row) -> dict[str, list[str]]:
    """The row's names by language, without the marks that say how an alias is to be matched."""
    given = {
        language: [row[language], *(row.get(f"aliases_{language}") or "").split(";")]
        for language in ("ko", "en")
    }
    return {
        language: [bare for one in some if (bare := one.strip().lstrip("=?+!~").strip())]
        for language, some in given.items()
    }


def _things(rows: Sequence[Row]) -> dict[str, Thing]:
    found = {}
    for row in rows:
        both = names(row)
        if both["ko"] and both["en"]:
            sectors = frozenset((row.get("sectors") or "").split())
            found[row["id"]] = Thing(both, sectors, tuple((row.get("near") or "").split()))
    return found


def of_skills(skills: Sequence[Row], majors: Sequence[Row]) -> Iterator[tuple[str, str, str]]:
    """(skill, what a person writes, a program), around each skill some times."""
    known, studied = _things(skills), list(_things(majors).values())
    drawn = random.Random(SEED)  # noqa: S311
    for name, one in sorted(known.items()):
        around = [known[other] for other in one.near if other in known]
        around += [other for key, other in known.items() if name in other.near and key != name]
        major = [some for some in studied if some.sectors & one.sectors] or studied
        for turn in range(OF_A_SKILL):
            asks, holds = _LANGUAGES[turn % len(_LANGUAGES)]
            more = drawn.sample(around, min(len(around), drawn.randint(1, 2)))
            person = _said(_PERSON[asks], asks, one, more, drawn.choice(major), drawn)
            program = _said(_PROGRAM[holds], holds, one, more, drawn.choice(major), drawn)
            yield name, person, program


def requirements(skills: Sequence[Row]) -> Iterator[tuple[str, str, str]]:
    """(skill, a posting's sentence that asks for it, its name): within English and into it."""
    known = _things(skills)
    drawn = random.Random(SEED + 2)  # noqa: S311
    for name, one in sorted(known.items()):
        around = [known[other] for other in one.near if other in known]
        for turn in range(OF_A_SKILL):
            asks = "ko" if turn % 3 == 0 else "en"
            more = drawn.sample(around, min(len(around), 1))
            yield name, _said(_REQUIREMENT[asks], asks, one, more, one, drawn), drawn.choice(
                one.names["en"]
            )


def _said(
    forms: Sequence[str], language: str, one: Thing, more: Sequence[Thing], major: Thing,
    drawn: random.Random,
) -> str:  # fmt: skip
    mine = [drawn.choice(thing.names[language]) for thing in (one, *more)]
    rest = ", ".join(mine[1:]) or drawn.choice(one.names[language])
    study = drawn.choice(major.names[language])
    return drawn.choice(forms).format(study, mine[0], rest, n=drawn.randint(1, 12))


def of_occupations(
    korean: Mapping[str, tuple[Sequence[str], str]],
    english: Mapping[str, tuple[str, str, Sequence[str]]],
    tools: Mapping[str, Sequence[str]],
) -> Iterator[tuple[str, str, str]]:
    """(code, what a person writes, a program), some times for each occupation told in Korean.

    `korean`: code to (titles, sentence); `english`: code to (title, description, other titles);
    `tools`: code to programs and machines that people of it use, named alike in both languages.
    """
    drawn = random.Random(SEED + 1)  # noqa: S311
    for code, (titles, said) in sorted(korean.items()):
        if code not in english or not titles or not said:
            continue
        title, description, others = english[code]
        used = tools.get(code) or ()
        for turn in range(OF_AN_OCCUPATION):
            asks, holds = _LANGUAGES[turn % len(_LANGUAGES)]
            name = {"ko": drawn.choice(titles), "en": drawn.choice([title, *others])}
            other = {"ko": drawn.choice(titles), "en": drawn.choice([title, *others])}
            skills = ", ".join(drawn.sample(used, min(len(used), drawn.randint(0, 2))))
            years = drawn.randint(1, 12)
            forms: tuple[str, ...]
            if asks == "ko":
                forms = (
                    f"{name['ko']} {years}년. {skills}", f"{said} {name['ko']}",
                    f"{name['ko']}. {skills}", f"{said} 경력 {years}년",
                    f"{name['ko']} 지망, {skills}",
                )  # fmt: skip
            else:
                forms = (
                    f"{name['en']}, {years} years. {skills}", f"{name['en']}; {skills}",
                    f"{years} yrs as {name['en']}", f"{name['en']} - {_first(description)}",
                    f"{name['en']} ({years} years) {skills}",
                )  # fmt: skip
            person = drawn.choice(forms)
            if holds == "ko":
                forms = (
                    f"{other['ko']}. {said}", f"{other['ko']} 인턴\n{said}",
                    f"{other['ko']} 파견\n{said}", f"{other['ko']} 채용", f"{said}",
                )  # fmt: skip
            else:
                forms = (
                    f"{title}. {description}", f"{other['en']}\n{_first(description)}",
                    f"{other['en']} Intern. {_first(description)}", f"{other['en']} Internship",
                    f"{title}. {_first(description)}",
                )  # fmt: skip
            program = drawn.choice(forms)
            yield code, person.strip(" .,;"), program


def _first(description: str) -> str:
    """Its first sentence."""
    return description.partition(". ")[0].rstrip(".") + "."
