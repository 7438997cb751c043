"""Facts that follow from other facts. Each is computed only where nobody gave it directly."""

from __future__ import annotations

import math
from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from operator import itemgetter
from typing import Any

from corridor.rules.errors import WrongType

Periods = Iterable[tuple[date, date | None]]  # first and last day; None: it goes on


def months_between(earlier: date, later: date) -> int:
    """Calendar months from `earlier` to `later`, a part of a month counted whole; 0 if not later.

    So "no more than 12 months" holds on the anniversary and fails the day after
    (22 CFR 62.22(d)(3) counts to the program's begin date).
    """
    if later <= earlier:
        return 0
    return _calendar_months(earlier, later) + (later.day > earlier.day)


def _calendar_months(earlier: date, later: date) -> int:
    return (later.year - earlier.year) * 12 + later.month - earlier.month


def add_months(day: date, months: int) -> date:
    """The same day of the month `months` later, or that month's last day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if day.day <= 28:
        return date(year, month + 1, day.day)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def age_by_year(birth_year: int, year: int) -> int:
    """The age that Korean military law counts: the year minus the birth year."""
    return year - birth_year


def full_months_employed(
    periods: Periods, *, until: date, window_months: int = 36
) -> int:
    """Full months of the longest unbroken employment inside the window that ends on `until`.

    `periods` are first and last day (None: still employed) with qualifying employers abroad;
    adjoining periods count as one (8 CFR 214.2(l)(3)(iii): one continuous year in three).
    """
    # A run judges a million histories, each by every start: hence no more than is needed.
    begin = _months_before(until, window_months)
    best, run_start, run_end = 0, begin, None
    for first, last in sorted(periods, key=_FIRST):
        if last is None or last > until:
            last = until
        if first < begin:
            first = begin
        if last < first:
            continue
        if run_end is None or first > run_end + _ONE_DAY:
            run_start, run_end = first, last
        elif last > run_end:
            run_end = last
        best = max(best, _full_months(run_start, run_end + _ONE_DAY))
    return best


_FIRST = itemgetter(0)
_ONE_DAY = timedelta(days=1)


@lru_cache(10_000)
def _months_before(day: date, months: int) -> date:
    return add_months(day, -months)


def _full_months(first: date, after: date) -> int:
    """The most months that, added to `first`, do not lead beyond `after`."""
    months = _calendar_months(first, after)
    if first.day > after.day and (after + _ONE_DAY).month == after.month:
        return months - 1
    return months


def days_in_window(stays: Periods, *, end: date, window_days: int) -> int:
    """Days present in the `window_days` that end on `end`, first and last day of a stay included.

    `stays` are first and last day (None: still there); a day in two of them counts once. Presence
    on any part of a day counts as that day, as in 26 USC 7701(b)(7)(A).
    """
    begin = end - timedelta(days=window_days - 1)
    days, seen = 0, begin - timedelta(days=1)
    for first, last in sorted((a, b or end) for a, b in stays):
        first, last = max(first, begin, seen + timedelta(days=1)), min(last, end)
        if last >= first:
            days += (last - first).days + 1
            seen = last
    return days


def substantial_presence_days(stays: Periods, year: int) -> float:
    """Weighted days of U.S. presence: those of `year`, a third of the year before's and a sixth of
    the one before that; 183 or more, with 31 or more in `year`, make a U.S. tax resident
    (26 USC 7701(b)(3)(A); exempt days of students and exchange visitors are not for this function).
    """
    def in_year(which: int) -> int:
        whole = (date(which, 12, 31) - date(which, 1, 1)).days + 1
        return days_in_window(stays, end=date(which, 12, 31), window_days=whole)

    return in_year(year) + in_year(year - 1) / 3 + in_year(year - 2) / 6


def share_along(chains: Iterable[Sequence[float]]) -> float:
    """Percent owned through chains of holdings: percents multiplied along, summed across.

    A Korean parent with 80 % of a holding that has 60 % of the U.S. firm holds 48 %.
    """
    return sum(math.prod(percent / 100 for percent in chain) * 100 for chain in chains)


@dataclass(frozen=True, slots=True)
class Derivation:
    """A fact that follows from others, the first of which must be known (not where `always`).
    `make` takes the day of the verdict and the sources' values in order, and gives None where
    nothing follows."""

    fact: str
    sources: tuple[str, ...]
    make: Callable[..., Any]
    always: bool = False


@lru_cache(50_000)  # programs are few, and each is asked about for every person
def _months(day: date, days: float, start: date | None) -> int:
    """The fewest months that hold the days: six months from March 1 are 184 days, and six months.
    Without a start the longest months count, so that no stay is called longer than it may be."""
    whole = math.ceil(days)
    months = whole // 31
    while whole > ((add_months(start, months) - start).days if start else _longest(months)):
        months += 1
    return months


@lru_cache
def _longest(months: int) -> int:
    firsts = (add_months(date(2027, 1, 1), after) for after in range(48))
    return max((add_months(first, months) - first).days for first in firsts)


@lru_cache(50_000)
def _days(day: date, months: float, start: date | None) -> int | None:
    """Left unknown where the 90-day line is unclear: three months are 89 to 92 days."""
    if start is not None and float(months).is_integer():
        return (add_months(start, int(months)) - start).days
    return math.ceil(months * 30.5) if months < 2.9 or months > 3.1 else None


def _last_day(day: date, start: date, days: float | None) -> date:
    """The last day that is known to belong to the stay."""
    return start if days is None else start + timedelta(days=math.ceil(days))


def _since_graduation(day: date, graduated: date, start: date | None) -> int | None:
    return None if start is None else months_between(graduated, start)


def _stay(day: date, start: date | None, days: float | None) -> tuple[date, bool, bool]:
    """The last day known to belong to the stay, a start that nobody named being taken for today;
    and whether the start and the length are known."""
    return _last_day(day, start or day, days), start is not None, days is not None


def _age(day: date, birth_year: float, stay: tuple[date, bool, bool]) -> int | None:
    """By the stay's last day: one that reaches the year of 25 needs the permit, too. A stay of
    unknown length may reach that year, and so may one that nobody has dated, unless the person
    stays under 25 even through the longest stay there is, counted from today."""
    last, starts, ends = stay
    age = age_by_year(int(birth_year), last.year)
    if age >= PERMIT_AGE or (starts and ends):
        return age
    latest = max(last, add_months(day, LONGEST_STAY))
    return age if ends and age_by_year(int(birth_year), latest.year) < PERMIT_AGE else None


def _covers(day: date, permit: date, stay: tuple[date, bool, bool]) -> bool | None:
    last, starts, ends = stay
    if permit < last:
        return False
    return True if starts and ends else None


def _employed(day: date, periods: Periods, start: date | None) -> int:
    return full_months_employed(periods, until=start or day)


def _owned(day: date, chains: Sequence[Sequence[float]]) -> float:
    return round(min(100.0, share_along(chains)), 6)


def _days_of_year(day: date, stays: Periods, start: date | None, last: date | None) -> int:
    """Past stays and the planned one, in the 365 days that end with the planned stay."""
    planned = [(start, last)] if start is not None and last is not None else []
    return days_in_window([*stays, *planned], end=last or day, window_days=365)


PERMIT_AGE = 25  # 병역법 제70조제1항; the rule itself stands in data/exit/kr_military_70.yaml
LONGEST_STAY = 84  # months, the most that any pathway allows: L-1A, 8 USC 1184(c)(2)(D)(i)
LAST_DAY, STAY = "last day", "stay"  # only steps between facts, and none that anybody states

# In this order, as later ones follow from earlier ones.
DERIVATIONS = (
    Derivation("derived.target_start", ("program.start_date",), lambda day, start: start),
    Derivation(
        "program.duration_months", ("program.duration_days", "derived.target_start"), _months
    ),
    Derivation("program.duration_days", ("program.duration_months", "derived.target_start"), _days),
    Derivation(LAST_DAY, ("derived.target_start", "program.duration_days"), _last_day),
    Derivation(STAY, ("derived.target_start", "program.duration_days"), _stay, always=True),
    Derivation(
        "derived.months_between_graduation_and_start",
        ("candidate.graduation_date", "derived.target_start"),
        _since_graduation,
    ),
    Derivation("derived.korean_age_year_minus_birth", ("candidate.birth_year", STAY), _age),
    Derivation("derived.permit_covers_stay", ("candidate.permit_expiry", STAY), _covers),
    Derivation(
        "derived.months_employed_abroad_qualifying_org_in_last_36",
        ("candidate.qualifying_employment_abroad", "derived.target_start"),
        _employed,
    ),
    Derivation(
        "derived.enterprise_owned_by_treaty_nationals_pct",
        ("program.korean_ownership_chains",),
        _owned,
    ),
    Derivation(
        "derived.days_in_us_last_365",
        ("candidate.us_stays", "derived.target_start", LAST_DAY),
        _days_of_year,
    ),
)


def completed(facts: Mapping[str, Any], day: date) -> dict[str, Any]:
    """`facts` with what follows from them on `day`; nothing given is overwritten.

    Raises WrongType where two given starts contradict each other.
    """
    made = dict(facts)
    start, target = made.get("program.start_date"), made.get("derived.target_start")
    if start is not None and target is not None and start != target:
        raise WrongType("derived.target_start", f"contradicts program.start_date ({start})")
    for each in DERIVATIONS:
        follows = each.always or made.get(each.sources[0]) is not None
        if follows and made.get(each.fact) is None:
            found = each.make(day, *map(made.get, each.sources))
            if found is not None:
                made[each.fact] = found
    made.pop(LAST_DAY, None)
    made.pop(STAY, None)
    return made


# Facts that say one thing in two ways: where one is changed, the other gives place.
_TWINS = {
    "program.start_date": ("derived.target_start",),
    "derived.target_start": ("program.start_date",),
    "program.duration_months": ("program.duration_days",),
    "program.duration_days": ("program.duration_months",),
}


# What others follow from; any other fact can change by itself.
SOURCES = frozenset(source for each in DERIVATIONS for source in each.sources) | frozenset(_TWINS)


def changed(facts: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """`facts` as given, with `changes`; what follows from them is for `completed` to say anew."""
    made = dict(facts)
    for fact in changes:
        for twin in _TWINS.get(fact, ()):
            made.pop(twin, None)
    return {**made, **changes}
