"""The papers of a dispatch: the draft letter of support, the contract clause, the checklist.

Their sentences are rule data (data/papers/), each with what it rests on. A letter is only ever
filled with what is known: whatever is not stays a visible blank.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from corridor.rules.checks import Check, compiled
from corridor.rules.grammar import BACKING, Grammar, both, near, text
from corridor.rules.model import ACTORS, Backing, Text
from corridor.rules.reading import Map, read_each

LETTER, CLAUSE, CHECKLIST = "support_letter", "service_clause", "traveler_checklist"
_WHEN = ("id", "grounds", "when", "only_with")
_HOLE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Condition:
    """Where a part belongs: on these grounds, where this is known, beside these kinds of duty."""

    grounds: tuple[str, ...] = ()
    when: Check | None = None
    only_with: str = ""

    def holds(self, ground: str, facts: Mapping[str, Any], kinds: Collection[str]) -> bool:
        return (
            (not self.grounds or ground in self.grounds)
            and (self.when is None or compiled(self.when)(facts) is True)
            and (not self.only_with or self.only_with in kinds)
        )


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph of the letter, in English. `why`: what it is for, for those who write it."""

    id: str
    text: str
    why: Text
    condition: Condition
    backing: Backing


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the checklist. `who`: one of ACTORS. `phase`: when it is to be done."""

    id: str
    phase: str
    who: str
    text: Text
    condition: Condition
    backing: Backing


@dataclass(frozen=True, slots=True)
class Wording:
    """A sentence to be used as it stands: the rule on the clause, and a clause to begin with."""

    id: str
    text: Text
    backing: Backing


@dataclass(frozen=True, slots=True)
class Words:
    """Names by key: what the blanks of the letter and the phases of the checklist are called."""

    id: str
    said: Mapping[str, Text]


@dataclass(frozen=True, slots=True)
class Sentences:
    """Sentences of the letter that stand there only where their check is known to hold."""

    id: str
    said: Mapping[str, tuple[str, Check]]


Paper = Part | Item | Wording | Words | Sentences
T = TypeVar("T", Part, Item)


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a filled paragraph; a `blank` says what is still to be filled in."""

    text: str
    blank: Text | None = None

    def __str__(self) -> str:
        return f"[to be filled: {self.blank.en}]" if self.blank else self.text


# What fills a blank: text, or pieces where a part of it is still to be filled in.
Values = Mapping[str, str | Sequence[Piece] | None]


@dataclass(frozen=True, slots=True)
class Paragraph:
    part: Part
    pieces: tuple[Piece, ...]

    def __str__(self) -> str:
        return "".join(map(str, self.pieces))


def load(
    tops: Sequence[Map], grammar: Grammar, *, pathways: Collection[str], kinds: Collection[str]
) -> dict[str, Paper]:
    """From data/papers/, by "paper/part". `pathways`, `kinds`: those that parts may name."""
    made: dict[str, Paper] = {}
    reader = _Reader(grammar, pathways, kinds)
    for top in tops:
        with top.noting():
            for key, paper in reader.papers(top):
                if key in made:
                    raise top.refuse(f"'{key}' is there twice")
                made[key] = paper
    return made


def letter(
    papers: Mapping[str, Paper],
    ground: str,
    values: Values,
    *,
    facts: Mapping[str, Any],
    kinds: Collection[str],
) -> list[Paragraph]:
    """The letter for a B-1 `ground`, filled with `values` by the names of the blanks and with the
    sentences that `facts` bear out. What is None or absent stays a blank."""
    blanks, sentences = papers.get(f"{LETTER}/blanks"), papers.get(f"{LETTER}/sentences")
    if not isinstance(blanks, Words):
        return []
    held: dict[str, str] = {}
    if isinstance(sentences, Sentences):
        held = {name: said for name, (said, check) in sentences.said.items()
                if compiled(check)(facts) is True}  # fmt: skip
    return [
        Paragraph(part, tuple(_filled(part.text, values, held, blanks.said)))
        for part in _of(papers, LETTER, Part)
        if part.condition.holds(ground, facts, kinds)
    ]


def checklist(
    papers: Mapping[str, Paper], ground: str, *, facts: Mapping[str, Any], kinds: Collection[str]
) -> list[tuple[Text, list[Item]]]:
    """The lines of each phase that belong to this dispatch, in order."""
    phases = papers.get(f"{CHECKLIST}/phases")
    named = phases.said if isinstance(phases, Words) else {}
    items = [each for each in _of(papers, CHECKLIST, Item)
             if each.condition.holds(ground, facts, kinds)]  # fmt: skip
    found = [(title, [i for i in items if i.phase == phase]) for phase, title in named.items()]
    return [(title, held) for title, held in found if held]


