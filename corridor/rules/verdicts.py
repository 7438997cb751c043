"""A verdict and what can be said about it: reasons, what is missing, what would turn it, what lies
ahead, and the way to the first day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from corridor.rules import changing, derived, timeline
from corridor.rules.ahead import STATE_TEXT, Ahead, Judge, Judged, reason_of, turns
from corridor.rules.checks import Check, Leaf, Outcome, undecided_by
from corridor.rules.facts import FactSpec, is_korean
from corridor.rules.model import LegalNote, Pathway, Requirement, Step
from corridor.rules.progress import Progress, Told
from corridor.rules.progress import read as recorded
from corridor.rules.reasons import ExitRule, FactChange, Reason, say
from corridor.rules.timeline import Course, Timeline

_FIRST = {False: 0, None: 1, True: 2}  # what fails stands before what is not known
MOST_SAID = 50_000  # remembered texts of a plan, about 1 kB each
VERDICTS = ("eligible", "conditional", "not_eligible", "not_available")
@dataclass(frozen=True, eq=False)
class Verdict:
    """What the rules say of one pathway for these facts on `day`."""

    record: Pathway
    verdict: str
    day: date
    requirements: Sequence[Requirement]
    outcomes: Sequence[Outcome]
    facts: Mapping[str, Any]
    exit_rule: ExitRule | None
    registry: Mapping[str, FactSpec] = field(repr=False)
    weights: Callable[[], Mapping[str, float]] = field(repr=False)
    settles: Callable[[], Mapping[str, float]] = field(repr=False)
    judge: Judge = field(repr=False)
    said: dict[tuple[Any, ...], Any] = field(repr=False)
    # Facts that are only stated beforehand, of all participants at once: no step is done by them.
    claimed: frozenset[str] = frozenset()
    # What was recorded of the steps, by their ids.
    progress: Mapping[str, Progress] = field(default_factory=dict)

    def following(self, told: Iterable[Told]) -> Verdict:
        """The same, with its way to the first day going on from what was recorded of it."""
        found = recorded(self._way[0], told)
        return replace(self, progress=found) if found != self.progress else self

    def upon(self, claimed: frozenset[str]) -> Verdict:
        """The same, where these facts are only what a host has stated of its program: the verdict
        takes its word, but the steps that hang on it read as stated and still take their time."""
        return replace(self, claimed=claimed) if claimed != self.claimed else self

    @property
    def pathway(self) -> str:
        return self.record.id

    def name(self, lang: str) -> str:
        return self.record.name(lang)

    @property
    def status(self) -> str:
        """The pathway's legal status on the day: in_force, proposed, suspended, vacated …"""
        return self.record.status_on(self.day)

    @property
    def display(self) -> str:
        """works, works_if, no or unknown.

        Unknown while a fact is missing that could still close the pathway. Where all that is
        missing could only leave conditions (a plan to sign, insurance to buy), it works if.
        """
        if self.verdict == "eligible":
            return "works"
        if self.verdict != "conditional":
            return "no"
        open_bar = any(
            outcome is None and requirement.bars
            for requirement, outcome in zip(self.requirements, self.outcomes, strict=True)
        )
        return "unknown" if open_bar else "works_if"

    @cached_property
    def reasons(self) -> list[Reason]:
        """The outcome of every requirement that applies, those that decided the verdict first."""
        return self._reasons(lambda requirement, outcome: True)

    @property
    def deciding(self) -> list[Reason]:
        """The reasons that made it this verdict; all of them when it is eligible."""
        match self.verdict:
            case "not_eligible":
                return self._reasons(
                    lambda requirement, outcome: outcome is False and requirement.bars
                )
            case "conditional":
                return self._reasons(lambda requirement, outcome: outcome is not True)
            case "not_available":
                return []
        return self.reasons

    def _reasons(self, wanted: Callable[[Requirement, Outcome], bool]) -> list[Reason]:
        judged = [
            (requirement, outcome)
            for requirement, outcome in zip(self.requirements, self.outcomes, strict=True)
            if wanted(requirement, outcome) and requirement.applies(self.facts)
        ]
        if self.verdict != "eligible":
            judged.sort(key=lambda each: (
                _FIRST[each[1]], not each[0].bars, each[0].severity != "hard"
            ))  # fmt: skip
        return [reason_of(*each, self.facts, self.registry) for each in judged]

    @cached_property
    def missing(self) -> list[str]:
        """The unknown facts that keep it open, those whose answer settles most first."""
        open_: dict[str, float] = {}
        # Of a closed pathway no answer settles anything more.
        settles = self.settles() if self.verdict == "conditional" else {}
        for requirement, outcome in zip(self.requirements, self.outcomes, strict=True):
            if outcome is None:
                for fact in undecided_by(requirement.check, self.facts):
                    open_[fact] = settles.get(fact, 0.0)
        if self.exit_rule and self.verdict == "conditional" and all(self.outcomes):
            for fact in self.exit_rule.missing:
                open_.setdefault(fact, 0.0)
        points = {fact: round(value, 9) for fact, value in open_.items()}
        # What they settle on all routes is sought only where it is needed to tell two apart.
        everywhere = self.weights() if len(set(points.values())) < len(points) else {}
        return sorted(points, key=lambda f: (-points[f], -everywhere.get(f, 0.0), f))

    @property
    def _now(self) -> Judged:
        return Judged(self.verdict, self.requirements, self.outcomes, self.facts)

    def changes(self) -> list[FactChange]:
        """The smallest set of changed facts that turns it.

        For a closed pathway: what opens it; for a conditional one: what meets all conditions that
        fail now (open questions stay open). Empty when nothing fails, or when something that
        nobody can change does.
        """
        bars_only = self.verdict == "not_eligible"
        if self.verdict == "not_available":
            return []
        failed = [requirement.check for requirement in self._now.failing(bars_only=bars_only)]
        if not failed:
            return []

        alone = self._read_alone(failed)

        def still_failing(made: Mapping[str, Any]) -> Sequence[Check] | None:
            if alone and made.keys() <= alone.keys():
                return [check for fact, check in alone.items() if fact not in made]
            then = self.judge(self.day, made)
            if then is None:
                return None
            return [requirement.check for requirement in then.failing(bars_only=bars_only)]

        return [
            FactChange(
                fact=each.fact,
                op=each.op,
                value=each.wanted,
                who=self.registry[each.fact].who,
                registry=self.registry,
                example=each.value,
                told=changing.lever(each.fact, each.op, each.wanted, self.facts),
            )
            for each in changing.smallest(
                failed, self.facts, registry=self.registry, still_failing=still_failing
            )
        ]

    def _read_alone(self, failed: Sequence[Check]) -> Mapping[str, Check]:
        """The failed checks by their facts, if each is one comparison with a fact that nothing
        else hangs on: then a value that meets it mends it and breaks nothing. Else empty."""
        alone = {check.fact: check for check in failed if isinstance(check, Leaf)}
        if len(alone) < len(failed) or not derived.SOURCES.isdisjoint(alone):
            return {}
        for requirement in self.requirements:
            if requirement.check not in failed and not alone.keys().isdisjoint(requirement.facts):
                return {}
        return alone

    def ahead(self, until: date | None = None) -> list[Ahead]:
        """The known later days, up to `until` (else the program's end), on which it turns."""
        return turns(
            self.record,
            self._now,
            day=self.day,
            until=until or self._end,
            judge=self.judge,
            registry=self.registry,
        )

    def upcoming(self, lang: str, until: date | None = None) -> list[LegalNote]:
        """The dated rules that are known to begin after the day, up to the program's end."""
        return self.record.upcoming(self.day, until or self._end, lang)

    @cached_property
    def _end(self) -> date:
        start = self.facts.get("derived.target_start") or self.day
        days = self.facts.get("program.duration_days") or 0
        return max(self.day, start + timedelta(days=int(days)))

    @cached_property
    def _way(self) -> tuple[tuple[Step, ...], tuple[Any, ...]]:
        """The steps to the first day, a permit to leave Korea included, and all that places them
        on the calendar: day, start, what is over, what is needed only perhaps."""
        steps, maybe = self.record.steps, frozenset[str]()
        if steps and self.exit_rule is not None:
            steps = (*steps, *self.exit_rule.data.steps)
            if self.exit_rule.outcome == "unknown":
                maybe = frozenset(step.id for step in self.exit_rule.data.steps)
        start, over = self.facts.get("derived.target_start"), timeline.over(steps, self.facts)
        stated = timeline.stated(steps, self.facts, self.claimed) if self.claimed else frozenset()
        return steps, (
            self.pathway, len(steps), self.day, start, over - stated, maybe, stated
        )  # fmt: skip

    @property
    def timeline(self) -> Timeline | None:
        """The way to the first day; None without known steps."""
        steps, key = self._way
        if not steps:
            return None
        _, _, day, start, over, maybe, stated = key
        course: Course = self._remembered(("course", *key[:2]), lambda: Course(steps))
        if self.progress:  # of one person, so it is not kept
            return course.placed(
                day=day, start=start, over=over, maybe=maybe, stated=stated,
                progress=self.progress,
            )  # fmt: skip
        made: Timeline = self._remembered(
            ("timeline", *key),
            lambda: course.placed(day=day, start=start, over=over, maybe=maybe, stated=stated),
        )
        return made

    def earliest_start(self) -> tuple[date, date] | None:
        """The range of days on which a start becomes feasible: if all goes fast, and slowly."""
        way = self.timeline
        if way is not None:
            return way.earliest
        lead = self.record.lead_time
        if lead is None:
            return None
        return self.day + timedelta(days=lead.least), self.day + timedelta(days=lead.most)

    def legal_notes(self, lang: str) -> list[LegalNote]:
        notes = self.record.legal_notes(self.day, lang)
        if self.status in STATE_TEXT:
            ko, en = STATE_TEXT[self.status]
            status = self.record.status_record_on(self.day)
            citation = status.backing.citation if status else self.record.citation
            notes.insert(0, LegalNote(ko if is_korean(lang) else en, self.status, citation))
        return notes

    def why(self, lang: str) -> str:
        """The one sentence that stands beside the verdict's shape."""
        if self.verdict == "not_available":
            return self.legal_notes(lang)[0].text
        if self.verdict == "conditional" and not self.deciding and self.exit_rule:
            return self.exit_rule.text(lang)
        if self.display == "unknown":  # what would settle most
            first = self.missing[0]
            return next(r for r in self.reasons if first in r.requirement.facts).text(lang)
        return self.reasons[0].text(lang) if self.reasons else ""

    def as_dict(self, lang: str | None = None) -> dict[str, Any]:
        """JSON-able; texts in `lang`, or {"ko", "en"} without one. `reasons`: the deciding ones."""
        shown = self.display != "no"  # a closed way has no calendar
        start = self.earliest_start() if shown else None
        fixed = self._remembered(
            ("fixed", self.pathway, self.day, lang), lambda: self._whatever_the_facts(lang)
        )
        way = self.timeline if shown else None
        calendar = None
        if way is not None:
            steps, key = self._way
            told = self._remembered(
                ("steps", lang, *key[:2]), lambda: [timeline.tell(step, lang) for step in steps]
            )
            calendar = self._remembered(
                ("calendar", lang, *key), lambda: way.as_dict(lang, told)
            )
        return {
            "pathway": self.pathway,
            "name": say(self.name, lang),
            "verdict": self.verdict,
            "display": self.display,
            "status": self.status,
            "day": self.day.isoformat(),
            "reasons": [self._told(reason, lang) for reason in self.deciding],
            "missing": self.missing,
            "changes": [change.as_dict(lang) for change in self.changes()],
            "exit_rule": self._exit_told(lang),
            "ahead": [turn.as_dict(lang) for turn in self.ahead()],
            **fixed,
            "upcoming": say(lambda at: [_note(n) for n in self.upcoming(at)], lang),
            "earliest_start": [day.isoformat() for day in start] if start else None,
            "timeline": calendar,
        }

    def _exit_told(self, lang: str | None) -> dict[str, Any] | None:
        rule = self.exit_rule
        if rule is None:
            return None
        told: dict[str, Any] = self._remembered(
            ("exit", rule.id, rule.outcome, rule.missing, self.day, lang),
            lambda: rule.as_dict(lang),
        )
        return told

    def _told(self, reason: Reason, lang: str | None) -> dict[str, Any]:
        value = reason.value if reason.outcome == "fails" else None
        # The plan that remembers keeps its requirements, so their ids are never another's.
        key = ("reason", id(reason.requirement), id(reason.leaf), reason.outcome, value, lang)
        told: dict[str, Any] = self._remembered(key, lambda: reason.as_dict(lang))
        return told

    def _remembered(self, key: tuple[Any, ...], make: Callable[[], Any]) -> Any:
        """What verdicts of the same pathways have said before, made once; never to be changed."""
        found = self.said.get(key)
        if found is None:
            if len(self.said) >= MOST_SAID:
                self.said.clear()
            found = self.said[key] = make()
        return found

    def _whatever_the_facts(self, lang: str | None) -> dict[str, Any]:
        """What is said of the pathway on the day to anybody."""
        record = self.record
        return {
            "legal_notes": say(lambda at: [_note(n) for n in self.legal_notes(at)], lang),
            "documents": [
                {"name": say(document, lang), "who": document.who}
                for document in record.documents
            ],
            "fees": [
                {
                    "fee": fee.id,
                    "name": say(fee.name, lang),
                    "usd": None if version.usd is None else float(version.usd),
                    "payer": fee.payer,
                    "state": version.state,
                    "citation": version.backing.citation,
                    "evidence": version.backing.evidence,
                }
                for fee, version in record.fees_on(self.day)
            ],
            "fee_totals": {p: float(usd) for p, usd in record.fee_totals(self.day).items()},
            "citations": list(record.citations),
            "evidence": record.evidence,
            "checked_on": record.checked_on.isoformat(),
            "volatility": record.volatility,
        }


