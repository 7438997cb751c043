"""Every legal case comes out as the law has it, and the cases cover the law."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from corridor import rules
from tests.rules.legal_cases import LegalCase, read_all

CASES = read_all()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.sentence)
def test_it_comes_out_as_the_law_has_it(case: LegalCase) -> None:
    assessment = rules.assess(case.facts, day=case.day, pathways=list(case.expected))
    for pathway, expected in case.expected.items():
        verdict = assessment.of(pathway)
        assert verdict is not None
        assert what_is_found(verdict, expected, case) == what_is_wanted(expected), pathway
        if case.exit:
            found = exit_found(verdict, case.exit)
            assert found == what_is_wanted(case.exit), pathway


def what_is_wanted(expected: dict[str, Any]) -> dict[str, Any]:
    wanted = {key: expected[key] for key in expected if key not in ("because", "citation")}
    if "missing" in wanted:
        wanted["missing"] = set(wanted["missing"])
    if "fees" in wanted:
        wanted["fees"] = {payer: Decimal(str(usd)) for payer, usd in wanted["fees"].items()}
    return wanted


def what_is_found(verdict: rules.Verdict, expected: dict[str, Any], case: LegalCase) -> Any:
    """What the engine says of everything that `expected` speaks of, and of nothing else."""
    record = verdict.record
    said = " ".join(note.text for note in verdict.legal_notes("en"))
    listed = {fee.id: version for fee, version in record.fees_on(case.day)}
    found = {
        "verdict": verdict.verdict,
        "missing": set(verdict.missing),
        "fees": record.fee_totals(case.day),
        "items": {name: item(listed.get(name)) for name in expected.get("items", ())},
        "ahead": {each.day: each.verdict for each in verdict.ahead()},
        "status": verdict.status,
        "says": [words for words in expected.get("says", ()) if words in said],
        "says_not": [words for words in expected.get("says_not", ()) if words not in said],
    }
    return {key: value for key, value in found.items() if key in expected}


def item(version: Any) -> str:
    """How a single fee stands: "205 collected", "unknown" without an amount, or "none"."""
    if version is None:
        return "none"
    return version.state if version.usd is None else f"{version.usd} {version.state}"


def exit_found(verdict: rules.Verdict, expected: dict[str, Any]) -> Any:
    rule = verdict.exit_rule
    said = rule.text("en") if rule else ""
    found = {
        "outcome": rule.outcome if rule else "none",
        "missing": set(rule.missing) if rule else set(),
        "says": [words for words in expected.get("says", ()) if words in said],
        "says_not": [words for words in expected.get("says_not", ()) if words not in said],
    }
    return {key: value for key, value in found.items() if key in expected}
