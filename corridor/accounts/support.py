"""Staff look at the site as one person, to help: read-only, for half an hour, with a reason.

A visit is told in the audit log at its start, at its end and for each page, and to the person.
"""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor.accounts import permissions
from corridor.accounts.models import SupportVisit, User
from corridor.common import audit

LONGEST = timedelta(minutes=30)
SHORTEST_REASON = 10  # letters


def may_visit(by: User, person: User) -> bool:
    """Never other staff, whose rights would come with their eyes, nor a closed account."""
    return (
        permissions.is_staff(by)
        and by.is_active
        and person.is_active
        and not person.is_staff
        and not person.is_superuser
        and by.pk != person.pk
    )


@transaction.atomic
def begin(person: User, *, by: User, reason: str) -> SupportVisit:
    """Raises PermissionDenied for staff's eyes, ValidationError for a reason that says nothing."""
    if not may_visit(by, person):
        raise PermissionDenied
    if len(reason.strip()) < SHORTEST_REASON:
        raise ValidationError(
            {"reason": _("Say in a sentence why you need to look: the person reads it.")}
        )
    now = timezone.now()
    for open_ in SupportVisit.objects.filter(by=by, ended_at=None):
        end(open_)
    visit = SupportVisit.objects.create(
        by=by, person=person, reason=reason.strip(), started_at=now, until=now + LONGEST
    )
    audit.record("support.begun", visit, by=by, person=person.pk)
    return visit


@transaction.atomic
def end(visit: SupportVisit) -> None:
    """Safe to call twice."""
    visit = SupportVisit.objects.select_for_update(no_key=True).get(pk=visit.pk)
    if visit.ended_at is None:
        visit.ended_at = min(timezone.now(), visit.until)
        visit.save(update_fields=["ended_at"])
        audit.record("support.ended", visit, by=visit.by, person=visit.person_id)


def saw(visit: SupportVisit, page: str) -> None:
    """A page was shown. `page` is its address without what was asked for."""
    audit.record("support.page", visit, by=visit.by, person=visit.person_id, page=page[:200])


def under_way(pk: int, *, by: User) -> SupportVisit | None:
    """The visit of a session, while it holds: not ended, not over, and both still may."""
    visit = SupportVisit.objects.select_related("person").filter(pk=pk, by=by).first()
    if visit is None or visit.ended_at is not None or visit.until <= timezone.now():
        return None
    return visit if may_visit(by, visit.person) else None


def visits_to(person: User) -> QuerySet[SupportVisit]:
    """Who of our staff looked at a person's pages, the latest first."""
    return SupportVisit.objects.filter(person=person)


def visits_visible_to(user: User) -> QuerySet[SupportVisit]:
    """All visits, to staff alone."""
    if not permissions.is_staff(user):
        return SupportVisit.objects.none()
    return SupportVisit.objects.select_related("by", "person")
