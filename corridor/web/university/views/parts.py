"""What belongs to an agreement: contacts, papers and obligations, added and taken away."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from corridor.partnerships import services
from corridor.partnerships.models import Agreement
from corridor.web.files import download
from corridor.web.firm.access import Seat, workplace
from corridor.web.university.forms import ContactForm, ObligationForm, PaperForm
from corridor.web.university.views.agreements import own, shown

_FORMS: dict[str, tuple[str, Any]] = {
    "contacts": ("contact_form", ContactForm),
    "duties": ("duty_form", ObligationForm),
    "papers": ("paper_form", PaperForm),
}


@require_POST
@workplace(write=True)
def add(request: HttpRequest, seat: Seat, pk: int, part: str) -> HttpResponse:
    found = own(request, seat, pk)
    name, kind = _FORMS[part]
    form = kind(request.POST, request.FILES) if part == "papers" else kind(request.POST)
    if form.is_valid():
        try:
            _add(request, seat, found, part, form.cleaned_data)
        except ValidationError as error:
            told = error if hasattr(error, "error_dict") else error.messages
            form.add_error(None, told)
        else:
            messages.success(request, _("Saved."))
            return _back(seat, pk, part)
    return shown(request, seat, found, **{name: form})


def _add(request: HttpRequest, seat: Seat, found: Agreement, part: str, said: Any) -> None:
    side = found.side_of(seat.organization)
    if part == "contacts":
        services.add_contact(found, by=request.user, side=side, **said)
    elif part == "duties":
        services.add_obligation(found, by=request.user, **said)
    else:
        services.add_paper(
            found, by=request.user, side=side, kind=said["kind"], upload=said["file"]
        )


@require_POST
@workplace(write=True)
def change(request: HttpRequest, seat: Seat, pk: int, part: str, row: int) -> HttpResponse:
    """Take one away; an obligation may also be marked as done, or opened again."""
    found = get_object_or_404(getattr(own(request, seat, pk), part), pk=row)
    removing: dict[str, Any] = {
        "contacts": services.remove_contact, "papers": services.remove_paper,
        "duties": services.remove_obligation,
    }  # fmt: skip
    try:
        if part == "duties" and "done" in request.POST:
            services.mark_done(found, by=request.user, done=request.POST["done"] == "1")
        else:
            removing[part](found, by=request.user)
        messages.success(request, _("Saved."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return _back(seat, pk, part)


@workplace()
def paper(request: HttpRequest, seat: Seat, pk: int, row: int) -> HttpResponse:
    return download(get_object_or_404(own(request, seat, pk).papers, pk=row))


def _back(seat: Seat, pk: int, part: str) -> HttpResponse:
    url = reverse("university:agreement", args=[seat.organization.slug, pk])
    return redirect(f"{url}#{part}")
