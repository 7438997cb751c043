"""Joint research of one's agreements: projects, and what was posted by whichever side."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from corridor.partnerships import queries
from corridor.partnerships.models import Agreement, Review
from corridor.programs import queries as programs
from corridor.programs.kinds import Kind
from corridor.programs.models import Program
from corridor.web import present
from corridor.web.firm.access import Seat, page, workplace

PROGRAMS = 50
# What a card of joint research reads.
_LISTED = (
    "title_ko", "title_en", "summary_ko", "summary_en", "details", "kind", "status", "starts_on",
    "ends_on", "is_sample", "updated_at", "organization_id", "agreement__title_ko",
    "agreement__title_en",
)  # fmt: skip


@workplace()
def research(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Projects, and joint research posted under one's agreements or by oneself."""
    own = list(queries.of_organization(request.user, seat.organization))
    seen = programs.visible_to(request.user).filter(kind=Kind.JOINT_RESEARCH)
    found = (
        seen.filter(agreement__in=own) | seen.filter(organization=seat.organization)
    ).distinct()
    listed = found.select_related("agreement").only(*_LISTED)
    posted = list(listed.order_by("status", "-updated_at", "pk"))
    shown = Paginator(posted, PROGRAMS).get_page(request.GET.get("page"))
    return page(
        request,
        seat,
        "university/research.html",
        {
            "rows": [_study(seat, program) for program in shown],
            "page": shown,
            "projects": _projects(request, seat),
            "agreements": [
                each for each in own
                if not each.is_over
                and each.kind in {Agreement.Kind.RESEARCH, Agreement.Kind.MOU}
            ],
        },
    )  # fmt: skip


def _projects(request: HttpRequest, seat: Seat) -> list[dict[str, Any]]:
    """Each with its partner, milestones that are late and reviews of our side that wait."""
    late = Q(milestones__done_on=None, milestones__due_on__lt=timezone.localdate())
    waits = Q(reviews__superseded_at=None, reviews__state=Review.State.IN_REVIEW)
    counted = queries.projects_of(request.user, seat.organization).annotate(
        late=Count("milestones", filter=late, distinct=True),
        done=Count("milestones", filter=Q(milestones__done_on__isnull=False), distinct=True),
        in_all=Count("milestones", distinct=True),
        in_review=Count("reviews", filter=waits, distinct=True),
    )
    made = []
    for each in counted.order_by("-created_at", "-pk"):
        side = each.agreement.side_of(seat.organization)
        other = Agreement.Side.US if side == Agreement.Side.KR else Agreement.Side.KR
        made.append({"project": each, "partner": each.agreement.party(other)})
    return made


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
