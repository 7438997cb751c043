"""Ranking tasks: queries, documents and graded labels; and the measure, nDCG@10.

`development` gives every task on which something may be chosen: the public ones of
../shared/data/dev, the project's own (benchmarks/data), the development half of the gold set, and
mimics of kinds of task that the public data here lacks (postings, skill names, sentences, titles
against titles). `final` gives the halves on which nothing may be chosen.
"""

from __future__ import annotations

import csv
import json
import random
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from corridor.taxonomy import known  # noqa: E402

DATA = ROOT.parent / "shared" / "data" / "dev"
OWN = ROOT / "benchmarks" / "data"
SEED = 20261123
DEPTH = 10
MOST_QUERIES = 1_000
_POSTINGS = 3_000
_TITLES = 2_000  # among which held-out titles find those of their own occupation
Floats = npt.NDArray[np.float32]
Grades = dict[str, dict[str, int]]


@dataclass(frozen=True)
class Task:
    """`grades`: query id to {document id: grade above 0}. `whole`: queries before sampling."""

    name: str
    query_ids: list[str]
    queries: list[str]
    document_ids: list[str]
    documents: list[str]
    grades: Grades
    whole: int


def development(data: Path = DATA, most: int = MOST_QUERIES) -> list[Task]:
    """All that can be read here: what the shared data holds, and the project's own."""
    found = public(data, most)
    if not found:
        return []
    onet = data.parent / "onet"
    found += own_tasks(onet / "occupations.tsv", final=False)
    found += [titles_only(one) for one in found if one.name == "own_dictionary_ko_dev"]
    found += [
        made(one)
        for one in found
        if one.name in ("own_profiles_ko_dev", "own_tasks_en_dev")
        for made in (untitled, mixed)
    ]
    found += gold("dev")
    found += [pairs("own_sentences", OWN / "sentences_ko_en.tsv"), skills(OWN / "skills_en.tsv")]
    found += titles_to_titles(data / "en_reported_title_to_occupation", onet)
    found += postings(data.parent / "real" / "us_internships_2026.csv")
    return found


def final(data: Path = DATA) -> list[Task]:
    return [*own_tasks(data.parent / "onet" / "occupations.tsv", final=True), *gold("final")]


def public(data: Path, most: int = MOST_QUERIES) -> list[Task]:
    return [read_task(path.parent, most) for path in sorted(data.glob("*/qrels.tsv"))]


def read_task(folder: Path, most: int) -> Task:
    grades: Grades = defaultdict(dict)
    with (folder / "qrels.tsv").open(encoding="utf-8", newline="") as file:
        for query, document, grade in csv.reader(file, delimiter="\t"):
            if int(grade) > 0:
                grades[query][document] = int(grade)
    return _task(
        folder.name, _rows(folder / "queries.jsonl"), _rows(folder / "docs.jsonl"), grades, most
    )


def own_tasks(occupations: Path, *, final: bool) -> Iterator[Task]:
    """The project's labelled texts against all occupations; nothing where O*NET is not there."""
    if not occupations.exists():
        return
    with occupations.open(encoding="utf-8", newline="") as file:
        jobs = list(csv.DictReader(file, delimiter="\t"))
    documents = [(job["O*NET-SOC Code"], f"{job['Title']}. {job['Description']}") for job in jobs]
    for name in ("dictionary_ko", "profiles_ko", "tasks_en"):
        rows = _table(OWN / f"{name}.tsv")[1 if final else 0 :: 2]
        grades: Grades = {}
        for number, (_, codes) in enumerate(rows):
            best, _, other = codes.partition("/")
            grades[f"q{number}"] = dict.fromkeys(other.split(), 1) | dict.fromkeys(best.split(), 2)
        queries = [(f"q{number}", text) for number, (text, _) in enumerate(rows)]
        yield _task(f"own_{name}_{'final' if final else 'dev'}", queries, documents, grades)


