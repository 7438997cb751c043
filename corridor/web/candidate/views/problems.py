"""A private way to raise a problem, for everybody who is signed in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from corridor.applications import after, problems
from corridor.applications.models import Placement, Problem
from corridor.web import present
from corridor.web.candidate.arrival_forms import ProblemForm, ReachForm

_TONES = {Problem.State.OPEN: "condition", Problem.State.ANSWERED: "accent",
          Problem.State.CLOSED: "quiet"}  # fmt: skip


@never_cache
@login_required
def index(request: HttpRequest) -> HttpResponse:
    return render(
        request, "candidate/problems.html",
        {"rows": [_row(each) for each in after.problems_of(request.user)],
         "contacts": contacts()},
    )  # fmt: skip


@never_cache
@login_required
def new(request: HttpRequest) -> HttpResponse:
    own = {
        str(each.pk): each
        for each in Placement.objects.filter(
            application__candidate__user=request.user
        ).select_related("application__program__organization", "application__candidate")
    }
    form = ProblemForm(
        request.POST if request.method == "POST" else None,
        placements=[(pk, f"{each.application.program.title} ({each.application.program.host_name})")
                    for pk, each in own.items()],
        initial={"placement": next(iter(own), "")},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        given: dict[str, Any] = {**form.cleaned_data}
        given["placement"] = own.get(given.get("placement", ""))
        try:
            made = problems.raise_problem(by=request.user, **given)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Our staff have it now. Nobody else was told."))
            return redirect("problems:one", made.pk)
    return render(
        request, "candidate/problem_new.html",
        {"form": form, "contacts": contacts(), "promised": problems.promised()},
    )


@never_cache
@login_required
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own thread; a further message opens it again."""
    found = get_object_or_404(after.problems_of(request.user), pk=pk)
    text = ""
    if request.method == "POST":
        text = request.POST.get("text", "")
        try:
            problems.write(found, by=request.user, text=text)
            messages.success(request, _("Sent to our staff."))
            return redirect("problems:one", found.pk)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
    return render(
        request, "candidate/problem.html",
        {"problem": _row(found), "text": text, "contacts": contacts(),
         "messages_": thread(found.messages.all()),
         "reach": ReachForm(initial={"host_may_know": found.host_may_know,
                                     "university_may_know": found.university_may_know})},
    )  # fmt: skip


@require_POST
@login_required
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Close it, or choose anew whom staff may speak with."""
    found = get_object_or_404(after.problems_of(request.user), pk=pk)
    if "close" in request.POST:
        problems.close(found, by=request.user)
        messages.success(request, _("Closed. Write again at any time to open it."))
    else:
        form = ReachForm(request.POST)
        form.is_valid()
        problems.allow(found, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved. It holds from now on."))
    return redirect("problems:one", found.pk)


def thread(rows: Any) -> list[dict[str, Any]]:
    return [
        {"text": each.text, "at": present.moment(each.at), "by_staff": each.by_staff}
        for each in rows
    ]


def _row(problem: Problem) -> dict[str, Any]:
    placement = problem.placement
    return {
        "it": problem, "kind": problem.get_kind_display(), "word": problem.get_state_display(),
        "tone": _TONES[Problem.State(problem.state)], "made": present.moment(problem.created_at),
        "answer_by": present.moment(problem.answer_by),
        "program": placement.application.program if placement else None,
    }  # fmt: skip


def contacts() -> list[dict[str, Any]]:
    """Whom to call, each with its source and the day it was read."""
    words = {"primary": _("Primary source"), "secondary": _("Secondary source"),
             "background": _("Background knowledge")}  # fmt: skip
    return [
        {**each, "evidence": words[each["evidence"]], "read_on": present.day(each["read_on"])}
        for each in problems.contacts()
    ]
