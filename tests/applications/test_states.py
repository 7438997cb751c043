"""An application moves only as its table of states says, by the side that may move it."""

from __future__ import annotations

import threading
from datetime import timedelta
from itertools import product

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.utils import timezone

from corridor.accounts.models import Consent
from corridor.applications import queries, services
from corridor.applications.models import (
    CANDIDATE,
    HOST,
    TRANSITIONS,
    Application,
    ApplicationEvent,
    State,
)
from corridor.common.models import AuditEntry, OutboxMessage
from corridor.programs.models import Program
from tests.matching import people
from tests.web.desks import applicant, member, open_program

pytestmark = pytest.mark.django_db


@pytest.fixture
def sides() -> dict:
    host = people.host("sample-firm")
    owner = member(host)
    application = applicant(open_program(host))
    return {HOST: owner, CANDIDATE: application.candidate.user, "application": application}


def counted() -> tuple[int, ...]:
    return tuple(
        model.objects.count() for model in (ApplicationEvent, AuditEntry, OutboxMessage, Consent)
    )


def test_every_move_outside_the_table_is_refused_and_changes_nothing(sides):
    application = sides["application"]
    refused = 0
    for start, to, side in product(State, State, (CANDIDATE, HOST)):
        if TRANSITIONS.get((start, to)) == side and to != State.SUBMITTED:
            continue
        Application.objects.filter(pk=application.pk).update(state=start, answer_by=None)
        before = counted()
        with pytest.raises(ValidationError):
            services.move(
                application, by=sides[side], to=to, note="a reason",
                answer_by=timezone.localdate() + timedelta(days=7),
            )  # fmt: skip
        application.refresh_from_db()
        assert (application.state, application.answer_by) == (start, None), (start, to, side)
        assert counted() == before, (start, to, side)
        refused += 1
    assert refused == len(State) ** 2 * 2 - len(TRANSITIONS) + 1


@pytest.mark.parametrize(
    ("start", "to", "side"),
    [(start, to, side) for (start, to), side in TRANSITIONS.items() if to != State.SUBMITTED],
)
def test_a_move_of_the_table_is_kept_with_its_event_audit_row_and_message(sides, start, to, side):
    application = sides["application"]
    Application.objects.filter(pk=application.pk).update(state=start)
    before = counted()
    services.move(application, by=sides[side], to=to, note="  a reason ")
    application.refresh_from_db()
    assert application.state == to
    assert [after - was for after, was in zip(counted(), before, strict=True)] == [1, 1, 1, 0]
    event = ApplicationEvent.objects.last()
    assert (event.from_state, event.to_state, event.side, event.note) == (
        start, to, side, "a reason",
    )  # fmt: skip


def test_a_state_that_does_not_exist_is_refused(sides):
    with pytest.raises(ValueError):
        services.move(sides["application"], by=sides[HOST], to="hired")


def test_a_stranger_and_another_host_move_nothing(sides):
    other = member(people.host("another-firm"))
    for stranger in (other, people.candidate("lee@example.org").user):
        with pytest.raises(PermissionDenied):
            services.move(sides["application"], by=stranger, to=State.UNDER_REVIEW)


def test_a_refusal_without_a_reason_is_sent_back(sides):
    with pytest.raises(ValidationError):
        services.move(sides["application"], by=sides[HOST], to=State.CLOSED, note="  \n ")
    services.move(sides["application"], by=sides[HOST], to=State.CLOSED, note="정원이 찼습니다.")
    sides["application"].refresh_from_db()
    assert sides["application"].state == State.CLOSED


def test_an_offer_cannot_be_answered_by_a_day_that_has_passed(sides):
    application, today = sides["application"], timezone.localdate()
    services.move(application, by=sides[HOST], to=State.UNDER_REVIEW)
    with pytest.raises(ValidationError):
        services.move(
            application, by=sides[HOST], to=State.OFFERED, answer_by=today - timedelta(days=1)
        )
    application.refresh_from_db()
    assert (application.state, application.answer_by) == (State.UNDER_REVIEW, None)
    services.move(application, by=sides[HOST], to=State.OFFERED, answer_by=today)
    application.refresh_from_db()
    assert (application.state, application.answer_by) == (State.OFFERED, today)


def test_a_host_member_who_applied_stands_on_the_candidates_side(sides):
    from corridor.accounts.models import Membership

    me = people.candidate("both@example.org")
    Membership.objects.create(
        user=me.user, organization=sides["application"].program.organization, role="owner"
    )
    draft = services.start_draft(candidate=me, program=sides["application"].program, by=me.user)
    mine = services.submit(draft, by=me.user, consents=True)
    with pytest.raises(ValidationError):
        services.move(mine, by=me.user, to=State.UNDER_REVIEW)
    services.move(mine, by=me.user, to=State.WITHDRAWN)


# --- sending --------------------------------------------------------------------------------------


@pytest.fixture
def draft(sides) -> Application:
    me = people.candidate("lee@example.org")
    program = sides["application"].program
    return services.start_draft(candidate=me, program=program, by=me.user)


