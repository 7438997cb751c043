"""Times that people write in a place's own clock, and the two clocks an application lives by."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ValidationError
from django.utils import formats
from django.utils.translation import gettext as _

from corridor.applications.models import Placement
from corridor.common.language import language_code
from corridor.programs.models import Program

SEOUL = ZoneInfo("Asia/Seoul")


def of(program: Program) -> ZoneInfo | None:
    """The zone of the program's hub; None where it has none."""
    if program.hub is None or not program.hub.timezone:
        return None
    return _known(program.hub.timezone)


def named(name: str) -> ZoneInfo:
    """The zone of that name; Seoul where there is none."""
    return _known(name) or SEOUL


def is_known(placement: Placement) -> bool:
    """Whether the placement's zone is that of its place. Without a hub its days are those of Seoul,
    which is where it is only if it takes place in Korea."""
    program = placement.application.program
    if program.hub_id is not None or placement.timezone != SEOUL.key:
        return True
    return bool(program.details.get("place_of_training") == "KR")


def _known(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return None


def called(name: str) -> str:
    """What people call the zone of that name (“America/New_York”); the name itself where it is
    neither Korea's nor one of the four of the mainland United States."""
    zone = _known(name)
    said_by_clock = {
        "KST": _("Korea time"),
        "EST": _("U.S. Eastern time"),
        "CST": _("U.S. Central time"),
        "MST": _("U.S. Mountain time"),
        "PST": _("U.S. Pacific time"),
    }
    winter = datetime(2027, 1, 1, tzinfo=zone).tzname() if zone is not None else None
    return said_by_clock.get(winter or "", name.replace("_", " "))


def at(written: datetime, zone: ZoneInfo) -> datetime:
    """The moment (UTC) that a clock of `zone` shows as `written` (without a zone).

    Raises ValidationError where the clocks are turned: a time that they skip, or show twice.
    """
    first, second = (written.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    moment = first.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != written:
        raise ValidationError(
            _("The clocks are turned forward then, so this time does not exist. Choose another.")
        )
    if first.utcoffset() != second.utcoffset():
        raise ValidationError(
            _("The clocks are turned back then, so this time comes twice. Choose another.")
        )
    return moment


def said(moment: datetime, program: Program) -> str:
    """The moment on both clocks: “11월 23일(월) 18:00 서울 · 04:00 서배너(EST)”.

    The day stands twice where it is another one at the hub, and beside a hub the short name of
    its clock on that day.
    """
    here = moment.astimezone(SEOUL)
    seoul = _("Seoul")
    text = f"{_written(here)} {seoul}"
    zone = of(program)
    if zone is None or program.hub is None:
        return text
    there = moment.astimezone(zone)
    same = there.date() == here.date()
    clock = formats.date_format(there, "H:i") if same else _written(there)
    place = _("%(city)s (%(zone)s)") % {"city": program.hub.name, "zone": there.tzname()}
    return f"{text} · {clock} {place}"


def _written(local: datetime) -> str:
    if language_code() == "ko":
        weekday = "월화수목금토일"[local.weekday()]
        return f"{local.month}월 {local.day}일({weekday}) {local:%H:%M}"
    return formats.date_format(local, "D, M j, H:i")
