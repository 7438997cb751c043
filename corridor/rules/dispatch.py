"""The task-level check of a dispatch: each duty on each route, and the dispatch by its worst duty.

A duty is judged by the requirements that `assess` reads of the route, with the facts set to that
duty; only those count that are about the work and its contract (`about` in
data/dispatch/duties.yaml). The dispatch takes the worst of its duties and of what `assess` says of
it as a whole, so it is never told better than `assess` tells it. No share of time is small enough
to be left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache
from itertools import combinations
from typing import Any

from corridor.rules.ahead import reason_of
from corridor.rules.checks import Outcome, Predicate, compiled
from corridor.rules.duties import (
    ACTIVITY,
    FROM_DUTIES,
    PAID,
    PLACE,
    DispatchData,
    Duty,
    Route,
    Statement,
)
from corridor.rules.engine import Engine
from corridor.rules.facts import is_korean
from corridor.rules.model import Requirement, Text
from corridor.rules.reasons import FactChange, Reason, say
from corridor.rules.verdicts import Verdict

RANK = {"works": 0, "works_if": 1, "unknown": 2, "no": 3}
_VERDICTS = {"works": "eligible", "works_if": "conditional", "unknown": "conditional"}
MOST_TRIED = 8  # closed duties among which the smallest set to take out is looked for
_predicate = lru_cache(maxsize=4096)(compiled)

_NO_SHARE = Text(
    "비중이 없는 업무가 있어, 시간이 모두 설명되었는지 알 수 없습니다.",
    "A duty has no share of time, so it cannot be told whether all the time is accounted for.",
)
_TOTAL = Text(
    "업무 비중의 합이 {}%입니다. 100%가 되어야 하며, 적히지 않은 시간은 판단하지 못했습니다.",
    "The shares add up to {}%. They must be 100%; time that is not listed was not judged.",
)


@dataclass(frozen=True)
class Cell:
    """One duty on one route. `display`: works, works_if, unknown or no.

    `ground`: the pathway whose conditions were read; another one than the route's where the same
    visa allows the duty on a ground of its own. `says`: what the route makes of this kind of work.
    """

    duty: Duty
    ground: str
    display: str
    reasons: tuple[Reason, ...]  # those that decided it, the heaviest first; none where it works
    says: Statement | None

    @property
    def verdict(self) -> str:
        return _VERDICTS.get(self.display, "not_eligible")

    def why(self, lang: str) -> str:
        """The sentence that decided it."""
        if self.reasons:
            return self.reasons[0].text(lang)
        return self.says.note(lang) if self.says else ""

    @property
    def citation(self) -> str:
        if self.reasons:
            return self.reasons[0].citation
        return self.says.backing.citation if self.says else ""

    @property
    def evidence(self) -> str:
        if self.reasons:
            return self.reasons[0].evidence
        return self.says.backing.evidence if self.says else "background"

    @property
    def checked_on(self) -> date | None:
        if self.reasons:
            return self.reasons[0].checked_on
        return self.says.backing.checked_on if self.says else None

    def changes(self) -> list[FactChange]:
        """What would have to be otherwise; empty where only another kind of work would do."""
        reasons = self.reasons
        if self.display == "no":
            reasons = tuple(r for r in reasons if r.bars and r.outcome == "fails")
            if any(reason.fact == ACTIVITY for reason in reasons):
                return []
        made: list[FactChange] = []
        for reason in reasons:
            leaf, spec = reason.leaf, reason.registry[reason.leaf.fact]
            change = FactChange(leaf.fact, leaf.op, leaf.value, spec.who, reason.registry)
            if leaf.fact != ACTIVITY and not spec.fixed and change not in made:
                made.append(change)
        return made

    def as_dict(self, lang: str | None = None) -> dict[str, Any]:
        return {
            "text": self.duty.text,
            "activity": self.duty.activity,
            "share_pct": self.duty.share_pct,
            "place": self.duty.place,
            "payer": self.duty.payer,
            "verdict": self.verdict,
            "display": self.display,
            "ground": self.ground,
            "message": say(self.why, lang),
            "citation": self.citation,
            "evidence": self.evidence,
            "checked_on": self.checked_on.isoformat() if self.checked_on else None,
            "changes": [change.as_dict(lang) for change in self.changes()],
        }


@dataclass(frozen=True)
class TakeOut:
    """The smallest set of duties without which a closed route opens.

    `duties`: their places in the list, from 0. `share_pct`: the time they take, None where a share
    is not told. `display`: what the route then says.
    """

    duties: tuple[int, ...]
    share_pct: float | None
    display: str


@dataclass(frozen=True)
class RouteCheck:
    """One route: `assessed` is what `assess` says of the dispatch as a whole, exit rule included;
    `cells` has each duty in the order of the list."""

    assessed: Verdict
    short: Text
    cells: tuple[Cell, ...]
    about: frozenset[str]
    small_share: Statement | None
    find_take_out: Callable[[RouteCheck], TakeOut | None] = field(repr=False)

    @cached_property
    def take_out(self) -> TakeOut | None:
        """The fewest duties without which it is no longer closed; None where it is not, or where
        no set of them opens it."""
        return self.find_take_out(self)

    @property
    def pathway(self) -> str:
        return self.assessed.pathway

    def name(self, lang: str) -> str:
        return self.assessed.name(lang)

    @cached_property
    def worst(self) -> Cell | None:
        """The duty that stands worst; among equals the one that takes most of the time."""
        return max(
            self.cells,
            key=lambda cell: (RANK[cell.display], cell.duty.share_pct or 0),
            default=None,
        )

    @property
    def display(self) -> str:
        worst = self.worst.display if self.worst else "works"
        return max(worst, self.assessed.display, key=RANK.__getitem__)

    @property
    def verdict(self) -> str:
        """eligible, conditional, not_eligible or not_available, as `assess` words it."""
        if RANK[self.display] == RANK[self.assessed.display]:
            return self.assessed.verdict
        return _VERDICTS.get(self.display, "not_eligible")

    @property
    def by_duty(self) -> bool:
        """Whether a duty decides, and not a condition of the traveler, the stay or the firm."""
        worst = self.worst
        if worst is None or worst.display == "works":
            return False
        return RANK[worst.display] >= RANK[self.assessed.display]

    def why(self, lang: str) -> str:
        if self.by_duty and self.worst:
            mark = "‘{}’ – {}" if is_korean(lang) else "“{}” – {}"
            return mark.format(self.worst.duty.text, self.worst.why(lang))
        return self.assessed.why(lang)

    @property
    def others(self) -> list[Reason]:
        """The open or failed conditions that are not about the work: the traveler, the stay, the
        firms."""
        return [
            reason
            for reason in self.assessed.reasons
            if reason.outcome != "ok" and not self.about.issuperset(reason.requirement.facts)
        ]

    def as_dict(self, lang: str | None = None) -> dict[str, Any]:
        """The verdict's dict, with the duties in it and the worse of both judgements."""
        made = self.assessed.as_dict(lang)
        worst = self.worst
        if worst and RANK[worst.display] > RANK[self.assessed.display]:
            made["verdict"], made["display"] = self.verdict, self.display
            kept = [] if self.display == "no" else made["reasons"]
            made["reasons"] = [r.as_dict(lang) for r in worst.reasons] + kept
        made["duties"] = [cell.as_dict(lang) for cell in self.cells]
        made["worst_duty"] = worst.as_dict(lang) if worst else None
        made["take_out"] = None
        if self.take_out:
            texts = [self.cells[index].duty.text for index in self.take_out.duties]
            made["take_out"] = {"duties": texts, "share_pct": self.take_out.share_pct,
                                "display": self.take_out.display}  # fmt: skip
        return made


