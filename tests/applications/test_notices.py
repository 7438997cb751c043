"""Mail about a change: once, to the other side, in the reader's language, naming no candidate."""

from __future__ import annotations

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives

from corridor.applications import notices, services, tasks
from corridor.applications.models import ApplicationEvent, State
from tests.matching import people
from tests.web.desks import applicant, member, open_program

pytestmark = pytest.mark.django_db


@pytest.fixture
def application():
    firm = people.host("sample-firm")
    member(firm)
    made = applicant(open_program(firm, title_ko="생산 라인 인턴"))
    mail.outbox.clear()
    return made


def test_the_host_is_told_in_its_own_language_without_the_candidates_name(application):
    owner = application.program.organization.memberships.get().user
    owner.language = "en"
    owner.save()
    assert notices.tell(application.pk) == 1
    (letter,) = mail.outbox
    assert letter.to == [owner.email]
    assert letter.subject == "Application update: Submitted"
    assert "Line internship" in letter.body and "/en/" in letter.body
    for secret in ("김견본", "kim@example.org", "견본대학교", "기계공학"):
        assert secret not in letter.subject + letter.body


def test_the_candidate_is_told_in_korean_where_that_is_their_language(application):
    notices.tell(application.pk)
    mail.outbox.clear()
    owner = application.program.organization.memberships.get().user
    services.move(application, by=owner, to=State.UNDER_REVIEW)
    notices.tell(application.pk)
    (letter,) = mail.outbox
    assert letter.to == ["kim@example.org"]
    assert "생산 라인 인턴" in letter.body and "/ko/" in letter.body
    assert not letter.subject.isascii()


def test_telling_twice_sends_once(application):
    assert tasks.tell(application.pk) == 1
    assert tasks.tell(application.pk) == 0
    assert len(mail.outbox) == 1


def test_an_application_that_is_gone_is_no_error():
    assert tasks.tell(0) == 0


def test_a_closed_account_gets_no_mail(application):
    owner = application.program.organization.memberships.get().user
    notices.tell(application.pk)
    services.move(application, by=owner, to=State.UNDER_REVIEW)
    application.candidate.user.is_active = False
    application.candidate.user.save()
    mail.outbox.clear()
    assert notices.tell(application.pk) == 0 and not mail.outbox


def test_a_mail_server_that_fails_later_does_not_repeat_what_was_told(application, monkeypatch):
    owner = application.program.organization.memberships.get().user
    services.move(application, by=owner, to=State.UNDER_REVIEW)
    send = EmailMultiAlternatives.send
    sent: list[list[str]] = []

    def once(letter):
        if sent:
            raise ConnectionRefusedError
        sent.append(letter.to)
        return send(letter)

    monkeypatch.setattr(EmailMultiAlternatives, "send", once)
    with pytest.raises(ConnectionRefusedError):
        notices.tell(application.pk)
    assert list(ApplicationEvent.objects.values_list("told", flat=True)) == [True, False]
    monkeypatch.undo()
    assert notices.tell(application.pk) == 1
    assert [letter.to for letter in mail.outbox] == [[owner.email], ["kim@example.org"]]


def test_a_mail_server_that_is_down_is_tried_again():
    assert OSError in tasks.tell.autoretry_for
    assert tasks.tell.max_retries >= 10
