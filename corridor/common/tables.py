"""Rows of CSV, JSON Lines and XLSX files with their line numbers, from hands that are not trusted.

``read(path)`` gives a ``Table``, whose rows are each a ``Row`` or, for what is no readable row, a
``Refusal``; reading goes on after it. A file that cannot be read at all raises ``TableError``,
whose text says what to do. Nothing is loaded whole except the shared texts of an XLSX file, whose
size is bounded.
"""

from __future__ import annotations

import csv
import json
import re
import zipfile
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, TextIO

from django.utils.functional import Promise
from django.utils.translation import gettext as _

MAX_BYTES = 2_000_000_000  # of a CSV or JSON Lines file: it is read line by line
MAX_XLSX_BYTES = 50_000_000
MAX_UNPACKED_BYTES = 200_000_000  # of all parts of an XLSX file together
MAX_RECORD_CHARS = 4_000_000
MAX_RECORD_LINES = 2_000  # a quoted cell may hold line breaks, but not without end
MAX_COLUMNS = 300
MAX_SHEET_ROWS = 1_048_576  # what Excel itself allows
_SAMPLE = 1 << 20

csv.field_size_limit(max(csv.field_size_limit(), MAX_RECORD_CHARS))


class TableError(Exception):
    """The file as a whole cannot be read. The text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why the row of this line was not taken. `field` is a column or field name, or empty."""

    line: int
    field: str
    reason: str | Promise


@dataclass(frozen=True, slots=True)
class Row:
    """Cells by column name as the file has it. Empty cells are left out.

    CSV cells are texts; XLSX cells also numbers, truths, days; JSON values anything.
    """

    line: int
    cells: dict[str, Any]


Found = Iterator["list[str] | Row | Refusal"]  # the header first


@dataclass(frozen=True, slots=True)
class Table:
    """`columns` as the header names them; None for JSON Lines, where each row names its own."""

    columns: list[str] | None
    rows: Iterator[Row | Refusal]


def read(path: Path) -> Table:
    """The table in the file, whose ending names its kind: .csv, .tsv, .jsonl, .ndjson or .xlsx.

    Raises TableError, at once or while the rows are read.
    """
    if not path.is_file():
        raise TableError(_("There is no file %s. Check the path.") % path)
    kind = path.suffix.lower()
    size = path.stat().st_size
    if size == 0:
        raise TableError(_("The file %s is empty.") % path.name)
    if kind in {".csv", ".tsv", ".txt"}:
        _refuse_large(size, MAX_BYTES)
        return _with_header(_csv(path))
    if kind in {".jsonl", ".ndjson", ".json"}:
        _refuse_large(size, MAX_BYTES)
        return Table(None, _json_lines(path))
    if kind in {".xlsx", ".xlsm"}:
        _refuse_large(size, MAX_XLSX_BYTES)
        return _with_header(_xlsx(path))
    raise TableError(
        _("Files ending in “%s” cannot be read. Save it as .csv, .jsonl or .xlsx.") % kind
    )


def _with_header(found: Found) -> Table:
    header = next(found)
    assert isinstance(header, list)
    return Table([name for name in header if name], found)  # type: ignore[arg-type]


