"""A cohort round is stable, as good for candidates as stable can be, and nobody gains by a lie."""

from __future__ import annotations

import copy
import hashlib
import itertools
import random
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor.matching import rounds
from tests.matching.rounds_at_hand import Plain, certified, crowded, files, outcome

few = settings(max_examples=60, deadline=None)
many = settings(max_examples=200, deadline=None)


def a_round(candidates: dict, programs: dict, **more) -> dict:
    """Strict lists: candidate -> choices, program -> (seats, ranking)."""
    return {
        "format": rounds.files.FORMAT, "name": "at hand",
        "candidates": [{"id": key, "choices": chosen} for key, chosen in candidates.items()],
        "programs": [
            {"id": key, "seats": seats, "ranking": ranking}
            for key, (seats, ranking) in programs.items()
        ],
        **more,
    }  # fmt: skip


# --- against another maker's code ---------------------------------------------------------------
@many
@given(st.data())
def test_without_ties_and_limits_it_is_what_the_matching_package_finds(data):
    from matching.games import HospitalResident

    people = [f"c{n}" for n in range(data.draw(st.integers(1, 8)))]
    offers = [f"p{n}" for n in range(data.draw(st.integers(1, 5)))]
    lists = {
        key: data.draw(st.lists(st.sampled_from(offers), min_size=1, unique=True))
        for key in people
    }
    wanted = [key for key in offers if any(key in chosen for chosen in lists.values())]
    rankings = {
        key: data.draw(st.permutations([who for who in people if key in lists[who]]))
        for key in wanted
    }
    seats = {key: data.draw(st.integers(1, len(rankings[key]))) for key in wanted}
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # the package warns where it changes what it was given
        game = HospitalResident.create_from_dictionaries(lists, rankings, seats)
        solved = game.solve(optimal="resident")
    theirs = {who.name: key.name for key, admitted in solved.items() for who in admitted}
    ours = outcome(a_round(lists, {key: (seats[key], rankings[key]) for key in wanted}))
    assert {who: key for who, key in ours.items() if key} == theirs


# --- what stable means --------------------------------------------------------------------------
@many
@given(files())
def test_every_outcome_passes_the_independent_check(data):
    assert certified(data, outcome(data)) == []


@pytest.mark.parametrize("seed", range(25))
def test_where_many_are_let_go_again_it_is_stable_still(seed):
    data = crowded(random.Random(seed))
    ours = outcome(data)
    assert Plain(data).is_stable(ours)
    assert certified(data, ours) == []


@few
@given(files(people=3, programs=3))
def test_the_check_passes_exactly_what_no_program_and_person_would_undo(data):
    """The two cases that the check reads are the same as asking what programs would choose."""
    plain = Plain(data)
    for assignment in plain.assignments():
        assert (certified(data, assignment) == []) == plain.is_stable(assignment), assignment


@few
@given(files(people=4, programs=2))
def test_no_program_would_change_its_people_for_any_others_who_would_come(data):
    """Not only pairs: no program with any number of people, all of whom would rather be there."""
    plain, assignment = Plain(data), outcome(data)
    for program in plain.programs:
        held = plain.held(assignment, program)
        coming = [
            person for person, own in assignment.items()
            if program in plain.lists[person]
            and plain.place(person, program) < plain.place(person, own)
        ]  # fmt: skip
        for size in range(1, len(coming) + 1):
            for group in itertools.combinations(coming, size):
                assert plain.chooses(program, held | set(group)) == held


@few
@given(files(people=4, programs=3))
def test_nobody_does_better_in_any_other_stable_assignment(data):
    plain, best = Plain(data), outcome(data)
    stable = [each for each in plain.assignments() if plain.is_stable(each)]
    assert best in stable
    for other in stable:
        for person in plain.people:
            assert plain.place(person, best[person]) <= plain.place(person, other[person])


@few
@given(files(people=4, programs=3))
def test_whoever_is_unmatched_is_unmatched_in_every_stable_assignment(data):
    plain, ours = Plain(data), outcome(data)
    left = {person for person, own in ours.items() if own is None}
    for other in plain.assignments():
        if plain.is_stable(other):
            assert {person for person, own in other.items() if own is None} == left
            for program in plain.programs:
                assert len(plain.held(other, program)) == len(plain.held(ours, program))


