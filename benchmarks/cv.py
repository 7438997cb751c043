"""How well CVs are read: the share of fields read right, by format, field and part.

    python benchmarks/cv.py [--all] [--show] [--json FILE]

Reads the sample CVs of tests/candidates/cv and compares every field with what is true of the
made-up person (people.yaml). Without --all the held-out third stays closed: it was not looked at
while the parser was written. A field is right when the proposed value is the true one; a proposed
value without a true one is "extra". Both count: right / true fields, and right / proposed fields.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from corridor import taxonomy  # noqa: E402
from corridor.candidates.cv import parsing, privacy, reading  # noqa: E402
from corridor.candidates.cv.proposal import LISTS, Entry, Proposal  # noqa: E402

SAMPLES = ROOT / "tests" / "candidates" / "cv"
PARTS = ("tuned on", "held out", "rough", "fresh", "strangers", "newcomers")
DAY = date(2025, 11, 15)  # the day on which the samples are read
RIGHT, WRONG, MISSING, EXTRA = "right", "wrong", "missing", "extra"


def people() -> list[dict[str, Any]]:
    """Everyone of people.yaml, whose CVs share layouts, and of strangers.yaml, where none does."""
    found: list[dict[str, Any]] = yaml.safe_load((SAMPLES / "people.yaml").read_text("utf-8"))
    strangers = yaml.safe_load((SAMPLES / "strangers.yaml").read_text("utf-8"))
    return found + [{"stranger": True, "layout": "", **each} for each in strangers]


def read(person: dict[str, Any]) -> Proposal:
    content = (SAMPLES / f"{person['id']}.{person['format']}").read_bytes()
    _format, lines = reading.read(content)
    return parsing.propose(privacy.cleaned(lines), day=DAY)


def same(field: str, told: str, true: str | list[str]) -> bool:
    """A list: several answers are right."""
    if isinstance(true, list):
        return any(same(field, told, each) for each in true)
    if field == "skills_text":
        ids = [{found.id for found in taxonomy.find_skills(text)} for text in (told, true)]
        words = [set(re.findall(r"\w+", text.lower())) for text in (told, true)]
        return ids[0] == ids[1] and words[1] <= words[0] and len(words[0]) <= len(words[1]) + 2
    if field == "description":
        return all(_plain(line) in _plain(told) for line in true.split("\n"))
    if field.endswith("_on"):
        return told[:7] == true[:7]
    if field == "score":
        return float(told) == float(true)
    return _plain(told) == _plain(true)


def _plain(text: str) -> str:
    return " ".join(text.lower().split())


def truth(person: dict[str, Any]) -> tuple[dict[str, Any], dict[str, list[dict[str, Any]]]]:
    facts = {
        "name": person["name"], "name_roman": person["roman"], "city": person["city"],
        "skills_text": ", ".join(person["skills"]),
        "military_status": person["military"] or "",
        "birth_date": str(person["born"] or ""),
    }  # fmt: skip
    if person["layout"] in ("sidehead", "portal", "r_nested"):
        facts["birth_date"] = ""  # these layouts tell a month, a year or nothing
    if person["layout"] == "r_compact":
        facts["military_status"] = ""  # this one does not tell it
    lists = {
        "educations": [
            {"institution": e["at"], "degree": e["degree"], "major": e["major"],
             "status": e["status"], "started_on": e["from"], "ended_on": e["to"]}
            for e in person["edu"]
        ],
        "works": [
            {"employer": w["at"], "title": w["as"], "started_on": w["from"],
             "ended_on": w["to"] or "", "description": "\n".join(w["did"])}
            for w in person["work"]
        ],
        "credentials": [{"name": c["name"], "issued_on": c["when"]} for c in person["cert"]],
        "languages": [
            {"test": x["test"], "score": str(x.get("score", "")), "level": x.get("level", ""),
             "taken_on": x["when"]} for x in person["lang"]
        ],
    }  # fmt: skip
    told = {name: [{field: value or "" for field, value in row.items()} for row in rows]
            for name, rows in lists.items()}  # fmt: skip
    return {k: v for k, v in facts.items() if v}, told


def paired(true: list[dict[str, Any]], told: list[Entry], name: str) -> list[tuple[Any, Any]]:
    """Each true row with the proposed row that agrees with it most; what is left stands alone."""
    left = list(told)
    pairs: list[tuple[Any, Any]] = []
    for row in true:
        best = max(
            left,
            default=None,
            key=lambda entry: sum(
                bool(row.get(f)) and bool(entry.text(f)) and same(f, entry.text(f), row[f])
                for f in LISTS[name]
            ),
        )
        if best is not None and any(
            row.get(f) and entry_text and same(f, entry_text, row[f])
            for f in LISTS[name] if (entry_text := best.text(f))
        ):  # fmt: skip
            left.remove(best)
            pairs.append((row, best))
        else:
            pairs.append((row, None))
    return pairs + [(None, entry) for entry in left]


def judge(person: dict[str, Any], made: Proposal) -> list[tuple[str, str, Any, str]]:
    """(field, outcome, true, told) of every field of one CV."""
    facts, lists = truth(person)
    rows: list[tuple[str, str, Any, str]] = []
    scored = {"name", "name_roman", "city", "skills_text", "military_status", "birth_date"}
    for field in sorted(scored):
        told = made.facts[field].value if field in made.facts else ""
        rows += _outcome(field, facts.get(field, ""), told)
    for name, true in lists.items():
        for row, entry in paired(true, made.lists[name], name):
            if row is None and entry.text(LISTS[name][0]) in person.get("fine", ()):
                continue
            for field in LISTS[name]:
                told = entry.text(field) if entry is not None else ""
                rows += _outcome(f"{name}.{field}", (row or {}).get(field, ""), told)
    return rows


def _outcome(field: str, true: Any, told: str) -> list[tuple[str, str, Any, str]]:
    if not told and (not true or (isinstance(true, list) and "" in true)):
        return []
    if not true:
        return [(field, EXTRA, true, told)]
    if not told:
        return [(field, MISSING, true, told)]
    right = same(field.rpartition(".")[2], told, true)
    return [(field, RIGHT if right else WRONG, true, told)]


def shares(outcomes: Counter[str]) -> dict[str, Any]:
    true = outcomes[RIGHT] + outcomes[WRONG] + outcomes[MISSING]
    told = outcomes[RIGHT] + outcomes[WRONG] + outcomes[EXTRA]
    return {
        "fields": true,
        "read_right": round(outcomes[RIGHT] / true, 4) if true else None,
        "right_of_proposed": round(outcomes[RIGHT] / told, 4) if told else None,
        **{name: outcomes[name] for name in (RIGHT, WRONG, MISSING, EXTRA)},
    }


def part_of(person: dict[str, Any]) -> str:
    if person.get("newcomer"):
        return "newcomers"
    if person.get("stranger"):
        return "strangers"
    if person.get("fresh"):
        return "fresh"
    return "rough" if person.get("rough") else "held out" if person["held_out"] else "tuned on"


def measure(part: str, *, show: bool = False) -> dict[str, Any]:
    whole: Counter[str] = Counter()
    by: dict[str, dict[str, Counter[str]]] = {"format": {}, "language": {}, "field": {}, "cv": {}}
    times: list[float] = []
    for person in people():
        if part_of(person) != part:
            continue
        began = time.perf_counter()
        made = read(person)
        times.append(time.perf_counter() - began)
        for field, outcome, true, told in judge(person, made):
            whole[outcome] += 1
            for kind, key in (
                ("format", person["format"]), ("language", person.get("lang_of_cv", "ko")),
                ("field", field), ("cv", person["id"]),
            ):  # fmt: skip
                by[kind].setdefault(key, Counter())[outcome] += 1
            if show and outcome != RIGHT:
                print(f"  {person['id']} {field}: {outcome}: {true!r} ← {told!r}")
    return {
        "cvs": len(times),
        "all": shares(whole),
        **{f"by_{kind}": {key: shares(found) for key, found in sorted(each.items())}
           for kind, each in by.items()},
        "seconds_median": round(sorted(times)[len(times) // 2], 4),
        "seconds_most": round(max(times), 4),
    }  # fmt: skip


def show_table(title: str, result: dict[str, Any]) -> None:
    print(f"\n{title}: {result['cvs']} CVs, {result['all']['fields']} fields, "
          f"{result['seconds_median']} s a CV (most {result['seconds_most']} s)")  # fmt: skip
    print(f"  {'':24}{'fields':>8}{'right':>9}{'of told':>9}")
    for kind in ("all", "by_format", "by_language", "by_field"):
        found = {"all": result["all"]} if kind == "all" else result[kind]
        for key, each in found.items():
            shown = [f"{each[n]:.1%}" if each[n] is not None else "–"
                     for n in ("read_right", "right_of_proposed")]  # fmt: skip
            print(f"  {key:24}{each['fields']:8}{shown[0]:>9}{shown[1]:>9}")


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--all", action="store_true", help="the held-out and the rough ones too")
    asked.add_argument("--show", action="store_true", help="every field that was not read right")
    asked.add_argument("--json", type=Path)
    args = asked.parse_args()
    parts = PARTS if args.all else ("tuned on",)
    results = {part: measure(part, show=args.show) for part in parts}
    for title, result in results.items():
        show_table(title, result)
    if args.json:
        args.json.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
