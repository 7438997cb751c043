"""Facts that follow from other facts. Each is computed only where nobody gave it directly."""

from __future__ import annotations

import math
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from corridor.rules.errors import WrongType


def months_between(earlier: date, later: date) -> int:
    """Calendar months from `earlier` to `later`, a part of a month counted whole; 0 if not later.

    So "no more than 12 months" holds on the anniversary and fails the day after
    (22 CFR 62.22(d)(3) counts to the program's begin date).
    """
    if later <= earlier:
        return 0
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    return months + (later > add_months(earlier, months))


def add_months(day: date, months: int) -> date:
    """The same day of the month `months` later, or that month's last day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def age_by_year(birth_year: int, year: int) -> int:
    """The age that Korean military law counts: the year minus the birth year."""
    return year - birth_year


def full_months_employed(
    periods: Iterable[tuple[date, date | None]], *, until: date, window_months: int = 36
) -> int:
    """Full months of the longest unbroken employment inside the window that ends on `until`.

    `periods` are first and last day (None: still employed) with qualifying employers abroad;
    adjoining periods count as one (8 CFR 214.2(l)(3)(iii): one continuous year in three).
    """
    start_of_window = add_months(until, -window_months)
    best, run_start, run_end = 0, None, None
    for first, last in sorted((a, b or until) for a, b in periods):
        first, last = max(first, start_of_window), min(last, until)
        if last < first:
            continue
        if run_end is not None and first <= run_end + timedelta(days=1):
            run_end = max(run_end, last)
        else:
            run_start, run_end = first, last
        assert run_start is not None
        months = (run_end.year - run_start.year) * 12 + run_end.month - run_start.month
        after = run_end + timedelta(days=1)
        months = max(m for m in range(months + 2) if add_months(run_start, m) <= after)
        best = max(best, months)
    return best


def share_along(chains: Iterable[Sequence[float]]) -> float:
    """Percent owned through chains of holdings: percents multiplied along, summed across.

    A Korean parent with 80 % of a holding that has 60 % of the U.S. firm holds 48 %.
    """
    return sum(math.prod(percent / 100 for percent in chain) * 100 for chain in chains)


def completed(facts: Mapping[str, Any], day: date) -> dict[str, Any]:
    """`facts` with what follows from them on `day`; nothing given is overwritten.

    Raises WrongType where two given facts contradict each other.
    """
    made = dict(facts)
    start: date | None = made.get("program.start_date")
    if start is None:
        start = made.get("derived.target_start")
    elif made.setdefault("derived.target_start", start) != start:
        raise WrongType("derived.target_start", f"contradicts program.start_date ({start})")
    _duration(made, start)
    end = _end(made, start)
    graduated: date | None = made.get("candidate.graduation_date")
    if graduated is not None and start is not None:
        made.setdefault(
            "derived.months_between_graduation_and_start", months_between(graduated, start)
        )
    birth_year = made.get("candidate.birth_year")
    if birth_year is not None:
        last = end or start or day  # a stay that reaches the year of 25 needs the permit too
        made.setdefault(
            "derived.korean_age_year_minus_birth", age_by_year(int(birth_year), last.year)
        )
    permit: date | None = made.get("candidate.permit_expiry")
    if permit is not None and (end or start):
        made.setdefault("derived.permit_covers_stay", permit >= (end or start or day))
    return made


def _duration(made: dict[str, Any], start: date | None) -> None:
    """Months from days and days from months; left unknown where the 90-day line is unclear."""
    months, days = made.get("program.duration_months"), made.get("program.duration_days")
    if months is None and days is not None:
        made["program.duration_months"] = math.ceil(days / 30.5)
    elif days is None and months is not None:
        if start is not None and float(months).is_integer():
            made["program.duration_days"] = (add_months(start, int(months)) - start).days
        elif months < 2.9 or months > 3.1:  # three months are 89 to 92 days
            made["program.duration_days"] = math.ceil(months * 30.5)


def _end(made: Mapping[str, Any], start: date | None) -> date | None:
    if start is None:
        return None
    if (days := made.get("program.duration_days")) is not None:
        return start + timedelta(days=math.ceil(days))
    return None
