"""An organization's team: an owner invites, changes roles and takes people out; one owner stays."""

from __future__ import annotations

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from corridor.accounts import teams
from corridor.accounts.models import Membership, Organization, User
from corridor.applications import tasks
from corridor.common.models import AuditEntry, OutboxMessage
from tests.matching import people
from tests.web.desks import client_of, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm() -> Organization:
    return people.host("sample-firm")


@pytest.fixture
def owner(firm) -> User:
    return member(firm)


def invitation(firm, owner, email="new@example.org", role="editor") -> str:
    teams.invite(firm, by=owner, email=email, role=role)
    return OutboxMessage.objects.filter(task="applications.invite").last().arguments["token"]


def test_an_invited_person_joins_with_the_role_and_the_address_of_the_invitation(firm, owner):
    token = invitation(firm, owner, "New@Example.org")
    stranger = User.objects.create_user("other@example.org")
    with pytest.raises(ValidationError):
        teams.join(token, user=stranger)
    invited = User.objects.create_user("new@example.org")
    teams.join(token, user=invited)
    teams.join(token, user=invited)
    assert firm.memberships.get(user=invited).role == "editor"


def test_who_opens_an_invitation_reads_whose_it_is_before_signing_in(firm, owner):
    address = f"/en/org/{firm.slug}/team/join/{invitation(firm, owner)}/"
    page = Client().get(address).content.decode()
    assert "invites you to the team" in page and "The invitation is for new@example.org" in page
    assert f"/account/signup/?next=/en/org/{firm.slug}/team/join/" in page
    assert "/account/login/" in Client().post(address).url
    other = client_of(User.objects.create_user("other@example.org"))
    assert "sent to a different e-mail address" in other.get(address).content.decode()
    assert other.post(address).status_code == 200
    assert not firm.memberships.filter(user__email="other@example.org").exists()


def test_the_invitation_is_mailed_in_the_readers_language_with_its_link(firm, owner):
    User.objects.create_user("new@example.org", language="en")
    token = invitation(firm, owner)
    message = OutboxMessage.objects.get(task="applications.invite")
    mail.outbox.clear()
    assert tasks.invite(**message.arguments) == 1
    (letter,) = mail.outbox
    assert letter.to == ["new@example.org"] and letter.subject.isascii()
    assert f"/en/org/sample-firm/team/join/{token}/" in letter.body


def test_whether_an_address_has_an_account_is_not_told(firm, owner):
    User.objects.create_user("known@example.org")
    for email in ("known@example.org", "unknown@example.org"):
        teams.invite(firm, by=owner, email=email, role="reviewer")
    assert OutboxMessage.objects.filter(task="applications.invite").count() == 2


@pytest.mark.parametrize("role", ["editor", "reviewer"])
def test_only_an_owner_looks_after_the_team(firm, owner, role):
    other = member(firm, role)
    membership = firm.memberships.get(user=other)
    with pytest.raises(PermissionDenied):
        teams.invite(firm, by=other, email="x@example.org", role="owner")
    with pytest.raises(PermissionDenied):
        teams.change_role(membership, by=other, role="owner")
    with pytest.raises(PermissionDenied):
        teams.remove(firm.memberships.get(user=owner), by=other)


def test_an_owner_of_another_organization_changes_nothing_here(firm, owner):
    stranger = member(people.host("another-firm"))
    with pytest.raises(PermissionDenied):
        teams.change_role(firm.memberships.get(user=owner), by=stranger, role="reviewer")


def test_the_last_owner_neither_leaves_nor_steps_down(firm, owner):
    mine = firm.memberships.get(user=owner)
    with pytest.raises(ValidationError):
        teams.remove(mine, by=owner)
    with pytest.raises(ValidationError):
        teams.change_role(mine, by=owner, role="editor")
    editor = member(firm, "editor")
    teams.change_role(firm.memberships.get(user=editor), by=owner, role="owner")
    teams.remove(mine, by=owner)
    assert list(Membership.objects.filter(organization=firm).values_list("user", flat=True)) == [
        editor.pk
    ]


