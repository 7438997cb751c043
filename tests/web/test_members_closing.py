"""A member of an organization closes their own account; the owners are told in their language."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from corridor.accounts.models import Membership, User
from corridor.applications import colleagues, leaving
from corridor.applications.models import Scorecard
from corridor.common.models import AuditEntry, OutboxMessage
from tests.matching import people
from tests.web.desks import applicant, at, client_of, member, open_program

pytestmark = pytest.mark.django_db
WORD = {"password": "a long password 1"}


def test_the_only_owner_is_told_to_hand_over_with_a_link_to_the_team():
    firm = people.host()
    owner = member(firm)
    browser = client_of(owner)
    page = browser.get(at("public:close_account")).text
    assert "only owner of" in page and at("firm:team", firm.slug) in page
    browser.post(at("public:close_account"), WORD)
    owner.refresh_from_db()
    assert owner.is_active and Membership.objects.filter(user=owner).exists()


def test_an_owner_whose_account_is_closed_or_paused_is_nobody_to_leave_a_team_to():
    firm = people.host()
    owner = member(firm)
    gone = User.objects.create_user("gone@example.org", "a long password 1", is_active=False)
    Membership.objects.create(user=gone, organization=firm, role="owner")
    client_of(owner).post(at("public:close_account"), WORD)
    owner.refresh_from_db()
    assert owner.is_active and Membership.objects.filter(user=owner).exists()


def test_a_reviewer_leaves_at_once_owners_are_told_and_a_week_later_the_account_is_gone():
    firm = people.host()
    owner, reviewer = member(firm), member(firm, "reviewer")
    User.objects.filter(pk=owner.pk).update(language="ko")
    applied = applicant(open_program(firm))
    begun = Scorecard.objects.create(application=applied, reviewer=reviewer)
    earlier = applicant(open_program(firm, "Earlier"), "lee@example.org")
    given = Scorecard.objects.create(
        application=earlier, reviewer=reviewer, submitted_at=timezone.now()
    )
    browser = client_of(reviewer)
    left = browser.post(at("public:close_account"), WORD, follow=True).text
    assert "Your account is closed" in left
    assert browser.get(at("public:close_account")).status_code == 302  # signed out
    assert not Membership.objects.filter(user=reviewer).exists()
    assert OutboxMessage.objects.filter(task="applications.tell_left").count() == 1
    assert colleagues.tell(firm.pk, user_id=reviewer.pk) == 1
    assert colleagues.tell(firm.pk, user_id=reviewer.pk) == 0  # once
    assert mail.outbox[-1].to == [owner.email] and "팀에서 나갔습니다" in mail.outbox[-1].subject
    assert "지원자 평가" in mail.outbox[-1].body and "김견본" not in mail.outbox[-1].body
    assert leaving.delete_closed(timezone.now() + timedelta(days=8)) == 1
    assert not User.objects.filter(pk=reviewer.pk).exists()
    given.refresh_from_db()
    assert given.reviewer is None and not Scorecard.objects.filter(pk=begun.pk).exists()
    assert AuditEntry.objects.filter(action="organization.left", actor=None).exists()
    assert not AuditEntry.objects.filter(values__icontains=reviewer.email).exists()


def test_a_candidate_who_is_a_member_too_leaves_the_team_with_the_account():
    firm = people.host("own-firm")
    member(firm)
    person = applicant(open_program(people.host())).candidate.user
    Membership.objects.create(user=person, organization=firm, role="editor")
    browser = client_of(person)
    assert browser.get(at("public:close_account")).status_code == 302
    assert firm.name in browser.get(at("candidate:close")).text
    leaving.close_account(person.candidate, by=person)
    assert not Membership.objects.filter(user=person).exists()


def test_staff_ask_another_member_of_staff():
    staff = User.objects.create_user("staff@example.org", WORD["password"], is_staff=True)
    page = client_of(staff).post(at("public:close_account"), WORD).text
    assert "closed by another member of staff" in page
    staff.refresh_from_db()
    assert staff.is_active


def test_a_candidate_who_alone_owns_an_organization_hands_over_before_the_form_is_there():
    firm = people.host("own-firm")
    person = people.candidate().user
    Membership.objects.create(user=person, organization=firm, role="owner")
    page = client_of(person).get(at("candidate:close")).text
    assert "Hand over first" in page and at("firm:team", firm.slug) in page
    assert "Teams that you leave today" not in page and 'name="password"' not in page
