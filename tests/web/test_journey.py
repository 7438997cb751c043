"""My journey: one line to the first day, what is due, and the calendar that tells no secrets."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from corridor.applications import interviews, offers, services
from corridor.applications.models import Application, Offer, State
from corridor.candidates import feeds
from corridor.candidates.models import CalendarLink
from corridor.common.models import AuditEntry
from corridor.partnerships.models import Agreement, Nomination
from corridor.web.candidate import journeys
from tests.matching import people
from tests.web.desks import START, applicant, client_of, member, open_program

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def sides() -> dict:
    firm = people.host("sample-firm")
    owner = member(firm)
    # A duty of military service that is open: the way leads through a permit.
    application = applicant(
        open_program(firm, hub=people.hub()), sex="M", birth_date=date(1999, 5, 1),
        military_status="not_completed",
    )  # fmt: skip
    return {"owner": owner, "me": application.candidate, "application": application}


def page(sides: dict, address: str = "/en/me/journey/") -> str:
    return client_of(sides["me"].user).get(address).content.decode()


def offered(sides: dict, **changes) -> Offer:
    services.move(sides["application"], by=sides["owner"], to=State.UNDER_REVIEW)
    return offers.make(
        Application.objects.get(), by=sides["owner"],
        **{"starts_on": START, "ends_on": START + timedelta(days=300), "pay_period": "hour",
           "pay_amount": 22, "pay_currency": "USD", "place": "Savannah",
           "payers": dict.fromkeys(Offer.Item.values, "host"), "pathway": "j1_intern",
           "conditions": "", "answer_by": TODAY + timedelta(days=14), **changes},
    )  # fmt: skip


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def test_the_journey_says_what_was_what_is_due_and_from_whom(sides):
    text = page(sides)
    for told in ("Submitted", "The host’s answer is due", "First day of the program", "DS-2019",
                 "Government fees", "Every consequence"):  # fmt: skip
        assert told in text


def test_the_steps_follow_the_route_and_the_days_that_an_offer_names(sides):
    later = START + timedelta(days=60)
    offered(sides, pathway="j1_trainee", starts_on=later, ends_on=later + timedelta(days=200))
    (mine,) = journeys.of(sides["me"], day=TODAY)
    assert mine.route["id"] == "j1_trainee"
    with override("en"):
        why = journeys.of(sides["me"], day=TODAY)[0].choice["why"]
    assert why == "The route that the offer names."
    assert next(due for due in mine.deadlines if due.key == "first").day == later
    assert Application.objects.get().program.starts_on == START
    assert next(due for due in mine.deadlines if due.key == "offer").yours


def test_an_answer_that_is_late_is_called_late(sides):
    Application.objects.update(due_on=TODAY - timedelta(days=2))
    (mine,) = journeys.of(sides["me"], day=TODAY)
    due = next(due for due in mine.deadlines if due.key == "answer")
    assert due.late and not due.yours


def test_a_step_may_begin_between_its_safe_and_its_last_day(sides):
    (mine,) = journeys.of(sides["me"], day=TODAY)
    steps = [due for due in mine.deadlines if due.key.startswith("step-")]
    assert steps
    for due in steps:
        assert due.until is not None and due.late == (due.until < TODAY)
        assert due.late or TODAY <= due.day <= due.until


def test_an_ended_application_is_on_no_journey(sides):
    services.move(sides["application"], by=sides["me"].user, to=State.WITHDRAWN)
    assert journeys.of(sides["me"], day=TODAY) == []
    assert "Your journey begins" in page(sides)


def test_the_permit_stands_on_the_page_and_never_in_the_calendar(sides):
    (mine,) = journeys.of(sides["me"], day=TODAY)
    secret = [due for due in mine.deadlines if due.private]
    assert secret, "this person needs a permit"
    assert "overseas travel permit" in page(sides)
    token = feeds.renew(sides["me"], by=sides["me"].user)
    calendar = Client().get(f"/en/me/journey/feed/{token}.ics").content.decode()
    assert "BEGIN:VEVENT" in calendar
    for word in ("permit", "ilitary", "travel_permit"):
        assert word not in "".join(unfolded(calendar))


# --- the calendar -----------------------------------------------------------------------------


def test_the_feed_opens_with_its_token_alone_and_closes_when_revoked(sides):
    me = sides["me"]
    client = client_of(me.user)
    client.post("/en/me/journey/calendar/")
    first = feeds.token_of(me)
    assert first in page(sides)
    address = f"/ko/me/journey/feed/{first}.ics"
    answer = Client().get(address)
    assert answer.status_code == 200 and answer["Content-Type"].startswith("text/calendar")
    assert "no-store" in answer["Cache-Control"] and not answer.cookies
    client.post("/en/me/journey/calendar/", {"renew": "1"})
    second = feeds.token_of(me)
    assert Client().get(address).status_code == 404
    client.post("/en/me/journey/calendar/", {"revoke": "1"})
    assert Client().get(f"/ko/me/journey/feed/{second}.ics").status_code == 404
    assert first not in str(list(AuditEntry.objects.values_list("values", flat=True)))


def test_the_token_does_not_stand_in_the_database_as_it_is(sides):
    from django.db import connection

    token = feeds.renew(sides["me"], by=sides["me"].user)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {CalendarLink._meta.db_table}")
        assert token not in str(cursor.fetchall())


def test_the_feed_of_a_closed_account_is_not_there(sides):
    token = feeds.renew(sides["me"], by=sides["me"].user)
    sides["me"].user.is_active = False
    sides["me"].user.save()
    assert Client().get(f"/en/me/journey/feed/{token}.ics").status_code == 404


def test_events_keep_their_uid_when_their_day_moves(sides):
    def uids() -> dict[str, str]:
        lines = unfolded(page(sides, "/en/me/journey/corridor-journey.ics"))
        keys = [line for line in lines if line.startswith("UID:")]
        days = [line for line in lines if line.startswith("DTSTART")]
        assert len(set(keys)) == len(keys)
        return dict(zip(keys, days, strict=True))

    before = uids()
    program = sides["application"].program
    program.starts_on += timedelta(days=30)
    program.ends_on += timedelta(days=30)
    program.save()
    after = uids()
    assert set(before) == set(after)
    assert any(before[key] != after[key] for key in before)


def test_days_are_whole_days_and_an_interview_is_a_moment(sides):
    services.move(sides["application"], by=sides["owner"], to=State.UNDER_REVIEW)
    at = (timezone.now() + timedelta(days=5)).replace(microsecond=0)
    meeting = interviews.propose(
        Application.objects.get(), by=sides["owner"], times=[at], form="video", minutes=45,
        where="https://meet.example/a,b",
    )  # fmt: skip
    interviews.pick(meeting, by=sides["me"].user, slot=meeting.slots.get().pk)
    lines = unfolded(page(sides, "/en/me/journey/corridor-journey.ics"))
    assert f"DTSTART:{at:%Y%m%dT%H%M%SZ}" in lines
    assert f"DTEND:{at + timedelta(minutes=45):%Y%m%dT%H%M%SZ}" in lines
    assert "LOCATION:https://meet.example/a\\,b" in lines
    assert f"DTSTART;VALUE=DATE:{START:%Y%m%d}" in lines
    assert f"DTEND;VALUE=DATE:{START + timedelta(days=1):%Y%m%d}" in lines
    assert any("Seoul" in line and "Savannah" in line for line in lines)


def test_another_persons_journey_is_not_seen(sides):
    other = people.candidate("lee@example.org")
    text = client_of(other.user).get("/en/me/journey/").content.decode()
    assert sides["application"].program.title not in text


def test_the_page_speaks_korean(sides):
    text = page(sides, "/ko/me/journey/")
    assert "나의 여정" in text and "다음에 할 일" in text


def test_a_nomination_says_whose_turn_it_is(sides):
    korean = people.host("sample-university", kind="university", country="KR")
    agreement = Agreement.objects.create(
        korean_party=korean, us_party=people.host("us-university", kind="university"),
        kind=Agreement.Kind.values[0], title_en="Exchange",
    )  # fmt: skip
    made = Nomination.objects.create(
        agreement=agreement, university=korean, program=open_program(people.host(), "Lab place"),
        student=sides["me"].user, rank=1,
    )  # fmt: skip
    assert "Say whether you agree" in page(sides)
    made.state = Nomination.State.SENT
    made.save()
    text = page(sides)
    assert "The host reads the nomination" in text and "Say whether" not in text
