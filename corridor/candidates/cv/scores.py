"""Licenses and language tests."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from corridor.candidates.cv import dates, pieces, words
from corridor.candidates.cv.parts import Item, Said
from corridor.candidates.cv.proposal import Entry

_TESTS = (
    ("toeic_speaking", re.compile(r"toeic\s*-?\s*(?:speaking|s\b)|토익\s*스피킹|토스\b", re.I)),
    ("toeic", re.compile(r"\btoeic\b|토익", re.I)),
    ("toefl", re.compile(r"\btoefl\b(?:\s*ibt)?|토플", re.I)),
    ("ielts", re.compile(r"\bielts\b|아이엘츠", re.I)),
    ("opic", re.compile(r"\bopic\b|오픽", re.I)),
    ("topik", re.compile(r"\btopik\b|토픽", re.I)),
)
# The lowest and highest score of each test, as the profile has them.
_RANGES = {"toeic": (10, 990), "toefl": (0, 120), "ielts": (0, 9), "toeic_speaking": (0, 200),
           "topik": (0, 300)}  # fmt: skip
_LANGUAGE = re.compile(r"영어|외국어|어학|\benglish\b", re.I)
_LEVEL = re.compile(r"(?<![A-Za-z])(AL|AH|AM|IH|IM\s?[123]?|IL|NH|NM|NL)(?![A-Za-z])")
_GRADE = re.compile(r"([1-6])\s*급")
_NUMBER = re.compile(r"(?<![\d.])(\d{1,3}(?:\.\d)?)(?![\d.]*\d)")
_ISSUER = re.compile(
    r"(?:공단|협회|진흥원|상공회의소|교통부|노동부|경찰청|위원회|학회|재단|연구원|시행처|자격원"
    r"|평가원)$"
    r"|^(?:최종\s*합격|합격|취득|발급|필기|실기|-|[1-3]차)$|^hrdk|^human resources"
    r"|^korea .* service", re.I
)
_ISSUED_BY = re.compile(r"[(（][^()（）]*(?:공단|협회|진흥원|상공회의소|학회|재단)\s*[)）]")
_NO_CREDENTIAL = re.compile(
    r"수상|공모전|대회|장학|\baward|\bprize|대상$|우수상|native|fluent|원어민|상급"
    r"|비즈니스", re.I
)
_SENTENCE = re.compile(
    r"^\W*(?:에\s+)?(.+?)\s*(?:자격증?|면허증?)?[을를]\s*(?:취득|획득|발급).*$"
)  # "2019년 6월에 … 자격을 취득하였고"
# What a line under "licenses" is if it says no day: its name has one of these words.
_KNOWN = re.compile(
    r"기사|기능[사장]|기술사|산업기사|면허|자격|급(?:$|\s)|\d급|종(?:$|\s)|이수|수료|교육|인증|안전|마스터|벨트|능력|운전"
    r"|관리사|지도사|평가사|무역영어|(?-i:[A-Z]{2,})|certif|licen[cs]|safety|training|course|belt|engineer\b"
    r"|craftsman|technician|welder|osha|level|associate|professional|foundation", re.I
)
_SAID_SO = re.compile(r"니다\.?$|[요다]\.$|[.!?]$|\b(?:I|my|me)\b|@|https?:|www\.")
_HALF = re.compile(
    r"필기\s*(?:시험)?\s*합격|필기만|준비\s*중|응시\s*예정|취득\s*예정|in progress|expected", re.I
)
_OF_MONTH = re.compile(r"[(（\[][^()（）\[\]]*[)）\]]")
_TAIL = re.compile(r"\s*(?:취득|합격|획득|보유|issued|acquired)\s*$", re.I)


def languages(items: Sequence[Item]) -> list[Entry]:
    entries: list[Entry] = []
    above: Said | None = None  # "2023.02 | 영어" over "TOEIC | 880점"
    for item in items:
        for said_all, text in _texts(item):
            entry = _score(said_all, text)
            before, above = above, said_all[0]
            if entry is not None:
                entries.append(entry)
                if before is not None and (named := _LANGUAGE.search(before.text)) is not None:
                    rest = before.text[: named.start()] + before.text[named.end() :]
                    _date_below(entry, "taken_on", Said(rest, before.line))
            elif entries:
                _date_below(entries[-1], "taken_on", said_all[0])
    return entries


def _date_below(entry: Entry, name: str, said: Said) -> bool:
    """A line that is a month alone tells when the entry above it was."""
    months = dates.months(said.text)
    if len(months) != 1 or entry.text(name):
        return False
    month, (begin, end) = months[0]
    if (said.text[:begin] + said.text[end:]).strip(" .()|~-"):
        return False
    entry.put(name, month.day(), said.line)
    return True


def _texts(item: Item) -> list[tuple[list[Said], str]]:
    """A line, or a row of a table as one text."""
    if item.free is not None:
        return [([item.free], item.free.text)]
    said = list(item.cells.values())
    return [(said, " | ".join(each.text for each in said))]


def _score(said: Sequence[Said], text: str) -> Entry | None:
    test = _test(text)
    if test is None:
        return None
    code, (_begin, end) = test
    months = dates.months(text)
    plain = text
    for _month, (begin, stop) in reversed(months):
        plain = plain[:begin] + " " * (stop - begin) + plain[stop:]
    entry = Entry()
    entry.put("test", code, _line_of(said, text[_begin:end]))
    after = plain[end:] + " " + plain[:_begin]
    level, number = _LEVEL.search(after), _NUMBER.search(after)
    if code == "topik" and (grade := _GRADE.search(after)):
        entry.put("level", f"{grade[1]}급", _line_of(said, grade[0]))
    elif code == "opic" or (code == "toeic_speaking" and level is not None and number is None):
        if level is None:
            return None
        entry.put("level", level[1].replace(" ", ""), _line_of(said, level[0]))
    else:
        low, high = _RANGES[code]
        for number in _NUMBER.finditer(after):
            if low <= Decimal(number[1]) <= high:
                entry.put("score", number[1], _line_of(said, number[1]))
                break
        else:
            return None
    if months:
        month, (begin, stop) = months[-1] if len(months) == 1 else months[0]
        entry.put("taken_on", month.day(), _line_of(said, text[begin:stop]))
    return entry


def _test(text: str) -> tuple[str, tuple[int, int]] | None:
    for code, pattern in _TESTS:
        if (found := pattern.search(text)) is not None:
            return code, found.span()
    return None


def _line_of(said: Sequence[Said], text: str) -> int:
    return next((each.line for each in said if text in each.text), said[0].line)


def credentials(items: Sequence[Item]) -> list[Entry]:
    entries: list[Entry] = []
    for item in items:
        if item.free is not None:
            if not (entries and _date_below(entries[-1], "issued_on", item.free)):
                entries += _named(item.free)
        elif (entry := _of_row(item)) is not None:
            entries.append(entry)
    return entries


def _of_row(item: Item) -> Entry | None:
    name = item.cells.get("credential") or item.cells.get("named")
    if name is None or len(name.text) < 2 or _test(name.text) is not None:
        return None
    kind = item.cells.get("kind")
    if kind is not None and re.search(r"어학|외국어|수상", kind.text):
        return None
    if any(_HALF.search(said.text) for said in item.cells.values()):
        return None
    entry = Entry()
    grade = item.cells.get("score")
    written = name.text
    if grade is not None and re.search(r"급|종", grade.text) and grade.text not in written:
        written = f"{written} {grade.text}"
    entry.put("name", written, name.line)
    when = item.cells.get("when") or item.cells.get("period")
    if when is not None and (months := dates.months(when.text)):
        entry.put("issued_on", months[0][0].day(), when.line)
    return entry


def _several(text: str) -> list[str] | None:
    """"OSHA 10 (Mar 2023); Yellow Belt (Dec 2024)": each with its own month."""
    parts = [part for part in re.split(r"\s*[;/|]\s*|(?<=\))\s*,\s*", text) if part.strip()]
    alike = len(parts) > 1 and all(len(dates.months(part)) == 1 for part in parts)
    return parts if alike else None


def _listed(text: str) -> list[str]:
    """Parts between commas that stand outside brackets."""
    return [part.strip() for part in re.split(r",(?![^()]*\))", text)]


def _named(said: Said) -> list[Entry]:
    """One license a line with its month, or several without, parted by commas."""
    text = words.without_numbering(pieces.without_bullet(said.text))
    if (several := _several(text)) is not None:
        return [entry for each in several for entry in _named(Said(each, said.line))]
    if _test(text) is not None or _NO_CREDENTIAL.search(text) or _HALF.search(text):
        return []
    if dates.period(text) is not None and not re.search(r"유효|valid|expire", text, re.I):
        return []  # something that lasted: a course, a club, a job
    months = dates.months(text)
    # A bracket with a month in it tells of the license; it is not of its name.
    text = _OF_MONTH.sub(lambda each: " " if dates.months(each[0]) else each[0], text)
    for _month, at in reversed(dates.months(text)):
        text = pieces.without(text, at)
    text = _ISSUED_BY.sub(" ", _SENTENCE.sub(r"\1", text))
    text = re.sub(r"[(（]\s*\|?\s*(?:취득|합격|issued)\s*[)）]", " ", text)
    parts = [_TAIL.sub("", part).strip(" ,.·:/–—-") for part in re.split(r"\s*\|\s*", text)]
    parts = [part for part in parts if len(part) > 1 and not _ISSUER.search(part)]
    names = parts[:1]
    if names and not months and "," in names[0]:
        names = [part for part in _listed(names[0]) if len(part) > 1]
    elif names and "," in names[0]:
        first, *more = _listed(names[0])
        names = [first] if all(_ISSUER.search(part) for part in more) else names
    entries = []
    for name in names:
        if len(name) > 80 or not re.search(r"[A-Za-z가-힣]", name) or _SAID_SO.search(name):
            continue
        if not months and not _KNOWN.search(name):
            continue
        if words.column(name) is not None or words.headed(name) or words.label(name) is not None:
            continue
        entry = Entry()
        entry.put("name", name, said.line)
        if months:
            entry.put("issued_on", months[0][0].day(), said.line)
        entries.append(entry)
    return entries
