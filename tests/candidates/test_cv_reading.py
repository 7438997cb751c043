"""CVs of four formats are read within bounds, and hostile or broken files are told apart."""

from __future__ import annotations

import io
import json
import re
import struct
import sys
import unicodedata
import zipfile
import zlib
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from corridor.candidates.cv import dates, hwp, parsing, privacy, reading, sandbox, words
from corridor.candidates.cv.lines import Line, Unreadable
from corridor.candidates.cv.proposal import Proposal

SAMPLES = Path(__file__).parent / "cv"
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))
import cv as benchmark  # noqa: E402

DAY = date(2025, 11, 15)


def content(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def package(parts: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return made.getvalue()


def docx(body: str) -> bytes:
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return package(
        {"word/document.xml": f'<w:document xmlns:w="{w}"><w:body>{body}</w:body></w:document>'
         .encode()}
    )  # fmt: skip


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def code(raised: pytest.ExceptionInfo[Unreadable]) -> str:
    return raised.value.code


# --- the formats ----------------------------------------------------------------------------------

TAME_PARTS = ("tuned on", "held out")
TAME = [person for person in benchmark.people() if benchmark.part_of(person) in TAME_PARTS]


@pytest.mark.parametrize("person", TAME, ids=lambda person: person["id"])
def test_every_sample_is_read_and_nearly_all_of_its_fields_are_right(person):
    outcomes = Counter(found[1] for found in benchmark.judge(person, benchmark.read(person)))
    assert outcomes["right"] >= 0.75 * sum(outcomes.values()), outcomes


def test_the_samples_are_read_as_well_as_was_measured():
    for part, least in (("tuned on", 0.98), ("held out", 0.95), ("rough", 0.95), ("fresh", 0.9),
                        ("strangers", 0.95), ("newcomers", 0.93)):  # fmt: skip
        found = benchmark.measure(part)["all"]
        assert found["read_right"] >= least
        assert found["right_of_proposed"] >= least


@pytest.mark.parametrize(
    ("name", "format_"),
    [("k01.hwp", "hwp"), ("k02.hwpx", "hwpx"), ("k03.docx", "docx"), ("k06.pdf", "pdf")],
)
def test_the_format_is_told_by_the_bytes(name, format_):
    assert reading.read(content(name))[0] == format_


@pytest.mark.parametrize("name", ["k01.hwp", "k02.hwpx", "k03.docx"])
def test_cells_of_tables_keep_their_place(name):
    _format, lines = reading.read(content(name))
    head = next(line for line in lines if words.plain(line.text) == "학교명")
    below = [line for line in lines if line.table == head.table and line.column == head.column]
    assert [line.row for line in below][:2] == [1, 2]
    photo = next(line for line in lines if line.text == "사 진")
    assert photo.rows == 4


def test_a_merged_cell_names_the_rows_beside_it():
    _format, lines = reading.read(content("k05.docx"))
    side = next(line for line in lines if line.text == "학력")
    assert (side.column, side.rows) == (1, 2)


def test_rows_of_a_printed_table_are_put_together_by_where_they_stand():
    _format, lines = reading.read(content("k06.pdf"))
    row = next(line for line in lines if line.text == "광교대학교")
    beside = {line.text for line in lines if (line.table, line.row) == (row.table, row.row)}
    assert beside == {"2020.03~2027.02", "광교대학교", "컴퓨터공학과", "휴학중"}


# --- bounds ---------------------------------------------------------------------------------------


def test_a_zip_bomb_is_refused_before_it_unpacks():
    bomb = package({"word/document.xml": b"<x>" + b" " * (60 * 1024 * 1024)})
    assert len(bomb) < 100_000
    with pytest.raises(Unreadable) as raised:
        reading.read(bomb)
    assert code(raised) == "too_much"


def test_entities_are_refused():
    trap = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
    for name in ("word/document.xml", "Contents/content.hpf"):
        parts = {name: trap, "Contents/section0.xml": trap}
        with pytest.raises(Unreadable) as raised:
            reading.read(package(parts))
        assert code(raised) == "damaged"


def test_utf16_xml_is_refused_too():
    trap = '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'.encode("utf-16")
    with pytest.raises(Unreadable):
        reading.read(package({"word/document.xml": trap}))


def test_tables_nested_without_end_are_refused():
    deep = "<w:tbl><w:tr><w:tc>" * 300 + paragraph("x") + "</w:tc></w:tr></w:tbl>" * 300
    with pytest.raises(Unreadable) as raised:
        reading.read(docx(deep))
    assert code(raised) == "too_much"


def test_a_document_longer_than_any_cv_is_refused():
    with pytest.raises(Unreadable) as raised:
        reading.read(docx(paragraph("가나다라") * 5000))
    assert code(raised) == "too_much"


def test_a_scan_without_text_is_told_apart():
    import pypdf

    writer = pypdf.PdfWriter()
    writer.add_blank_page(595, 842)
    made = io.BytesIO()
    writer.write(made)
    with pytest.raises(Unreadable) as raised:
        reading.read(made.getvalue())
    assert code(raised) == "no_text"


def test_a_locked_pdf_is_told_apart():
    import pypdf

    writer = pypdf.PdfWriter(clone_from=io.BytesIO(content("e02.pdf")))
    writer.encrypt("secret", algorithm="AES-256")
    made = io.BytesIO()
    writer.write(made)
    with pytest.raises(Unreadable) as raised:
        reading.read(made.getvalue())
    assert code(raised) == "encrypted"


def test_a_pdf_of_too_many_pages_is_refused():
    import pypdf

    writer = pypdf.PdfWriter()
    for _page in range(31):
        writer.add_blank_page(100, 100)
    made = io.BytesIO()
    writer.write(made)
    with pytest.raises(Unreadable) as raised:
        reading.read(made.getvalue())
    assert code(raised) == "too_much"


def test_a_locked_hwp_is_told_apart():
    raw = bytearray(content("k01.hwp"))
    for found in re.finditer(rb"HWP Document File\0", bytes(raw)):
        raw[found.start() + 36] |= 0x2
    with pytest.raises(Unreadable) as raised:
        reading.read(bytes(raw))
    assert code(raised) == "encrypted"


def test_hwp_sections_do_not_unpack_without_end():
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    bomb = packer.compress(b"\0" * (40 * 1024 * 1024)) + packer.flush()
    with pytest.raises(Unreadable) as raised:
        hwp._unpacked(bomb)
    assert code(raised) == "too_much"


def test_hwp_controls_are_not_read_as_letters():
    units = [ord("가"), 11, *[0x7462] * 6, 11, ord("나"), 9, 0, 0, 0, 0, 0, 0, 9, ord("다"), 13]
    assert hwp._text(struct.pack(f"<{len(units)}H", *units)) == "가나\t다"


@pytest.mark.parametrize("name", ["k01.hwp", "k02.hwpx", "k03.docx", "k06.pdf"])
def test_files_broken_anywhere_are_refused_or_read_but_never_crash(name):
    raw = content(name)
    step = len(raw) // 25
    for at in range(0, len(raw), step):
        for broken in (raw[:at], raw[:at] + b"\xff" * 40 + raw[at + 40 :]):
            try:
                _format, lines = reading.read(broken)
                parsing.propose(privacy.cleaned(lines), day=DAY)
            except Unreadable as error:
                assert error.code in Unreadable.REASONS


@pytest.mark.parametrize("raw", [b"", b"x" * 100, b"PK\x03\x04", b"%PDF-1.7", b"\xd0\xcf\x11\xe0"])
def test_what_is_no_cv_is_refused(raw):
    with pytest.raises(Unreadable):
        reading.read(raw)


def test_a_file_is_read_in_a_process_of_its_own():
    told = sandbox.read_apart(content("k03.docx"), day=DAY)
    assert told["format"] == "docx"
    assert told["proposal"]["facts"]["name"][0] == "박지우"
    assert set(told["lines"]) >= {str(told["proposal"]["facts"]["name"][1])}


def test_a_process_that_takes_too_long_is_stopped():
    with pytest.raises(Unreadable) as raised:
        sandbox.read_apart(content("k06.pdf"), day=DAY, seconds=0.01)
    assert code(raised) == "too_slow"


def test_the_process_that_opens_the_file_knows_no_secret(monkeypatch):
    """Its environment is bare: a reader taken over could send away nothing of ours."""
    monkeypatch.setenv("CORRIDOR_SECRET_KEY", "not for the reader")
    asked: dict[str, object] = {}
    run = sandbox.subprocess.run

    def watched(*args, **kwargs):
        asked.update(kwargs["env"])
        return run(*args, **kwargs)

    monkeypatch.setattr(sandbox.subprocess, "run", watched)
    sandbox.read_apart(content("e01.docx"), day=DAY)
    assert not [name for name in asked if name.startswith(("CORRIDOR", "DJANGO"))]


# --- resident numbers -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["주민등록번호: 980412-1234567", "980412 - 2234567", "9804121234567",
     "주민번호 : 980412-1******",
     "외국인등록번호 980412-5234567", "여권번호: M12345678", "Passport No. M123A4567"],
)  # fmt: skip
def test_a_resident_or_passport_number_leaves_no_trace(text):
    left = privacy.cleaned([Line(0, f"김견본 {text}")])
    assert not any(digits in json.dumps([each.text for each in left]) for digits in ("9804", "345"))


