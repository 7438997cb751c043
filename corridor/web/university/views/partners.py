"""The partner finder: one's own research groups, who fits them, and introductions."""

from __future__ import annotations

import time
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from corridor.common import versions
from corridor.matching import partners as finder
from corridor.partnerships import queries
from corridor.partnerships.models import Introduction, PartnerQuery, ResearchGroup
from corridor.partnerships.services import finding
from corridor.places import queries as places
from corridor.web.firm.access import Seat, page, workplace
from corridor.web.university.research_forms import AskForm, GroupForm

State = Introduction.State
_LIVING = (State.ASKED, State.ACCEPTED)
WAIT_S = 1.5  # for a worker to read words that nobody has looked for before


@workplace()
def partners(request: HttpRequest, seat: Seat) -> HttpResponse:
    groups = list(queries.groups_of(request.user, seat.organization).order_by("pk"))
    wanted = request.GET.get("group", "")
    chosen = next((each for each in groups if str(each.pk) == wanted), None) or (
        groups[0] if groups else None
    )
    sectors = {each.slug: each.name for each in places.sectors()}
    sector = request.GET.get("sector", "")
    sector = sector if sector in sectors else ""
    introductions = list(queries.introductions(request.user, seat.organization))
    words = " ".join(request.GET.get("q", "").split())[: finding.MOST_WORDS]
    query = _read(words) if words else None
    if query is not None:
        fits = finder.partners_by_words(query, seat.organization, sector=sector)
    else:
        fits = finder.partners_for(chosen, sector=sector) if chosen else []
    rows = _rows(fits, chosen, sectors, introductions)
    return page(
        request, seat, "university/partners.html",
        {
            "groups": groups, "chosen": chosen, "sector": sector,
            "sectors": [{"value": slug, "label": name} for slug, name in sectors.items()],
            "words": words, "rows": rows,
            "provisional": any(row["fit"].is_provisional for row in rows),
            "requests": [_request(seat, each) for each in introductions],
            "others": queries.findable_groups(seat.organization).count(),
        },
    )  # fmt: skip


def _read(words: str) -> PartnerQuery | None:
    """The words, with their vector where a worker reads them within a moment: no model runs here.
    Without it the page orders by terms and says so."""
    try:
        query = finding.look_for(words)
    except ValidationError:
        return None  # nothing but signs
    until = time.monotonic() + WAIT_S
    while not query.vector_is_fresh and time.monotonic() < until:
        time.sleep(0.1)
        query.refresh_from_db()
    return query


def _rows(
    fits: list[finder.PartnerFit], chosen: ResearchGroup | None, sectors: dict[str, str],
    known: list[Introduction],
) -> list[dict[str, Any]]:  # fmt: skip
    living = {
        (each.asking_id, each.asked_id): each for each in known if each.state in _LIVING
    }
    return [
        {
            "fit": fit, "group": fit.group,
            "sectors": [sectors[slug] for slug in fit.sectors if slug in sectors],
            "known": chosen and (
                living.get((chosen.pk, fit.group.pk)) or living.get((fit.group.pk, chosen.pk))
            ),
        }
        for fit in fits
    ]  # fmt: skip


def _request(seat: Seat, row: Introduction) -> dict[str, Any]:
    asked_us = row.asked.organization_id == seat.organization.pk
    own, other = (row.asked, row.asking) if asked_us else (row.asking, row.asked)
    return {
        "row": row, "own": own, "other": other, "asked_us": asked_us,
        "my_turn": asked_us and row.state == State.ASKED,
        "accepted": row.state == State.ACCEPTED,
    }  # fmt: skip


def own_group(request: HttpRequest, seat: Seat, pk: int) -> ResearchGroup:
    return get_object_or_404(queries.groups_of(request.user, seat.organization), pk=pk)


@workplace(write=True)
def group_new(request: HttpRequest, seat: Seat) -> HttpResponse:
    form = GroupForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = finding.save_group(
                None, by=request.user, organization=seat.organization, **form.cleaned_data
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("The group is kept. Partners are looked for by its text."))
            return _back(seat, made)
    return page(request, seat, "university/group_edit.html", {"form": form})


@workplace(write=True)
def group_edit(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    found = own_group(request, seat, pk)
    name = found.name
    form = GroupForm(request.POST if request.method == "POST" else None, instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            finding.save_group(
                found, by=request.user, version=form.read_version, **form.cleaned_data
            )
        except versions.Outdated:
            found = own_group(request, seat, pk)
            form = form.met(found)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("Saved."))
            return _back(seat, found)
    return page(
        request, seat, "university/group_edit.html", {"form": form, "group": found, "name": name}
    )


@require_POST
@workplace(write=True)
def group_remove(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    finding.remove_group(own_group(request, seat, pk), by=request.user)
    messages.success(request, _("The group is taken away."))
    return redirect("university:partners", seat.organization.slug)


@workplace(write=True)
def ask(request: HttpRequest, seat: Seat, pk: int, other: int) -> HttpResponse:
    """Ask another group for a talk, in the name of one's own."""
    mine = own_group(request, seat, pk)
    asked = get_object_or_404(queries.findable_groups(seat.organization), pk=other)
    form = AskForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            finding.ask(mine, asked, by=request.user, message=form.cleaned_data["message"])
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("Asked. You get a mail when they answer."))
            return _back(seat, mine, "#requests")
    return page(
        request, seat, "university/partner_ask.html", {"form": form, "own": mine, "other": asked}
    )


@require_POST
@workplace(write=True)
def introduction_act(request: HttpRequest, seat: Seat, pk: int, act: str) -> HttpResponse:
    row = get_object_or_404(queries.introductions(request.user, seat.organization), pk=pk)
    word = request.POST.get("word", "")[:1000]
    try:
        if act == "draft":
            made = finding.open_draft(row, by=request.user)
            messages.success(request, _("A draft with both parties. Write what you agreed on."))
            return redirect("university:agreement_edit", seat.organization.slug, made.pk)
        if act == "back":
            finding.take_back(row, by=request.user)
            messages.success(request, _("Taken back."))
        else:
            finding.answer(row, by=request.user, accepts=act == "accept", word=word)
            messages.success(
                request,
                _("You can see each other’s contact now.") if act == "accept"
                else _("They get a kind answer by mail."),
            )  # fmt: skip
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(reverse("university:partners", args=[seat.organization.slug]) + "#requests")


def _back(seat: Seat, group: ResearchGroup, part: str = "") -> HttpResponse:
    url = reverse("university:partners", args=[seat.organization.slug])
    return redirect(f"{url}?group={group.pk}{part}")
