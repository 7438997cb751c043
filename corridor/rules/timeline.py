"""The steps of a pathway until the first day: who does them, how long they take, by when.

A step lasts from `least` to `most` calendar days and begins when those it comes `after` are done,
or on the next `opens` (month, day) after that, as a registration that opens once a year does; with
`closes`, on any day from the one to the other.
Forward from a day the steps give the earliest feasible start; backward from the program's start
they give the day by which each must begin. What no source states is marked an estimate.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from corridor.rules.checks import outcome
from corridor.rules.grammar import BACKING, Grammar, both, near
from corridor.rules.model import ACTORS, Step, Text
from corridor.rules.progress import NOTHING, Progress, written_marks
from corridor.rules.reading import Map

_KEYS = (
    *("text", "who", "weeks", "days", "estimate", "after", "opens", "closes", "done", "note"),
    *("marks", *BACKING),
)
_LEAP = 2028  # a year that has every day


@dataclass(slots=True)
class Station:
    """A step on the calendar.

    `begins`, `ends`: if all goes as fast, and as slowly, as it may. `begin_by`, `done_by`: to be
    ready for the program's start, the safe day and the last possible one; None without a start.
    `maybe`: needed only if a fact that is still open says so. `stated`: somebody says beforehand,
    of all participants at once, that it is done; it is shown as such and still takes its time.
    `progress`: what was recorded of it (see progress.py).
    """

    step: Step
    begins: tuple[date, date]
    ends: tuple[date, date]
    begin_by: tuple[date, date] | None
    done_by: tuple[date, date] | None = None
    done: bool = False
    maybe: bool = False
    stated: bool = False
    progress: Progress = NOTHING


@dataclass(frozen=True, slots=True)
class Timeline:
    """The stations in order; `earliest`: the range of days on which a start becomes feasible."""

    day: date
    stations: tuple[Station, ...]
    earliest: tuple[date, date]
    start: date | None

    @property
    def feasible(self) -> str:
        """in_time, tight (only if all goes fast), too_late, or unknown without a start date."""
        if self.start is None:
            return "unknown"
        if self.start >= self.earliest[1]:
            return "in_time"
        return "tight" if self.start >= self.earliest[0] else "too_late"

    @property
    def is_stopped(self) -> bool:
        """Whether a step was refused: then no day of what comes after it can be said."""
        return any(station.progress.is_stopped for station in self.stations)

    @property
    def counts_quickest(self) -> bool:
        """Whether the days to hold to are the last possible ones: the safe ones have passed."""
        return self.feasible in ("tight", "too_late")

    def by(self, station: Station) -> tuple[date, date] | None:
        """The days by which a step must begin and be done; None without a start.

        All steps of a timeline count in one way: with every step at its longest where the start
        can be met like that, else with every step at its quickest. So they never fall behind the
        step before.
        """
        if station.begin_by is None or station.done_by is None or station.progress.since:
            return None
        quick = self.counts_quickest
        return station.begin_by[quick], station.done_by[quick]

    @property
    def decide_by(self) -> tuple[date, date] | None:
        """The day by which the first step must begin: the safe one and the last possible one."""
        open_ = [
            s.begin_by for s in self.stations
            if s.begin_by and not s.done and not s.maybe and s.progress.since is None
        ]  # fmt: skip
        if not open_:
            return None
        return min(safe for safe, _ in open_), min(last for _, last in open_)

    def as_dict(
        self, lang: str | None = None, told: Sequence[dict[str, Any]] | None = None
    ) -> dict[str, Any]:
        """JSON-able; texts in `lang`, or {"ko", "en"} without one; ranges as [first, last] days.

        `told`: what `tell` says of each station's step, if it is at hand already.
        """
        if told is None:
            told = [tell(station.step, lang) for station in self.stations]
        return {
            "earliest_start": _days(self.earliest),
            "start": self.start.isoformat() if self.start else None,
            "feasible": self.feasible,
            "decide_by": _days(self.decide_by),
            "steps": [
                {
                    **step,
                    "begins": _days(station.begins),
                    "ends": _days(station.ends),
                    "begin_by": _days(station.begin_by),
                    "done_by": _days(station.done_by),
                    "done": station.done,
                    "maybe": station.maybe,
                    "stated": station.stated,
                }
                for station, step in zip(self.stations, told, strict=True)
            ],
        }


def tell(step: Step, lang: str | None = None) -> dict[str, Any]:
    """A step wherever it stands on the calendar, JSON-able."""

    def say(text: Text | None) -> Any:
        if text is None:
            return None
        return text(lang) if lang else {"ko": text.ko, "en": text.en}

    return {
        "step": step.id,
        "text": say(step.text),
        "who": step.who,
        "days": [step.least, step.most],
        "estimate": step.estimate,
        "note": say(step.note),
        "citation": step.backing.citation if step.backing else "",
        "evidence": step.backing.evidence if step.backing else "",
    }


def _days(span: tuple[date, date] | None) -> list[str] | None:
    return [day.isoformat() for day in span] if span else None


def over(steps: Sequence[Step], facts: Mapping[str, Any]) -> frozenset[str]:
    """The steps that are done already, by what is known."""
    return frozenset(
        step.id for step in steps if step.done is not None and outcome(step.done, facts) is True
    )


def stated(
    steps: Sequence[Step], facts: Mapping[str, Any], claimed: Collection[str]
) -> frozenset[str]:
    """The steps that are done only by what is `claimed`: without those facts they are not."""
    known = {name: value for name, value in facts.items() if name not in claimed}
    return over(steps, facts) - over(steps, known)


class Course:
    """Steps in order, each after those it waits for, ready to be placed on the calendar."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self.steps = tuple(steps)
        place = {step.id: number for number, step in enumerate(steps)}
        self._after = [[place[each] for each in step.after] for step in steps]
        self._before: list[list[int]] = [[] for _ in steps]
        for number, waits in enumerate(self._after):
            for each in waits:
                self._before[each].append(number)

    def placed(
        self,
        *,
        day: date,
        start: date | None,
        over: frozenset[str] = frozenset(),
        maybe: frozenset[str] = frozenset(),
        stated: frozenset[str] = frozenset(),
        progress: Mapping[str, Progress] = MappingProxyType({}),
    ) -> Timeline:
        """On the calendar from `day`, and towards `start`.

        The steps in `over` are done and take no time. Those named in `maybe` are shown, but
        neither delay the earliest start nor move the day to decide by. Those in `stated` are only
        marked. `progress`: a step that was recorded as done takes no time, and one that has begun
        ends as long after the day on which it did as it may take, but not before `day`.
        """
        over |= {name for name, told in progress.items() if told.is_done}
        since = [told.since.toordinal() if (told := progress.get(step.id)) is not None
                 and told.since is not None and not told.is_done else None
                 for step in self.steps]  # fmt: skip
        done = [step.id in over for step in self.steps]
        fast = [0 if step.id in over else step.least for step in self.steps]
        slow = [0 if step.id in over else step.most for step in self.steps]
        today = day.toordinal()
        first, last = (self._forward(today, lasts, done, since) for lasts in (fast, slow))
        by = None
        if start is not None:
            then = start.toordinal()
            by = self._backward(then, slow, done), self._backward(then, fast, done)
        at = date.fromordinal

        def until(number: int) -> tuple[date, date] | None:
            """The day on which the first step that waits for it must begin, else the start."""
            if by is None:
                return None
            safe, last = (
                min([then, *(begins[each] for each in self._before[number])]) for begins in by
            )
            return at(safe), at(last)

        stations = tuple([
            Station(
                step,
                (at(first[n]), at(last[n])),
                (at(max(today, first[n] + fast[n])), at(max(today, last[n] + slow[n]))),
                (at(by[0][n]), at(by[1][n])) if by else None,
                until(n),
                done[n],
                step.id in maybe,
                step.id in stated,
                progress.get(step.id, NOTHING),
            )
            for n, step in enumerate(self.steps)
        ])  # fmt: skip
        sure = [station.ends for station in stations if not station.maybe]
        soonest = max((ends[0] for ends in sure), default=day)
        latest = max((ends[1] for ends in sure), default=day)
        return Timeline(day, stations, (soonest, latest), start)

    def _forward(
        self, today: int, lasts: Sequence[int], done: Sequence[bool],
        since: Sequence[int | None],
    ) -> list[int]:  # fmt: skip
        """The day (as an ordinal) on which each step begins, if each takes `lasts` days; `since`:
        the day on which it did, or is agreed to."""
        begins: list[int] = []
        for number, step in enumerate(self.steps):
            begun = since[number]
            if begun is not None:
                begins.append(begun)
                continue
            begin = today
            for each in self._after[number]:
                over = begins[each] + lasts[each]
                if over > begin:
                    begin = over
            if step.opens is not None and not done[number]:
                begin = _next(date.fromordinal(begin), step).toordinal()
            begins.append(begin)
        return begins

    def _backward(self, start: int, lasts: Sequence[int], done: Sequence[bool]) -> list[int]:
        """The last day on which each step may begin for all to be over on `start`."""
        latest = [start] * len(self.steps)
        for number in range(len(self.steps) - 1, -1, -1):
            step = self.steps[number]
            begin = start
            for each in self._before[number]:
                if latest[each] < begin:
                    begin = latest[each]
            begin -= lasts[number]
            if step.opens is not None and not done[number]:
                begin = _last(date.fromordinal(begin), step).toordinal()
            latest[number] = begin
        return latest


