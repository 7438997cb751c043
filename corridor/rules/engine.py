"""Evaluation: facts and a day in, a verdict for each pathway out.

The checks of all asked pathways are compiled once for each stretch of days on which the law does
not change (a plan), and the outcome is remembered by the values of the facts that the plan reads.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from corridor.rules import derived
from corridor.rules.ahead import Judged
from corridor.rules.checks import (
    Check,
    Outcome,
    Predicate,
    compiled,
    facts_read,
    reads,
    undecided_by,
)
from corridor.rules.errors import FactError, UnknownPathway
from corridor.rules.facts import FactSpec, accepted
from corridor.rules.loading import Dataset
from corridor.rules.model import KINDS, Pathway, Requirement
from corridor.rules.naming import Names
from corridor.rules.reasons import ExitRule
from corridor.rules.settling import Readers
from corridor.rules.verdicts import Assessment, Verdict

MEMORY = 8192  # remembered signatures for each plan; about 3 kB each over all pathways
_RANK = {"works": 0, "works_if": 1, "unknown": 2}
_CLOSED = {"not_eligible": 3, "not_available": 4}
Result = tuple[str, tuple[Outcome, ...]]


class Plan:
    """Some pathways on days that share the same law."""

    def __init__(
        self, pathways: Sequence[Pathway], day: date, registry: Mapping[str, FactSpec]
    ) -> None:
        self.pathways = pathways
        tests: dict[Check, int] = {}
        self.parts: list[tuple[Pathway, tuple[Requirement, ...], tuple[int, ...], bool]] = []
        for pathway in pathways:
            requirements = pathway.requirements_on(day)
            for each in requirements:
                tests.setdefault(each.check, len(tests))
            indexes = tuple(tests[each.check] for each in requirements)
            available = pathway.status_on(day) == "in_force"
            self.parts.append((pathway, requirements, indexes, available))
        self.predicates: tuple[Predicate, ...] = tuple(map(compiled, tests))
        self.reads = tuple(reads([test]) for test in tests)
        self.signature = facts_read(tests)
        self.readers = Readers([part[1] for part in self.parts], registry)
        self.said: dict[tuple[Any, ...], Any] = {}  # what verdicts say whatever the facts
        self.memory: dict[tuple[Any, ...], tuple[Result, ...]] = {}

    def results(self, facts: Mapping[str, Any]) -> tuple[Result, ...]:
        key = tuple(map(facts.get, self.signature))
        found = self.memory.get(key)
        if found is None:
            found = self.evaluate(facts)
            if len(self.memory) >= MEMORY:
                self.memory.clear()
                self.said.clear()
            self.memory[key] = found
        return found

    def evaluate(self, facts: Mapping[str, Any]) -> tuple[Result, ...]:
        """Each pathway's verdict (the exit rule aside) and its requirements' outcomes."""
        outcomes = [predicate(facts) for predicate in self.predicates]
        return tuple(
            _result(requirements, tuple([outcomes[i] for i in indexes]), available)
            for _, requirements, indexes, available in self.parts
        )


def _result(
    requirements: Sequence[Requirement], outcomes: tuple[Outcome, ...], available: bool
) -> Result:
    short = False
    for requirement, outcome in zip(requirements, outcomes, strict=True):
        if outcome is not True:
            if outcome is False and requirement.bars:
                return "not_eligible", outcomes
            short = True
    if not available:
        return "not_available", outcomes
    return ("conditional" if short else "eligible"), outcomes


class Engine:
    """The evaluator over one data set."""

    def __init__(self, data: Dataset) -> None:
        self.data = data
        self.names = Names(data.credentials)
        self.cuts = data.cuts()
        self._plans: dict[tuple[int, tuple[str, ...]], Plan] = {}
        self._chosen: dict[tuple[tuple[str, ...] | None, str | None], tuple[str, ...]] = {}
        self._exits = [
            (rule, compiled(rule.concerns), compiled(rule.cleared)) for rule in data.exit_rules
        ]
        self.exit_facts = {
            fact for rule in data.exit_rules for fact in facts_read([rule.concerns, rule.cleared])
        }
        self.exit_reads = reads(
            check for rule in data.exit_rules for check in (rule.concerns, rule.cleared)
        )
        self._exit_order = sorted(self.exit_facts)
        self._exit_memory: dict[tuple[Any, ...], ExitRule | None] = {}

    def chosen(self, pathways: Sequence[str] | None, kind: str | None) -> tuple[str, ...]:
        """The ids meant by the two limits. Raises UnknownPathway, or ValueError for the kind."""
        key = (None if pathways is None else tuple(pathways), kind)
        found = self._chosen.get(key)
        if found is None:
            if kind is not None and kind not in KINDS:
                raise ValueError(f"unknown program kind {kind!r}; known: {', '.join(KINDS)}")
            wanted = self.data.pathways if pathways is None else dict.fromkeys(pathways)
            for name in wanted:
                if name not in self.data.pathways:
                    raise UnknownPathway(name, self.data.pathways)
            found = self._chosen[key] = tuple(
                name for name in wanted if kind is None or kind in self.data.pathways[name].kinds
            )
        return found

    def plan(self, day: date, names: tuple[str, ...]) -> Plan:
        key = (bisect_right(self.cuts, day), names)
        found = self._plans.get(key)
        if found is None:
            found = self._plans[key] = Plan(
                [self.data.pathways[name] for name in names], day, self.data.facts
            )
        return found

    def completed(self, facts: Mapping[str, Any], day: date) -> dict[str, Any]:
        """The facts checked and with everything that follows from them."""
        return derived.completed(accepted(facts, self.data.facts), day)

    def assess(
        self,
        facts: Mapping[str, Any],
        *,
        day: date,
        pathways: Sequence[str] | None = None,
        kind: str | None = None,
    ) -> Assessment:
        given = accepted(facts, self.data.facts)
        known = derived.completed(given, day)
        plan = self.plan(day, self.chosen(pathways, kind))
        exit_rule = self._exit(known, day)
        results = plan.results(known)
        judge = self._judge(given, known, plan, results, day)
        verdicts: list[Verdict] = []
        weights = _once(lambda: _weights(verdicts))
        for (pathway, requirements, _, _), (verdict, outcomes) in zip(
            plan.parts, results, strict=True
        ):
            verdicts.append(
                Verdict(
                    record=pathway,
                    verdict=self._with_exit(verdict, exit_rule),
                    day=day,
                    requirements=requirements,
                    outcomes=outcomes,
                    facts=known,
                    exit_rule=exit_rule,
                    registry=self.data.facts,
                    weights=weights,
                    settles=_once(partial(plan.readers.settled, requirements, outcomes, known)),
                    judge=partial(judge, pathway.id),
                    said=plan.said,
                )
            )
        verdicts.sort(key=_order)
        return Assessment(day, self.data.revision, verdicts, known)

    def _judge(
        self,
        given: Mapping[str, Any],
        known: Mapping[str, Any],
        plan: Plan,
        results: Sequence[Result],
        today: date,
    ) -> Callable[[str, date, Mapping[str, Any]], Judged | None]:
        """A judge of the plan's pathways: on other days, or with changed facts, of which only the
        requirements that read what has changed are judged anew."""
        places = {part[0].id: place for place, part in enumerate(plan.parts)}
        days: dict[date, tuple[dict[str, Any], ExitRule | None]] = {}

        def on(day: date, pathway: str) -> Judged | None:
            if day not in days:
                try:
                    then = derived.completed(given, day)
                except FactError:
                    return None
                days[day] = then, self._exit(then, day)
            then, exit_rule = days[day]
            there = self.plan(day, (pathway,))
            ((verdict, outcomes),) = there.results(then)
            return Judged(
                self._with_exit(verdict, exit_rule), there.parts[0][1], outcomes, then
            )

        def changed(place: int, changes: Mapping[str, Any]) -> Judged | None:
            try:
                new = {**changes, **accepted(changes, self.data.facts)}
                if derived.SOURCES.isdisjoint(new):
                    made, moved = {**known, **new}, set(new)
                else:
                    made = derived.completed(derived.changed(given, new), today)
                    moved = {fact for fact, value in made.items() if known.get(fact) != value}
                    moved.update(known.keys() - made.keys())
            except FactError:
                return None
            _, requirements, indexes, available = plan.parts[place]
            outcomes = tuple([
                was if moved.isdisjoint(requirement.facts) else plan.predicates[index](made)
                for requirement, index, was in zip(
                    requirements, indexes, results[place][1], strict=True
                )
            ])  # fmt: skip
            verdict, _ = _result(requirements, outcomes, available)
            exit_rule = self._exit(made, today)
            return Judged(self._with_exit(verdict, exit_rule), requirements, outcomes, made)

        def judge(pathway: str, day: date, changes: Mapping[str, Any]) -> Judged | None:
            if changes and day == today:
                return changed(places[pathway], changes)
            assert not changes, "facts are changed on the day of the verdict only"
            return on(day, pathway)

        return judge

    def _exit(self, facts: Mapping[str, Any], day: date) -> ExitRule | None:
        """None when the rule does not concern the person, or is cleared."""
        key = (day, *map(facts.get, self._exit_order))
        try:
            return self._exit_memory[key]
        except KeyError:
            found = self._exit_anew(facts, day)
        if len(self._exit_memory) >= MEMORY:
            self._exit_memory.clear()
        self._exit_memory[key] = found
        return found

    def _exit_anew(self, facts: Mapping[str, Any], day: date) -> ExitRule | None:
        for rule, concerns, cleared in self._exits:
            concerned, clear = concerns(facts), cleared(facts)
            if concerned is False or clear is True:
                continue
            checks = [rule.concerns, rule.cleared]
            missing = dict.fromkeys(f for check in checks for f in undecided_by(check, facts))
            return ExitRule(rule, "fails" if concerned else "unknown", tuple(missing), day)
        return None

    def holds_back(self, facts: Mapping[str, Any], day: date) -> bool:
        """Whether the exit rule makes an otherwise eligible verdict conditional."""
        return self._with_exit("eligible", self._exit(facts, day)) != "eligible"

    def _with_exit(self, verdict: str, rule: ExitRule | None) -> str:
        """A permit that is needed makes it conditional; so does one that may be, once anything
        about the person's service is known. Where nothing was asked, it is only reported."""
        if verdict != "eligible" or rule is None:
            return verdict
        asked = not (self.exit_facts - {"candidate.nationality"}).issubset(rule.missing)
        return "conditional" if rule.outcome == "fails" or asked else verdict


