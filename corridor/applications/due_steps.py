"""The days by which the steps of a visa route must begin for the program's first day to be met, as
the candidate's pages, calendar and reminders read them alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from corridor.rules import Verdict
from corridor.rules.model import Step
from corridor.rules.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Due:
    """A step that has not begun. `begin`: the day to hold to, `last`: the last possible one (see
    Timeline.by); both counted back from `start`. `after`: the steps it waits for that are not over.
    `estimate`: no source states how long this step, or one that waits for it, takes; so nobody can
    promise the day."""

    step: Step
    begin: date
    last: date
    start: date
    after: tuple[Step, ...]
    estimate: bool

    @property
    def is_last(self) -> bool:
        return self.begin == self.last


def of(verdict: Verdict) -> Iterator[Due]:
    """In the order of the route; nothing of a route that does not work or was refused, nothing
    without a first day, and of a step that may not be needed nothing before that is known."""
    way = verdict.timeline
    if way is None or way.start is None or verdict.display == "no" or way.is_stopped:
        return
    over = {each.step.id for each in way.stations if each.done}
    known = {each.step.id: each.step for each in way.stations}
    guessed = _guessed(way, over)
    for each in way.stations:
        by = way.by(each)
        if each.done or each.maybe or each.begin_by is None or by is None:
            continue
        yield Due(
            each.step, by[0], each.begin_by[1], way.start,
            tuple(known[name] for name in each.step.after if name in known and name not in over),
            each.step.id in guessed,
        )  # fmt: skip


def _guessed(way: Timeline, over: Iterable[str]) -> set[str]:
    """The steps that are an estimate themselves, or that such a one waits for."""
    found: set[str] = set()
    for each in reversed(way.stations):
        if each.step.id in over:
            continue
        if each.step.estimate or each.step.id in found:
            found.add(each.step.id)
            found.update(each.step.after)
    return found
