"""Anybody reports a suspicious program, without an account."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from corridor.common import switches
from corridor.programs import queries, reporting
from corridor.programs.models import Program
from corridor.web.public.forms import ReportForm
from corridor.web.switched import while_on


@while_on(switches.REPORTING)
def report(request: HttpRequest, pk: int) -> HttpResponse:
    program = queries.page(request.user, pk)
    if program is None or program.status == Program.Status.DRAFT:
        raise Http404
    form = ReportForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            reporting.report(program, address=_address(request), **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect(f"{reverse('public:report', args=[pk])}?sent=1")
    return render(
        request, "public/report.html",
        {"program": program, "form": form, "sent": request.GET.get("sent") == "1"},
    )  # fmt: skip


def _address(request: HttpRequest) -> str:
    """Where the request comes from: behind our own proxy, what that one has seen."""
    seen = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        seen = request.headers.get("X-Forwarded-For", seen).rpartition(",")[2].strip() or seen
    return str(seen)
