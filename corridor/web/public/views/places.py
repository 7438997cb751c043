from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from corridor.places import queries as places
from corridor.places.models import Hub
from corridor.programs import queries as programs
from corridor.web import present


def hubs(request: HttpRequest) -> HttpResponse:
    counts = programs.counts(timezone.localdate())["hub"]
    found = list(places.hubs())
    states: dict[str, list[Hub]] = {}
    for hub in found:
        states.setdefault(hub.state.name, []).append(hub)
    return render(
        request,
        "public/hubs.html",
        {
            "map": present.hub_map(found, counts),
            "states": [
                {
                    "name": name,
                    "hubs": [
                        {"hub": hub, "count": counts.get(hub.slug, 0),
                         "sectors": list(hub.sectors.all())}
                        for hub in members
                    ],
                }
                for name, members in sorted(states.items())
            ],
        },
    )  # fmt: skip


def hub(request: HttpRequest, slug: str) -> HttpResponse:
    try:
        found = places.hub_by_slug(slug)
    except Hub.DoesNotExist:
        raise Http404 from None
    listed = programs.published(timezone.localdate()).filter(hub=found)
    return render(
        request,
        "public/hub.html",
        {
            "hub": found,
            "locator": present.locator(found),
            "sectors": list(found.sectors.all()),
            "anchors": list(found.anchors.all()),
            "projects": list(found.projects.all()),
            "programs": [
                present.program_card(program)
                for program in listed.select_related(*programs.RELATED)[:20]
            ],
            "total": listed.count(),
        },
    )


def sector(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(places.sectors(), slug=slug)
    listed = programs.published(timezone.localdate()).filter(sector=found)
    return render(
        request,
        "public/sector.html",
        {
            "sector": found,
            "hubs": list(found.hubs.select_related("state").order_by("name_en")),
            "projects": list(places.projects().filter(sector=found)),
            "programs": [
                present.program_card(program)
                for program in listed.select_related(*programs.RELATED)[:12]
            ],
            "total": listed.count(),
        },
    )
