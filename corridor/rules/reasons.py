"""The parts of a verdict that speak: a requirement's outcome, the exit rule, a changed fact."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from corridor.rules.checks import Leaf
from corridor.rules.facts import FactSpec, is_korean
from corridor.rules.model import ExitRuleData, Requirement

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
_DATE_WORDS = {
    "at_least": ("{} 이후", "{} or later"),
    "at_most": ("{} 이전", "{} or earlier"),
    "more_than": ("{} 뒤", "after {}"),
    "less_than": ("{} 전", "before {}"),
}


def say(speak: Callable[[str], Any], lang: str | None) -> Any:
    """What `speak` says in `lang`; both languages by their codes without one."""
    return speak(lang) if lang else {"ko": speak("ko"), "en": speak("en")}


def said(op: str, value: Any, spec: FactSpec, lang: str) -> str:
    """A comparison in words: "at most 12 months"."""
    words = _DATE_WORDS.get(op) if isinstance(value, date) else None
    ko, en = words or _OP_WORDS[op]
    return (ko if is_korean(lang) else en).format(spec.say(value, lang))


@dataclass(slots=True)
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
            "message": say(self.text, lang),
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
            "name": say(self.name, lang),
            "outcome": self.outcome,
            "message": say(self.text, lang),
            "missing": list(self.missing),
            "citation": self.citation,
            "evidence": self.evidence,
            "checked_on": self.checked_on.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class FactChange:
    """One fact that would have to be otherwise, and who could see to it.

    `example`: one value of `fact` that does; `told`: the fact to name to people where `fact` only
    follows from others (the start date instead of the months since graduation).
    """

    fact: str
    op: str
    value: Any
    who: str
    registry: Mapping[str, FactSpec] = field(repr=False)
    example: Any = None
    told: tuple[str, str, Any] | None = None

    @property
    def changeable(self) -> str:
        """How the fact that is named can come to be otherwise (see facts.CHANGEABLE)."""
        return self.registry[self.told[0] if self.told else self.fact].changeable

    def text(self, lang: str) -> str:
        fact, op, value = self.told or (self.fact, self.op, self.value)
        spec = self.registry[fact]
        return f"{spec.label(lang)}: {said(op, value, spec, lang)}"

    def as_dict(self, lang: str | None = None) -> dict[str, Any]:
        value = self.example.isoformat() if isinstance(self.example, date) else self.example
        return {
            "fact": self.fact,
            "who": self.who,
            "changeable": self.changeable,
            "message": say(self.text, lang),
            "example": value,
        }
