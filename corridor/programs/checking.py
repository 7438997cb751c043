"""What staff look at in a program: marked phrases, and what changed since it was last approved.

The words, reasons and limits are data (data/moderation.yaml). Nothing here decides anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from corridor.common.language import language_code
from corridor.programs.models import Program

_FILE = Path(__file__).parent / "data" / "moderation.yaml"
OWN_WORDS = "other"  # a reason that asks for words of the reviewer's own
# What a reader of the public page sees, and what a bait could change after the first approval.
_SHOWN = (
    "kind", "title_ko", "title_en", "summary_ko", "summary_en", "description_ko", "description_en",
    "hub", "starts_on", "ends_on", "apply_by", "seats", "pay_amount", "pay_currency", "pay_period",
    "hours_per_week", "language", "sponsor", "sponsor_name", "candidate_cost_note",
)  # fmt: skip
_TEXTS = ("title_ko", "title_en", "summary_ko", "summary_en", "description_ko", "description_en",
          "candidate_cost_note", "sponsor_name")  # fmt: skip
_AROUND = 24  # letters shown on each side of a marked phrase


@lru_cache(maxsize=1)
def data() -> dict[str, Any]:
    return dict(yaml.load(_FILE.read_text(encoding="utf-8"), yaml.CSafeLoader))


def choices(part: str) -> list[tuple[str, str]]:
    """(id, label) of `part` (checklist, reasons or report) in the reader's language."""
    return [(row["id"], row["label"][language_code()]) for row in data()[part]]


def label(part: str, key: str) -> str:
    """Empty for an id that the file does not know (any more)."""
    return dict(choices(part)).get(key, "")


def sentence(reason: str) -> str:
    """What the host reads about a reason, in the reader's language."""
    return next(
        (str(row["sentence"][language_code()]) for row in data()["reasons"] if row["id"] == reason),
        "",
    )


@dataclass(frozen=True)
class Marked:
    """A phrase that stands in a program's words: the words around it in three parts, and why."""

    before: str
    phrase: str
    after: str
    why: str


def marked(program: Program) -> list[Marked]:
    """Phrases of the data file in what the program says, each kind at most once a text."""
    found = []
    for text in _words(program):
        letters, places = _squeezed(text)
        for row in data()["phrases"]:
            for phrase in row["any"]:
                at = letters.find(_squeezed(phrase)[0])
                if at < 0:
                    continue
                start, end = places[at], places[at + len(_squeezed(phrase)[0]) - 1] + 1
                found.append(Marked(
                    text[max(0, start - _AROUND):start], text[start:end],
                    text[end:end + _AROUND], row["why"][language_code()],
                ))  # fmt: skip
                break
    return found


def _words(program: Program) -> list[str]:
    said = [getattr(program, name) for name in _TEXTS]
    said += [value for value in program.details.values() if isinstance(value, str)]
    said += [duty.text for duty in program.duties.all()]
    said += [need.text for need in program.requirements.all()]
    return [text for text in said if text]


def _squeezed(text: str) -> tuple[str, list[int]]:
    """The text in small letters without spaces, and where each letter stood."""
    kept = [
        (letter, at)
        for at, each in enumerate(text)
        if not each.isspace()
        for letter in each.casefold()
    ]
    return "".join(letter for letter, _at in kept), [at for _letter, at in kept]


def snapshot(program: Program) -> dict[str, Any]:
    """What the public is shown, as plain values that JSON keeps."""
    kept: dict[str, Any] = {
        name: "" if getattr(program, name) is None else str(getattr(program, name))
        for name in _SHOWN
        if name != "hub"
    }
    kept["hub"] = program.hub.slug if program.hub else ""
    kept["details"] = {
        key: str(value) for key, value in program.details.items() if value not in (None, "")
    }
    kept["duties"] = [
        " · ".join(filter(None, (each.text, f"{each.share_pct} %" if each.share_pct else "")))
        for each in program.duties.all()
    ]
    kept["asked"] = [each.text for each in program.requirements.all()]
    return kept


def changes(before: dict[str, Any], program: Program) -> list[tuple[str, str, str]]:
    """(field, was, is) for what differs from a snapshot; nothing where there was none."""
    if not before:
        return []
    now = snapshot(program)
    return [
        (name, _said(before.get(name, "")), _said(now[name]))
        for name in now
        if before.get(name, "") != now[name]
    ]


def _said(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(value)
    if isinstance(value, dict):
        return "\n".join(f"{key}: {said}" for key, said in value.items())
    return str(value)
