"""The mail that asks somebody to join an organization's team."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _

from corridor.accounts import teams
from corridor.accounts.models import Membership, User
from corridor.applications import mail


def tell(organization_id: int, *, token: str, email: str, language: str) -> int:
    """Write to `email` in its own language, or the inviter's where it has no account yet. One
    that was taken back meanwhile is passed over."""
    try:
        organization, _email, role, _by = teams.invited(token)
    except ValidationError:
        return 0
    if organization.pk != organization_id:
        return 0
    reader = User.objects.filter(email__iexact=email).first()
    if reader is None:
        reader = User(email=email, language=language)
    with translation.override(reader.language):
        mail.send(
            reader,
            mail.Letter(
                subject=_("%(host)s invites you to its team on Corridor")
                % {"host": organization.name},
                lines=[
                    _("Sign in, or sign up with this e-mail address (%(email)s), to join it.")
                    % {"email": email},
                    *_may(role),
                    _("The link is good for 14 days. If you do not know this organization, "
                      "leave this mail unanswered."),
                ],
                path=mail.page("firm:join", organization.slug, token),
                action=_("Join the team"),
                because=_("You get this mail because somebody of this organization gave your "
                          "address to invite you."),
            ),
        )  # fmt: skip
    return 1


def _may(role: str) -> list[str]:
    """What somebody with this role may do, in a sentence."""
    match role:
        case Membership.Role.OWNER:
            return [_("As an owner you look after the team, post programs and answer applicants.")]
        case Membership.Role.EDITOR:
            return [_("As an editor you post programs and answer applicants.")]
        case Membership.Role.REVIEWER:
            return [_("As a reviewer you read applicants, score them and write notes. Owners and "
                      "editors answer them.")]  # fmt: skip
    return []
