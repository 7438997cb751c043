"""Somebody closes their account, and what Corridor keeps of them is deleted a week later.

The week is there so that hosts are told (their mails read the application), and so that a mistake
can be mended: staff let the person in again. After it the profile, the evidence, the documents,
the applications with their papers and messages, and the account itself are gone. What stays names
nobody: rows of the log, and the copies that hosts, sponsors and universities have made themselves.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import structlog
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import ProtectedError, RestrictedError
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor.accounts import queries as accounts
from corridor.accounts import services as account_services
from corridor.accounts.models import User
from corridor.applications import colleagues, queries, services
from corridor.applications.models import OPEN, Application, Placement, Scorecard, State
from corridor.candidates import permissions
from corridor.candidates import services as candidate_services
from corridor.candidates.models import Candidate, Document
from corridor.common import audit

WAITS = timedelta(days=7)  # from closing to deleting
log = structlog.get_logger(__name__)


def to_withdraw(candidate: Candidate, *, day: date) -> list[Application]:
    """The candidate's open applications, without those whose stay is over on `day`."""
    found = queries.of_candidate(candidate).filter(state__in=OPEN).select_related("placement")
    return [each for each in found if not (each.has_begun and _last_day(each.placement) < day)]


def _last_day(placement: Placement) -> date:
    return placement.left_on or placement.ends_on


@transaction.atomic
def close_account(candidate: Candidate, *, by: User) -> datetime:
    """Withdraw what is open (each host is told), hide the profile and end the sign-in at once;
    gives the moment after which everything is deleted.

    Raises ValidationError for who is at work now, and for the last owner of an organization.
    """
    if not permissions.owns(by, candidate):
        raise PermissionDenied
    _may_leave(by)
    for application in to_withdraw(candidate, day=timezone.localdate()):
        if application.has_begun:
            raise ValidationError(
                _("You are at %(host)s now. Tell your actual last day on the page of your "
                  "placement first: then the account can be closed the day after it.")
                % {"host": application.program.host_name}
            )  # fmt: skip
        to = State.DECLINED if application.state == State.OFFERED else State.WITHDRAWN
        services.move(application, by=by, to=to)
    if candidate.visibility != Candidate.Visibility.PRIVATE:
        candidate_services.set_visibility(
            candidate, by=by, visibility=Candidate.Visibility.PRIVATE
        )
    return _close(by)


@transaction.atomic
def close_own(user: User, *, by: User) -> datetime:
    """The same for somebody without a candidate's profile, such as a member of a host."""
    if by.pk != user.pk or Candidate.objects.filter(user=user).exists():
        raise PermissionDenied
    _may_leave(by)
    return _close(by)


def _may_leave(user: User) -> None:
    if user.is_staff:
        raise ValidationError(_("An account of our staff is closed by another member of staff."))
    if alone := accounts.owned_alone(user):
        raise ValidationError(
            _("You are the only owner of %(name)s. Please make somebody else its owner first.")
            % {"name": alone[0].name}
        )


def _close(user: User) -> datetime:
    colleagues.leave(user)
    return account_services.close(user) + WAITS


def delete_closed(now: datetime | None = None) -> int:
    """Delete who closed their account a week ago, each in a transaction of its own. Safe to run
    twice; whoever was let in again in the meantime stays, also where staff pause them later."""
    User.objects.filter(closed_at__isnull=False, is_active=True).update(closed_at=None)
    until = (now or timezone.now()) - WAITS
    closed = User.objects.filter(closed_at__lte=until, is_active=False)
    return sum(_delete(pk) for pk in closed.values_list("pk", flat=True))


def _delete(pk: int) -> bool:
    try:
        with transaction.atomic():
            user = User.objects.select_for_update().filter(pk=pk, is_active=False).first()
            if user is None or user.closed_at is None:
                return False
            audit.record("account.deleted", user, by=None)
            files = [held.file for held in Document.objects.filter(candidate__user=user)]
            Candidate.objects.filter(user=user).delete()  # first: its papers hold the consents
            Scorecard.objects.filter(reviewer=user, submitted_at=None).delete()
            user.delete()
            for stored in files:
                transaction.on_commit(lambda stored=stored: stored.storage.delete(stored.name))
            return True
    except (ProtectedError, RestrictedError) as problem:
        log.error("account not deleted", user=pk, held_by=type(problem).__name__)
        return False
