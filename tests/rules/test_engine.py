"""What a verdict says: reasons, what is missing, what to change, what lies ahead."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from corridor import rules
from tests.rules.legal_cases import read_all

TODAY = date(2026, 11, 23)
CASES = {case.sentence: case for case in read_all()}
INTERN = CASES[
    "A fourth-year student in Korea can take a twelve-month engineering internship"
].facts
INSTALLER = CASES[
    "The Korean maker’s technician can commission the machine where the sales contract requires it"
].facts


def verdict(facts: dict[str, Any], pathway: str, day: date = TODAY) -> rules.Verdict:
    found = rules.assess(facts, day=day, pathways=[pathway]).best
    assert found is not None
    return found


def test_a_pathway_that_works_is_shown_as_working() -> None:
    assert verdict(INTERN, "j1_intern").display == "works"


def test_a_missing_fact_that_could_close_the_pathway_shows_as_not_known() -> None:
    facts = INTERN | {"program.duration_months": None}
    assert verdict(facts, "j1_intern").display == "unknown"


def test_a_missing_signature_shows_as_works_if() -> None:
    facts = INTERN | {"program.ds7002_signed_by_all": None}
    assert verdict(facts, "j1_intern").display == "works_if"


def test_a_closed_pathway_names_the_failed_requirement_first_with_its_law() -> None:
    closed = verdict(
        INSTALLER | {"program.sales_contract_requires_seller_service": False}, "b1_installer"
    )
    first = closed.reasons[0]
    assert first.fact == "program.sales_contract_requires_seller_service"
    assert (first.outcome, first.severity, first.evidence) == ("fails", "hard", "secondary")
    assert first.citation == "9 FAM 402.2-5(E)(1)"
    assert "조항이 있어야" in first.text("ko") and "specifically require" in first.text("en")


def test_a_failed_requirement_says_what_stands_there_now() -> None:
    long = verdict(INTERN | {"program.duration_months": 18}, "j1_intern")
    assert long.why("ko").endswith("(현재: 기간 – 18개월)")
    assert long.why("en").endswith("(Now: duration – 18 months)")


def test_the_fewest_changes_that_open_a_closed_pathway_are_named() -> None:
    closed = verdict(
        INTERN | {"program.duration_months": 18, "program.hours_per_week": 20}, "j1_intern"
    )
    assert [(c.fact, c.who, c.text("en")) for c in closed.changes()] == [
        ("program.duration_months", "host", "duration: at most 12 months"),
        ("program.hours_per_week", "host", "hours a week: at least 32 hours"),
    ]


def test_nothing_is_offered_to_change_where_nationality_closes_the_pathway() -> None:
    assert verdict(INTERN, "tn").changes() == []


def test_missing_facts_that_could_close_the_pathway_are_asked_before_mere_conditions() -> None:
    facts = dict(INTERN)
    for fact in ("program.insurance_meets_62_14", "program.field_matches_academic_field"):
        del facts[fact]
    assert verdict(facts, "j1_intern").missing == [
        "program.field_matches_academic_field",
        "program.insurance_meets_62_14",
    ]


def test_a_fact_that_no_longer_matters_is_not_asked() -> None:
    """An enrolled student's graduation date decides nothing."""
    facts = {k: v for k, v in INTERN.items() if not k.startswith("derived.")}
    assert verdict(facts, "j1_intern").missing == []


def test_a_known_future_change_of_law_is_foreseen() -> None:
    facts = {
        "candidate.degree": "higher",
        "program.is_specialty_occupation": True,
        "program.lca_certified": True,
        "program.license_if_required": True,
        "program.cap_registration_selected": True,
        "program.proclamation_payment_risk_acknowledged": True,
        "program.start_date": date(2027, 4, 1),
        "program.duration_months": 12,
    }
    found = verdict(facts, "h1b_cap")
    assert found.verdict == "not_eligible"
    assert [(a.day, a.verdict) for a in found.ahead()] == [(date(2027, 3, 1), "eligible")]


def test_kinds_limit_the_pathways() -> None:
    found = {v.pathway for v in rules.assess({}, day=TODAY, kind="dispatch").verdicts}
    assert "b1_installer" in found and "j1_intern" not in found


def test_an_overlay_is_never_the_best_route() -> None:
    assessment = rules.assess(
        {"program.us_investment_project": True}, day=TODAY, pathways=["kit_desk", "l1b"]
    )
    assert assessment.best is not None and assessment.best.pathway == "l1b"