def titles_only(entries: Task) -> Task:
    """The same with what stands before the first full stop."""
    heads = [text.partition(". ")[0] for text in entries.queries]
    return replace(entries, name=entries.name.replace("dictionary", "title"), queries=heads)


def untitled(lines: Task) -> Task:
    """The same where no document names its occupation: descriptions without titles."""
    said = [text.partition(". ")[2] or text for text in lines.documents]
    return replace(lines, name=f"{lines.name}_untitled", documents=said)


def mixed(lines: Task) -> Task:
    """The same with every other occupation told in Korean, as in a list of both languages."""
    jobs = known.occupations()
    said = list(lines.documents)
    for place, key in enumerate(lines.document_ids):
        if place % 2 and (job := jobs.get(key)) and job.said:
            said[place] = f"{job.korean[0]}. {job.said}"
    return replace(lines, name=f"{lines.name}_mixed", documents=said)


def gold(half: str) -> list[Task]:
    """The gold set's profiles of one language against all programs, and across the languages."""
    folder = OWN / "gold"
    rows = [json.loads(line) for line in _lines(folder / "programs.jsonl")]
    programs = [(row["id"], f"{row['title']}\n{row['text']}") for row in rows]
    lang = {row["id"]: row["lang"] for row in rows}
    grades: Grades = defaultdict(dict)
    for line in _lines(folder / f"qrels_{half}.tsv"):
        profile, program, grade = line.split("\t")
        grades[profile][program] = int(grade)
    profiles = [json.loads(line) for line in _lines(folder / f"profiles_{half}.jsonl")]
    found = []
    for own, other in (("ko", "en"), ("en", "ko")):
        asked = [(row["id"], row["text"]) for row in profiles if row["lang"] == own]
        found.append(_task(f"gold_{half}_{own}", asked, programs, grades))
        there = [row for row in programs if lang[row[0]] == other]
        across = {
            key: kept
            for key, wanted in grades.items()
            if (kept := {one: grade for one, grade in wanted.items() if lang[one] == other})
        }
        found.append(_task(f"gold_{half}_{own}_to_{other}", asked, there, across))
    return found


def pairs(name: str, file: Path) -> Task:
    """Each Korean text should find the English one of its line."""
    rows = _table(file)
    queries = [(f"q{number}", korean) for number, (korean, _) in enumerate(rows)]
    documents = [(f"d{number}", english) for number, (_, english) in enumerate(rows)]
    return _task(name, queries, documents, {f"q{n}": {f"d{n}": 1} for n in range(len(rows))})


def skills(file: Path) -> Task:
    """Each sentence should find the names of the skills it asks for."""
    rows = [(text, [one.strip() for one in names.split(";")]) for text, names in _table(file)]
    names = sorted({one for _, asked in rows for one in asked})
    grades = {f"q{n}": dict.fromkeys(asked, 1) for n, (text, asked) in enumerate(rows) if text}
    queries = [(f"q{n}", text) for n, (text, _) in enumerate(rows)]
    return _task("own_skills_en", queries, [(one, one) for one in names], grades)


