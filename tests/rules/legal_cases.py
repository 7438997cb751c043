"""The legal cases in cases/*.yaml: facts, a day, and the verdict that the law gives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from corridor import rules

FOLDER = Path(__file__).parent / "cases"
KEYS = {"id", "case", "day", "like", "but", "citation", "exit", "expect"}
MAPS = {"candidate", "program", "derived", "system"}


@dataclass(frozen=True)
class LegalCase:
    sentence: str
    day: date
    facts: dict[str, Any]
    expected: dict[str, str]
    citation: str
    exit: str | None


def read_all() -> list[LegalCase]:
    raw = [case for path in sorted(FOLDER.glob("*.yaml")) for case in _read(path)]
    known = {case["id"]: case for case in raw if "id" in case}
    return [_case(case, known) for case in raw]


def _read(path: Path) -> list[dict[str, Any]]:
    return list(yaml.safe_load(path.read_text(encoding="utf-8")))


def _case(case: dict[str, Any], known: dict[str, Any]) -> LegalCase:
    assert case.keys() <= KEYS | MAPS, (case["case"], case.keys() - KEYS - MAPS)
    base = known[case["like"]] if "like" in case else case
    facts = rules.parse_case({name: base.get(name) for name in MAPS})
    facts.update(case.get("but", {}))
    facts = {name: value for name, value in facts.items() if value is not None}
    expected, citations = {}, []
    for pathway, wanted in case["expect"].items():
        if isinstance(wanted, dict):
            citations.append(wanted["citation"])
            wanted = wanted["verdict"]
        expected[pathway] = wanted
    citation = case.get("citation") or "; ".join(citations)
    day = case.get("day") or base["day"]
    return LegalCase(case["case"], day, facts, expected, citation, case.get("exit"))