def clause(papers: Mapping[str, Paper]) -> tuple[Wording, Wording] | None:
    """What the rule asks of the contract of sale, and a wording to begin with."""
    rule, wording = (papers.get(f"{CLAUSE}/{name}") for name in ("rule", "wording"))
    if isinstance(rule, Wording) and isinstance(wording, Wording):
        return rule, wording
    return None


def _of(papers: Mapping[str, Paper], paper: str, kind: type[T]) -> list[T]:
    return [each for key, each in papers.items()
            if key.startswith(f"{paper}/") and isinstance(each, kind)]  # fmt: skip


def _filled(
    text: str,
    values: Values,
    sentences: Mapping[str, str],
    blanks: Mapping[str, Text],
) -> Iterator[Piece]:
    """What people typed is never read for holes; a sentence may have some."""
    at = 0
    for hole in _HOLE.finditer(text):
        name = hole[1]
        if hole.start() > at:
            yield Piece(text[at : hole.start()])
        if name in sentences:
            yield from _filled(sentences[name], values, {}, blanks)
        elif value := values.get(name):
            yield from [Piece(value)] if isinstance(value, str) else value
        else:
            yield Piece(hole[0], blanks[name])
        at = hole.end()
    if at < len(text):
        yield Piece(text[at:])


class _Reader:
    def __init__(
        self, grammar: Grammar, pathways: Collection[str], kinds: Collection[str]
    ) -> None:
        self.grammar, self.pathways, self.kinds = grammar, pathways, kinds

    def papers(self, top: Map) -> Iterator[tuple[str, Paper]]:
        name = str(top["id"])
        readers = {LETTER: self._letter, CLAUSE: self._clause, CHECKLIST: self._checklist}
        if name not in readers:
            raise top.refuse(f"unknown paper; {near(name, readers)}", "id")
        for each in readers[name](top):
            yield f"{name}/{each.id}", each

    def _letter(self, top: Map) -> Iterator[Paper]:
        top.allow(("id", "checked_on", "blanks", "sentences", "parts"))
        blanks = _words(top, "blanks")
        yield blanks

        def said(body: Map) -> str:
            found = body.text("text", needed=True)
            for name in _HOLE.findall(found):
                if name not in blanks.said:
                    raise body.refuse(f"no blank '{name}'; {near(name, blanks.said)}", "text")
            return found

        def part(body: Map) -> Part:
            body.allow((*_WHEN, "text", "why", *BACKING))
            return Part(body.text("id", needed=True), said(body), both(body, "why"),
                        self._condition(body), self.grammar.backing(body, top))  # fmt: skip

        sentences = {}
        for name, body in _maps(top, "sentences"):
            body.allow(("text", "when"))
            if name not in blanks.said:
                raise top.refuse(f"no blank '{name}'; {near(name, blanks.said)}", "sentences")
            sentences[name] = said(body), self.grammar.check(body.need("when"), body, "when")
        yield Sentences("sentences", sentences)
        yield from read_each(part, top.maps("parts", needed=True))

    def _checklist(self, top: Map) -> Iterator[Paper]:
        top.allow(("id", "checked_on", "phases", "items"))
        phases = _words(top, "phases")
        yield phases

        def item(body: Map) -> Item:
            body.allow((*_WHEN, "phase", "who", "text", *BACKING))
            return Item(
                body.text("id", needed=True), body.choice("phase", phases.said),
                body.choice("who", ACTORS), both(body, "text"), self._condition(body),
                self.grammar.backing(body, top),
            )  # fmt: skip

        yield from read_each(item, top.maps("items", needed=True))

    def _clause(self, top: Map) -> Iterator[Paper]:
        top.allow(("id", "checked_on", "rule", "wording"))
        for key in ("rule", "wording"):
            body = top.need(key)
            if not isinstance(body, Map):
                raise top.refuse(f"'{key}' must be a map", key)
            body.allow(("text", *BACKING))
            yield Wording(key, both(body, "text"), self.grammar.backing(body, top))

    def _condition(self, body: Map) -> Condition:
        when = self.grammar.check(body["when"], body, "when") if "when" in body else None
        grounds, kind = body.texts("grounds"), body.text("only_with")
        for each in grounds:
            if each not in self.pathways:
                hint = near(each, self.pathways)
                raise body.refuse(f"unknown pathway '{each}'; {hint}", "grounds")
        if kind and kind not in self.kinds:
            raise body.refuse(f"unknown kind '{kind}'; {near(kind, self.kinds)}", "only_with")
        return Condition(grounds, when, kind)


def _maps(top: Map, key: str) -> list[tuple[str, Map]]:
    body = top.need(key)
    if not isinstance(body, Map) or not all(isinstance(each, Map) for each in body.values()):
        raise top.refuse(f"'{key}' must be a map of maps", key)
    return list(body.items())


def _words(top: Map, key: str) -> Words:
    return Words(key, {name: text(each) for name, each in _maps(top, key)})
