"""Days of a stay by route: what counts, what is the last day, and when a warning is due."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor import rules
from corridor.rules import stays
from corridor.rules.stays import Stay, clashes, days_present

D = date
DAYS = st.dates(D(2024, 1, 1), D(2028, 12, 31))


@st.composite
def told(draw: st.DrawFn) -> Stay:
    entered = draw(DAYS)
    leaves = draw(st.none() | st.integers(0, 400).map(lambda n: entered + timedelta(days=n)))
    left = draw(st.none() | st.integers(0, 400).map(lambda n: entered + timedelta(days=n)))
    route = draw(st.sampled_from(["vwp_esta", "b1_installer", "l1b", "e2", "j1_intern", ""]))
    until = draw(st.none() | st.integers(0, 900).map(lambda n: entered + timedelta(days=n)))
    return Stay(route, entered, leaves, left, until)


def one_by_one(held: list[Stay], day: date, window: int) -> int:
    """The same count by walking the calendar: the slow and obvious way."""
    return sum(
        any(
            each.entered <= at and (each.left is None or at <= each.left)
            for each in held
        )
        for at in (day - timedelta(days=back) for back in range(window))
    )


def test_the_day_of_entry_and_the_day_of_exit_both_count() -> None:
    stay = Stay("vwp_esta", D(2026, 3, 1), left=D(2026, 3, 1))
    assert rules.count_stay(stay, day=D(2026, 3, 1)).day == 1
    stay = Stay("vwp_esta", D(2026, 3, 1), left=D(2026, 3, 10))
    assert rules.count_stay(stay, day=D(2026, 6, 1)).day == 10


def test_a_visit_without_a_visa_ends_on_its_ninetieth_day() -> None:
    stay = Stay("vwp_esta", D(2026, 3, 1))
    on = rules.count_stay(stay, day=D(2026, 5, 29))
    assert (on.day, on.last, on.left, on.by, on.state) == (90, D(2026, 5, 29), 0, "law", "near")
    after = rules.count_stay(stay, day=D(2026, 5, 30))
    assert (after.day, after.left, after.state) == (91, -1, "over")
    assert on.limit is not None and on.limit.backing.citation.startswith("8 USC 1187")


def test_the_date_of_the_form_holds_where_it_is_earlier_and_never_lengthens_ninety_days() -> None:
    early = Stay("vwp_esta", D(2026, 3, 1), admit_until=D(2026, 4, 1))
    assert rules.count_stay(early, day=D(2026, 3, 2)).last == D(2026, 4, 1)
    late = Stay("vwp_esta", D(2026, 3, 1), admit_until=D(2026, 9, 1))
    assert rules.count_stay(late, day=D(2026, 3, 2)).last == D(2026, 5, 29)


def test_an_unknown_date_of_the_form_is_told_as_unknown_and_not_guessed() -> None:
    found = rules.count_stay(Stay("b1_installer", D(2026, 3, 1)), day=D(2026, 3, 2))
    assert (found.last, found.left, found.by, found.state) == (None, None, "", "unknown")
    assert found.longest == D(2027, 2, 28)
    assert found.limit is not None and "I-94" in found.limit.look("en")
    none = rules.count_stay(Stay("j1_intern", D(2026, 3, 1)), day=D(2026, 3, 2))
    assert (none.limit, none.longest, none.state) == (None, None, "unknown")


def test_an_extension_may_lengthen_a_visit_but_not_a_total() -> None:
    b1 = Stay("b1_installer", D(2026, 3, 1), admit_until=D(2027, 6, 1))
    assert rules.count_stay(b1, day=D(2026, 3, 2)).last == D(2027, 6, 1)
    before = Stay("l1b", D(2020, 1, 10), left=D(2022, 1, 9))
    l1 = Stay("l1b", D(2024, 5, 1), admit_until=D(2027, 4, 30))
    found = rules.count_stay(l1, day=D(2024, 5, 2), earlier=[before])
    assert (found.last, found.by) == (D(2025, 1, 9), "law")


@pytest.mark.parametrize(
    ("left", "step"), [(31, None), (30, 30), (15, 30), (14, 14), (7, 7), (0, 7), (-1, 0)]
)
def test_warnings_come_at_thirty_fourteen_and_seven_days_and_after_the_last(left, step) -> None:
    day = D(2026, 5, 1)
    assert stays.warning(day + timedelta(days=left), day) == step


def test_two_stays_of_one_traveler_may_touch_and_never_overlap() -> None:
    first = Stay("vwp_esta", D(2026, 1, 1), left=D(2026, 2, 1))
    assert not clashes(Stay("b1_installer", D(2026, 2, 1)), [first])
    assert clashes(Stay("b1_installer", D(2026, 1, 31)), [first]) == [first]
    endless = Stay("e2", D(2026, 3, 1))
    assert clashes(Stay("e2", D(2026, 5, 1)), [endless]) == [endless]


@given(st.lists(told(), max_size=6), DAYS, st.integers(1, 500))
def test_days_in_a_window_are_those_of_the_calendar(held, day, window) -> None:
    assert days_present(held, day=day, window=window) == one_by_one(held, day, window)


@given(told(), DAYS)
def test_the_counter_agrees_with_the_calendar(stay, day) -> None:
    found = rules.count_stay(stay, day=day)
    assert found.day == one_by_one([stay], day, 4000)
    assert found.day <= rules.count_stay(stay, day=day + timedelta(days=1)).day <= found.day + 1
    if found.last is not None:
        assert found.left == (found.last - day).days
        assert stay.admit_until is None or found.last <= stay.admit_until
    if found.state == "over":
        assert found.bound is not None and day > found.bound
        assert stay.left is None or stay.left > day


@given(st.lists(told(), max_size=8))
def test_stays_that_are_let_in_one_by_one_hold_no_day_twice_but_a_day_of_travel(given_) -> None:
    held: list[Stay] = []
    for each in given_:
        if not clashes(each, held):
            held.append(each)
    ends = [(each.entered, each.end or date.max) for each in sorted(held, key=lambda s: s.entered)]
    for (_entered, end), (entered, _end) in pairwise(ends):
        assert end <= entered


@given(st.lists(told(), max_size=6))
def test_a_clash_is_the_same_from_both_sides(held) -> None:
    for one in held:
        for other in held:
            if one is not other:
                assert bool(clashes(one, [other])) == bool(clashes(other, [one]))


def test_a_visit_without_a_visa_alone_is_said_not_to_extend() -> None:
    assert {each.id for each in rules.stay_limits().values() if not each.extends} == {"vwp_esta"}


def test_every_route_with_a_limit_cites_it() -> None:
    limits = rules.stay_limits()
    assert {"vwp_esta", "b1_installer", "h2b", "l1a", "l1b", "e2"} <= set(limits)
    for limit in limits.values():
        assert limit.backing.citation and limit.note("ko") and limit.look("en")
