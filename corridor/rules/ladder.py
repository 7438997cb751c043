"""The ladder: what each credential is worth in a state, what is still missing, and two gates.

A visa is one gate, a license to do the work another; passing one never passes the other. Unknown
is never yes: what is not in the data stands on the lowest rung, and a gate opens only where every
credential asked for is known to need nothing more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from corridor.rules.amounts import NO_PRICE, Period, Price, by_payer
from corridor.rules.credentials import (
    LEVELS,
    LICENSES,
    NOT_LISTED,
    Credential,
    StateRule,
    Step,
    folded,
    way,
)
from corridor.rules.gates import NO_FACTS, WHICH_STATE, Gate, license_gate, saying
from corridor.rules.model import Text
from corridor.rules.naming import Names

# From recognized in full down to not at all, and what nobody knows yet.
GROUPS = {
    "full": Text("그대로 인정", "Recognized in full"),
    "partial": Text("일부 인정", "Recognized in part"),
    "exam": Text("미국 시험·교육 뒤 인정", "After a U.S. exam or training"),
    "employer": Text("고용주·회사가 평가", "Qualified by the employer or held by the firm"),
    "none": Text("인정 안 됨", "Not recognized"),
    "unknown": Text("확인 필요", "Not known yet"),
}
_GROUP_OF = {"not_needed": "full", "company": "employer", "state_by_state": "unknown",
             "local": "unknown"}  # fmt: skip
_RANK = {name: place for place, name in enumerate(GROUPS)}
CAVEATS = (
    Text(
        "비자가 있어도 면허가 생기지 않고, 면허가 있어도 비자가 생기지 않습니다. "
        "두 관문을 따로 통과해야 합니다.",
        "A visa never gives a license, and a license never gives a visa. Each gate is passed by "
        "itself.",
    ),
    Text(
        "주 면허 기관이 그렇다고 하지 않는 한, "
        "한국 면허는 미국의 주·지방 면허를 대신하지 않습니다.",
        "A Korean license never replaces a U.S. state or local one unless the state board says so.",
    ),
    Text(
        "‘추정’이라고 적은 기간과 비용은 확인된 출처가 없는 어림값입니다. 법률 자문이 아니며, "
        "결정은 주 면허 기관과 고용주가 합니다.",
        "Times and costs marked as estimates have no confirmed source. This is not legal advice; "
        "the state board and the employer decide.",
    ),
)
_OTHER_STATE = Text(
    "주 면허는 준 주에서만 통합니다. 이 주의 면허인지, 이 주에서 받아 주는지 확인하십시오.",
    "A state license holds only in the state that gave it. Check that it is this state’s, or that "
    "this state accepts it.",
)
_THE_VERY_ONE = Text("미국에서 요구하는 자격 그 자체입니다.", "This is the U.S. credential itself.")
_ASK_BOARD = Step(
    "ask_this_state",
    Text(
        "가지고 있는 주 면허를 이 주에서도 받아 주는지 면허 기관에 묻습니다.",
        "Ask the state board whether it accepts the state license you hold.",
    ),
    "candidate",
    "license",
)
_STATE_NOT_READ = Text(
    "이 주의 규정은 아직 확인하지 못했습니다. 주 면허 기관에 물어보십시오.",
    "We have not verified this state’s rules yet. Please ask the state board.",
)


@dataclass(frozen=True, slots=True)
class LadderStep:
    """A step still missing, with its place in the way. `begins`, `ends`: counted from the first
    day; None where nothing before it has a known time. `parallel`: need not wait for the step
    before it."""

    step: Step
    begins: Period | None
    ends: Period | None
    parallel: bool


@dataclass(frozen=True)
class Rung:
    """One credential. `required`: as the program asks for it; `held`: as the candidate named it.

    `level` (see LEVELS) as `state` sees it, `group` as the ladder ranks it. `time`, `costs`: of
    the `steps` still missing; time None: not known.
    """

    credential: Credential | None
    names: Text
    level: str
    license: str
    required: str | None
    held: str | None
    in_us_form: bool
    notes: tuple[Text, ...]
    rules: tuple[StateRule, ...]
    steps: tuple[LadderStep, ...]
    time: Period | None
    costs: Mapping[str, Price]

    @property
    def group(self) -> str:
        return _GROUP_OF.get(self.level, self.level)

    @property
    def is_done(self) -> bool:
        """Nothing is missing, and that is known."""
        return not self.steps and self.group != "unknown"

    def name(self, lang: str) -> str:
        return self.names(lang)

    def as_dict(self, lang: str | None = None) -> dict[str, Any]:
        say = saying(lang)
        backing = self.credential.backing if self.credential else None
        return {
            "credential": self.credential.id if self.credential else None,
            "name": say(self.names),
            "required": self.required,
            "held": self.held,
            "in_us_form": self.in_us_form,
            "level": self.level,
            "level_name": say(LEVELS[self.level]),
            "group": self.group,
            "license": self.license or None,
            "license_name": say(LICENSES[self.license]) if self.license else None,
            "notes": [say(note) for note in self.notes],
            "state_rules": [
                {
                    "text": say(rule.note),
                    "citation": rule.backing.citation,
                    "evidence": rule.backing.evidence,
                    "checked_on": rule.backing.checked_on.isoformat(),
                }
                for rule in self.rules
            ],
            "steps": [_step_dict(each, say, lang) for each in self.steps],
            "time": self.time.as_dict() if self.time else None,
            "costs": [price.as_dict(lang) for price in self.costs.values()],
            "citation": backing.citation if backing else "",
            "evidence": backing.evidence if backing else "",
            "checked_on": backing.checked_on.isoformat() if backing else None,
        }


@dataclass(frozen=True)
class Ladder:
    """Rungs in order: what the program asks first, then what else is held; each from full to none.

    `time`: what the missing steps of all required credentials take. Different credentials can be
    pursued side by side, so the least is that of the longest; the most is that of one after the
    other. None: nothing is known. `costs`: by payer. `start`: the program's first day, if told.
    """

    state: str | None
    day: date
    start: date | None
    rungs: tuple[Rung, ...]
    time: Period | None
    costs: Mapping[str, Price]
    visa: Gate
    license: Gate
    questions: tuple[Text, ...]
    caveats: tuple[Text, ...] = CAVEATS

    @property
    def gates(self) -> tuple[Gate, Gate]:
        return self.visa, self.license

    @property
    def required(self) -> tuple[Rung, ...]:
        return tuple(rung for rung in self.rungs if rung.required is not None)

    @property
    def groups(self) -> dict[str, tuple[Rung, ...]]:
        """The rungs by group, from full to none, unknown last; empty groups left out."""
        found = {name: tuple(r for r in self.rungs if r.group == name) for name in GROUPS}
        return {name: rungs for name, rungs in found.items() if rungs}

    @property
    def missing(self) -> tuple[LadderStep, ...]:
        """The steps that stand between the candidate and what the program asks."""
        return tuple(step for rung in self.required for step in rung.steps)

    @property
    def earliest(self) -> tuple[date, date | None] | None:
        """The first day on which all of it can be done, if all goes fast and if slowly."""
        if self.time is None:
            return None
        least, most = self.time.days
        return self.day + timedelta(least), None if most is None else self.day + timedelta(most)

    @property
    def feasible(self) -> str:
        """Before the program starts: in_time, tight (only if all goes fast), too_late, unknown."""
        if self.start is None or self.earliest is None:
            return "unknown"
        soonest, latest = self.earliest
        if soonest > self.start:
            return "too_late"
        if latest is None:
            return "unknown"
        return "in_time" if latest <= self.start else "tight"

    def with_visa(self, gate: Gate) -> Ladder:
        return replace(self, visa=gate)

    def as_dict(self, lang: str | None = None) -> dict[str, Any]:
        """JSON-able; texts in `lang`, or {"ko", "en"} without one."""
        say = saying(lang)
        earliest = self.earliest
        return {
            "state": self.state,
            "day": self.day.isoformat(),
            "start": self.start.isoformat() if self.start else None,
            "gates": [gate.as_dict(lang) for gate in self.gates],
            "groups": {
                name: [rung.credential.id if rung.credential else rung.names.en for rung in rungs]
                for name, rungs in self.groups.items()
            },
            "rungs": [rung.as_dict(lang) for rung in self.rungs],
            "time": self.time.as_dict() if self.time else None,
            "costs": [price.as_dict(lang) for price in self.costs.values()],
            "earliest": [day.isoformat() if day else None for day in earliest]
            if earliest
            else None,
            "feasible": self.feasible,
            "questions": [say(question) for question in self.questions],
            "caveats": [say(caveat) for caveat in self.caveats],
        }


def ladder(
    names: Names,
    held: Iterable[str] | Mapping[str, str],
    *,
    state: str | None,
    day: date,
    required: Iterable[str] = (),
    start: date | None = None,
    visa: Gate | None = None,
    license_held: bool | None = None,
) -> Ladder:
    """See corridor.rules.ladder. `license_held`: what the fact of that name says."""
    holding = _Holding(names, held)
    asked = [_best(names, holding, name, state, day) for name in dict.fromkeys(required)]
    used = {rung.held for rung in asked}
    rest = [
        _rung(names, credential, state, day, held=name, american=holding.american.get(name))
        for name, credential in holding.known.items()
        if name not in used
    ]
    rungs = (*asked, *sorted(rest, key=_height))
    return Ladder(
        state=state,
        day=day,
        start=start,
        rungs=rungs,
        time=_together(asked),
        costs=by_payer(
            price
            for rung in asked
            # What a rung costs may not be known: then the sum is not known to be whole either.
            for price in (rung.costs.values() or ([NO_PRICE] if rung.steps else []))
        ),
        visa=visa or Gate("visa", "unknown", NO_FACTS),
        license=license_gate(asked, state, license_held),
        questions=(WHICH_STATE,) if state is None else (),
    )


class _Holding:
    """What a candidate holds, by the name they gave; a mapping may give the rules' id with it."""

    def __init__(self, names: Names, held: Iterable[str] | Mapping[str, str]) -> None:
        given = held if isinstance(held, Mapping) else dict.fromkeys(held, "")
        self.american: dict[str, Credential] = {}
        self.known: dict[str, Credential | None] = {}
        for name, known in given.items():
            american = None if name in names.by_id else names.in_us_form(name)
            if american is not None:
                self.american[name] = american
            self.known[name] = american or names.by_id.get(known) or names.held(name)