def schedule(
    steps: Sequence[Step],
    *,
    day: date,
    start: date | None,
    over: frozenset[str] = frozenset(),
    maybe: frozenset[str] = frozenset(),
) -> Timeline:
    """`steps` on the calendar; see Course.placed."""
    return Course(steps).placed(day=day, start=start, over=over, maybe=maybe)


def _window(step: Step, year: int) -> tuple[date, date] | None:
    if step.opens is None:
        return None
    return date(year, *step.opens), date(year, *(step.closes or step.opens))


def _next(day: date, step: Step) -> date:
    """The first day from `day` on that lies in the step's window."""
    for year in (day.year, day.year + 1):
        window = _window(step, year)
        if window is None or day <= window[1]:
            return max(day, window[0]) if window else day
    raise AssertionError("a window comes every year")


def _last(day: date, step: Step) -> date:
    """The last day up to `day` that lies in the step's window."""
    for year in (day.year, day.year - 1):
        window = _window(step, year)
        if window is None or day >= window[0]:
            return min(day, window[1]) if window else day
    raise AssertionError("a window comes every year")


def length(steps: Sequence[Step]) -> tuple[int, int]:
    """The days that all steps take together, as fast and as slowly as they may."""
    day = date(2027, 1, 1)
    fast, slow = schedule(steps, day=day, start=None).earliest
    return (fast - day).days, (slow - day).days


