"""Every legal case comes out as the law has it, and the cases cover the law."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from corridor import rules
from corridor.rules.checks import Leaf, compiled, leaves
from corridor.rules.model import Span
from tests.rules.legal_cases import LegalCase, read_all

CASES = read_all()
DOSSIER = Path(__file__).parents[3] / "shared" / "policy" / "cases.yaml"
DOSSIER_ID = re.compile(r"T\d\d")


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


# The cases as a whole.


def test_every_case_is_a_different_sentence_and_cites_its_law() -> None:
    assert len({case.sentence for case in CASES}) == len(CASES)
    assert [case.sentence for case in CASES if not case.citation] == []


def test_no_two_cases_say_the_same_of_the_same_facts() -> None:
    seen = Counter(repr((case.day, sorted(case.facts.items()), case.expected)) for case in CASES)
    assert [repeated for repeated, times in seen.items() if times > 1] == []


def test_the_dossier_is_there_and_at_least_120_cases_more() -> None:
    dossier = [case for case in CASES if case.id and DOSSIER_ID.fullmatch(case.id)]
    assert len(dossier) == 16
    assert sum(len(case.expected) for case in dossier) >= 30
    assert len(CASES) - len(dossier) >= 120


@pytest.mark.skipif(not DOSSIER.exists(), reason="the dossier is not beside this checkout")
def test_the_dossier_s_own_cases_are_taken_over_to_the_letter() -> None:
    ours = {case.id: case for case in CASES}
    for theirs in yaml.safe_load(DOSSIER.read_text(encoding="utf-8"))["cases"]:
        case = ours[theirs["id"]]
        facts = rules.parse_case(theirs)
        assert case.day.isoformat() == theirs["as_of"]
        assert case.facts == facts, case.id
        for expected in theirs["expected"]:
            assert case.verdict(expected["pathway"]) == expected["verdict"], case.id


def test_every_pathway_has_three_cases_and_two_different_verdicts() -> None:
    for pathway in rules.pathways():
        verdicts = [case.verdict(pathway.id) for case in CASES if pathway.id in case.expected]
        assert len(verdicts) >= 3, pathway.id
        assert len(set(verdicts)) >= 2, pathway.id


def test_every_pathway_that_can_be_eligible_has_a_case_in_which_it_is() -> None:
    eligible = {p for case in CASES for p in case.expected if case.verdict(p) == "eligible"}
    never = {pathway.id for pathway in rules.pathways()} - eligible
    assert never == {"proposed_e4_partner_with_korea"}  # a bill


def test_every_requirement_decides_some_case_by_itself() -> None:
    """It alone fails there (or all that fails with it fails by the same fact), and the verdict is
    the one its failing brings."""
    decided = {name for case in CASES for name in decided_by_one_fact(case)}
    missing = {
        (pathway.id, requirement.id)
        for pathway in rules.pathways()
        for requirement in pathway.requirements
        if can_fail(requirement)
    } - decided
    assert missing - set(NEVER_ALONE) == set()
    assert set(NEVER_ALONE) <= missing


# What cannot be the one thing that decides, and why.
NEVER_ALONE = {
    ("e1", "e1.supervising"): "asks of the role what the treaty itself asks",
    ("e2", "e2.supervising"): "asks of the role what the treaty itself asks",
    ("l1a", "l1a.first_line"): "asks of the role what L-1A itself asks",
}


def decided_by_one_fact(case: LegalCase) -> Iterator[tuple[str, str]]:
    for verdict in rules.assess(case.facts, day=case.day, pathways=list(case.expected)).verdicts:
        short = [reason for reason in verdict.reasons if reason.outcome != "ok"]
        failed = [reason for reason in short if reason.outcome == "fails"]
        bars = [reason for reason in failed if reason.bars]
        if verdict.verdict == "not_eligible" and len({reason.fact for reason in bars}) == 1:
            yield from ((verdict.pathway, reason.requirement.id) for reason in bars)
        if verdict.verdict == "conditional" and len(short) == len(failed) == 1:
            yield verdict.pathway, failed[0].requirement.id


def can_fail(requirement: Any) -> bool:
    """False where a requirement that another pathway lends asks for its own condition."""
    if len(requirement.facts) != 1:
        return True
    spec = rules.facts()[requirement.facts[0]]
    test = compiled(requirement.check)
    return not spec.choices or any(test({spec.name: value}) is False for value in spec.choices)


def test_every_limit_in_numbers_is_tried_on_both_sides() -> None:
    """On the line itself and a unit beyond it; once for a requirement that pathways share."""
    lines: dict[tuple[str, Leaf], set[Any]] = {}
    for pathway in rules.pathways():
        cases = [case for case in CASES if pathway.id in case.expected]
        completed = [rules.completed(case.facts, day=case.day) for case in cases]
        for requirement in pathway.requirements:
            for leaf in leaves(requirement.check):
                if isinstance(leaf.value, bool) or not isinstance(leaf.value, int | float):
                    continue
                shared = requirement.id.partition(".")[2]
                tried = lines.setdefault((shared, leaf), set())
                tried.update(facts.get(leaf.fact) for facts in completed)
    assert len(lines) > 25
    for (requirement_id, leaf), tried in lines.items():
        beyond = {"at_most": 1, "more_than": 1, "at_least": -1, "less_than": -1}[leaf.op]
        if leaf.value + beyond >= 0:  # "any number at all" has no other side
            assert {leaf.value, leaf.value + beyond} <= tried, (requirement_id, leaf)


# Every dated thing has a case on each side of its first and of its last day.


def test_every_dated_requirement_has_a_case_on_each_side() -> None:
    days = {(pathway, case.day) for case in CASES for pathway in case.expected}
    for pathway in rules.pathways():
        for requirement in pathway.requirements:
            for inside, outside in edges(requirement.span):
                assert (pathway.id, inside) in days, (requirement.id, inside)
                assert (pathway.id, outside) in days, (requirement.id, outside)


def test_every_dated_status_is_told_on_its_side_only() -> None:
    for pathway in rules.pathways():
        for status in pathway.statuses:
            for inside, outside in edges(status.span):
                days = {case.day for case in speaking_of(pathway.id)}
                assert {inside, outside} <= days, (pathway.id, inside)
                if status.note:
                    assert told(pathway.id, inside, status.note.en), (pathway.id, inside)
                    assert untold(pathway.id, outside, status.note.en), (pathway.id, outside)


def test_every_fee_is_the_day_s_on_both_sides_of_each_change() -> None:
    for fee in {fee.id: fee for pathway in rules.pathways() for fee in pathway.fees}.values():
        for version in fee.versions:
            for inside, outside in edges(version.span):
                assert inside in days_priced(fee.id), (fee.id, inside)
                assert outside in days_priced(fee.id), (fee.id, outside)


def test_every_version_of_a_changed_rule_is_told_on_its_side_only() -> None:
    for change in rules.changes():
        if not change.affects:  # it speaks through the exit rule
            continue
        touched = [pathway.id for pathway in rules.pathways() if change.touches(pathway.id)]
        for version in change.versions:
            for inside, outside in edges(version.span):
                assert any(told(each, inside, version.text.en) for each in touched), (
                    change.id,
                    inside,
                )
                assert any(untold(each, outside, version.text.en) for each in touched), (
                    change.id,
                    outside,
                )


def test_the_short_permit_is_told_on_both_sides_of_its_change() -> None:
    (change,) = [each for each in rules.changes() if not each.affects]
    exits = {case.day: case.exit for case in CASES if case.exit and "says" in case.exit}
    for version in change.versions:
        for inside, outside in edges(version.span):
            assert any(words in version.text.en for words in exits[inside]["says"])
            assert any(words in version.text.en for words in exits[outside]["says_not"])


def edges(span: Span) -> list[tuple[date, date]]:
    """The first and the last day, each with its neighbor on the other side."""
    made = []
    if span.start:
        made.append((span.start, span.start - timedelta(days=1)))
    if span.end:
        made.append((span.end, span.end + timedelta(days=1)))
    return made


def speaking_of(pathway: str) -> list[LegalCase]:
    return [case for case in CASES if pathway in case.expected]


def told(pathway: str, day: date, text: str) -> bool:
    return any(
        words in text
        for case in speaking_of(pathway)
        if case.day == day
        for words in case.expected[pathway].get("says", ())
    )


def untold(pathway: str, day: date, text: str) -> bool:
    """A case says that it is not told, or tells of the version that is in its place."""
    return any(
        words in text
        for case in speaking_of(pathway)
        if case.day == day
        for words in case.expected[pathway].get("says_not", ())
    ) or any(
        words not in text
        for case in speaking_of(pathway)
        if case.day == day
        for words in case.expected[pathway].get("says", ())
    )


def days_priced(fee: str) -> set[date]:
    """The days on which some case states this fee, or the total of a route that charges it."""
    return {
        case.day
        for case in CASES
        for pathway, expected in case.expected.items()
        if fee in expected.get("items", ())
        or ("fees" in expected and fee in {each.id for each in rules.pathway(pathway).fees})
    }
