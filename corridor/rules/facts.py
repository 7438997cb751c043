"""The registry of facts: what each is, how to ask for it and whom; and reading of cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from corridor.rules import consistency
from corridor.rules.errors import UnknownFact, WrongType
from corridor.rules.reading import Map

NAMESPACES = ("candidate", "program", "derived", "system")
TYPES = ("yes_no", "number", "choice", "country", "date", "text", "periods", "chains")
ASKED = ("candidate", "host", "school", "authority")
UNITS = ("months", "days", "years", "hours", "percent", "semesters", "points", "rotations", "year")
_KEYS = ("type", "unit", "min", "max", "who", "changeable", "label", "ask", "choices",
         "never")  # fmt: skip
# How a fact can come to be otherwise; see data/facts/candidate.yaml.
CHANGEABLE = ("freely", "time", "duties", "nobody")

UNIT_WORDS: dict[str, tuple[str, str, str]] = {  # Korean, English singular, English plural
    "months": ("개월", " month", " months"),
    "days": ("일", " day", " days"),
    "years": ("년", " year", " years"),
    "hours": ("시간", " hour", " hours"),
    "percent": ("%", "%", "%"),
    "semesters": ("학기", " semester", " semesters"),
    "points": ("점", " point", " points"),
    "rotations": ("개 부서", " department", " departments"),
    "year": ("년", "", ""),
}


@lru_cache(maxsize=64)
def is_korean(lang: str) -> bool:
    return lang.lower().startswith("ko")


@dataclass(frozen=True, slots=True)
class FactSpec:
    """One fact that rules read.

    `type`: yes_no, number, choice, country (ISO 3166 alpha-2), date, text, periods (of days, see
    consistency.periods) or chains (of percents owned). `who` can answer:
    candidate, host, school or authority. `changeable`: freely, time (as it is; only time or really
    earning it changes it), duties (only with other work in fact) or nobody (also where offering
    another value would read as advice to call the same work by another name).
    `never`: the number that stands for "it never happened" where years since then are asked.
    """

    name: str
    type: str
    who: str
    label_ko: str
    label_en: str
    question_ko: str
    question_en: str
    unit: str | None = None
    minimum: float = 0
    maximum: float = 1_000_000
    changeable: str = "freely"
    choices: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    never: float | None = None

    @property
    def fixed(self) -> bool:
        """Nobody can change it to open a pathway."""
        return self.changeable == "nobody"

    def question(self, lang: str) -> str:
        return self.question_ko if is_korean(lang) else self.question_en

    def label(self, lang: str) -> str:
        return self.label_ko if is_korean(lang) else self.label_en

    def choice(self, value: str, lang: str) -> str:
        """The words for one choice; a value outside the list is shown as it is."""
        ko, en = self.choices.get(value, (value, value))
        return ko if is_korean(lang) else en

    def say(self, value: Any, lang: str) -> str:
        """`value` in the reader's words, with its unit."""
        korean = is_korean(lang)
        if isinstance(value, (list, tuple)):
            return (", " if korean else " or ").join(self.say(one, lang) for one in value)
        if isinstance(value, bool):
            return ("예" if value else "아니요") if korean else ("yes" if value else "no")
        if isinstance(value, date):
            if korean:
                return f"{value.year}년 {value.month}월 {value.day}일"
            return f"{value:%B} {value.day}, {value.year}"
        if isinstance(value, (int, float)):
            if value == self.never:
                return "없음" if korean else "never"
            ko, one, many = UNIT_WORDS.get(self.unit or "", ("", "", ""))
            word = ko if korean else (one if value == 1 else many)
            return f"{value:g}{word}"
        return self.choice(str(value), lang)

    def accept(self, value: Any) -> Any:
        """`value` as this fact's type. Raises WrongType; None stays None (unknown)."""
        if value is None:
            return None
        kind = type(value)
        match self.type:
            case "yes_no":
                if kind is bool:
                    return value
                raise WrongType(self.name, f"must be true or false, not {value!r}")
            case "number":
                if kind is not int and kind is not float:
                    raise WrongType(self.name, f"must be a number, not {value!r}")
                if value < self.minimum or value != value:
                    raise WrongType(self.name, f"must be {self.minimum:g} or more, not {value!r}")
                if value > self.maximum:
                    raise WrongType(self.name, f"must be {self.maximum:g} or less, not {value!r}")
                return value
            case "date":
                if kind is date:
                    return value
                if kind is str:
                    try:
                        return date.fromisoformat(value)
                    except ValueError:
                        pass
                raise WrongType(self.name, f"must be a day like 2027-03-02, not {value!r}")
            case "country":
                if kind is str and len(value) == 2 and value.isascii() and value.isupper():
                    return value
                hint = " (quote NO in YAML)" if value is False else ""
                raise WrongType(
                    self.name, f"must be a two-letter country code like KR, not {value!r}{hint}"
                )
            case "periods" | "chains":
                read = consistency.periods if self.type == "periods" else consistency.chains
                try:
                    return read(value)
                except ValueError as error:
                    raise WrongType(self.name, str(error)) from error
            case _:
                if kind is str:
                    return value
                raise WrongType(self.name, f"must be text, not {value!r}")


