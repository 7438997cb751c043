"""A save and the work it asks for are kept together, whatever happens to the broker."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from celery import Celery, current_app
from django.db import connection, transaction

from corridor.candidates import services as candidates
from corridor.common import outbox
from corridor.common.models import AuditEntry, OutboxMessage
from tests.matching import people
from tests.web.desks import client_of


class Broker:
    """Stands where Celery sends: `sent` is what arrived; while `down`, nothing does."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, dict[str, Any]]] = []
        self.tries = 0
        self.down = False

    def send_task(self, name: str, kwargs: dict[str, Any], **options: Any) -> None:
        self.tries += 1
        if self.down:
            raise ConnectionRefusedError("Error 111 connecting to 127.0.0.1:1")
        self.sent.append((name, kwargs))


@pytest.fixture
def broker(monkeypatch) -> Broker:
    made = Broker()
    monkeypatch.setattr(Celery, "send_task", lambda app, *a, **k: made.send_task(*a, **k))
    outbox._broker.down_until = 0.0
    yield made
    outbox._broker.down_until = 0.0


@pytest.mark.django_db(transaction=True)
def test_a_saved_profile_has_its_audit_row_and_hands_its_work_over(broker):
    me = people.candidate()
    candidates.save_profile(me, by=me.user, skills_text="PLC 정비")
    assert not OutboxMessage.objects.filter(handed_over_at=None).exists()
    assert broker.sent == [
        ("candidates.embed", {"ids": [me.pk]}),
        ("matching.candidate_changed", {"candidate_id": me.pk}),
    ]
    assert AuditEntry.objects.get().values == {"fields": ["skills_text"]}


@pytest.mark.django_db(transaction=True)
def test_a_save_that_fails_late_leaves_no_profile_no_audit_row_and_no_message(broker, monkeypatch):
    me = people.candidate(skills_text="용접")

    def full(*args: Any, **kwargs: Any) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(OutboxMessage.objects, "create", full)
    with pytest.raises(OSError):
        candidates.save_profile(me, by=me.user, skills_text="PLC 정비")
    monkeypatch.undo()
    me.refresh_from_db()
    assert me.skills_text == "용접"
    assert not AuditEntry.objects.exists() and not OutboxMessage.objects.exists()
    assert not broker.sent


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_save_hands_nothing_over(broker):
    me = people.candidate()
    with pytest.raises(RuntimeError), transaction.atomic():
        candidates.save_profile(me, by=me.user, skills_text="PLC 정비")
        raise RuntimeError
    assert not broker.tries and not OutboxMessage.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_text_that_did_not_change_asks_for_no_work(broker):
    me = people.candidate(skills_text="용접")
    candidates.save_profile(me, by=me.user, city="창원")
    assert not OutboxMessage.objects.exists()
    assert AuditEntry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_with_the_broker_down_pages_save_and_the_work_is_handed_over_once_when_it_is_back(broker):
    me = people.candidate()
    broker.down = True
    client = client_of(me.user)
    for skills in ("PLC 정비", "PLC 정비, HMI", "PLC 정비, HMI, AutoCAD"):
        answer = client.post("/ko/me/profile/skills/", {"skills_text": skills})
        assert answer.status_code == 302
    me.refresh_from_db()
    assert me.skills_text == "PLC 정비, HMI, AutoCAD"
    assert outbox.waiting() == 6
    assert broker.tries == 1, "after a failure the broker is left alone, so that pages stay quick"

    broker.down = False
    assert outbox.relay() == 6
    assert outbox.relay() == 0
    assert len(broker.sent) == 6 and outbox.waiting() == 0


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_refuses_connections_is_given_up_at_once(monkeypatch):
    """The real path to a port where nothing listens: no retries, the message waits."""
    outbox._broker.down_until = 0.0
    with Celery("elsewhere", broker="redis://127.0.0.1:1/0", set_as_current=False) as nowhere:
        nowhere.conf.update(
            broker_transport_options=current_app.conf.broker_transport_options,
            task_publish_retry=current_app.conf.task_publish_retry,
        )
        monkeypatch.setattr(outbox, "current_app", nowhere)
        with transaction.atomic():
            outbox.put("candidates.embed", ids=[1])
    message = OutboxMessage.objects.get()
    assert (message.handed_over_at, message.attempts) == (None, 1)
    outbox._broker.down_until = 0.0


@pytest.mark.django_db(transaction=True)
def test_a_relay_passes_over_what_another_relay_holds(broker):
    first, _second = (
        OutboxMessage.objects.create(task="candidates.embed", arguments={"ids": [n]})
        for n in (1, 2)
    )
    went: list[int] = []

    def beside() -> None:
        try:
            went.append(outbox.relay())
        finally:
            connection.close()

    with transaction.atomic():
        list(OutboxMessage.objects.select_for_update().filter(pk=first.pk))
        other = threading.Thread(target=beside)
        other.start()
        other.join(20)
        assert went == [1], "it neither waits for the held message nor sends it"
    assert [kwargs["ids"] for _name, kwargs in broker.sent] == [[2]]
    assert outbox.relay() == 1
    assert [kwargs["ids"] for _name, kwargs in broker.sent] == [[2], [1]]


@pytest.mark.django_db(transaction=True)
def test_many_relays_at_once_send_every_message_exactly_once(broker):
    OutboxMessage.objects.bulk_create(
        OutboxMessage(task="candidates.embed", arguments={"ids": [n]}) for n in range(60)
    )
    ready = threading.Barrier(4)

    def run() -> None:
        try:
            ready.wait(20)
            while outbox.relay(limit=7):
                pass
        finally:
            connection.close()

    relays = [threading.Thread(target=run) for _n in range(4)]
    for each in relays:
        each.start()
    for each in relays:
        each.join(30)
    outbox.relay()
    assert sorted(kwargs["ids"][0] for _name, kwargs in broker.sent) == list(range(60))


def test_every_thread_of_a_web_process_knows_the_broker():
    """Celery keeps its current app for each thread; another thread must not fall back to AMQP."""
    seen: list[str] = []
    thread = threading.Thread(target=lambda: seen.append(current_app.main))
    thread.start()
    thread.join()
    assert seen == ["corridor"]


@pytest.mark.django_db
def test_old_messages_are_dropped_and_waiting_ones_are_kept(broker):
    from datetime import timedelta

    from django.utils import timezone

    from corridor.common.tasks import clear_outbox

    long_ago = timezone.now() - timedelta(days=15)
    OutboxMessage.objects.create(task="a", handed_over_at=long_ago)
    OutboxMessage.objects.create(task="b", handed_over_at=timezone.now())
    OutboxMessage.objects.create(task="c")
    OutboxMessage.objects.update(created_at=long_ago)
    assert clear_outbox() == 1
    assert set(OutboxMessage.objects.values_list("task", flat=True)) == {"b", "c"}


@pytest.mark.django_db
def test_sessions_that_have_ended_are_forgotten_with_what_was_answered_in_them():
    from datetime import timedelta

    from django.contrib.sessions.models import Session
    from django.utils import timezone

    from corridor.common.tasks import forget_sessions

    for key, days in (("ended", -1), ("open", 1)):
        Session.objects.create(
            session_key=key, session_data="x", expire_date=timezone.now() + timedelta(days=days)
        )
    forget_sessions()
    assert set(Session.objects.values_list("session_key", flat=True)) == {"open"}
