"""The candidate records the steps of their visa route, and says who reads them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from corridor.applications import queries, visa_steps
from corridor.candidates.models import Candidate
from corridor.web import step_posts
from corridor.web.candidate.access import candidate_page
from corridor.web.candidate.views.applications import whole


def _back(pk: int) -> HttpResponse:
    return redirect(f"{reverse('candidate:application', args=[pk])}#steps")


@candidate_page
def step(request: HttpRequest, candidate: Candidate, pk: int) -> HttpResponse:
    """What is refused comes back on the application's page; its address alone leads there, too."""
    found = get_object_or_404(queries.of_candidate(candidate), pk=pk)
    if request.method != "POST":
        return _back(pk)
    refused = step_posts.record(request, found)
    if refused is None:
        return _back(pk)
    found = get_object_or_404(queries.of_candidate(candidate), pk=pk)  # as others left it
    shown = whole(request, found, refused)
    if not (shown.get("steps") or {}).get("form"):
        step_posts.cannot_be_shown(request, refused)
        return _back(pk)
    return render(request, "candidate/application.html", shown, status=422)


@require_POST
@candidate_page
def step_undo(request: HttpRequest, candidate: Candidate, pk: int, held: int) -> HttpResponse:
    step_posts.undo(request, get_object_or_404(queries.of_candidate(candidate), pk=pk), held)
    return _back(pk)


@require_POST
@candidate_page
def step_readers(request: HttpRequest, candidate: Candidate, pk: int) -> HttpResponse:
    found = get_object_or_404(queries.of_candidate(candidate), pk=pk)
    visa_steps.show(
        found, by=request.user, host="host" in request.POST, university="university" in request.POST
    )
    messages.success(request, _("Saved. It holds from now on."))
    return _back(pk)
