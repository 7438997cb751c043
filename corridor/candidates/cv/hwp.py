"""HWP 5 (Hancom's published "HWP Document File Formats 5.0"): an OLE file of packed records.

Only BodyText is read. Scripts, OLE objects and pictures stay closed. A record's head is 32 bits:
tag (10), level (10), size (12; 0xfff: the size stands in the next 32 bits).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import NamedTuple

import olefile

from corridor.candidates.cv.lines import Line, Lines, Unreadable

MAX_SECTION = 24 * 1024 * 1024  # bytes, unpacked
MAX_SECTIONS = 50
_COMPRESSED, _PASSWORD, _DISTRIBUTED, _RIGHTS = 0x1, 0x2, 0x4, 0x10
_PARA_HEADER, _PARA_TEXT, _CTRL_HEADER, _LIST_HEADER, _TABLE = 66, 67, 71, 72, 77
_SECTION_DEFINITION = (b"dces", b"daeh", b"toof", b"tcot")  # section, header, footer, comment
# Control characters that take eight places (the character, six of its data, itself again), and
# those that take one. 9 (tab) is of the former.
_LONG = frozenset({1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23})
_SHOWN = {9: "\t", 10: "\n", 13: "\n", 24: "-", 30: " ", 31: " "}


class Record(NamedTuple):
    tag: int
    level: int
    data: bytes


def read(content: bytes) -> list[Line]:
    try:
        with olefile.OleFileIO(BytesIO(content)) as file:
            flags = _flags(file)
            if flags & (_PASSWORD | _DISTRIBUTED | _RIGHTS):
                raise Unreadable("encrypted")
            lines = Lines()
            for name in _sections(file):
                size = file.get_size(name)
                if size > MAX_SECTION:
                    raise Unreadable("too_much")
                raw = file.openstream(name).read()
                _section(_records(_unpacked(raw) if flags & _COMPRESSED else raw), lines)
            return lines.found
    except Unreadable:
        raise
    except (OSError, ValueError, struct.error, zlib.error, IndexError, KeyError, TypeError,
            AttributeError, OverflowError) as error:  # fmt: skip
        raise Unreadable("damaged") from error


def _flags(file: olefile.OleFileIO) -> int:
    head = file.openstream("FileHeader").read(40)
    if not head.startswith(b"HWP Document File"):
        raise Unreadable("unknown")
    flags: int = struct.unpack_from("<I", head, 36)[0]
    return flags


def _sections(file: olefile.OleFileIO) -> list[list[str]]:
    found = [
        path for path in file.listdir()
        if len(path) == 2 and path[0] == "BodyText" and path[1].startswith("Section")
        and path[1][7:].isdecimal()
    ]  # fmt: skip
    return sorted(found, key=lambda path: int(path[1][7:]))[:MAX_SECTIONS]


def _unpacked(raw: bytes) -> bytes:
    unpacker = zlib.decompressobj(-15)
    data = unpacker.decompress(raw, MAX_SECTION)
    if unpacker.unconsumed_tail:
        raise Unreadable("too_much")
    return data


def _records(data: bytes) -> Iterator[Record]:
    at = 0
    while at + 4 <= len(data):
        (head,) = struct.unpack_from("<I", data, at)
        at += 4
        size = head >> 20
        if size == 0xFFF:
            (size,) = struct.unpack_from("<I", data, at)
            at += 4
        yield Record(head & 0x3FF, (head >> 10) & 0x3FF, data[at : at + size])
        at += size


class _Open(NamedTuple):
    """A table that is being read, and the cell in it: [row, column, rows, texts]."""

    level: int  # of its control's record: what lies deeper is inside
    number: int
    cell: list[list[object]]


def _section(records: Iterator[Record], lines: Lines) -> None:
    open_: list[_Open] = []
    hidden: int | None = None  # inside a header, a footer or a comment
    style: str | None = None  # of the paragraph whose text comes next
    for record in records:
        if hidden is not None and record.level > hidden:
            continue
        hidden = None
        while open_ and record.level <= open_[-1].level:
            _close(open_, lines)
        if record.tag == _PARA_HEADER and len(record.data) >= 11:
            shape, named = struct.unpack_from("<HB", record.data, 8)
            style = f"{shape}/{named}"
        if record.tag == _CTRL_HEADER:
            kind = record.data[:4]
            if kind in _SECTION_DEFINITION:
                hidden = record.level
            elif kind == b" lbt":
                open_.append(_Open(record.level, lines.new_table(), []))
        elif record.tag == _LIST_HEADER and open_ and record.level == open_[-1].level + 1:
            if len(record.data) >= 16:
                column, row, _wide, rows = struct.unpack_from("<4H", record.data, 8)
                _flush(open_, lines)
                open_[-1].cell.append([row + 1, column + 1, max(1, rows), []])
        elif record.tag == _PARA_TEXT:
            text = _text(record.data)
            if open_ and open_[-1].cell:
                texts = open_[-1].cell[-1][3]
                assert isinstance(texts, list)
                texts.append(text)
            else:
                lines.paragraph(text, style=style)
    while open_:
        _close(open_, lines)


def _flush(open_: list[_Open], lines: Lines) -> None:
    """The cell that is done. Of a table inside a cell, the text goes to the outer cell."""
    table = open_[-1]
    if not table.cell:
        return
    row, column, rows, texts = table.cell.pop()
    assert isinstance(texts, list)
    text = "\n".join(each.strip("\n") for each in texts)
    outer = open_[-2].cell if len(open_) > 1 else []
    if outer:
        kept = outer[-1][3]
        assert isinstance(kept, list)
        kept.append(text)
    else:
        lines.cell(text, table=table.number, row=int(str(row)), column=int(str(column)),
                   rows=int(str(rows)))  # fmt: skip


def _close(open_: list[_Open], lines: Lines) -> None:
    _flush(open_, lines)
    open_.pop()


def _text(data: bytes) -> str:
    """UTF-16 in which characters under 32 are controls."""
    units = struct.unpack(f"<{len(data) // 2}H", data[: len(data) // 2 * 2])
    kept: list[int] = []
    at = 0
    while at < len(units):
        unit = units[at]
        if unit >= 32:
            kept.append(unit)
        elif unit in _SHOWN:
            kept.append(ord(_SHOWN[unit]))
        at += 8 if unit in _LONG else 1
    return struct.pack(f"<{len(kept)}H", *kept).decode("utf-16-le", "replace").rstrip("\n")
