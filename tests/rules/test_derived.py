"""What follows from facts, against counting day by day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor import rules
from corridor.rules.derived import (
    LONGEST_STAY,
    PERMIT_AGE,
    add_months,
    age_by_year,
    days_in_window,
    full_months_employed,
    months_between,
    share_along,
    substantial_presence_days,
)

TODAY = date(2026, 11, 23)
DATES = st.dates(date(2020, 1, 1), date(2030, 12, 31))
DAY = timedelta(days=1)


@st.composite
def periods(draw: st.DrawFn) -> list[tuple[date, date | None]]:
    """A few stays or jobs in any order: apart, adjoining, overlapping, one of them going on."""
    made: list[tuple[date, date | None]] = []
    for _ in range(draw(st.integers(0, 5))):
        first = draw(st.dates(date(2023, 1, 1), date(2027, 6, 30)))
        made.append((first, first + draw(st.integers(0, 500)) * DAY))
    if made and draw(st.booleans()):
        made[-1] = (made[-1][0], None)
    if len(made) > 1 and draw(st.booleans()):  # adjoining
        last = made[0][1] or TODAY
        made[1] = (last + DAY, last + draw(st.integers(1, 300)) * DAY)
    return made


def days_of(stays: list[tuple[date, date | None]], end: date) -> set[date]:
    """Each day of the stays up to `end`."""
    return {
        first + by * DAY
        for first, last in stays
        for by in range(((min(last, end) if last else end) - first).days + 1)
    }


# Months.


@given(earlier=DATES, later=DATES)
def test_months_between_are_the_fewest_that_reach_the_later_day(earlier: date, later: date) -> None:
    months = months_between(earlier, later)
    assert add_months(earlier, months) >= later
    assert months == 0 or add_months(earlier, months - 1) < later


@given(day=DATES, months=st.integers(0, 90))
def test_an_anniversary_is_that_many_months_later_and_the_day_after_is_more(
    day: date, months: int
) -> None:
    then = add_months(day, months)
    assert months_between(day, then) == months
    assert months_between(day, then + DAY) == months + 1


@given(day=DATES, a=st.integers(0, 40), b=st.integers(0, 40))
def test_months_keep_their_order(day: date, a: int, b: int) -> None:
    assert (add_months(day, a) <= add_months(day, b)) is (a <= b)


@given(start=DATES, days=st.integers(1, 2000))
def test_months_of_a_dated_stay_are_those_of_the_calendar(start: date, days: int) -> None:
    facts = {"program.start_date": start, "program.duration_days": days}
    months = rules.completed(facts, day=TODAY)["program.duration_months"]
    assert months == months_between(start, start + days * DAY)


@given(start=DATES, days=st.integers(1, 2000))
def test_an_undated_stay_is_never_called_longer_than_it_can_be(start: date, days: int) -> None:
    undated = rules.completed({"program.duration_days": days}, day=TODAY)["program.duration_months"]
    assert undated <= months_between(start, start + days * DAY) <= undated + 1


@given(start=DATES, months=st.integers(1, 60))
def test_days_of_a_dated_stay_lead_back_to_its_months(start: date, months: int) -> None:
    facts = {"program.start_date": start, "program.duration_months": months}
    days = rules.completed(facts, day=TODAY)["program.duration_days"]
    again = {"program.start_date": start, "program.duration_days": days}
    assert rules.completed(again, day=TODAY)["program.duration_months"] == months


@given(months=st.integers(1, 60).filter(lambda months: months != 3), start=DATES)
def test_days_guessed_without_a_start_lie_on_the_right_side_of_ninety(
    months: int, start: date
) -> None:
    guessed = rules.completed({"program.duration_months": months}, day=TODAY)
    dated = rules.completed(
        {"program.duration_months": months, "program.start_date": start}, day=TODAY
    )
    sides = {facts["program.duration_days"] <= 90 for facts in (guessed, dated)}
    assert len(sides) == 1


# Employment abroad: one continuous year in three.


def longest_run_by_days(jobs: list[tuple[date, date | None]], until: date, window: int) -> int:
    """Full months of the longest unbroken run of employed days, counted one day at a time."""
    begin = add_months(until, -window)
    employed = {day for day in days_of(jobs, until) if begin <= day}
    best = 0
    for first in (day for day in employed if day - DAY not in employed):
        after = first
        while after in employed:
            after += DAY
        months = 0
        while add_months(first, months + 1) <= after:
            months += 1
        best = max(best, months)
    return best


@settings(max_examples=60, deadline=None)
@given(jobs=periods(), until=st.dates(date(2025, 1, 1), date(2027, 12, 31)))
def test_full_months_employed_are_those_of_the_longest_unbroken_run(
    jobs: list[tuple[date, date | None]], until: date
) -> None:
    assert full_months_employed(jobs, until=until) == longest_run_by_days(jobs, until, 36)


@given(jobs=periods(), first=st.dates(date(2023, 1, 1), TODAY), days=st.integers(0, 400))
def test_a_job_more_never_shortens_the_run(
    jobs: list[tuple[date, date | None]], first: date, days: int
) -> None:
    more = [*jobs, (first, first + days * DAY)]
    assert full_months_employed(more, until=TODAY) >= full_months_employed(jobs, until=TODAY)


def test_a_single_day_between_two_jobs_breaks_the_year() -> None:
    first, second = (date(2025, 1, 1), date(2025, 6, 30)), (date(2025, 7, 2), date(2026, 1, 1))
    assert full_months_employed([first, second], until=TODAY) == 6
    joined = (date(2025, 7, 1), date(2026, 1, 1))
    assert full_months_employed([first, joined], until=TODAY) == 12


def test_twelve_months_are_full_on_the_last_day_and_not_the_day_before() -> None:
    assert full_months_employed([(date(2025, 3, 1), date(2026, 2, 28))], until=TODAY) == 12
    assert full_months_employed([(date(2025, 3, 1), date(2026, 2, 27))], until=TODAY) == 11


# Days in a rolling window.


@settings(max_examples=100, deadline=None)
@given(
    stays=periods(),
    end=st.dates(date(2025, 1, 1), date(2027, 12, 31)),
    window=st.integers(1, 730),
)
def test_days_in_a_window_are_counted_once_each(
    stays: list[tuple[date, date | None]], end: date, window: int
) -> None:
    begin = end - (window - 1) * DAY
    present = {day for day in days_of(stays, end) if begin <= day <= end}
    assert days_in_window(stays, end=end, window_days=window) == len(present)


def test_the_first_and_the_last_day_of_the_window_count_and_their_neighbors_do_not() -> None:
    end = date(2026, 12, 31)
    for day, counted in (
        (date(2026, 1, 1), 1),
        (date(2025, 12, 31), 0),
        (date(2026, 12, 31), 1),
        (date(2027, 1, 1), 0),
    ):
        assert days_in_window([(day, day)], end=end, window_days=365) == counted


def test_the_day_of_arrival_and_the_day_of_departure_both_count() -> None:
    assert days_in_window([(date(2026, 3, 2), date(2026, 3, 4))], end=TODAY, window_days=365) == 3


def test_presence_over_three_years_is_weighted_as_the_tax_code_does() -> None:
    stays = [(date(year, 1, 1), date(year, 4, 30)) for year in (2023, 2025, 2026)]
    assert substantial_presence_days(stays, 2026) == pytest.approx(120 + 120 / 3)
    leap = [(date(year, 1, 1), date(year, 4, 30)) for year in (2024, 2025, 2026)]
    assert substantial_presence_days(leap, 2026) == pytest.approx(120 + 120 / 3 + 121 / 6)


# Ownership.


PERCENT = st.integers(0, 100)


@given(chains=st.lists(st.lists(PERCENT, min_size=1, max_size=4), max_size=4))
def test_a_share_is_at_most_the_smallest_holding_of_each_chain(chains: list[list[int]]) -> None:
    share = share_along(chains)
    assert -1e-9 <= share <= sum(min(chain) for chain in chains) + 1e-9


@given(chain=st.lists(PERCENT, min_size=1, max_size=4))
def test_a_holding_held_wholly_changes_no_share(chain: list[int]) -> None:
    assert share_along([[*chain, 100]]) == pytest.approx(share_along([chain]))


@given(chains=st.lists(st.lists(PERCENT, min_size=1, max_size=3), min_size=1, max_size=4))
def test_the_order_of_holdings_does_not_matter(chains: list[list[int]]) -> None:
    turned = [list(reversed(chain)) for chain in reversed(chains)]
    assert share_along(turned) == pytest.approx(share_along(chains))


def test_halves_that_add_up_to_half_are_half_in_spite_of_rounding() -> None:
    facts = {"program.korean_ownership_chains": ((70.0, 30.0), (29.0, 100.0))}
    owned = "derived.enterprise_owned_by_treaty_nationals_pct"
    assert rules.completed(facts, day=TODAY)[owned] == 50


# The travel permit's two questions.


@given(born=st.integers(1980, 2010), start=DATES, days=st.integers(1, 800))
def test_age_is_counted_by_the_year_in_which_the_stay_ends(
    born: int, start: date, days: int
) -> None:
    facts = {
        "candidate.birth_year": born,
        "program.start_date": start,
        "program.duration_days": days,
    }
    age = rules.completed(facts, day=TODAY)["derived.korean_age_year_minus_birth"]
    assert age == age_by_year(born, (start + days * DAY).year)


@given(born=st.integers(1980, 2015), days=st.integers(1, 800), wait=st.integers(0, 800))
def test_what_is_said_of_a_stay_that_nobody_has_dated_holds_whenever_it_begins(
    born: int, days: int, wait: int
) -> None:
    """Of the permit age; the longest wait and stay drawn lie within the longest stay there is."""
    stay = {"candidate.birth_year": born, "program.duration_days": days}
    undated = rules.completed(stay, day=TODAY).get("derived.korean_age_year_minus_birth")
    dated = rules.completed(stay | {"program.start_date": TODAY + wait * DAY}, day=TODAY)
    if undated is not None:
        age = dated["derived.korean_age_year_minus_birth"]
        assert (undated >= PERMIT_AGE) is (age >= PERMIT_AGE)


def test_the_longest_stay_is_that_of_the_pathway_that_allows_most() -> None:
    assert max(each.max_months or 0 for each in rules.pathways()) == LONGEST_STAY


@given(permit=DATES, start=DATES, days=st.integers(1, 800))
def test_a_permit_covers_a_stay_to_its_last_day_or_not_at_all(
    permit: date, start: date, days: int
) -> None:
    facts = {
        "candidate.permit_expiry": permit,
        "program.start_date": start,
        "program.duration_days": days,
    }
    assert rules.completed(facts, day=TODAY)["derived.permit_covers_stay"] is (
        permit >= start + days * DAY
    )


@given(permit=DATES, start=DATES)
def test_a_permit_covers_no_stay_of_unknown_length(permit: date, start: date) -> None:
    facts = {"candidate.permit_expiry": permit, "program.start_date": start}
    covers = rules.completed(facts, day=TODAY).get("derived.permit_covers_stay")
    assert covers is (False if permit < start else None)


@pytest.mark.parametrize(
    ("fact", "given_value", "sources"),
    [
        ("derived.korean_age_year_minus_birth", 31, {"candidate.birth_year": 2003}),
        ("derived.permit_covers_stay", False, {"candidate.permit_expiry": date(2030, 1, 1)}),
        ("program.duration_months", 2, {"program.duration_days": 300}),
    ],
)
def test_what_is_given_is_never_overwritten_by_what_follows(
    fact: str, given_value: Any, sources: dict[str, Any]
) -> None:
    assert rules.completed(sources | {fact: given_value}, day=TODAY)[fact] is given_value