def test_sending_twice_makes_one_application_one_event_and_one_consent(draft):
    me = draft.candidate.user
    services.submit(draft, by=me, consents=True)
    before = counted()
    with pytest.raises(ValidationError):
        services.submit(draft, by=me, consents=True)
    assert counted() == before


def test_starting_again_gives_the_application_that_there_is(draft):
    again = services.start_draft(
        candidate=draft.candidate, program=draft.program, by=draft.candidate.user
    )
    assert again.pk == draft.pk


def test_after_an_end_one_may_apply_again(draft):
    me = draft.candidate.user
    services.move(draft, by=me, to=State.WITHDRAWN)
    again = services.start_draft(candidate=draft.candidate, program=draft.program, by=me)
    assert again.pk != draft.pk


@pytest.mark.parametrize(
    "change",
    [
        {"status": "closed"},
        {"status": "draft"},
        {"apply_by": timezone.localdate() - timedelta(days=1)},
        {"starts_on": timezone.localdate(), "apply_by": None},
    ],
)
def test_a_program_that_is_closed_hidden_or_past_takes_no_application(draft, change):
    Program.objects.filter(pk=draft.program_id).update(**change)
    with pytest.raises(ValidationError):
        services.submit(draft, by=draft.candidate.user, consents=True)
    other = people.candidate("park@example.org")
    with pytest.raises(ValidationError):
        services.start_draft(candidate=other, program=draft.program, by=other.user)
    draft.refresh_from_db()
    assert draft.state == State.DRAFT and draft.consent is None


def test_on_the_last_day_one_may_still_apply(draft):
    Program.objects.filter(pk=draft.program_id).update(apply_by=timezone.localdate())
    services.submit(draft, by=draft.candidate.user, consents=True)


def test_nobody_starts_saves_or_sends_in_anothers_name(draft):
    other = people.candidate("park@example.org")
    with pytest.raises(PermissionDenied):
        services.start_draft(candidate=draft.candidate, program=draft.program, by=other.user)
    with pytest.raises(PermissionDenied):
        services.save_draft(draft, by=other.user, cover_note="x")
    with pytest.raises(PermissionDenied):
        services.submit(draft, by=other.user, consents=True)


def test_what_was_sent_cannot_be_rewritten(sides):
    with pytest.raises(ValidationError):
        services.save_draft(sides["application"], by=sides[CANDIDATE], cover_note="other words")


def test_only_ones_own_documents_can_be_attached(draft):
    from corridor.candidates.models import Document

    mine, theirs = (
        Document.objects.create(
            candidate=person, kind="cv", name="cv.pdf", file="x", media_type="application/pdf",
            size=1, sha256="0" * 64,
        )
        for person in (draft.candidate, people.candidate("park@example.org"))
    )  # fmt: skip
    services.save_draft(
        draft, by=draft.candidate.user, cover_note="안녕하세요", documents=[mine, theirs]
    )
    assert list(draft.documents.all()) == [mine]


def test_what_was_true_when_it_was_sent_is_kept(sides):
    evidence = sides["application"].evidence
    assert evidence["day"] == timezone.localdate().isoformat()
    assert evidence["rules_revision"] and evidence["verdicts"]
    assert evidence["profile"]["educations"][0]["major"] == "기계공학"


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_moment_make_one_application():
    host = people.host("sample-firm")
    program = open_program(host)
    me = people.candidate()
    ready = threading.Barrier(3)
    said: list[str] = []

    def click() -> None:
        try:
            ready.wait(20)
            draft = services.start_draft(candidate=me, program=program, by=me.user)
            services.submit(draft, by=me.user, consents=True)
            said.append("sent")
        except ValidationError:
            said.append("was sent already")
        finally:
            connection.close()

    clicks = [threading.Thread(target=click) for _n in range(3)]
    for each in clicks:
        each.start()
    for each in clicks:
        each.join(30)
    assert sorted(said) == ["sent", "was sent already", "was sent already"]
    assert Application.objects.count() == Consent.objects.count() == 1
    assert ApplicationEvent.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_members_who_decide_at_the_same_moment_one_is_told_of_the_other():
    host = people.host("sample-firm")
    deciders = [member(host), member(host, "editor")]
    application = applicant(open_program(host))
    ready = threading.Barrier(2)
    said: list[str] = []

    def decide(by, to: str) -> None:
        try:
            ready.wait(20)
            services.move(application, by=by, to=to, reason="filled", version=application.version)
            said.append("done")
        except services.Outdated:
            said.append("outdated")
        finally:
            connection.close()

    threads = [
        threading.Thread(target=decide, args=each)
        for each in zip(deciders, (State.UNDER_REVIEW, State.CLOSED), strict=True)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    assert sorted(said) == ["done", "outdated"]
    assert ApplicationEvent.objects.filter(side=HOST).count() == 1


def test_the_next_steps_shown_are_those_of_the_table(sides):
    application = sides["application"]
    for state, side in product(State, (CANDIDATE, HOST)):
        application.state = state
        assert set(queries.next_states(application, side)) == {
            to for (start, to), who in TRANSITIONS.items() if start == state and who == side
        }
