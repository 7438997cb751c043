"""A problem told in private reaches staff alone, under a clock, and every look is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.utils import timezone

from corridor.accounts.models import User
from corridor.applications import after, problems, telling
from corridor.applications.models import PlacementNotice, Problem
from corridor.common.models import AuditEntry
from tests.applications.after_start import accepted, begun

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> User:
    return User.objects.create_user("staff@example.org", "-", name="운영", is_staff=True)


@pytest.fixture
def told_one(staff):
    application, owner = accepted()
    placement = begun(application, owner)
    made = problems.raise_problem(
        by=application.candidate.user, kind="pay", text="월급이 두 달째 밀렸습니다.",
        placement=placement,
    )  # fmt: skip
    return made, application, owner


def send() -> list[str]:
    mail.outbox.clear()
    for pk in PlacementNotice.objects.filter(told=False, problem__isnull=False).values_list(
        "pk", flat=True
    ):
        telling.tell(pk)
    return [sent.to[0] for sent in mail.outbox]


def test_it_is_kept_encrypted_and_told_to_staff_alone(told_one, staff):
    made, application, _owner = told_one
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM applications_problemmessage")
        assert "월급" not in cursor.fetchone()[0]
    assert send() == [staff.email]
    body = mail.outbox[0].body
    assert "월급이" not in body and application.candidate.user.name not in body
    assert not made.host_may_know and not made.university_may_know


def test_a_member_of_the_host_never_sees_it_even_as_staff(told_one, staff):
    made, _application, owner = told_one
    assert list(after.problem_queue(staff)) == [made]
    assert not after.problem_queue(owner).exists()
    owner.is_staff = True
    owner.save()
    assert not after.problem_queue(owner).exists()
    assert owner.email not in send()
    with pytest.raises(PermissionDenied):
        problems.look(made, by=owner)


def test_every_look_of_staff_is_kept_and_raising_names_nobody(told_one, staff):
    made, _application, _owner = told_one
    problems.look(made, by=staff)
    problems.look(made, by=staff)
    looks = AuditEntry.objects.filter(action="problem.looked", subject_id=str(made.pk))
    assert [each.actor for each in looks] == [staff, staff]
    raised = AuditEntry.objects.get(action="problem.raised")
    assert raised.actor is None and "월급" not in str(raised.values)


def test_staff_answer_in_a_thread_and_a_further_message_starts_the_clock_again(told_one, staff):
    made, application, _owner = told_one
    person = application.candidate.user
    with pytest.raises(ValidationError):
        problems.close(made, by=staff)
    send()
    problems.write(made, by=staff, text="확인하겠습니다.")
    problems.write(made, by=staff, text="확인하겠습니다.")
    made.refresh_from_db()
    assert (made.state, made.answer_by, made.messages.count()) == ("answered", None, 2)
    assert send() == [person.email]
    problems.write(made, by=person, text="고맙습니다. 아직 안 들어왔습니다.")
    made.refresh_from_db()
    assert made.state == "open" and made.answer_by is not None
    problems.write(made, by=staff, text="연락했습니다.")
    problems.close(made, by=staff)
    made.refresh_from_db()
    assert made.state == "closed"


def test_an_urgent_one_has_the_shorter_clock_and_a_late_one_is_told_once(staff):
    person = User.objects.create_user("no-profile@example.org", "-", name="아무개")
    usual = problems.raise_problem(by=person, kind="other", text="a")
    urgent = problems.raise_problem(by=person, kind="safety", text="b", is_urgent=True)
    assert urgent.answer_by < usual.answer_by
    later = timezone.now() + timedelta(hours=30)
    assert problems.watch(later) == 1
    assert problems.watch(later) == 0


def test_strangers_cannot_write_read_or_attach_anothers_placement(told_one):
    made, _application, _owner = told_one
    other = User.objects.create_user("other@example.org", "-", name="남")
    with pytest.raises(PermissionDenied):
        problems.write(made, by=other, text="x")
    with pytest.raises(PermissionDenied):
        problems.raise_problem(by=other, kind="pay", text="x", placement=made.placement)
    assert not after.problems_of(other).exists()


def test_pressed_twice_it_is_one_and_empty_it_is_none(told_one):
    made, application, _owner = told_one
    again = problems.raise_problem(
        by=application.candidate.user, kind="pay", text="월급이 두 달째 밀렸습니다.",
        placement=made.placement,
    )  # fmt: skip
    assert again.pk == made.pk and Problem.objects.count() == 1
    with pytest.raises(ValidationError):
        problems.raise_problem(by=application.candidate.user, kind="pay", text="  ")


def test_every_number_to_call_says_where_it_comes_from_and_when_it_was_read():
    for each in problems.contacts():
        assert each["source"] and each["url"].startswith("https://") and each["read_on"]
        assert each["evidence"] in ("secondary", "background")
        assert not each["number"] or each["tel"].lstrip("+").isdigit()
