"""Reading tables from hands that are not trusted: every bad row is told, every good one read."""

from __future__ import annotations

import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from django.utils import translation

from corridor.common import tables
from corridor.common.tables import Refusal, Row, TableError, read


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def write(tmp_path: Path, name: str, content: str | bytes, encoding: str = "utf-8") -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def rows_of(path: Path) -> list[Row | Refusal]:
    return list(read(path).rows)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
def test_korean_csv_is_read_in_every_encoding_that_excel_saves(tmp_path, encoding):
    path = write(tmp_path, "a.csv", "제목,회사\r\n용접 실습,견본중공업\r\n", encoding)
    table = read(path)
    assert table.columns == ["제목", "회사"]
    assert list(table.rows) == [Row(2, {"제목": "용접 실습", "회사": "견본중공업"})]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_separator_is_seen_from_the_header(tmp_path, delimiter):
    path = write(tmp_path, "a.csv", f"title{delimiter}company\nA, B; C{delimiter}D\n".replace(
        "A, B; C", '"A, B; C"'))  # fmt: skip
    assert rows_of(path)[0].cells == {"title": "A, B; C", "company": "D"}


def test_lines_are_those_of_the_file_even_after_cells_with_line_breaks(tmp_path):
    path = write(tmp_path, "a.csv", '\ntitle,company\n"two\nlines",A\n\nnext,B\n')
    assert [row.line for row in rows_of(path)] == [3, 6]


def test_an_unclosed_quotation_mark_costs_its_own_row_alone(tmp_path):
    path = write(tmp_path, "a.csv", 'title,company\nA,x\n"B,y\n"C",z\nD,"w, w"\n')
    found = rows_of(path)
    assert [row.cells["title"] for row in found if isinstance(row, Row)] == ["A", "C", "D"]
    (refused,) = [row for row in found if isinstance(row, Refusal)]
    assert refused.line == 3
    assert "quotation marks" in refused.reason


def test_an_unclosed_quotation_mark_does_not_swallow_a_long_file(tmp_path):
    many = "".join(f"title {n},firm\n" for n in range(5_000))
    found = rows_of(write(tmp_path, "a.csv", f'title,company\n"open,firm\n{many}'))
    assert isinstance(found[0], Refusal)
    assert len(found) == 5_001


def test_a_row_with_too_many_columns_is_refused_and_the_next_one_read(tmp_path):
    found = rows_of(write(tmp_path, "a.csv", "title,company\nA,B,C\nD,E\n"))
    assert "3 columns where the header has 2" in found[0].reason
    assert found[1].cells == {"title": "D", "company": "E"}


def test_bytes_that_are_no_text_in_one_row_leave_the_other_rows_readable(tmp_path):
    found = rows_of(write(tmp_path, "a.csv", "제목,회사\n".encode() + b"\xff\xfe\x80,A\n" +
                          "용접,B\n".encode()))  # fmt: skip
    assert found[1].cells == {"제목": "용접", "회사": "B"}


def test_a_line_of_many_megabytes_is_refused_and_the_next_one_read(tmp_path):
    found = rows_of(write(tmp_path, "a.csv", f"title,company\n{'x' * 9_000_000},A\nB,C\n"))
    assert "4 million characters" in found[0].reason
    assert (found[1].line, found[1].cells["title"]) == (3, "B")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", "", "empty"),
        ("a.csv", "\n\n", "Name the columns"),
        ("a.csv", "a,a\n1,2\n", "named twice: a"),
        ("a.csv", b"\x00\x01" * 400, "not a text file"),
        ("a.csv", b"PK\x03\x04zip", "packed file"),
        ("a.csv", b"\xd0\xcf\x11\xe0old", "old Excel"),
        ("a.csv", '"title,company\n', "header line cannot be read"),
        ("a.pdf", "x", "cannot be read. Save it as"),
        ("a.xlsx", "not a zip", "damaged"),
        ("a.jsonl", '[{"title": "A"}]', "one object on each line"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do(tmp_path, name, content, said):
    with pytest.raises(TableError, match=said):
        rows_of(write(tmp_path, name, content))


def test_json_lines_refuses_each_bad_line_in_words(tmp_path):
    path = write(tmp_path, "a.jsonl", "\n".join([
        '{"title": "A"}', '{"title": "A"', '["A"]', '{"title": "A", "title": "B"}',
        '{"pay": NaN}', "[" * 100_000, '{"title": "Z"}',
    ]))  # fmt: skip
    found = rows_of(path)
    reasons = [row.reason for row in found if isinstance(row, Refusal)]
    assert [row.cells["title"] for row in found if isinstance(row, Row)] == ["A", "Z"]
    assert [word in reason for word, reason in zip(
        ["near character", "not a JSON object", "named twice", "number or a nesting",
         "number or a nesting"], reasons, strict=True)] == [True] * 5  # fmt: skip


def workbook(tmp_path: Path, rows: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    path = tmp_path / "a.xlsx"
    book.save(path)
    return path


def test_xlsx_cells_keep_their_types_and_lines(tmp_path):
    start = datetime(2027, 3, 2)
    path = workbook(tmp_path, [["title", "start", "seats", None], [], ["A", start, 4]])
    assert rows_of(path) == [Row(3, {"title": "A", "start": start, "seats": 4})]


def repacked(path: Path, part: str, content: str) -> Path:
    """The workbook with one of its parts replaced, as no spreadsheet program would write it."""
    made = path.with_name("b.xlsx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, content if name == part else old.read(name))
    return made


SHEET = "xl/worksheets/sheet1.xml"
HEAD = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'


def sheet(rows: str) -> str:
    return f"{HEAD}{rows}</sheetData></worksheet>"


def text_row(number: int, text: str) -> str:
    return f'<row r="{number}"><c t="inlineStr"><is><t>{text}</t></is></c></row>'


def test_a_million_blank_rows_of_a_sheet_are_passed_over(tmp_path):
    path = repacked(workbook(tmp_path, [["title"]]), SHEET,
                    sheet(text_row(1, "title") + text_row(1_000_000, "A")))  # fmt: skip
    assert rows_of(path) == [Row(1_000_000, {"title": "A"})]


def test_a_sheet_that_claims_a_row_beyond_the_last_is_refused(tmp_path):
    path = repacked(workbook(tmp_path, [["title"]]), SHEET,
                    sheet(text_row(1, "title") + text_row(2_000_000_000, "A")))  # fmt: skip
    with pytest.raises(TableError, match="damaged"):
        rows_of(path)


def test_a_packed_file_that_would_unpack_without_measure_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "MAX_UNPACKED_BYTES", 1_000_000)
    path = repacked(workbook(tmp_path, [["title"]]), SHEET, sheet("<row/>" * 500_000))
    assert path.stat().st_size < 100_000
    with pytest.raises(TableError, match="unpack to more than"):
        rows_of(path)


def test_an_xlsx_that_declares_entities_is_refused(tmp_path):
    path = repacked(workbook(tmp_path, [["title"]]), SHEET,
                    '<!DOCTYPE x [<!ENTITY a "aaaa">]>' + sheet(text_row(1, "&a;")))  # fmt: skip
    with pytest.raises(TableError, match="damaged"):
        rows_of(path)


def test_a_sheet_cut_off_in_the_middle_is_refused(tmp_path):
    path = repacked(workbook(tmp_path, [["title"]]), SHEET, HEAD + text_row(1, "title") + "<row")
    with pytest.raises(TableError, match="damaged"):
        rows_of(path)
