"""A host proposes interview times, changes them, calls the interview off."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from corridor.applications import interviews
from corridor.applications.models import HOST, Interview, State
from corridor.web import hiring
from corridor.web.firm import applied
from corridor.web.firm.access import Seat, workplace
from corridor.web.firm.hiring_forms import InterviewForm

_OPEN = (State.SUBMITTED, State.UNDER_REVIEW, State.INTERVIEW)


@workplace()
def interview(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    found = applied.one(request, seat, pk)
    current = interviews.current(found)
    form = InterviewForm(
        request.POST if request.method == "POST" else None, program=found.program,
        initial={
            "version": found.version,
            **({"form": current.form, "minutes": current.minutes, "where": current.where}
               if current else {}),
        },
    )  # fmt: skip
    if request.method == "POST" and not seat.can_edit:
        raise PermissionDenied
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            interviews.propose(
                found, by=request.user, times=given["times"], minutes=given["minutes"],
                form=given["form"], where=given["where"], note=given["note"],
                version=given["version"],
            )  # fmt: skip
        except ValidationError as error:
            form.add_error(None, error.messages)
            found = applied.one(request, seat, pk)
        else:
            messages.success(request, _("The times are proposed. The candidate is told."))
            return redirect("firm:interview", seat.organization.slug, pk)
    return applied.page(
        request, seat, "firm/interview.html", found,
        {
            "interview": hiring.interview(current, found),
            "form": form,
            "can_propose": seat.can_edit and found.state in _OPEN,
        },
    )  # fmt: skip


@require_POST
@workplace(write=True)
def interview_cancel(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    found = applied.one(request, seat, pk)
    current = interviews.current(found)
    if current is None:
        raise Http404
    try:
        interviews.cancel(current, by=request.user, note=request.POST.get("note", ""))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The interview is called off. The candidate is told."))
    return redirect("firm:interview", seat.organization.slug, pk)


@workplace()
def interview_ics(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    found = applied.one(request, seat, pk)
    current = interviews.current(found)
    if current is None or current.state != Interview.State.SET:
        raise Http404
    return hiring.calendar(current, reader=request.user, address=hiring.page_of(found, HOST))