def titles_to_titles(reported: Path, onet: Path) -> list[Task]:
    """Held-out titles should find the other titles of their occupation, held out or listed."""
    if not reported.exists() or not (onet / "alternate_titles.tsv").exists():
        return []
    whole = read_task(reported, MOST_QUERIES)
    held = {whole.queries[n]: next(iter(whole.grades[key])) for n, key in enumerate(whole.grades)}
    drawn = random.Random(SEED)
    asked = sorted(drawn.sample(sorted(held), 200))
    wanted = {held[title] for title in asked}
    with (onet / "alternate_titles.tsv").open(encoding="utf-8", newline="") as file:
        listed = [(row["Alternate Title"], row["O*NET-SOC Code"])
                  for row in csv.DictReader(file, delimiter="\t")]  # fmt: skip
    listed = [row for row in listed if row[0] not in held]
    mine = [row for row in listed if row[1] in wanted]
    among = drawn.sample(mine, min(len(mine), _TITLES // 2))
    among += drawn.sample(listed, _TITLES - len(among))
    codes = dict(among) | {title: code for title, code in held.items() if title not in asked}
    documents = [(title, title) for title in sorted(codes)]
    grades = {
        title: found
        for title in asked
        if (found := {one: 1 for one, code in codes.items() if code == held[title]})
    }
    return [_task("own_titles_en", [(title, title) for title in asked], documents, grades)]


def postings(file: Path) -> list[Task]:
    """Korean profiles of the gold set's development half against real postings (weak labels)."""
    if not file.exists():
        return []
    with file.open(encoding="utf-8", newline="") as opened:
        there = {row["role"]: f"{row['role']}. {row['company']}, {row['location']}"
                 for row in csv.DictReader(opened) if row["location"]}  # fmt: skip
    drawn = sorted(random.Random(SEED).sample(sorted(there), _POSTINGS))
    wanted = {code: re.compile(role) for code, role in _table(OWN / "postings.tsv")}
    matching = {
        code: {role: 1 for role in drawn if pattern.search(role.casefold())}
        for code, pattern in wanted.items()
    }
    lines = _lines(OWN / "gold" / "tables" / "profiles.tsv")
    main = {row["profile"]: row["main"] for row in csv.DictReader(lines, delimiter="\t")}
    grades: Grades = defaultdict(dict)
    profiles = [json.loads(line) for line in _lines(OWN / "gold" / "profiles_dev.jsonl")]
    for row in profiles:
        for code in main[row["id"]].split():
            grades[row["id"]] |= matching.get(code, {})
    asked = [(row["id"], row["text"]) for row in profiles if row["lang"] == "ko"]
    kept = {key: found for key, found in grades.items() if found}
    return [_task("own_postings", asked, [(role, there[role]) for role in drawn], kept)]


def _task(
    name: str,
    queries: list[tuple[str, str]],
    documents: list[tuple[str, str]],
    grades: Grades,
    most: int = MOST_QUERIES,
) -> Task:
    asked = [row for row in queries if row[0] in grades]
    drawn = asked if len(asked) <= most else random.Random(SEED).sample(asked, most)
    return Task(
        name=name, grades={key: grades[key] for key, _ in drawn}, whole=len(asked),
        query_ids=[key for key, _ in drawn], queries=[text for _, text in drawn],
        document_ids=[key for key, _ in documents], documents=[text for _, text in documents],
    )  # fmt: skip


def _rows(file: Path) -> list[tuple[str, str]]:
    return [(row["id"], row["text"]) for row in map(json.loads, _lines(file))]


def _table(file: Path) -> list[tuple[str, str]]:
    """Two columns under a heading; `#` begins a comment."""
    told = [line for line in _lines(file) if line[:1] != "#"][1:]
    return [(left, right) for left, right in (line.split("\t") for line in told)]


def _lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").splitlines()


def ndcg(task: Task, scores: Floats) -> float:
    """Mean nDCG@10 (gain = grade). A document with a score of -inf was not found at all."""
    return float(np.mean(each_ndcg(task, scores)))


def each_ndcg(task: Task, scores: Floats) -> list[float]:
    discounts = 1 / np.log2(np.arange(2, DEPTH + 2))
    found = []
    for row, query in zip(scores, task.query_ids, strict=True):
        wanted = task.grades[query]
        best = np.argsort(-row, kind="stable")[:DEPTH]
        gains = [wanted.get(task.document_ids[i], 0) if row[i] > -np.inf else 0 for i in best]
        ideal = sorted(wanted.values(), reverse=True)[:DEPTH]
        found.append(
            float(np.dot(gains, discounts[: len(gains)]))
            / float(np.dot(ideal, discounts[: len(ideal)]))
        )
    return found
