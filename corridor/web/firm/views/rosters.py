"""A firm's dispatch roster: travelers, days, last days; and pairs with local apprentices."""

from __future__ import annotations

import csv
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from corridor.applications import pairs, rosters
from corridor.applications.models import Pair, Traveler, TravelStay
from corridor.programs.kinds import Kind
from corridor.programs.models import Program
from corridor.web import arrival
from corridor.web.firm.access import Seat, page, workplace
from corridor.web.firm.after_forms import PairForm, StayForm, TravelerForm


def _programs(seat: Seat) -> list[Program]:
    return list(
        Program.objects.filter(organization=seat.organization, kind=Kind.DISPATCH).exclude(
            status=Program.Status.DRAFT
        )
    )


def _chosen(request: HttpRequest, programs: list[Program]) -> Program | None:
    asked = request.GET.get("program", "")
    return next((each for each in programs if str(each.pk) == asked), None)


@workplace()
def roster(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Everybody on it, what needs attention first, with a form that adds somebody."""
    organization, today = seat.organization, timezone.localdate()
    if request.method == "POST" and not seat.can_edit:
        raise PermissionDenied
    form = TravelerForm(
        request.POST if request.method == "POST" else None, organization=organization,
        instance=Traveler(organization=organization),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            made = rosters.save_traveler(None, organization=organization, by=request.user,
                                         **form.cleaned_data)  # fmt: skip
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("On the roster. Now enter the stay."))
            return redirect("after:traveler", organization.slug, made.pk)
    programs = _programs(seat)
    chosen = _chosen(request, programs)
    found = rosters.roster(request.user, organization, day=today, program=chosen)
    return page(
        request, seat, "firm/roster.html",
        {
            "rows": [arrival.stay_row(each) for each in found],
            "unlisted": list(rosters.unlisted(request.user, organization)),
            "pairs": pairs.of_organization(request.user, organization, day=today),
            "programs": programs, "chosen": chosen, "form": form, "part": "roster",
            "attention": sum(each.count is not None and each.count.state in ("over", "near")
                             for each in found),
        },
    )  # fmt: skip


@workplace()
def roster_csv(request: HttpRequest, seat: Seat) -> HttpResponse:
    """One line a stay, days counted as on the page; opens in spreadsheet programs."""
    organization, today = seat.organization, timezone.localdate()
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="dispatch-roster.csv"'
    write = csv.writer(answer).writerow
    write(["traveler", "program", "route", "entered_on", "planned_exit", "actual_exit",
           "admit_until", "day_of_stay", "last_day", "last_day_by", "longest_by_law", "days_left",
           "state", "days_last_365", "as_of"])  # fmt: skip
    chosen = _chosen(request, _programs(seat))
    for row in rosters.roster(request.user, organization, day=today, program=chosen):
        for stay in row.stays:
            count = rosters.counted(stay, row.stays, day=today)
            write([
                _plain(row.name), _plain(row.traveler.program.title if row.traveler.program
                                         else ""),
                stay.pathway, stay.entered_on, stay.leaves_on or "", stay.left_on or "",
                stay.admit_until or "", count.day, count.last or "unknown", count.by,
                count.longest or "", "" if count.left is None else count.left, count.state,
                row.this_year, today,
            ])  # fmt: skip
    return answer


def _plain(text: str) -> str:
    """Never a formula: a spreadsheet runs what begins with one of these."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


@require_POST
@workplace(write=True)
def enlist(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    found = get_object_or_404(rosters.unlisted(request.user, seat.organization), pk=pk)
    made = rosters.enlist(found, by=request.user, organization=seat.organization)
    messages.success(request, _("On the roster. Enter the “Admit Until” date of the Form I-94."))
    return redirect("after:traveler", seat.organization.slug, made.pk)


@workplace()
def traveler(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    """One traveler: all stays, each to be corrected, and a form for the next."""
    found = get_object_or_404(rosters.visible(request.user, seat.organization), pk=pk)
    if request.method == "POST" and not seat.can_edit:
        raise PermissionDenied
    asked = request.POST.get("stay", "") if request.method == "POST" else ""
    stays = {str(each.pk): each for each in found.stays.all()}
    if asked and asked not in stays:
        raise Http404
    forms_: dict[str, StayForm] = {
        key: StayForm(
            request.POST if request.method == "POST" and key == asked else None,
            instance=TravelStay.objects.get(pk=each.pk) if key == asked else each,
            prefix=f"stay-{key}", auto_id=f"id_stay_{key}_%s",
        )
        for key, each in stays.items()
    }  # fmt: skip
    new = StayForm(request.POST if request.method == "POST" and not asked else None, prefix="new")
    form = forms_.get(asked, new)
    if request.method == "POST" and form.is_valid():
        try:
            rosters.save_stay(found, by=request.user,
                              stay=TravelStay.objects.get(pk=asked) if asked else None,
                              **form.cleaned_data)  # fmt: skip
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Saved. The days are counted anew."))
            return redirect("after:traveler", seat.organization.slug, pk)
    today = timezone.localdate()
    row = rosters.row(found, day=today)
    return page(
        request, seat, "firm/traveler.html",
        {"traveler": found, "row": arrival.stay_row(row),
         "stays": [{**arrival.stay_row(rosters.only(row, each, day=today)), "it": each,
                    "form": forms_[str(each.pk)]} for each in reversed(row.stays)],
         "new": new, "asked": asked, "pairs": [
             pairs.row(each, day=today)
             for each in found.pairs.select_related("technician").prefetch_related("goals")]},
    )  # fmt: skip


@require_POST
@workplace(write=True)
def remove(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    """Take a stay, or the traveler with all of them, off the roster."""
    found = get_object_or_404(rosters.visible(request.user, seat.organization), pk=pk)
    asked = request.POST.get("stay", "")
    if asked:
        stay = get_object_or_404(found.stays, pk=int(asked) if asked.isdigit() else 0)
        rosters.remove_stay(stay, by=request.user)
        messages.success(request, _("The stay is off the roster."))
        return redirect("after:traveler", seat.organization.slug, pk)
    rosters.remove_traveler(found, by=request.user)
    messages.success(request, _("Off the roster."))
    return redirect("after:roster", seat.organization.slug)


# --- pairs ------------------------------------------------------------------------------------


@workplace()
def pair(request: HttpRequest, seat: Seat, pk: int = 0) -> HttpResponse:
    """A pair's plan; without a number, a new one."""
    organization, today = seat.organization, timezone.localdate()
    found = (
        get_object_or_404(
            Pair.objects.select_related("technician__placement__application__candidate__user",
                                        "technician__placement__application__consent",
                                        "organization", "program"),
            pk=pk, organization=organization,
        ) if pk else None
    )  # fmt: skip
    if (request.method == "POST" or found is None) and not seat.can_edit:
        raise PermissionDenied
    names = {each.pk: rosters.name_of(each)
             for each in rosters.visible(request.user, organization)}  # fmt: skip
    form = PairForm(
        request.POST if request.method == "POST" else None, organization=organization, names=names,
        instance=Pair.objects.get(pk=pk) if pk else None,
        initial={"goals": PairForm.lines(found)} if found else None,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            made = pairs.save(Pair.objects.get(pk=pk) if pk else None, organization=organization,
                              by=request.user, **form.cleaned_data)  # fmt: skip
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Saved. Both have to agree to it now."))
            return redirect("after:pair", organization.slug, made.pk)
    return page(
        request, seat, "firm/pair.html",
        {"row": pairs.row(found, day=today) if found else None, "form": form,
         "may": {side: pairs.may_agree(request.user, found, side) if found else False
                 for side in (pairs.TECHNICIAN, pairs.APPRENTICE)}},
    )  # fmt: skip


@require_POST
@workplace(write=True)
def pair_act(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    """Agree for one side, note a goal as reached or not, or take the pair away."""
    found = get_object_or_404(Pair, pk=pk, organization=seat.organization)
    given: Any = request.POST
    if "agree" in given:
        pairs.agree(found, by=request.user, side=given["agree"])
        messages.success(request, _("Noted that they agree."))
    elif "goal" in given:
        number = given["goal"]
        goal = get_object_or_404(found.goals, pk=int(number) if number.isdigit() else 0)
        pairs.reach(goal, by=request.user, reached=goal.reached_on is None)
        messages.success(request, _("Saved."))
    elif "remove" in given:
        pairs.remove(found, by=request.user)
        messages.success(request, _("The pair is off the roster."))
        return redirect("after:roster", seat.organization.slug)
    return redirect("after:pair", seat.organization.slug, pk)