def test_a_cell_beside_its_label_is_emptied_whole():
    place = {"table": 1, "row": 1}
    row = [Line(0, "주민번호", column=1, **place), Line(1, "98 04 12 한국", column=2, **place)]
    assert [line.text for line in privacy.cleaned(row)] == ["주민번호"]


def test_other_numbers_stay():
    kept = "TOEIC 850, 2021.03 ~ 2023.02, 출원번호 10-2021-0123456"
    assert privacy.cleaned([Line(0, kept)])[0].text == kept


def test_no_sample_gives_a_resident_number_away():
    for person in benchmark.people():
        _format, lines = reading.read(content(f"{person['id']}.{person['format']}"))
        for line in privacy.cleaned(lines):
            assert "234567" not in line.text


# --- words and days -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "start", "end", "goes_on"),
    [
        ("2021.03 ~ 2023.02", (2021, 3), (2023, 2), False),
        ("2021년 3월 ~ 현재", (2021, 3), None, True),
        ("21년 3월 ~ 23년 2월", (2021, 3), (2023, 2), False),
        ("98년 3월 ~ 02년 2월", (1998, 3), (2002, 2), False),
        ("2021.03.02 - 2023.02.28", (2021, 3), (2023, 2), False),
        ("2021. 3. ~ 2023. 2.", (2021, 3), (2023, 2), False),
        ("2021/03 – 재직중", (2021, 3), None, True),
        ("Mar 2018 – Feb 2024", (2018, 3), (2024, 2), False),
        ("September 2021 - Present", (2021, 9), None, True),
        ("03/2021 – 02/2023", (2021, 3), (2023, 2), False),
        ("2019–2024", (2019, None), (2024, None), False),
        ("'21.03 ~ '23.02", (2021, 3), (2023, 2), False),
        ("‘22년 4월 ~ 현재", (2022, 4), None, True),
        ("'23.3.2. ~ '26.2.", (2023, 3), (2026, 2), False),
        ("2020년 3월 2일부터 2023년 6월 30일까지", (2020, 3), (2023, 6), False),
    ],
)  # fmt: skip
def test_periods_are_read_as_people_write_them(text, start, end, goes_on):
    found = dates.period(text)
    assert found is not None
    assert found.start is not None
    assert (found.start.year, found.start.month) == start
    assert (found.end and (found.end.year, found.end.month)) == end
    assert found.goes_on == goes_on


