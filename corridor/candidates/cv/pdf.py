"""PDF: the text fragments of each page, put together into lines and rows by where they stand.

Nothing in the file is run or fetched; pypdf itself bounds what a stream unpacks to (75 MB). What
is only a picture (a scan) has no text to read.
A row of fragments that stand apart becomes a row of cells; columns are told by where they begin.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from itertools import pairwise
from typing import Any

import pypdf
from pypdf import _page as pypdf_page
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, ContentStream, StreamObject

from corridor.candidates.cv import words
from corridor.candidates.cv.lines import Line, Lines, Unreadable

MAX_PAGES = 30
_APART = 0.55  # of the letters' height: fragments further apart than this are cells of their own
_APART_WORDS = 1.1  # where each word is placed alone, as in recognized scans
_SAME_COLUMN = 0.6  # of the letters' height
_GAP = re.compile(r" {3,}")
_BROKEN = (
    PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError,
    ZeroDivisionError, RecursionError, AssertionError, NotImplementedError,
)  # fmt: skip
_MARKS = frozenset("•▪■□●○◦·–-*→»")

logging.getLogger("pypdf").setLevel(logging.ERROR)


@dataclass
class Piece:
    left: float
    right: float
    text: str
    height: float


@dataclass
class Row:
    bottom: float
    height: float
    pieces: list[Piece] = field(default_factory=list)


def read(content: bytes) -> list[Line]:
    lines = Lines()
    try:
        reader = pypdf.PdfReader(BytesIO(content), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable("encrypted")
        if len(reader.pages) > MAX_PAGES:
            raise Unreadable("too_much")
        for number, page in enumerate(reader.pages, 1):
            _page(page, number, lines)
    except Unreadable:
        raise
    except pypdf.errors.FileNotDecryptedError as error:
        raise Unreadable("encrypted") from error
    except pypdf.errors.LimitReachedError as error:
        raise Unreadable("too_much") from error
    except pypdf.errors.DependencyError as error:  # AES without its library, JBIG2 and the like
        raise Unreadable("encrypted") from error
    except _BROKEN as error:
        raise Unreadable("damaged") from error
    return lines.found


def _page(page: Any, number: int, lines: Lines) -> None:
    rows = _rows(page)
    if not rows:  # text inside forms of the page: pypdf's plain reading goes there
        lines.paragraph(page.extract_text(), page=number)
        return
    for column in _texts_side_by_side(rows):
        _column(column, number, lines)


def _column(rows: list[Row], number: int, lines: Lines) -> None:
    rows = _unbroken(rows)
    block: list[Row] = []
    for at, row in enumerate(rows):
        if len(row.pieces) > 1 or (block and _inside(row, block, rows[at + 1 : at + 3])):
            block.append(row)
            continue
        _table(block, number, lines)
        block = []
        lines.paragraph(row.pieces[0].text, page=number, style=f"{row.pieces[0].height:.1f}")
    _table(block, number, lines)


def _unbroken(rows: list[Row]) -> list[Row]:
    """A line whose bracket is closed at the begin of the next goes on there."""
    kept: list[Row] = []
    for row in rows:
        before = kept[-1].pieces[-1] if kept else None
        goes_on = (
            before is not None and len(row.pieces) == 1 and ")" in row.pieces[0].text
            and before.text.count("(") > before.text.count(")")
            and "(" not in row.pieces[0].text.partition(")")[0]
            and abs(row.pieces[0].left - kept[-1].pieces[0].left) < 3 * row.height
            and kept[-1].bottom - row.bottom < 2.2 * row.height
        )  # fmt: skip
        if goes_on and before is not None:
            before.text = f"{before.text.rstrip()} {row.pieces[0].text.lstrip()}"
        else:
            kept.append(row)
    return kept


def _texts_side_by_side(rows: list[Row]) -> list[list[Row]]:
    """The page's rows, or, where two texts with headings of their own stand side by side, what is
    above them, the text with the largest letters (the name), the other, and what is below."""
    lefts = sorted({round(piece.left) for row in rows for piece in row.pieces})
    found: list[tuple[int, int, int, float]] = []  # headings, rows, the first of them, where
    for at in lefts:
        free_ = [not any(p.left < at - 1 < p.right - 1 for p in row.pieces) for row in rows]
        for begin, end in _runs(free_):
            pieces = [piece for row in rows[begin:end] for piece in row.pieces]
            sides = [[p for p in pieces if (p.left >= at - 1) == right] for right in (False, True)]
            headings = [sum(_heads(p.text) for p in side) for side in sides]
            if min(map(len, sides)) < 5 or headings[0] < 1 or headings[1] < 2:
                continue
            aligned = sum(abs(p.left - at) < 2 for p in sides[1] if _heads(p.text))
            if aligned > 1:
                found.append((aligned, end - begin, begin, at))
    if not found:
        return [rows]
    _aligned, long, begin, at = max(found)
    end = begin + long
    texts = []
    for right in (False, True):
        side = []
        for row in rows[begin:end]:
            if kept := [p for p in row.pieces if (p.left >= at - 1) == right]:
                side.append(Row(row.bottom, max(p.height for p in kept), kept))
        texts.append(side)
    texts.sort(key=_prominence, reverse=True)
    return [part for part in (rows[:begin], *texts, rows[end:]) if part]


def _prominence(rows: list[Row]) -> tuple[float, float]:
    wide = sum(piece.right - piece.left for row in rows for piece in row.pieces)
    return max(piece.height for row in rows for piece in row.pieces), wide


def _heads(text: str) -> bool:
    return bool(words.headed(text)) and words.column(text) is None


def _runs(flags: list[bool]) -> Iterator[tuple[int, int]]:
    begin = None
    for at, flag in enumerate([*flags, False]):
        if flag and begin is None:
            begin = at
        elif not flag and begin is not None:
            yield begin, at
            begin = None


def _rows(page: Any) -> list[Row]:
    contents = page.get("/Contents")
    contents = contents.get_object() if contents is not None else None
    if not isinstance(contents, ArrayObject | StreamObject):
        return []
    operations = iter(ContentStream(contents, page.pdf, "bytes").operations)
    groups = pypdf_page._layout_mode.text_show_operations(operations, page._layout_mode_fonts())
    rows: list[Row] = []
    for group in groups:  # from the top down
        bottom, height = group["ty"] * group["flip_sort"], max(group["font_height"], 1.0)
        if rows and abs(rows[-1].bottom - bottom) < 0.5 * min(height, rows[-1].height):
            row = rows[-1]
        else:
            row = Row(bottom, height)
            rows.append(row)
        row.pieces += _pieces(group)
    apart = _APART_WORDS if _word_by_word(rows) else _APART
    begins: list[float] = []  # where the cells of the row above begin, but for the first
    for row in rows:
        row.pieces = _joined(row, apart, begins)
        begins = [piece.left for piece in row.pieces[1:]]
    return [row for row in rows if row.pieces]


def _pieces(group: Any) -> Iterator[Piece]:
    """A group's text, parted where it jumps; the parts' places are told by their letters.

    Where glyphs are shown one by one, pypdf tells an end that is a letter too far: the letters'
    usual width is believed then.
    """
    text, left, height = group["text"], group["tx"], group["font_height"]
    whole = sum(map(_width, text))
    right = left + min(group["displaced_tx"] - left, whole * height)
    wide = (right - left) / max(whole, 0.1)
    at = 0
    for gap in [*_GAP.finditer(text), None]:
        part = text[at : gap.start() if gap else len(text)]
        if part:
            begin = left + wide * sum(map(_width, text[:at]))
            yield Piece(begin, begin + wide * sum(map(_width, part)), part, height)
        at = gap.end() if gap else at


def _width(letter: str) -> float:
    """About how many times as wide as high the letter is in most fonts."""
    if ord(letter) >= 0x1100:
        return 0.9
    if letter in "mMwW@%—":
        return 0.88
    return 0.28 if letter in " .,:;|'()[]!ilIjtf" else 0.7 if letter.isupper() else 0.57


def _word_by_word(rows: list[Row]) -> bool:
    """Whether the page was recognized from a scan: each word placed alone, none with a space."""
    pieces = [piece.text.strip() for row in rows for piece in row.pieces if piece.text.strip()]
    alone = sum(" " not in text for text in pieces)
    if len(pieces) < 30 or alone < 0.95 * len(pieces):
        return False
    gaps = []
    for row in rows:
        ordered = sorted(row.pieces, key=lambda each: each.left)
        gaps += [(after.left - before.right) / row.height for before, after in pairwise(ordered)]
    return sum(0.15 < gap < _APART_WORDS for gap in gaps) > 0.5 * len(gaps)


def _joined(row: Row, apart: float, begins: list[float]) -> list[Piece]:
    """Pieces that touch are one cell; a bullet belongs to what follows it. What begins just where
    a cell of the row above does is a cell of its own: the letters' widths are an estimate."""
    joined: list[Piece] = []
    for piece in sorted(row.pieces, key=lambda each: each.left):
        before = joined[-1] if joined else None
        if before is None:
            joined.append(piece)
            continue
        gap = piece.left - before.right
        bullet = before.text.strip() in _MARKS and gap < 2.5 * row.height
        lasts = before.text.rstrip().endswith("~") or piece.text.lstrip().startswith("~")
        below = any(abs(piece.left - left) < 0.03 * row.height for left in begins)
        if (gap < apart * row.height and not below) or bullet or (lasts and gap < 3 * row.height):
            spaced = gap > 0.22 * row.height and not before.text.endswith(" ")
            before.text += (" " if spaced else "") + piece.text
            before.right = max(before.right, piece.right)
        elif piece.text.strip():
            joined.append(piece)
    return [each for each in joined if each.text.strip()]