def _best(
    names: Names, holding: _Holding, asked: str, state: str | None, day: date
) -> Rung:
    """The shortest way to what is asked: by something held, or by starting from nothing."""
    answers = names.asked(asked)
    ways = [
        _rung(
            names, credential, state, day, held=name, required=asked,
            american=holding.american.get(name),
        )
        for name, credential in holding.known.items()
        if credential in answers or folded(name) == folded(asked)
    ]  # fmt: skip
    ways += [_rung(names, each, state, day, required=asked) for each in answers]
    if not ways:
        return _rung(names, None, state, day, required=asked)
    return min(ways, key=lambda rung: (len(rung.steps), rung.held is None, _height(rung)))


def _height(rung: Rung) -> int:
    return _RANK[rung.group]


def _rung(
    names: Names,
    credential: Credential | None,
    state: str | None,
    day: date,
    *,
    required: str | None = None,
    held: str | None = None,
    american: Credential | None = None,
) -> Rung:
    if credential is None:
        name = required or held or ""
        return Rung(
            None, Text(name, name), "unknown", "unknown", required, held, False, (NOT_LISTED,), (),
            (), None, {},
        )  # fmt: skip
    local = credential.local(state, day)
    notes = [credential.summary]
    level, steps = local.level, [s for s in local.steps if s.is_missing(held, required)]
    is_american = held is not None and american is credential and _covers(names, held, required)
    if is_american and local.license in ("state", "local", "contractor", "unknown"):
        level, steps = "unknown", [_ASK_BOARD]
        notes = [_OTHER_STATE]
    elif is_american:
        level, steps = "full", []
        notes = [_THE_VERY_ONE]
    elif state is not None and level == "state_by_state" and not local.rules:
        notes.append(_STATE_NOT_READ)
    if credential.caution and not is_american:
        notes.append(credential.caution)
    placed = way(steps)[0]
    return Rung(
        credential=credential,
        names=credential.names,
        level=level,
        license=credential.license_in(state, day),
        required=required,
        held=held,
        in_us_form=is_american,
        notes=tuple(notes),
        rules=local.rules,
        steps=tuple(
            LadderStep(step, begins, ends, number > 0 and steps[number - 1].id not in step.after)
            for number, (step, (begins, ends)) in enumerate(zip(steps, placed, strict=True))
        ),
        time=local.whole_time(steps),
        costs=local.whole_cost(steps) if steps else {},
    )


