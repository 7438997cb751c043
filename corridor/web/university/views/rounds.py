"""Cohort rounds in the workplace: the university that runs one, and the hosts that rank in it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from corridor.matching import round_wording as wording
from corridor.matching.cohorts import permissions, queries, services
from corridor.matching.cohorts.models import CohortRound, RoundProgram
from corridor.matching.cohorts.telling import Outcome
from corridor.web.firm.access import Seat, page, workplace
from corridor.web.university.forms import RoundForm

State = CohortRound.State
_WAY = [State.DRAFT, State.CHOOSING, State.RANKING, State.DECIDED]


@workplace(staff=True)
def index(request: HttpRequest, seat: Seat) -> HttpResponse:
    rows = [
        {"round": each, "own": each.organization_id == seat.organization.pk}
        for each in queries.of_organization(request.user, seat.organization)
    ]
    may = seat.can_edit and queries.possible_programs(seat.organization).exists()
    return page(
        request, seat, "university/rounds.html", {"rows": rows, "may": may, "part": "rounds"}
    )


@workplace(write=True, staff=True)
def new(request: HttpRequest, seat: Seat) -> HttpResponse:
    form = RoundForm(
        request.POST if request.method == "POST" else None,
        programs=queries.possible_programs(seat.organization),
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = services.create_round(
                by=request.user, organization=seat.organization, programs=form.chosen(),
                **form.said(),
            )  # fmt: skip
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("The round is kept. Open it when all is right."))
            return redirect("university:round", seat.organization.slug, made.pk)
    return page(request, seat, "university/round_new.html", {"form": form, "part": "rounds"})


@workplace(write=True, staff=True)
def edit(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    """The draft again, until it is opened."""
    made = _found(request, seat, pk)
    if made.state != State.DRAFT or made.organization_id != seat.organization.pk:
        raise Http404
    read = services.stamp_of(made)
    form = RoundForm(
        request.POST if request.method == "POST" else None, instance=made,
        programs=queries.possible_programs(seat.organization),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            services.change_round(
                made, by=request.user, programs=form.chosen(),
                read=request.POST.get("read", ""), **form.said(),
            )  # fmt: skip
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("The round is kept. Open it when all is right."))
            return redirect("university:round", seat.organization.slug, pk)
    return page(
        request, seat, "university/round_new.html",
        {"form": form, "part": "rounds", "round": made, "title": made.title,
         "read": request.POST.get("read", read)},
    )  # fmt: skip


def _found(request: HttpRequest, seat: Seat, pk: int) -> CohortRound:
    return get_object_or_404(queries.of_organization(request.user, seat.organization), pk=pk)


def _rows(made: CohortRound) -> list[RoundProgram]:
    return list(made.programs.select_related("program__organization", "round"))


@workplace(staff=True)
def one(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    """The round: to its university with names, to a host its own programs and codes alone."""
    made = _found(request, seat, pk)
    runs = permissions.can_run(request.user, made) and made.organization_id == seat.organization.pk
    rows = _rows(made)
    outcome = None
    if made.state == State.DECIDED:
        outcome = Outcome(made, {row.key: row.program.title for row in rows})
    entrants = {each.code: each for each in made.entrants.select_related("candidate__user")}
    programs = []
    for row in rows:
        mine = row.program.organization_id == seat.organization.pk
        if not (mine or runs):
            continue
        shown: dict[str, Any] = {"row": row, "mine": mine}
        if made.state in (State.RANKING, State.DECIDED):
            shown["ruled_out"] = wording.ruled_out(queries.ruled_out(row))
        if made.state == State.RANKING:
            shown["choosers"] = len(queries.choosers(row))
        if outcome:
            lines, admitted = outcome.of_program(row.key)
            shown |= {"lines": lines, "admitted": [
                {"code": code, "rank": at,
                 "name": entrants[code].candidate.user.name if runs else ""}
                for code, at in admitted
            ]}  # fmt: skip
        programs.append(shown)
    at = _WAY.index(State(made.state)) if made.state in _WAY else 0
    done, today = made.state == State.DECIDED, timezone.localdate()
    return page(
        request, seat, "university/round.html",
        {"round": made, "runs": runs, "programs": programs, "part": "rounds",
         "way": [{"label": str(each.label),
                  "state": "done" if n < at or done else "current" if n == at else "todo"}
                 for n, each in enumerate(_WAY)],
         "chosen": sum(bool(each.choices) for each in entrants.values()),
         "barred": sum(len(each.barred) for each in entrants.values()),
         "figures": outcome.figures() if outcome else None,
         "holds": outcome.holds if outcome else None,
         "students": [{"entrant": each, "lines": outcome.to_entrant(code)}
                      for code, each in entrants.items()] if outcome and runs else [],
         "over": made.rank_until < today, "early": made.state == State.CHOOSING
         and made.choose_until >= today},
    )  # fmt: skip


@require_POST
@workplace(write=True, staff=True)
def step(request: HttpRequest, seat: Seat, pk: int, step: str) -> HttpResponse:
    made = _found(request, seat, pk)
    try:
        if step == "open":
            services.open_round(made, by=request.user)
            messages.success(request, _("Open. Your confirmed students are told by mail."))
        elif step == "close":
            services.close_choosing(made, by=request.user)
            messages.success(request, _("Closed. Every choice was judged; the hosts are told."))
        elif step == "decide":
            services.decide(made, by=request.user, seed=request.POST.get("seed", ""))
            messages.success(request, _("Decided and checked. Students and hosts are told."))
        else:
            services.cancel(made, by=request.user)
            messages.success(request, _("The round is called off."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("university:round", seat.organization.slug, pk)


@workplace()
def rank(request: HttpRequest, seat: Seat, pk: int, row: int) -> HttpResponse:
    """A host ranks those who chose its program, blind. Equal places are a tie."""
    made = _found(request, seat, pk)
    found = get_object_or_404(
        made.programs.select_related("program__organization", "round"), pk=row,
        program__organization=seat.organization,
    )  # fmt: skip
    if made.state != State.RANKING:
        raise Http404
    able = queries.choosers(found)
    places: dict[str, Any] = dict(found.places)
    trouble = ""
    if request.method == "POST":
        if not seat.can_edit:
            raise PermissionDenied
        places = {}
        for each in able:
            given = request.POST.get(f"place-{each.code}", "")
            if given.isdecimal() and int(given[:5]) > 0:
                places[each.code] = int(given[:5])
        try:
            services.rank(found, by=request.user, places=places)
        except ValidationError as error:
            trouble = " ".join(error.messages)
        else:
            messages.success(request, _("Your ranking is kept. You can change it until the day."))
            return redirect("university:round", seat.organization.slug, pk)
    day = made.judged_on or timezone.localdate()
    cards = [
        {"card": queries.blind_card(each, found.program, day=day),
         "place": places.get(each.code, 0)}
        for each in able
    ]  # fmt: skip
    cards.sort(key=lambda each: (each["place"] or 99999, each["card"].card_code))
    return page(
        request, seat, "university/round_rank.html",
        {"round": made, "row": found, "cards": cards, "numbers": range(1, len(cards) + 1),
         "trouble": trouble, "part": "rounds",
         "ruled_out": wording.ruled_out(queries.ruled_out(found))},
    )  # fmt: skip


@workplace(staff=True)
def inputs(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    """The file that `manage.py round` reads: everybody's lists under pseudonyms."""
    made = _found(request, seat, pk)
    if not (made.organization_id == seat.organization.pk
            and permissions.can_run(request.user, made)):  # fmt: skip
        raise Http404
    return _file(made, made.inputs, "inputs")


@workplace(staff=True)
def certificate(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    made = _found(request, seat, pk)
    return _file(made, made.certificate, "certificate")


def _file(made: CohortRound, data: dict[str, Any], name: str) -> HttpResponse:
    if made.state != State.DECIDED:
        raise Http404
    answer = JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="round-{made.pk}-{name}.json"'
    return answer
