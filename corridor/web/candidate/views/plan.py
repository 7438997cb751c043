from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from corridor.candidates.models import Candidate
from corridor.matching import queries as matching
from corridor.web import present
from corridor.web.candidate import plan as planning
from corridor.web.candidate.access import candidate_page

HUBS = 8


@candidate_page
def plan(request: HttpRequest, candidate: Candidate) -> HttpResponse:
    """What to learn next, and the hubs that fit: from one reading of the best programs."""
    today = timezone.localdate()
    found, hubs = matching.best_for(candidate, day=today, limit=planning.BEST, hubs=HUBS)
    lacking = planning.gaps(candidate, found)
    return render(
        request,
        "candidate/plan.html",
        {
            "looked_at": len(found),
            "gaps": planning.shown(lacking, day=today) if lacking else [],
            "hubs": hubs,
            "provisional": any(match.is_provisional for match in found),
            "day": present.day(today),
        },
    )