@pytest.mark.parametrize("text", ["010-2021-0345", "2021.03", "평점 3.85/4.5", "2023 ~ 2021"])
def test_what_is_no_period_is_not_read_as_one(text):
    assert dates.period(text) is None


@pytest.mark.parametrize(
    ("text", "sections"),
    [
        ("학 력 사 항", ["education"]), ("■ 경력사항", ["work"]),
        ("2. 자격 및 면허", ["credentials"]),
        ("EXPERIENCE 경력", ["work"]), ("Licenses & Test Scores", ["credentials", "languages"]),
        ("경력 총 4년 3개월", ["work"]), ("자격/어학/수상", ["credentials", "languages", "other"]),
        ("경험/활동/교육", ["other"]), ("강의 경력", ["work"]),
        ("한빛대학교 기계공학과", []), ("경력 3년의 용접사입니다", []), ("2021.03 ~ 2023.02", []),
    ],
)  # fmt: skip
def test_headings_are_known_by_their_words_alone(text, sections):
    assert words.headed(text) == sections


@pytest.mark.parametrize(
    ("text", "day"),
    [("1998.04.12 (만 27세)", "1998-04-12"), ("'07.11.23.", "2007-11-23"),
     ("14/06/1995", "1995-06-14"), ("04/06/1995", None), ("1998년 4월", None),
     ("1998.02.31", None)],
)  # fmt: skip
def test_a_day_is_told_whole_or_not_at_all(text, day):
    assert dates.day(text) == day


