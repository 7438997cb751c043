"""The task check of a dispatch program, and the papers that come out of it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils import timezone

from corridor import rules
from corridor.matching.dispatch import duty_check
from corridor.programs import queries as programs
from corridor.programs.kinds import Kind
from corridor.programs.models import Program
from corridor.web import dispatch as shown
from corridor.web import present
from corridor.web.firm import papers
from corridor.web.firm.access import Seat, page, workplace


def _checked(request: HttpRequest, seat: Seat, pk: int) -> tuple[Program, rules.DutyCheck]:
    """A dispatch of this organization and its check; 404 for any other program."""
    found = programs.of_organization(request.user, seat.organization).filter(kind=Kind.DISPATCH)
    program = get_object_or_404(
        found.select_related("hub__state").prefetch_related("duties", "requirements"), pk=pk
    )
    check = duty_check(program, day=timezone.localdate())
    if check is None:
        raise Http404
    return program, check


@workplace(staff=True)
def dispatch(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    program, check = _checked(request, seat, pk)
    return page(
        request,
        seat,
        "firm/dispatch.html",
        {
            "program": program,
            "check": shown.standing(program, check),
            "can_write": shown.ground_of(check) is not None,
            "clause": papers.clause(),
        },
    )


@workplace(staff=True)
def dispatch_letter(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    return page(request, seat, "firm/dispatch_letter.html", _letter(request, seat, pk))


@workplace(staff=True)
def dispatch_letter_text(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    context = _letter(request, seat, pk)
    if context["letter"] is None:
        raise Http404
    return _download("firm/dispatch_letter.txt", context, f"letter-of-support-{pk}.txt")


@workplace(staff=True)
def dispatch_checklist(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    return page(request, seat, "firm/dispatch_checklist.html", _checklist(request, seat, pk))


@workplace(staff=True)
def dispatch_checklist_text(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    context = _checklist(request, seat, pk)
    if context["phases"] is None:
        raise Http404
    return _download("firm/dispatch_checklist.txt", context, f"traveler-checklist-{pk}.txt")


def _letter(request: HttpRequest, seat: Seat, pk: int) -> dict[str, Any]:
    """A letter is written only where no duty and no known fact closes B-1: it must be true."""
    program, check = _checked(request, seat, pk)
    ground = shown.ground_of(check)
    return {
        **_frame(program, check, ground),
        "letter": papers.letter(program, ground.pathway) if ground else None,
    }


def _checklist(request: HttpRequest, seat: Seat, pk: int) -> dict[str, Any]:
    program, check = _checked(request, seat, pk)
    ground = shown.ground_of(check)
    return {
        **_frame(program, check, ground),
        "phases": papers.checklist(program, ground.pathway) if ground else None,
        "duties": list(program.duties.all()),
        "clause": papers.clause() if ground and ground.pathway == "b1_installer" else None,
    }


def _frame(
    program: Program, check: rules.DutyCheck, ground: rules.RouteCheck | None
) -> dict[str, Any]:
    lang = present.language()
    return {
        "program": program,
        "ground": {
            "name": ground.name(lang), "state": present.STATES[ground.display],
            "why": ground.why(lang),
        } if ground else None,
        "closing": [] if ground else shown.closing(check),
        "day": present.day(check.day),
        "revision": check.revision,
    }  # fmt: skip


def _download(template: str, context: dict[str, Any], name: str) -> HttpResponse:
    text = render_to_string(template, context).strip() + "\n"
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
