"""Agreements between two institutions and the joint research made under them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from corridor.partnerships import queries, services
from corridor.partnerships.models import Agreement
from corridor.places import queries as places
from corridor.programs import queries as programs
from corridor.programs.kinds import Kind
from corridor.programs.models import Program
from corridor.web import present
from corridor.web.firm.access import Seat, page, workplace
from corridor.web.university.forms import AgreementForm

RENEW_WITHIN = 180  # days before its end from which an agreement asks to be renewed
# The program that an agreement's kind is made for; the others may carry research too.
_KINDS = {
    Agreement.Kind.CURRICULUM: Kind.JOINT_CURRICULUM,
    Agreement.Kind.INTERNSHIP: Kind.INTERNSHIP,
}
_ORDER = [Agreement.Status.PROPOSED, Agreement.Status.DRAFT, Agreement.Status.ACTIVE,
          Agreement.Status.ENDED]  # fmt: skip


@workplace()
def agreements(request: HttpRequest, seat: Seat) -> HttpResponse:
    listed = sorted(
        queries.of_organization(request.user, seat.organization),
        key=lambda each: _ORDER.index(Agreement.Status(each.status)),
    )
    today = timezone.localdate()
    return page(
        request,
        seat,
        "university/agreements.html",
        {"rows": [_row(seat, each, today) for each in listed]},
    )


def _row(seat: Seat, agreement: Agreement, today: date) -> dict[str, Any]:
    mine, theirs = _confirmations(seat, agreement)
    left = (agreement.ends_on - today).days if agreement.ends_on else None
    active = agreement.status == Agreement.Status.ACTIVE
    return {
        "agreement": agreement,
        "partner": _partner(seat, agreement),
        "ends_on": present.day(agreement.ends_on),
        "days_left": left,
        "renew": active and left is not None and 0 <= left <= RENEW_WITHIN,
        "over": active and left is not None and left < 0,
        "my_turn": agreement.status != Agreement.Status.ENDED and not mine,
        "mine": mine,
        "theirs": theirs,
    }


def _partner(seat: Seat, agreement: Agreement) -> Any:
    own = agreement.korean_party_id == seat.organization.pk
    return agreement.us_party if own else agreement.korean_party


def _confirmations(seat: Seat, agreement: Agreement) -> tuple[Any, Any]:
    """When this side and the other one confirmed."""
    sides = agreement.korean_confirmed_at, agreement.us_confirmed_at
    return sides if agreement.korean_party_id == seat.organization.pk else (sides[1], sides[0])


def _own(request: HttpRequest, seat: Seat, pk: int) -> Agreement:
    return get_object_or_404(queries.of_organization(request.user, seat.organization), pk=pk)


@workplace(write=True)
def agreement_new(request: HttpRequest, seat: Seat) -> HttpResponse:
    form = AgreementForm(
        request.POST if request.method == "POST" else None, organization=seat.organization
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = services.save_agreement(
                None, by=request.user, organization=seat.organization, **form.cleaned_data
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("The draft is kept. Confirm it to propose it."))
            return redirect("university:agreement", seat.organization.slug, made.pk)
    return page(request, seat, "university/agreement_edit.html", {"form": form})


@workplace(write=True)
def agreement_edit(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    found = _own(request, seat, pk)
    confirmed = found.korean_confirmed_at or found.us_confirmed_at
    title = found.title
    form = AgreementForm(
        request.POST if request.method == "POST" else None,
        instance=found,
        organization=seat.organization,
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.save_agreement(found, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(
                request,
                _("Saved. Both sides have to confirm it again.") if confirmed else _("Saved."),
            )
            return redirect("university:agreement", seat.organization.slug, pk)
    return page(
        request,
        seat,
        "university/agreement_edit.html",
        {"form": form, "agreement": found, "title": title, "confirmed": confirmed},
    )


@workplace()
def agreement(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    found = _own(request, seat, pk)
    row = _row(seat, found, timezone.localdate())
    kind = _KINDS.get(Agreement.Kind(found.kind), Kind.JOINT_RESEARCH)
    under = (
        programs.visible_to(request.user)
        .filter(agreement=found)
        .select_related(*programs.RELATED)
        .order_by("status", "-updated_at")
    )
    names = {sector.slug: sector.name for sector in places.sectors()}
    return page(
        request,
        seat,
        "university/agreement.html",
        {
            **row,
            "sides": [
                {"party": found.korean_party, "at": found.korean_confirmed_at},
                {"party": found.us_party, "at": found.us_confirmed_at},
            ],
            "sectors": [names[slug] for slug in found.sectors if slug in names],
            "programs": [
                {**present.program_card(program), "status": program.get_status_display(),
                 "is_mine": program.organization_id == seat.organization.pk}
                for program in under
            ],
            "kind": kind,
            "kind_label": Kind(kind).label,
        },
    )  # fmt: skip


@require_POST
@workplace(write=True)
def agreement_confirm(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    try:
        done = services.confirm(_own(request, seat, pk), by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(
            request,
            _("Confirmed by both sides: the agreement is active.")
            if done.status == Agreement.Status.ACTIVE
            else _("Confirmed for your side. Your partner can confirm it now."),
        )
    return redirect("university:agreement", seat.organization.slug, pk)


@require_POST
@workplace(write=True)
def agreement_end(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    found = _own(request, seat, pk)
    if found.status == Agreement.Status.ENDED:
        messages.info(request, _("It has ended already."))
    else:
        services.end(found, by=request.user)
        messages.success(request, _("The agreement is ended. Programs under it go on."))
    return redirect("university:agreement", seat.organization.slug, pk)


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
                if each.status != Agreement.Status.ENDED
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
