"""What must not leave the reader in any form: resident and passport numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from corridor.candidates.cv import words
from corridor.candidates.cv.lines import Line

# Six digits of a birth date and seven more; also masked ones. Letters and digits of a passport.
_RESIDENT = re.compile(r"(?<!\d)\d{6}\s*[-–—]?\s*[1-8*][\d*xX●]{6}(?!\d)")
_PASSPORT = re.compile(r"(?<![A-Za-z0-9])[MSRODGmsrodg]\d{3}[A-Za-z0-9]\d{4}(?![A-Za-z0-9])")
_LABELLED = re.compile(
    r"(주\s*민\s*(?:등\s*록\s*)?번\s*호|외국인\s*등록\s*번호|여권\s*번호|passport\s*(?:no\.?"
    r"|number))"
    r"\s*[:：]?\s*[\w*●-]*\d[\w*●\s-]*",
    re.IGNORECASE,
)  # fmt: skip


def without_numbers(text: str) -> str:
    return _PASSPORT.sub("", _RESIDENT.sub("", _LABELLED.sub(r"\1", text)))


def cleaned(lines: Iterable[Line]) -> list[Line]:
    """The same lines without these numbers; a cell beside such a label is emptied whole."""
    kept: list[Line] = []
    before: Line | None = None
    for line in lines:
        beside = (
            before is not None
            and line.table is not None
            and (before.table, before.row) == (line.table, line.row)
            and words.plain(before.text) in words.RESIDENT_LABELS
        )
        before = line
        text = "" if beside else without_numbers(line.text)
        if text.strip():
            kept.append(line if text == line.text else replace(line, text=text.strip()))
    return kept
