"""Before a visa step of their own must begin, the candidate is written to: through the sweep."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.core import mail as outbox
from django.db import connection
from django.test.utils import CaptureQueriesContext

from corridor.applications import step_reminding, tasks, visa_steps
from corridor.applications.models import Application, StepRecord, StepReminder
from corridor.common.models import OutboxMessage
from tests.applications.after_start import TODAY, accepted, begun
from tests.web.desks import at, client_of

pytestmark = pytest.mark.django_db
ROUTE = "j1_intern"
SEVIS, INTERVIEW, INSURANCE = "sevis_and_ds160", "visa_interview", "insurance"


@pytest.fixture
def sides() -> dict:
    """Accepted by the route of interns, with the DS-2019 at hand: what remains is the
    candidate's own."""
    made, owner = accepted()
    made.candidate.user.language = "en"
    made.candidate.user.save()
    starts(made, TODAY + timedelta(days=200))
    sides = {"sent": made, "owner": owner, "me": made.candidate.user}
    record(sides, "ds2019", "received")
    return sides


def starts(application: Application, day: date) -> None:
    application.offers.update(starts_on=day, ends_on=day + timedelta(days=180), pathway=ROUTE)


def record(sides, step: str, mark: str, *, by=None) -> StepRecord:
    return visa_steps.record(
        sides["sent"], by=by or sides["me"], pathway=ROUTE, step=step, mark=mark,
        day=TODAY - timedelta(days=1),
    )  # fmt: skip


def by(sides, step: str, *, last: bool = False) -> date:
    found = Application.objects.get(pk=sides["sent"].pk)
    _verdict, own = step_reminding.due(found, TODAY)
    one = next(each for each in own if each.step.id == step)
    return one.last if last else one.begin


def begins(sides, step: str, *, days: int, last: bool = False) -> None:
    """Moves the first day, so that the step must begin in so many days."""
    far = TODAY + timedelta(days=400)
    starts(sides["sent"], far)
    starts(sides["sent"], far - (by(sides, step, last=last) - TODAY) + timedelta(days=days))
    assert by(sides, step, last=last) == TODAY + timedelta(days=days)


def swept() -> list:
    """The mails that one morning brings: the sweep, and the tasks that it asked for."""
    outbox.outbox.clear()
    tasks.watch_due_steps()
    for each in OutboxMessage.objects.filter(task="applications.remind_due_steps"):
        tasks.remind_due_steps(**each.arguments)
    OutboxMessage.objects.all().delete()
    return list(outbox.outbox)


def rows(letter) -> list[str]:
    """The steps that a mail names as due, without those that they wait for."""
    listed = [each for each in letter.body.splitlines() if each.startswith("- ")]
    return [each.partition("It waits for")[0] for each in listed]


def named(letters: list, word: str) -> bool:
    return any(word in row for letter in letters for row in rows(letter))


def test_a_week_before_a_step_must_begin_its_candidate_alone_is_written_to_once(sides):
    begins(sides, SEVIS, days=8)
    assert swept() == []
    begins(sides, SEVIS, days=7)
    (letter,) = swept()
    assert letter.to == [sides["me"].email]
    assert "Pay the SEVIS fee" in letter.body and "in 7 days" in letter.body
    assert swept() == [], "the sweep of the same morning, once more"
    begins(sides, SEVIS, days=4)
    assert swept() == []


def test_the_day_before_it_is_told_once_more(sides):
    begins(sides, SEVIS, days=7)
    swept()
    begins(sides, SEVIS, days=1)
    (letter,) = swept()
    assert "by tomorrow" in letter.body
    begins(sides, SEVIS, days=0)
    assert not named(swept(), "SEVIS")


def test_a_step_that_is_near_when_the_offer_is_accepted_is_told_with_its_own_days(sides):
    begins(sides, SEVIS, days=3)
    (letter,) = swept()
    assert "in 3 days" in letter.body
    assert [each.kind for each in StepReminder.objects.all()] == ["week"]


def test_several_steps_of_one_application_come_in_one_mail(sides):
    begins(sides, SEVIS, days=0)
    (letter,) = swept()
    first, then = rows(letter)
    assert "Begin today" in first and "SEVIS" in first and "visa interview" in then
    assert letter.subject.startswith("2 steps")
    assert StepReminder.objects.filter(told=True).count() == 2


def test_what_should_have_begun_and_was_never_told_is_told_once_and_names_another_first_day(sides):
    begins(sides, SEVIS, days=-20, last=True)
    (letter,) = swept()
    assert len(rows(letter)) > 1, "one mail, however many"
    assert named([letter], "Should have begun by") and "Talk with the host" in letter.body
    assert "first day" in letter.subject and "cannot be met" in letter.subject
    begins(sides, SEVIS, days=-21, last=True)
    assert not named(swept(), "SEVIS")


def test_what_was_told_before_its_day_is_no_news_once_the_day_has_passed(sides):
    begins(sides, SEVIS, days=1, last=True)
    swept()
    begins(sides, SEVIS, days=-1, last=True)
    assert not named(swept(), "SEVIS")
    assert not StepReminder.objects.filter(step=SEVIS, kind="late").exists()


