"""What a check-in asks and when one is due: data/check_ins.yaml, and the days of a placement."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import yaml

from corridor.applications.clock import DATA
from corridor.applications.models import CheckIn
from corridor.common.language import language_code
from corridor.rules.derived import add_months

Kind = CheckIn.Kind
APART = 7  # days that lie at least between two check-ins


@dataclass(frozen=True, slots=True)
class Question:
    id: str
    ask: str
    choices: tuple[tuple[str, str], ...]  # (id, what it says), in the reader's language
    worries: frozenset[str]


@lru_cache(maxsize=1)
def rules() -> dict[str, Any]:
    """data/check_ins.yaml as written. Callers must not change what they get."""
    return yaml.load((DATA / "check_ins.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)


def questions() -> list[Question]:
    lang = language_code()
    return [
        Question(
            row["id"], row["ask"][lang],
            tuple((choice["id"], choice["say"][lang]) for choice in row["choices"]),
            frozenset(choice["id"] for choice in row["choices"] if choice.get("worry")),
        )
        for row in rules()["questions"]
    ]  # fmt: skip


def worrying(answers: Mapping[str, str]) -> bool:
    """Whether an answer is one after which help is offered."""
    return any(answers.get(each.id) in each.worries for each in questions())


def said(answers: Mapping[str, str]) -> list[dict[str, str]]:
    """Question and answer in the reader's words, for answers that the file still knows."""
    return [
        {"label": each.ask, "value": words[answers[each.id]]}
        for each in questions()
        if answers.get(each.id) in (words := dict(each.choices))
    ]


def schedule(first: date, last: date) -> Iterator[tuple[str, date]]:
    """(kind, due day): after a week, a month, then monthly; and the last day, always.

    What would fall within a week of the last day is left out: the last one asks the same.
    """
    until = last - timedelta(days=APART)
    after_week = first + timedelta(days=7)
    if after_week <= until:
        yield Kind.WEEK, after_week
    months = 1
    while (due := add_months(first, months)) <= until:
        yield (Kind.MONTH if months == 1 else Kind.LATER), due
        months += 1
    yield Kind.END, last