def _refuse_large(size: int, most: int) -> None:
    if size > most:
        raise TableError(
            _(
                "The file has %(size)s MB; at most %(most)s MB are read. Split it."
            )
            % {"size": size // 1_000_000, "most": most // 1_000_000}
        )


# --- text files ---------------------------------------------------------------------------------


def _open_text(path: Path) -> TextIO:
    """The file in the encoding it is written in; bytes that are no text become lone surrogates,
    by which their rows are refused later."""
    with path.open("rb") as file:
        head = file.read(_SAMPLE)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return path.open(encoding="utf-16", errors="replace", newline="")
    if head.startswith(b"PK\x03\x04"):
        raise TableError(_("This is a packed file (perhaps XLSX). Give it its right ending."))
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise TableError(_("This is an old Excel file (.xls). Save it as .xlsx or CSV."))
    if head.count(b"\x00") > len(head) // 10:
        raise TableError(_("This is not a text file. Save it as “CSV UTF-8”."))
    for encoding in ("utf-8-sig", "cp949"):
        if _decodes(path, encoding):
            return path.open(encoding=encoding, newline="")
    likelier = min(("utf-8-sig", "cp949"), key=lambda encoding: _undecodable(head, encoding))
    return path.open(encoding=likelier, errors="surrogateescape", newline="")


def _decodes(path: Path, encoding: str) -> bool:
    try:
        with path.open(encoding=encoding, newline="") as file:
            while file.read(_SAMPLE):
                pass
    except UnicodeDecodeError:
        return False
    return True


def _undecodable(head: bytes, encoding: str) -> int:
    return head.decode(encoding, errors="replace").count("�")


class _TooLong(Exception):
    pass


class _Lines:
    """The lines of a file, with a way back to the second line of a record that went wrong."""

    def __init__(self, file: TextIO) -> None:
        self.file = file
        self.ahead: deque[str] = deque()
        self.taken: list[str] = []
        self.chars = 0
        self.number = 0  # of the last line taken

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self.ahead.popleft() if self.ahead else self.file.readline(MAX_RECORD_CHARS)
        if not line:
            raise StopIteration
        if len(line) >= MAX_RECORD_CHARS and not line.endswith(("\n", "\r")):
            self._drop_rest_of_line()
        self.number += 1
        self.taken.append(line)
        self.chars += len(line)
        if self.chars >= MAX_RECORD_CHARS or len(self.taken) > MAX_RECORD_LINES:
            raise _TooLong
        return line

    def _drop_rest_of_line(self) -> None:
        while (more := self.file.readline(MAX_RECORD_CHARS)) and not more.endswith(("\n", "\r")):
            pass

    def begin_record(self) -> int:
        """Number of the line on which the next record begins."""
        self.taken, self.chars = [], 0
        return self.number + 1

    def back_to_second_line(self) -> None:
        self.ahead.extendleft(reversed(self.taken[1:]))
        self.number -= len(self.taken[1:])


def _csv(path: Path) -> Found:
    with _open_text(path) as file:
        lines = _Lines(file)
        delimiter = _delimiter(lines)
        header: list[str] | None = None
        while True:
            start = lines.begin_record()
            try:
                cells = next(csv.reader(lines, delimiter=delimiter, strict=True))
            except StopIteration:
                break
            except (_TooLong, csv.Error) as error:
                reason = _csv_reason(error, len(lines.taken))
                if header is None:
                    raise TableError(_("The header line cannot be read. %s") % reason) from error
                yield Refusal(start, "", reason)
                lines.back_to_second_line()
                continue
            if not any(cell.strip() for cell in cells):
                continue
            if header is None:
                header = _header(cells)
                yield header
            else:
                yield _row(start, header, cells)
        if header is None:
            raise TableError(_("The file is empty. Name the columns in its first line."))


def _delimiter(lines: _Lines) -> str:
    """What stands between the columns: comma, semicolon or tab, by the header line."""
    seen: list[str] = []
    try:
        for line in lines:
            seen.append(line)
            if line.strip():
                break
    except _TooLong as error:
        raise TableError(_("The header line is too long.")) from error
    lines.ahead.extend(seen)
    lines.number = 0
    return max(",;\t", key=seen[-1].count) if seen else ","


def _csv_reason(error: Exception, lines: int) -> str:
    if isinstance(error, _TooLong) and lines == 1:
        return _too_long()
    if isinstance(error, _TooLong) or re.search("unexpected end|expected after", str(error)):
        return _(
            "The quotation marks of this row do not match. Close every one, and write it twice "
            "inside a cell."
        )
    return _("This row cannot be read as CSV. Save the file anew as “CSV UTF-8”.")


def _too_long() -> str:
    return _("This row has more than 4 million characters. Shorten it.")


def _header(cells: list[Any]) -> list[str]:
    while cells and not str(cells[-1] if cells[-1] is not None else "").strip():
        cells = cells[:-1]
    if len(cells) > MAX_COLUMNS:
        raise TableError(
            _("The file has more than %s columns. Leave out the others.") % MAX_COLUMNS
        )
    names = [" ".join(str("" if cell is None else cell).split())[:200] for cell in cells]
    given = [name for name in names if name]
    twice = sorted({name for name in given if given.count(name) > 1})
    if twice:
        raise TableError(_("These columns are named twice: %s. Rename one.") % ", ".join(twice))
    return names


def _row(line: int, header: list[str], cells: list[str]) -> Row | Refusal:
    while len(cells) > len(header) and not cells[-1].strip():
        cells = cells[:-1]
    if len(cells) != len(header):
        return Refusal(
            line, "",
            _("This row has %(has)s columns where the header has %(header)s. Check its quotation "
              "marks and commas.") % {"has": len(cells), "header": len(header)},
        )  # fmt: skip
    named = zip(header, cells, strict=True)
    return Row(line, {name: cell for name, cell in named if name and cell.strip()})


# --- JSON Lines ---------------------------------------------------------------------------------


class _Twice(ValueError):
    pass


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise _Twice
    return made


def _not_a_number(name: str) -> NoReturn:
    raise ValueError(name)


def _json_lines(path: Path) -> Iterator[Row | Refusal]:
    with _open_text(path) as file:
        lines = _Lines(file)
        first = True
        while True:
            number = lines.begin_record()
            try:
                line = next(lines).strip()
            except StopIteration:
                return
            except _TooLong:
                yield Refusal(number, "", _too_long())
                continue
            if not line:
                continue
            if (first and line in {"[", "{"}) or (first and line.startswith("[{")):
                raise TableError(
                    _("This file is one JSON value over many lines. Write one object on each line "
                      "(JSON Lines).")
                )  # fmt: skip
            first = False
            yield _json_row(number, line)


def _json_row(number: int, line: str) -> Row | Refusal:
    try:
        value = json.loads(line, object_pairs_hook=_once, parse_constant=_not_a_number)
    except _Twice:
        reason = _("A field is named twice in this row. Keep one.")
    except json.JSONDecodeError as error:
        reason = _("This line is not valid JSON near character %s.") % (error.pos + 1)
    except (ValueError, RecursionError):
        reason = _("This line holds a number or a nesting that cannot be read. Simplify it.")
    else:
        if isinstance(value, dict):
            return Row(number, {k: v for k, v in value.items() if v not in (None, "", [], {})})
        reason = _('This line is not a JSON object. Write {"column": "value", …}.')
    return Refusal(number, "", reason)


# --- XLSX ---------------------------------------------------------------------------------------


def _xlsx(path: Path) -> Found:
    _check_package(path)
    import openpyxl  # half a second, and only for these files

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # openpyxl lets out whatever broke: ValueError, KeyError, …
        raise TableError(_broken_xlsx()) from error
    try:
        sheet = next((one for one in book.worksheets if one.sheet_state == "visible"), None)
        if sheet is None:
            raise TableError(_("The workbook has no visible sheet. Put the table on one."))
        sheet.reset_dimensions()  # what the file says of its own size is not believed
        yield from _sheet_rows(sheet)
    finally:
        book.close()


def _broken_xlsx() -> str:
    return _("The XLSX file cannot be read: it is damaged. Open it in Excel and save it anew.")


def _check_package(path: Path) -> None:
    """Refuse what is no XLSX, or would unpack to more than it should, before it is unpacked."""
    try:
        with zipfile.ZipFile(path) as package:
            parts = package.infolist()
            if len(parts) > 2_000 or sum(p.file_size for p in parts) > MAX_UNPACKED_BYTES:
                raise TableError(
                    _("The XLSX file would unpack to more than %s MB. Save its table as CSV.")
                    % (MAX_UNPACKED_BYTES // 1_000_000)
                )
            if any(part.flag_bits & 1 for part in parts):
                raise TableError(_("The XLSX file has a password. Save it without one."))
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    with package.open(part) as content:
                        if b"<!DOCTYPE" in content.read(4096).upper():
                            raise TableError(_broken_xlsx())
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError) as error:
        with path.open("rb") as file:
            old = file.read(4) == b"\xd0\xcf\x11\xe0"
        if old:
            raise TableError(
                _("This is an old or encrypted Excel file. Save it as .xlsx without a password.")
            ) from error
        raise TableError(_broken_xlsx()) from error


def _sheet_rows(sheet: Any) -> Found:
    header: list[str] | None = None
    number = 0
    rows = iter(sheet.iter_rows(values_only=True))
    while True:
        try:
            cells = next(rows, None)
        except Exception as error:  # a damaged sheet breaks while it is read
            raise TableError(_broken_xlsx()) from error
        if cells is None:
            break
        number += 1
        if number > MAX_SHEET_ROWS:  # a row may claim any number; the ones before it come blank
            raise TableError(_broken_xlsx())
        if not cells or all(cell is None or cell == "" for cell in cells):
            continue
        if header is None:
            header = _header(list(cells))
            yield header
            continue
        named = zip(header, cells, strict=False)
        kept = {name: cell for name, cell in named if name and cell not in (None, "")}
        if kept:
            yield Row(number, kept)
    if header is None:
        raise TableError(_("The sheet is empty. Name the columns in its first row."))


_PLAIN = re.compile(r"[\W_]+")


def plain_name(name: str) -> str:
    """A column's name without case, spaces and signs: "Posted on", "posted_on" → "postedon"."""
    return _PLAIN.sub("", name).casefold()
