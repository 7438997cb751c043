"""Each duty of a dispatch on each route, and the dispatch by its worst duty."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor import rules
from corridor.rules import Duty
from corridor.rules.dispatch import RANK
from corridor.rules.loading import DATA, load

DAY = date(2026, 11, 23)
B1 = ("b1_installer", "b1_supervise_train_construction", "b1_business")
# A Korean maker's technician commissions the machine that the maker sold; all is as it should be.
INSTALLER: dict[str, Any] = {
    "candidate.nationality": "KR",
    "candidate.residence_abroad": True,
    "candidate.vwp_disqualified_travel_or_dual_nationality": False,
    "candidate.specialized_knowledge_for_contract": True,
    "candidate.employer": "seller_or_its_contractor_documented",
    "program.paid_from_us_source": False,
    "program.enrols_in_course_of_study": False,
    "program.duration_days": 60,
    "program.duration_months": 2,
    "program.equipment_seller_location": "outside_us",
    "program.sales_contract_requires_seller_service": True,
    "program.months_since_purchase": 4,
}
COMMISSION = Duty("Commission the coater", "commission", 85, "supplied_machine", "korean_employer")
PIPES = Duty("Install pipes", "hands_on_construction", 15, "construction_site", "korean_employer")


def check(*duties: Duty, day: date = DAY, **but: Any) -> rules.DutyCheck:
    facts = {**INSTALLER, **{name.replace("__", "."): value for name, value in but.items()}}
    return rules.judge_duties(duties, facts, day=day)


# --- Georgia, September 2025 -----------------------------------------------------------------


def test_fifteen_percent_of_pipe_installation_closes_b1_and_esta_and_says_which_duty_and_why():
    found = check(COMMISSION, PIPES)
    for pathway in (*B1, "vwp_esta"):
        route = found.of(pathway)
        assert (route.display, route.verdict) == ("no", "not_eligible"), pathway
    for pathway in ("b1_installer", "vwp_esta"):
        route = found.of(pathway)
        assert route.worst.duty == PIPES
        assert "Install pipes" in route.why("en")
        assert "in-plant" in route.why("en")
        assert "직접" in route.why("ko")
        assert "8 CFR 214.2(b)(5)" in route.worst.citation
        assert route.worst.evidence == "primary"
        assert [cell.display for cell in route.cells] == ["works", "no"]


def test_without_the_pipes_the_same_crew_may_come():
    route = check(COMMISSION, PIPES).of("b1_installer")
    assert (route.take_out.duties, route.take_out.share_pct) == ((1,), 15)
    assert route.take_out.display == "works"
    alone = Duty("Commission the coater", "commission", 100, "supplied_machine", "korean_employer")
    assert check(alone).of("b1_installer").verdict == "eligible"


def test_one_percent_is_not_too_little_to_count():
    most = Duty("Commission", "commission", 99)
    found = check(most, Duty("Weld supports", "hands_on_construction", 1))
    assert found.of("b1_installer").display == "no"
    assert found.of("b1_installer").small_share.backing.citation
    assert found.of("l1b").small_share is None, "an L-1B petition is judged as a whole"


# --- duties and routes ------------------------------------------------------------------------


def test_installing_training_and_meeting_rest_on_three_grounds_of_one_visa():
    found = check(
        Duty("Install", "install", 60), Duty("Train operators", "train", 15),
        Duty("Watch the steel erection", "supervise_construction", 20), Duty("Meet", "meet", 5),
    )  # fmt: skip
    route = found.of("b1_installer")
    assert route.verdict == "eligible"
    assert [cell.ground for cell in route.cells] == [
        "b1_installer", "b1_installer", "b1_supervise_train_construction", "b1_business",
    ]  # fmt: skip


def test_supervising_alone_is_no_installing():
    found = check(Duty("Watch the erection", "supervise_construction", 100))
    assert found.of("b1_supervise_train_construction").verdict == "eligible"
    installer = found.of("b1_installer")
    assert installer.verdict == "not_eligible"
    assert installer.worst.display == "no" and installer.worst.ground == "b1_installer"


def test_without_the_clause_the_installing_is_closed_and_unread_it_is_open():
    install = Duty("Install", "install", 100)
    without = check(install, program__sales_contract_requires_seller_service=False)
    cell = without.of("b1_installer").cells[0]
    assert cell.display == "no"
    assert [change.fact for change in cell.changes()] == [
        "program.sales_contract_requires_seller_service"
    ]
    unread = check(install, program__sales_contract_requires_seller_service=None)
    assert unread.of("b1_installer").cells[0].display == "unknown"


def test_what_would_help_is_told_only_where_it_would():
    found = check(PIPES, program__sales_contract_requires_seller_service=None)
    assert found.of("b1_installer").cells[0].changes() == [], "only other work would help"


def test_a_duty_paid_from_the_us_closes_the_visitor_routes_and_is_the_one_to_blame():
    found = check(
        Duty("Install", "install", 80, payer="korean_employer"),
        Duty("Train", "train", 20, payer="us_affiliate"),
    )
    for pathway in ("b1_installer", "vwp_esta"):
        route = found.of(pathway)
        assert route.display == "no"
        assert [cell.display for cell in route.cells] == ["works", "no"]
        assert route.take_out.duties == (1,)
    assert found.of("l1b").worst.display != "no", "an affiliate may pay its L-1B"


def test_work_beside_the_machine_that_was_sold_is_not_covered():
    sold = Duty("Install", "install", 90, place="supplied_machine")
    other = Duty("Repair the old winder", "service", 10, place="plant_elsewhere")
    route = check(sold, other).of("b1_installer")
    assert (route.display, route.worst.duty) == ("no", other)
    assert route.worst.reasons[0].message_id == "b1_installer.on_the_equipment_sold"


def test_installing_inside_a_construction_area_must_be_set_apart():
    route = check(Duty("Install", "install", 100, place="construction_site")).of("b1_installer")
    assert (route.display, route.verdict) == ("works_if", "conditional")


def test_training_construction_workers_is_another_ground_than_training_on_the_machine():
    found = check(
        Duty("Teach welders", "train", 50, place="construction_site"),
        Duty("Watch the blocks", "supervise_construction", 50),
    )
    assert found.of("b1_supervise_train_construction").verdict == "eligible"


def test_work_done_in_korea_needs_no_us_status_and_closes_nothing():
    found = check(
        Duty("Install", "install", 90),
        Duty("Build a frame at home", "hands_on_construction", 10, place="in_korea"),
    )
    route = found.of("b1_installer")
    assert [cell.display for cell in route.cells] == ["works", "works"]
    assert route.verdict == "eligible"


@pytest.mark.parametrize("kind", ["other", "learn", "research"])
def test_a_kind_of_work_that_nobody_can_judge_is_never_a_yes(kind: str):
    found = check(Duty("Install", "install", 90), Duty("Help out", kind, 10))
    for route in found.routes:
        assert route.cells[1].display in ("unknown", "no"), route.pathway
        assert route.display in ("unknown", "no"), route.pathway


def test_a_manager_may_not_mostly_work_by_hand():
    manages = Duty("Manage the site office", "meet", 60)
    by_hand = [Duty("Install", "install", 30), Duty("Repair", "service", 30)]
    assert check(manages, Duty("Install", "install", 40)).of("l1a").worst.display != "no"
    route = check(Duty("Manage", "meet", 40), *by_hand).of("l1a")
    assert route.display == "no"
    assert route.take_out.share_pct == 30, "either of the two is enough"


def test_production_leaves_a_specialist_conditional_and_a_visitor_closed():
    found = check(Duty("Train", "train", 70), Duty("Run the line", "production_work", 30))
    assert found.of("l1b").cells[1].display != "works"
    assert found.of("b1_installer").worst.reasons[0].citation == "22 CFR 41.31(b)(1)"


def test_a_trade_license_is_a_gate_of_its_own():
    found = check(COMMISSION, PIPES)
    ((gate, duties),) = found.gates
    assert "license" in gate.note.en and duties == (COMMISSION, PIPES)
    assert check(Duty("Meet", "meet", 100)).gates == ()


def test_shares_must_account_for_all_the_time_or_it_is_said():
    assert check(COMMISSION, PIPES).share_problem("en") == ""
    assert "85%" in check(COMMISSION).share_problem("ko")
    assert check(Duty("Install", "install")).share_problem("en")
    assert rules.judge_duties([], {}, day=DAY).share_problem("en") == ""


def test_the_exit_rule_is_told_with_each_route():
    found = check(
        Duty("Install", "install", 100), candidate__sex="M", candidate__birth_year=2000,
        candidate__military_status="not_completed",
    )  # fmt: skip
    route = found.of("b1_installer")
    assert route.worst.display == "works"
    assert (route.display, route.verdict) == ("works_if", "conditional")
    assert route.assessed.exit_rule.outcome == "fails"
    assert not route.by_duty


def test_a_verdict_with_duties_says_all_as_json():
    told = check(COMMISSION, PIPES).of("b1_installer").as_dict("en")
    assert told["verdict"] == "not_eligible"
    assert [duty["verdict"] for duty in told["duties"]] == ["eligible", "not_eligible"]
    assert told["worst_duty"]["text"] == "Install pipes"
    assert told["take_out"] == {"duties": ["Install pipes"], "share_pct": 15, "display": "works"}
    assert any("214.2(b)(5)" in reason["citation"] for reason in told["reasons"])


@pytest.mark.parametrize(
    ("duty", "says"),
    [
        (Duty("x", "instal"), "duties[1].activity: unknown activity 'instal'; did you mean"),
        (Duty("x", "hands_on"), "did you mean 'hands_on_construction'"),
        (Duty("x", "install", place="customer"), "duties[1].place: unknown place"),
        (Duty("x", "install", payer="us_costumer"), "did you mean 'us_customer'"),
        (Duty("x", "install", 0), "duties[1].share_pct: must be a percentage"),
        (Duty("x", "install", 101), "must be a percentage"),
        (Duty("x", "install", True), "must be a percentage"),
    ],
)
def test_a_duty_that_cannot_be_read_is_refused_with_its_number_and_the_nearest_word(
    duty: Duty, says: str
):
    with pytest.raises(rules.FactError) as refused:
        rules.judge_duties([duty], {}, day=DAY)
    assert says in str(refused.value)


def test_a_duty_may_be_named_by_the_rules_own_word():
    named = Duty("Pour concrete", "building_or_construction_hands_on", 100)
    assert check(named).of("b1_installer").display == "no"


# --- what must hold for any dispatch whatever -----------------------------------------------------

_DATA = load(DATA).dispatch
DUTIES = st.builds(
    Duty,
    text=st.just("a duty"),
    activity=st.sampled_from(sorted(_DATA.kinds)),
    share_pct=st.sampled_from([None, 1, 20, 50, 100]),
    place=st.sampled_from([None, *_DATA.places]),
    payer=st.sampled_from([None, *_DATA.payers]),
)


def _values(fact: str) -> list[Any]:
    spec = rules.facts()[fact]
    match spec.type:
        case "yes_no":
            return [True, False]
        case "choice":
            return list(spec.choices)
        case "country":
            return ["KR", "US"]
        case "number":
            return [0, 12, 60, 91] if spec.unit in ("months", "days") else [0, 50, 100]
    return []


# What a duty says is left to the duties.
_LEFT = {"program.activity", "program.work_place", "program.mostly_hands_on"}
_READ = {fact: _values(fact) for fact in rules.signature("dispatch") if fact not in _LEFT}
FACTS = st.fixed_dictionaries(
    {}, optional={fact: st.sampled_from(values) for fact, values in _READ.items() if values}
)


def judge(duties: list[Duty], facts: dict[str, Any]) -> rules.DutyCheck:
    try:
        return rules.judge_duties(duties, facts, day=DAY)
    except rules.FactError:  # drawn facts may contradict each other (days and months)
        return rules.judge_duties(duties, {}, day=DAY)


@settings(max_examples=200, deadline=None)
@given(duties=st.lists(DUTIES, min_size=1, max_size=5), facts=FACTS, more=DUTIES)
def test_adding_a_duty_never_improves_a_route_unless_it_is_the_first_there_or_of_its_own_kind(
    duties, facts, more
):
    before, after = judge(duties, facts), judge([*duties, more], facts)
    for route in before.routes:
        # B-1 carries lighter duties beside its own work: without any of its own, it is not the
        # route, so its first own duty may open it. No other route has anything of the kind.
        beside = _DATA.routes[route.pathway].beside
        done = {_DATA.activity(duty) for duty in duties if not _DATA.is_abroad(duty)}
        first = beside and done <= set(beside) and _DATA.activity(more) not in beside
        # While all is done in Korea, what is done in the United States is an open question, which
        # the first duty there answers.
        answers = not done and not _DATA.is_abroad(more)
        if not (first or answers):
            worse = after.of(route.pathway)
            assert RANK[worse.display] >= RANK[route.display], route.pathway
            assert RANK[worse.worst.display] >= RANK[route.worst.display], route.pathway


@settings(max_examples=150, deadline=None)
@given(duties=st.lists(DUTIES, min_size=1, max_size=5), facts=FACTS)
def test_the_dispatch_is_as_bad_as_its_worst_duty_and_as_assess_says_of_it(duties, facts):
    found = judge(duties, facts)
    for route in found.routes:
        worst = max((cell.display for cell in route.cells), key=RANK.__getitem__)
        assert route.worst.display == worst
        assert RANK[route.display] == max(RANK[worst], RANK[route.assessed.display])


@settings(max_examples=150, deadline=None)
@given(duties=st.lists(DUTIES, min_size=1, max_size=5), facts=FACTS)
def test_a_dispatch_is_never_told_better_than_assess_tells_it(duties, facts):
    facts = {**facts, "program.paid_from_us_source": facts.get("program.paid_from_us_source")}
    told = rules.duty_facts(duties)
    if told.get("program.paid_from_us_source") is False:
        told.pop("program.paid_from_us_source")  # what is said besides goes first
    found = judge(duties, facts)
    try:
        assessment = rules.assess({**facts, **told}, day=DAY)
    except rules.FactError:
        return
    for route in found.routes:
        assert RANK[route.display] >= RANK[assessment.of(route.pathway).display], route.pathway


@settings(max_examples=100, deadline=None)
@given(facts=FACTS, duty=DUTIES)
def test_one_duty_alone_is_judged_as_assess_judges_it(facts, duty):
    """With a single known kind of work, the two are the same verdict."""
    if duty.place == "in_korea" or _DATA.activity(duty) is None:
        return
    for route in judge([duty], facts).routes:
        if not _DATA.routes[route.pathway].beside:
            assert route.verdict == route.assessed.verdict, route.pathway


@settings(max_examples=100, deadline=None)
@given(facts=FACTS, duties=st.lists(DUTIES, min_size=1, max_size=4))
def test_an_unknown_never_reads_as_works(facts, duties):
    for route in judge(duties, facts).routes:
        for cell in route.cells:
            if cell.display == "works" and cell.duty.place != "in_korea":
                assert cell.reasons == (), route.pathway
                assert _DATA.activity(cell.duty) is not None, route.pathway


def whole_time(duties: list[Duty]) -> list[Duty]:
    """The duties with shares that add up to 100, where all are told."""
    total = sum(duty.share_pct or 0 for duty in duties)
    if None in [duty.share_pct for duty in duties]:
        return duties
    return [replace(duty, share_pct=duty.share_pct * 100 / total) for duty in duties]


@settings(max_examples=60, deadline=None)
@given(facts=FACTS, duties=st.lists(DUTIES, min_size=2, max_size=4))
def test_what_is_to_be_taken_out_opens_the_route_and_no_smaller_set_does(facts, duties):
    duties = whole_time(duties)
    for route in judge(duties, facts).routes:
        if route.take_out is None:
            continue
        out = route.take_out.duties
        assert route.display == "no" and route.take_out.display != "no"
        closed = {index for index, cell in enumerate(route.cells) if cell.display == "no"}
        assert set(out) <= closed
        for kept in out:
            rest = [duty for index, duty in enumerate(duties) if index == kept or index not in out]
            alone = judge(whole_time(rest), facts).of(route.pathway)
            assert alone.display == "no", route.pathway


# --- the data ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("l1b", "rule: allowed", "rule: allow", "'rule' must be one of"),
        ("l1b", "of: [consultation]", "of: [consultations]", "did you mean 'consultation'"),
        ("l1b", "of: [consultation]", "of: [production_work]", "twice for the same days"),
        ("h2b", "consultation]", "]", "'consultation' must stand once"),
        ("l1b", "evidence: primary", "evidence: sure", "must be one of"),
        ("l1b", "severity: soft", "severety: soft", "did you mean 'severity'"),
        ("b1_installer", "say: production_is_local_work", "say: production", "unknown statement"),
        ("b1_installer", "ground: b1_business", "ground: b1_busines", "did you mean 'b1_business'"),
        ("b1_installer", "- id: production", "- id: duration", "is there twice"),
        ("e2", "fact: candidate.role,", "fact: candidate.rol,", "did you mean 'candidate.role'"),
        ("duties", "gate: operators", "gate: operator", "did you mean 'operators'"),
        ("duties", "abroad: [in_korea]", "abroad: [in_china]", "unknown name 'in_china'"),
    ],
)
def test_a_slip_in_the_duty_data_stops_the_load_with_file_and_line(
    data: Path, file: str, old: str, new: str, says: str
):
    path = data / "dispatch" / f"{file}.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(rules.RuleDataError) as refused:
        load(data)
    assert says in str(refused.value)
    assert refused.value.file == f"dispatch/{file}.yaml"
    assert refused.value.line >= 1


def test_every_kind_of_work_is_told_on_every_route_with_its_source():
    activities = {kind.activity for kind in _DATA.kinds.values() if kind.activity}
    for route in _DATA.routes.values():
        assert activities <= set(route.lines) | set(route.beside), route.id
        for lines in route.lines.values():
            for line in lines:
                assert line.rule == "route" or line.statement.backing.citation


def test_the_revision_covers_the_duty_data(data: Path):
    before = load(data).revision
    path = data / "dispatch" / "h2b.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "# a remark\n", encoding="utf-8")
    assert load(data).revision != before
