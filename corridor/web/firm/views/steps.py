"""A host records the steps of a visa route that are its own, its sponsor's or an authority's."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from corridor.web import step_posts
from corridor.web.firm import applied
from corridor.web.firm.access import Seat, workplace


def _back(seat: Seat, pk: int) -> HttpResponse:
    return redirect(f"{reverse('firm:application', args=[seat.organization.slug, pk])}#steps")


@require_POST
@workplace(write=True)
def step(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    step_posts.record(request, applied.one(request, seat, pk))
    return _back(seat, pk)


@require_POST
@workplace(write=True)
def step_undo(request: HttpRequest, seat: Seat, pk: int, held: int) -> HttpResponse:
    step_posts.undo(request, applied.one(request, seat, pk), held)
    return _back(seat, pk)
