"""Months and periods as people write them in a CV, in Korean and English."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_NAMES = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_MONTH = re.compile(
    rf"""
    (?<![\d/])(?P<y1>(?:19|20)\d\d)\s*(?:[./-]|년)\s*(?P<m1>1[0-2]|0?[1-9])(?!\d)
        (?:\s*(?:[./-]|월)\s*(?P<d1>3[01]|[12]\d|0?[1-9])(?!\d)\s*일?|\s*월)?\.?
    | (?<![\d.])['’‘`´]?(?P<y2>\d\d)\s*년\s*(?P<m2>1[0-2]|0?[1-9])\s*월
        (?:\s*(?P<d2>3[01]|[12]\d|0?[1-9])\s*일)?
    | (?<![\d.])['’‘`´](?P<y6>\d\d)\s*[./-]\s*(?P<m6>1[0-2]|0?[1-9])(?!\d)
        (?:\s*[./-]\s*(?P<d6>3[01]|[12]\d|0?[1-9])(?!\d))?\.?
    | (?<![\d/.-])(?P<d7>3[01]|[12]\d|0?[1-9])\s*[/.]\s*(?P<m7>1[0-2]|0?[1-9])
        \s*[/.]\s*(?P<y7>(?:19|20)\d\d)(?!\d)
    | (?<![\d/.-])(?P<m3>1[0-2]|0?[1-9])\s*[/.]\s*(?P<y3>(?:19|20)\d\d)(?!\d)
    | \b(?P<m4>{_NAMES})\.?,?\s+(?:(?P<d4>\d{{1,2}}),\s+)?(?P<y4>(?:19|20)\d\d)(?!\d)
    | (?<![\d.])(?P<y5>(?:19|20)\d\d)(?![\d.]|-\d)\s*년?
    """,
    re.VERBOSE | re.IGNORECASE,
)  # fmt: skip
_NOW = (
    r"현재(?:\s*재직\s*중|\s*재학\s*중)?|재직\s*중|재학\s*중?|휴학\s*중|근무\s*중"
    r"|\b(?:present|now|current|ongoing|today|to date)\b"
)
_BETWEEN = re.compile(rf"\s*(?:~|∼|～|–|—|-|→|부터|\bto\b|\buntil\b)\s*(?P<now>{_NOW})?", re.I)
NOW = re.compile(_NOW, re.IGNORECASE)


@dataclass(frozen=True)
class Month:
    year: int
    month: int | None  # None: only the year is written

    def day(self) -> str:
        """Its first day as ISO text; "" where only the year is written: no month is guessed."""
        return date(self.year, self.month, 1).isoformat() if self.month else ""


@dataclass(frozen=True)
class Period:
    """`end` is None where it goes on (`goes_on`) or is not told."""

    start: Month | None
    end: Month | None
    goes_on: bool
    at: tuple[int, int]  # where it stands in the text


def months(text: str) -> list[tuple[Month, tuple[int, int]]]:
    found = []
    for match in _MONTH.finditer(text):
        groups = {name: value for name, value in match.groupdict().items() if value}
        year = next(value for name, value in groups.items() if name[0] == "y")
        month = next((value for name, value in groups.items() if name[0] == "m"), None)
        number = None if month is None else _number(month)
        if match["d7"] and number != int(match["d7"]) <= 12:
            number = None  # 03/04/2019: the one or the other
        found.append((Month(_year(year), number), match.span()))
    return found


def day(text: str) -> str | None:
    """The first whole day that the text tells, as ISO text. Where a day and a month could each be
    the other (03/04/1999), none."""
    for match in _MONTH.finditer(text):
        groups = {name[0]: value for name, value in match.groupdict().items() if value}
        if "d" not in groups or "m" not in groups:
            continue
        number = _number(groups["m"])
        if match["d7"] and int(groups["d"]) <= 12 and groups["d"] != groups["m"]:
            continue
        with suppress(ValueError):
            return date(_year(groups["y"]), number, int(groups["d"])).isoformat()
    return None


def period(text: str) -> Period | None:
    """The first span of two months, or of a month and "now"; else None."""
    found = months(text)
    for place, (month, (begin, end)) in enumerate(found):
        between = _BETWEEN.match(text, end)
        if between is None:
            continue
        if between["now"]:
            until = re.match(r"\s*까지", text[between.end() :])
            end = between.end() + (until.end() if until else 0)
            return Period(month, None, True, (begin, end))
        if place + 1 < len(found) and found[place + 1][1][0] == between.end():
            last, (_begin, last_end) = found[place + 1]
            if (last.year, last.month or 12) >= (month.year, month.month or 1):
                until = re.match(r"\s*까지", text[last_end:])
                return Period(month, last, False, (begin, last_end + (until.end() if until else 0)))
        if not text[between.end() :].strip(" ()"):  # "2021.03 ~"
            return Period(month, None, True, (begin, between.end()))
    return None


def _number(month: str) -> int:
    return int(month) if month.isdecimal() else _MONTHS.index(month[:3].lower()) + 1


def _year(year: str) -> int:
    if len(year) == 4:
        return int(year)
    return 2000 + int(year) if int(year) <= 50 else 1900 + int(year)
