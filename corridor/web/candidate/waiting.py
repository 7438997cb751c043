"""What waits for a person: of each application, nomination and problem, what is theirs to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor.applications import after
from corridor.applications.countersigned import queries
from corridor.applications.models import CANDIDATE, Application, Interview, Problem, State
from corridor.candidates.models import Candidate
from corridor.partnerships import queries as partnerships
from corridor.partnerships.models import Nomination
from corridor.web import present
from corridor.web.candidate import journeys

# How long the answer to a problem stands here, unless it is settled or answered back before.
_ANSWER_STANDS = timedelta(days=30)


def of(
    candidate: Candidate, under_way: Sequence[Application], *, day: date, alone: bool = True
) -> list[dict[str, Any]]:
    """{text, url, icon, by} each, what ends first at the top. As many queries whatever waits.

    `alone`: the person reads it themselves; staff who look as them learn of no private problem.
    """
    prefetch_related_objects(
        list(under_way), "interviews__slots", "offers", "papers__versions", "papers__third",
        "placement__check_ins",
    )  # fmt: skip
    rows: list[tuple[date, dict[str, Any]]] = []
    for application in under_way:
        row = _of_application(application, day)
        if row is not None:
            rows.append(row)
        rows += _after_the_offer(application, day)
    for nomination in partnerships.nominations_of(candidate.user):
        if nomination.state == Nomination.State.ASKED:
            text = _("Say whether %(university)s may nominate you for “%(title)s”") % {
                "university": nomination.university.name, "title": nomination.program.title,
            }  # fmt: skip
            rows.append(_row(text, reverse("student:university"), "school", None))
    answered = after.problems_of(candidate.user).filter(
        state=Problem.State.ANSWERED, updated_at__gte=timezone.now() - _ANSWER_STANDS
    )
    for problem in answered if alone else ():
        # What it is about is not said here: others may see the screen.
        text = _("Corridor’s staff have answered you: read it, and close it when it is settled")
        rows.append(_row(text, reverse("problems:one", args=[problem.pk]), "document", None))
    rows.sort(key=lambda row: row[0])
    return [row for _by, row in rows]


def _of_application(application: Application, day: date) -> tuple[date, dict[str, Any]] | None:
    title = {"title": application.program.title}
    page = reverse("candidate:application", args=[application.pk])
    if application.state == State.OFFERED:
        by = application.answer_by
        if by is not None and by < day:
            return None  # it cannot be accepted any more; the page says what can be done
        return _row(_("Answer the offer: “%(title)s”") % title, f"{page}#offer", "handshake", by)
    if application.state == State.INTERVIEW:
        meetings = list(application.interviews.all())
        if meetings and meetings[-1].state == Interview.State.PROPOSED:
            ahead = [
                slot.starts_at for slot in meetings[-1].slots.all()
                if slot.starts_at > timezone.now()
            ]  # fmt: skip
            by = timezone.localdate(max(ahead)) if ahead else None
            said = _("Choose an interview time: “%(title)s”") % title
            return _row(said, f"{page}#interview", "calendar", by)
    if application.state == State.DRAFT:
        by = application.program.apply_by
        if by is None or by >= day:
            address = reverse("candidate:apply", args=[application.program_id])
            return _row(_("Send your application: “%(title)s”") % title, address, "edit", by)
    return None


def _after_the_offer(
    application: Application, day: date
) -> Iterator[tuple[date, dict[str, Any]]]:
    """Papers to sign, the start to confirm, check-ins to answer."""
    papers = queries.shown_to(list(application.papers.all()), CANDIDATE)
    for each in papers:
        each.application = application
    for icon, found in (
        ("document", journeys.of_papers(papers, day)),
        ("calendar", journeys.of_placement(application, day)),
    ):
        for due in found:
            if due.yours and due.url:
                text = f"{due.title}: “{application.program.title}”"
                yield _row(text, due.url, icon, due.day)


def _row(text: str, url: str, icon: str, by: date | None) -> tuple[date, dict[str, Any]]:
    said = _("by %s") % present.day(by) if by else ""
    return by or date.max, {"text": text, "url": url, "icon": icon, "by": said}
