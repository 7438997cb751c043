"""Interviews: proposed in two clocks, chosen by the candidate, kept right in both calendars."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone, translation

from corridor.applications import calendars, clock, interviews, notices, services, zones
from corridor.applications.models import Application, ApplicationEvent, Interview, State
from tests.matching import people
from tests.web.desks import applicant, member, open_program

pytestmark = pytest.mark.django_db
SEOUL, EAST = ZoneInfo("Asia/Seoul"), ZoneInfo("America/New_York")


@pytest.fixture
def sides() -> dict:
    firm = people.host("sample-firm")
    owner = member(firm)
    program = open_program(firm, title_ko="생산 라인 인턴", hub=people.hub())
    application = applicant(program)
    return {"owner": owner, "me": application.candidate.user, "application": application,
            "firm": firm, "program": program}  # fmt: skip


def in_days(days: int) -> datetime:
    return (timezone.now() + timedelta(days=days)).replace(minute=0, second=0, microsecond=0)


def proposed(sides: dict, *times: datetime, **more) -> Interview:
    return interviews.propose(
        sides["application"], by=sides["owner"], times=times or (in_days(3), in_days(4)),
        minutes=30, form="video", where="https://meet.example/abc", **more,
    )  # fmt: skip


# --- the clocks -----------------------------------------------------------------------------------


def test_a_time_is_said_on_both_clocks_with_the_day_where_it_differs(sides):
    winter = datetime(2027, 1, 11, 23, 0, tzinfo=UTC)  # 08:00 on the 12th in Seoul
    with translation.override("en"):
        said = zones.said(winter, sides["program"])
    assert said.startswith("Tue, Jan 12, 08:00 Seoul · Mon, Jan 11, 18:00 ")
    with translation.override("ko"):
        said = zones.said(winter, sides["program"])
    assert said.startswith("1월 12일(화) 08:00 서울 · 1월 11일(월) 18:00 ")


def test_summer_time_moves_the_american_clock_and_not_the_korean_one(sides):
    seoul_evening = [datetime(2027, month, 10, 22, 0, tzinfo=SEOUL) for month in (1, 7)]
    with translation.override("en"):
        january, july = (zones.said(each, sides["program"]) for each in seoul_evening)
    assert "22:00 Seoul · 08:00" in january
    assert "22:00 Seoul · 09:00" in july


def test_a_time_that_the_turning_clock_skips_or_shows_twice_is_refused():
    assert zones.at(datetime(2027, 3, 13, 2, 30), EAST) == datetime(2027, 3, 13, 7, 30, tzinfo=UTC)
    with pytest.raises(ValidationError):
        zones.at(datetime(2027, 3, 14, 2, 30), EAST)
    with pytest.raises(ValidationError):
        zones.at(datetime(2026, 11, 1, 1, 30), EAST)
    assert zones.at(datetime(2026, 11, 1, 3, 0), EAST) == datetime(2026, 11, 1, 8, 0, tzinfo=UTC)


def test_a_program_without_a_hub_shows_seoul_alone(sides):
    sides["program"].hub = None
    with translation.override("en"):
        assert zones.said(in_days(1), sides["program"]).endswith("Seoul")


# --- proposing and choosing -----------------------------------------------------------------------


def test_proposing_invites_and_gives_the_turn_to_the_candidate(sides):
    interview = proposed(sides)
    application = Application.objects.get()
    assert application.state == State.INTERVIEW and application.due_on is None
    assert interview.slots.count() == 2
    event = ApplicationEvent.objects.last()
    assert (event.kind, event.from_state, event.to_state) == (
        "interview_proposed", "submitted", "interview",
    )  # fmt: skip


def test_choosing_a_time_agrees_it_and_starts_the_hosts_clock_after_it(sides):
    interview = proposed(sides)
    slot = interview.slots.first()
    interview = interviews.pick(interview, by=sides["me"], slot=slot.pk)
    assert (interview.state, interview.starts_at) == ("set", slot.starts_at)
    assert Application.objects.get().due_on == clock.due(
        "internship", "interview", timezone.localdate(slot.starts_at)
    )


def test_choosing_twice_is_told_once(sides):
    interview = proposed(sides)
    slot = interview.slots.first()
    interviews.pick(interview, by=sides["me"], slot=slot.pk)
    before = ApplicationEvent.objects.count()
    interviews.pick(interview, by=sides["me"], slot=slot.pk)
    assert ApplicationEvent.objects.count() == before


def test_a_time_of_an_older_proposal_cannot_be_chosen(sides):
    old = proposed(sides).slots.first().pk
    interview = proposed(sides, in_days(8))
    with pytest.raises(ValidationError):
        interviews.pick(interview, by=sides["me"], slot=old)


@pytest.mark.parametrize("times", [(), tuple(in_days(n) for n in range(1, 7)), (in_days(-1),)])
def test_one_to_five_times_to_come_are_proposed(sides, times):
    with pytest.raises(ValidationError):
        interviews.propose(
            sides["application"], by=sides["owner"], times=times, minutes=30, form="video"
        )
    assert not Interview.objects.exists()


def test_only_who_decides_proposes_and_only_the_candidate_chooses(sides):
    reviewer = member(sides["firm"], "reviewer")
    stranger = member(people.host("another-firm"))
    for each in (reviewer, stranger, sides["me"]):
        with pytest.raises(PermissionDenied):
            interviews.propose(
                sides["application"], by=each, times=[in_days(2)], minutes=30, form="video"
            )
    interview = proposed(sides)
    for each in (reviewer, stranger, sides["owner"]):
        with pytest.raises(PermissionDenied):
            interviews.pick(interview, by=each, slot=interview.slots.first().pk)


def test_asking_for_others_says_when_and_gives_the_turn_back(sides):
    interview = proposed(sides)
    with pytest.raises(ValidationError):
        interviews.ask_for_others(interview, by=sides["me"], note=" ")
    interviews.ask_for_others(interview, by=sides["me"], note="평일 오전이 좋습니다.")
    interview.refresh_from_db()
    assert interview.state == "asked" and Application.objects.get().due_on is not None
    again = proposed(sides, in_days(6))
    assert again.pk == interview.pk, "the same interview with other times"


def test_times_that_all_passed_go_back_to_the_host_once(sides):
    interview = proposed(sides, in_days(1))
    later = timezone.now() + timedelta(days=2)
    assert interviews.watch(now=later) == {"reminded": 0, "lapsed": 1}
    assert interviews.watch(now=later) == {"reminded": 0, "lapsed": 0}
    interview.refresh_from_db()
    assert interview.state == "asked" and Application.objects.get().due_on is not None


def test_a_day_before_both_are_reminded_once(sides):
    interview = proposed(sides, in_days(3))
    interviews.pick(interview, by=sides["me"], slot=interview.slots.get().pk)
    assert interviews.watch() == {"reminded": 0, "lapsed": 0}
    near = in_days(3) - timedelta(hours=20)
    assert interviews.watch(now=near)["reminded"] == 1
    assert interviews.watch(now=near)["reminded"] == 0
    notices.tell(sides["application"].pk)
    soon = [letter.to[0] for letter in mail.outbox if "within a day" in letter.subject
            or "하루" in letter.subject]  # fmt: skip
    assert sorted(soon) == sorted([sides["me"].email, sides["owner"].email])


# --- calendars ------------------------------------------------------------------------------------


def unfolded(text: str) -> dict[str, str]:
    lines = text.replace("\r\n ", "").split("\r\n")
    return {line.partition(":")[0].partition(";")[0]: line.partition(":")[2] for line in lines}


def agreed(sides: dict) -> Interview:
    interview = proposed(sides, datetime(2027, 1, 12, 8, 0, tzinfo=SEOUL))
    return interviews.pick(interview, by=sides["me"], slot=interview.slots.get().pk)


def calendar_of(interview: Interview, reader, method: str = "REQUEST") -> str:
    return calendars.of(
        interview, method=method, reader=reader, address="https://x.example/1",
        organizer="no-reply@x.example",
    )  # fmt: skip


def test_the_calendar_file_is_one_event_in_utc_with_what_rfc_5545_asks(sides):
    text = calendar_of(agreed(sides), sides["me"])
    assert text.startswith("BEGIN:VCALENDAR\r\n") and text.endswith("END:VCALENDAR\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    found = unfolded(text)
    assert (found["DTSTART"], found["DTEND"]) == ("20270111T230000Z", "20270111T233000Z")
    assert found["METHOD"] == "REQUEST" and found["DTSTAMP"].endswith("Z")
    assert "생산 라인 인턴" in found["SUMMARY"]


def test_what_people_write_cannot_break_out_of_its_line(sides):
    interview = agreed(sides)
    interview.where = "room 3; ask,\nATTENDEE:mailto:x@evil.example\\"
    text = calendar_of(interview, sides["me"])
    assert "\r\nATTENDEE:mailto:x@evil.example" not in text
    assert r"room 3\; ask\,\nATTENDEE" in text.replace("\r\n ", "")


def test_neither_side_learns_the_others_address_from_the_file(sides):
    interview = agreed(sides)
    assert sides["owner"].email not in calendar_of(interview, sides["me"])
    assert sides["me"].email not in calendar_of(interview, sides["owner"])


def test_a_change_keeps_the_event_and_raises_its_sequence_and_cancelling_takes_it_out(sides):
    first = agreed(sides)
    seen = unfolded(calendar_of(first, sides["me"]))
    second = proposed(sides, datetime(2027, 1, 13, 8, 0, tzinfo=SEOUL))
    second = interviews.pick(second, by=sides["me"], slot=second.slots.get().pk)
    later = unfolded(calendar_of(second, sides["me"]))
    assert later["UID"] == seen["UID"] and int(later["SEQUENCE"]) > int(seen["SEQUENCE"])
    mail.outbox.clear()
    interviews.cancel(second, by=sides["owner"], note="담당자가 출장 중입니다.")
    notices.tell(sides["application"].pk)
    cancels = [
        (letter.to[0], attached.content)
        for letter in mail.outbox for attached in letter.attachments
        if "METHOD:CANCEL" in attached.content
    ]  # fmt: skip
    assert {reader for reader, _text in cancels} == {sides["me"].email, sides["owner"].email}
    last = unfolded(cancels[-1][1])
    assert last["STATUS"] == "CANCELLED" and int(last["SEQUENCE"]) > int(later["SEQUENCE"])


def test_an_agreed_time_is_mailed_to_both_sides_with_its_calendar_file(sides):
    mail.outbox.clear()
    agreed(sides)
    notices.tell(sides["application"].pk)
    with_file = {
        letter.to[0]: letter for letter in mail.outbox
        if any("METHOD:REQUEST" in each.content for each in letter.attachments)
    }  # fmt: skip
    assert set(with_file) == {sides["me"].email, sides["owner"].email}
    assert "08:00 서울" in with_file[sides["me"].email].body


def test_an_end_of_the_application_takes_a_coming_interview_out_of_both_calendars(sides):
    interview = agreed(sides)
    notices.tell(sides["application"].pk)
    mail.outbox.clear()
    services.move(sides["application"], by=sides["owner"], to=State.CLOSED, reason="filled")
    interview.refresh_from_db()
    assert interview.state == "cancelled"
    notices.tell(sides["application"].pk)
    assert {
        letter.to[0] for letter in mail.outbox
        if any("METHOD:CANCEL" in each.content for each in letter.attachments)
    } == {sides["me"].email, sides["owner"].email}  # fmt: skip
