"""A host takes its program out of staff's queue."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from corridor.programs import moderation
from corridor.programs import queries as programs
from corridor.web.firm.access import Seat, workplace


@require_POST
@workplace(write=True)
def program_take_back(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    found = get_object_or_404(programs.of_organization(request.user, seat.organization), pk=pk)
    moderation.take_back(found, by=request.user)
    messages.success(request, _("It is a draft again. Publish it when it is ready."))
    return redirect("firm:program_edit", seat.organization.slug, pk)
