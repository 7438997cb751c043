"""Schools: name, degree, major, status and months, from table rows or lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from string import capwords

from corridor.candidates.cv import dates, pieces
from corridor.candidates.cv.parts import Item, Said, free
from corridor.candidates.cv.proposal import Entry, Value

_DEGREES = (
    ("high_school", re.compile(r"고등학교|고졸|high\s+school", re.I)),
    ("associate", re.compile(r"전문학사|전문대|대학\s*\(2[,·~]?\s*3?년|associate", re.I)),
    ("doctorate", re.compile(r"박사|\bph\.?\s?d\b|\bdoctor(?:ate| of)|\bdr\.", re.I)),
    ("master", re.compile(r"석사|\bmaster|\bm\.\s?(?:s|a|sc|eng)\b", re.I)),
    ("master", re.compile(r"\b(?:MS|MSc|MBA|MEng|MA)\b(?!\w)")),
    ("bachelor", re.compile(r"학사|\(4년|4년제|bachelor|\bb\.\s?(?:s|a|sc|eng)\b", re.I)),
    ("bachelor", re.compile(r"\b(?:BS|BSc|BA|BEng|BBA)\b(?!\w)")),
)
_STATUS = (
    ("enrolled", re.compile(r"(?:졸업|수료)\s*예정|재학|\bexpected\b|in progress", re.I)),
    ("leave", re.compile(r"휴학|on leave", re.I)),
    ("left", re.compile(r"중퇴|자퇴|수료|withdrew|dropped out", re.I)),
    ("graduated", re.compile(r"졸업|graduated|학위\s*취득", re.I)),
)
_SCHOOL_KO = re.compile(
    r"[가-힣A-Za-z·]+(?:대학교|대학|고등학교|과학기술원|전문학교|사관학교"
    r"|예술학교)(?:\s*[가-힣]*대학원)?"
)
_SCHOOL_EN = re.compile(
    r"(?:(?:[A-Z][\w.&'’-]*|of|and|the|for)\s+)*(?:University|College|Institute|School|Academy"
    r"|Polytechnic)"
    r"(?:\s+(?:of|at|for)(?:\s+(?:[A-Z][\w&-]*|and))+)?|\b(?:KAIST|POSTECH|UNIST|DGIST|GIST)\b"
)
_MAJOR_KO = re.compile(
    r"[가-힣A-Za-z·&]+(?:학과|전공|학부|계열|공학|[가-힣]과|학)(?=$|[\s,()·/]|[에을를])"
)
_NO_MAJOR = re.compile(
    r"^(?:[가-힣]+대학|복수전공|부전공|주전공|이중전공|다전공|심화전공|재학|휴학|입학|졸업|대학|복학|편입학?|수학|학과|전공|학부|이과|문과|인문계|실업계)$"
)
_DEGREE_EN = re.compile(
    r"\b(?:ph\.?\s?d\.?|doctor of \w+|(?:bachelor|master|associate)(?:['’]s)?(?: degree"
    r"| of (?:applied )?"
    r"(?:science|arts|engineering|business administration|fine arts))?|[bm]\.\s?(?:s|a|sc"
    r"|eng)\.?|BSc?|BA|"
    r"BEng|MSc?|MA|MEng|MBA)(?=[\s,.)|]|$)\.?", re.I
)
_NOISE = re.compile(
    r"학점|평점|gpa|\d\.\d+\s*/\s*4|복수\s*전공|부전공|이중\s*전공|second major"
    r"|minor in|교환학생|advisor|지도교수|학위논문|thesis|dissertation"
    r"|^\d+[.)]", re.I
)


def read(items: Sequence[Item], *, day: date) -> list[Entry]:
    entries = [_of_row(item, day) for item in items if item.cells]
    entries += _of_lines(list(free(items)), day)
    return [entry for entry in entries if _counts(entry.text("institution"))]


def _counts(school: str) -> bool:
    """A middle school is no education that the profile asks for."""
    return bool(school) and not re.search(r"중학교|초등학교|middle school|elementary", school, re.I)


def _of_row(item: Item, day: date) -> Entry:
    entry, cells = Entry(), item.cells
    if (said := cells.get("period")) is not None:
        _period(entry, dates.period(said.text), said)
    for role, name in (("start", "started_on"), ("end", "ended_on"), ("when", "ended_on")):
        if role in cells and (found := dates.months(cells[role].text)):
            entry.put(name, found[0][0].day(), cells[role].line)
    if (said := cells.get("school")) is not None:
        school = _school(said.text)
        entry.put("institution", school or said.text, said.line)
        _major(entry, said, school)
    if (said := cells.get("major")) is not None and len(said.text) > 1:
        entry.values["major"] = Value(said.text, said.line)
    for role in ("degree", "status", "kind", "period", "major", "school"):
        if role in cells:
            _degree_and_status(entry, cells[role])
    _conclude(entry, day)
    return entry


def _of_lines(lines: Sequence[Said], day: date) -> Iterator[Entry]:
    found = pieces.chunks(lines)
    if not found:
        yield from _by_events(lines, day)
        return
    for chunk in found:
        entry = Entry()
        _period(entry, chunk.period, Said("", chunk.period_line))
        for said in [*chunk.head, *chunk.body]:
            if _school(said.text) is None:
                kept = [part for part in re.split(r"[|;]", said.text) if not _NOISE.search(part)]
                said = Said("|".join(kept), said.line)
            if said.text.strip():
                _line(entry, said)
        _conclude(entry, day)
        yield entry


def _by_events(lines: Sequence[Said], day: date) -> Iterator[Entry]:
    """"2015년 3월 ○○대학교 기계공학과 입학", and one line more for the end."""
    entries: dict[tuple[str, str, str], Entry] = {}
    before: Said | None = None
    for said in lines:
        said = _same_again(said, before)
        school, months = _school(said.text), dates.months(said.text)
        if school is None:
            continue
        before = said
        fresh = Entry()
        _line(fresh, said)
        # Of two degrees at one school, where the lines name them, each is its own.
        degree = fresh.text("degree") if _DEGREE_EN.search(said.text) else ""
        key = (school, fresh.text("major"), degree)
        entry = entries.setdefault(key, fresh)
        if len(months) > 1 and "started_on" not in entry.values:  # both in one sentence
            entry.put("started_on", months[0][0].day(), said.line)
            entry.put("ended_on", months[1][0].day(), said.line)
        elif months:
            begins = re.search(r"입학|entered|enrolled", said.text, re.I)
            name = "started_on" if begins else "ended_on"
            entry.put(name, months[0][0].day(), said.line)
        _degree_and_status(entry, said)
    for entry in entries.values():
        _conclude(entry, day)
        yield entry


def _same_again(said: Said, before: Said | None) -> Said:
    """"동교 동학과 졸업": the school and the department of the line above."""
    if before is None or not re.search(r"동\s*교(?=\s|$)|동\s*대학교", said.text):
        return said
    school = _school(before.text) or ""
    major = next((found[0] for piece in pieces.cut(before.text.replace(school, " | "))
                  for found in _MAJOR_KO.finditer(piece) if not _NO_MAJOR.match(found[0])), "")
    text = re.sub(r"동\s*(?:대학)?교(?=\s|$)", school, said.text, count=1)
    if major:
        text = re.sub(r"동(?:학)?과(?=\s|$)", "", text).replace(school, f"{school} {major}", 1)
    return Said(text, said.line)


def _line(entry: Entry, said: Said) -> None:
    period = dates.period(said.text)
    text = pieces.without(pieces.without_bullet(said.text), None)
    if period is not None:
        text = pieces.without(said.text, period.at)
    school = _school(text)
    entry.put("institution", school, said.line)
    _degree_and_status(entry, said)
    _major(entry, Said(text, said.line), school)


def _school(text: str) -> str | None:
    text = "|".join(_in_small_letters(part) for part in text.split("|"))
    found = _SCHOOL_KO.search(text) or _SCHOOL_EN.search(text)
    return " ".join(found[0].split()) if found else None


def _in_small_letters(text: str) -> str:
    """A name written in capitals alone, as names are written."""
    if not (text.isascii() and text.isupper()) or len(text.split()) < 2:
        return text
    return f" {capwords(text)} ".replace(" Of ", " of ").replace(" And ", " and ")


def _major(entry: Entry, said: Said, school: str | None) -> None:
    rest = said.text.replace(school, " | ") if school else said.text
    for piece in pieces.cut(rest):
        for match in _MAJOR_KO.finditer(piece):
            if not _NO_MAJOR.match(match[0]):
                entry.put("major", match[0], said.line)
                return
    named = False
    for piece in pieces.cut(rest):
        if re.search(r"[가-힣]", piece) or _NOISE.search(piece):
            continue
        left = re.sub(r"^(?:in|of)\s+", "", _DEGREE_EN.sub(" ", piece).strip(" .,"), flags=re.I)
        degree = _DEGREE_EN.search(piece) is not None
        named = named or degree
        if named and re.fullmatch(r"[A-Za-z][A-Za-z&,\s/-]{2,60}", left) and not _is_status(left):
            entry.put("major", left, said.line)
            return


def _is_status(text: str) -> bool:
    return any(pattern.search(text) for _code, pattern in _STATUS)


def _degree_and_status(entry: Entry, said: Said) -> None:
    for code, pattern in _DEGREES:
        if pattern.search(said.text):
            entry.put("degree", code, said.line)
            break
    for code, pattern in _STATUS:
        if pattern.search(said.text):
            entry.put("status", code, said.line)
            break


def _period(entry: Entry, period: dates.Period | None, said: Said) -> None:
    if period is None:
        return
    if period.start:
        entry.put("started_on", period.start.day(), said.line)
    if period.end:
        entry.put("ended_on", period.end.day(), said.line)
    if period.goes_on:
        entry.goes_on = said.line


def _conclude(entry: Entry, day: date) -> None:
    """What follows from the rest: the degree from the kind of school, the status from the days."""
    school = entry.values.get("institution")
    if school is not None and "degree" not in entry.values:
        code = None
        if "대학원" in school.value:
            code = "master"
        elif school.value.endswith("고등학교"):
            code = "high_school"
        elif school.value.endswith("대학교") or "과학기술원" in school.value:
            code = "bachelor"
        elif school.value.endswith("대학"):
            code = "associate"
        entry.put("degree", code, school.line)
    end = entry.values.get("ended_on")
    if "status" not in entry.values:
        if entry.goes_on is not None:
            entry.put("status", "enrolled", entry.goes_on)
        elif end is not None and end.value:
            past = date.fromisoformat(end.value) <= day
            entry.put("status", "graduated" if past else "enrolled", end.line)
