"""From a row's cells to typed values: which column means which field, and what a cell may hold.

A reader takes one cell and returns its value or raises ``Unfit`` with a sentence that says how to
mend it. What is refused everywhere: formulas, control characters, bytes that are no text, and
resident registration numbers. A sentence never repeats the cell, which may be personal.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils import translation
from django.utils.translation import gettext as _

from corridor.common.tables import Row, TableError, plain_name

EARLIEST, LATEST = date(1930, 1, 1), date(2100, 12, 31)


class Unfit(Exception):
    """A cell that cannot be taken. `field` is filled in by who knows it."""

    def __init__(self, reason: str, field: str = "") -> None:
        self.reason, self.field = reason, field
        super().__init__(reason)


Reader = Callable[[Any], Any]


@dataclass(frozen=True)
class Column:
    """One field that a file may give. `names` are further headings, in either language."""

    field: str
    read: Reader
    names: tuple[str, ...] = ()
    required: bool = False


@dataclass
class Headings:
    """Which heading means which field. Case, spaces and signs of a heading do not count."""

    columns: Mapping[str, Column]
    asked: Mapping[str, str] = field(default_factory=dict)  # heading → field, by the person
    never: Mapping[str, str] = field(default_factory=dict)  # plain heading → why it is not read
    unused: dict[str, str] = field(default_factory=dict)  # heading → why ("" for: not known)
    _found: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._names = {
            plain_name(name): column.field
            for column in self.columns.values()
            for name in (column.field, *column.names)
        }
        for heading, target in self.asked.items():
            if target not in self.columns:
                near = get_close_matches(target, self.columns, n=1)
                known = near[0] if near else ", ".join(self.columns)
                raise TableError(
                    _("--map %(heading)s=%(target)s: there is no field “%(target)s”. Known: "
                      "%(known)s") % {"heading": heading, "target": target, "known": known}
                )  # fmt: skip
        self._asked = {plain_name(heading): target for heading, target in self.asked.items()}

    def field_of(self, heading: str) -> str:
        """The field that a heading means; empty where none does (noted in `unused`)."""
        if heading not in self._found:
            plain = plain_name(heading)
            target = self._asked.get(plain, "")
            if not target and plain not in self.never and plain not in map(plain_name, self.asked):
                target = self._names.get(plain, "")
            if not target:
                self.unused.setdefault(heading, self.never.get(plain, ""))
            self._found[heading] = target
        return self._found[heading]

    def check_header(self, headings: Sequence[str]) -> set[str]:
        """The fields that the header gives. Raises TableError if one lacks or comes twice."""
        missing = set(self._asked) - {plain_name(heading) for heading in headings}
        if missing:
            raise TableError(
                _("--map names a column that the file does not have: %s") % ", ".join(missing)
            )
        given: dict[str, str] = {}
        for heading in headings:
            target = self.field_of(heading)
            if target and target in given:
                raise TableError(self._twice(given[target], heading, target))
            if target:
                given[target] = heading
        self._require(given)
        return set(given)

    def _require(self, given: Iterable[str]) -> None:
        for column in self.columns.values():
            if column.required and column.field not in given:
                raise TableError(
                    _("No column gives “%(field)s”. Name a column so, or say which it is: "
                      "--map \"YOUR COLUMN=%(field)s\". Also understood: %(names)s")
                    % {"field": column.field, "names": ", ".join(column.names)}
                )  # fmt: skip

    def _twice(self, one: str, other: str, target: str) -> str:
        return _("The columns “%(one)s” and “%(other)s” both give “%(target)s”. Rename one.") % {
            "one": one, "other": other, "target": target,
        }  # fmt: skip

    def read(self, row: Row) -> dict[str, Any]:
        """The typed values of a row by field. Raises Unfit with its field."""
        values: dict[str, Any] = {}
        given: dict[str, str] = {}
        for heading, cell in row.cells.items():
            target = self.field_of(heading)
            if not target:
                continue
            if target in given:
                raise Unfit(self._twice(given[target], heading, target), target)
            given[target] = heading
            values[target] = read_as(self.columns[target].read, cell, target)
        for column in self.columns.values():
            if column.required and values.get(column.field) in (None, ""):
                raise Unfit(_("This is empty. Fill it in."), column.field)
        return {name: value for name, value in values.items() if value is not None}


def read_as(reader: Reader, cell: Any, name: str) -> Any:
    try:
        return reader(cell)
    except Unfit as error:
        error.field = error.field or name
        raise


# --- readers ------------------------------------------------------------------------------------

# "=1+1", "+SUM(A1)", "@cmd|' /C calc'!A0"; a phone number or "++addmore" is none.
_FORMULA = re.compile(r"=|[+\-@]\s*(?:[A-Za-z_][\w.]*\(|[^|]*\|[^!]*!)")
_HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202d\u202e]")
_RESIDENT_NUMBER = re.compile(
    r"(?<!\d)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\s*-\s*[1-8]\d{6}(?!\d)"
)


def _string(cell: Any) -> str:
    if isinstance(cell, (list, dict)):
        raise Unfit(_("This holds a list or an object. Give one text."))
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        cell = int(cell)
    if isinstance(cell, datetime):
        cell = cell.date()
    text = unicodedata.normalize("NFC", str(cell)).strip()
    if any("\ud800" <= char <= "\udfff" for char in text):
        raise Unfit(_("Some letters cannot be read. Save the file anew as “CSV UTF-8”."))
    if _HIDDEN.search(text):
        raise Unfit(_("This holds control characters. Delete the text and type it anew."))
    if _FORMULA.match(text):
        raise Unfit(_("This begins like a spreadsheet formula. Write the plain text."))
    if _RESIDENT_NUMBER.search(text):
        raise Unfit(_("This holds a resident registration number. Take it out of the file."))
    return text


def text(most: int, *, lines: bool = False) -> Reader:
    """A text of at most `most` characters; on one line unless `lines`."""

    def read(cell: Any) -> str:
        if isinstance(cell, str) and len(cell) > max(4 * most, 1000):
            raise Unfit(_too_long(len(cell), most))  # not worth a closer look
        found = _string(cell)
        if not lines:
            found = " ".join(found.split())
        if len(found) > most:
            raise Unfit(_too_long(len(found), most))
        return found

    return read


def _too_long(has: int, most: int) -> str:
    return _("This has %(has)s characters; at most %(most)s are kept. Shorten it.") % {
        "has": f"{has:,}", "most": f"{most:,}",
    }  # fmt: skip


_YEAR_FIRST = re.compile(
    r"(\d{4})\s*(?:[-./]|년)\s*(\d{1,2})\s*(?:(?:[-./]|월)\s*(\d{1,2})\s*(?:일|\.)?|월)?\s*"
    r"(?:[T ]\d{2}:\d{2}.*)?$"
)
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})$")


def day(cell: Any, *, month_is_enough: bool = False) -> date:
    """A day; with `month_is_enough`, "2027-02" is its first day."""
    if isinstance(cell, datetime):
        found = cell.date()
    elif isinstance(cell, date):
        found = cell
    else:
        written = _string(cell)[:40]
        parts = _YEAR_FIRST.match(written) or _COMPACT.match(written)
        if not parts or (parts[3] is None and not month_is_enough):
            raise Unfit(_("This is not read as a day. Write it like 2027-03-02."))
        try:
            found = date(int(parts[1]), int(parts[2]), int(parts[3] or 1))
        except ValueError:
            raise Unfit(_("There is no such day. Write it like 2027-03-02.")) from None
    if not EARLIEST <= found <= LATEST:
        raise Unfit(_("This day is before 1930 or after 2100. Correct the year."))
    return found


def month(cell: Any) -> date:
    return day(cell, month_is_enough=True)


def number(least: int | str, most: int | str, *, whole: bool = True) -> Reader:
    """A number from `least` to `most`; thousands may have commas, money its sign."""

    def read(cell: Any) -> int | Decimal:
        raw = re.sub(r"^[$₩]|(?<=\d),(?=\d{3}(?!\d))|\s*(?:원|점)$", "", _string(cell))
        try:
            found = Decimal(raw)
        except InvalidOperation:
            raise Unfit(_("This is not a number. Write digits only.")) from None
        if isinstance(cell, bool) or not found.is_finite():
            raise Unfit(_("This is not a number. Write digits only."))
        if not Decimal(least) <= found <= Decimal(most):
            raise Unfit(
                _("This must be from %(least)s to %(most)s.") % {"least": least, "most": most}
            )
        if not whole:
            return round(found, 2)
        if found != int(found):
            raise Unfit(_("Write a whole number."))
        return int(found)

    return read


_YES = {"true", "yes", "y", "1", "o", "open", "예", "네", "참", "유", "모집중", "진행중"}
_NO = {"false", "no", "n", "0", "x", "closed", "아니요", "아니오", "거짓", "무", "마감", "종료"}


def yes_or_no(cell: Any) -> bool:
    plain = plain_name(_string(cell))
    if plain in _YES or plain in _NO:
        return plain in _YES
    raise Unfit(_("Write yes or no."))


def choice(choices: Any, more: Mapping[str, str] | None = None) -> Reader:
    """One of Django `choices`, by value or by label in either language, or by a name in `more`."""
    names: dict[str, str] = {}

    def learn() -> None:
        for language in ("ko", "en"):
            with translation.override(language):
                for value, label in choices:
                    names.setdefault(plain_name(str(label)), value)
        for value, _label in choices:
            names[plain_name(value)] = value
        for name, value in (more or {}).items():
            names[plain_name(name)] = value

    def read(cell: Any) -> str:
        if not names:
            learn()
        found = names.get(plain_name(_string(cell)))
        if found is None:
            listed = ", ".join(str(value) for value, _label in choices)
            raise Unfit(_("This is none of the known values. Write one of: %s") % listed)
        return found

    return read


_url = URLValidator(schemes=["http", "https"])


def url(cell: Any) -> str:
    found = _string(cell)
    try:
        if len(found) > 500:
            raise ValueError
        _url(found)
        if urlsplit(found).username:
            raise ValueError
    except (ValidationError, ValueError):
        raise Unfit(
            _("This is not a web address. Write it whole, beginning with https://")
        ) from None
    return found


def email(cell: Any) -> str:
    found = _string(cell).lower()
    try:
        if len(found) > 254:
            raise ValidationError("")
        validate_email(found)
    except ValidationError:
        raise Unfit(_("This is not an e-mail address. Write it like name@example.org.")) from None
    return found


def country(cell: Any) -> str:
    found = _string(cell)
    known = {
        "KR": "KR", "US": "US", "KOREA": "KR", "SOUTH KOREA": "KR", "REPUBLIC OF KOREA": "KR",
        "USA": "US", "UNITED STATES": "US", "한국": "KR", "대한민국": "KR", "미국": "US",
    }  # fmt: skip
    if found.upper() in known:
        return known[found.upper()]
    if re.fullmatch(r"[A-Z]{2}", found):
        return found
    raise Unfit(_("Write the country as two capital letters, like KR."))


def parts(cell: Any, *, most: int = 60) -> list[Any]:
    """A list: JSON's own, or a text split at semicolons, bars and line ends, else at commas."""
    if isinstance(cell, dict):
        raise Unfit(_("This holds an object. Give a list."))
    if isinstance(cell, list):
        found = cell
    else:
        written = _string(cell)
        at = r"[;|\n；]" if re.search(r"[;|\n；]", written) else r"[,，]"
        found = [part.strip() for part in re.split(at, written)]
    found = [part for part in found if part not in (None, "")]
    if len(found) > most:
        raise Unfit(_("This list has more than %s entries. Shorten it.") % most)
    return found