def test_after_the_safe_day_the_last_possible_one_is_told_and_called_so(sides):
    begins(sides, SEVIS, days=7)
    (letter,) = swept()
    assert "at its longest" in letter.body and "last possible" not in letter.body
    begins(sides, SEVIS, days=7, last=True)
    (letter,) = swept()
    assert "the last possible ones" in letter.body
    assert StepReminder.objects.filter(step=SEVIS, kind="week").count() == 2


def test_days_that_rest_on_an_estimate_are_called_estimates(sides):
    begins(sides, SEVIS, days=7)
    (letter,) = swept()
    assert "These are estimates" in letter.body


def test_nothing_is_told_of_a_step_that_is_done_or_begun(sides):
    begins(sides, SEVIS, days=7)
    for mark in ("sevis_paid", "ds160_sent", "interview_booked"):
        record(sides, SEVIS, mark)
    assert not named(swept(), "SEVIS")


def test_a_step_that_is_done_between_the_sweep_and_the_mail_is_not_told(sides):
    begins(sides, SEVIS, days=7)
    outbox.outbox.clear()
    assert tasks.watch_due_steps() == 1
    record(sides, SEVIS, "sevis_paid")
    assert tasks.remind_due_steps(sides["sent"].pk) == 0
    assert outbox.outbox == []


def test_steps_of_hosts_and_sponsors_are_not_the_candidates_to_be_told_of(sides):
    for held in visa_steps.standing(sides["sent"]):
        visa_steps.undo(held, by=sides["me"])
    begins(sides, "student_papers", days=7)
    letters = swept()
    assert named(letters, "enrollment certificate") and not named(letters, "DS-7002")
    own = {each.step.id for each in step_reminding.due(sides["sent"], TODAY)[1]}
    assert set(StepReminder.objects.values_list("step", flat=True)) <= own
    assert not own & {"ds7002", "ds2019", "choose_sponsor", "host_check"}


def test_a_step_that_waits_for_somebody_else_says_for_what(sides):
    for held in visa_steps.standing(sides["sent"]):
        visa_steps.undo(held, by=sides["me"])
    begins(sides, SEVIS, days=7, last=True)
    (letter,) = swept()
    (row,) = [each for each in letter.body.splitlines() if "Pay the SEVIS fee" in each]
    assert "It waits for: Review the papers and issue the DS-2019." in row


def test_the_link_opens_the_candidates_page_at_the_way_in_the_readers_language(sides):
    sides["me"].language = "ko"
    sides["me"].save()
    begins(sides, SEVIS, days=7)
    (letter,) = swept()
    address = f"{settings.BASE_URL}/ko/me/applications/{sides['sent'].pk}/#way"
    assert address in letter.body and "7일 남음" in letter.body
    page = client_of(sides["me"]).get(at("candidate:application", sides["sent"].pk))
    assert 'id="way"' in page.content.decode()


def test_a_permit_to_leave_is_told_without_its_name(sides):
    found = Application.objects.get(pk=sides["sent"].pk)
    verdict, own = step_reminding.due(found, TODAY)
    (permit,) = [each for each in visa_steps.steps_of(ROUTE) if each.id == "travel_permit"]
    own[0] = step_reminding.due_steps.Due(
        permit, TODAY + timedelta(days=7), TODAY + timedelta(days=9), own[0].start, (), True
    )
    letter = step_reminding.letter(found, verdict, own[:1], TODAY)
    assert "ermit" not in " ".join([letter.subject, *letter.lines, *letter.rows])


@pytest.mark.parametrize("why", ["begun", "closed account", "refused", "citizen", "not accepted"])
def test_nobody_is_told_where_no_step_is_theirs_to_begin(sides, why):
    begins(sides, SEVIS, days=7)
    if why == "begun":
        begun(sides["sent"], sides["owner"], first=TODAY, last=TODAY + timedelta(days=90))
    elif why == "closed account":
        sides["me"].is_active = False
        sides["me"].save()
    elif why == "refused":
        record(sides, INTERVIEW, "refused")
    elif why == "citizen":
        sides["sent"].candidate.nationality = "US"
        sides["sent"].candidate.save()
    else:
        Application.objects.filter(pk=sides["sent"].pk).update(state="offered")
    assert swept() == []


def test_the_sweep_runs_every_morning():
    planned = settings.CELERY_BEAT_SCHEDULE["watch-due-steps"]
    assert planned["task"] == tasks.watch_due_steps.name
    assert planned["schedule"].hour == {8}


def test_many_more_applications_cost_the_sweep_only_what_it_writes(sides):
    def count() -> int:
        with CaptureQueriesContext(connection) as seen:
            step_reminding.watch()
        return len(seen)

    alone = count()
    for number in range(3):
        made, _owner = accepted(
            email=f"more-{number}@example.org", host=sides["sent"].program.organization
        )
        starts(made, TODAY + timedelta(days=400))
    assert count() == alone
