"""Korean credentials and what a U.S. state makes of them: in full, in part, by exam, not.

The files are read in credential_files.py; what is still missing, in order, is in ladder.py.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from corridor.rules.amounts import (
    NO_PRICE,
    NO_TIME,
    Period,
    Price,
    by_payer,
    one_after_another,
)
from corridor.rules.model import Backing, Span, Text

if TYPE_CHECKING:
    from corridor.rules.naming import Names

LEVELS = {
    "full": Text("그대로 인정", "recognized in full"),
    "partial": Text("일부 인정", "recognized in part"),
    "exam": Text("미국 시험·교육 필요", "U.S. exam or training needed"),
    "employer": Text("고용주가 평가", "employer qualifies you"),
    "state_by_state": Text("주마다 다름", "depends on the state"),
    "local": Text("시·카운티가 정함", "decided by the city or county"),
    "company": Text("회사 인증(개인 자격 아님)", "held by the company, not a person"),
    "not_needed": Text("미국 면허 불필요", "no U.S. license exists"),
    "none": Text("미국에서 인정 안 됨", "not recognized in the U.S."),
    "unknown": Text("정리된 정보 없음", "not in our list yet"),
}
# Who licenses this work. `certification`: no license, but the law asks for a certificate.
LICENSES = {
    "state": Text("주 면허", "state license"),
    "certification": Text("법이 정한 인증", "certification required by law"),
    "contractor": Text("주는 업체 면허, 개인은 지방", "state license for firms; persons locally"),
    "local": Text("주 면허 없음, 시·카운티 면허", "no state license; city or county"),
    "none": Text("주 면허 없음", "no state license"),
    "unknown": Text("확인하지 못함", "not verified"),
}
NOT_LISTED = Text(
    "이 자격이 미국에서 어떻게 인정되는지 정리된 정보가 아직 없습니다. "
    "해당 주 면허 기관이나 고용주에게 확인해 주십시오.",
    "We have no entry yet on how this is recognized in the U.S. "
    "Please ask the state board or the employer.",
)
WHO = ("candidate", "employer", "school", "board")
GATES = ("visa", "license", "employer", "site")
STATES = frozenset(
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ "
    "NM NY NC ND OH OK OR PA PR RI SC SD TN TX UT VT VA WA WV WI WY".split()
)
# Best first: what a holder can do with it without anything more.
_LADDER = (
    *("full", "not_needed", "partial", "employer", "exam", "local", "state_by_state", "company"),
)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing still to do. `who` acts; `gate`: which gate it opens ("" for papers and the like).

    `after`: ids of the steps it waits for. `unless_held`: needed only by who lacks the credential.
    `asked_as`: only where the program asks by one of these names. `only_in`, `not_in`: states.
    `backing`: where the step has a source of its own.
    """

    id: str
    text: Text
    who: str
    gate: str = ""
    time: Period | None = None
    cost: Price | None = None
    after: tuple[str, ...] = ()
    unless_held: bool = False
    asked_as: tuple[str, ...] = ()
    only_in: tuple[str, ...] = ()
    not_in: tuple[str, ...] = ()
    backing: Backing | None = None

    def is_missing(self, held: str | None, required: str | None) -> bool:
        """Whether who holds `held` (None: nothing) still has it to do for what is `required`."""
        if self.asked_as and folded(required or "") not in map(folded, self.asked_as):
            return False
        return held is None or not self.unless_held


@dataclass(frozen=True, slots=True)
class StateRule:
    """What differs in some states (postal codes) while `span` lasts; None: as elsewhere.

    `time` and `cost` replace those of the whole way; `drop` and `steps` take away and add steps.
    """

    states: tuple[str, ...]
    note: Text
    level: str | None
    license: str | None
    drop: tuple[str, ...]
    steps: tuple[Step, ...]
    time: Period | None
    cost: Price | None
    span: Span
    backing: Backing


