"""The ladder: rungs from full to none, steps in order with time and cost, and two gates apart."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor import rules
from corridor.rules.amounts import PAYERS, Period
from corridor.rules.credentials import GATES, WHO, way
from corridor.rules.ladder import GROUPS
from corridor.rules.loading import load

TODAY = date(2026, 11, 27)
IDS = [credential.id for credential in rules.credentials()]
STATES = [None, "GA", "TX", "TN", "MI", "AL", "NY", "IN", "CA", "SC", "PA", "OH", "KY", "AZ", "WY"]
ASKED = [
    *IDS, "AWS Certified Welder", "ASME IX", "OSHA 10", "PE", "RN", "NCCCO", "CPA", "FE",
    "journeyman electrician", "apprenticeship credit", "bachelor's degree", "바리스타 1급",
]  # fmt: skip
HELD = [
    *IDS, "용접기능사", "전기산업기사", "TOEIC 870", "AWS D1.1 (SMAW 3G)", "OSHA 30", "RN", "PE",
    "바리스타 1급", "일반기계기사",
]  # fmt: skip


def ladder(*held: str, state: str | None = None, **more: Any) -> rules.Ladder:
    return rules.ladder(held, state=state, day=TODAY, **more)


def steps(rung: rules.Rung) -> list[str]:
    return [each.step.id for each in rung.steps]


# the data


def test_every_range_runs_upwards_and_every_step_says_who_acts() -> None:
    for credential in rules.credentials():
        of_states = [step for rule in credential.states for step in rule.steps]
        for step in (*credential.steps, *of_states):
            assert step.who in WHO and step.gate in (*GATES, ""), (credential.id, step.id)
        periods = [credential.time, *(s.time for s in credential.steps)]
        for period in filter(None, periods):
            assert period.unit in ("days", "weeks", "months")
            assert period.least > 0 and (period.most is None or period.least <= period.most)
        for price in filter(None, [credential.cost, *(s.cost for s in credential.steps)]):
            assert price.payer in PAYERS
            assert price.least is None or price.most is None or 0 <= price.least <= price.most


def test_what_a_state_asks_stands_with_its_own_source_and_day() -> None:
    told = [(c.id, rule) for c in rules.credentials() for rule in c.states]
    assert len(told) >= 45
    for name, rule in told:
        assert rule.backing.citation and rule.backing.evidence, (name, rule.states)
        assert rule.backing.evidence == "background" or rule.backing.sources, (name, rule.states)


def test_a_figure_that_nobody_knows_is_unknown_and_never_zero() -> None:
    (rung,) = ladder("기능장", required=["hrdk_gineungjang"]).rungs
    assert rung.steps and rung.time is None and rung.costs == {}
    recognized = rules.recognition(["기능장"], state=None, day=TODAY)[0]
    assert recognized.time("ko") == "" and recognized.cost("en") == ""


REFUSED = [
    ("a range that runs backwards", "weeks: [1, 4]", "weeks: [4, 1]", "runs backwards"),
    ("a range of nothing", "weeks: [1, 4]", "weeks: [0, 0]", "leave out what is not known"),
    ("an unknown unit", "weeks: [1, 4]", "years: [1, 4]", "unknown key 'years'"),
    ("a range without its mark", "{weeks: [1, 4], estimate: true}", "{weeks: [1, 4]}", "estimate"),
    ("a state that is none", "- in: [NY]", "- in: [NX]", "not a state's two-letter code"),
    ("who does nothing", "who: candidate", "who: nobody", "'who' must be one of"),
    ("a gate that is none", "gate: employer", "gate: door", "'gate' must be one of"),
    ("a state's rule without a source", "  evidence: secondary\n", "", "'evidence' is missing"),
    ("a U.S. name nobody asks for", "us_names: [", "us_names: [AWS Welder, ", "is missing in"),
    ("a second rule for one state", "- in: [NY]\n  license", "- in: [CA]\n  license", "has its"),
]


@pytest.mark.parametrize(("what", "old", "new", "says"), REFUSED, ids=[each[0] for each in REFUSED])
def test_the_loader_refuses(data: Path, what: str, old: str, new: str, says: str) -> None:
    path = data / "credentials" / "welder.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(rules.RuleDataError, match=says) as refused:
        load(data)
    assert refused.value.file == "credentials/welder.yaml"


def test_a_step_waits_only_for_an_earlier_one(data: Path) -> None:
    path = data / "credentials" / "plumber.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("after: [separate]", "after: [seperate]"), encoding="utf-8")
    with pytest.raises(rules.RuleDataError, match="did you mean 'separate'"):
        load(data)


# rungs


def test_a_welder_in_texas_has_one_test_to_take() -> None:
    (rung,) = ladder("용접기능사", state="TX", required=["AWS Certified Welder"]).rungs
    assert (rung.group, rung.held, steps(rung)) == ("exam", "용접기능사", ["performance_test"])
    assert rung.time is not None and rung.time.days == (7, 28)
    assert rung.costs["unknown"].least == 100 and rung.costs["unknown"].most == 600


def test_who_holds_the_american_certificate_itself_has_nothing_left_to_do() -> None:
    (rung,) = ladder("AWS D1.1 (SMAW 3G)", state="TX", required=["AWS D1.1"]).rungs
    assert (rung.group, rung.in_us_form, rung.steps) == ("full", True, ())


def test_one_american_certificate_is_not_another() -> None:
    (rung,) = ladder("AWS D1.1", state="TX", required=["ASME IX"]).rungs
    assert rung.group == "exam" and rung.steps


def test_an_id_of_the_rules_is_the_korean_credential_and_not_the_american_one() -> None:
    assert ladder("osha10_30").rungs[0].group == "exam"
    assert ladder("OSHA 30", required=["osha10_30"]).rungs[0].group == "full"


def test_a_license_of_some_state_is_not_yet_one_of_this_state() -> None:
    made = ladder("RN", state="GA", required=["RN"])
    assert made.rungs[0].group == "unknown" and steps(made.rungs[0]) == ["ask_this_state"]
    assert made.license.state == "unknown"


def test_who_lacks_the_korean_license_is_told_that_it_comes_first() -> None:
    nurse, nobody = (ladder(*held, state="GA", required=["RN"]) for held in (["간호사"], []))
    assert steps(nobody.rungs[0]) == ["own", *steps(nurse.rungs[0])]
    assert nurse.time is not None and nurse.time.most == 24
    assert nobody.time is not None and nobody.time.most is None  # how long that takes: unknown


def test_rungs_go_from_full_to_none_with_what_is_asked_first() -> None:
    made = ladder("기사", "바리스타", "TOEIC 800", "지게차", required=["welder"], state="TX")
    assert made.rungs[0].required == "welder"
    ranks = [list(GROUPS).index(rung.group) for rung in made.rungs[1:]]
    assert ranks == sorted(ranks)
    assert list(made.groups) == [name for name in GROUPS if name in made.groups]


def test_steps_that_need_not_wait_are_marked() -> None:
    (rung,) = ladder("장비 셋업", state="AZ", required=["semi_s2"]).rungs
    assert [each.parallel for each in rung.steps] == [False, True, True]


def test_steps_that_follow_one_another_add_up() -> None:
    (credential,) = (c for c in rules.credentials() if c.id == "nurse")
    placed, whole = way(credential.steps)
    assert placed[1][1] is not None and placed[1][1].most is None  # after a step of unknown length
    assert whole is not None and whole.days[0] == placed[1][1].days[0] == 121


# states


def test_michigan_counts_only_hours_under_a_michigan_license() -> None:
    (rung,) = ladder("전기기능사", state="MI", required=["electrician"]).rungs
    assert (rung.license, steps(rung)) == ("state", ["mi_hours", "mi_exam"])
    assert rung.time is not None and rung.time.days == (1461, None)
    assert rung.rules[0].backing.citation == "MCL 339.5715"


def test_where_no_state_licenses_the_city_decides_and_nothing_is_promised() -> None:
    made = ladder("전기기능사", state="IN", required=["electrician"])
    assert made.rungs[0].license == "local" and made.rungs[0].group == "unknown"
    assert made.time is None and made.license.state == "unknown"


def test_a_state_that_was_not_read_is_said_not_to_be() -> None:
    (rung,) = ladder("전기기능사", state="WY", required=["electrician"]).rungs
    assert rung.group == "unknown" and "아직 확인하지 못했습니다" in rung.notes[1]("ko")


def test_new_york_asks_crane_operators_for_more_than_texas_does() -> None:
    operator = ["기중기운전기능사"]
    texas, new_york = (
        ladder(*operator, state=state, required=["NCCCO"]).rungs[0] for state in ("TX", "NY")
    )
    assert steps(new_york) == [*steps(texas), "ny_certificate", "nyc_license"]
    assert texas.time is not None and texas.time.days == (14, 42)
    assert new_york.time is not None and new_york.time.days == (14, None)


def test_the_texas_agreement_asks_for_residence_and_so_for_the_other_gate() -> None:
    (rung,) = ladder("기술사", state="TX", required=["PE"]).rungs
    assert ("tx_residence", "visa") in [(s.step.id, s.step.gate) for s in rung.steps]
    assert "apply" in steps(ladder("기술사", state="GA", required=["PE"]).rungs[0])


def test_without_a_state_the_ladder_asks_which_one() -> None:
    made = ladder("전기기능사", required=["electrician"])
    assert [question("en") for question in made.questions] == [
        "In which state is the work? Licenses differ by state."
    ]
    assert made.license.state == "unknown"


# time and gates


def test_different_credentials_can_be_pursued_side_by_side() -> None:
    made = ladder("용접기능사", state="TX", required=["welder", "OSHA 10"])
    assert made.time is not None and made.time.days == (7, 28 + 4)
    assert made.earliest == (date(2026, 12, 4), date(2026, 12, 29))


@pytest.mark.parametrize(
    ("start", "feasible"),
    [
        (date(2026, 12, 3), "too_late"),
        (date(2026, 12, 4), "tight"),
        (date(2026, 12, 24), "tight"),
        (date(2026, 12, 25), "in_time"),
        (None, "unknown"),
    ],
)
def test_whether_it_can_be_done_before_the_program_starts(
    start: date | None, feasible: str
) -> None:
    made = ladder("용접기능사", state="TX", required=["welder"], start=start)
    assert made.feasible == feasible


def test_the_start_may_stand_among_the_facts() -> None:
    made = ladder(
        "용접기능사", state="TX", required=["welder"],
        facts={"program.start_date": date(2027, 3, 1)},
    )  # fmt: skip
    assert (made.start, made.feasible) == (date(2027, 3, 1), "in_time")


def test_a_visa_never_opens_the_license_gate_nor_a_license_the_visa_gate() -> None:
    facts = {"candidate.nationality": "US", "candidate.us_status": "citizen_or_lpr"}
    bare = ladder("용접기능사", state="NY", required=["welder"])
    judged = ladder("용접기능사", state="NY", required=["welder"], facts=facts)
    assert judged.license == bare.license and judged.license.state == "closed"
    licensed = ladder("AWS D1.1", state="TX", required=["welder"])
    assert (licensed.license.state, licensed.visa.state) == ("open", "unknown")
    assert "비자가 있어도 면허가 생기지 않고" in licensed.caveats[0]("ko")


def test_the_visa_gate_is_the_verdict_of_the_best_route() -> None:
    student = {
        "candidate.nationality": "KR", "candidate.intern_track": "graduated_over_12_months",
        "candidate.us_status": "none", "program.duration_months": 40,
    }  # fmt: skip
    for kind in ("internship", "dispatch"):
        best = rules.assess(student, day=TODAY, kind=kind).best
        assert best is not None
        gate = ladder(state="TX", facts=student, kind=kind).visa
        assert (gate.state == "closed") == (best.display == "no")
        assert (gate.state == "open") == (best.display == "works")


def test_a_degree_that_is_asked_for_says_nothing_of_licenses() -> None:
    assert ladder("학사", state="TX", required=["bachelor's degree"]).license.state == "unknown"
    assert ladder(state="TX").license.state == "unknown"
    assert ladder("OSHA 10", state="TX", required=["osha10_30"]).license.state == "unknown"


def test_the_license_gate_opens_for_a_trade_only_where_the_state_s_rule_was_read() -> None:
    for state, stands in (("TX", "open"), ("WA", "unknown"), ("LA", "unknown")):
        found = rules.ladder(["용접기능사"], state=state, day=TODAY, required=["AWS D1.1"])
        assert found.required[0].license == ("none" if stands == "open" else "unknown")
        assert found.license.state == stands, state


def test_a_person_s_word_opens_the_license_gate_only_where_no_step_is_left() -> None:
    told = "program.license_if_required"
    assert ladder(state="TX", facts={told: False}).license.state == "closed"
    assert ladder(state="TX", facts={told: True}).license.state == "open"
    still = ladder("전기기능사", state="MI", required=["electrician"], facts={told: True})
    assert still.license.state == "closed"


def test_money_is_told_by_who_pays() -> None:
    made = ladder("용접기능사", "지게차", state="TX", required=["welder", "forklift"])
    assert {payer: (p.least, p.most) for payer, p in made.costs.items()} == {
        "employer": (50, 200), "unknown": (100, 600),
    }  # fmt: skip
    part = ladder("용접기능사", "기능장", state="TX", required=["welder", "hrdk_gineungjang"])
    assert (part.costs["unknown"].least, part.costs["unknown"].most) == (100, None)


def test_the_ladder_can_be_written_as_json_in_either_language() -> None:
    made = ladder("용접기능사", "바리스타", state="NY", required=["welder", "crane"])
    for lang in ("ko", "en", None):
        told = json.loads(json.dumps(made.as_dict(lang)))
        assert told["gates"][0]["gate"] == "visa" and told["gates"][1]["gate"] == "license"
        assert [rung["group"] for rung in told["rungs"]] == ["exam", "exam", "unknown"]
    assert made.as_dict("ko")["caveats"][0].startswith("비자가")


@pytest.mark.parametrize(
    ("period", "ko", "en"),
    [
        (Period(1, 4, "weeks"), "1~4주 (추정)", "1–4 weeks (estimate)"),
        (Period(1, 1, "days", False), "1일", "1 day"),
        (Period(48, None, "months", False), "최소 48개월", "at least 48 months"),
        (Period(7, 32, "days"), "1~5주 (추정)", "1–5 weeks (estimate)"),
        (Period(3, 32, "days"), "3~32일 (추정)", "3–32 days (estimate)"),
        (Period(182, 1461, "days"), "6~48개월 (추정)", "6–48 months (estimate)"),
    ],
)
def test_a_range_is_said_as_a_person_would(period: Period, ko: str, en: str) -> None:
    assert (period.say("ko"), period.say("en")) == (ko, en)


# what must hold for anybody

held = st.lists(st.sampled_from(HELD), max_size=4)
asked = st.lists(st.sampled_from(ASKED), max_size=4)
anywhere = st.sampled_from(STATES)


@settings(max_examples=150, deadline=None)
@given(have=held, more=st.sampled_from(HELD), required=asked, state=anywhere)
def test_holding_one_more_credential_never_lengthens_the_way(
    have: list[str], more: str, required: list[str], state: str | None
) -> None:
    before = ladder(*have, state=state, required=required)
    after = ladder(*have, more, state=state, required=required)
    assert len(after.missing) <= len(before.missing)


@settings(max_examples=150, deadline=None)
@given(have=held, required=asked, state=anywhere)
def test_unknown_never_reads_as_recognized(
    have: list[str], required: list[str], state: str | None
) -> None:
    made = ladder(*have, state=state, required=required)
    for rung in made.rungs:
        if rung.credential is None or rung.level in ("unknown", "state_by_state", "local"):
            assert rung.group == "unknown" and not rung.is_done
    if any(rung.group == "unknown" for rung in made.required) or state is None:
        assert made.license.state != "open"
        assert made.feasible != "in_time"


@settings(max_examples=200, deadline=None)
@given(have=held, required=asked, state=anywhere)
def test_every_required_credential_has_its_rung_and_every_held_one_appears(
    have: list[str], required: list[str], state: str | None
) -> None:
    made = ladder(*have, state=state, required=required)
    assert [rung.required for rung in made.required] == list(dict.fromkeys(required))
    assert {rung.held for rung in made.rungs if rung.held} == set(have)
