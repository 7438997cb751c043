"""iCalendar objects (RFC 5545): all-day and timed events, escaped and folded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta


@dataclass(frozen=True, slots=True)
class Event:
    """`uid` stays the same however often the event changes. A `start` that is a day makes an
    all-day event of that one day; one that is a moment lasts `minutes`. `alarm`: a TRIGGER such
    as "-PT15H" (before the start), or none.
    """

    uid: str
    summary: str
    start: date | datetime
    minutes: int = 0
    description: str = ""
    location: str = ""
    url: str = ""
    alarm: str = ""


def calendar(
    events: Iterable[Event], *, name: str, stamp: datetime, zone: str = "Asia/Seoul"
) -> str:
    """The calendar's text, lines ended by CRLF.

    Moments are in UTC, so that no reader has to know a zone's rules; `zone` is a hint in which
    to show them. `stamp`: when this was made.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Corridor//Journey//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME:{text(name)}",  # RFC 7986, 5.1
        f"X-WR-CALNAME:{text(name)}",
        f"X-WR-TIMEZONE:{zone}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",  # RFC 7986, 5.7
    ]
    for event in events:
        lines += _event(event, stamp)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in folded(line))


def _event(event: Event, stamp: datetime) -> Iterator[str]:
    yield from ("BEGIN:VEVENT", f"UID:{event.uid}", f"DTSTAMP:{moment(stamp)}")
    if isinstance(event.start, datetime):
        yield f"DTSTART:{moment(event.start)}"
        yield f"DTEND:{moment(event.start + timedelta(minutes=event.minutes))}"
    else:
        yield f"DTSTART;VALUE=DATE:{event.start:%Y%m%d}"
        # 3.6.1: the end is the first day that no longer belongs to it
        yield f"DTEND;VALUE=DATE:{event.start + timedelta(days=1):%Y%m%d}"
        yield "TRANSP:TRANSPARENT"
    yield f"SUMMARY:{text(event.summary)}"
    for name, value in (("DESCRIPTION", event.description), ("LOCATION", event.location)):
        if value:
            yield f"{name}:{text(value)}"
    if event.url:
        yield f"URL:{event.url}"
    if event.alarm:
        yield from ("BEGIN:VALARM", "ACTION:DISPLAY", f"TRIGGER:{event.alarm}",
                    f"DESCRIPTION:{text(event.summary)}", "END:VALARM")  # fmt: skip
    yield "END:VEVENT"


def moment(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def text(value: str) -> str:
    """3.3.11: backslash, comma, semicolon and line ends are escaped; no other control stands."""
    for sign in ("\\", ";", ","):
        value = value.replace(sign, f"\\{sign}")
    lines = "\\n".join(value.splitlines())
    return "".join(sign for sign in lines if sign >= " " and sign != "\x7f")


def folded(line: str) -> Iterator[str]:
    """3.1: at most 75 octets a line, never cut within a character; what follows is indented."""
    part, size = "", 0
    for sign in line:
        octets = len(sign.encode())
        if size + octets > 75:
            yield part
            part, size = " ", 1
        part, size = part + sign, size + octets
    yield part
