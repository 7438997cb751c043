"""A person's own pages from the first day on: the start, check-ins, the certificate."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from corridor.applications import after, check_ins, pairs, placements, rosters, zones
from corridor.applications.models import Application, CheckIn, Pair, Placement, State
from corridor.candidates.models import Candidate
from corridor.web import arrival
from corridor.web.candidate.access import candidate_page
from corridor.web.candidate.arrival_forms import (
    CheckInForm,
    LeaveForm,
    SharingForm,
    ShowForm,
    StartForm,
)


@candidate_page
def start(request: HttpRequest, candidate: Candidate, pk: int) -> HttpResponse:
    """Confirm, or correct, the first day of an accepted application."""
    application = get_object_or_404(
        Application.objects.filter(candidate=candidate, state=State.ACCEPTED)
        .select_related("program__organization", "program__hub", "placement__certificate")
        .prefetch_related("offers"),
        pk=pk,
    )
    placement = getattr(application, "placement", None)
    form = StartForm(
        request.POST if request.method == "POST" else None,
        kind=application.program.kind, initial=arrival.start_of(application),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            made = placements.confirm_start(application, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(
                request, _("Your first day is confirmed. Check-ins will come here.")
                if made.is_confirmed
                else _("Your first day is confirmed. The host is asked to confirm it."),
            )  # fmt: skip
            return redirect("arrival:placement", made.pk)
    return render(request, "candidate/start.html",
                  {"application": application, "form": form, "placement": placement})  # fmt: skip


def _own(candidate: Candidate, pk: int) -> Placement:
    found = get_object_or_404(after.of_candidate(candidate), pk=pk)
    found.application.candidate = candidate
    return found


@candidate_page
def placement(request: HttpRequest, candidate: Candidate, pk: int) -> HttpResponse:
    found = _own(candidate, pk)
    today = timezone.localdate(timezone=zones.named(found.timezone))
    row = rosters.of_placement(found, day=today)
    taught = Pair.objects.filter(technician__placement=found).prefetch_related("goals")
    return render(
        request,
        "candidate/placement.html",
        {
            "placement": found,
            "program": found.application.program,
            "facts": arrival.facts(found),
            "check_ins": [arrival.check_in(each, today) for each in found.check_ins.all()],
            "certificate": arrival.certificate(found),
            "stay": arrival.stay_row(row) if row else None,
            "pairs": [pairs.row(each, day=today) for each in taught.select_related("organization")],
            "leave": LeaveForm(initial={"left_on": min(today, found.ends_on)}),
            "may_leave": found.left_on is None and found.started_on <= today
            and not hasattr(found, "certificate"),
            "stations": arrival.stations(found, today),
        },
    )  # fmt: skip


@require_POST
@candidate_page
def leave(request: HttpRequest, candidate: Candidate, pk: int) -> HttpResponse:
    found = _own(candidate, pk)
    form = LeaveForm(request.POST)
    try:
        if not form.is_valid():
            raise ValidationError(_("Please write a date as year-month-day."))
        placements.leave(found, by=request.user, left_on=form.cleaned_data["left_on"])
        messages.success(request, _("Noted. The host is told the new last day."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("arrival:placement", found.pk)


@require_POST
@candidate_page
def agree(request: HttpRequest, candidate: Candidate, pk: int) -> HttpResponse:
    """A technician agrees to a plan of teaching."""
    pair = get_object_or_404(
        Pair.objects.select_related("technician__placement"),
        pk=pk, technician__placement__application__candidate=candidate,
    )  # fmt: skip
    pairs.agree(pair, by=request.user, side=pairs.TECHNICIAN)
    messages.success(request, _("You agreed to the plan."))
    return redirect("arrival:placement", pair.technician.placement_id)


def _check_in(candidate: Candidate, pk: int) -> CheckIn:
    return get_object_or_404(
        CheckIn.objects.filter(placement__application__candidate=candidate).select_related(
            "placement__application__program__organization",
            "placement__application__program__hub",
            "placement__application__candidate__user",
        ),
        pk=pk,
    )


@candidate_page
def check_in(request: HttpRequest, candidate: Candidate, pk: int) -> HttpResponse:
    found = _check_in(candidate, pk)
    university = after.university_of(found.placement)
    given = after.answers_of(found)
    shared = {"university_sees": found.university_sees, "host_sees": found.host_sees}
    form = CheckInForm(
        request.POST if request.method == "POST" else None,
        university=university.name if university else "",
        initial={**given, **shared, "words": found.words},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            made = placements.answer(
                found, by=request.user, answers=form.answers(), words=form.cleaned_data["words"],
                **form.readers(),
            )  # fmt: skip
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Thank you. Your answers are kept as you chose."))
            if check_ins.worrying(after.answers_of(made)):
                messages.warning(
                    request, _("Something does not sound right. You can tell us in private: the "
                               "host does not learn of it.")
                )  # fmt: skip
                return redirect("problems:new")
            return redirect("arrival:placement", made.placement_id)
    today = timezone.localdate(timezone=zones.named(found.placement.timezone))
    return render(
        request, "candidate/check_in.html",
        {"check_in": arrival.check_in(found, today), "program": found.placement.application.program,
         "placement": found.placement, "form": form, "university": university,
         "said": check_ins.said(given), "words": found.words,
         "sharing": SharingForm(university=university.name if university else "", initial=shared)},
    )  # fmt: skip


@require_POST
@candidate_page
def share(request: HttpRequest, candidate: Candidate, pk: int) -> HttpResponse:
    found = _check_in(candidate, pk)
    university = after.university_of(found.placement)
    form = SharingForm(request.POST, university=university.name if university else "")
    if not form.is_valid():
        raise Http404
    try:
        placements.share(found, by=request.user, **form.readers())
        messages.success(request, _("Saved. It holds from now on."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("arrival:check_in", found.pk)


@candidate_page
def certificate(request: HttpRequest, candidate: Candidate, pk: int) -> HttpResponse:
    """The holder's certificate: to print, and to choose what its code shows."""
    found = _own(candidate, pk)
    held: Any = getattr(found, "certificate", None)
    if held is None:
        raise Http404
    form = ShowForm(
        request.POST if request.method == "POST" else None,
        initial={"is_public": held.is_public, "shows": held.shows},
    )
    if request.method == "POST" and form.is_valid():
        placements.show(held, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved. It holds from now on."))
        return redirect("arrival:certificate", found.pk)
    return render(
        request, "candidate/certificate.html",
        {"placement": found, "certificate": arrival.paper(held), "form": form},
    )  # fmt: skip


