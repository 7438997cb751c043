"""A program that is no longer offered: what the people concerned still read of it, and others.

A program closed by its host stays public, with the day and what that means for one's application.
One that staff took down is kept from everybody but those who need it: who applied, who nominated a
student for it, and its host. They read title, host and kind as they were, and nothing that
moderation took away.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor.accounts.models import Organization
from corridor.applications import queries as applications
from corridor.applications.models import OPEN, Application, State
from corridor.candidates.models import Candidate
from corridor.common.language import pick
from corridor.partnerships import queries as partnerships
from corridor.programs import queries as programs
from corridor.programs.models import Program, Review
from corridor.web import present


def page(request: HttpRequest, review: Review, candidate: Candidate | None) -> HttpResponse:
    """The page of a program that staff took down; 410 to those whom it does not concern."""
    program = review.program
    similar = cards(program, of_host=False)  # until staff have decided about one of its programs
    application = last(candidate, program) if candidate is not None else None
    nominated = list(partnerships.nominators(request.user, program))
    if application is None and not nominated:
        answer = render(request, "public/not_listed.html", {"similar": similar}, status=410)
    else:
        answer = render(
            request, "public/taken_down.html",
            {
                "title": _title(review), "program": program, "day": _day(review),
                "application": told(application, is_down=True) if application else None,
                "nominated": [_nominated(each) for each in nominated],
                "similar": similar,
            },
        )  # fmt: skip
    answer["X-Robots-Tag"] = "noindex"
    return answer


def cards(program: Program, *, of_host: bool = True) -> list[dict[str, Any]]:
    found = programs.similar(program, day=timezone.localdate(), of_host=of_host)
    return [present.program_card(each) for each in found]


def last(candidate: Candidate, program: Program) -> Application | None:
    """The candidate's newest application to the program, whatever became of it."""
    return applications.of_candidate(candidate).filter(program=program).first()


def told(application: Application, *, is_down: bool) -> dict[str, Any]:
    """{url, label, state, means}: what it means for an application that its program has ended."""
    return {
        "url": reverse("candidate:application", args=[application.pk])
        if application.state != State.DRAFT else reverse("candidate:applications"),
        "label": _("See my application") if application.state != State.DRAFT
        else _("See my applications"),
        "state": application.get_state_display(),
        "means": _down(application) if is_down else _closed(application),
    }  # fmt: skip


def _down(application: Application) -> list[str]:
    if application.state == State.DRAFT:
        return [_("Your draft was never sent: the host has not seen it. It cannot be sent while "
                  "the program is down.")]  # fmt: skip
    if application.state not in OPEN:
        return [_("Your application had ended before. Nothing is asked of you.")]
    return [
        _("Your application is kept as you sent it. You can withdraw it at any time."),
        _("Until you hear from us, pay nothing, send no passport and book no flight for it."),
        _("If somebody has asked you for money or papers, keep the messages: they help us."),
        _("If our staff opens the program again, your application goes on where it stands."),
    ]  # fmt: skip


def _closed(application: Application) -> list[str]:
    if application.state == State.DRAFT:
        return [_("Your draft was not sent, and it cannot be sent any more.")]
    if application.state == State.ACCEPTED:
        return [_("Your accepted offer holds. Closing only means that nobody else can apply.")]
    if application.state == State.OFFERED:
        return [_("Your offer holds until the day by which you were asked to answer.")]
    if application.state not in OPEN:
        return [_("Your application had ended before. Nothing is asked of you.")]
    if application.due_on is None:
        return [_("Your application goes on; the host still owes you an answer.")]
    if application.due_on < timezone.localdate():
        return [_("Your application goes on. The host’s answer is late, and our staff follows it "
                  "up.")]  # fmt: skip
    return [
        _("Your application goes on; the host still owes you an answer by %s.")
        % present.day(application.due_on)
    ]


def _nominated(university: Organization) -> dict[str, str]:
    return {
        "name": university.name,
        "url": reverse("university:nominations", args=[university.slug]),
    }


def _title(review: Review) -> str:
    """As it read on the day it was taken down, whatever its draft says today."""
    kept = {name: review.approved.get(name, "") for name in ("title_ko", "title_en")}
    return pick(SimpleNamespace(**kept), "title") if any(kept.values()) else review.program.title


def _day(review: Review) -> str:
    return present.day(timezone.localdate(review.decided_at)) if review.decided_at else ""