def _inside(row: Row, block: list[Row], after: list[Row]) -> bool:
    """Whether a single piece belongs to the rows of cells before it: as the second line of a cell,
    or as a cell merged over several rows, which stands between their lines."""
    last, left = block[-1], row.pieces[0].left
    if last.bottom - row.bottom > 2.2 * row.height:
        return False
    if any(abs(left - piece.left) < _SAME_COLUMN * row.height for piece in last.pieces[1:]):
        return True
    following = next((each for each in after if len(each.pieces) > 1), None)
    return following is not None and last.bottom - following.bottom < 3.2 * row.height


def _table(block: list[Row], page: int, lines: Lines) -> None:
    """Rows of cells. A row that stands alone is a line with something at its right."""
    if len(block) == 1:
        lines.paragraph(" | ".join(piece.text for piece in block[0].pieces), page=page)
        return
    if not block:
        return
    begins = _columns(block)
    table = lines.new_table()
    for number, row in enumerate(block, 1):
        cells: dict[int, str] = {}
        for piece in row.pieces:
            column = min(range(len(begins)), key=lambda c, at=piece.left: abs(begins[c] - at))
            cells[column] = f"{cells[column]} {piece.text}" if column in cells else piece.text
        for column, text in sorted(cells.items()):
            lines.cell(text, table=table, row=number, column=column + 1, page=page)


def _columns(block: list[Row]) -> list[float]:
    begins: list[float] = []
    apart = _SAME_COLUMN * min(row.height for row in block)
    for left in sorted(piece.left for row in block for piece in row.pieces):
        if not begins or left - begins[-1] > apart:
            begins.append(left)
    return begins
