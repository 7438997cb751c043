"""Pairs of texts that mean the same, from public data and the project's own tables.

A pair's `group` tells where it comes from: a batch is drawn from one group, so that the other
pairs of a batch are wrong answers of the same nature. Pairs with one `key` are never each
other's wrong answers. Queries of the development tasks are left out, also where O*NET lists
them among its alternate titles.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corridor.embeddings import texts
from corridor.embeddings.training import composed


@dataclass(frozen=True)
class Pair:
    """`asked` is encoded as a query and `held` as a passage (terms now and then turned round)."""

    group: str
    key: str
    asked: str
    held: str


def read(data: Path, tables: Path, said: Path | None = None) -> list[Pair]:
    """All pairs, each once, sorted. `data`: shared/data; `tables`: corridor/taxonomy/data;
    `said`: the project's catalogs of sentences (locale/), for texts that are about no work."""
    kept = held_out(data / "dev")
    found = {
        Pair(one.group, one.key, texts.clean(one.asked), texts.clean(one.held))
        for one in (*_all(data, tables), *sentences(said))
        if texts.says_something(one.asked) and texts.says_something(one.held)
    }
    return sorted(
        (
            one
            for one in found
            if one.asked != one.held and folded(one.asked) not in kept.get(one.group, ())
        ),
        key=lambda one: (one.group, one.key, one.asked, one.held),
    )


def held_out(dev: Path) -> dict[str, frozenset[str]]:
    """Queries of the development tasks, by the group of pairs that could give them away."""
    tasks = {
        "titles": ("en_reported_title_to_occupation",),
        "terms": ("ko_water_term_to_en", "ko_gloss_term_to_en"),
        "aliases": ("ko_alias_to_entry",),
    }
    return {
        group: frozenset(
            folded(row["text"]) for name in names for row in _lines(dev / name / "queries.jsonl")
        )
        for group, names in tasks.items()
    }


def folded(text: str) -> str:
    return "".join(texts.clean(text).casefold().split())


def _all(data: Path, tables: Path) -> Iterator[Pair]:
    yield from _titles(data / "onet")
    yield from _terms(data / "train")
    yield from _aliases(data / "train" / "alias.jsonl")
    yield from _concepts(tables)
    yield from _glossaries(tables / "glossary")
    yield from _korean_occupations(tables / "onet_ko", data / "onet" / "occupations.tsv")
    yield from _profiles(data / "onet", tables)


def _titles(onet: Path) -> Iterator[Pair]:
    """Alternate titles, each with its occupation: half as title, half with the description."""
    jobs = {row["O*NET-SOC Code"]: row for row in table(onet / "occupations.tsv")}
    for number, row in enumerate(table(onet / "alternate_titles.tsv")):
        code = row["O*NET-SOC Code"]
        if job := jobs.get(code):
            whole = f"{job['Title']}. {job['Description']}"
            held = whole if number % 2 else job["Title"]
            yield Pair("titles", code, row["Alternate Title"], held)


def _terms(train: Path) -> Iterator[Pair]:
    for name in ("water.jsonl", "gloss.jsonl"):
        for row in _lines(train / name):
            for english in row["en"]:
                yield Pair("terms", folded(english), row["ko"], english)


def _aliases(file: Path) -> Iterator[Pair]:
    for row in _lines(file):
        for entry in row["ko_positive"]:
            yield Pair("aliases", folded(entry), row["ko"], entry)
            title, _, rest = entry.partition(". ")
            yield Pair("aliases", folded(entry), title, rest)


def _concepts(tables: Path) -> Iterator[Pair]:
    """Names and aliases of skills, occupations and majors, across the two languages and within."""
    for path in sorted([*tables.glob("skills/*.tsv"), *tables.glob("occupations/*.tsv"),
                        tables / "majors.tsv"]):  # fmt: skip
        for row in table(path):
            key = f"{path.name} {row.get('id') or row.get('code')}"
            both = composed.names(row)
            korean, english = both["ko"], both["en"]
            for place, (first, second) in enumerate(_paired(korean, english)):
                yield Pair("concepts", key, first, second)
                if place % 3 == 0 and first != korean[0]:
                    yield Pair("concepts", key, first, korean[0])
                if place % 3 == 0 and second != english[0]:
                    yield Pair("concepts", key, second, english[0])


def _paired(left: list[str], right: list[str]) -> Iterator[tuple[str, str]]:
    """Each of one side at least once, the shorter side turned over."""
    for place in range(max(len(left), len(right)) if left and right else 0):
        yield left[place % len(left)], right[place % len(right)]


