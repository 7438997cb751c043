"""Who closes their account is gone a week later, and nobody waits for them in vain."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from corridor.accounts.models import Consent, Membership, User
from corridor.applications import leaving, tasks
from corridor.applications.models import Application, ApplicationEvent, State
from corridor.candidates import documents
from corridor.candidates.models import Candidate
from corridor.common.models import AuditEntry, OutboxMessage
from tests.applications.after_start import accepted, begun
from tests.matching import people
from tests.web.desks import applicant, at, client_of, member, open_program

pytestmark = pytest.mark.django_db
WORD = "a long password 1"


@pytest.fixture
def applied() -> Application:
    made = applicant(open_program(people.host()))
    made.candidate.user.set_password(WORD)
    made.candidate.user.save()
    return made


def close(application: Application, word: str = WORD):
    return client_of(application.candidate.user).post(at("candidate:close"), {"password": word})


def test_the_page_says_what_goes_what_stays_and_whom_it_withdraws_from(applied):
    page = client_of(applied.candidate.user).get(at("candidate:close")).content.decode()
    assert "What is deleted" in page and "What stays" in page
    assert applied.program.title in page


def test_another_word_than_the_password_closes_nothing(applied):
    page = close(applied, "another word 1").content.decode()
    assert "This is not your password" in page
    applied.refresh_from_db()
    assert applied.state == State.SUBMITTED and applied.candidate.user.is_active


def test_hosts_are_told_the_sign_in_ends_and_a_week_later_all_is_deleted(
    applied, django_capture_on_commit_callbacks
):
    me = applied.candidate
    upload = SimpleUploadedFile("cv.pdf", b"%PDF-1.7\n%%EOF")
    held = documents.add_document(me, by=me.user, kind="cv", upload=upload)
    browser = client_of(me.user)
    left = browser.post(at("candidate:close"), {"password": WORD}, follow=True)
    assert "Your account is closed" in left.content.decode()
    assert browser.get(at("candidate:home")).status_code == 302  # signed out
    applied.refresh_from_db()
    assert applied.state == State.WITHDRAWN
    assert OutboxMessage.objects.filter(task="applications.tell").exists()
    assert tasks.delete_closed() == 0  # not yet

    with django_capture_on_commit_callbacks(execute=True):
        assert leaving.delete_closed(timezone.now() + timedelta(days=7, minutes=1)) == 1
    assert not User.objects.filter(pk=me.user.pk).exists()
    assert not Candidate.objects.exists() and not Application.objects.exists()
    assert not ApplicationEvent.objects.exists() and not Consent.objects.exists()
    assert not held.file.storage.exists(held.file.name)
    assert AuditEntry.objects.filter(action="account.deleted", actor=None).count() == 1
    assert not AuditEntry.objects.filter(values__icontains="kim@example.org").exists()


def test_who_is_let_in_again_within_the_week_stays(applied):
    close(applied)
    User.objects.filter(pk=applied.candidate.user.pk).update(is_active=True)
    assert leaving.delete_closed(timezone.now() + timedelta(days=8)) == 0
    assert Candidate.objects.count() == 1
    User.objects.filter(pk=applied.candidate.user.pk).update(is_active=False)  # paused by staff
    assert leaving.delete_closed(timezone.now() + timedelta(days=30)) == 0
    assert Candidate.objects.count() == 1


def test_an_offer_is_declined_and_a_profile_is_found_no_more(applied):
    Application.objects.update(state=State.OFFERED)
    Candidate.objects.update(visibility="findable")
    close(applied)
    applied.refresh_from_db()
    assert applied.state == State.DECLINED
    assert Candidate.objects.get().visibility == "private"


def test_who_is_at_work_tells_the_last_day_first():
    placement = begun(accepted()[0])
    user = placement.application.candidate.user
    user.set_unusable_password()
    user.save()
    browser = client_of(user)
    page = browser.post(at("candidate:close"), {"email": user.email}).content.decode()
    assert "Tell your actual last day" in page
    user.refresh_from_db()
    assert user.is_active

    placement.left_on = timezone.localdate() - timedelta(days=1)
    placement.save()
    page = browser.get(at("candidate:close")).content.decode()
    assert "What is withdrawn today" not in page  # the stay is over
    assert browser.post(at("candidate:close"), {"email": user.email}).status_code == 302
    assert leaving.delete_closed(timezone.now() + timedelta(days=8)) == 1


def test_the_only_owner_of_an_organization_hands_it_over_first(applied):
    firm = people.host("own-firm")
    Membership.objects.create(user=applied.candidate.user, organization=firm, role="owner")
    assert "only owner of" in close(applied).content.decode()
    applied.refresh_from_db()
    assert applied.state == State.SUBMITTED  # nothing was withdrawn on the way
    member(firm)
    assert close(applied).status_code == 302
