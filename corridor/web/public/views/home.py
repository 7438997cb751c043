from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from corridor import rules
from corridor.accounts import queries as accounts
from corridor.candidates import queries as candidates
from corridor.common import switches
from corridor.places import queries as places
from corridor.programs import queries as programs
from corridor.web import present, readings


def home(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    hubs = list(places.hub_points())
    counts = programs.counts(today)
    return render(
        request,
        "public/home.html",
        {
            "map": present.hub_map(hubs, counts["hub"]),
            "sectors": [
                {"sector": sector, "count": counts["sector"].get(sector.slug, 0)}
                for sector in places.sectors()
            ],
            "kinds": [
                {"value": value, "label": label, "count": counts["kind"].get(value, 0)}
                for value, label in present.kind_options()
            ],
            "newest": [present.program_card(program) for program in programs.newest(today, 4)],
            "total": counts["total"],
            "hub_count": len(hubs),
            "pathway_count": len(rules.pathways()),
            "checked": present.day(readings.last_read()),
        },
    )


@login_required
def welcome(request: HttpRequest) -> HttpResponse:
    """Where a person lands after signing in: their own workplace. Who comes with an empty profile
    begins with a CV, or by hand from there."""
    if (candidate := candidates.of(request.user)) is not None:
        begins = candidates.says_nothing(candidate) and switches.is_on(
            switches.CV_READING, request.user
        )
        return redirect("candidate:cv" if begins else "candidate:home")
    organization = accounts.organizations_of(request.user).first()
    if organization is not None:
        return redirect("firm:home", slug=organization.slug)
    if request.user.is_staff:
        return redirect("staff:home")
    return redirect("public:organization_new")


def about(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "public/about.html",
        {"revision": rules.revision(), "contact": settings.SUPPORT_EMAIL},
    )


def design(request: HttpRequest) -> HttpResponse:
    return render(request, "public/design.html")
