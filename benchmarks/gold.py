"""The gold set's labels: expanded from hand-written tables, then corrected one by one.

    .venv/bin/python benchmarks/gold.py                      write qrels_dev.tsv, qrels_final.tsv
    .venv/bin/python benchmarks/gold.py --tasks var/gold     folders for benchmarks/quality.py
    .venv/bin/python benchmarks/gold.py --show u001          read one profile's labels

benchmarks/data/gold/README.md is the labelling guide; tables/ holds what this reads. With --tasks,
gold_dev_ko and gold_dev_en are written (queries of one language, all programs), and with --final
gold_final_ko and gold_final_en instead, which are for the final figure only.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

GOLD = Path(__file__).resolve().parent / "data" / "gold"
HALVES = ("dev", "final")
Labels = dict[str, dict[str, int]]

# How far a program's level lies from a profile's: 0 fits, 1 is one step off, missing is far.
STEPS: dict[str, dict[str, int]] = {
    "vocational": {"vocational": 0, "entry": 1},
    "university": {"entry": 0, "vocational": 1},
    "graduate": {"entry": 0, "vocational": 1},
    "technician": {"skilled": 0, "engineer": 1, "vocational": 1},
    "engineer": {"engineer": 0, "skilled": 1},
    "researcher": {"research": 0, "entry": 1, "startup": 1},
    "founder": {"startup": 0, "research": 1},
}
FAR = 2
ENROLLED = {"vocational", "university", "researcher"}  # who can take a joint curriculum
BASICS = {"joint_curriculum", "training"}  # teach what a researcher already knows
# Grade by closeness of specialty (row) and by step of level (0, 1, FAR).
GRADES = {"same": (3, 2, 1), "near": (2, 1, 0), "far": (1, 0, 0)}


def rows(name: str) -> list[dict[str, str]]:
    with (GOLD / "tables" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def jsonl(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (GOLD / name).read_text(encoding="utf-8").splitlines()]


def expanded() -> Labels:
    """Profile to {program: grade above 0} by the tables alone."""
    closeness: dict[tuple[str, str], str] = {}
    for row in rows("neighbors.tsv"):
        closeness[row["one"], row["other"]] = closeness[row["other"], row["one"]] = row["kind"]
    programs = rows("programs.tsv")
    known = {program["id"]: program for program in jsonl("programs.jsonl")}
    own_sector = {row["code"]: row["sector"] for row in rows("specialties.tsv")}
    labels: Labels = {}
    for profile in rows("profiles.tsv"):
        main, second = profile["main"].split(), profile["second"]
        steps = STEPS[profile["level"]]
        grades: dict[str, int] = {}
        for program in programs:
            step = min(steps.get(level, FAR) for level in program["levels"].split())
            kind = known[program["program"]]["kind"]
            if kind == "joint_curriculum" and profile["level"] not in ENROLLED:
                step = FAR
            if kind in BASICS and profile["level"] == "researcher" and step:
                step = FAR
            taught = [program["specialty"], *program["also"].split()]
            grade = 0
            for place, specialty in enumerate(taught):
                kinds = ["same" if code == specialty else closeness.get((code, specialty), "")
                         for code in main]  # fmt: skip
                kinds.append("near" if second == specialty else "")
                if place and "same" in kinds:  # one subject among several of this program
                    kinds = ["near"]
                elif place:
                    kinds = []
                grade = max([grade, *(GRADES[kind][step] for kind in kinds if kind)])
            if (
                profile["level"] == "founder" and "startup" in program["levels"]
                and known[program["program"]]["sector"] in {own_sector[code] for code in main}
            ):  # fmt: skip
                grade = max(grade, 1)
            if grade:
                grades[program["program"]] = grade
        labels[profile["profile"]] = grades
    return labels


def labels() -> Labels:
    """The gold labels: the expansion with the corrections that a reader of the texts made."""
    found = expanded()
    for row in rows("corrections.tsv"):
        found[row["profile"]].pop(row["program"], None)
        if int(row["grade"]):
            found[row["profile"]][row["program"]] = int(row["grade"])
    return found


def lines(found: Labels, half: str) -> str:
    own = [profile["id"] for profile in jsonl(f"profiles_{half}.jsonl")]
    return "".join(
        f"{profile}\t{program}\t{grade}\n"
        for profile in own
        for program, grade in sorted(found[profile].items(), key=lambda pair: (-pair[1], pair[0]))
    )


def write_tasks(folder: Path, half: str) -> None:
    """Task folders as benchmarks/quality.py reads them, one for each language of the profiles."""
    documents = [
        {"id": program["id"], "text": f"{program['title']}\n{program['text']}"}
        for program in jsonl("programs.jsonl")
    ]
    graded: dict[str, list[str]] = defaultdict(list)
    for line in (GOLD / f"qrels_{half}.tsv").read_text(encoding="utf-8").splitlines():
        graded[line.split("\t")[0]].append(line)
    for lang in ("ko", "en"):
        own = [row for row in jsonl(f"profiles_{half}.jsonl") if row["lang"] == lang]
        queries = [{"id": row["id"], "text": row["text"]} for row in own]
        place = folder / f"gold_{half}_{lang}"
        place.mkdir(parents=True, exist_ok=True)
        for name, texts in (("queries.jsonl", queries), ("docs.jsonl", documents)):
            text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in texts)
            (place / name).write_text(text, encoding="utf-8")
        qrels = "".join(line + "\n" for row in own for line in graded[row["id"]])
        (place / "qrels.tsv").write_text(qrels, encoding="utf-8")


def show(profile: str) -> None:
    texts = {row["id"]: row for half in HALVES for row in jsonl(f"profiles_{half}.jsonl")}
    programs = {row["id"]: row for row in jsonl("programs.jsonl")}
    print(profile, texts[profile]["text"])
    for program, grade in sorted(labels()[profile].items(), key=lambda pair: -pair[1]):
        row = programs[program]
        print(f"  {grade} {program} {row['kind']}: {row['title']} | {row['text']}")


def main() -> int:
    parser = argparse.ArgumentParser(description="labels of the gold set")
    parser.add_argument("--tasks", type=Path, help="write task folders for quality.py here")
    parser.add_argument("--final", action="store_true", help="with --tasks: the final half")
    parser.add_argument("--show", nargs="+", metavar="PROFILE", help="print these labels")
    given = parser.parse_args()
    if given.show:
        for profile in given.show:
            show(profile)
    elif given.tasks:
        write_tasks(given.tasks, "final" if given.final else "dev")
    else:
        found = labels()
        for half in HALVES:
            (GOLD / f"qrels_{half}.tsv").write_text(lines(found, half), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
