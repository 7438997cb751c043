"""What every reader gives: lines of text in reading order, each with the place where it stands."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

MAX_BYTES = 10 * 1024 * 1024  # of a file
MAX_LINES = 3000
MAX_CHARS = 200_000  # of all lines together


class Unreadable(Exception):
    """The file cannot be read. `code` says why: one of REASONS."""

    REASONS = ("too_large", "unknown", "old_hwp", "old_word", "picture", "encrypted", "no_text",
               "damaged", "too_much", "too_slow")  # fmt: skip

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Line:
    """A paragraph, or a cell of a table (its paragraphs parted by newlines).

    `number`: its place among all lines, from 0. `page`: from 1, known for PDF alone. `table`,
    `row`, `column`: from 1, for cells; `rows`: how many rows a merged cell stands over.
    `style`: an opaque name of how a paragraph looks; two that look alike have the same.
    """

    number: int
    text: str
    page: int | None = None
    table: int | None = None
    row: int | None = None
    column: int | None = None
    rows: int = 1
    style: str | None = None


class Lines:
    """Collects lines, and refuses more than a CV can hold."""

    def __init__(self) -> None:
        self.found: list[Line] = []
        self._chars = 0
        self._tables = 0

    def new_table(self) -> int:
        self._tables += 1
        return self._tables

    def paragraph(
        self, text: str, *, page: int | None = None, style: str | None = None
    ) -> None:
        for part in text.splitlines():
            self._add(part, page=page, style=style)

    def cell(
        self, text: str, *, table: int, row: int, column: int, rows: int = 1,
        page: int | None = None,
    ) -> None:  # fmt: skip
        self._add(text, page=page, table=table, row=row, column=column, rows=rows)

    def _add(self, text: str, **place: int | str | None) -> None:
        parts = (_one_space(part) for part in _composed(text).split("\n"))
        said = "\n".join(filter(None, parts))
        if not said:
            return
        self._chars += len(said)
        if len(self.found) >= MAX_LINES or self._chars > MAX_CHARS:
            raise Unreadable("too_much")
        self.found.append(Line(len(self.found), said, **place))  # type: ignore[arg-type]


# Letters that fonts and old systems join, wide signs, and signs that nobody sees.
_LOOKS = str.maketrans(
    {chr(wide): chr(wide - 0xFEE0) for wide in range(0xFF01, 0xFF5F)}
    | {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "ft", "ﬆ": "st"}
    | dict.fromkeys("\x00\u00ad\u200b\u200c\u200d\u2060\ufeff", "")
)  # fmt: skip


def _composed(text: str) -> str:
    """Hangul put together (macOS writes it apart); what only looks different made the same. Signs
    as ㈜ stay: they are how a firm writes its name."""
    return unicodedata.normalize("NFC", text).translate(_LOOKS)


def _one_space(text: str) -> str:
    """Runs of blanks as one; a tab parts a line into pieces, as a bar does."""
    pieces = (" ".join(piece.split()) for piece in text.split("\t"))
    return " | ".join(filter(None, pieces))
