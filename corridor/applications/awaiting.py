"""How much waits for somebody between the application and the certificate: counts for to-do lists.

Counts only, one query a side; what stands behind each is read where it is shown.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, DateField, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from corridor.accounts.models import Organization
from corridor.applications import check_ins, queries
from corridor.applications.countersigned import queries as papers
from corridor.applications.models import (
    CANDIDATE,
    FINAL,
    Application,
    Interview,
    Offer,
    State,
)

RECENT = 14  # days for which a check-in that was shared is news to the host


def of_organization(user: Any, organization: Organization, *, today: date) -> dict[str, int]:
    """To a member: `papers` that wait for the organization, `starts` and `completions` that it is
    to confirm, and `shared` check-ins of the last days. Two queries.

    Check-ins that a candidate has not answered are not the host's to know.
    """
    here = _with_first_day(
        queries.as_host(user)
        .filter(state=State.ACCEPTED, program__organization=organization)
        .exclude(candidate__user=user)
    ).annotate(last=Coalesce("placement__left_on", "placement__ends_on"))
    shared = Q(placement__check_ins__answered_at__gte=timezone.now() - timedelta(days=RECENT))
    return {
        "papers": papers.awaiting(user, organization).order_by().count(),
        **here.aggregate(
            starts=Count("pk", distinct=True, filter=Q(
                placement__isnull=False, placement__confirmed_by_host_at=None
            ) | Q(placement=None, first__lte=today)),
            completions=Count("pk", distinct=True, filter=Q(
                placement__confirmed_by_host_at__isnull=False, last__lt=today,
                placement__certificate=None,
            )),
            shared=Count("placement__check_ins", distinct=True, filter=shared
                         & ~Q(placement__check_ins__host_sees="nothing")),
        ),
    }  # fmt: skip


def of_candidate(user: Any, *, today: date) -> int:
    """How many things of a person's applications are theirs to do now: offers to answer, interview
    times to choose, papers to sign, starts to confirm, check-ins that can be answered. One query,
    and a second where any application is open: every page of theirs asks this.
    """
    if not _any_open(user):
        return 0
    rule = check_ins.rules()
    slots = Interview.objects.filter(
        application=OuterRef("pk"), state=Interview.State.PROPOSED,
        slots__starts_at__gt=timezone.now(),
    )  # fmt: skip
    own = Application.objects.filter(candidate__user=user).exclude(state__in=FINAL)
    accepted = Q(state=State.ACCEPTED)
    due = Q(
        placement__confirmed_by_candidate_at__isnull=False,
        placement__check_ins__answered_at=None,
        placement__check_ins__due_on__lte=today + timedelta(days=check_ins.APART),
        placement__check_ins__due_on__gte=today - timedelta(days=rule["answer_for"]),
    )  # fmt: skip
    counted = _with_first_day(own).annotate(choosing=Exists(slots)).aggregate(
        offers=Count("pk", distinct=True, filter=Q(state=State.OFFERED)
                     & (Q(answer_by=None) | Q(answer_by__gte=today))),
        interviews=Count("pk", distinct=True, filter=Q(
            state=State.INTERVIEW, choosing=True
        )),
        papers=Count("papers", distinct=True, filter=Q(papers__turn=CANDIDATE)),
        starts=Count("pk", distinct=True, filter=accepted & (
            Q(placement__isnull=False, placement__confirmed_by_candidate_at=None)
            | Q(placement=None, first__lte=today)
        )),
        check_ins=Count("placement__check_ins", distinct=True, filter=accepted & due),
    )  # fmt: skip
    return sum(counted.values())


def _any_open(user: Any) -> bool:
    """(One plain query: every page of a candidate asks it.)"""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM applications_application AS application"
            " JOIN candidates_candidate AS candidate ON candidate.id = application.candidate_id"
            " WHERE candidate.user_id = %s AND application.state <> ALL (%s))",
            [user.pk, list(FINAL)],
        )
        (found,) = cursor.fetchone()
    return bool(found)


def _with_first_day(applications: QuerySet[Application]) -> QuerySet[Application]:
    """`first`: the day of the accepted offer, else of the program."""
    offered = Offer.objects.filter(application=OuterRef("pk"), state=Offer.State.ACCEPTED)
    return applications.annotate(
        first=Coalesce(
            Subquery(offered.values("starts_on")[:1], output_field=DateField()),
            F("program__starts_on"),
        )
    )