def test_an_invitation_of_somebody_who_is_owner_no_more_is_void(firm, owner):
    token = invitation(firm, owner)
    second = member(firm, "editor")
    teams.change_role(firm.memberships.get(user=second), by=owner, role="owner")
    teams.remove(firm.memberships.get(user=owner), by=second)
    with pytest.raises(ValidationError):
        teams.join(token, user=User.objects.create_user("new@example.org"))


def test_a_token_that_was_changed_is_void(firm, owner):
    token = invitation(firm, owner)
    for broken in (token[:-1] + ("a" if token[-1] != "a" else "b"), "", "x:y:z"):
        with pytest.raises(ValidationError):
            teams.invited(broken)


def test_every_change_of_the_team_has_its_audit_row_without_addresses(firm, owner):
    invitation(firm, owner)
    editor = member(firm, "editor")
    membership = firm.memberships.get(user=editor)
    teams.change_role(membership, by=owner, role="reviewer")
    teams.remove(membership, by=owner)
    rows = AuditEntry.objects.filter(subject_type="accounts.Organization")
    assert set(rows.values_list("action", flat=True)) >= {
        "organization.invited", "organization.role", "organization.left",
    }  # fmt: skip
    assert "example.org" not in str(list(rows.values_list("values", flat=True)))


# --- invitations that wait ------------------------------------------------------------------------


def test_an_owner_sees_who_is_invited_and_takes_an_invitation_back(firm, owner):
    token = invitation(firm, owner)
    client = client_of(owner)
    page = client.get(f"/en/org/{firm.slug}/team/").content.decode()
    assert "new@example.org" in page and "Invited, not joined yet" in page
    answer = client.post(f"/en/org/{firm.slug}/team/", {"revoke": teams.waiting(firm).get().pk})
    assert answer.status_code == 302
    assert not teams.waiting(firm).exists()
    with pytest.raises(ValidationError):
        teams.join(token, user=User.objects.create_user("new@example.org"))
    assert AuditEntry.objects.filter(action="organization.uninvited", actor=owner).exists()


def test_only_an_owner_sees_and_revokes_invitations(firm, owner):
    invitation(firm, owner)
    editor = member(firm, "editor")
    address = f"/en/org/{firm.slug}/team/"
    assert "new@example.org" not in client_of(editor).get(address).content.decode()
    waits = teams.waiting(firm).get()
    assert client_of(editor).post(address, {"revoke": waits.pk}).status_code == 403
    other = member(people.host("other-firm"))
    there = "/en/org/other-firm/team/"
    assert client_of(other).post(there, {"revoke": waits.pk}).status_code == 404
    assert teams.waiting(firm).exists()


def test_a_second_invitation_takes_the_place_of_the_first(firm, owner):
    first = invitation(firm, owner)
    second = invitation(firm, owner, role="reviewer")
    assert teams.waiting(firm).count() == 1
    person = User.objects.create_user("new@example.org")
    with pytest.raises(ValidationError):
        teams.join(first, user=person)
    assert teams.join(second, user=person).role == "reviewer"


def test_who_was_taken_out_does_not_come_back_by_the_old_link(firm, owner):
    token = invitation(firm, owner)
    person = User.objects.create_user("new@example.org")
    teams.remove(teams.join(token, user=person), by=owner)
    with pytest.raises(ValidationError):
        teams.join(token, user=person)


def test_the_mail_says_what_the_role_may_do_and_none_is_sent_of_an_invitation_taken_back(
    firm, owner
):
    User.objects.create_user("new@example.org", language="en")
    token = invitation(firm, owner, role="reviewer")
    tasks.invite(firm.pk, token, "new@example.org", "en")
    (letter,) = mail.outbox
    assert "Owners and editors answer them" in letter.body
    assert "answer applicants" not in letter.body
    teams.revoke(firm.invitations.get(), by=owner)
    assert tasks.invite(firm.pk, token, "new@example.org", "en") == 0
