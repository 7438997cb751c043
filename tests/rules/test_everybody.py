"""Everybody with everything at once: the same verdicts as one pair after the other."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor import rules
from corridor.rules.columns import Coder, FactTable
from corridor.rules.crossed import Crossed, Given, by_class, joint
from corridor.rules.derived import DERIVATIONS, completed
from corridor.rules.everybody import DISPLAYS, Verdicts, assess_all
from corridor.rules.verdicts import VERDICTS
from tests.rules import legal_cases
from tests.rules.drawing import DAYS, FACTS, VALUES

FIRST = date(2026, 12, 1)
SOURCES: dict[str, list[Any]] = {  # what other facts follow from
    **{name: VALUES[name] for each in DERIVATIONS for name in each.sources if name in VALUES},
    "program.start_date": [FIRST + timedelta(days=days) for days in (0, 90, 91, 304, 305, 396)],
    "program.duration_days": [20, 90, 91, 365],
    "program.duration_months": [2.5, 3, 12, 18],
    "candidate.graduation_date": [FIRST - timedelta(days=days) for days in (0, 62, 275, 400)],
    "candidate.birth_year": [1998, 2001, 2002, 2003, 2004],
    "candidate.permit_expiry": [FIRST + timedelta(days=days) for days in (60, 300, 460, 900)],
}
FOLLOWING = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from(values) for name, values in SOURCES.items()}
)
OF_EXIT = {
    "candidate.nationality": "KR", "candidate.sex": "M", "candidate.military_status": "pending",
}  # fmt: skip
SIDE = st.builds(
    lambda rules_read, following, young, drop: {
        name: value for name, value in (rules_read | following | young).items() if name not in drop
    },
    FACTS, FOLLOWING, st.sampled_from([{}, {}, OF_EXIT]),
    st.sets(st.sampled_from([each.fact for each in DERIVATIONS])),
)  # fmt: skip


def table(facts: list[dict[str, Any]]) -> FactTable:
    return FactTable.of(facts)


def everybody(
    people: list[dict[str, Any]], programs: list[dict[str, Any]], day: date, **more: Any
) -> Verdicts:
    return assess_all(table(people), table(programs), day=day, **more)


def assert_as_one_by_one(
    found: Verdicts, pairs: dict[tuple[int, int], dict[str, Any]], day: date
) -> None:
    """`pairs`: the facts of the pairs to compare."""
    rows, columns = np.arange(found.shape[0]), np.arange(found.shape[1])
    displays = {name: found.display(name, rows, columns) for name in found.left}
    names = list(found.left)
    best = {
        kind: found.best(rows, columns, kinds={kind: columns} if kind else None)
        for kind in (None, *rules.KINDS)
    }
    for (i, j), facts in pairs.items():
        plain = rules.assess(facts, day=day)
        assert found.of(i, j) == {each.pathway: each.verdict for each in plain.verdicts}
        for each in plain.verdicts:
            assert DISPLAYS[displays[each.pathway][i, j]] == each.display, each.pathway
        for kind in (None, rules.KINDS[(i + j) % len(rules.KINDS)]):
            shown, which = best[kind]
            first = rules.assess(facts, day=day, kind=kind).best
            assert first is not None
            assert names[which[i, j]] == first.pathway, kind
            assert DISPLAYS[shown[i, j]] == first.display, kind


def assert_counted(found: Verdicts) -> None:
    rows, columns = np.arange(found.shape[0]), np.arange(found.shape[1])
    for name, counts in found.counts().items():
        each = np.bincount(found.verdicts(name, rows, columns).ravel(), minlength=len(VERDICTS))
        assert counts == dict(zip(VERDICTS, each.tolist(), strict=True)), name


def pairs_of(
    people: list[dict[str, Any]], programs: list[dict[str, Any]], day: date
) -> dict[tuple[int, int], dict[str, Any]]:
    """The facts of each pair, but for those that contradict each other."""
    made = {}
    for i, person in enumerate(people):
        for j, program in enumerate(programs):
            try:
                completed({**person, **program}, day)
            except rules.WrongType:
                continue
            made[i, j] = {**person, **program}
    return made


@settings(max_examples=120, deadline=None)
@given(
    people=st.lists(SIDE, min_size=1, max_size=2),
    programs=st.lists(SIDE, min_size=1, max_size=2),
    day=DAYS,
)
def test_any_facts_on_either_side_give_the_verdicts_of_one_pair_after_the_other(
    people: list[dict[str, Any]], programs: list[dict[str, Any]], day: date
) -> None:
    found = everybody(people, programs, day)
    assert_as_one_by_one(found, pairs_of(people, programs, day), day)


@pytest.mark.parametrize("day", [date(2025, 9, 20), date(2026, 11, 23), date(2027, 10, 1)])
def test_the_person_of_every_legal_case_with_the_program_of_every_other(day: date) -> None:
    people, programs = [], []
    for case in legal_cases.read_all():
        person, program = {}, {}
        for name, value in case.facts.items():
            side = person if name.startswith(("candidate.", "derived.")) else program
            side[name] = value
        person.pop("derived.target_start", None)
        people.append(person)
        programs.append(program)
    found = everybody(people, programs, day)
    places = np.random.default_rng(1).integers(0, len(people), (150, 2)).tolist()
    places += [[at, at] for at in range(day.month % 3, len(people), 3)]
    pairs = {(i, j): {**people[i], **programs[j]} for i, j in places}
    assert_as_one_by_one(found, pairs, day)
    assert_counted(found)
    counts = found.counts()
    assert sum(each["eligible"] > 0 for each in counts.values()) >= 12
    assert sum(each["conditional"] > 0 for each in counts.values()) >= 24


def crowd(rng: np.random.Generator, names: list[str], size: int) -> list[dict[str, Any]]:
    known = {**VALUES, **SOURCES}
    return [
        {
            name: known[name][rng.integers(len(known[name]))]
            for name in names if name in known and rng.random() < 0.7
        }
        for _ in range(size)
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
def test_many_are_counted_exactly(seed: int) -> None:
    rng = np.random.default_rng(seed)
    names = sorted({*VALUES, *SOURCES})
    mine = [name for name in names if name.startswith("candidate.")]
    theirs = [name for name in names if not name.startswith(("candidate.", "derived."))]
    people, programs = crowd(rng, mine, 300), crowd(rng, theirs, 120)
    day = date(2026, 11, 23)
    found = everybody(people, programs, day)
    assert_counted(found)
    some = {(i, j): {**people[i], **programs[j]} for i, j in rng.integers(0, 120, (60, 2)).tolist()}
    assert_as_one_by_one(found, some, day)


def test_what_only_a_permit_holds_back_is_counted_as_conditional() -> None:
    """Signatures of the exit rule are counted among the otherwise eligible alone."""
    ready = next(
        case for case in legal_cases.read_all()
        if "j1_intern" in case.expected and case.verdict("j1_intern") == "eligible"
        and case.exit is None
    )  # fmt: skip
    person = {n: v for n, v in ready.facts.items() if n.startswith(("candidate.", "derived."))}
    program = {n: v for n, v in ready.facts.items() if n not in person}
    person |= {"candidate.nationality": "KR", "candidate.sex": "M"}
    program.pop("program.duration_months", None)
    permits = [{}, *({"candidate.permit_expiry": day} for day in SOURCES["program.start_date"])]
    people = [
        person | {"candidate.birth_year": year, "candidate.military_status": status} | permit
        for year in range(1996, 2006) for status in ("pending", "completed") for permit in permits
    ]  # fmt: skip
    programs = [
        program | {"program.start_date": start, "program.duration_days": days}
        for start in SOURCES["program.start_date"] for days in (20, 200, 360)
    ]  # fmt: skip
    found = everybody(people, programs, ready.day)
    assert_counted(found)
    counts = found.counts()["j1_intern"]
    assert counts["eligible"] > 0 and counts["conditional"] > 0
    assert_as_one_by_one(
        found,
        {(i, j): {**people[i], **programs[j]} for i in range(0, 140, 9) for j in range(0, 18, 4)},
        ready.day,
    )


def test_facts_of_pairs_win_over_both_sides_or_fill_what_is_left() -> None:
    day = date(2026, 11, 23)
    track = "candidate.intern_track"
    people = [{track: "none"}, {}, {"program.clerical_share_pct": 50}]
    programs = [{"program.clerical_share_pct": 10}, {}]
    given_, filled = [{}, {track: "enrolled_fulltime_outside_us"}], [{}, {track: "none"}]
    which = np.array([[1, 0], [0, 1], [1, 0]])
    codes = np.arange(3), np.arange(2)
    found = everybody(
        people, programs, day,
        over=by_class(*codes, which, given_), under=by_class(*codes, 1 - which, filled),
    )  # fmt: skip
    pairs = {
        (i, j): filled[1 - which[i, j]] | people[i] | programs[j] | given_[which[i, j]]
        for i in range(3) for j in range(2)
    }  # fmt: skip
    assert_as_one_by_one(found, pairs, day)


def test_only_the_asked_pathways_are_judged() -> None:
    found = everybody([{}], [{}], date(2026, 11, 23), pathways=["j1_intern", "tn"])
    assert list(found.of(0, 0)) == ["j1_intern", "tn"]
    with pytest.raises(rules.UnknownPathway):
        everybody([{}], [{}], date(2026, 11, 23), pathways=["j1"])


def test_nobody_and_no_program_have_no_verdicts() -> None:
    for people, programs in (([], [{}]), ([{}], []), ([], [])):
        found = everybody(people, programs, date(2026, 11, 23))
        assert all(not any(each.values()) for each in found.counts().values())


def test_facts_by_column_are_those_of_the_registry_and_of_its_types() -> None:
    made = table([{}, *({"candidate.toeic": score} for score in (900, None, 900))])
    column = made.columns["candidate.toeic"]
    assert (made.size, column.values, column.codes.tolist()) == (4, (None, 900), [0, 1, 0, 1])
    with pytest.raises(rules.UnknownFact, match=r"candidate\.toeic"):
        table([{"candidate.toeik": 900}])
    with pytest.raises(rules.WrongType):
        table([{"candidate.english_verified": True}, {"candidate.english_verified": 1}])


CODES = st.integers(1, 4).flatmap(
    lambda size: st.tuples(
        st.one_of(
            st.none(),
            st.lists(st.integers(0, size - 1), min_size=6, max_size=6).map(
                lambda codes: np.array(codes, np.uint8)
            ),
        ),
        st.just(size),
    )
)


@given(st.lists(CODES, max_size=4))
def test_joint_classes_keep_every_part_apart(parts: list[tuple[Any, int]]) -> None:
    parts = [(codes, 1 if codes is None else size) for codes, size in parts]
    codes, places = joint(parts)
    for (part, _), place in zip(parts, places, strict=True):
        if part is not None:
            assert codes is not None
            assert place[codes].tolist() == part.tolist()


@given(
    st.lists(st.lists(st.integers(0, 2), min_size=3, max_size=3), min_size=4, max_size=4),
    st.lists(st.integers(0, 3), min_size=5, max_size=5),
    st.lists(st.integers(0, 2), min_size=5, max_size=5),
)
def test_merging_classes_keeps_every_value(
    cells: list[list[int]], rows: list[int], columns: list[int]
) -> None:
    whole = Crossed(np.array(rows), np.array(columns), np.array(cells, np.int32))
    at = np.arange(5)
    merged = whole.merged()
    expected = whole.block(at, at)
    assert np.broadcast_to(merged.block(at, at), (5, 5)).tolist() == expected.tolist()
    assert len(np.unique(merged.cells, axis=0)) == len(merged.cells)
    values = (None, "a", "b")
    other = Given(Crossed.everywhere(1), (None, "c"))
    filled = Given(whole, values).or_else(other)
    shown = np.broadcast_to(filled.table.block(at, at), (5, 5))
    assert [[filled.values[v] for v in row] for row in shown.tolist()] == [
        [values[v] or "c" for v in row] for row in expected.tolist()
    ]


@settings(max_examples=50, deadline=None)
@given(rows=st.lists(SIDE, min_size=1, max_size=6), data=st.data())
def test_rows_that_are_coded_once_make_the_table_that_their_facts_make(rows, data):
    by = Coder()
    coded = [by.coded(row) for row in rows]
    some = data.draw(st.lists(st.sampled_from(range(len(rows))), max_size=8))
    made, plain = by.table([coded[at] for at in some]), table([rows[at] for at in some])
    assert made.size == plain.size == len(some)
    assert _told(made) == _told(plain)


def _told(made: FactTable) -> dict[str, list[Any]]:
    return {
        name: [column.values[code] for code in column.codes]
        for name, column in made.columns.items()
    }