def _covers(names: Names, held: str, required: str | None) -> bool:
    """Whether the U.S. credential `held` is the very one asked for: AWS D1.1 is not ASME IX."""
    if required is None or required in names.by_id or names.in_us_form(required) is None:
        return True  # asked by the credential's id or its Korean name: any U.S. form of it will do
    return folded(held).startswith(folded(required))


def _together(rungs: Sequence[Rung]) -> Period | None:
    """See Ladder.time."""
    if not rungs:
        return Period(0, 0, "days", False)
    if len(rungs) == 1 and rungs[0].group != "unknown":
        return rungs[0].time  # in the unit that its source gives
    known = [rung.time for rung in rungs if rung.time is not None]
    ends = [each.days for each in known]
    unsure = len(known) < len(rungs) or any(rung.group == "unknown" for rung in rungs)
    open_ = unsure or any(most is None for _, most in ends)
    # What may not be asked at all is no reason to call the start too early.
    sure = [rung.time.days[0] for rung in rungs if rung.time and rung.group != "unknown"]
    least = max(sure, default=0)
    if open_ and least == 0:
        return None
    guess = any(each.estimate for each in known)
    return Period(least, None if open_ else sum(most or 0 for _, most in ends), "days", guess)


def _step_dict(each: LadderStep, say: Callable[[Text], Any], lang: str | None) -> dict[str, Any]:
    step = each.step
    return {
        "step": step.id,
        "text": say(step.text),
        "who": step.who,
        "gate": step.gate or None,
        "time": step.time.as_dict() if step.time else None,
        "cost": step.cost.as_dict(lang) if step.cost else None,
        "begins": each.begins.as_dict()["days"] if each.begins else None,
        "ends": each.ends.as_dict()["days"] if each.ends else None,
        "parallel": each.parallel,
        "after": list(step.after),
        "citation": step.backing.citation if step.backing else "",
        "evidence": step.backing.evidence if step.backing else "",
    }
