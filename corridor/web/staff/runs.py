"""Staff: matching runs over everybody, and one of them watched, paused, resumed or canceled."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.timesince import timeuntil
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from corridor.matching import record, services
from corridor.matching.models import Run
from corridor.web.staff.access import page, staff_page

RUNS = 20
_ACTS: dict[str, Callable[..., Run]] = {
    "pause": services.pause_run,
    "resume": services.resume_run,
    "cancel": services.cancel_run,
}


@staff_page
def runs(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        try:
            asked = services.start_run(by=request.user)
        except ValidationError as error:
            messages.info(request, error.messages[0])
            return redirect("staff:runs")
        messages.success(request, _("The run is asked for. It starts when a worker is free."))
        return redirect("staff:run", asked.pk)
    found = list(record.visible_to(request.user)[:RUNS])
    return page(request, "staff/runs.html", {"runs": found})


@staff_page
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """One run. While it is under way its progress is asked for again every two seconds; when its
    state has changed since (`was`), the whole page is."""
    found = get_object_or_404(record.visible_to(request.user), pk=pk)
    now = record.progress(found)
    left = now.seconds_left
    answer = page(
        request,
        "staff/runs_one.html",
        {
            "run": found,
            "progress": now,
            "left": None if left is None or left < 60 else timeuntil(now.ends_at, depth=2),
            "problem": record.problem_of(found),
        },
    )
    if request.headers.get("HX-Request") and request.GET.get("was") not in (None, found.state):
        answer["HX-Refresh"] = "true"
    return answer


@require_POST
@staff_page
def act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    if act not in _ACTS:
        raise Http404
    found = get_object_or_404(record.visible_to(request.user), pk=pk)
    before = found.state
    after = _ACTS[act](found, by=request.user)
    if after.state == before:
        messages.info(request, _("The run had gone on meanwhile; nothing was changed."))
    return redirect("staff:run", pk)