@dataclass(frozen=True)
class DutyCheck:
    """All routes that a dispatch can use, best first, on one day and by one revision.

    `facts`: those of the dispatch as a whole, as `assess` takes them.
    """

    day: date
    revision: str
    facts: Mapping[str, Any]
    duties: tuple[Duty, ...]
    routes: tuple[RouteCheck, ...]
    gates: tuple[tuple[Statement, tuple[Duty, ...]], ...]  # trade licenses, apart from any visa

    def of(self, pathway: str) -> RouteCheck | None:
        return next((route for route in self.routes if route.pathway == pathway), None)

    @property
    def total(self) -> float | None:
        """Percent of the time that the duties account for; None where a share is not told."""
        shares = [duty.share_pct for duty in self.duties]
        return None if None in shares else sum(share or 0 for share in shares)

    def share_problem(self, lang: str) -> str:
        """What is wrong with the shares of time; empty where they add up to 100."""
        if not self.duties or self.total == 100:
            return ""
        if self.total is None:
            return _NO_SHARE(lang)
        return _TOTAL(lang).format(f"{self.total:g}")


def judge(
    engine: Engine,
    duties: Sequence[Duty],
    facts: Mapping[str, Any],
    *,
    day: date,
    pathways: Sequence[str] | None = None,
) -> DutyCheck:
    data = engine.data.dispatch
    data.check(duties)
    asked = data.routes if pathways is None else engine.chosen(pathways, None)
    judging = _Judging(engine, data, facts, day)
    routes = judging.routes(duties, [name for name in asked if name in data.routes])
    gates: dict[str, list[Duty]] = {}
    for duty in duties if data else ():
        gate = data.kind(duty).gate
        if gate and not data.is_abroad(duty):
            gates.setdefault(gate, []).append(duty)
    return DutyCheck(
        day=day,
        revision=engine.data.revision,
        facts=judging.whole(duties),
        duties=tuple(duties),
        routes=tuple(routes),
        gates=tuple((data.gates[name], tuple(held)) for name, held in gates.items()),
    )


