"""The credentials of a stated case (``manage.py assess``): what is held, asked for, and where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from corridor import rules
from corridor.rules.amounts import Period
from corridor.rules.credentials import LEVELS, STATES
from corridor.rules.gates import GATE_NAMES, GATE_STATES, visa_gate

_KEYS = ("held", "required", "state")
_WORDS = {
    "asked": ("요구", "asked"), "held": ("보유", "held"), "missing": ("없음", "missing"),
    "time": ("기간", "time"), "cost": ("비용", "cost"),
    "feasible": ("시작 전 가능", "before the start"),
    "unknown": ("확인 필요", "not known"), "in_time": ("가능", "yes"),
    "tight": ("서두르면 가능", "only if all goes fast"), "too_late": ("어려움", "no"),
    "parallel": ("함께 진행", "side by side"),
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    held: tuple[str, ...]
    required: tuple[str, ...]
    state: str | None

    def ladder(self, assessment: rules.Assessment) -> rules.Ladder:
        made = rules.ladder(
            self.held, state=self.state, day=assessment.day, required=self.required,
            facts=assessment.facts,
        )  # fmt: skip
        return made.with_visa(visa_gate(assessment.best))


def asked(given: Any) -> Asked | None:
    """From a case's ``credentials: {held: […], required: […], state: TX}``; None if left out.

    Raises ValueError that says what to mend.
    """
    if given is None:
        return None
    if not isinstance(given, Mapping):
        raise ValueError("credentials: must be a map with held, required and state.")
    for key in set(given) - set(_KEYS):
        near = get_close_matches(str(key), _KEYS, n=1, cutoff=0.6)
        hint = f"did you mean '{near[0]}'?" if near else f"known: {', '.join(_KEYS)}"
        raise ValueError(f"credentials: unknown key '{key}'; {hint}")
    state = given.get("state")
    if state is not None and state not in STATES:
        raise ValueError(f"credentials.state: a two-letter code such as TX, not {state!r}.")
    return Asked(_names(given, "held"), _names(given, "required"), state)


def _names(given: Mapping[str, Any], key: str) -> tuple[str, ...]:
    names = given.get(key) or []
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ValueError(f"credentials.{key}: must be a list of names.")
    return tuple(names)


def beside(ladder: rules.Ladder | None, verdict: rules.Verdict, lang: str) -> dict[str, Any]:
    """What JSON adds to a verdict: the ladder, with the visa gate that this route alone leaves."""
    return {"credentials": ladder.with_visa(visa_gate(verdict)).as_dict(lang)} if ladder else {}


def lines(ladder: rules.Ladder | None, lang: str) -> Iterator[str]:
    """The ladder as text, indented like the verdicts under a case's name; none without one."""
    if ladder is None:
        return

    def word(name: str) -> str:
        return _WORDS[name][0 if lang == "ko" else 1]

    for gate in ladder.gates:
        name, state = GATE_NAMES[gate.kind](lang), GATE_STATES[gate.state](lang)
        yield f"  {name}: {state}. {gate.why(lang)}"
    for question in ladder.questions:
        yield f"  ? {question(lang)}"
    for rung in ladder.rungs:
        held = f"{word('held')}: {rung.held}" if rung.held else word("missing")
        why = f"{word('asked')}: {rung.required}, {held}" if rung.required else held
        yield f"  {rung.group:<8} {rung.name(lang)} ({why}): {LEVELS[rung.level](lang)}"
        for rule in rung.rules:
            yield f"      {rule.note(lang)} [{rule.backing.citation}; {rule.backing.evidence}]"
        for number, each in enumerate(rung.steps, 1):
            beside = f" ({word('parallel')})" if each.parallel else ""
            yield f"      {number}. {each.step.text(lang)}{beside}"
        if rung.steps:
            cost = "; ".join(
                f"{price.say(lang)}, {price.payer_name(lang)}" for price in rung.costs.values()
            )
            yield f"      {word('time')}: {_said(rung.time, lang) or word('unknown')}"
            yield f"      {word('cost')}: {cost or word('unknown')}"
    if ladder.required and ladder.start:
        yield f"  {word('feasible')} ({ladder.start}): {word(ladder.feasible)}"
    yield f"  {ladder.caveats[0](lang)}"


def _said(period: Period | None, lang: str) -> str:
    return period.say(lang) if period else ""
