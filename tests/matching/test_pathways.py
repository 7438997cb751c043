"""Many pairs at once get the verdicts that one pair gets."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from corridor import rules
from corridor.matching import dated, pathways
from corridor.matching.facts import PERSONAL, History, Study
from tests.rules.drawing import CASES, VALUES

DAY = date(2026, 11, 23)
SPAN = st.integers(-1500, 1500).map(lambda days: DAY + timedelta(days=days))
STUDY = st.builds(
    Study, st.integers(0, 4), st.booleans(), st.sampled_from(["enrolled", "graduated", "leave"]),
    st.none() | SPAN,
)  # fmt: skip
PERIODS = st.lists(
    st.tuples(SPAN, st.integers(-10, 2500)).map(
        lambda spell: (spell[0], None if spell[1] < 0 else spell[0] + timedelta(days=spell[1]))
    ),
    max_size=3,
).map(tuple)
MAJORS = st.sets(st.sampled_from(["mechanical", "electrical"]), max_size=2).map(frozenset)
HISTORY = st.builds(
    History, st.lists(STUDY, max_size=3).map(tuple), PERIODS, PERIODS, st.booleans(), MAJORS,
    PERIODS,
)
STARTS = st.lists(st.none() | SPAN, min_size=1, max_size=6, unique=True)


@settings(max_examples=400, deadline=None)
@given(histories=st.lists(HISTORY, min_size=1, max_size=3), starts=STARTS)
@example([History((), ((date(2030, 12, 31), None),), (), True, frozenset())], [None])
def test_a_history_says_of_many_starts_what_it_says_of_each(
    histories: list[History], starts: list[date | None]
) -> None:
    starts += [
        turn + timedelta(days=by)
        for turn in dated.turns(histories[0], day=DAY) for by in (-1, 0, 1)
        if turn + timedelta(days=by) not in starts
    ]  # fmt: skip
    for asked in (starts[:2], starts):  # few are looked up each for itself
        which, found = dated.over(histories, asked, day=DAY)
        for i, history in enumerate(histories):
            for j, start in enumerate(asked):
                assert found[which[i, j]] == history.at(start, day=DAY), start


def side(names: tuple[str, ...], facts: dict[str, object]) -> dict[str, object]:
    return {n: v for n, v in facts.items() if n.startswith(names) and n not in PERSONAL}


KNOWN = st.builds(
    lambda case, more: case.facts | more,
    st.sampled_from(CASES),
    st.fixed_dictionaries(
        {},
        optional={
            name: st.sampled_from(VALUES[name])
            for name in ("candidate.nationality", "candidate.toeic", "program.start_date",
                         "program.duration_months", "program.clerical_share_pct")
        },
    ),
)  # fmt: skip
CANDIDATE = st.builds(
    pathways.CandidateSide,
    KNOWN.map(lambda facts: side(("candidate.", "program.insurance"), facts)), HISTORY,
)  # fmt: skip
PROGRAM = st.builds(
    pathways.ProgramSide, st.sampled_from(rules.KINDS),
    KNOWN.map(lambda facts: side(("program.", "system."), facts)), MAJORS,
    st.sampled_from([False, False, False, True]),
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(
    people=st.lists(CANDIDATE, min_size=1, max_size=4),
    posts=st.lists(PROGRAM, min_size=1, max_size=4),
)
def test_many_pairs_are_judged_as_each_is(
    people: list[pathways.CandidateSide], posts: list[pathways.ProgramSide]
) -> None:
    many = posts * (1 + pathways.FEW // len(posts))
    found = pathways.best(people, many, day=DAY)
    ready = pathways.best(people, pathways.Posted.of(many), day=DAY)
    assert (found.codes == ready.codes).all() and (found.pathways == ready.pathways).all()
    for i, person in enumerate(people):
        few = pathways.best([person], posts, day=DAY)
        row = pathways.best([person], many * 4, day=DAY)
        for j in range(len(posts)):
            assert found.of(i, j) == few.of(0, j) == row.of(0, j), (posts[j].kind, j)
    crowd = people * (1 + pathways.FEW // len(people))
    for j, post in enumerate(posts):
        column = pathways.best(crowd, [post], day=DAY)
        for i in range(len(people)):
            assert found.of(i, j) == column.of(i, 0), (post.kind, i)


def test_no_visa_is_asked_of_an_american_or_for_training_in_korea() -> None:
    nobody = History((), (), (), False, frozenset())
    people = [
        pathways.CandidateSide({"candidate.nationality": country}, nobody)
        for country in ("KR", "US") * 40
    ]
    posts = [pathways.ProgramSide("training", {}, frozenset(), in_korea) for in_korea in (0, 1)]
    found = pathways.best(people, posts, day=DAY)
    needed = np.array([[found.of(i, j) != pathways.NOT_NEEDED for j in (0, 1)] for i in (0, 1)])
    assert needed.tolist() == [[True, False], [False, False]]
