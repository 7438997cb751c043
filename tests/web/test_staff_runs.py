"""Staff watch a run, pause it, take it up again and cancel it; others do not see that it exists."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from corridor.accounts.models import User
from corridor.common.models import AuditEntry
from corridor.matching import services
from corridor.matching.models import Block, Run
from tests.matching import people
from tests.web.desks import at, client_of, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return User.objects.create_user("staff@example.org", "-", name="운영", is_staff=True)


@pytest.fixture
def run():
    made = Run.objects.create(day=people.DAY, state="running", candidates=400, programs=100,
                              blocks_made=4, blocks_done=1, pairs=10_000,
                              started_at=timezone.now())  # fmt: skip
    for number in range(1, 5):
        done = {"done_at": timezone.now(), "started_at": timezone.now(), "pairs": 10_000,
                "worker": "celery@seoul-1"} if number == 1 else {}  # fmt: skip
        Block.objects.create(run=made, number=number, first_id=0, last_id=0, **done)
    return made


def test_for_others_a_run_does_not_exist(run):
    client = client_of(member(people.host("a-firm")))
    assert client.get(at("staff:run", run.pk)).status_code == 404
    assert client.post(at("staff:run_act", run.pk, "cancel")).status_code == 404
    run.refresh_from_db()
    assert run.state == Run.State.RUNNING


def test_the_page_tells_how_far_it_is_and_asks_again_while_it_is_under_way(staff, run):
    client = client_of(staff)
    page = client.get(at("staff:run", run.pk)).content.decode()
    for told in ("1 of 4 blocks done", "25%", "10,000", "celery@seoul-1", "Estimated end"):
        assert told in page, told
    assert 'hx-trigger="every 2s"' in page
    services.pause_run(run, by=None)
    page = client.get(at("staff:run", run.pk)).content.decode()
    assert "every 2s" not in page and "Resume" in page


def test_a_change_of_state_reloads_the_page_that_was_watching(staff, run):
    client = client_of(staff)
    address = at("staff:run", run.pk) + "?was=running"
    assert "HX-Refresh" not in client.get(address, headers={"HX-Request": "true"})
    services.cancel_run(run, by=None)
    assert client.get(address, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert "HX-Refresh" not in client.get(address)


def test_staff_pause_resume_and_cancel_and_the_log_says_who(staff, run):
    client = client_of(staff)
    for act, state in (("pause", "paused"), ("resume", "running"), ("cancel", "cancelled")):
        answer = client.post(at("staff:run_act", run.pk, act), follow=True)
        run.refresh_from_db()
        assert (answer.status_code, run.state) == (200, state)
        assert AuditEntry.objects.filter(actor=staff, subject_id=str(run.pk)).exists()
    again = client.post(at("staff:run_act", run.pk, "pause"), follow=True)
    assert "nothing was changed" in again.content.decode()
    assert client.post(at("staff:run_act", run.pk, "erase")).status_code == 404
    assert client.get(at("staff:run_act", run.pk, "pause")).status_code == 405


def test_a_failed_run_says_why_in_both_languages(staff, run):
    Run.objects.filter(pk=run.pk).update(state="failed", problem="vectors_moved")
    client = client_of(staff)
    assert "another model" in client.get(at("staff:run", run.pk)).content.decode()
    korean = f"/ko{at('staff:run', run.pk)[3:]}"
    assert "모델이 바뀌었습니다" in client.get(korean).content.decode()


def test_a_run_that_nobody_takes_up_is_told(staff, run):
    long_ago = timezone.now() - timezone.timedelta(minutes=3)
    Run.objects.filter(pk=run.pk).update(state="queued", asked_at=long_ago)
    page = client_of(staff).get(at("staff:run", run.pk)).content.decode()
    assert "No worker has taken it up" in page


def test_watching_costs_the_same_for_four_and_four_hundred_blocks(staff, run):
    client = client_of(staff)

    def count():
        client.get(at("staff:run", run.pk))
        with CaptureQueriesContext(connection) as counted:
            client.get(at("staff:run", run.pk))
        return len(counted)

    few = count()
    Block.objects.bulk_create(
        Block(run=run, number=number, first_id=0, last_id=0) for number in range(5, 400)
    )
    assert count() == few == 9