@dataclass(frozen=True)
class Credential:
    """A credential held in Korea. `satisfies`: names under which U.S. programs ask for its
    counterpart; `us_names`: those of them that are the U.S. credential itself. `time`, `cost`: the
    whole way, where its steps do not say; None: not known. `license`: who licenses the work (""
    where nobody does). `caution`: what one easily gets wrong.
    """

    id: str
    names: Text
    aliases: tuple[str, ...]
    family: str
    issuer: Text
    sectors: tuple[str, ...]
    counterpart: Text
    satisfies: tuple[str, ...]
    us_names: tuple[str, ...]
    level: str
    license: str
    summary: Text
    caution: Text | None
    steps: tuple[Step, ...]
    time: Period | None
    cost: Price | None
    states: tuple[StateRule, ...]
    backing: Backing

    def name(self, lang: str) -> str:
        return self.names(lang)

    def rules_in(self, state: str | None, day: date) -> list[StateRule]:
        if state is None:
            return []
        return [rule for rule in self.states if state in rule.states and day in rule.span]

    def local(self, state: str | None, day: date) -> Local:
        """What holds in `state` on `day`; without a state, what holds everywhere."""
        rules = self.rules_in(state, day)
        dropped = {name for rule in rules for name in rule.drop}
        common = [
            step
            for step in self.steps
            if step.id not in dropped
            and state not in step.not_in
            and (not step.only_in or state in step.only_in)
        ]
        added = [step for rule in rules for step in rule.steps]
        return Local(
            level=next((rule.level for rule in rules if rule.level), self.level),
            license=next((rule.license for rule in rules if rule.license), self.license),
            steps=(*common, *added),
            time=next((rule.time for rule in rules if rule.time), self.time),
            cost=next((rule.cost for rule in rules if rule.cost), self.cost),
            added=frozenset(step.id for step in added),
            own_figures=any(rule.time or rule.cost for rule in rules),
            rules=tuple(rules),
        )

    @property
    def is_licensed_work(self) -> bool:
        """Whether it is for work that a state may license: a degree or a safety card is not."""
        return self.family in ("trade", "license")

    def license_in(self, state: str | None, day: date) -> str:
        """See LICENSES. That a state licenses nobody is known only where its rule was read."""
        local = self.local(state, day)
        if local.license == "none" and state and not local.rules and self.is_licensed_work:
            return "unknown"
        return local.license


@dataclass(frozen=True, slots=True)
class Local:
    """A credential as one state sees it. `added`: ids of the steps that only this state asks;
    `own_figures`: the state's rule gives time or cost for the whole way, these steps included."""

    level: str
    license: str
    steps: tuple[Step, ...]
    time: Period | None
    cost: Price | None
    added: frozenset[str]
    own_figures: bool
    rules: tuple[StateRule, ...]

    def whole_time(self, steps: Sequence[Step]) -> Period | None:
        """How long `steps` take together. None: nobody knows; open upward: in part nobody knows."""
        if not steps:
            return Period(0, 0, "days", False)
        if self.time in (None, NO_TIME):
            return way(steps)[1]
        assert self.time is not None
        extra = [step for step in steps if self._beside(step)]
        if not extra:
            return self.time
        least, most = one_after_another([self.time, *(s.time for s in extra if s.time)]).days
        open_ = most is None or any(step.time is None for step in extra)
        if open_ and least == self.time.days[0]:  # nothing known was added: keep the unit
            return Period(self.time.least, None, self.time.unit)
        return Period(least, None if open_ else most)

    def whole_cost(self, steps: Sequence[Step]) -> dict[str, Price]:
        """What `steps` cost together, by payer. Empty: nobody knows."""
        if not steps:
            return {}
        if self.cost is None or self.cost == NO_PRICE:
            return by_payer(step.cost for step in steps if step.cost)
        extra = [step for step in steps if self._beside(step)]
        return by_payer([self.cost, *(step.cost or NO_PRICE for step in extra)])

    def _beside(self, step: Step) -> bool:
        """Whether the general figures of the whole way leave `step` out."""
        return step.unless_held or (step.id in self.added and not self.own_figures)


def way(steps: Sequence[Step]) -> tuple[list[tuple[Period | None, Period | None]], Period | None]:
    """When each step begins and ends, counted from the first day, and when the last one ends.

    A step waits for those in its `after`. A step without a known time takes at least no time and
    leaves everything after it open upward. Nothing is known (None) before the first known time.
    """
    ends: dict[str, tuple[int, int | None, bool, bool]] = {}  # least, most, estimate, known
    told = []
    for step in steps:
        before = [ends[name] for name in step.after if name in ends]
        low = max((each[0] for each in before), default=0)
        high = _latest(each[1] for each in before)
        guess = any(each[2] for each in before)
        known = any(each[3] for each in before)
        begin = Period(low, high, "days", guess) if known else None
        end: tuple[int, int | None, bool, bool] = (low, None, guess, known)
        if step.time is not None:
            least, most = step.time.days
            total = None if high is None or most is None else high + most
            end = (low + least, total, guess or step.time.estimate, True)
        ends[step.id] = end
        told.append((begin, Period(end[0], end[1], "days", end[2]) if end[3] else None))
    if not any(each[3] for each in ends.values()):
        return told, None
    last = Period(
        max(each[0] for each in ends.values()),
        _latest(each[1] for each in ends.values()),
        "days",
        any(each[2] for each in ends.values()),
    )
    return told, last


def _latest(days: Iterable[int | None]) -> int | None:
    latest = 0
    for each in days:
        if each is None:
            return None
        latest = max(latest, each)
    return latest


