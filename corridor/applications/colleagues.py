"""A member of an organization leaves Corridor: the memberships end, and the owners are told by mail
what the person still had to do there."""

from __future__ import annotations

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from corridor.accounts import queries as accounts
from corridor.accounts import teams
from corridor.accounts.models import Organization, User
from corridor.applications import mail
from corridor.applications.models import OPEN, Application, Interview
from corridor.common import audit, outbox


@transaction.atomic
def leave(user: User) -> None:
    """End every membership; of each organization the owners who stay are told.

    Raises ValidationError for the last owner of one."""
    for organization in accounts.organizations_of(user):
        teams.leave(organization, user=user)
        outbox.put("applications.tell_left", key=f"organization:{organization.pk}",
                   organization=organization.pk, user=user.pk)  # fmt: skip


@transaction.atomic
def tell(organization_id: int, *, user_id: int) -> int:
    """Write to the owners, once; returns mails sent. A person who is gone by then is passed over:
    their name is known no more."""
    organization = Organization.objects.select_for_update().get(pk=organization_id)
    user = User.objects.filter(pk=user_id).first()
    told = "organization.leaving_told"
    if user is None or audit.was_recorded(told, organization, user=user.pk):
        return 0
    readers = accounts.owners_of(organization)
    for reader in readers:
        with translation.override(reader.language):
            mail.send(reader, _letter(organization, user))
    audit.record(told, organization, by=None, user=user.pk)
    return len(readers)


def _letter(organization: Organization, user: User) -> mail.Letter:
    """Call with the reader's language active."""
    work = _work(organization, user)
    filled = {"name": user.name or user.name_roman or user.email, "host": organization.name}
    lines = [_("%(name)s has closed the account and is no longer a member of %(host)s.") % filled]
    lines.append(
        _("Please give what they had begun to somebody else:") if work
        else _("No view of an applicant and no interview of theirs was open.")
    )
    return mail.Letter(
        subject=_("%(name)s has left the team of %(host)s") % filled, lines=lines, rows=work,
        path=mail.page("firm:team", organization.slug), action=_("See the team"),
    )  # fmt: skip


def _work(organization: Organization, user: User) -> list[str]:
    """Views that were begun and not handed in, and interviews they proposed; no applicant is named
    in a mail."""
    here = Application.objects.filter(
        program__organization=organization, state__in=OPEN
    ).select_related("program")
    views = here.filter(
        scorecards__reviewer=user, scorecards__submitted_at=None, scorecards__only_reads=False
    )
    held = here.filter(
        interviews__proposed_by=user,
        interviews__state__in=[
            Interview.State.PROPOSED, Interview.State.ASKED, Interview.State.SET
        ],
    ).distinct()  # fmt: skip
    return [
        *(_("A view of an applicant to %(program)s") % {"program": each.program.title}
          for each in views),
        *(_("An interview for %(program)s") % {"program": each.program.title} for each in held),
    ]  # fmt: skip
