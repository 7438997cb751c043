"""Writes of an organization's team: invite by mail, change a role, take somebody out."""

from __future__ import annotations

from datetime import timedelta

from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor.accounts import permissions
from corridor.accounts.models import Invitation, Membership, Organization, User
from corridor.common import audit, outbox

_SALT = "corridor.team.invitation"
INVITATION_DAYS = 14


@transaction.atomic
def invite(organization: Organization, *, by: User, email: str, role: str) -> None:
    """Ask for a mail with a link to join. Whether the address has an account is not told."""
    _owner(organization, by)
    email = email.strip().lower()
    if role not in Membership.Role.values:
        raise ValidationError(_("Please choose a role."))
    if organization.memberships.filter(user__email__iexact=email).exists():
        raise ValidationError(_("This person is a member already."))
    now = timezone.now()
    waiting(organization).filter(email=email).update(revoked_at=now)  # the new one takes its place
    made = Invitation.objects.create(
        organization=organization, email=email, role=role, by=by,
        ends_at=now + timedelta(days=INVITATION_DAYS),
    )  # fmt: skip
    audit.record("organization.invited", organization, by=by, role=role, invitation=made.pk)
    outbox.put(
        "applications.invite", key=f"organization:{organization.pk}", organization=organization.pk,
        token=token(made), email=email, language=by.language,
    )  # fmt: skip


def token(invitation: Invitation) -> str:
    """What stands in the link of its mail."""
    return signing.dumps(invitation.pk, salt=_SALT)


def waiting(organization: Organization) -> QuerySet[Invitation]:
    """Invitations that can still be taken, the latest first."""
    return organization.invitations.filter(
        joined_at=None, revoked_at=None, ends_at__gt=timezone.now()
    ).select_related("by")


@transaction.atomic
def revoke(invitation: Invitation, *, by: User) -> None:
    """The link in the mail leads nowhere from now on. Safe to call twice."""
    _owner(invitation.organization, by)
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if invitation.joined_at is None and invitation.revoked_at is None:
        invitation.revoked_at = timezone.now()
        invitation.save(update_fields=["revoked_at"])
        audit.record(
            "organization.uninvited", invitation.organization, by=by, invitation=invitation.pk
        )


def invited(token: str) -> tuple[Organization, str, str, User]:
    """(organization, e-mail, role, who invites). Raises ValidationError where it holds no more."""
    found = _found(token)
    return found.organization, found.email, found.role, found.by


def _found(token: str) -> Invitation:
    try:
        pk = int(signing.loads(token, salt=_SALT))
        return Invitation.objects.select_related("organization", "by").get(
            pk=pk, revoked_at=None, ends_at__gt=timezone.now()
        )
    except (signing.BadSignature, TypeError, ValueError, Invitation.DoesNotExist):
        raise ValidationError(
            _("This invitation has expired, or its link is incomplete. Please ask the person who "
              "invited you for a new one.")
        ) from None


@transaction.atomic
def join(token: str, *, user: User) -> Membership:
    """Take an invitation that was sent to one's own address, while its owner still is one."""
    found = _found(token)
    organization, email, role, by = found.organization, found.email, found.role, found.by
    if user.email.lower() != email:
        raise ValidationError(
            _("This invitation was sent to a different e-mail address. Sign in with that address.")
        )
    used = found.joined_at is not None and not permissions.is_member(user, organization)
    if used or not permissions.is_owner(by, organization):
        raise ValidationError(
            _("This invitation has expired, or its link is incomplete. Please ask the person who "
              "invited you for a new one.")
        )
    membership, made = Membership.objects.get_or_create(
        user=user, organization=organization, defaults={"role": role}
    )
    found.joined_at = found.joined_at or timezone.now()
    found.save(update_fields=["joined_at"])
    if made:
        audit.record("organization.member", organization, by=user, user=user.pk, role=role)
    return membership


@transaction.atomic
def change_role(membership: Membership, *, by: User, role: str) -> Membership:
    organization, membership = _locked(membership, by)
    if role not in Membership.Role.values:
        raise ValidationError(_("Please choose a role."))
    if role != Membership.Role.OWNER:
        _keep_an_owner(organization, membership)
    if membership.role != role:
        membership.role = role
        membership.save()
        audit.record(
            "organization.role", organization, by=by, user=membership.user_id, role=role
        )
    return membership


@transaction.atomic
def remove(membership: Membership, *, by: User) -> None:
    organization, membership = _locked(membership, by)
    _keep_an_owner(organization, membership)
    audit.record("organization.left", organization, by=by, user=membership.user_id)
    membership.delete()


@transaction.atomic
def leave(organization: Organization, *, user: User) -> None:
    """End one's own membership. Raises ValidationError for the last owner."""
    organization = Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    membership = organization.memberships.get(user=user)
    _keep_an_owner(organization, membership)
    audit.record("organization.left", organization, by=user, user=user.pk)
    membership.delete()


def _owner(organization: Organization, by: User) -> None:
    if not permissions.is_owner(by, organization):
        raise PermissionDenied


def _locked(membership: Membership, by: User) -> tuple[Organization, Membership]:
    # Two owners who take each other out at once must not leave the organization without one.
    organization = Organization.objects.select_for_update(no_key=True).get(
        pk=membership.organization_id
    )
    _owner(organization, by)
    return organization, organization.memberships.get(pk=membership.pk)


def _keep_an_owner(organization: Organization, leaving: Membership) -> None:
    others = organization.memberships.filter(
        role=Membership.Role.OWNER, user__is_active=True  # whose account is closed acts no more
    ).exclude(pk=leaving.pk)
    if leaving.role == Membership.Role.OWNER and not others.exists():
        raise ValidationError(
            _("An organization needs an owner. Make somebody else an owner first.")
        )
