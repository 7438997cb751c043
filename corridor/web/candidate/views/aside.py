from __future__ import annotations

import math
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from corridor.candidates import aside
from corridor.candidates.models import Candidate, PutAside
from corridor.matching import scoring, wording
from corridor.programs import queries as programs
from corridor.programs.models import Program
from corridor.web import present
from corridor.web.candidate.access import candidate_page


@require_POST
@candidate_page
def not_now(request: HttpRequest, candidate: Candidate, pk: int) -> HttpResponse:
    """Put a program aside with a reason, and say what that did."""
    program = programs.page(request.user, pk)
    if program is None:
        raise Http404
    try:
        made = aside.put_aside(
            candidate, program, by=request.user, reason=request.POST.get("reason", "")
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("candidate:matches")
    told = _("“%s” is put aside.") % program.title
    messages.success(request, f"{told} {lesson(made.taught, program)}")
    return redirect("candidate:put_aside")


@candidate_page
def put_aside(request: HttpRequest, candidate: Candidate) -> HttpResponse:
    """What was put aside, what each taught, and the way back."""
    if request.method == "POST":
        number = request.POST.get("program", "")[:18]
        if number.isdecimal() and aside.take_back(candidate, int(number), by=request.user):
            messages.success(request, _("It is in your list again. What it taught is forgotten."))
        return redirect("candidate:put_aside")
    return render(
        request,
        "candidate/put_aside.html",
        {"rows": [_row(each) for each in aside.of(candidate)]},
    )


def _row(each: PutAside) -> dict[str, Any]:
    return {
        "card": present.program_card(each.program),
        "reason": each.get_reason_display(),
        "day": present.moment(each.created_at),
        "lesson": lesson(each.taught, each.program),
        "to_profile": each.reason == PutAside.Reason.DATES,
        "to_questions": each.reason == PutAside.Reason.NOT_ALLOWED,
    }


def lesson(taught: str, program: Program) -> str:
    """What putting the program aside did to the order of the list, exactly."""
    which, _colon, _value = taught.partition(":")
    if not which:
        return _("It is hidden. Nothing else in your list has changed.")
    sector, hub = program.sector, program.hub
    names = {
        "kind": _("Programs of the kind “%s”") % program.get_kind_display(),
        "sector": _("Programs of the sector “%s”") % (sector.name if sector else ""),
        "hub": _("Programs in %s") % (hub.name if hub else ""),
    }
    wishes = {"kind": _("the kind"), "sector": _("the sector"), "hub": _("the place")}
    return _(
        "%(programs)s now earn nothing for the wish about %(wish)s in your list. That wish is "
        "%(share)s%% of the part “%(part)s”, at most %(points)s points of 100. Every other part "
        "fits as before, and no host sees it."
    ) % {
        "programs": names[which],
        "wish": wishes[which],
        "share": round(100 * scoring.WISHES[which]),
        "part": wording.PART_LABELS["preferences"],
        "points": most_points(which),
    }


def most_points(which: str) -> int:
    """The most that the score of 100 can lose when this wish earns nothing, rounded up."""
    raw = scoring.WEIGHTS["preferences"] * scoring.WISHES[which]
    steps = [at / 1000 for at in range(1001)]
    return math.ceil(100 * max(scoring.shown(at) - scoring.shown(at - raw) for at in steps))