def _note(note: LegalNote) -> dict[str, Any]:
    return {
        "text": note.text,
        "state": note.state,
        "title": note.title,
        "citation": note.citation,
        "evidence": note.evidence,
        "since": note.since.isoformat() if note.since else None,
        "until": note.until.isoformat() if note.until else None,
    }


@dataclass(frozen=True, eq=False)
class Assessment:
    """All verdicts for one pair on one day, best first, with the data revision they rest on."""

    day: date
    revision: str
    verdicts: list[Verdict]
    facts: Mapping[str, Any] = field(repr=False)

    @property
    def best(self) -> Verdict | None:
        """The most promising route; process overlays (KIT Desk) never are. None without routes."""
        return next((v for v in self.verdicts if v.record.role != "process"), None)

    def of(self, pathway: str) -> Verdict | None:
        return next((v for v in self.verdicts if v.pathway == pathway), None)

    def upon(self, claimed: frozenset[str]) -> Assessment:
        """See Verdict.upon."""
        if not claimed:
            return self
        return replace(self, verdicts=[verdict.upon(claimed) for verdict in self.verdicts])

    @property
    def missing(self) -> list[str]:
        """The unknown facts over all open verdicts, those that settle most first."""
        weights = self.verdicts[0].weights() if self.verdicts else {}
        return sorted(weights, key=lambda fact: (-weights[fact], fact))

    def as_dict(self, lang: str | None = None) -> dict[str, Any]:
        return {
            "day": self.day.isoformat(),
            "revision": self.revision,
            "verdicts": [verdict.as_dict(lang) for verdict in self.verdicts],
            "missing": self.missing,
        }