def _order(verdict: Verdict) -> tuple[bool, int, int, float]:
    """Best first: works, works if, not known; then by how much is open; overlays last.

    Among routes of which too little is known, one into which the person has been taken already
    (CPT for somebody on F-1) comes first, and one that only a school's or an agency's selection
    would open comes after those that are open to anybody.
    """
    rank = _CLOSED.get(verdict.verdict)
    if rank is None:
        rank = _RANK[verdict.display]
    bad = sum(
        (3.0 if requirement.bars else 1.0) * (2 if outcome is False else 1)
        for requirement, outcome in zip(verdict.requirements, verdict.outcomes, strict=True)
        if outcome is not True
    )
    share = bad / max(1, len(verdict.requirements))
    return verdict.record.role == "process", rank, _selection(verdict), share


def _selection(verdict: Verdict) -> int:
    """Of routes not known: 0 taken in already, 1 open to anybody, 2 only by a selection."""
    if verdict.display != "unknown" or verdict.record.role != "by_selection":
        return 1
    return 0 if any(
        outcome is True and requirement.id == verdict.record.selected_by
        for requirement, outcome in zip(verdict.requirements, verdict.outcomes, strict=True)
    ) else 2  # fmt: skip


def _weights(verdicts: Sequence[Verdict]) -> Mapping[str, float]:
    """For each unknown fact, how much its answer could settle over all verdicts still open.

    What it settles of one verdict weighs more the nearer that verdict is to being settled: the
    more of its requirements are met already.
    """
    totals: dict[str, float] = {}
    for verdict in verdicts:
        if verdict.verdict != "conditional":
            continue
        met = verdict.outcomes.count(True) / len(verdict.outcomes)
        for fact, settles in verdict.settles().items():
            totals[fact] = totals.get(fact, 0.0) + settles * (0.1 + met)
    return totals


def _once(make: Callable[[], Mapping[str, float]]) -> Callable[[], Mapping[str, float]]:
    made: list[Mapping[str, float]] = []

    def get() -> Mapping[str, float]:
        if not made:
            made.append(make())
        return made[0]

    return get