class _Judging:
    """The duties of one dispatch on one day; `facts` are those that the duties do not say."""

    def __init__(
        self, engine: Engine, data: DispatchData, facts: Mapping[str, Any], day: date
    ) -> None:
        self.engine, self.data, self.day = engine, data, day
        self.facts = facts
        self.added = data.added()
        self.read: dict[str, list[tuple[Requirement, Predicate]]] = {}  # by pathway

    def routes(self, duties: Sequence[Duty], names: Sequence[str]) -> list[RouteCheck]:
        whole = self.whole(duties)
        assessment = self.engine.assess(whole, day=self.day, pathways=names)
        made = []
        done = {self.data.activity(duty) for duty in duties if not self.data.is_abroad(duty)}
        for verdict in assessment.verdicts:
            route = self.data.routes[verdict.pathway]
            if done <= route.beside.keys():  # nothing of its own: what it carries is not carried
                route = replace(route, beside={})
            made.append(
                RouteCheck(
                    assessed=verdict,
                    short=route.short,
                    cells=tuple(self.cell(route, duty, verdict.facts) for duty in duties),
                    about=self.data.about,
                    small_share=(
                        self.data.statements.get("no_small_share") if route.no_small_share else None
                    ),
                    find_take_out=self.take_out,
                )
            )
        return sorted(made, key=lambda each: RANK[each.display])

    def whole(self, duties: Sequence[Duty]) -> dict[str, Any]:
        """The facts of the dispatch as a whole."""
        if not duties:
            return dict(self.facts)
        made = {name: value for name, value in self.facts.items() if name not in FROM_DUTIES}
        told = self.data.facts(duties)
        if made.get(PAID) is None or told.get(PAID) is not True:
            paid = made.get(PAID)
            told[PAID] = told.get(PAID) if paid is None else paid
        return {**made, **told}

    def cell(self, route: Route, duty: Duty, known: Mapping[str, Any]) -> Cell:
        """`known`: the completed facts of the dispatch as a whole."""
        data = self.data
        if data.is_abroad(duty):
            return Cell(duty, route.id, "works", (), data.statements.get("abroad"))
        activity = data.activity(duty)
        facts = {**known, ACTIVITY: activity, PLACE: duty.place, PAID: self._paid(duty)}
        ground, says = route.id, None
        if beside := route.beside.get(activity or ""):
            ground, says = beside.ground, beside.statement
        else:
            for line in route.lines.get(activity or "", ()):
                says = line.statement if self.day in line.span else says
        outcomes = list(self._outcomes(ground, facts))
        reasons = self._reasons(outcomes, facts)
        display = _display(outcomes)
        if activity is None and display != "no":
            display, says, reasons = "unknown", data.statements.get("unknown_kind"), ()
        return Cell(duty, ground, display, reasons, says)

    def _paid(self, duty: Duty) -> bool | None:
        """Paid from the U.S. where the duty or anything else says so."""
        told, said = self.data.paid_in_us(duty), self.facts.get(PAID)
        return True if told else said if said is not None else told

    def _outcomes(
        self, pathway: str, facts: Mapping[str, Any]
    ) -> Iterator[tuple[Requirement, Outcome]]:
        """The requirements that are about the work, and how they come out."""
        if pathway not in self.read:
            self.read[pathway] = [
                (each, _predicate(each.check))
                for each in self.engine.data.pathways[pathway].requirements_on(self.day)
                if each.id in self.added or self.data.about.issuperset(each.facts)
            ]
        for requirement, predicate in self.read[pathway]:
            yield requirement, predicate(facts)

    def _reasons(
        self, outcomes: Sequence[tuple[Requirement, Outcome]], facts: Mapping[str, Any]
    ) -> tuple[Reason, ...]:
        open_ = [pair for pair in outcomes if pair[1] is not True]
        open_.sort(
            key=lambda pair: (
                (pair[1] is not False or not pair[0].bars),
                not (pair[1] is None and pair[0].bars),
                pair[1] is not False,
                pair[0].id not in self.added,
            )
        )
        registry = self.engine.data.facts
        return tuple(
            reason_of(requirement, outcome, facts, registry) for requirement, outcome in open_
        )

    def take_out(self, route: RouteCheck) -> TakeOut | None:
        """Tries the closed duties, the fewest first and of those the least time."""
        if route.display != "no":
            return None
        duties = [cell.duty for cell in route.cells]
        closed = [index for index, cell in enumerate(route.cells) if cell.display == "no"]
        sizes = range(1, len(closed) + 1) if len(closed) <= MOST_TRIED else [len(closed)]
        for size in sizes:
            found = [
                taken
                for taken in map(self._without(route.pathway, duties), combinations(closed, size))
                if taken is not None
            ]
            if found:
                return min(found, key=lambda taken: (taken.share_pct or 0, RANK[taken.display]))
        return None

    def _without(
        self, pathway: str, duties: Sequence[Duty]
    ) -> Callable[[tuple[int, ...]], TakeOut | None]:
        def tried(out: tuple[int, ...]) -> TakeOut | None:
            rest = _rescaled([duty for index, duty in enumerate(duties) if index not in out])
            if all(map(self.data.is_abroad, rest)):
                return None  # nothing would be left to travel for
            (route,) = self.routes(rest, [pathway])
            if route.display == "no":
                return None
            shares = [duties[index].share_pct for index in out]
            share = None if None in shares else sum(each or 0 for each in shares)
            return TakeOut(out, share, route.display)

        return tried


def _display(outcomes: Sequence[tuple[Requirement, Outcome]]) -> str:
    found = "works"
    for requirement, outcome in outcomes:
        if outcome is not True:
            if not requirement.bars:
                each = "works_if"
            else:
                each = "no" if outcome is False else "unknown"
            found = max(found, each, key=RANK.__getitem__)
    return found


def _rescaled(duties: Sequence[Duty]) -> list[Duty]:
    """The duties that are left, as shares of the time that they leave."""
    shares = [duty.share_pct for duty in duties]
    if not duties or None in shares:
        return list(duties)
    total = sum(share or 0 for share in shares)
    return [replace(duty, share_pct=(duty.share_pct or 0) * 100 / total) for duty in duties]