def test_verdicts_come_best_first() -> None:
    verdicts = rules.assess(INSTALLER, day=TODAY).verdicts
    assert verdicts[-1].pathway == "kit_desk"  # no route, so after all routes
    shown = [v.display for v in verdicts[:-1]]
    order = ["works", "works_if", "unknown", "no"]
    assert [order.index(each) for each in shown] == sorted(order.index(each) for each in shown)


def test_a_verdict_is_json_in_one_language_or_both() -> None:
    for found in rules.assess(INTERN, day=TODAY).verdicts:
        korean = json.loads(json.dumps(found.as_dict("ko"), ensure_ascii=False))
        both = json.loads(json.dumps(found.as_dict()))
        assert korean["name"] == both["name"]["ko"]
        assert korean["verdict"] == found.verdict
        for reason in korean["reasons"]:
            assert {"fact", "message", "citation", "evidence"} <= reason.keys()


def test_every_verdict_speaks_both_languages() -> None:
    for found in rules.assess({}, day=TODAY).verdicts:
        for reason in found.reasons:
            assert any("가" <= c <= "힣" for c in reason.text("ko"))
            assert not any("가" <= c <= "힣" for c in reason.text("en"))


@pytest.mark.parametrize(
    ("pathway", "day", "totals"),
    [
        ("j1_intern", TODAY, {"participant": 405}),
        ("h1b_cap", TODAY, {"employer": 3595, "either": 205}),
        ("h1b_cap", date(2026, 6, 7), {"employer": 103595, "either": 205}),
        ("h1b_cap", date(2026, 6, 8), {"employer": 3595, "either": 205}),
    ],
)
def test_only_fees_that_are_really_collected_are_totalled(
    pathway: str, day: date, totals: dict[str, int]
) -> None:
    assert rules.pathway(pathway).fee_totals(day) == totals


@pytest.mark.parametrize(
    ("day", "usd"),
    [(date(2026, 10, 15), "40.27"), (date(2026, 10, 16), "40.62")],
)
def test_the_esta_fee_is_that_of_the_day(day: date, usd: str) -> None:
    amounts = {fee.id: version.usd for fee, version in rules.pathway("vwp_esta").fees_on(day)}
    assert str(amounts["esta"]) == usd


def test_a_suspended_rule_is_told_but_not_applied() -> None:
    notes = verdict(INTERN, "j1_intern").legal_notes("ko")
    suspended = [note for note in notes if note.state == "suspended"]
    assert len(suspended) == 1 and "법원" in str(suspended[0])


def test_the_permit_rule_speaks_of_the_day() -> None:
    facts = INTERN | {
        "candidate.sex": "M",
        "candidate.birth_year": 1999,
        "candidate.military_status": "not_completed",
    }
    before, after = (
        verdict(facts, "j1_intern", day) for day in (date(2026, 5, 2), date(2026, 5, 3))
    )
    assert before.exit_rule is not None and "6개월" in before.exit_rule.text("ko")
    assert after.exit_rule is not None and "1개월" in after.exit_rule.text("ko")


def test_every_fact_has_a_question_in_both_languages() -> None:
    for name in rules.facts():
        assert rules.question(name, "ko").endswith((".", "?", ")"))
        assert rules.question(name, "en").endswith((".", "?", ")"))


def test_the_signature_names_every_fact_that_can_turn_a_verdict() -> None:
    signature = set(rules.signature("internship"))
    assert {"candidate.intern_track", "program.duration_months", "candidate.sex"} <= signature
    assert "program.equipment_seller_location" not in signature
    assert set(rules.signature("internship", day=TODAY)) <= signature


def test_who_is_on_f1_is_pointed_to_the_schools_own_training_before_h3() -> None:
    def first(**facts: object) -> str:
        found = rules.assess({"candidate.nationality": "KR", **facts}, day=TODAY, kind="internship")
        assert found.best is not None and found.best.display == "unknown"
        return found.best.record.family

    assert first(**{"candidate.us_status": "F-1", "candidate.intern_track": "none"}) == "F-1"
    assert first(**{"candidate.us_status": "none", "candidate.intern_track": "none"}) != "F-1"
    assert first() != "F-1", "nobody said that a school has taken them in"
