"""What a form about visa steps sends, written for whichever side sends it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from corridor.applications import visa_steps
from corridor.applications.models import Application, StepRecord
from corridor.web.recorded import StepForm


def record(request: HttpRequest, application: Application) -> StepForm | None:
    """None where it was recorded; else the form as it was sent, with what is to be mended."""
    form = StepForm(request.POST)
    if not form.is_valid():
        return form
    step, _slash, mark = form.cleaned_data["what"].partition("/")
    try:
        visa_steps.record(
            application, by=request.user, pathway=request.POST.get("pathway", "")[:60],
            step=step, mark=mark, day=form.cleaned_data["day"], version=_version(request),
        )  # fmt: skip
    except ValidationError as error:
        form.add_error(None, error)
        return form
    messages.success(request, _("Recorded. The days of the steps that remain follow it."))
    return None


def cannot_be_shown(request: HttpRequest, form: StepForm) -> None:
    """Says what was refused where the page has no such form any more."""
    told = [error for errors in form.errors.values() for error in errors]
    messages.error(request, " ".join(map(str, told)))


def undo(request: HttpRequest, application: Application, pk: int) -> None:
    held = get_object_or_404(
        StepRecord.objects.filter(application=application).select_related("application"), pk=pk
    )
    try:
        visa_steps.undo(held, by=request.user, version=_version(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Taken back. The days follow."))


def _version(request: HttpRequest) -> int | None:
    written = request.POST.get("version", "")
    return int(written) if written.isdecimal() else None
