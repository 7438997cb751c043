"""A reviewer scores an applicant; the others' scores open when their own are handed in."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from corridor.applications import reviewing
from corridor.web.firm import applied
from corridor.web.firm.access import Seat, page, workplace
from corridor.web.firm.hiring_forms import CriteriaForm, ScoreForm


@workplace()
def scores(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    found = applied.one(request, seat, pk)
    if request.method == "POST" and "only_read" in request.POST:
        reviewing.only_read(found, by=request.user)
        return redirect(request.path)
    seen = reviewing.seen_by(request.user, found)
    form = ScoreForm(
        request.POST if request.method == "POST" else None,
        criteria=reviewing.criteria(found.program), card=seen.mine,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        hand_in = "hand_in" in request.POST
        try:
            reviewing.score(found, by=request.user, scores=form.scores(), hand_in=hand_in)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(
                request, _("Your scores are handed in.") if hand_in else _("Your draft is kept.")
            )
            return redirect(request.path)
    return applied.page(
        request, seat, "firm/scores.html", found,
        {"seen": seen, "form": form, "others": seen.handed_in},
    )  # fmt: skip


@workplace(write=True)
def criteria(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    program = applied.own_program(request, seat, pk)
    kept = [each.text for each in reviewing.criteria(program)]
    form = CriteriaForm(
        request.POST if request.method == "POST" else None,
        initial={"criteria": "\n".join(kept or reviewing.suggested(program.kind))},
    )
    if request.method == "POST" and form.is_valid():
        try:
            reviewing.set_criteria(
                program, by=request.user, texts=form.cleaned_data["criteria"].splitlines()
            )
        except ValidationError as error:
            form.add_error("criteria", error)
        else:
            messages.success(request, _("Saved."))
            return redirect("firm:applicants", seat.organization.slug, program.pk)
    return page(
        request, seat, "firm/criteria.html",
        {"program": program, "form": form, "is_new": not kept},
    )  # fmt: skip
