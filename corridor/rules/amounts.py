"""How long and how much: ranges as the data states them, never a single made-up figure.

A range's upper end may be open (`most` None): then no source says how long or how much at most.
A range that nobody knows is None, never zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil, floor
from typing import Any

from corridor.rules.facts import is_korean
from corridor.rules.model import Text
from corridor.rules.reading import Map

PAYERS = ("candidate", "employer", "school", "government", "maker", "unknown")
PAYER_WORDS = {
    "candidate": Text("본인", "you"),
    "employer": Text("고용주", "the employer"),
    "school": Text("학교", "the school"),
    "government": Text("정부", "the government"),
    "maker": Text("장비 제조사", "the equipment maker"),
    "unknown": Text("누가 내는지 확인 필요", "ask who pays"),
}
_UNITS = {"days": 1.0, "weeks": 7.0, "months": 365.25 / 12}  # in days
_WORDS = {"days": ("일", "day"), "weeks": ("주", "week"), "months": ("개월", "month")}
_ESTIMATE = Text("추정", "estimate")


@dataclass(frozen=True, slots=True)
class Period:
    """From `least` to `most` of `unit` (days, weeks, months). `most` None: open upward."""

    least: int
    most: int | None
    unit: str = "days"
    estimate: bool = True

    @property
    def days(self) -> tuple[int, int | None]:
        """In calendar days, rounded outward, so that a sum never promises too much."""
        size = _UNITS[self.unit]
        return floor(self.least * size), None if self.most is None else ceil(self.most * size)

    def say(self, lang: str) -> str:
        if self.unit == "days" and (larger := self._larger()) != "days":
            return self._in(larger).say(lang)
        korean, english = _WORDS[self.unit]
        if is_korean(lang):
            words = _ends(self.least, self.most, "{}" + korean, "~", f"최소 {{}}{korean}")
            return f"{words} ({_ESTIMATE.ko})" if self.estimate else words
        plural = english if (self.most or self.least) == 1 else english + "s"
        words = _ends(self.least, self.most, "{} " + plural, "–", f"at least {{}} {plural}")
        return f"{words} ({_ESTIMATE.en})" if self.estimate else words

    def _larger(self) -> str:
        """The unit in which a person would say these days: none that makes the least a zero."""
        longest = max(self.least, self.most or 0)
        for unit, enough in (("months", 120), ("weeks", 14)):
            if longest >= enough and (self.least == 0 or self.least >= round(_UNITS[unit] - 0.5)):
                return unit
        return "days"

    def _in(self, unit: str) -> Period:
        """Days as another unit, rounded outward."""
        size = _UNITS[unit]
        # A figure that came from this very unit must not grow by its own rounding.
        most = None if self.most is None else ceil(round(self.most / size, 1))
        return Period(floor(round(self.least / size, 1)), most, unit, self.estimate)

    def as_dict(self) -> dict[str, Any]:
        low, high = self.days
        return {
            "least": self.least,
            "most": self.most,
            "unit": self.unit,
            "days": [low, high],
            "estimate": self.estimate,
        }


@dataclass(frozen=True, slots=True)
class Price:
    """U.S. dollars from `least` to `most`. Both None: only the payer is known, not the amount."""

    least: int | None
    most: int | None
    payer: str = "unknown"
    estimate: bool = True
    note: Text | None = None

    def say(self, lang: str) -> str:
        """The amount and its note; the payer stands beside it (see PAYER_WORDS)."""
        if self.least is None:
            return "금액 미확인" if is_korean(lang) else "amount not known"
        if is_korean(lang):
            words = _ends(self.least, self.most, "{:,}달러", "~", "최소 {:,}달러", "{:,}")
        else:
            words = _ends(self.least, self.most, "${:,}", "–", "at least ${:,}", "${:,}")
        marks = [self.note(lang)] if self.note else []
        marks += [_ESTIMATE(lang)] if self.estimate else []
        return f"{words} ({', '.join(marks)})" if marks else words

    def payer_name(self, lang: str) -> str:
        return PAYER_WORDS[self.payer](lang)

    def as_dict(self, lang: str | None = None) -> dict[str, Any]:
        note = self.note
        return {
            "usd": None if self.least is None else [self.least, self.most],
            "payer": self.payer,
            "estimate": self.estimate,
            "note": note and (note(lang) if lang else {"ko": note.ko, "en": note.en}),
        }


def _ends(
    least: int, most: int | None, whole: str, to: str, open_: str, first: str = "{}"
) -> str:
    if most is None:
        return open_.format(least)
    if least == most:
        return whole.format(least)
    return first.format(least) + to + whole.format(most)


def one_after_another(periods: Iterable[Period]) -> Period:
    """The sum, in days; open upward if any part is."""
    low, high, estimate = 0, 0, False
    open_ = False
    for each in periods:
        least, most = each.days
        low, estimate = low + least, estimate or each.estimate
        open_ = open_ or most is None
        high += most or 0
    return Period(low, None if open_ else high, "days", estimate)


def by_payer(prices: Iterable[Price]) -> dict[str, Price]:
    """The sum for each payer, in the order of PAYERS; an unknown amount leaves the sum open."""
    sums: dict[str, Price] = {}
    for each in prices:
        before = sums.get(each.payer)
        sums[each.payer] = _plus(before, each) if before else each
    return {payer: sums[payer] for payer in PAYERS if payer in sums}


def _plus(one: Price, other: Price) -> Price:
    known = [each.least for each in (one, other) if each.least is not None]
    open_ = one.most is None or other.most is None
    return Price(
        sum(known) if known else None,
        None if open_ else (one.most or 0) + (other.most or 0),
        one.payer,
        one.estimate or other.estimate,
    )


NO_TIME = Period(0, None)  # `time: unknown`, where a state's way is not the general one
NO_PRICE = Price(None, None)


def period(body: Map, key: str) -> Period | None:
    """`key: {weeks: [3, 8], estimate: true}`; [48, null] is open upward. None if left out."""
    if body.get(key) == "unknown":
        return NO_TIME
    inner = _inner(body, key)
    if inner is None:
        return None
    inner.allow((*_UNITS, "estimate"))
    units = [unit for unit in _UNITS if unit in inner]
    if len(units) != 1:
        raise inner.refuse(f"'{key}' needs exactly one of {', '.join(_UNITS)}")
    least, most = _both(inner, units[0])
    return Period(least, most, units[0], _told(inner))


def price(body: Map, key: str) -> Price | None:
    """`key: {usd: [30, 150], estimate: true, payer: candidate}`. Without `usd`, `payer` alone."""
    if body.get(key) == "unknown":
        return NO_PRICE
    inner = _inner(body, key)
    if inner is None:
        return None
    inner.allow(("usd", "estimate", "payer", "note"))
    payer = inner.choice("payer", PAYERS, "unknown")
    if "usd" not in inner:
        if payer == "unknown":
            raise inner.refuse(f"'{key}' needs 'usd' or 'payer'")
        return Price(None, None, payer, False)
    least, most = _both(inner, "usd")
    note = inner.both("note")
    return Price(least, most, payer, _told(inner), Text(*note) if note else None)


def _inner(body: Map, key: str) -> Map | None:
    value = body.get(key)
    if value is not None and not isinstance(value, Map):
        raise body.refuse(f"'{key}' must be a map such as {{weeks: [3, 8], estimate: true}}", key)
    return value


def _both(body: Map, key: str) -> tuple[int, int | None]:
    ends = body[key]
    if not isinstance(ends, list) or len(ends) != 2:
        raise body.refuse(f"'{key}' must be [least, most]", key)
    least, most = ends
    whole = isinstance(least, int) and (most is None or isinstance(most, int))
    if not whole or isinstance(least, bool) or isinstance(most, bool) or least < 0:
        raise body.refuse(f"'{key}' must be whole numbers, not {ends!r}", key)
    if most is not None and most < least:
        raise body.refuse(f"'{key}' runs backwards: {least} is more than {most}", key)
    if least == 0 and most in (0, None):
        raise body.refuse(f"'{key}' says nothing; leave out what is not known", key)
    return least, most


def _told(body: Mapping[str, Any]) -> bool:
    assert isinstance(body, Map)
    value = body.need("estimate")
    if not isinstance(value, bool):
        raise body.refuse("'estimate' must be true or false", "estimate")
    return value