@few
@given(files(people=4, programs=3), st.data())
def test_nobody_gains_by_a_list_that_is_not_their_own(data, more):
    plain, honest = Plain(data), outcome(data)
    person = more.draw(st.sampled_from(sorted(plain.people)))
    true, barred = plain.lists[person], plain.people[person].get("barred", {})
    for size in range(len(plain.programs) + 1):
        for told in itertools.permutations(plain.programs, size):
            lie = copy.deepcopy(data)
            entry = next(each for each in lie["candidates"] if each["id"] == person)
            entry.pop("scores", None)
            entry["choices"] = list(told)
            entry["barred"] = {key: why for key, why in barred.items() if key in told}
            got = outcome(lie)[person]
            unwanted = got is not None and got not in true  # worse than no program
            assert unwanted or plain.place(person, honest[person]) <= plain.place(person, got)


def test_the_check_finds_each_kind_of_fault():
    data = a_round(
        {"a": ["p", "q"], "b": ["p"], "c": ["p", "q"], "d": ["q"]},
        {"p": (1, ["a", "b", "c"]), "q": (2, ["c"])},
    )
    for entry in data["candidates"]:
        entry["groups"] = {"region": "busan" if entry["id"] in "ab" else "seoul"}
    data["programs"][0]["limits"] = {"by": "region", "at_most": {"busan": 1}}
    data["candidates"][1]["barred"] = {"p": "gate"}
    good = {"a": "p", "b": None, "c": "q", "d": None}
    assert outcome(data) == good and certified(data, good) == []

    def codes(**change: str | None) -> set[str]:
        return {each.code for each in certified(data, {**good, **change})}

    assert codes(c=None) == {"free_seat"}
    assert codes(a=None, c="p") == {"passed_over"}
    assert "over_seats" in codes(c="p")
    made = rounds.files.read(data)
    honest = rounds.certificate.write(rounds.certify(made, good))

    def found(**change) -> set[str]:
        told = rounds.certificate.read({**copy.deepcopy(honest), **change})
        return {each.code for each in rounds.verify(made, told)}

    assert found() == set()
    assert found(inputs="sha256:0") == {"inputs_differ"}
    assert found(assignment={**good, "b": "p"}) == {"barred"}
    assert found(assignment={**good, "d": "p"}) == {"not_chosen"}
    assert found(assignment={**good, "d": "q"}) == {"not_ranked"}
    assert found(assignment={**good, "d": "z"}) == {"unknown_program"}
    assert found(assignment={**good, "z": None}) == {"unknown_candidate"}
    assert found(assignment={key: own for key, own in good.items() if key != "d"}) == {"left_out"}
    lie = copy.deepcopy(honest["programs"])
    lie["p"]["last"]["rank"] = 2
    assert found(programs=lie) == {"closing_differs"}
    assert found(programs={**honest["programs"], "z": lie["p"]}) == {"unknown_program"}


def test_the_check_finds_faults_of_limits():
    data = a_round({key: ["p"] for key in "abc"}, {"p": (3, ["a", "b", "c"])})
    for entry in data["candidates"]:
        entry["groups"] = {"kind": "student"}
    data["programs"][0]["limits"] = {"by": "kind", "at_most": {"student": 1}}
    assert outcome(data) == {"a": "p", "b": None, "c": None}
    over = certified(data, {"a": "p", "b": "p", "c": None})
    assert [each.code for each in over] == ["over_limit"]
    [skipped] = certified(data, {"a": None, "b": "p", "c": None})
    assert (skipped.code, skipped.candidate, skipped.other) == ("passed_over_in_group", "a", "b")


# --- hard limits and individual rationality -----------------------------------------------------
@many
@given(files())
def test_only_pairs_that_both_chose_and_nothing_bars_are_matched(data):
    plain = Plain(data)
    assert plain.is_feasible(outcome(data))


def test_a_barred_pair_stays_apart_though_both_want_nothing_else():
    data = a_round({"a": ["p"]}, {"p": (1, ["a"])})
    assert outcome(data) == {"a": "p"}
    for bar in rounds.BARS:
        data["candidates"][0]["barred"] = {"p": bar}
        assert outcome(data) == {"a": None}


# --- the lottery --------------------------------------------------------------------------------
def test_a_tie_waits_for_the_lottery_and_then_follows_it():
    data = a_round({key: ["p"] for key in "ab"}, {"p": (1, [["a", "b"]])})
    with pytest.raises(rounds.BadRound, match="no lottery is drawn"):
        outcome(data)
    winners = set()
    for seed in "abcdefgh":
        drawn = rounds.files.with_lottery(data, rounds.files.read(data).drawn(seed))
        first = min(drawn["candidates"], key=lambda entry: entry["number"])["id"]
        assert outcome(drawn)[first] == "p"
        winners.add(first)
    assert winners == {"a", "b"}


