"""Every application is answered: by when, who is reminded, and what a host's record says."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.utils import timezone

from corridor.accounts import services as accounts
from corridor.accounts.models import User
from corridor.applications import answering, clock, reminding, services, tasks
from corridor.applications.models import Application, ApplicationEvent, Reminder, State
from corridor.common.models import OutboxMessage
from corridor.programs.kinds import Kind
from tests.matching import people
from tests.web.desks import applicant, member, open_program

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def firm():
    return people.host("sample-firm")


@pytest.fixture
def owner(firm):
    return member(firm)


def due(application: Application, day: date) -> Application:
    Application.objects.filter(pk=application.pk).update(due_on=day)
    application.refresh_from_db()
    return application


# --- the clock ------------------------------------------------------------------------------------


def test_every_kind_has_days_for_every_stage_in_which_the_host_owes_an_answer():
    for kind in Kind.values:
        for state in (State.SUBMITTED, State.UNDER_REVIEW, State.INTERVIEW):
            assert 1 <= clock.days(kind, state) <= 31
        for state in (State.DRAFT, State.OFFERED, State.ACCEPTED, State.CLOSED):
            assert clock.days(kind, state) is None


def test_the_file_names_only_kinds_and_states_that_exist():
    for state, days in clock.rules()["stages"].items():
        assert state in State.values
        assert set(days) - {"default"} <= set(Kind.values)


def test_an_answer_is_never_due_on_a_weekend():
    friday = date(2026, 11, 27)
    for back in range(14):
        assert clock.due("internship", "submitted", friday - timedelta(days=back)).weekday() < 5
    assert clock.due("dispatch", "submitted", date(2026, 11, 23)) == date(2026, 11, 30)
    assert clock.due("internship", "submitted", date(2026, 11, 23)) == date(2026, 11, 30)


def test_the_clock_starts_when_it_is_sent_starts_anew_with_each_stage_and_ends_with_the_answer(
    firm, owner
):
    application = applicant(open_program(firm))
    assert application.due_on == clock.due("internship", "submitted", TODAY)
    moved = services.move(application, by=owner, to=State.UNDER_REVIEW)
    assert moved.due_on == clock.due("internship", "under_review", TODAY)
    moved = services.move(application, by=owner, to=State.OFFERED)
    assert moved.due_on is None, "now it is the candidate's turn"


# --- reminders ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "kind"),
    [(2, "soon"), (1, "soon"), (0, "due"), (-1, "due"), (-3, "late"), (-9, "late")],
)
def test_what_is_noted_depends_on_the_days_left(firm, owner, left, kind):
    due(applicant(open_program(firm)), TODAY + timedelta(days=left))
    assert answering.watch() == 1
    assert Reminder.objects.get().kind == kind


def test_nothing_is_noted_before_its_time_and_nothing_twice(firm, owner):
    application = due(applicant(open_program(firm)), TODAY + timedelta(days=3))
    assert answering.watch() == 0
    assert answering.watch(today=TODAY + timedelta(days=1)) == 1
    assert answering.watch(today=TODAY + timedelta(days=2)) == 0, "soon was noted yesterday"
    assert answering.watch(today=TODAY + timedelta(days=3)) == 1
    assert answering.watch(today=TODAY + timedelta(days=3)) == 0
    assert answering.watch(today=TODAY + timedelta(days=6)) == 1
    assert list(application.reminders.values_list("kind", flat=True)) == ["soon", "due", "late"]


def test_a_host_gets_one_mail_however_many_answers_are_due_and_it_names_no_candidate(firm, owner):
    program = open_program(firm, title_ko="생산 라인 인턴")
    for email in ("a@example.org", "b@example.org", "c@example.org"):
        due(applicant(program, email), TODAY)
    answering.watch()
    mail.outbox.clear()
    assert tasks.remind(firm.pk) == 1
    assert tasks.remind(firm.pk) == 0, "told once"
    (letter,) = mail.outbox
    assert letter.to == [owner.email]
    assert "“생산 라인 인턴”" in letter.body and "3명" in letter.body
    html, kind = letter.alternatives[0]
    assert kind == "text/html" and 'lang="ko"' in html and "생산 라인 인턴" in html
    for secret in ("김견본", "a@example.org", "견본대학교"):
        assert secret not in letter.subject + letter.body + html


def test_each_member_is_reminded_in_their_own_language(firm, owner):
    editor = member(firm, "editor")
    User.objects.filter(pk=editor.pk).update(language="en")
    due(applicant(open_program(firm)), TODAY + timedelta(days=1))
    answering.watch()
    mail.outbox.clear()
    reminding.tell(firm.pk)
    letters = {letter.to[0]: letter for letter in mail.outbox}
    assert letters[editor.email].subject == "1 answer is due soon"
    assert "/en/org/sample-firm/" in letters[editor.email].body
    assert not letters[owner.email].subject.isascii()
    assert "/ko/org/sample-firm/" in letters[owner.email].body


def test_who_only_scores_is_not_asked_for_an_answer(firm, owner):
    member(firm, "reviewer")
    due(applicant(open_program(firm)), TODAY)
    answering.watch()
    mail.outbox.clear()
    reminding.tell(firm.pk)
    assert [letter.to for letter in mail.outbox] == [[owner.email]]


def test_staff_are_told_only_when_it_is_late(firm, owner):
    staff = User.objects.create_user("staff@example.org", is_staff=True, language="en")
    application = due(applicant(open_program(firm)), TODAY)
    answering.watch()
    mail.outbox.clear()
    reminding.tell(firm.pk)
    assert [letter.to for letter in mail.outbox] == [[owner.email]]
    mail.outbox.clear()
    due(application, TODAY - timedelta(days=3))
    answering.watch()
    assert reminding.tell(firm.pk) == 2
    (told,) = [letter for letter in mail.outbox if letter.to == [staff.email]]
    assert told.subject == "Unanswered applications: sample-firm"
    assert "/en/staff/answers/" in told.body and "김견본" not in told.body


def test_who_answered_meanwhile_is_not_reminded(firm, owner):
    application = due(applicant(open_program(firm)), TODAY)
    answering.watch()
    services.move(application, by=owner, to=State.UNDER_REVIEW)
    mail.outbox.clear()
    assert reminding.tell(firm.pk) == 0 and not mail.outbox


def test_nobody_is_reminded_of_a_candidate_who_took_the_consent_back(firm, owner):
    application = due(applicant(open_program(firm)), TODAY)
    accounts.withdraw_consent(application.consent, by=application.candidate.user)
    assert answering.watch() == 0


def test_the_mails_are_asked_for_through_the_outbox(firm, owner):
    due(applicant(open_program(firm)), TODAY)
    OutboxMessage.objects.all().delete()
    answering.watch()
    message = OutboxMessage.objects.get()
    assert (message.task, message.arguments) == ("applications.remind", {"id": firm.pk})


def test_an_application_from_before_there_was_a_clock_gets_its_day(firm, owner):
    application = applicant(open_program(firm))
    long_ago = datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Asia/Seoul"))
    ApplicationEvent.objects.update(at=long_ago)
    Application.objects.update(due_on=None)
    answering.watch()
    application.refresh_from_db()
    assert application.due_on == date(2026, 3, 9)


def test_an_organization_that_is_gone_is_no_error():
    assert tasks.remind(0) == 0


# --- the record -----------------------------------------------------------------------------------


def sent_days_ago(program, email: str, days: int, answered_after: int | None, by=None):
    application = applicant(program, email)
    sent = timezone.now() - timedelta(days=days)
    Application.objects.filter(pk=application.pk).update(submitted_at=sent)
    if answered_after is not None:
        services.move(application, by=by, to=State.UNDER_REVIEW)
        ApplicationEvent.objects.filter(application=application, side="host").update(
            at=sent + timedelta(days=answered_after)
        )
    return application


def test_the_record_counts_answers_and_the_median_wait(firm, owner):
    program = open_program(firm)
    for number, wait in enumerate((1, 2, 3, 20)):
        sent_days_ago(program, f"a{number}@example.org", 40, wait, owner)
    sent_days_ago(program, "silent@example.org", 40, None)
    sent_days_ago(program, "fresh@example.org", 1, None)
    record = answering.record(organization=firm)
    assert (record.counted, record.answered, record.in_time) == (5, 4, 3)
    assert record.rate == 80 and record.median_days == pytest.approx(2.5)
    assert record.enough and record.least == 5


def test_under_the_stated_number_no_figure_is_shown(firm, owner):
    for number in range(4):
        sent_days_ago(open_program(firm), f"a{number}@example.org", 30, 1, owner)
    assert not answering.record(organization=firm).enough


def test_what_a_candidate_withdrew_unanswered_counts_for_neither_side(firm, owner):
    application = sent_days_ago(open_program(firm), "a@example.org", 40, None)
    services.move(application, by=application.candidate.user, to=State.WITHDRAWN)
    other = sent_days_ago(open_program(firm), "b@example.org", 40, None)
    accounts.withdraw_consent(other.consent, by=other.candidate.user)
    assert answering.record(organization=firm).counted == 0


def test_a_rate_is_rounded_down_so_that_one_silence_stays_visible(firm):
    rows = [("internship", "under_review", timezone.now(), timezone.now(), None)] * 999
    rows.append(("internship", "submitted", timezone.now() - timedelta(days=60), None, None))
    counted = answering._counted(rows, since=TODAY, today=TODAY, least=5)
    assert counted.rate == 99


def test_staff_see_hosts_by_the_longest_wait_with_counts(firm, owner):
    other = people.host("another-firm")
    program = open_program(firm)
    due(applicant(program, "a@example.org"), TODAY - timedelta(days=2))
    due(applicant(program, "b@example.org"), TODAY - timedelta(days=1))
    due(applicant(open_program(other), "c@example.org"), TODAY - timedelta(days=9))
    due(applicant(open_program(other), "d@example.org"), TODAY)
    rows = answering.late(today=TODAY)
    assert [(row["organization"].slug, row["count"], row["oldest"]) for row in rows] == [
        ("another-firm", 1, 9), ("sample-firm", 2, 2),
    ]  # fmt: skip
