"""One received application as its pages share it: who may see it, its tabs and its head."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from corridor.applications import permissions, queries
from corridor.applications.countersigned import queries as papers
from corridor.applications.models import HOST, Application
from corridor.programs import queries as programs
from corridor.programs.models import Program
from corridor.web import journey
from corridor.web.firm.access import Seat
from corridor.web.firm.access import page as desk


def own_program(request: HttpRequest, seat: Seat, pk: int) -> Program:
    return get_object_or_404(programs.of_organization(request.user, seat.organization), pk=pk)


def received(request: HttpRequest, seat: Seat) -> QuerySet[Application]:
    """Applications to this organization whose consent stands; never the member's own one."""
    return (
        queries.as_host(request.user)
        .filter(program__organization=seat.organization)
        .exclude(candidate__user=request.user)
    )


def one(request: HttpRequest, seat: Seat, pk: int) -> Application:
    return get_object_or_404(
        received(request, seat)
        .select_related("candidate__user", "program__organization", "program__hub__state",
                        "program__sector", "consent")
        .prefetch_related("documents", "events"),
        pk=pk,
    )  # fmt: skip


def page(
    request: HttpRequest, seat: Seat, template: str, found: Application, context: dict[str, Any],
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    """A page about `found` under its name, its line and its tabs."""
    names = [
        (_("Application file"), "firm:application"),
        (_("Scores"), "firm:scores"),
        (_("Interview"), "firm:interview"),
        (_("Offer"), "firm:offer"),
        (_("Papers"), "papers:of_application"),
    ]
    parts = []
    for label, name in names:
        url = reverse(name, args=[seat.organization.slug, found.pk])
        parts.append({"label": label, "url": url, "current": request.path == url, "count": ""})
    if not any(part["current"] for part in parts):
        parts[0]["current"] = True  # a form of the file that came back
    return desk(
        request,
        seat,
        template,
        {
            "application": found,
            "program": found.program,
            "candidate": found.candidate,
            "person": found.candidate.user,
            "stations": journey.stations(
                found, found.events.all(), side=HOST,
                papers=papers.shown_to(papers.of_application(found), HOST),
            ),
            "parts": parts,
            "can_decide": permissions.can_decide(request.user, found),
            **context,
        },
        status,
    )  # fmt: skip
