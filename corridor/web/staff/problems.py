"""Staff read and answer what people tell them in private; every look is kept in the audit log."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from corridor.applications import after, check_ins, problems
from corridor.applications.models import CheckIn, Problem
from corridor.web import present
from corridor.web.candidate.views.problems import contacts, thread
from corridor.web.staff.access import page, staff_page

MOST_CLOSED = 30


@never_cache
@staff_page
def index(request: HttpRequest) -> HttpResponse:
    """The queue, the nearest promise first; whom it concerns is read on each one's own page."""
    now = timezone.now()
    today = timezone.localdate(now)
    open_ = after.problem_queue(request.user).exclude(state=Problem.State.CLOSED)
    closed = after.problem_queue(request.user).filter(state=Problem.State.CLOSED)
    return page(
        request, "staff/problems.html",
        {"rows": [_row(each, now) for each in open_],
         "closed": [_row(each, now) for each in closed.order_by("-closed_at")[:MOST_CLOSED]],
         "check_ins": [_waiting(each, today) for each in missed(request.user, today)],
         "promised": problems.promised()},
    )  # fmt: skip


def missed(user: Any, today: date) -> QuerySet[CheckIn]:
    """Check-ins that nobody has answered for so long that staff look after them, while they can
    still be answered."""
    rule = check_ins.rules()
    return after.waiting_check_ins(
        user, before=today - timedelta(days=rule["tell_staff_after"] - 1)
    ).filter(due_on__gte=today - timedelta(days=rule["answer_for"]))


@never_cache
@staff_page
def one(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(after.problem_queue(request.user), pk=pk)
    text = ""
    if request.method == "POST":
        text = request.POST.get("text", "")
        try:
            problems.write(found, by=request.user, text=text)
            messages.success(request, _("Sent. The person is told that there is an answer."))
            return redirect("staff:problem", pk)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
    person = found.person
    return page(
        request, "staff/problem.html",
        {"problem": _row(found, timezone.now()), "text": text,
         "thread": thread(problems.look(found, by=request.user)),
         "person": {"name": person.name or person.name_roman, "email": person.email,
                    "language": person.get_language_display()},
         "contacts": contacts()},
    )  # fmt: skip


@require_POST
@staff_page
def close(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(after.problem_queue(request.user), pk=pk)
    try:
        problems.close(found, by=request.user)
        messages.success(request, _("Closed. The person can open it again by writing."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("staff:problem", pk)


def _row(problem: Problem, now: datetime) -> dict[str, Any]:
    placement, due = problem.placement, problem.answer_by
    late = due is not None and due < now
    left = ""
    if due is not None:
        hours = int((due - now).total_seconds() // 3600)
        left = _("past the promise") if late else (
            ngettext("%d hour left", "%d hours left", hours) % hours)  # fmt: skip
    return {
        "it": problem, "kind": problem.get_kind_display(), "word": problem.get_state_display(),
        "made": present.moment(problem.created_at), "late": late, "left": left,
        "answer_by": present.moment(due), "host": placement.application.program.host_name
        if placement else "", "program": placement.application.program if placement else None,
    }  # fmt: skip


def _waiting(check_in: CheckIn, today: Any) -> dict[str, Any]:
    application = check_in.placement.application
    person = application.candidate.user
    return {
        "name": person.name or person.name_roman, "email": person.email,
        "host": application.program.host_name, "kind": check_in.get_kind_display(),
        "due": present.day(check_in.due_on), "days": (today - check_in.due_on).days,
    }  # fmt: skip
