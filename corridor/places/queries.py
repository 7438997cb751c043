"""Reads of the ground. All of it is public, so no reader is asked for.

Each function costs a constant number of queries, however many rows there are: ``sectors`` one,
``hubs`` and ``nearest_hubs`` four (hubs with their states, sectors, anchors, projects with
theirs), ``hub_by_slug`` the same four.
"""

from django.db.models import Prefetch, QuerySet

from corridor.places.distance import kilometers
from corridor.places.models import Hub, InvestmentProject, Sector, State


def sectors() -> QuerySet[Sector]:
    """The twelve sectors, in their fixed order."""
    return Sector.objects.order_by("order")


def states() -> QuerySet[State]:
    return State.objects.order_by("name_en")


def hubs() -> QuerySet[Hub]:
    """All hubs with state, sectors, anchors and projects at hand."""
    return (
        Hub.objects.select_related("state")
        .prefetch_related(
            "sectors",
            "anchors",
            Prefetch("projects", queryset=InvestmentProject.objects.select_related("sector")),
        )
        .order_by("name_en")
    )


def hub_by_slug(slug: str) -> Hub:
    """One hub with all that its page shows. Raises ``Hub.DoesNotExist``."""
    hub: Hub = hubs().get(slug=slug)
    return hub


def projects() -> QuerySet[InvestmentProject]:
    """All investment projects with hub, state and sector, the newest announcement first."""
    return InvestmentProject.objects.select_related("hub__state", "sector").order_by(
        "-announced_on", "slug"
    )


def nearest_hubs(lat: float, lon: float, limit: int = 5) -> list[Hub]:
    """The hubs nearest to a point (degrees), nearest first; each carries ``distance_km``."""
    found = list(hubs())
    for hub in found:
        hub.distance_km = kilometers(lat, lon, hub.latitude, hub.longitude)  # type: ignore[attr-defined]
    found.sort(key=lambda hub: hub.distance_km)  # type: ignore[attr-defined]
    return found[:limit]


def hub_points() -> QuerySet[Hub]:
    """Hubs with their state alone, for maps and lists of choices: one query."""
    return Hub.objects.select_related("state").order_by("name_en")
