"""What every reader gives: lines of text in reading order, each with the place where it stands."""

from __future__ import annotations

from dataclasses import dataclass

MAX_BYTES = 10 * 1024 * 1024  # of a file
MAX_LINES = 3000
MAX_CHARS = 200_000  # of all lines together


class Unreadable(Exception):
    """The file cannot be read. `code` says why: one of REASONS."""

    REASONS = ("too_large", "unknown", "encrypted", "no_text", "damaged", "too_much", "too_slow")

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Line:
    """A paragraph, or a cell of a table (its paragraphs parted by newlines).

    `number`: its place among all lines, from 0. `page`: from 1, known for PDF alone. `table`,
    `row`, `column`: from 1, for cells; `rows`: how many rows a merged cell stands over.
    """

    number: int
    text: str
    page: int | None = None
    table: int | None = None
    row: int | None = None
    column: int | None = None
    rows: int = 1


class Lines:
    """Collects lines, and refuses more than a CV can hold."""

    def __init__(self) -> None:
        self.found: list[Line] = []
        self._chars = 0
        self._tables = 0

    def new_table(self) -> int:
        self._tables += 1
        return self._tables

    def paragraph(self, text: str, *, page: int | None = None) -> None:
        for part in text.splitlines():
            self._add(part, page=page)

    def cell(
        self, text: str, *, table: int, row: int, column: int, rows: int = 1,
        page: int | None = None,
    ) -> None:  # fmt: skip
        self._add(text, page=page, table=table, row=row, column=column, rows=rows)

    def _add(self, text: str, **place: int | None) -> None:
        parts = (_one_space(part) for part in text.split("\n"))
        said = "\n".join(filter(None, parts))
        said = said.replace("\x00", "")
        if not said:
            return
        self._chars += len(said)
        if len(self.found) >= MAX_LINES or self._chars > MAX_CHARS:
            raise Unreadable("too_much")
        self.found.append(Line(len(self.found), said, **place))  # type: ignore[arg-type]


def _one_space(text: str) -> str:
    """Runs of blanks as one; a tab parts a line into pieces, as a bar does."""
    pieces = (" ".join(piece.split()) for piece in text.split("\t"))
    return " | ".join(filter(None, pieces))
