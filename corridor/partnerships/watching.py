"""What a day brings to agreements: warnings before the last day, the end, obligations due, late
milestones of joint research and reviews that wait.

A warning is a row of `Notice` that is one of its kind, so looking twice a day writes none twice.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from corridor.common import audit
from corridor.partnerships import notices, reviewing
from corridor.partnerships.models import (
    Agreement,
    Milestone,
    Notice,
    Obligation,
    PartnerQuery,
    ResearchProject,
    Review,
)
from corridor.partnerships.services.research import hold_projects

WARN_DAYS = (180, 90, 30)  # before the last day
DUTY_DAYS = 14
LATE_AGAIN = 30  # days after which a milestone that is still late is told again
REVIEW_WAITS = 14  # days
QUERY_DAYS = 30


def watch(day: date | None = None) -> dict[str, int]:
    day = day or timezone.localdate()
    return {
        "renew": _renewals(day), "expired": _expire(day), "duties": _duties(day),
        "milestones": _milestones(day), "reviews": _reviews(day), "queries": _forget(day),
    }  # fmt: skip


def _forget(day: date) -> int:
    """Words that nobody has looked for partners with in a month."""
    old = PartnerQuery.objects.filter(updated_at__date__lt=day - timedelta(days=QUERY_DAYS))
    return int(old.delete()[0])


def _renewals(day: date) -> int:
    """Warn at the nearest of WARN_DAYS that has been reached; one that was missed is not made up
    for by several at once. An agreement with a renewal on its way is left alone."""
    put = 0
    ending = (
        Agreement.objects.filter(
            status=Agreement.Status.ACTIVE, ends_on__gte=day,
            ends_on__lte=day + timedelta(days=max(WARN_DAYS)),
        )
        .exclude(renewals__status__in=["sent", "proposed", "active"])
        .select_related("korean_party", "us_party")
    )  # fmt: skip
    for agreement in ending:
        left = (agreement.ends_on - day).days
        step = min(days for days in WARN_DAYS if days >= left)
        put += notices.put(
            Notice.What.RENEW, agreement, to=[agreement.korean_party, agreement.us_party],
            about=f"{agreement.ends_on:%Y-%m-%d}/{step}",
        )  # fmt: skip
    return put


def _expire(day: date) -> int:
    ended = 0
    past = Agreement.objects.filter(status=Agreement.Status.ACTIVE, ends_on__lt=day)
    for pk in list(past.values_list("pk", flat=True)):
        with transaction.atomic():
            agreement = (
                past.select_for_update(of=("self",)).select_related("korean_party", "us_party")
                .filter(pk=pk).first()
            )  # fmt: skip
            if agreement is None:
                continue
            agreement.status = Agreement.Status.EXPIRED
            agreement.save(update_fields=["status", "updated_at"])
            audit.record("agreement.expired", agreement, by=None)
            hold_projects(agreement, None)
            notices.put(
                Notice.What.EXPIRED, agreement, to=[agreement.korean_party, agreement.us_party],
                about=f"{agreement.ends_on:%Y-%m-%d}",
            )  # fmt: skip
            ended += 1
    return ended


def _duties(day: date) -> int:
    """Remind the side that owes something: once within two weeks of its day."""
    put = 0
    due = Obligation.objects.filter(
        done_on=None, due_on__lte=day + timedelta(days=DUTY_DAYS),
        agreement__status=Agreement.Status.ACTIVE,
    ).select_related("agreement__korean_party", "agreement__us_party")  # fmt: skip
    for duty in due:
        put += notices.put(
            Notice.What.DUTY, duty.agreement, to=[duty.agreement.party(duty.side)],
            about=f"{duty.pk}/{duty.due_on:%Y-%m-%d}",
        )  # fmt: skip
    return put


def _milestones(day: date) -> int:
    """Tell both sides of a milestone that is past its day: on the next day, then every 30 days."""
    put = 0
    late = Milestone.objects.filter(
        done_on=None, due_on__lt=day, project__state=ResearchProject.State.UNDER_WAY
    ).select_related("project__agreement__korean_party", "project__agreement__us_party")
    for each in late:
        agreement = each.project.agreement
        times = ((day - each.due_on).days - 1) // LATE_AGAIN
        put += notices.put(
            Notice.What.MILESTONE_LATE, agreement, to=[agreement.korean_party, agreement.us_party],
            about=f"{each.pk}/{each.due_on:%Y-%m-%d}/{times}",
            values={"project": each.project_id, "milestone": each.pk},
        )  # fmt: skip
    return put


def _reviews(day: date) -> int:
    """Remind a side of a review that its project needs and that has waited: every two weeks."""
    put = 0
    projects = (
        ResearchProject.objects.exclude(state__in=ResearchProject.OVER)
        .exclude(agreement__status__in=Agreement.OVER)
        .filter(reviews__superseded_at=None, reviews__state__in=Review.WAITING)
        .distinct()
        .select_related("agreement__korean_party", "agreement__us_party")
        .prefetch_related("funding", "reviews__reviewer")
    )
    for project in projects:
        needed = reviewing.needs(reviewing.answers(project, project.funding.all()))
        for review in project.reviews.all():
            if review.superseded_at or not review.waits:
                continue
            since = timezone.localdate(review.asked_at or review.created_at)
            times = (day - since).days // REVIEW_WAITS
            if times and needed[review.kind, review.side].needed:
                review.project = project
                put += notices.put_review(
                    Notice.What.REVIEW_WAITS, review, about=f"{review.pk}/{since:%Y-%m-%d}/{times}"
                )
    return put