@dataclass(frozen=True)
class Recognition:
    """What a state makes of one credential. `held`: as the candidate named it; `required`: as the
    program did.

    With `required` and no `held`, the candidate lacks it and `steps` are how to get it.
    """

    credential: str | None
    names: Text
    level: str
    summaries: tuple[Text, ...]
    step_texts: tuple[Text, ...]
    period: Period | None
    prices: Mapping[str, Price]
    citation: str
    evidence: str
    checked_on: date | None
    held: str | None
    required: str | None

    def name(self, lang: str) -> str:
        return self.names(lang)

    def level_name(self, lang: str) -> str:
        return LEVELS[self.level](lang)

    def summary(self, lang: str) -> str:
        return " ".join(text(lang) for text in self.summaries)

    def steps(self, lang: str) -> list[str]:
        return [step(lang) for step in self.step_texts]

    def time(self, lang: str) -> str:
        """In words; empty where nobody knows."""
        return self.period.say(lang) if self.period else ""

    def cost(self, lang: str) -> str:
        """In words, with who pays; empty where nobody knows."""
        return say_prices(self.prices, lang)

    def as_dict(self, lang: str | None = None) -> dict[str, Any]:
        """JSON-able; texts in `lang`, or {"ko", "en"} without one."""

        def say(speak: Callable[[str], Any]) -> Any:
            return speak(lang) if lang else {"ko": speak("ko"), "en": speak("en")}

        return {
            "credential": self.credential,
            "name": say(self.name),
            "level": self.level,
            "level_name": say(self.level_name),
            "summary": say(self.summary),
            "steps": say(self.steps),
            "time": say(self.time),
            "cost": say(self.cost),
            "citation": self.citation,
            "evidence": self.evidence,
            "checked_on": self.checked_on.isoformat() if self.checked_on else None,
            "held": self.held,
            "required": self.required,
        }


def say_prices(prices: Mapping[str, Price], lang: str) -> str:
    """Each payer's part, as in "$30–150 (estimate), the employer"."""
    parts = []
    for payer, price in prices.items():
        words = price.say(lang) if price.least is not None else ""
        who = price.payer_name(lang) if payer != "unknown" else ""
        parts.append(", ".join(part for part in (words, who) if part))
    return "; ".join(parts)


def folded(name: str) -> str:
    """`name` without case, spaces and marks, so that "OSHA-30" and "osha 30" meet."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return re.sub(r"[^0-9a-z가-힣]", "", plain)


def recognition(
    names: Names,
    held: Iterable[str],
    *,
    state: str | None,
    day: date,
    required: Iterable[str] = (),
) -> list[Recognition]:
    """The ladder: first what the program asks, then what else the candidate holds."""
    holding = [(name, names.held(name)) for name in dict.fromkeys(held)]
    ladder: list[Recognition] = []
    used: set[str] = set()
    for asked in dict.fromkeys(required):
        answers = names.asked(asked)
        matches = [
            (name, credential)
            for name, credential in holding
            if credential is not None and (credential in answers or folded(name) == folded(asked))
        ]
        if matches:
            rungs = [_rung(c, state, day, held=name, required=asked) for name, c in matches]
            ladder.append(min(rungs, key=_height))
            used.update(name for name, _ in matches)
        elif answers:
            ladder.append(_rung(answers[0], state, day, held=None, required=asked))
        else:
            ladder.append(_not_listed(asked, held=None, required=asked))
    for name, credential in holding:
        if name in used:
            continue
        if credential is None:
            ladder.append(_not_listed(name, held=name, required=None))
        else:
            ladder.append(_rung(credential, state, day, held=name, required=None))
    return ladder


def _height(rung: Recognition) -> int:
    return _LADDER.index(rung.level) if rung.level in _LADDER else len(_LADDER)


def _rung(
    credential: Credential, state: str | None, day: date, *, held: str | None, required: str | None
) -> Recognition:
    local = credential.local(state, day)
    steps = [step for step in local.steps if step.is_missing(held, required)]
    caution = [credential.caution] if credential.caution else []
    return Recognition(
        credential=credential.id,
        names=credential.names,
        level=local.level,
        summaries=(credential.summary, *(rule.note for rule in local.rules), *caution),
        step_texts=tuple(step.text for step in steps),
        period=local.whole_time(steps) if steps else None,
        prices=local.whole_cost(steps),
        citation=credential.backing.citation,
        evidence=credential.backing.evidence,
        checked_on=credential.backing.checked_on,
        held=held,
        required=required,
    )


def _not_listed(name: str, *, held: str | None, required: str | None) -> Recognition:
    return Recognition(
        credential=None,
        names=Text(name, name),
        level="unknown",
        summaries=(NOT_LISTED,),
        step_texts=(),
        period=None,
        prices={},
        citation="",
        evidence="",
        checked_on=None,
        held=held,
        required=required,
    )