def test_lots_follow_from_the_seed_and_from_nobody_else_in_the_round():
    lot = rounds.Lottery.draw("2026-12-01", ["a", "b"], ["p"])
    alone = rounds.Lottery.draw("2026-12-01", ["b"], ["p"])
    by_hand = hashlib.sha256(b"2026-12-01\ncandidate\nb").hexdigest()[:13]
    assert lot.candidates[1] == alone.candidates[0] == int(by_hand, 16)


def test_a_lot_written_by_hand_is_found():
    data = a_round({"a": ["p"]}, {"p": (1, ["a"])})
    drawn = rounds.files.with_lottery(data, rounds.files.read(data).drawn("seed"))
    drawn["candidates"][0]["number"] = 1
    assert [each.code for each in certified(drawn, outcome(drawn))] == ["wrong_lot"]


def test_a_round_is_drawn_for_once():
    made = rounds.files.read(a_round({"a": ["p"]}, {"p": (1, ["a"])})).drawn("seed")
    with pytest.raises(rounds.BadRound, match="drawn already"):
        made.drawn("a luckier seed")


# --- the same input, the same outcome -----------------------------------------------------------
@few
@given(files(), st.randoms(use_true_random=False))
def test_the_order_of_entries_changes_nothing(data, rng: random.Random):
    shuffled = copy.deepcopy(data)
    for side in ("candidates", "programs"):
        rng.shuffle(shuffled[side])
    one, other = rounds.files.read(data), rounds.files.read(shuffled)
    assert rounds.digest(one) == rounds.digest(other)
    assert outcome(data) == outcome(shuffled)


@few
@given(files())
def test_json_out_and_in_again_is_the_same_round(data):
    made = rounds.files.read(data)
    again = rounds.files.read(rounds.files.write(made))
    assert rounds.digest(again) == rounds.digest(made)
    certificate = rounds.certify(made, rounds.assign(made).by_id(made))
    told = rounds.certificate.write(certificate)
    assert rounds.certificate.read(told) == certificate


@few
@given(files(drawn=False))
def test_what_changes_the_round_changes_its_hash(data):
    hashes = {rounds.digest(rounds.files.read(data).drawn("seed"))}
    for entry in (data["candidates"][0], data["programs"][0]):
        changed = copy.deepcopy(data)
        side = "candidates" if entry is data["candidates"][0] else "programs"
        if side == "candidates":
            changed[side][0]["groups"] = {**entry["groups"], "region": "jeju"}
        else:
            changed[side][0]["seats"] += 1
        hashes.add(rounds.digest(rounds.files.read(changed).drawn("seed")))
    hashes.add(rounds.digest(rounds.files.read(data).drawn("other")))
    assert len(hashes) == 4


# --- reasons ------------------------------------------------------------------------------------
@many
@given(files())
def test_each_reason_says_what_a_plain_look_finds(data):
    plain, ours = Plain(data), outcome(data)
    made = rounds.files.read(data)
    why = rounds.Explainer(made, rounds.certify(made, ours))
    for told in why.candidates():
        chosen = plain.lists[told.candidate]
        assert len(told.reasons) == plain.place(told.candidate, told.program)
        assert told.place == (len(told.reasons) + 1 if told.program else None)
        for program, reason in zip(chosen, told.reasons, strict=False):
            assert reason.values["program"] == program
            assert reason.code.removesuffix("_by_lot") == _plainly(plain, ours, told, program)
            if "rank" in reason.values:
                ranking = plain.rankings[program]
                assert ranking.index(told.candidate) + 1 == reason.values["rank"]
            if "last" in reason.values:
                assert reason.values["rank"] > reason.values["last"]
                last = plain.rankings[program][reason.values["last"] - 1]
                assert ours[last] == program
                tie = _said(plain, program, last) == _said(plain, program, told.candidate)
                assert tie == reason.code.endswith("_by_lot")


def _plainly(plain: Plain, ours: dict, told: rounds.ForCandidate, program: str) -> str:
    person, entry = plain.people[told.candidate], plain.programs[program]
    if program in person.get("barred", {}):
        return person["barred"][program]
    if told.candidate not in plain.rankings[program]:
        return "not_ranked"
    limits = entry.get("limits", {"by": "kind", "at_most": {}})
    group = person["groups"][limits["by"]]
    of_group = [
        each for each in plain.held(ours, program)
        if plain.people[each]["groups"][limits["by"]] == group
    ]  # fmt: skip
    most = limits["at_most"].get(group)
    if most is not None and len(of_group) == most:
        return "group_full" if most else "group_closed"
    assert len(plain.held(ours, program)) == entry["seats"]
    return "full" if entry["seats"] else "no_seats"


