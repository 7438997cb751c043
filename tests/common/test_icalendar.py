"""Calendars that any reader understands: RFC 5545 in its letters."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from corridor.common import icalendar
from corridor.common.icalendar import Event

STAMP = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)


def made(**changes) -> str:
    event = Event(**{"uid": "a@b", "summary": "x", "start": date(2026, 12, 31), **changes})
    return icalendar.calendar([event], name="n", stamp=STAMP)


def test_a_day_ends_on_the_next_one_across_the_year():
    text = made()
    assert "DTSTART;VALUE=DATE:20261231\r\n" in text and "DTEND;VALUE=DATE:20270101\r\n" in text


def test_a_moment_is_written_in_utc():
    seoul = timezone(timedelta(hours=9))
    text = made(start=datetime(2026, 12, 1, 8, 30, tzinfo=seoul), minutes=30)
    assert "DTSTART:20261130T233000Z\r\n" in text and "DTEND:20261201T000000Z\r\n" in text


@given(st.text(max_size=300))
def test_any_text_stays_on_its_line_in_pieces_of_75_octets_and_reads_back(words):
    text = made(summary=words)
    lines = text.encode().split(b"\r\n")
    assert lines[-1] == b"" and all(len(line) <= 75 for line in lines)
    for line in lines:
        line.decode()  # never cut within a character
        assert b"\n" not in line and b"\r" not in line
    whole = text.replace("\r\n ", "").split("\r\n")
    (kept,) = [line.removeprefix("SUMMARY:") for line in whole if line.startswith("SUMMARY:")]
    told = "\n".join(words.splitlines())
    expected = "".join(s for s in told if s == "\n" or (s >= " " and s != "\x7f"))
    assert _plain(kept) == expected
    assert sum(line.startswith("BEGIN:VEVENT") for line in whole) == 1


def _plain(escaped: str) -> str:
    out, signs = "", iter(escaped)
    for sign in signs:
        if sign == "\\":
            after = next(signs)
            out += "\n" if after == "n" else after
        else:
            out += sign
    return out
