"""What was recorded of the steps of a route: a paper that came, an interview booked, a visa.

A step's rule data names the marks that can be recorded of it. Each `means` something for the step:
`part` (done when all its parts are), `begun`, `waits` (it rests until an authority or somebody else
goes on), `done`, or `stopped` (refused or denied). Of those that are no parts the latest decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from corridor.rules.model import ACTORS, MEANINGS, Mark, Step, Text
from corridor.rules.reading import Map

DONE = Mark("done", Text("마침", "Done"), "done")  # what every step without marks can be
# Whose steps run by themselves from the day on which all before them are over.
RUN_ALONE = ("sponsor", "authority", "school")


@dataclass(frozen=True, slots=True)
class Told:
    """That a mark of a step holds since a day."""

    step: str
    mark: str
    day: date


@dataclass(frozen=True, slots=True)
class Progress:
    """`done`: the day on which it was over. `implied`: it is over because a step after it is, and
    on which day nobody told. `since`: when it began, or is agreed to begin. `rests`: the mark by
    which it waits or was stopped, `rests_on` its day."""

    done: date | None = None
    implied: bool = False
    since: date | None = None
    rests: Mark | None = None
    rests_on: date | None = None

    @property
    def is_done(self) -> bool:
        return self.done is not None or self.implied

    @property
    def is_stopped(self) -> bool:
        return self.rests is not None and self.rests.means == "stopped"


NOTHING = Progress()


def marks_of(step: Step) -> tuple[Mark, ...]:
    return step.marks or (DONE,)


def read(steps: Sequence[Step], told: Iterable[Told]) -> dict[str, Progress]:
    """Step id -> its progress, for those of which something is known. `told` in the order of
    telling; what names no step or mark of these steps is passed over."""
    known = {(step.id, mark.id): mark for step in steps for mark in marks_of(step)}
    rows = [(each, known[each.step, each.mark]) for each in told if (each.step, each.mark) in known]
    made = {step.id: _of(step, rows) for step in steps}
    for step in reversed(steps):  # what a step that is over waited for is over, too
        if made[step.id].is_done:
            for before in step.after:
                if not made[before].is_done:
                    made[before] = Progress(implied=True)
    for step in steps:
        days = [made[before].done for before in step.after]
        own = made[step.id]
        if own == NOTHING and step.who in RUN_ALONE and days and None not in days:
            made[step.id] = Progress(since=max(day for day in days if day is not None))
    return {name: progress for name, progress in made.items() if progress != NOTHING}


def _of(step: Step, rows: Sequence[tuple[Told, Mark]]) -> Progress:
    own = [(told, mark) for told, mark in rows if told.step == step.id]
    begun = [told.day for told, mark in rows if mark.begins == step.id]
    begun += [told.day for told, mark in own if not mark.begins]
    since = min(begun, default=None)
    decides = [(told, mark) for told, mark in own if mark.means != "part"]
    if decides:
        # Of one day the last that was told decides.
        told, mark = max(enumerate(decides), key=lambda row: (row[1][0].day, row[0]))[1]
        if mark.means == "done":
            return Progress(done=told.day, since=since)
        if mark.means in ("waits", "stopped"):
            return Progress(since=since, rests=mark, rests_on=told.day)
        return Progress(since=since)
    parts = {mark.id for mark in step.marks if mark.means == "part"}
    if parts and parts <= {mark.id for _told, mark in own}:
        days = [told.day for told, mark in own if not mark.begins]
        return Progress(done=max(days) if days else since, since=since)
    return Progress(since=since)


def written_marks(source: Map) -> tuple[Mark, ...]:
    """The marks as a step's rule data writes them."""
    made: list[Mark] = []
    for body in source.maps("marks") if "marks" in source else ():
        body.allow(("id", "ko", "en", "means", "begins", "who"))
        name = body.text("id", needed=True)
        if any(mark.id == name for mark in made):
            raise body.refuse(f"mark '{name}' stands here twice", "id")
        text = Text(body.text("ko", needed=True), body.text("en", needed=True))
        who = body.choice("who", ACTORS) if "who" in body else ""
        made.append(Mark(name, text, body.choice("means", MEANINGS), body.text("begins"), who))
    return tuple(made)
