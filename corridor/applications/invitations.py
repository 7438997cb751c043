"""The mail that asks somebody to join an organization's team."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _

from corridor.accounts.models import Organization, User
from corridor.applications import mail


def tell(organization_id: int, *, token: str, email: str, language: str) -> int:
    """Write to `email` in its own language, or the inviter's where it has no account yet."""
    organization = Organization.objects.filter(pk=organization_id).first()
    if organization is None:
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
                    _("Sign in, or sign up with this e-mail address, and you can read and answer "
                      "its applicants."),
                    _("The link is good for 14 days. If you do not know this organization, "
                      "leave this mail unanswered."),
                ],
                path=mail.page("firm:join", organization.slug, token),
                action=_("Join the team"),
            ),
        )  # fmt: skip
    return 1
