"""The lists: what waits for an organization, the papers of one application, and new ones."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from corridor.accounts.models import Organization
from corridor.applications import queries as applications
from corridor.applications.countersigned import drafting, queries, wording, writing
from corridor.applications.models import HOST, Application, Paper
from corridor.candidates.models import Candidate
from corridor.web import present
from corridor.web.candidate.access import candidate_page
from corridor.web.firm import applied
from corridor.web.firm.access import Seat, page, workplace
from corridor.web.papers import reading
from corridor.web.papers.forms import BeginForm


@workplace()
def desk(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Who waits for us first, then everything else; a university begins agreements here."""
    own = seat.organization
    found = list(queries.of_organization(request.user, own))
    waiting = {each.pk for each in queries.awaiting(request.user, own)}
    form = None
    if own.kind == Organization.Kind.UNIVERSITY and seat.can_edit:
        form = BeginForm(
            request.POST if request.method == "POST" else None,
            applications=queries.for_credit(own),
        )
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if form.is_valid():
            try:
                begun = writing.begin_agreement(
                    form.cleaned_data["application"], by=request.user, university=own
                )
            except ValidationError as error:
                form.add_error(None, error.messages)
            else:
                return redirect("papers:paper", own.slug, begun.pk)
    rows = [_row(each, own, each.pk in waiting) for each in found]
    rows.sort(key=lambda row: (not row["waits"], row["paper"].due_on is None, row["paper"].due_on
                               or row["paper"].created_at.date()))  # fmt: skip
    return page(
        request, seat, "papers/desk.html",
        {"waiting": [row for row in rows if row["waits"]],
         "others": [row for row in rows if not row["waits"]],
         "form": form, "part": "papers",
         "may_begin": form is not None and form.fields["application"].queryset.exists()},
    )  # fmt: skip


def _row(paper: Paper, own: Organization, waits: bool) -> dict[str, Any]:
    person = paper.application.candidate.user
    return {
        "paper": paper, "waits": waits, "turn": wording.turn(paper),
        "due": present.day(paper.due_on), "name": person.name or person.name_roman,
        "program": paper.application.program, "kind": paper.get_kind_display(),
        "state": paper.get_state_display(),
        "tone": "accent" if paper.state in ("signed", "credited") else "",
    }  # fmt: skip


@workplace()
def of_application(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    """The papers of a received application; the host begins its training plan here."""
    found = applied.one(request, seat, pk)
    if request.method == "POST":
        if not seat.can_edit:
            raise PermissionDenied
        try:
            begun = writing.begin_plan(found, by=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("papers:of_application", seat.organization.slug, pk)
        messages.success(
            request, _("The draft is begun with what is known. Please complete and check it.")
        )
        return redirect("papers:paper", seat.organization.slug, begun.pk)
    papers = queries.shown_to(queries.of_application(found), HOST)
    return applied.page(
        request, seat, "papers/of_application.html", found,
        {
            "papers": cards(papers, HOST),
            "may_begin": drafting.plan_is_due(found)
            and not any(each.kind == Paper.Kind.TRAINING_PLAN for each in papers),
        },
    )  # fmt: skip


def cards(papers: list[Paper], side: str) -> list[dict[str, Any]]:
    """What a page of an application shows of its papers."""
    return [
        {"paper": each, "kind": each.get_kind_display(), "state": each.get_state_display(),
         "turn": wording.turn(each), "yours": each.turn == side, "due": present.day(each.due_on),
         "stations": reading.stations(each, side=side)}
        for each in papers
    ]  # fmt: skip


@require_POST
@candidate_page
def mine_begin(request: HttpRequest, candidate: Candidate, pk: int) -> HttpResponse:
    """A student begins a learning agreement with a university that has confirmed them."""
    found: Application = get_object_or_404(applications.of_candidate(candidate), pk=pk)
    university = queries.own_universities(request.user).filter(
        pk=_number(request.POST.get("university", ""))
    ).first()
    try:
        if university is None:
            raise ValidationError(_("Please choose your university."))
        begun = writing.begin_agreement(found, by=request.user, university=university)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("candidate:application", pk=pk)
    return redirect("papers:mine", begun.pk)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0
