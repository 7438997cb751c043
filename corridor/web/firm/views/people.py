"""A host after the start: who is here, what they share, and the certificate at the end."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from corridor.applications import after, placements
from corridor.applications.models import Application, Placement
from corridor.web import arrival, present
from corridor.web.candidate.arrival_forms import StartForm
from corridor.web.firm.access import Seat, page, workplace
from corridor.web.firm.after_forms import CertificateForm, RevokeForm


@workplace()
def people(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Everybody who accepted an offer, those who wait for this host first."""
    today = timezone.localdate()
    rows = [_row(each, today) for each in after.at_host(request.user, seat.organization)]
    rows.sort(key=lambda each: each["order"])
    return page(request, seat, "firm/people.html", {"rows": rows, "part": "people"})


def _row(application: Application, today: Any) -> dict[str, Any]:
    placement: Placement | None = getattr(application, "placement", None)
    held = getattr(placement, "certificate", None) if placement else None
    offered = arrival.start_of(application)
    first, last = offered["started_on"], offered["ends_on"]
    order, tone, word = 3, "", _("Has not begun")
    if placement.confirmed_by_host_at is None if placement else first and first <= today:
        order, tone, word = 0, "now", _("Confirm the first day")
    elif placement is not None:
        last = placement.left_on or placement.ends_on
        if held is not None:
            order, tone, word = 5, "quiet", _("Certificate revoked") if held.revoked_at else (
                _("Completed"))  # fmt: skip
        elif last < today:
            order, tone, word = 1, "condition", _("Confirm the completion")
        elif placement.confirmed_by_candidate_at is None:
            order, tone, word = 2, "condition", _("Waits for the participant")
        else:
            order, tone, word = 2, "accent", _("Under way")
    person = application.candidate.user
    return {
        "pk": application.pk, "name": person.name or person.name_roman,
        "roman": person.name_roman if person.name else "", "program": application.program,
        "first": present.day(placement.started_on if placement else first),
        "last": present.day(last), "word": word, "tone": tone, "order": (order, str(first or "")),
        "shared": len(placement.shared) if placement else 0,  # type: ignore[attr-defined]
        "sample": application.candidate.is_sample,
    }  # fmt: skip


def _one(request: HttpRequest, seat: Seat, pk: int) -> Application:
    return get_object_or_404(after.at_host(request.user, seat.organization), pk=pk)


@workplace()
def person(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    """One person: the start to confirm, what they share, the certificate."""
    found = _one(request, seat, pk)
    if request.method == "POST" and not seat.can_edit:
        raise PermissionDenied
    form = StartForm(
        request.POST if request.method == "POST" else None,
        kind=found.program.kind, initial=arrival.start_of(found),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            placements.confirm_start(found, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Confirmed. The participant is told."))
            return redirect("after:person", seat.organization.slug, pk)
    return _page(request, seat, found, start=form)


def _page(
    request: HttpRequest, seat: Seat, found: Application, *, start: StartForm | None = None,
    certificate: CertificateForm | None = None,
) -> HttpResponse:  # fmt: skip
    placement: Placement | None = getattr(found, "placement", None)
    if placement is not None:
        placement.application = found
    held = getattr(placement, "certificate", None) if placement else None
    today = timezone.localdate()
    over = placement is not None and (placement.left_on or placement.ends_on) <= today
    may_certify = (
        placement is not None and placement.is_confirmed and over
        and (held is None or held.revoked_at is not None)
    )  # fmt: skip
    if may_certify and certificate is None and placement is not None:
        certificate = CertificateForm(initial=CertificateForm.suggested(placement))
    return page(
        request, seat, "firm/person.html",
        {
            "application": found, "person": found.candidate.user, "program": found.program,
            "placement": placement,
            "facts": arrival.facts(placement) if placement else [],
            "stations": arrival.stations(placement, today) if placement else [],
            "start": start or StartForm(kind=found.program.kind,
                                        initial=arrival.start_of(found)),
            "to_confirm": placement is None or placement.confirmed_by_host_at is None,
            "shared": [after.read(each, each.host_sees) for each in placement.shared]  # type: ignore[attr-defined]
            if placement else [],
            "held": arrival.paper(held) if held else None,
            "certify": certificate if may_certify else None,
            "over": over,
            "revoke": RevokeForm(),
        },
    )  # fmt: skip


@require_POST
@workplace(write=True)
def certify(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    found = _one(request, seat, pk)
    placement = get_object_or_404(Placement, application=found)
    form = CertificateForm(request.POST)
    if form.is_valid():
        given = dict(form.cleaned_data)
        try:
            placements.certify(placement, by=request.user, skill_ids=given.pop("skills"), **given)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The certificate is made, and its holder is told."))
            return redirect("after:person", seat.organization.slug, pk)
    return _page(request, seat, found, certificate=form)


@require_POST
@workplace(write=True)
def revoke(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    found = _one(request, seat, pk)
    held = getattr(getattr(found, "placement", None), "certificate", None)
    if held is None:
        return redirect("after:person", seat.organization.slug, pk)
    try:
        placements.revoke(held, by=request.user, why=request.POST.get("why", ""))
        messages.success(request, _("Revoked. The holder is told why."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(f"{reverse('after:person', args=[seat.organization.slug, pk])}#certificate")
