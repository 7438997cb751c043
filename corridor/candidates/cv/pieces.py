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
        while begin > least and at - begin < above and not is_bullet(lines[begin - 1].text):
            begin -= 1
        begins.append(begin)
    made = []
    for number, begin in enumerate(begins):
        end = begins[number + 1] if number + 1 < len(begins) else len(lines)
        at = places[number]
        head, body = list(lines[begin : at + 1]), list(lines[at + 1 : end])
        made.append(Chunk(head, body, periods[at], lines[at].line))
    return made