def load(tops: Iterable[Map]) -> dict[str, FactSpec]:
    """The registry from the files read, in the order written."""
    made: dict[str, FactSpec] = {}
    for top in tops:
        for fact, body in top.items():
            with top.noting():
                if fact.partition(".")[0] not in NAMESPACES:
                    known = ", ".join(NAMESPACES)
                    raise top.refuse(f"'{fact}' must begin with one of {known}", fact)
                if fact in made:
                    raise top.refuse(f"'{fact}' is already in another file", fact)
                if not isinstance(body, Map):
                    raise top.refuse(f"'{fact}' must be a map", fact)
                made[fact] = _spec(fact, body)
    return made


def _spec(name: str, body: Map) -> FactSpec:
    body.allow(_KEYS)
    label, ask = body.both("label", needed=True), body.both("ask", needed=True)
    assert label and ask
    kind = body.choice("type", TYPES)
    choices: dict[str, tuple[str, str]] = {}
    listed = body.get("choices")
    if isinstance(listed, Map):
        for key in listed:
            both = listed.both(key, needed=True)
            assert both
            choices[key] = both
    elif listed is not None:
        raise body.refuse("'choices' must be a map of value to ko/en", "choices")
    if (kind == "choice") != bool(choices):
        raise body.refuse("a 'choice' needs 'choices', and only a choice has them", "type")
    unit = body.choice("unit", UNITS) if "unit" in body else None
    return FactSpec(
        name=name,
        type=kind,
        who=body.choice("who", ASKED),
        label_ko=label[0],
        label_en=label[1],
        question_ko=ask[0],
        question_en=ask[1],
        unit=unit,
        minimum=_number(body, "min", 0),
        maximum=_number(body, "max", 100 if unit == "percent" else 1_000_000),
        changeable=body.choice("changeable", CHANGEABLE) if "changeable" in body else "freely",
        choices=choices,
        never=_number(body, "never", 0) if "never" in body else None,
    )


def _number(body: Map, key: str, default: float) -> float:
    value = body.get(key, default)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise body.refuse(f"'{key}' must be a number", key)
    return value


def accepted(facts: Mapping[str, Any], registry: Mapping[str, FactSpec]) -> dict[str, Any]:
    """The known facts of `facts`, each of its type. Raises UnknownFact or WrongType."""
    made: dict[str, Any] = {}
    for name, value in facts.items():
        spec = registry.get(name)
        if spec is None:
            raise UnknownFact(name, registry)
        if value is not None:
            made[name] = spec.accept(value)
    return made


def parse_case(case: Mapping[str, Any], registry: Mapping[str, FactSpec]) -> dict[str, Any]:
    """Flat facts of a case with `candidate:`, `program:`, `derived:` and `system:` maps.

    A key inside a map may carry its full name (`derived: {system.bill_enacted: false}`); keys
    beside the four maps are left alone, except dotted ones, which are facts too. Facts that
    cannot all be true are refused with a Contradiction.
    """
    flat: dict[str, Any] = {}

    def put(name: str, value: Any) -> None:
        if name in flat and flat[name] != value:
            raise WrongType(name, f"given twice: {flat[name]!r} and {value!r}")
        flat[name] = value

    for key, value in case.items():
        if key in NAMESPACES:
            if value is None:
                continue
            if not isinstance(value, Mapping):
                raise WrongType(key, f"must be a map of facts, not {value!r}")
            for inner, fact in value.items():
                named = inner.partition(".")[0] in NAMESPACES and "." in inner
                put(inner if named else f"{key}.{inner}", fact)
        elif key.partition(".")[0] in NAMESPACES:
            put(key, value)
    made = accepted(flat, registry)
    if (clash := consistency.contradiction(made)) is not None:
        raise clash
    return made
