"""An interview as an iCalendar object (RFC 5545), scheduled by e-mail as RFC 5546 asks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from corridor.accounts.models import User
from corridor.applications.models import Interview

REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"


def of(interview: Interview, *, method: str, reader: User, address: str, organizer: str) -> str:
    """The calendar text, lines ended by CRLF. `address`: the page that opens it.

    Times are in UTC, so that no calendar has to know a zone's rules. `reader` is the attendee:
    neither side's mail address goes to the other through this file.
    """
    start = interview.starts_at
    if start is None:
        raise ValueError("an interview without a time is in no calendar")
    program = interview.application.program
    summary = _("Interview: %s") % program.title
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Corridor//Interviews//EN",
        "CALSCALE:GREGORIAN",
        f"METHOD:{method}",
        "BEGIN:VEVENT",
        f"UID:{interview.uid}@{urlsplit(settings.BASE_URL).hostname}",
        f"SEQUENCE:{interview.sequence}",
        f"DTSTAMP:{_moment(interview.updated_at)}",
        f"DTSTART:{_moment(start)}",
        f"DTEND:{_moment(start + timedelta(minutes=interview.minutes))}",
        f"SUMMARY:{_text(summary)}",
        f"DESCRIPTION:{_text(f'{interview.get_form_display()}. {address}')}",
        f"URL:{address}",
        f"STATUS:{'CANCELLED' if method == CANCEL else 'CONFIRMED'}",
        f"ORGANIZER;CN={_parameter(program.host_name)}:mailto:{organizer}",
    ]
    if interview.where:
        lines.append(f"LOCATION:{_text(interview.where)}")
    if method != PUBLISH:
        lines.append(f"ATTENDEE;PARTSTAT=ACCEPTED;RSVP=FALSE:mailto:{reader.email}")
    if method != CANCEL:
        lines += ["BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT1H",
                  f"DESCRIPTION:{_text(program.title)}", "END:VALARM"]  # fmt: skip
    lines += ["END:VEVENT", "END:VCALENDAR"]
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(value: str) -> str:
    """3.3.11: backslash, comma, semicolon and line ends are escaped."""
    for sign in ("\\", ";", ","):
        value = value.replace(sign, f"\\{sign}")
    return "\\n".join(value.splitlines())


def _parameter(value: str) -> str:
    """3.2: quoted; a parameter cannot hold a double quote or a line end."""
    return '"' + " ".join(value.replace('"', "'").split()) + '"'


def _folded(line: str) -> Iterator[str]:
    """3.1: at most 75 octets a line, never cut within a character; what follows is indented."""
    part, size = "", 0
    for sign in line:
        octets = len(sign.encode())
        if size + octets > 75:
            yield part
            part, size = " ", 1
        part, size = part + sign, size + octets
    yield part
