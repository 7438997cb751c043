"""The groups by which a round may limit its seats: the kind of student, or the home region.

A round counts by one of the two, never both: where groups overlap, no stable assignment is
promised (docs/rounds.md). The kind is the profile's; the region is said by the student when they
choose, because a profile's place of living is free text. Unknown never passes a limit.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy as within

from corridor.candidates.models import Candidate

KIND, REGION = "kind", "region"
CHOICES = [(KIND, lazy("Kind of student")), (REGION, lazy("Home region"))]


# The 17 first-level regions of Korea, by the names of ISO 3166-2:KR, and abroad.
REGIONS: Mapping[str, Any] = {
    "seoul": within("home region", "Seoul"),
    "busan": within("home region", "Busan"),
    "daegu": within("home region", "Daegu"),
    "incheon": within("home region", "Incheon"),
    "gwangju": within("home region", "Gwangju"),
    "daejeon": within("home region", "Daejeon"),
    "ulsan": within("home region", "Ulsan"),
    "sejong": within("home region", "Sejong"),
    "gyeonggi": within("home region", "Gyeonggi"),
    "gangwon": within("home region", "Gangwon"),
    "chungbuk": within("home region", "North Chungcheong"),
    "chungnam": within("home region", "South Chungcheong"),
    "jeonbuk": within("home region", "North Jeolla (Jeonbuk)"),
    "jeonnam": within("home region", "South Jeolla"),
    "gyeongbuk": within("home region", "North Gyeongsang"),
    "gyeongnam": within("home region", "South Gyeongsang"),
    "jeju": within("home region", "Jeju"),
    "abroad": within("home region", "Outside Korea"),
}


def names(by: str) -> dict[str, Any]:
    """Group → its name in the reader's language; nothing where a round counts by nothing."""
    if by == KIND:
        return dict(Candidate.Walk.choices)
    return dict(REGIONS) if by == REGION else {}


def name(by: str, group: str) -> str:
    return str(names(by).get(group, group))


def limits(by: str, at_most: Mapping[str, int]) -> list[str]:
    """A program's limits as sentences, in the order of the groups."""
    return [
        _("At most %(n)s from “%(group)s”") % {"n": at_most[group], "group": said}
        if at_most[group] else _("Nobody from “%(group)s”") % {"group": said}
        for group, said in names(by).items() if group in at_most
    ]  # fmt: skip
