"""An interview as an iCalendar object (RFC 5545), scheduled by e-mail as RFC 5546 asks."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from corridor.accounts.models import User
from corridor.applications.models import Interview
from corridor.common.icalendar import folded, moment, text

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
        f"DTSTAMP:{moment(interview.updated_at)}",
        f"DTSTART:{moment(start)}",
        f"DTEND:{moment(start + timedelta(minutes=interview.minutes))}",
        f"SUMMARY:{text(summary)}",
        f"DESCRIPTION:{text(f'{interview.get_form_display()}. {address}')}",
        f"URL:{address}",
        f"STATUS:{'CANCELLED' if method == CANCEL else 'CONFIRMED'}",
        f"ORGANIZER;CN={_parameter(program.host_name)}:mailto:{organizer}",
    ]
    if interview.where:
        lines.append(f"LOCATION:{text(interview.where)}")
    if method != PUBLISH:
        lines.append(f"ATTENDEE;PARTSTAT=ACCEPTED;RSVP=FALSE:mailto:{reader.email}")
    if method != CANCEL:
        lines += ["BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT1H",
                  f"DESCRIPTION:{text(program.title)}", "END:VALARM"]  # fmt: skip
    lines += ["END:VEVENT", "END:VCALENDAR"]
    return "".join(f"{part}\r\n" for line in lines for part in folded(line))


def _parameter(value: str) -> str:
    """3.2: quoted; a parameter cannot hold a double quote or a line end."""
    return '"' + " ".join(value.replace('"', "'").split()) + '"'
