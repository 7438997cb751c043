"""Lines of a CV → what they propose for a profile. Nothing is guessed: no line, no value."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from corridor.candidates.cv import jobs, parts, person, pieces, scores, study
from corridor.candidates.cv.lines import Line
from corridor.candidates.cv.parts import Parts, Said
from corridor.candidates.cv.proposal import Entry, Proposal, Value

MAX_ROWS = 20  # of one list: as many as the profile's forms take
_LENGTHS = {"institution": 160, "major": 160, "employer": 160, "title": 160, "name": 160,
            "level": 12, "description": 4000}  # fmt: skip
_CLOSING = re.compile(
    r"^\s*(?:※|위와\s*같이|위\s*기재\s*사항|상기\s*내용|지원자\s*[:：]|작성자|sample\s*[:：])", re.I
)
_SIGNED_ON = re.compile(r"^\s*20\d\d\s*년\s*\d{1,2}\s*월\s*\d{1,2}\s*일\s*$")
_SENTENCE = re.compile(r"(?:니다|[었았했된한]다)\s*\.?$|(?:\S+\s+){12}\S+\.$")  # an essay, no list
_SKILL_LABEL = re.compile(r"^[A-Za-z가-힣/& ]{2,24}(?:\s*\|?\s*[:：]|\s*\|(?!.*\|))\s*(?=\S)")


def _closes(line: Line) -> bool:
    """The signature, its day, and notes on the document: nothing about the person."""
    signed = line.table is None and _SIGNED_ON.match(line.text) is not None
    return signed or _CLOSING.match(line.text) is not None


def propose(lines: Sequence[Line], *, day: date) -> Proposal:
    """`lines` as privacy.cleaned leaves them. `day` tells past from future."""
    read = parts.read([line for line in lines if not _closes(line)])
    read.signed = [Said(line.text, line.number) for line in lines if _closes(line)]
    hangul = sum("가" <= letter <= "힣" for line in lines for letter in line.text)
    read.in_korean = hangul > 60  # an English CV may tell its owner's Korean name
    made = Proposal(facts=person.facts(read))
    made.lists["educations"] = study.read(read.of("education"), day=day)
    made.lists["works"] = jobs.read(read.of("work"))
    made.lists["credentials"] = scores.credentials(read.of("credentials"))
    tests = [item for item in read.items if {"languages", "credentials"} & set(item.sections)]
    made.lists["languages"] = scores.languages(tests or _elsewhere(read))
    for name, section, most in (
        ("skills_text", "skills", 4000),
        ("research_interests", "interests", 4000),
        ("about", "about", 8000),
    ):
        _text(made, name, list(parts.free(read.of(section))), most)
    for name, entries in made.lists.items():
        made.lists[name] = _distinct(entries)[:MAX_ROWS]
        for entry in made.lists[name]:
            for key, most in _LENGTHS.items():
                if key in entry.values:
                    kept = entry.values[key]
                    entry.values[key] = Value(kept.value[:most], kept.line)
    return made


def _elsewhere(read: Parts) -> list[parts.Item]:
    """Test scores in a CV that has no part for them: not in the texts about oneself."""
    return [item for item in read.items if not {"about", "work", "education"} & set(item.sections)]


def _text(made: Proposal, name: str, said: list[Said], most: int) -> None:
    if not said:
        return
    lines = [pieces.without_bullet(each.text) for each in said]
    if name == "skills_text":
        lines = [_SKILL_LABEL.sub("", line) for line in lines if not _SENTENCE.search(line)]
    text = "\n".join(lines)[:most].strip()
    if text:
        made.facts[name] = Value(text, said[0].line)


def _distinct(entries: Sequence[Entry]) -> list[Entry]:
    kept: list[Entry] = []
    seen: set[tuple[tuple[str, str], ...]] = set()
    for entry in entries:
        key = tuple(sorted((name, value.value) for name, value in entry.values.items()))
        if key not in seen:
            seen.add(key)
            kept.append(entry)
    return kept
