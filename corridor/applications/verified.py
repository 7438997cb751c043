"""The mail that tells an organization whether our staff verified it."""

from __future__ import annotations

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from corridor.accounts import queries as accounts
from corridor.accounts.models import Organization
from corridor.applications import mail
from corridor.common import audit


@transaction.atomic
def tell(organization_id: int, *, at: str) -> int:
    """Tell its owners and editors of the decision made `at` (ISO), once; returns mails sent.

    A decision that was made anew meanwhile, or fell with a changed name, is passed over."""
    organization = (
        Organization.objects.select_for_update()
        .filter(pk=organization_id)
        .exclude(status=Organization.Status.UNVERIFIED)
        .first()
    )
    if organization is None or organization.verified_at is None:
        return 0
    if organization.verified_at.isoformat() != at:
        return 0
    if audit.was_recorded("organization.verification_told", organization, at=at):
        return 0
    readers = accounts.editors_of(organization)
    for reader in readers:
        with translation.override(reader.language):
            mail.send(reader, letter(organization))
    audit.record("organization.verification_told", organization, by=None, at=at)
    return len(readers)


def letter(organization: Organization) -> mail.Letter:
    """Call with the reader's language active. What staff wrote stays behind the sign-in."""
    if organization.is_verified:
        subject = _("%(name)s is verified")
        lines = [
            _("Our staff has verified %(name)s; the mark stands beside its name."),
            _("Programs that you post can open to the public now. Our staff looks at the first "
              "ones before that."),
        ]  # fmt: skip
    else:
        subject = _("%(name)s could not be verified")
        lines = [
            _("Our staff could not verify %(name)s. What they looked at stands on its page."),
            _("Your drafts are kept. If something was misread or has changed since, write to us."),
        ]  # fmt: skip
    filled = {"name": organization.name}
    return mail.Letter(
        subject=subject % filled, lines=[line % filled for line in lines],
        path=mail.page("firm:home", organization.slug), action=_("Sign in and see it"),
    )  # fmt: skip
