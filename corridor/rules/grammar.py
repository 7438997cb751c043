"""How checks, dates, texts and their backing are written in the YAML files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from corridor.rules.checks import COMPARISONS, AllOf, AnyOf, Check, Leaf, Not, Told
from corridor.rules.errors import FactError, nearest
from corridor.rules.facts import FactSpec
from corridor.rules.model import EVIDENCE, Backing, Source, Span, Text
from corridor.rules.reading import Map

BACKING = ("citation", "evidence", "sources", "checked_on")
SPAN = ("from", "until")


class Grammar:
    """Reads the parts that every file shares, against the known facts and sources."""

    def __init__(self, facts: Mapping[str, FactSpec], sources: Mapping[str, Source]) -> None:
        self.facts, self.sources = facts, sources

    def backing(self, body: Map, top: Map) -> Backing:
        """`checked_on` and `evidence` may stand once at the head of the file."""
        checked = body.day("checked_on") or top.day("checked_on")
        if checked is None:
            raise body.refuse("'checked_on' is missing here and at the head of the file")
        sources = body.texts("sources")
        for each in sources:
            if each not in self.sources:
                raise body.refuse(f"unknown source '{each}'", "sources")
        return Backing(
            citation=body.text("citation", needed=True),
            evidence=body.choice("evidence", EVIDENCE),
            checked_on=checked,
            sources=sources,
            file=body.file,
            line=body.line,
        )

    def check(self, body: Any, owner: Map, key: str) -> Check:
        """A check as written: {fact: …, at_most: 12}, {all: […]}, {any: […]}, {not: …} or,
        where unknown counts as no, {told: …}."""
        if not isinstance(body, Map):
            raise owner.refuse(f"'{key}' must be a map such as {{fact: …, is: true}}", key)
        for group in ("all", "any"):
            if group in body:
                body.allow((group,))
                parts = tuple(self.check(p, body, group) for p in body.maps(group, needed=True))
                return AllOf(parts) if group == "all" else AnyOf(parts)
        if "not" in body:
            body.allow(("not",))
            return Not(self.check(body["not"], body, "not"))
        if "told" in body:
            body.allow(("told",))
            return Told(self.check(body["told"], body, "told"))
        body.allow(("fact", *COMPARISONS))
        fact = body.text("fact", needed=True)
        spec = self.facts.get(fact)
        if spec is None:
            raise body.refuse(f"unknown fact '{fact}'; {near(fact, self.facts)}", "fact")
        ops = [op for op in COMPARISONS if op in body]
        if len(ops) != 1:
            raise body.refuse(f"a check needs exactly one of {', '.join(COMPARISONS)}")
        op, value = ops[0], body[ops[0]]
        try:
            if op in ("one_of", "none_of"):
                if not isinstance(value, list) or not value:
                    raise body.refuse(f"'{op}' needs a list", op)
                value = tuple(spec.accept(each) for each in value)
            else:
                value = spec.accept(value)
        except FactError as error:
            raise body.refuse(f"{fact} {error.problem}", op) from error
        for each in value if isinstance(value, tuple) else (value,):
            if each is None or (spec.choices and each not in spec.choices):
                raise body.refuse(
                    f"{fact} has no choice {each!r}; {near(str(each), spec.choices)}", op
                )
        return Leaf(fact, op, value)


def span(body: Map) -> Span:
    start, end = body.day("from"), body.day("until")
    if start and end and end < start:
        raise body.refuse("'until' is before 'from'", "until")
    return Span(start, end)


def whole(body: Map, key: str) -> int | None:
    value = body.get(key)
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        raise body.refuse(f"'{key}' must be a whole number", key)
    return value


def text(body: Map) -> Text:
    if set(body) != {"ko", "en"}:
        raise body.refuse("needs exactly 'ko' and 'en'")
    return Text(body.text("ko", needed=True), body.text("en", needed=True))


def both(body: Map, key: str) -> Text:
    both = body.both(key, needed=True)
    assert both is not None
    return Text(*both)


def near(name: str, known: Iterable[str]) -> str:
    found = nearest(name, known)
    return f"did you mean '{found}'?" if found else "see the file that lists them"


def refuse_overlaps(spans: Sequence[tuple[str, Span]], top: Map, key: str) -> None:
    """`spans` are in the order of the list under `key`."""
    bodies = top.maps(key)
    if len(bodies) != len(spans):
        return  # one was left out while problems are collected, and is told already
    for later, (name, span) in enumerate(spans):
        for earlier in range(later):
            if spans[earlier][0] == name and spans[earlier][1].overlaps(span):
                first = bodies[earlier].line
                raise bodies[later].refuse(
                    f"dates of '{name}' overlap those on line {first}",
                    "from" if "from" in bodies[later] else "until",
                )
