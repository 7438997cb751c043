"""Anybody reports a suspicious program: no account is asked for, and no host learns who did."""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Min, Q, QuerySet
from django.db.models.functions import Least
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from corridor.common import audit
from corridor.programs import checking
from corridor.programs.models import Program, Report, Review

MOST_OPEN = 100  # open reports of one program; more would say nothing new


def sender(address: str) -> str:
    """Tells two senders apart within one day. Without our key it cannot be led back to the
    address, and from day to day it is another."""
    day = timezone.now().date().isoformat()
    return salted_hmac("corridor.report", f"{day}/{address}", algorithm="sha256").hexdigest()


@transaction.atomic
def report(program: Program, *, reason: str, text: str, contact: str, address: str) -> Report:
    """Keep a report. The same sender's second one on a program takes the first one's place.

    Raises ValidationError where one sender reports too many programs in an hour.
    """
    if reason not in dict(checking.choices("report")):
        raise ValidationError({"reason": _("Choose what is wrong.")})
    if reason == checking.OWN_WORDS and not text.strip():
        raise ValidationError({"text": _("Say in a few words what is wrong.")})
    by, now = sender(address), timezone.now()
    mine = Report.objects.filter(program=program, sender=by, settled_at=None).first()
    if mine is None:
        lately = Report.objects.filter(sender=by, at__gt=now - timedelta(hours=1)).count()
        full = program.reports.filter(settled_at=None).count() >= MOST_OPEN
        if lately >= checking.data()["reports_an_hour"] or full:
            raise ValidationError(
                _("Many reports have come from here in the last hour. Please try again later.")
            )
        mine = Report(program=program, sender=by)
    mine.reason, mine.text, mine.contact = reason, text.strip(), contact.strip()
    mine.full_clean()
    mine.save()
    audit.record("program.reported", program, by=None, report=mine.pk, reason=reason)
    return mine


def queue() -> QuerySet[Program]:
    """Programs that wait for staff, by a review or by reports: each carries `asked_at` (None where
    it waits by reports alone), `reported` and `reported_at`; what waits longest first."""
    waits = Review.objects.filter(state=Review.State.WAITING).values("program")
    reported = Report.objects.filter(settled_at=None).values("program")
    return (
        Program.objects.filter(Q(pk__in=waits) | Q(pk__in=reported))
        .select_related("organization", "hub")
        .annotate(
            asked_at=Min("reviews__asked_at", filter=Q(reviews__state=Review.State.WAITING)),
            reported=Count("reports", filter=Q(reports__settled_at=None), distinct=True),
            reported_at=Min("reports__at", filter=Q(reports__settled_at=None)),
        )
        .annotate(since=Least("asked_at", "reported_at"))  # in PostgreSQL nulls do not count
        .order_by("since", "pk")
    )
