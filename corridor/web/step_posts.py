"""What a form about visa steps sends, written for whichever side sends it."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from corridor.applications import visa_steps
from corridor.applications.models import Application, StepRecord


def record(request: HttpRequest, application: Application) -> None:
    posted = request.POST
    try:
        visa_steps.record(
            application, by=request.user, pathway=posted.get("pathway", "")[:60],
            step=posted.get("step", "")[:60], mark=posted.get("mark", "")[:60],
            day=_day(posted.get("day", "")), version=_version(request),
        )  # fmt: skip
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Recorded. The days of the steps that remain follow it."))


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


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise ValidationError(_("Please write a date as year-month-day.")) from None


def _version(request: HttpRequest) -> int | None:
    written = request.POST.get("version", "")
    return int(written) if written.isdecimal() else None
