"""After the start: both sides confirm it, check-ins stay the candidate's, a certificate is checked
by its code and can be revoked."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from corridor.accounts import services as accounts
from corridor.applications import (
    after,
    check_ins,
    placements,
    queries,
    services,
    telling,
    watching,
)
from corridor.applications.models import (
    CANDIDATE,
    Application,
    CheckIn,
    Placement,
    PlacementNotice,
    State,
)
from tests.applications.after_start import ANSWERS, TODAY, accepted, begun
from tests.matching import people
from tests.web.desks import member

pytestmark = pytest.mark.django_db


def noon(day: date) -> datetime:
    """17:00 UTC: noon or one in the eastern U.S."""
    return datetime(day.year, day.month, day.day, 17, tzinfo=UTC)


def told() -> list[str]:
    """Send what waits; gives "reader: subject" of each mail."""
    mail.outbox.clear()
    for pk in PlacementNotice.objects.filter(told=False).values_list("pk", flat=True):
        telling.tell(pk)
    return [f"{sent.to[0]}: {sent.subject}" for sent in mail.outbox]


def test_a_start_is_confirmed_by_both_and_a_correction_asks_the_other_again():
    application, owner = accepted()
    placement = begun(application)
    assert placement.timezone == "America/New_York"
    assert not placement.is_confirmed and placement.check_ins.exists()
    placement = placements.confirm_start(
        application, by=owner, started_on=placement.started_on, ends_on=placement.ends_on
    )
    assert placement.is_confirmed
    placement = placements.confirm_start(
        application, by=owner, started_on=placement.started_on + timedelta(days=1),
        ends_on=placement.ends_on,
    )  # fmt: skip
    assert placement.confirmed_by_candidate_at is None
    assert Placement.objects.count() == 1


def test_nobody_confirms_a_start_in_the_future_or_of_an_offer_not_accepted():
    application, _owner = accepted()
    with pytest.raises(ValidationError):
        begun(application, first=TODAY + timedelta(days=1))
    application.state = "offered"
    application.save()
    with pytest.raises(ValidationError):
        begun(application)
    with pytest.raises(PermissionDenied):
        placements.confirm_start(application, by=member(people.host("other")), started_on=TODAY,
                                 ends_on=TODAY)  # fmt: skip


def test_a_reviewer_of_the_host_does_not_confirm():
    application, _owner = accepted()
    reviewer = member(application.program.organization, "reviewer")
    with pytest.raises(PermissionDenied):
        placements.confirm_start(application, by=reviewer, started_on=TODAY, ends_on=TODAY)


def test_check_ins_come_after_a_week_a_month_monthly_and_at_the_end():
    days = list(check_ins.schedule(date(2026, 1, 31), date(2026, 4, 20)))
    assert days == [("week", date(2026, 2, 7)), ("month", date(2026, 2, 28)),
                    ("later", date(2026, 3, 31)), ("end", date(2026, 4, 20))]  # fmt: skip
    assert list(check_ins.schedule(date(2026, 1, 1), date(2026, 1, 5))) == [
        ("end", date(2026, 1, 5))
    ]


def test_answers_are_kept_encrypted_and_each_reader_sees_what_was_chosen():
    application, owner = accepted()
    placement = begun(application, owner)
    first = placement.check_ins.first()
    placements.answer(first, by=application.candidate.user, answers=ANSWERS, words="비밀 문장",
                      host_sees="answers")  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SELECT answers, words FROM applications_checkin WHERE id = %s", [first.pk])
        stored = " ".join(cursor.fetchone())
    assert "as_described" not in stored and "비밀" not in stored
    seen = after.at_host(owner, application.program.organization).get().placement.shared
    assert [each.pk for each in seen] == [first.pk]
    read = after.read(seen[0], seen[0].host_sees)
    assert len(read["answers"]) == 6 and read["words"] == ""
    placements.share(first, by=application.candidate.user, university_sees="nothing",
                     host_sees="nothing")  # fmt: skip
    assert after.at_host(owner, application.program.organization).get().placement.shared == []


def test_only_the_candidate_answers_and_only_when_it_is_due():
    application, owner = accepted()
    placement = begun(application, owner)
    last = placement.check_ins.last()
    with pytest.raises(PermissionDenied):
        placements.answer(last, by=owner, answers=ANSWERS)
    with pytest.raises(ValidationError):
        placements.answer(last, by=application.candidate.user, answers=ANSWERS)
    first = placement.check_ins.first()
    with pytest.raises(ValidationError) as wrong:
        placements.answer(first, by=application.candidate.user, answers={**ANSWERS, "pay": "?"})
    assert list(wrong.value.message_dict) == ["pay"]


def test_when_the_consent_is_withdrawn_the_host_sees_nothing_more():
    application, owner = accepted()
    placement = begun(application, owner)
    placements.answer(placement.check_ins.first(), by=application.candidate.user, answers=ANSWERS,
                      host_sees="all")  # fmt: skip
    accounts.withdraw_consent(application.consent, by=application.candidate.user)
    assert not after.at_host(owner, application.program.organization).exists()


def test_a_check_in_is_asked_in_the_hubs_morning_then_again_then_told_to_staff_kindly():
    application, owner = accepted()
    staff = member(people.host("staff-home"))
    staff.is_staff = True
    staff.save()
    placement = begun(application, owner, first=TODAY - timedelta(days=7))
    person = application.candidate.user.email
    told()
    due = placement.check_ins.first().due_on
    assert watching.watch(noon(due).replace(hour=5))["check_ins"] == 0  # night at the hub
    assert watching.watch(noon(due))["check_ins"] == 1
    assert watching.watch(noon(due))["check_ins"] == 0
    assert [line.split(":")[0] for line in told()] == [person]
    watching.watch(noon(due + timedelta(days=3)))
    watching.watch(noon(due + timedelta(days=7)))
    lines = told()
    assert sorted(line.split(":")[0] for line in lines) == sorted([person, staff.email])
    letter = next(sent for sent in mail.outbox if sent.to == [staff.email])
    assert application.candidate.user.name not in letter.body and "의무" in letter.body


def test_an_answered_check_in_is_reminded_of_no_more():
    application, owner = accepted()
    placement = begun(application, owner, first=TODAY - timedelta(days=7))
    told()
    check_in = placement.check_ins.first()
    watching.watch(noon(check_in.due_on))
    placements.answer(check_in, by=application.candidate.user, answers=ANSWERS)
    assert told() == []


def test_both_are_asked_once_whether_it_has_begun():
    application, owner = accepted()
    application.offers.update(starts_on=TODAY - timedelta(days=2))
    assert watching.watch(noon(TODAY))["starts"] == 2
    assert watching.watch(noon(TODAY))["starts"] == 0
    readers = {line.split(":")[0] for line in told()}
    assert readers == {application.candidate.user.email, owner.email}


def test_leaving_early_takes_away_the_check_ins_after_it():
    application, owner = accepted()
    placement = begun(application, owner)
    placements.leave(placement, by=application.candidate.user, left_on=TODAY)
    assert [(each.kind, each.due_on) for each in placement.check_ins.order_by("due_on")][-1] == (
        CheckIn.Kind.END, TODAY,
    )  # fmt: skip
    with pytest.raises(PermissionDenied):
        placements.leave(placement, by=owner, left_on=TODAY)


# --- the certificate --------------------------------------------------------------------------


def certified():
    application, owner = accepted()
    placement = begun(application, owner, last=TODAY - timedelta(days=1))
    made = placements.certify(
        placement, by=owner, skill_ids=[], first_day=placement.started_on,
        last_day=placement.ends_on, hours=240, signed_name="박견본", signed_title="팀장",
    )  # fmt: skip
    return application, owner, made


def test_the_host_confirms_the_completion_once_and_only_when_it_is_over():
    application, owner = accepted()
    placement = begun(application, owner)
    told_ = {"first_day": placement.started_on, "last_day": TODAY, "hours": None,
             "signed_name": "A", "signed_title": "B"}  # fmt: skip
    with pytest.raises(ValidationError):
        placements.certify(placement, by=owner, skill_ids=["no-such-skill"], **told_)
    with pytest.raises(ValidationError):
        placements.certify(placement, by=owner, skill_ids=[],
                           **{**told_, "last_day": TODAY + timedelta(days=1)})  # fmt: skip
    with pytest.raises(PermissionDenied):
        placements.certify(placement, by=application.candidate.user, skill_ids=[], **told_)
    placements.certify(placement, by=owner, skill_ids=[], **told_)
    with pytest.raises(ValidationError):
        placements.certify(placement, by=owner, skill_ids=[], **told_)


def test_a_code_opens_nothing_until_its_holder_lets_it(client):
    application, _owner, made = certified()
    address = f"/en/certificates/{made.written_code.lower()}/"
    assert client.get(address).status_code == 404
    placements.show(made, by=application.candidate.user, is_public=True, shows=["skills"])
    page = client.get(address)
    text = page.content.decode()
    assert page.status_code == 200 and made.holder in text and "240" not in text
    placements.show(made, by=application.candidate.user, is_public=True, shows=["hours"])
    assert "240" in client.get(address).content.decode()
    assert client.get("/en/certificates/ABCDEFGHJKMN/").status_code == 404


def test_a_revoked_certificate_says_so_and_names_nobody(client):
    application, owner, made = certified()
    placements.show(made, by=application.candidate.user, is_public=True, shows=[])
    with pytest.raises(ValidationError):
        placements.revoke(made, by=owner, why=" ")
    placements.revoke(made, by=owner, why="날짜가 잘못되었습니다")
    text = client.get(f"/en/certificates/{made.code}/").content.decode()
    assert "was revoked" in text and made.holder not in text and "날짜가" not in text
    again = placements.certify(
        made.placement, by=owner, skill_ids=[], first_day=made.first_day, last_day=made.last_day,
        hours=None, signed_name="A", signed_title="B",
    )  # fmt: skip
    assert again.code != made.code and not again.is_public


def test_who_has_begun_tells_the_last_day_and_does_not_withdraw_the_application():
    application, owner = accepted()
    me = application.candidate.user
    assert State.WITHDRAWN in queries.next_states(application, CANDIDATE)
    placement = begun(application, owner)
    application = Application.objects.get()
    assert State.WITHDRAWN not in queries.next_states(application, CANDIDATE)
    with pytest.raises(ValidationError, match="실제 마지막 날"):
        services.move(application, by=me, to=State.WITHDRAWN)
    placements.leave(placement, by=me, left_on=TODAY)
    assert Placement.objects.get().left_on == TODAY
    assert Application.objects.get().state == State.ACCEPTED