def _said(plain: Plain, program: str, person: str) -> object:
    entry = plain.programs[program]
    if "scores" in entry:
        return entry["scores"][person]
    return next(
        place for place, level in enumerate(entry["ranking"])
        if person == level or (isinstance(level, list) and person in level)
    )  # fmt: skip


@few
@given(files())
def test_what_is_said_of_a_program_adds_up(data):
    plain, ours = Plain(data), outcome(data)
    made = rounds.files.read(data)
    for told in rounds.Explainer(made, rounds.certify(made, ours)).programs():
        held = plain.held(ours, told.program)
        assert {person for person, _rank in told.admitted} == held
        for person, rank in told.admitted:
            assert plain.rankings[told.program][rank - 1] == person
        said = {reason.code: reason.values for reason in told.reasons}
        free = plain.programs[told.program]["seats"] - len(held)
        assert any(code.startswith("seats_left") or code == "nobody_able" for code in said) == (
            free > 0
        )
        last = max((rank for _person, rank in told.admitted), default=0)
        before = plain.rankings[told.program][:last]
        better = sum(
            plain.place(person, ours[person]) < plain.place(person, told.program)
            for person in before
        )
        assert said.get("elsewhere", {"count": 0})["count"] == better


# --- the planner's alternative ------------------------------------------------------------------
@few
@given(files(people=4, programs=3))
def test_the_planner_finds_the_largest_total_there_is(data):
    for entry in data["programs"]:  # scores on one scale
        ranked = [key for level in entry.pop("ranking", []) for key in
                  (level if isinstance(level, list) else [level])]  # fmt: skip
        entry.setdefault("scores", {key: (n % 4 + 1) / 4 for n, key in enumerate(ranked)})
    plain, made = Plain(data), rounds.files.read(data)

    def total(assignment: dict) -> float:
        return sum(
            plain.programs[own]["scores"][person] for person, own in assignment.items() if own
        )

    stable, planned = rounds.assign(made), rounds.planner.plan(made)
    most = max(total(each) for each in plain.assignments() if plain.is_feasible(each))
    assert plain.is_feasible(planned.by_id(made))
    assert total(planned.by_id(made)) == pytest.approx(most)
    compared = rounds.planner.compare(made, stable, planned)
    assert compared.planned.total == pytest.approx(most)
    assert compared.stable.blocking_pairs == 0
    against = certified(data, planned.by_id(made))
    assert compared.planned.blocking_pairs == len(against)
    worse = [
        person for person in plain.people
        if plain.place(person, planned.by_id(made)[person])
        > plain.place(person, stable.by_id(made)[person])
    ]  # fmt: skip
    assert compared.worse_off == len(worse)


def test_the_planners_total_can_cost_a_candidate_their_seat():
    data = a_round({"a": ["p"], "b": ["p", "q"]}, {"p": (1, []), "q": (1, [])})
    for entry, scores in zip(data["programs"], [{"a": 0.6, "b": 0.9}, {"b": 0.8}], strict=True):
        del entry["ranking"]
        entry["scores"] = scores
    made = rounds.files.read(data)
    compared = rounds.planner.compare(made, rounds.assign(made), rounds.planner.plan(made))
    assert (compared.stable.total, compared.planned.total) == (0.9, pytest.approx(1.4))
    assert (compared.stable.matched, compared.planned.matched) == (1, 2)
    assert (compared.planned.blocking_pairs, compared.worse_off, compared.better_off) == (1, 1, 1)


def test_the_planner_does_not_add_up_two_scales():
    data = a_round({"a": ["p", "q"]}, {"p": (1, ["a"]), "q": (1, [])})
    del data["programs"][1]["ranking"]
    data["programs"][1]["scores"] = {"a": 80}
    with pytest.raises(rounds.BadRound, match="one scale"):
        rounds.planner.plan(rounds.files.read(data))


# --- the house ----------------------------------------------------------------------------------
def test_the_core_runs_without_django():
    script = (
        "import sys; import corridor.matching.rounds;"
        "sys.exit(any(name.split('.')[0] in ('django', 'ortools') for name in sys.modules))"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", script], cwd=root, check=False)
    assert done.returncode == 0
