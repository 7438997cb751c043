"""Korean credentials and what a U.S. state makes of them: in full, in part, by exam, not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from corridor.rules.model import Backing, Span, Text
from corridor.rules.reading import Map

LEVELS = {
    "full": Text("그대로 인정", "recognized in full"),
    "partial": Text("일부 인정", "recognized in part"),
    "exam": Text("미국 시험·교육 필요", "U.S. exam or training needed"),
    "employer": Text("고용주가 평가", "employer qualifies you"),
    "state_by_state": Text("주마다 다름", "depends on the state"),
    "company": Text("회사 인증(개인 자격 아님)", "held by the company, not a person"),
    "not_needed": Text("미국 면허 불필요", "no U.S. license exists"),
    "none": Text("미국에서 인정 안 됨", "not recognized in the U.S."),
    "unknown": Text("정리된 정보 없음", "not in our list yet"),
}
_SCORE = re.compile(r"(\d+점?|i[hlm]\d?|al)$")
# Best first: what a holder can do with it without anything more.
_LADDER = ("full", "not_needed", "partial", "employer", "exam", "state_by_state", "company")
_KEYS = [
    "id",
    "name",
    "aliases",
    "family",
    "issuer",
    "sectors",
    "counterpart",
    "satisfies",
    "level",
    "level_note",
    "summary",
    "steps",
    "time",
    "cost",
    "states",
    "note",
    "checked_on",
    "citation",
    "citations",
    "evidence",
    "sources",
]


@dataclass(frozen=True, slots=True)
class StateRule:
    """What differs in some states. `states`: postal codes. `level` None: as elsewhere."""

    states: tuple[str, ...]
    note: Text
    level: str | None
    span: Span


@dataclass(frozen=True)
class Credential:
    """A credential held in Korea. `satisfies`: names under which U.S. programs ask for its
    counterpart. `time` and `cost` are ranges; `estimate` is said in their words."""

    id: str
    names: Text
    aliases: tuple[str, ...]
    family: str
    issuer: Text
    sectors: tuple[str, ...]
    counterpart: Text
    satisfies: tuple[str, ...]
    level: str
    summary: Text
    steps: tuple[Text, ...]
    time: Text
    cost: Text
    states: tuple[StateRule, ...]
    backing: Backing

    def name(self, lang: str) -> str:
        return self.names(lang)

    def rules_in(self, state: str | None, day: date) -> list[StateRule]:
        if state is None:
            return []
        return [rule for rule in self.states if state in rule.states and day in rule.span]


@dataclass(frozen=True)
class Recognition:
    """One rung of the ladder. `held`: as the candidate named it; `required`: as the program did.

    With `required` and no `held`, the candidate lacks it and `steps` are how to get it.
    """

    credential: str | None
    names: Text
    level: str
    summaries: tuple[Text, ...]
    step_texts: tuple[Text, ...]
    time_text: Text | None
    cost_text: Text | None
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
        return self.time_text(lang) if self.time_text else ""

    def cost(self, lang: str) -> str:
        return self.cost_text(lang) if self.cost_text else ""

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


def load(files: Iterable[Map], backing: Callable[[Map], Backing]) -> dict[str, Credential]:
    made: dict[str, Credential] = {}
    for top in files:
        top.allow(_KEYS)
        states = []
        for body in top.maps("states"):
            body.allow(("in", "note", "level", "from", "until"))
            codes = body.texts("in")
            for code in codes:
                if not re.fullmatch("[A-Z]{2}", code):
                    raise body.refuse(f"'{code}' is not a state's two-letter code", "in")
            level = body.choice("level", LEVELS) if "level" in body else None
            span = Span(body.day("from"), body.day("until"))
            states.append(StateRule(codes, _text(body, "note"), level, span))
        made[top["id"]] = Credential(
            id=top["id"],
            names=_text(top, "name"),
            aliases=top.texts("aliases"),
            family=top.text("family", needed=True),
            issuer=_text(top, "issuer"),
            sectors=top.texts("sectors"),
            counterpart=_text(top, "counterpart"),
            satisfies=top.texts("satisfies"),
            level=top.choice("level", LEVELS),
            summary=_text(top, "summary"),
            steps=tuple(_own(step) for step in top.maps("steps", needed=True)),
            time=_text(top, "time"),
            cost=_text(top, "cost"),
            states=tuple(states),
            backing=backing(top),
        )
    return made


def _text(body: Map, key: str) -> Text:
    both = body.both(key, needed=True)
    assert both is not None
    return Text(*both)


def _own(body: Map) -> Text:
    body.allow(("ko", "en"))
    return Text(body.text("ko", needed=True), body.text("en", needed=True))


def folded(name: str) -> str:
    """`name` without case, spaces and marks, so that "OSHA-30" and "osha 30" meet."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return re.sub(r"[^0-9a-z가-힣]", "", plain)


class Names:
    """Finds credentials by id, name, alias, or the name of their U.S. counterpart."""

    def __init__(self, credentials: Mapping[str, Credential]) -> None:
        self.by_id = credentials
        self._held: dict[str, Credential] = {}
        self._asked: dict[str, list[Credential]] = {}
        for each in credentials.values():
            for name in (each.id, each.names.ko, each.names.en, *each.aliases):
                self._held.setdefault(folded(name), each)
            for name in (each.id, each.names.ko, each.names.en, *each.aliases, *each.satisfies):
                listed = self._asked.setdefault(folded(name), [])
                if each not in listed:
                    listed.append(each)
        # Longest first, so that 산업기사 is found before 기사.
        self._tails = sorted((k for k in self._held if len(k) >= 2), key=len, reverse=True)

    def held(self, name: str) -> Credential | None:
        """The credential called `name`; "전기산업기사" falls back to the grade it ends in."""
        if name in self.by_id:
            return self.by_id[name]
        key = folded(name)
        if key in self._held:
            return self._held[key]
        plain = _SCORE.sub("", key)  # "TOEIC 870" and "오픽 IM2" are the test with a score
        if plain != key and plain in self._held:
            return self._held[plain]
        for tail in self._tails:
            korean = "가" <= tail[-1] <= "힣"
            if korean and key.endswith(tail):
                return self._held[tail]
            if not korean and len(tail) >= 4 and key.startswith(tail):
                return self._held[tail]
        return None

    def asked(self, name: str) -> Sequence[Credential]:
        """The credentials that answer to a program's `name`."""
        if name in self.by_id:
            return [self.by_id[name]]
        key = folded(name)
        if key in self._asked:
            return self._asked[key]
        found = self.held(name)
        return [found] if found else []


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
    rules = credential.rules_in(state, day)
    level = next((rule.level for rule in rules if rule.level), credential.level)
    return Recognition(
        credential=credential.id,
        names=credential.names,
        level=level,
        summaries=(credential.summary, *(rule.note for rule in rules)),
        step_texts=credential.steps,
        time_text=credential.time,
        cost_text=credential.cost,
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
        summaries=(
            Text(
                "이 자격이 미국에서 어떻게 인정되는지 정리된 정보가 아직 없습니다. "
                "해당 주 면허 기관이나 고용주에게 확인해 주십시오.",
                "We have no entry yet on how this is recognized in the U.S. "
                "Please ask the state board or the employer.",
            ),
        ),
        step_texts=(),
        time_text=None,
        cost_text=None,
        citation="",
        evidence="",
        checked_on=None,
        held=held,
        required=required,
    )