def _glossaries(folder: Path) -> Iterator[Pair]:
    for path in sorted(folder.glob("*.tsv")):
        for row in table(path):
            for korean in (row.get("ko") or "").split(";"):
                for english in (row.get("en") or "").split(";"):
                    yield Pair("terms", folded(english), korean, english)


def _korean_occupations(folder: Path, occupations: Path) -> Iterator[Pair]:
    """Korean titles and sentences, each with the English title and description."""
    jobs = {row["O*NET-SOC Code"]: row for row in table(occupations)}
    for path in sorted(folder.glob("*.tsv")):
        for row in table(path):
            code, _english, titles, said = (list(row.values()) + [""] * 4)[:4]
            if (job := jobs.get(code)) is None:
                continue
            whole = f"{job['Title']}. {job['Description']}"
            names = [one.strip() for one in (titles or "").split(";") if one.strip()]
            for name in names:
                yield Pair("jobs", code, name, whole)
                yield Pair("jobs", code, name, job["Title"])
                if said:
                    yield Pair("jobs", code, name, said)
            if said and names:
                yield Pair("jobs", code, said, whole)
                yield Pair("jobs", code, said, job["Title"])
                yield Pair("jobs", code, said, f"{names[0]}. {job['Title']}")


def _profiles(onet: Path, tables: Path) -> Iterator[Pair]:
    """Texts as people and programs write them, composed of skills and of occupations.

    What uses which program or machine (O*NET's technology skills) is read for its names alone: what
    kind of program each is stays untaught, so that it can tell whether English has suffered.
    """
    skills = [row for path in sorted(tables.glob("skills/*.tsv")) for row in table(path)]
    tools: dict[str, list[str]] = {}
    for row in table(onet / "technology_skills.tsv"):
        tools.setdefault(row["O*NET-SOC Code"], []).append(row["Example"])
    others: dict[str, list[str]] = {}
    for row in table(onet / "alternate_titles.tsv"):
        others.setdefault(row["O*NET-SOC Code"], []).append(row["Alternate Title"])
    # A title that a development task asks for is no part of a composed text either.
    kept = held_out(onet.parent / "dev")["titles"]
    english = {
        code: (row["Title"], row["Description"],
               [one for one in others.get(code, ()) if folded(one) not in kept])
        for row in table(onet / "occupations.tsv") if (code := row["O*NET-SOC Code"])
    }  # fmt: skip
    korean: dict[str, tuple[list[str], str]] = {}
    for path in sorted((tables / "onet_ko").glob("*.tsv")):
        for row in table(path):
            code, _english, titles, said = (list(row.values()) + [""] * 4)[:4]
            named = [one.strip() for one in (titles or "").split(";") if one.strip()]
            korean[code] = (named, said or "")
    for key, person, program in (
        *composed.of_skills(skills, table(tables / "majors.tsv")),
        *composed.of_occupations(korean, english, tools),
    ):
        yield Pair("profiles", key, person, program)
    for key, sentence, name in composed.requirements(skills):
        yield Pair("skills", key, sentence, name)


def sentences(said: Path | None) -> Iterator[Pair]:
    """English and Korean of the project's own sentences, those without a placeholder or markup and
    those that benchmarks/data does not ask for."""
    file = said.parent / "benchmarks" / "data" / "sentences_ko_en.tsv" if said else Path()
    kept = {folded(row["english"]) for row in table(file)} if file.is_file() else set()
    for path in sorted(said.glob("*/ko/LC_MESSAGES/django.po")) if said else ():
        for english, korean in _catalog(path):
            if folded(english) not in kept and not any(mark in english for mark in "%{<\\"):
                yield Pair("sentences", folded(english), korean, english)


def _catalog(path: Path) -> Iterator[tuple[str, str]]:
    """msgid and msgstr of a gettext catalog's entries without a plural."""
    for entry in path.read_text(encoding="utf-8").split("\n\n"):
        both = {"msgid": "", "msgstr": ""}
        word = ""
        for line in entry.splitlines():
            start, _, rest = line.partition(" ")
            if line[:1] == '"' and word in both:
                both[word] += line[1:-1]
            elif line[:1] != "#":
                word = start
                if word in both:
                    both[word] = rest[1:-1]
        if both["msgid"] and both["msgstr"]:
            yield both["msgid"], both["msgstr"]


def table(path: Path) -> list[dict[str, str]]:
    """A tab-separated file's rows; none where there is no file."""
    if not path.exists():
        return []
    lines: Iterable[str] = path.read_text(encoding="utf-8").splitlines()
    told = [line for line in lines if line.strip() and not line.startswith("#")]
    return list(csv.DictReader(told, delimiter="\t", quoting=csv.QUOTE_NONE))


def _lines(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
