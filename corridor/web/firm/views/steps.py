"""A host records the steps of a visa route that are its own, its sponsor's or an authority's."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from corridor.web import step_posts
from corridor.web.firm import applied
from corridor.web.firm.access import Seat, workplace
from corridor.web.firm.views.applicants import whole


def _back(seat: Seat, pk: int) -> HttpResponse:
    return redirect(f"{reverse('firm:application', args=[seat.organization.slug, pk])}#steps")


@workplace(write=True)
def step(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    """What is refused comes back in the application's file; its address alone leads there, too."""
    found = applied.one(request, seat, pk)
    if request.method != "POST":
        return _back(seat, pk)
    refused = step_posts.record(request, found)
    if refused is None:
        return _back(seat, pk)
    found = applied.one(request, seat, pk)  # as others left it
    shown = whole(seat, found, refused=refused)
    if not any((route.get("steps") or {}).get("form") for route in shown["routes"]):
        step_posts.cannot_be_shown(request, refused)
        return _back(seat, pk)
    return applied.page(request, seat, "firm/application.html", found, shown, status=422)


@require_POST
@workplace(write=True)
def step_undo(request: HttpRequest, seat: Seat, pk: int, held: int) -> HttpResponse:
    step_posts.undo(request, applied.one(request, seat, pk), held)
    return _back(seat, pk)
