"""A line cut into its pieces at the marks by which people part things, and entries of lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corridor.candidates.cv import dates
from corridor.candidates.cv.parts import Said

_BULLET = re.compile(r"^\s*(?:[•·▪◦●‣→»>*✓]|o(?=\s)|[-–—](?=\s))\s*")
_PARTED = re.compile(r"\s*\n\s*|\s*\|\s*|\s+[-–—]\s+|\s*[·•;]\s+|\s*,\s+|\s+@\s+|\s+/\s+|\s*[—]\s*")
_BRACKETS = re.compile(r"[(\[（【]([^)\]）】]*)[)\]）】]")
_EMPTY = re.compile(r"[(\[（【][\s,.:~–-]*[)\]）】]")
# Firms write their kind in brackets: it belongs to the name.
_FIRM = re.compile(r"[(（]\s*(?:주|유|재|사|株)\s*[)）]")
STATES = (
    "AL|AK|AZ|AR|CA|CO|CT|DE|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM"
    "|NY|NC|ND|OH|OK|OR|PA|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY|DC"
)
_COUNTRIES = (
    "South Korea|Republic of Korea|Korea|USA|United States|Germany|Japan|China|Vietnam|Netherlands"
    "|United Kingdom|UK|Canada|France|Poland|Hungary|Mexico|India|Singapore"
)
_PROVINCES = (
    "(?:Gyeonggi|Gangwon|Chungcheong(?:buk|nam)|Jeolla(?:buk|nam)|Gyeongsang(?:buk|nam)|Jeju)(?:-do)?"
)
_TOWN = r"[A-Z][\w.'-]+(?: [A-Z][\w.'-]+)?"
# "Columbus, OH", "Icheon, Gyeonggi, South Korea": where it was, not who it was with. At the start
# of a line a word before a country may be a firm, and stays.
_SITE = re.compile(
    rf"(?:(?:^|[,|·–—-])\s*{_TOWN},\s*(?:(?:{STATES})(?:,?\s*USA)?|{_PROVINCES}(?:,\s*(?:{_COUNTRIES}))?)"
    rf"|[,|·–—-]\s*{_TOWN},\s*(?:{_COUNTRIES}))(?=\s*(?:$|[|(·,]))"
)
_PLACES = frozenset(
    "korea southkorea republicofkorea kr seoul busan incheon daegu daejeon gwangju ulsan sejong "
    "suwon changwon cheonan pohang gumi seongnam jeju yongin goyang cheongju jeonju gimhae geoje "
    "pyeongtaek hwaseong ansan anyang wonju asan usa unitedstates us".split()
)


@dataclass
class Chunk:
    """The lines of one entry: its head (with the period) and what stands below."""

    head: list[Said]
    body: list[Said]
    period: dates.Period | None
    period_line: int


def is_bullet(text: str) -> bool:
    return _BULLET.match(text) is not None


def without_bullet(text: str) -> str:
    return _BULLET.sub("", text).strip()


def is_place(text: str) -> bool:
    return re.sub(r"[^a-z]", "", text.lower()) in _PLACES and text.isascii()


def cut(text: str) -> list[str]:
    """Pieces of a line from which the period was taken out; brackets' contents come last."""
    text = _SITE.sub(" | ", text)
    kept = _FIRM.sub(lambda found: found[0].replace("(", "⟨").replace(")", "⟩"), text)
    inside = [piece for found in _BRACKETS.findall(kept) for piece in _PARTED.split(found)]
    outside = _PARTED.split(_BRACKETS.sub(" ", kept))
    pieces = [" ".join(piece.split()).strip(" ,:~|–—-") for piece in [*outside, *inside]]
    return [piece.replace("⟨", "(").replace("⟩", ")") for piece in pieces
            if piece and not is_place(piece)]  # fmt: skip


def without(text: str, at: tuple[int, int] | None) -> str:
    """The text with a stretch of it taken out, and the brackets that held it."""
    if at is None:
        return text
    left = f"{text[: at[0]]} | {text[at[1] :]}"
    return _EMPTY.sub(" ", left.replace("( |", "(").replace("| )", ")"))


def _may_name(text: str) -> bool:
    """Whether a line above a period may be a name: not what somebody did."""
    return not is_bullet(text) and len(text.split()) <= 8


def chunks(lines: Sequence[Said]) -> list[Chunk]:
    """Entries: one begins with each period. Where the first period stands in the second line of
    its section, names stand above periods, and each entry begins a line before its period."""
    periods = [
        None if is_bullet(said.text) and dates.period(without_bullet(said.text)) is None
        else dates.period(said.text)
        for said in lines
    ]  # fmt: skip
    places = [at for at, found in enumerate(periods) if found is not None]
    if not places:
        return []
    above = min(places[0], 2)
    begins = []
    for number, at in enumerate(places):
        least = places[number - 1] + 1 if number else 0
        begin = at
        while begin > least and at - begin < above and _may_name(lines[begin - 1].text):
            begin -= 1
        begins.append(begin)
    made = []
    for number, begin in enumerate(begins):
        end = begins[number + 1] if number + 1 < len(begins) else len(lines)
        at = places[number]
        head, body = list(lines[begin : at + 1]), list(lines[at + 1 : end])
        made.append(Chunk(head, body, periods[at], lines[at].line))
    return made
