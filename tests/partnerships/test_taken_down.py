"""Universities that nominated to a program are told when staff take it down."""

from __future__ import annotations

import pytest
from django.core import mail as outbox

from corridor.accounts.models import User
from corridor.common.models import OutboxMessage
from corridor.partnerships import notices, tasks
from corridor.partnerships.models import Agreement, Nomination, Notice
from corridor.programs import moderation
from corridor.programs.models import Program
from tests.matching import people
from tests.web.desks import member, open_program

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> dict:
    here = people.host("sample-univ", kind="university", country="KR")
    there = people.host("sample-firm")
    agreement = Agreement.objects.create(
        kind="internship", title_en="Interns", korean_party=here, us_party=there, status="active"
    )
    program = open_program(there, "Line", agreement=agreement, title_ko="생산 라인")
    for n, state in enumerate(("sent", "asked", "withdrawn"), 1):
        Nomination.objects.create(
            agreement=agreement, university=here, program=program, rank=n, state=state,
            student=people.candidate(f"s{n}@example.org").user,
        )  # fmt: skip
    staff = User.objects.create_user("staff@example.org", "-", name="-")
    staff.is_staff = True
    staff.save()
    return {"program": program, "staff": staff, "reader": member(here)}


def test_the_nominating_university_is_told_once_in_its_readers_language(world):
    reader = world["reader"]
    for language, word in (("ko", "내려졌습니다"), ("en", "was taken down")):
        reader.language = language
        reader.save()
        Notice.objects.all().delete()
        outbox.outbox.clear()
        Program.objects.update(published_at=None)
        for _twice in range(2):
            tasks.tell_taken_down(7, world["program"].pk)
        for notice in Notice.objects.filter(what=Notice.What.PROGRAM_DOWN):
            notices.tell(notice.pk)
        (letter,) = [each for each in outbox.outbox if each.to == [reader.email]]
        assert word in letter.subject
        assert "2" in letter.body, "those whose nomination is alive, and no name"
        assert "@example.org" not in letter.body


def test_taking_a_program_down_asks_for_the_mail(world, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=False):
        moderation.take_down(
            world["program"], by=world["staff"], reasons=["pay"], note="Asked for money."
        )
    assert OutboxMessage.objects.filter(task="partnerships.tell_taken_down").exists()


def test_of_a_program_that_is_public_again_nobody_is_told(world):
    assert tasks.tell_taken_down(7, world["program"].pk) == 0
