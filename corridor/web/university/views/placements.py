"""A university's students after the start, and the check-ins that they share with it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from corridor.accounts.models import Organization
from corridor.applications import after
from corridor.web import arrival, present
from corridor.web.firm.access import Seat, page, workplace


@workplace()
def placements(request: HttpRequest, seat: Seat) -> HttpResponse:
    if seat.organization.kind != Organization.Kind.UNIVERSITY:
        raise Http404
    today = timezone.localdate()
    rows = []
    for each in after.at_university(request.user, seat.organization):
        held = getattr(each, "certificate", None)
        person = each.application.candidate.user
        rows.append({
            "name": person.name or person.name_roman, "program": each.application.program,
            "first": present.day(each.started_on),
            "last": present.day(each.left_on or each.ends_on),
            "is_over": (each.left_on or each.ends_on) < today,
            "completed": held is not None and held.revoked_at is None,
            "shared": [{**after.read(made, made.university_sees),
                        "head": arrival.check_in(made, today)}
                       for made in each.shared],  # type: ignore[attr-defined]
        })  # fmt: skip
    return page(request, seat, "university/placements.html", {"rows": rows, "part": "after"})
