"""Joint research of one's agreements, whichever side posted it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from corridor.partnerships import queries
from corridor.partnerships.models import Agreement
from corridor.programs import queries as programs
from corridor.programs.kinds import Kind
from corridor.programs.models import Program
from corridor.web import present
from corridor.web.firm.access import Seat, page, workplace


@workplace()
def research(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Joint research of one's agreements, whichever side posted it, and of one's own."""
    own = list(queries.of_organization(request.user, seat.organization))
    seen = programs.visible_to(request.user).filter(kind=Kind.JOINT_RESEARCH)
    found = (
        seen.filter(agreement__in=own) | seen.filter(organization=seat.organization)
    ).distinct()
    listed = found.select_related(*programs.RELATED, "agreement").order_by(
        "status", "-updated_at", "pk"
    )
    return page(
        request,
        seat,
        "university/research.html",
        {
            "rows": [_study(seat, program) for program in listed],
            "agreements": [
                each for each in own
                if not each.is_over
                and each.kind in {Agreement.Kind.RESEARCH, Agreement.Kind.MOU}
            ],
        },
    )  # fmt: skip


def _study(seat: Seat, program: Program) -> dict[str, Any]:
    return {
        "program": program,
        "when": present.when(program),
        "theme": program.details.get("theme") or program.summary,
        "people": [
            program.details[name] for name in ("korean_pi", "us_pi") if program.details.get(name)
        ],
        "places": [
            program.details[name]
            for name in ("korean_institution", "us_institution")
            if program.details.get(name)
        ],
        "is_mine": program.organization_id == seat.organization.pk,
    }