def told_by(*texts: str) -> Proposal:
    return parsing.propose([Line(number, text) for number, text in enumerate(texts)], day=DAY)


def test_hangul_written_apart_reads_as_hangul_written_together():
    apart = docx(paragraph(unicodedata.normalize("NFD", "성명 : 한가람")) + paragraph("x" * 30))
    assert parsing.propose(reading.read(apart)[1], day=DAY).facts["name"].value == "한가람"


def test_a_name_in_the_first_header_of_a_word_file_is_read_and_its_footer_is_not():
    _format, lines = reading.read(content("s11.docx"))
    assert lines[0].text == "Jisoo Baek"
    _format, lines = reading.read(content("s14.docx"))
    assert not [line for line in lines if line.text.startswith("Page 1")]


def test_two_texts_side_by_side_on_a_page_are_read_one_after_the_other():
    _format, lines = reading.read(content("s12.pdf"))
    texts = [line.text for line in lines]
    assert texts[0] == "Minho Gwak"
    assert texts.index("EDUCATION") < texts.index("CONTACT") < texts.index("SKILLS")


def test_what_is_half_passed_lasted_or_is_a_sentence_is_no_license():
    made = told_by("■ 자격증", "전기기능사 (2020.05)", "전기기사 필기합격 (2024.03)",
                   "PLC 심화반 (2024.03 ~ 2024.12)", "자격증 공부를 좋아합니다.")  # fmt: skip
    assert [entry.text("name") for entry in made.lists["credentials"]] == ["전기기능사"]


def test_clubs_and_projects_are_no_jobs():
    made = told_by("■ 경력", "2020.03 ~ 2022.02 | 견본전자 | 연구원", "■ 교내외 활동",
                   "2018.03 ~ 2018.12 | 견본 동아리 | 회장")  # fmt: skip
    assert [entry.text("employer") for entry in made.lists["works"]] == ["견본전자"]


def test_a_short_word_that_begins_with_no_surname_is_no_name():
    assert "name" not in told_by("사진", "희망분야", "■ 학력", "견본대학교 2015.03 ~ 2019.02").facts


def test_a_year_alone_is_shown_and_no_month_is_guessed():
    _format, lines = reading.read(content("f03.docx"))
    study = parsing.propose(lines, day=DAY).lists["educations"][0]
    assert study.text("started_on") == ""
    assert "2012" in next(x.text for x in lines if x.number == study.values["started_on"].line)
