"""The papers of a dispatch program, filled with what its posting says and with nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from corridor import rules
from corridor.matching import facts
from corridor.programs.models import Duty, Program
from corridor.web import present
from corridor.web.templatetags.corridor_text import cited_plain

_HANGUL = re.compile(r"[ㄱ-ㆎ가-힣]")
_TRANSLATE = "영어로 옮기기: {}", "in English: {}"
_NOT_TOLD = rules.Text("비중", "share of time"), rules.Text("장소", "place")
# As the letter says them, in English.
_PLACES = {
    Duty.Place.SUPPLIED_MACHINE: "on the equipment we sold",
    Duty.Place.PLANT_ELSEWHERE: "at the plant, not on the equipment we sold",
    Duty.Place.CONSTRUCTION_SITE: "at the construction site",
    Duty.Place.OFFICE: "in an office or training room",
}


def letter(program: Program, ground: str) -> dict[str, Any]:
    """The draft letter for a B-1 `ground`: its paragraphs, and what is still to be filled in."""
    lang = present.language()
    paragraphs = rules.support_letter(
        ground,
        _values(program),
        facts=facts.program_facts(program),
        kinds=_kinds(program),
    )
    blanks = dict.fromkeys(
        piece.blank for each in paragraphs for piece in each.pieces if piece.blank is not None
    )
    return {
        "paragraphs": [
            {
                "pieces": [
                    {"text": str(piece), "is_blank": piece.blank is not None}
                    for piece in each.pieces
                ],
                "why": each.part.why(lang),
                "citation": each.part.backing.citation,
                "verified": each.part.backing.verified,
            }
            for each in paragraphs
        ],
        "plain": "\n\n".join(map(str, paragraphs)),
        "blanks": [blank(lang) for blank in blanks],
        "documents": [document(lang) for document in rules.pathway(ground).documents],
    }


def checklist(program: Program, ground: str) -> list[dict[str, Any]]:
    """Each phase with what a traveler of this dispatch, or the employer, takes care of."""
    lang = present.language()
    phases = rules.traveler_checklist(
        ground, facts=facts.program_facts(program), kinds=_kinds(program)
    )
    return [
        {
            "title": korean if lang == "ko" else english,
            "dont": any(item.id.startswith("no_") for item in items),
            "items": [
                {"text": item.text(lang), "who": item.who, "citation": item.backing.citation,
                 "verified": item.backing.verified}
                for item in items
            ],
        }
        for korean, english, items in phases
    ]  # fmt: skip


def clause() -> dict[str, Any] | None:
    """What B-1 asks of the contract of sale, and a wording to begin with, in both languages."""
    found = rules.service_clause()
    if found is None:
        return None
    rule, wording = found
    return {
        "rule": rule.text("en"),
        "rule_ko": rule.text("ko"),
        "citation": rule.backing.citation,
        "wording": wording.text("en"),
        "wording_ko": wording.text("ko"),
        "caution": cited_plain(wording.backing.citation),
    }


def _kinds(program: Program) -> set[str]:
    return {duty.activity for duty in program.duties.all() if duty.where != Duty.Place.KOREA}


def _values(program: Program) -> dict[str, Any]:
    said = program.details
    values: dict[str, Any] = {
        name: list(_english(str(said[name])))
        for name in ("seller", "equipment", "contract")
        if said.get(name)
    }
    if program.hub is not None:
        values["city"] = f"{program.hub.city}, {program.hub.state.name_en}"
    values["starts"] = _day(program.starts_on)
    values["ends"] = _day(program.ends_on)
    values["duties"] = list(_duties(program))
    return values


def _day(value: date | None) -> str | None:
    return None if value is None else f"{value:%B} {value.day}, {value.year}"


def _duties(program: Program) -> Iterator[rules.Piece]:
    """The duties that are done in the U.S., one a line, as the posting has them."""
    here = [duty for duty in program.duties.all() if duty.where != Duty.Place.KOREA]
    share, place = _NOT_TOLD
    for number, duty in enumerate(here):
        yield rules.Piece("\n- " if number else "- ")
        yield from _english(duty.text)
        yield rules.Piece(" (")
        if duty.share_pct is None:
            yield rules.Piece("", share)
        else:
            yield rules.Piece(f"{duty.share_pct}% of the time")
        yield rules.Piece(", ")
        if words := _PLACES.get(duty.where):
            yield rules.Piece(words)
        else:
            yield rules.Piece("", place)
        yield rules.Piece(")")


def _english(text: str) -> Iterable[rules.Piece]:
    """The English half of a text in two languages; Korean alone is left to be put into English."""
    parts = [part.strip() for part in text.split(" / ")]
    english = [part for part in parts if part and not _HANGUL.search(part)]
    if english:
        return [rules.Piece(" / ".join(english))]
    ko, en = _TRANSLATE
    return [rules.Piece("", rules.Text(ko.format(text), en.format(text)))]
