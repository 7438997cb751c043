"""How long a traveler may stay: days of a stay by route, the last day that is known, warnings.

The law's limits are data (data/stays/, one file for each). What an officer wrote on the Form I-94
comes before them; where neither says a last day, it is unknown, and only the longest that the law
gives is told. The day of entry and the day of exit both count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from corridor.rules.derived import add_months, days_in_window
from corridor.rules.grammar import BACKING, Grammar, both, near, whole
from corridor.rules.model import Backing, Text
from corridor.rules.reading import Map

WARN_DAYS = (30, 14, 7)  # left before the last day; this service's own choice
YEAR = 365
_FILE = ("id", "pathways", "counts", "days", "months", "alone", "extends", "note", "look")

State = Literal["planned", "open", "unknown", "near", "over", "ended"]


@dataclass(frozen=True, slots=True)
class StayLimit:
    """The longest stay on some routes: `days`, or else `months`.

    `counts`: of each entry by itself, or in total from the first entry on. `alone`: the law sets
    the last day without an officer's date; otherwise it only says the longest there can be.
    `extends`: an extension can be asked for. `look`: where the last day of a traveler is read.
    """

    id: str
    pathways: tuple[str, ...]
    counts: str
    alone: bool
    note: Text
    look: Text
    backing: Backing
    days: int | None = None
    months: int | None = None
    extends: bool = True

    def last_day(self, entered: date) -> date:
        """The last day that belongs to the stay, the day of entry being the first."""
        if self.days is not None:
            return entered + timedelta(days=self.days - 1)
        return add_months(entered, self.months or 0) - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stay:
    """One stay in the U.S. on one route (a pathway's id; empty: not told). `left`: the actual
    exit; `leaves`: the planned one. `admit_until`: the date of the Form I-94, None where not told.
    """

    route: str
    entered: date
    leaves: date | None = None
    left: date | None = None
    admit_until: date | None = None

    @property
    def end(self) -> date | None:
        """The last day as far as it is known: the actual one, else the planned one."""
        return self.left or self.leaves


@dataclass(frozen=True, slots=True)
class Count:
    """A stay on a day. `day`: which day of it this is, entry included (0 before it; after the
    exit, the length). `last`: the last day allowed, None where unknown; `longest`: what the law
    gives at most, None where no limit of the route is in the data. `left`: whole days that remain
    after today until `last`, negative after it. `by`: i94, law, or empty where it is unknown.
    """

    state: State
    day: int
    last: date | None
    longest: date | None
    by: str
    left: int | None
    planned_too_long: bool
    limit: StayLimit | None

    @property
    def bound(self) -> date | None:
        """The day that must not be passed in any case: `last`, else `longest`."""
        return self.last or self.longest


def load(tops: Iterable[Map], grammar: Grammar, pathways: Iterable[str]) -> dict[str, StayLimit]:
    """Pathway id -> its limit. A pathway has one limit or none."""
    known = set(pathways)
    made: dict[str, StayLimit] = {}
    for top in tops:
        with top.noting():
            top.allow((*_FILE, *BACKING))
            days, months = whole(top, "days"), whole(top, "months")
            if (days is None) == (months is None) or (days or months or 0) < 1:
                raise top.refuse("needs either 'days' or 'months', at least 1")
            alone = top.get("alone", False)
            if not isinstance(alone, bool):
                raise top.refuse("'alone' must be true or false", "alone")
            extends = top.get("extends", True)
            if not isinstance(extends, bool):
                raise top.refuse("'extends' must be true or false", "extends")
            limit = StayLimit(
                id=top.text("id", needed=True),
                pathways=top.texts("pathways"),
                counts=top.choice("counts", ("entry", "total")),
                alone=alone,
                note=both(top, "note"),
                look=both(top, "look"),
                backing=grammar.backing(top, top),
                days=days,
                months=months,
                extends=extends,
            )
            for name in limit.pathways:
                if name not in known:
                    raise top.refuse(f"unknown pathway '{name}'; {near(name, known)}", "pathways")
                if name in made:
                    raise top.refuse(f"'{name}' has a limit in {made[name].id}.yaml", "pathways")
                made[name] = limit
    return made


def count(
    limits: Mapping[str, StayLimit], stay: Stay, *, day: date, earlier: Iterable[Stay] = ()
) -> Count:
    """The stay as it stands on `day`. `earlier`: the traveler's other stays, for a total limit."""
    limit = limits.get(stay.route)
    longest = None
    if limit is not None:
        first = stay.entered
        if limit.counts == "total":
            same = [each.entered for each in earlier if each.route in limit.pathways]
            first = min([first, *same])
        longest = limit.last_day(first)
    last, by = _last(limit, stay, longest)
    until = min(day, stay.left) if stay.left else day
    left = (last - day).days if last else None
    return Count(
        state=_state(stay, day, last or longest, last),
        day=max(0, (until - stay.entered).days + 1),
        last=last,
        longest=longest,
        by=by,
        left=left,
        planned_too_long=bool(
            (bound := last or longest) and stay.end and stay.end > bound
        ),
        limit=limit,
    )


def _last(
    limit: StayLimit | None, stay: Stay, longest: date | None
) -> tuple[date | None, str]:
    """An officer's date can be later than a usual longest stay (an extension), but never later
    than a limit that the law sets alone or in total."""
    told = stay.admit_until
    if limit is None or longest is None:
        return told, "i94" if told else ""
    if told is not None:
        binds = limit.alone or limit.counts == "total"
        return (longest, "law") if binds and longest < told else (told, "i94")
    return (longest, "law") if limit.alone else (None, "")


def _state(stay: Stay, day: date, bound: date | None, last: date | None) -> State:
    if stay.left is not None and stay.left <= day:
        return "ended"
    if day < stay.entered:
        return "planned"
    if bound is not None and day > bound:
        return "over"
    if bound is not None and warning(bound, day) is not None:
        return "near"
    return "open" if last is not None else "unknown"


def warning(bound: date, day: date) -> int | None:
    """The step of WARN_DAYS that has been reached, 0 after the last day, None while far off."""
    left = (bound - day).days
    if left < 0:
        return 0
    return min((step for step in WARN_DAYS if left <= step), default=None)


def clashes(stay: Stay, others: Iterable[Stay]) -> list[Stay]:
    """Those of `others` that a traveler cannot have beside `stay`: both would hold on one day.

    A new entry on the day of the last exit is allowed. A stay without any end goes on.
    """
    def apart(one: Stay, other: Stay) -> bool:
        """`one` is over when `other` begins."""
        return one.end is not None and one.end <= other.entered and one.entered < other.entered

    return [each for each in others if not apart(stay, each) and not apart(each, stay)]


def days_present(
    stays: Sequence[Stay], *, day: date, window: int = YEAR, routes: Sequence[str] | None = None
) -> int:
    """Days in the U.S. in the `window` days that end on `day`, entry and exit days included and a
    day of two stays once. `routes`: only stays on those."""
    held = [
        (each.entered, min(each.left or day, day))
        for each in stays
        if each.entered <= day and (routes is None or each.route in routes)
    ]
    return days_in_window(held, end=day, window_days=window)
