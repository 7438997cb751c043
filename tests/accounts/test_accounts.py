"""Accounts, organizations and who may do what in their name."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from corridor.accounts import permissions, queries, services
from corridor.accounts.models import Consent, Membership, Organization, User
from corridor.applications import tasks
from corridor.common.models import AuditEntry, OutboxMessage
from tests.matching import people
from tests.web.desks import member

pytestmark = pytest.mark.django_db


def test_one_address_is_one_account_however_it_is_written():
    User.objects.create_user("Kim@Example.org")
    assert User.objects.get_by_natural_key("KIM@EXAMPLE.ORG").email == "kim@example.org"
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="KIM@example.org")


def test_a_person_is_never_named_where_objects_are_printed():
    user = User.objects.create_user("kim@example.org", name="김견본")
    assert str(user) == f"user {user.pk}"


def test_a_new_organization_is_unverified_and_owned_by_its_maker():
    user = User.objects.create_user("kim@example.org")
    made = services.register_organization(by=user, kind="firm", country="KR", name_ko="견본정공")
    assert made.status == "unverified" and permissions.is_owner(user, made)
    again = services.register_organization(by=user, kind="firm", country="KR", name_ko="견본정공")
    assert made.slug != again.slug


def test_an_organization_without_a_name_is_refused():
    user = User.objects.create_user("kim@example.org")
    with pytest.raises(ValidationError):
        services.register_organization(by=user, kind="firm", country="KR")
    assert not Organization.objects.exists() and not AuditEntry.objects.exists()


def test_unverified_organizations_are_seen_by_their_members_and_staff():
    firm = people.host("new-firm")
    Organization.objects.update(status="unverified")
    owner = member(firm)
    staff = User.objects.create_user("staff@example.org", is_staff=True)
    assert list(queries.organizations_visible_to(owner)) == [firm]
    assert list(queries.organizations_visible_to(staff)) == [firm]
    assert not queries.organizations_visible_to(AnonymousUser()).exists()
    assert not queries.organizations_visible_to(people.candidate().user).exists()


def test_only_staff_verify_and_they_write_down_what_they_saw():
    firm = people.host("new-firm")
    owner = member(firm)
    staff = User.objects.create_user("staff@example.org", is_staff=True)
    with pytest.raises(PermissionDenied):
        services.verify_organization(firm, by=owner, verified=True, note="me")
    with pytest.raises(ValidationError):
        services.verify_organization(firm, by=staff, verified=True, note="  ")
    services.verify_organization(firm, by=staff, verified=False, note="no register entry")
    firm.refresh_from_db()
    assert (firm.status, firm.verified_by) == ("rejected", staff)


def test_an_organization_is_told_once_whether_it_was_verified_and_not_of_what_was_decided_anew():
    firm = people.host("new-firm")
    owner = member(firm)
    User.objects.filter(pk=owner.pk).update(language="en")
    member(firm, "reviewer")
    staff = User.objects.create_user("staff@example.org", is_staff=True)
    for verified in (False, True):
        services.verify_organization(firm, by=staff, verified=verified, note="register, 2026-11-28")
    asked = OutboxMessage.objects.filter(task="applications.tell_verified")
    refused, decided = asked.order_by("pk")
    assert tasks.tell_verified(**refused.arguments) == 0
    assert tasks.tell_verified(**decided.arguments) == 1
    assert tasks.tell_verified(**decided.arguments) == 0
    (letter,) = mail.outbox
    assert letter.to == [owner.email] and letter.subject.endswith("is verified")
    assert "register, 2026" not in letter.body and "/en/org/new-firm/" in letter.body


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"name_en": "A famous firm"}, "unverified"),
        ({"business_number": "000-00-00000"}, "unverified"),
        ({"about_en": "We make cells.", "city": "Savannah"}, "verified"),
        ({"name_en": "sample-firm"}, "verified"),
    ],
)
def test_a_verified_organization_cannot_take_anothers_name_and_stay_verified(fields, status):
    firm = people.host("sample-firm")
    services.save_organization(firm, by=member(firm), **fields)
    firm.refresh_from_db()
    assert firm.status == status


@pytest.mark.parametrize("field", ["status", "slug", "is_sample", "rule_facts", "verified_at"])
def test_an_organization_does_not_verify_itself(field):
    firm = people.host("sample-firm")
    with pytest.raises(ValidationError):
        services.save_organization(firm, by=member(firm), **{field: "verified"})


def test_roles_say_who_writes_and_who_takes_members_in():
    firm = people.host("sample-firm")
    owner, editor, reviewer = (member(firm, role) for role in ("owner", "editor", "reviewer"))
    stranger = people.candidate().user
    assert [permissions.can_edit_for(who, firm) for who in (owner, editor, reviewer, stranger)] == [
        True, True, False, False,
    ]  # fmt: skip
    for who in (editor, reviewer, stranger, AnonymousUser()):
        assert not permissions.is_owner(who, firm)
    with pytest.raises(PermissionDenied):
        services.add_member(firm, by=editor, user=stranger, role="owner")
    services.add_member(firm, by=owner, user=stranger, role="reviewer")
    assert Membership.objects.get(user=stranger).role == "reviewer"


def test_a_consent_is_given_once_and_a_wider_one_is_asked_anew():
    user = people.candidate().user
    firm = people.host("sample-firm")
    first = services.give_consent(
        user=user, purpose="share_identity", recipient=firm, items=["name", "email"]
    )
    same = services.give_consent(
        user=user, purpose="share_identity", recipient=firm, items=["name"]
    )
    wider = services.give_consent(
        user=user, purpose="share_identity", recipient=firm, items=["name", "documents"]
    )
    assert first == same and wider != first
    other = people.host("another")
    assert queries.standing_consent(user, "share_identity", other) is None


def test_withdrawing_twice_keeps_the_first_moment():
    user = people.candidate().user
    consent = services.give_consent(user=user, purpose="be_found", items=[])
    services.withdraw_consent(consent, by=user)
    first = Consent.objects.get().withdrawn_at
    services.withdraw_consent(Consent.objects.get(), by=user)
    assert Consent.objects.get().withdrawn_at == first
    assert AuditEntry.objects.filter(action="consent.withdrawn").count() == 1


def test_a_recipient_of_data_cannot_be_deleted_while_a_consent_names_it():
    from django.db.models import ProtectedError

    firm = people.host("sample-firm")
    services.give_consent(
        user=people.candidate().user, purpose="share_identity", recipient=firm, items=[]
    )
    with pytest.raises(ProtectedError):
        firm.delete()