# How steps are written: a list under `steps`, each its own or `use: name` of shared/steps.yaml.


def read(bodies: Sequence[Map], shared: Mapping[str, Map], grammar: Grammar) -> tuple[Step, ...]:
    """The steps of one file, in order. A step without `after` waits for the one above it."""
    made: list[Step] = []
    for body in bodies:
        name, source = body.get("use"), body
        if name is not None:
            body.allow(("use", "weeks", "days", "after", "estimate", "note"))
            if name not in shared:
                raise body.refuse(f"unknown step '{name}'; {near(str(name), shared)}", "use")
            source = shared[name]
        else:
            name = body.text("id", needed=True)
        if any(step.id == name for step in made):
            raise body.refuse(f"step '{name}' stands here twice", "use" if "use" in body else "id")
        made.append(_step(str(name), source, body, made, grammar))
    return tuple(made)


def _step(name: str, source: Map, here: Map, above: Sequence[Step], grammar: Grammar) -> Step:
    source.allow(("id", *_KEYS))

    def say(key: str) -> Map:
        return here if key in here else source

    least, most = _range(here if {"weeks", "days"} & here.keys() else source)
    estimate = say("estimate").get("estimate", True)
    if not isinstance(estimate, bool):
        raise say("estimate").refuse("'estimate' must be true or false", "estimate")
    if not estimate and "citation" not in source:
        raise here.refuse("a step that is no estimate needs a citation")
    after = tuple(step.id for step in above[-1:])
    if "after" in say("after"):
        after = say("after").texts("after")
    known = [step.id for step in above]
    for each in after:
        if each not in known:
            raise here.refuse(f"'after' names no step above: '{each}'; {near(each, known)}")
    return Step(
        id=name,
        text=both(source, "text"),
        who=source.choice("who", ACTORS),
        least=least,
        most=most,
        estimate=estimate,
        after=after,
        opens=_day_of_year(source, "opens"),
        closes=_closes(source),
        done=grammar.check(source["done"], source, "done") if "done" in source else None,
        note=both(say("note"), "note") if "note" in say("note") else None,
        backing=grammar.backing(source, source) if "citation" in source else None,
        marks=written_marks(source),
    )


def _range(body: Map) -> tuple[int, int]:
    unit, factor = ("weeks", 7) if "weeks" in body else ("days", 1)
    ends = body.need(unit)
    whole = isinstance(ends, list) and len(ends) == 2 and all(type(end) is int for end in ends)
    if not whole or not 0 <= ends[0] <= ends[1]:
        raise body.refuse(f"'{unit}' must be [least, most]", unit)
    return ends[0] * factor, ends[1] * factor


def _closes(body: Map) -> tuple[int, int] | None:
    opens, closes = _day_of_year(body, "opens"), _day_of_year(body, "closes")
    if closes is not None and (opens is None or closes < opens):
        raise body.refuse("'closes' must be a later day of the year than 'opens'", "closes")
    return closes


def _day_of_year(body: Map, key: str) -> tuple[int, int] | None:
    text = body.text(key)
    if not text:
        return None
    try:
        day = date.fromisoformat(f"{_LEAP}-{text}")
    except ValueError:
        day = None
    if day is None or (day.month, day.day) == (2, 29):
        raise body.refuse(f"'{key}' must be a day of the year like 03-01, not {text!r}", key)
    return day.month, day.day


