"""The legal cases in cases/*.yaml: facts, a day, and what the law says of them.

cases/README.md tells how a case is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from corridor import rules

FOLDER = Path(__file__).parent / "cases"
MAPS = {"candidate", "program", "derived", "system"}
KEYS = {"id", "case", "day", "like", "but", "citation", "exit", "expect"} | MAPS
EXPECTED = {
    "verdict",
    "because",
    "citation",
    "missing",
    "fees",
    "items",
    "ahead",
    "status",
    "says",
    "says_not",
}
EXIT = {"outcome", "missing", "says", "says_not"}


@dataclass(frozen=True)
class LegalCase:
    """`expected`: for each pathway what must come out; `exit`: the same for the exit rule."""

    sentence: str
    file: str
    day: date
    facts: dict[str, Any]
    expected: dict[str, dict[str, Any]]
    citation: str
    exit: dict[str, Any] | None
    id: str | None

    def verdict(self, pathway: str) -> str:
        return str(self.expected[pathway]["verdict"])


@cache
def read_all() -> list[LegalCase]:
    """All of them, read once for all the files of tests that draw on them."""
    raw = [(path.name, case) for path in sorted(FOLDER.glob("*.yaml")) for case in _read(path)]
    known: dict[str, dict[str, Any]] = {}
    for _, case in raw:
        if "id" in case:
            assert case["id"] not in known, f"two cases are called {case['id']}"
            known[case["id"]] = case
    return [_case(case, known, file) for file, case in raw]


def _read(path: Path) -> list[dict[str, Any]]:
    return list(yaml.safe_load(path.read_text(encoding="utf-8")))


def _case(case: dict[str, Any], known: Mapping[str, dict[str, Any]], file: str) -> LegalCase:
    assert case.keys() <= KEYS, (case["case"], case.keys() - KEYS)
    expected = {pathway: _expected(wanted, case) for pathway, wanted in case["expect"].items()}
    cited = [wanted["citation"] for wanted in expected.values() if "citation" in wanted]
    out = case.get("exit")
    if isinstance(out, str):
        out = {"outcome": out}
    assert out is None or out.keys() <= EXIT, (case["case"], out)
    return LegalCase(
        sentence=case["case"],
        file=file,
        day=_day(case, known),
        facts={name: value for name, value in _facts(case, known).items() if value is not None},
        expected=expected,
        citation=case.get("citation") or "; ".join(cited),
        exit=out,
        id=case.get("id"),
    )


def _expected(wanted: Any, case: dict[str, Any]) -> dict[str, Any]:
    wanted = wanted if isinstance(wanted, dict) else {"verdict": wanted}
    assert "verdict" in wanted and wanted.keys() <= EXPECTED, (case["case"], wanted)
    return wanted


def _facts(case: dict[str, Any], known: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """The facts, unknown ones as None: those of `like`, changed by `but`."""
    own = rules.parse_case({name: case.get(name) for name in MAPS})
    base = _facts(known[case["like"]], known) if "like" in case else {}
    return base | own | case.get("but", {})


def _day(case: dict[str, Any], known: Mapping[str, dict[str, Any]]) -> date:
    day = case.get("day") or _day(known[case["like"]], known)
    assert isinstance(day, date), case["case"]
    return day
