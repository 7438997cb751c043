"""Mail about a change: once, to the other side, in the reader's language, naming no candidate."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone, translation

from corridor.applications import notices, services, tasks
from corridor.applications.models import (
    CANDIDATE,
    HOST,
    SYSTEM,
    ApplicationEvent,
    Interview,
    State,
)
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
    assert letter.subject == "A new application: Line internship"
    assert "The promised day to answer is" in letter.body
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

    def once(letter, fail_silently=False):
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


@pytest.mark.parametrize("kind", ApplicationEvent.Kind.values)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_kind_of_news_is_written_to_both_sides_in_their_language(
    application, kind, language
):
    owner = application.program.organization.memberships.get().user
    meeting = Interview.objects.create(
        application=application, state="set", starts_at=timezone.now() + timedelta(days=2)
    )
    application.answer_by = timezone.localdate()
    event = ApplicationEvent(
        application=application, kind=kind, side=SYSTEM, from_state="offered", to_state="offered",
        note="words of the other side", values={"interview": meeting.pk},
    )  # fmt: skip
    for side, reader in ((CANDIDATE, application.candidate.user), (HOST, owner)):
        with translation.override(language):
            letter = notices.letter(event, side, reader)
        written = " ".join([letter.subject, *letter.lines, letter.action])
        assert letter.path.startswith(f"/{language}/") and len(letter.lines) >= 1
        assert "%(" not in written and "%%" not in written
        assert "words of the other side" not in written
        assert "김견본" not in written and application.candidate.user.email not in written
        assert bool(re.search("[가-힣]", letter.subject)) is (language == "ko")


def test_what_a_reason_says_may_hold_a_percent_sign(application, monkeypatch):
    monkeypatch.setattr("corridor.applications.reasons.sentence", lambda reason: "100% taken")
    event = ApplicationEvent(
        application=application, kind="moved", side=HOST, from_state="submitted",
        to_state="closed", reason="filled",
    )  # fmt: skip
    letter = notices.letter(event, CANDIDATE, application.candidate.user)
    assert "100% taken" in letter.lines


def test_a_mail_is_text_and_html_with_the_same_words_and_escapes_what_people_wrote(application):
    application.program.title_ko = "<b>라인</b> 인턴"
    application.program.save()
    services.move(
        application, by=application.program.organization.memberships.get().user,
        to=State.UNDER_REVIEW,
    )  # fmt: skip
    mail.outbox.clear()
    notices.tell(application.pk)
    letter = next(each for each in mail.outbox if each.to == ["kim@example.org"])
    html = letter.alternatives[0][0]
    assert "<b>라인</b>" in letter.body
    assert "&lt;b&gt;라인&lt;/b&gt;" in html and "<b>라인" not in html
