"""`manage.py assess` for a case that lists the duties of a dispatch."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.management import CommandError

from corridor import rules
from tests.matching.test_assess_command import as_json, assess

GEORGIA = """
id: georgia
day: 2026-11-23
candidate:
  {nationality: KR, residence_abroad: true, specialized_knowledge_for_contract: true,
   vwp_disqualified_travel_or_dual_nationality: false,
   employer: seller_or_its_contractor_documented}
program:
  {paid_from_us_source: false, enrols_in_course_of_study: false, duration_days: 60,
   equipment_seller_location: outside_us, sales_contract_requires_seller_service: true,
   months_since_purchase: 4}
duties:
- {text: Commission the coater, activity: commission, share_pct: 85, place: supplied_machine,
   payer: korean_employer}
- {text: Install utility pipes, activity: hands_on_construction, share_pct: 15,
   place: construction_site, payer: korean_employer}
"""


def test_each_verdict_carries_its_duties_and_the_worst_of_them(tmp_path):
    told = {verdict["pathway"]: verdict for verdict in as_json(tmp_path, GEORGIA)}
    for pathway in ("b1_installer", "vwp_esta"):
        verdict = told[pathway]
        assert verdict["verdict"] == "not_eligible"
        assert [duty["verdict"] for duty in verdict["duties"]] == ["eligible", "not_eligible"]
        assert verdict["worst_duty"]["text"] == "Install utility pipes"
        assert "214.2(b)(5)" in verdict["worst_duty"]["citation"]
        assert verdict["take_out"]["share_pct"] == 15
    assert told["j1_intern"]["duties"] == [] and told["j1_intern"]["worst_duty"] is None


def test_text_names_the_duty_the_reason_and_what_would_open_the_route(tmp_path):
    said = assess(tmp_path, GEORGIA, "--pathway", "b1_installer")
    assert "  not_eligible   b1_installer" in said
    assert "* 85% Commission the coater: eligible" in said
    assert "* 15% Install utility pipes: not_eligible – Hands-on building" in said
    assert "> opens without: Install utility pipes" in said
    korean = assess(tmp_path, GEORGIA, "--pathway", "b1_installer", "--lang", "ko")
    assert "제외하면 열립니다: Install utility pipes" in korean


def test_without_the_pipes_it_is_eligible_and_missing_time_is_said(tmp_path):
    alone = GEORGIA[: GEORGIA.index("- {text: Install utility pipes")]
    (verdict,) = as_json(tmp_path, alone, "--pathway", "b1_installer")
    assert verdict["verdict"] == "eligible"
    assert "The shares add up to 85%" in assess(tmp_path, alone, "--pathway", "b1_installer")


def test_a_case_without_duties_is_told_as_before(tmp_path):
    plain = GEORGIA[: GEORGIA.index("duties:")]
    (verdict,) = as_json(tmp_path, plain, "--pathway", "b1_installer")
    assert "duties" not in verdict and "worst_duty" not in verdict
    assert verdict["verdict"] == "conditional", "nobody said what is done"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("activity: commission", "activity: comission", "did you mean 'commission'"),
        ("place: supplied_machine", "place: suplied_machine", "did you mean 'supplied_machine'"),
        ("share_pct: 85", "share: 85", "unknown key 'share'; did you mean 'share_pct'"),
        ("share_pct: 85", "share_pct: 850", "must be a percentage"),
        ("activity: commission, ", "", "say what kind of work it is"),
        ("duties:", "dutys:", "did you mean 'duties'"),
        ("duration_days: 60", "duration_days: 60, activity: negotiation", "contradicts the duties"),
    ],
)
def test_a_duty_that_cannot_be_read_is_refused_by_case_number_and_nearest_word(
    tmp_path, old, new, says
):
    assert old in GEORGIA
    with pytest.raises(CommandError) as refused:
        assess(tmp_path, GEORGIA.replace(old, new, 1))
    assert says in str(refused.value)
    assert str(refused.value).startswith("georgia: ")


def test_duties_are_a_list_of_maps(tmp_path):
    with pytest.raises(CommandError, match="duties: must be a list of maps"):
        assess(tmp_path, GEORGIA[: GEORGIA.index("duties:")] + "duties: {text: x}\n")


def test_the_whole_is_what_assess_says_of_the_facts_or_worse(tmp_path):
    told = as_json(tmp_path, GEORGIA, "--kind", "dispatch")
    facts = rules.parse_case({"program": {"activity": "building_or_construction_hands_on"}})
    closed = {
        verdict.pathway
        for verdict in rules.assess(facts, day=date(2026, 11, 23), kind="dispatch").verdicts
        if verdict.verdict == "not_eligible"
    }
    assert closed <= {v["pathway"] for v in told if v["verdict"] == "not_eligible"}
