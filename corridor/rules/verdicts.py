"""A verdict and what can be said about it: reasons, missing facts, exit rule, what lies ahead."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from corridor.rules.checks import Leaf, Outcome, deciding_leaf, undecided_by
from corridor.rules.facts import FactSpec, is_korean
from corridor.rules.model import ExitRuleData, LegalNote, Pathway, Requirement

VERDICTS = ("eligible", "conditional", "not_eligible", "not_available")
_OUTCOMES = {True: "ok", False: "fails", None: "unknown"}
_STATE_TEXT = {
    "proposed": ("아직 법이 아니라 제안된 제도입니다.", "This is only proposed; it is not law."),
    "suspended": ("현재 시행이 정지되어 있습니다.", "This is suspended at present."),
    "vacated": ("법원이 취소하여 현재 효력이 없습니다.", "A court has vacated this."),
    "past": ("이미 끝난 제도입니다.", "This has ended."),
    "none": ("이 날짜에는 아직 없던 제도입니다.", "This did not exist on this day."),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """How one requirement came out. `outcome`: ok, fails, unknown. `bars`: failing closes it."""

    requirement: Requirement
    outcome: str
    leaf: Leaf
    value: Any
    registry: Mapping[str, FactSpec] = field(repr=False)

    @property
    def fact(self) -> str:
        return self.leaf.fact

    @property
    def message_id(self) -> str:
        return self.requirement.id

    @property
    def severity(self) -> str:
        return self.requirement.severity

    @property
    def bars(self) -> bool:
        return self.requirement.bars

    @property
    def citation(self) -> str:
        return self.requirement.backing.citation

    @property
    def evidence(self) -> str:
        return self.requirement.backing.evidence

    @property
    def verified(self) -> bool:
        return self.requirement.backing.verified

    @property
    def checked_on(self) -> date:
        return self.requirement.backing.checked_on

    def text(self, lang: str) -> str:
        """The requirement in words and, where it is not met, what stands there now."""
        note = self.requirement.note(lang)
        spec = self.registry[self.leaf.fact]
        if self.outcome == "fails":
            now = spec.say(self.value, lang)
            label = spec.label(lang)
            return f"{note} ({'현재' if is_korean(lang) else 'Now'}: {label} – {now})"
        return note

    def as_dict(self, lang: str | None = None) -> dict[str, Any]:
        return {
            "fact": self.fact,
            "message_id": self.message_id,
            "message": _say(self.text, lang),
            "outcome": self.outcome,
            "severity": self.severity,
            "citation": self.citation,
            "evidence": self.evidence,
            "checked_on": self.checked_on.isoformat(),
        }


@dataclass(frozen=True)
class ExitRule:
    """The Korean exit rule for this person. `outcome`: fails (a permit is needed) or unknown."""

    data: ExitRuleData
    outcome: str
    missing: tuple[str, ...]
    day: date

    @property
    def id(self) -> str:
        return self.data.id

    @property
    def citation(self) -> str:
        return self.data.backing.citation

    @property
    def evidence(self) -> str:
        return self.data.backing.evidence

    @property
    def checked_on(self) -> date:
        return self.data.backing.checked_on

    def name(self, lang: str) -> str:
        return self.data.names(lang)

    def text(self, lang: str) -> str:
        first = (self.data.needed if self.outcome == "fails" else self.data.unknown)(lang)
        current = [
            version.text(lang)
            for change in self.data.changes
            for version in change.on(self.day)
            if version.state == "in_force"
        ]
        return " ".join([first, *current])

    def as_dict(self, lang: str | None = None) -> dict[str, Any]:
        return {
            "id": self.id,
            "name": _say(self.name, lang),
            "outcome": self.outcome,
            "message": _say(self.text, lang),
            "missing": list(self.missing),
            "citation": self.citation,
            "evidence": self.evidence,
            "checked_on": self.checked_on.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class FactChange:
    """One fact that would have to be otherwise, and who could see to it."""

    fact: str
    op: str
    value: Any
    who: str
    registry: Mapping[str, FactSpec] = field(repr=False)

    def text(self, lang: str) -> str:
        spec = self.registry[self.fact]
        value, label = spec.say(self.value, lang), spec.label(lang)
        ko, en = _OP_WORDS[self.op]
        return f"{label}: {ko.format(value)}" if is_korean(lang) else f"{label}: {en.format(value)}"

    def as_dict(self, lang: str | None = None) -> dict[str, Any]:
        return {"fact": self.fact, "who": self.who, "message": _say(self.text, lang)}


_OP_WORDS = {
    "is": ("{}", "{}"),
    "is_not": ("{} 아님", "not {}"),
    "one_of": ("{} 중 하나", "{}"),
    "none_of": ("{} 아님", "not {}"),
    "at_least": ("{} 이상", "at least {}"),
    "at_most": ("{} 이하", "at most {}"),
    "more_than": ("{} 초과", "more than {}"),
    "less_than": ("{} 미만", "less than {}"),
}


@dataclass(frozen=True, slots=True)
class Ahead:
    """From `day` on, with the same facts, the verdict is another one."""

    day: date
    verdict: str


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
    elsewhen: Callable[[date], str] = field(repr=False)
    cuts: Sequence[date] = field(repr=False)

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
        """Every requirement's outcome, those that decided the verdict first."""
        made = [
            self._reason(requirement, outcome)
            for requirement, outcome in zip(self.requirements, self.outcomes, strict=True)
        ]
        order = {"fails": 0, "unknown": 1, "ok": 2}
        if self.verdict == "eligible":
            return made
        return sorted(made, key=lambda r: (order[r.outcome], not r.bars, r.severity != "hard"))

    @property
    def deciding(self) -> list[Reason]:
        """The reasons that made it this verdict; all of them when it is eligible."""
        match self.verdict:
            case "not_eligible":
                return [r for r in self.reasons if r.outcome == "fails" and r.bars]
            case "conditional":
                return [r for r in self.reasons if r.outcome != "ok"]
            case "not_available":
                return []
        return self.reasons

    def _reason(self, requirement: Requirement, outcome: Outcome) -> Reason:
        check = requirement.check
        leaf = check if isinstance(check, Leaf) else deciding_leaf(check, self.facts)
        value = self.facts.get(leaf.fact)
        return Reason(requirement, _OUTCOMES[outcome], leaf, value, self.registry)

    @cached_property
    def missing(self) -> list[str]:
        """The unknown facts, those whose answer settles most first."""
        weights: dict[str, float] = {}
        for requirement, outcome in zip(self.requirements, self.outcomes, strict=True):
            if outcome is None:
                weight = 3.0 if requirement.bars else 2.0 if requirement.severity == "hard" else 1.0
                for fact in undecided_by(requirement.check, self.facts):
                    weights[fact] = max(weights.get(fact, 0.0), weight)
        if self.exit_rule and self.verdict == "conditional" and all(self.outcomes):
            for fact in self.exit_rule.missing:
                weights.setdefault(fact, 0.5)
        everywhere = self.weights()
        return sorted(weights, key=lambda f: (-weights[f], -everywhere.get(f, 0.0), f))

    def changes(self) -> list[FactChange]:
        """The fewest changed facts that would open a closed pathway.

        Empty when it is not closed, or when something that nobody can change closes it.
        """
        made: list[FactChange] = []
        for reason in self.deciding if self.verdict == "not_eligible" else []:
            spec = self.registry[reason.fact]
            if spec.fixed:
                return []
            leaf = reason.leaf
            change = FactChange(leaf.fact, leaf.op, leaf.value, spec.who, self.registry)
            if change not in made:
                made.append(change)
        return made

    def ahead(self, until: date | None = None) -> list[Ahead]:
        """The known later days, up to `until` (else the program's end), on which it turns."""
        until = until or self._end()
        found: list[Ahead] = []
        last = self.verdict
        for cut in self.cuts:
            if self.day < cut <= until and (then := self.elsewhen(cut)) != last:
                found.append(Ahead(cut, then))
                last = then
        return found

    def _end(self) -> date:
        start = self.facts.get("derived.target_start") or self.day
        days = self.facts.get("program.duration_days") or 0
        return max(self.day, start + timedelta(days=int(days)))

    def earliest_start(self) -> tuple[date, date] | None:
        """The day's range in which a start is feasible, from the pathway's lead time."""
        lead = self.record.lead_time
        if lead is None:
            return None
        return self.day + timedelta(days=lead.least), self.day + timedelta(days=lead.most)

    def legal_notes(self, lang: str) -> list[LegalNote]:
        notes = self.record.legal_notes(self.day, lang)
        if self.status in _STATE_TEXT:
            ko, en = _STATE_TEXT[self.status]
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
        record = self.record
        start = self.earliest_start()
        return {
            "pathway": self.pathway,
            "name": _say(self.name, lang),
            "verdict": self.verdict,
            "display": self.display,
            "status": self.status,
            "day": self.day.isoformat(),
            "reasons": [reason.as_dict(lang) for reason in self.deciding],
            "missing": self.missing,
            "changes": [change.as_dict(lang) for change in self.changes()],
            "exit_rule": self.exit_rule.as_dict(lang) if self.exit_rule else None,
            "ahead": [{"day": a.day.isoformat(), "verdict": a.verdict} for a in self.ahead()],
            "legal_notes": _say(lambda at: [_note(n) for n in self.legal_notes(at)], lang),
            "documents": _say(lambda at: [doc(at) for doc in record.documents], lang),
            "fees": [
                {
                    "fee": fee.id,
                    "name": _say(fee.name, lang),
                    "usd": None if version.usd is None else float(version.usd),
                    "payer": fee.payer,
                    "state": version.state,
                    "citation": version.backing.citation,
                    "evidence": version.backing.evidence,
                }
                for fee, version in record.fees_on(self.day)
            ],
            "fee_totals": {p: float(usd) for p, usd in record.fee_totals(self.day).items()},
            "earliest_start": [day.isoformat() for day in start] if start else None,
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


def _say(speak: Callable[[str], Any], lang: str | None) -> Any:
    return speak(lang) if lang else {"ko": speak("ko"), "en": speak("en")}


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
