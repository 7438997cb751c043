"""A posting on its way to be published: judged while it is typed, seen as candidates will see it,
and begun from one of the organization's own."""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from corridor.programs import queries as programs
from corridor.programs import services
from corridor.web import autosaving
from corridor.web.firm import drafting, posting
from corridor.web.firm.access import Seat, workplace
from corridor.web.firm.advice import advice
from corridor.web.firm.views.posting import agreements_of, own, standing
from corridor.web.public.views.programs import shown_to


@require_POST
@workplace(write=True, staff=True)
def program_live(request: HttpRequest, seat: Seat, pk: int, section: str) -> HttpResponse:
    """What has been typed so far (htmx): the advice on it, and a draft is kept where it is whole.

    Nothing is removed here. The panel comes back only where it says something else than the page
    already shows, so that what a reader has opened in it stays open.
    """
    if section not in posting.ORDER:
        raise Http404
    program = own(request, seat, pk)
    request.POST = autosaving.without_removals(request.POST)  # type: ignore[assignment]
    shown = posting.section(request, program, section, agreements_of(request, seat))
    shown.is_valid()
    typed = shown.typed(program)
    told = advice(typed, day=timezone.localdate())
    context: dict[str, Any] = {
        "organization": seat.organization,
        "program": typed,
        "advice": told,
        "section": section,
        "now": timezone.localtime(),
        **drafting.keep(request, program, shown),
    }
    stored = own(request, seat, pk)
    context["parts"] = standing(stored)
    panel = render_to_string("firm/_advice.html", context, request)
    context["mark"] = mark_of(panel)
    if request.POST.get("advice_mark") != context["mark"]:
        context["panel"] = panel
    return render(request, "firm/_live.html", context)


def mark_of(panel: str) -> str:
    return hashlib.blake2b(panel.encode(), digest_size=8).hexdigest()


@workplace()
def program_preview(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    """The public page, exactly as a visitor reads it, under a banner. For the team alone."""
    program = programs.page(request.user, pk)
    if program is None or program.organization_id != seat.organization.pk:
        raise Http404
    shown = shown_to(request, program, candidate=None)
    shown["asking"]["action"] = reverse("public:program", args=[pk])
    return render(
        request,
        "public/program.html",
        {**shown, "preview": True, "is_open": True, "can_edit": False, "job_posting": ""},
    )


@require_POST
@workplace(write=True)
def program_duplicate(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    program = own(request, seat, pk)
    try:
        made = services.duplicate(program, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("firm:program_edit", seat.organization.slug, pk)
    messages.success(
        request,
        _("A new draft was made from it. Dates are empty, and visa questions are asked anew."),
    )  # fmt: skip
    return redirect("firm:program_edit", seat.organization.slug, made.pk)
