"""All applicants of a program: a table for work on many, a board for the way they go, a file."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from corridor.applications import queries, reviewing, services
from corridor.applications.models import FINAL, HOST, Application, State
from corridor.common import audit
from corridor.matching import applicants as matching_applicants
from corridor.matching.views import MatchView
from corridor.programs.models import Program
from corridor.web import present
from corridor.web.firm import applied, reading
from corridor.web.firm.access import Seat, page, workplace
from corridor.web.firm.hiring_forms import BulkForm

_TONES = {State.SUBMITTED: "now", State.WITHDRAWN: "quiet", State.DECLINED: "quiet",
          State.CLOSED: "quiet"}  # fmt: skip
_COLUMNS = (State.SUBMITTED, State.UNDER_REVIEW, State.INTERVIEW, State.OFFERED, State.ACCEPTED)
COLUMN = 40  # cards a column of the board shows


def _received(request: HttpRequest, seat: Seat, program: Program) -> list[Application]:
    return list(
        queries.to_program(request.user, program)
        .filter(pk__in=applied.received(request, seat).values("pk"))
        .select_related("placement")
        .prefetch_related("candidate__languages", "papers", "offers", "steps")
    )


@workplace()
def applicants(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    program = applied.own_program(request, seat, pk)
    received = _received(request, seat, program)
    form = BulkForm(request.POST if request.method == "POST" else None, applications=received)
    if request.method == "POST" and seat.can_edit and form.is_valid():
        _act(request, received, form)
        return redirect(request.get_full_path())
    rows = _rows(request, program, received)
    chosen = request.GET.get("state", "")
    shown = _sorted(request, [row for row in rows if _is_wanted(request, row)])
    return page(
        request,
        seat,
        "firm/applicants.html",
        {
            "program": program,
            "states": _state_tabs(request, received, chosen),
            "rows": shown,
            "total": len(received),
            "form": form,
            "asked": {name: request.GET.get(name, "") for name in ("q", "due", "unscored", "stuck",
                                                                   "sort", "state")},
            "has_criteria": bool(reviewing.criteria(program)),
            "view": "table",
        },
    )  # fmt: skip


@workplace()
def board(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    program = applied.own_program(request, seat, pk)
    received = _received(request, seat, program)
    if request.method == "POST":
        return _step(request, seat, program, received)
    rows = _rows(request, program, received)
    columns = []
    for state in _COLUMNS:
        inside = [row for row in rows if row["state_id"] == state]
        inside.sort(key=lambda row: (row["due_on"] is None, row["due_on"], -row["percent"]))
        columns.append(
            {"label": state.label, "state": str(state), "count": len(inside),
             "cards": inside[:COLUMN], "more": max(0, len(inside) - COLUMN)}
        )  # fmt: skip
    return page(
        request,
        seat,
        "firm/board.html",
        {
            "program": program,
            "columns": columns,
            "total": len(received),
            "ended": sum(each.state in FINAL for each in received),
            "view": "board",
        },
    )


def _step(
    request: HttpRequest, seat: Seat, program: Program, received: list[Application]
) -> HttpResponse:
    """One card goes one step on; what needs words or terms has a page of its own."""
    wanted = request.POST.get("application", "")
    found = next((each for each in received if str(each.pk) == wanted), None)
    to = request.POST.get("to", "")
    version = request.POST.get("version", "")
    if found is None or to not in (State.UNDER_REVIEW, State.INTERVIEW):
        messages.error(request, _("This cannot be done now."))
    else:
        try:
            services.move(
                found, by=request.user, to=to, version=int(version) if version.isdigit() else None
            )
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("Done. The candidate is told."))
    return redirect("firm:board", seat.organization.slug, program.pk)


def _rows(
    request: HttpRequest, program: Program, received: list[Application]
) -> list[dict[str, Any]]:
    today = timezone.localdate()
    fits = matching_applicants.fits(program, [each.candidate for each in received], day=today)
    scores = reviewing.means(request.user, [each.pk for each in received])
    return [_row(each, fits[each.candidate_id], scores.get(each.pk, {})) for each in received]


def _row(application: Application, fit: MatchView, scored: dict[str, Any]) -> dict[str, Any]:
    user, today = application.candidate.user, timezone.localdate()
    steps = queries.next_states(application, HOST)
    return {
        "pk": application.pk,
        "version": application.version,
        "name": user.name or user.name_roman,
        "roman": user.name_roman if user.name else "",
        "walk": application.candidate.get_walk_display(),
        "headline": application.candidate.headline,
        "state": application.get_state_display(),
        "state_id": application.state,
        "tone": _TONES.get(State(application.state), "accent"),
        "percent": fit.percent,
        **reading.stand(fit, application),
        "submitted": present.day(timezone.localdate(application.submitted_at))
        if application.submitted_at else "",
        "submitted_at": application.submitted_at,
        "due_on": application.due_on,
        "due": present.day(application.due_on),
        "late": application.due_on is not None and application.due_on < today,
        "scored": scored.get("n", 0),
        "mean": scored.get("mean"),
        "mine": scored.get("mine", False),
        "can_review": State.UNDER_REVIEW in steps,
        "can_invite": State.INTERVIEW in steps or application.state == State.INTERVIEW,
        "can_offer": State.OFFERED in steps,
        "is_final": application.is_final,
        "sample": application.candidate.is_sample,
    }  # fmt: skip


def _is_wanted(request: HttpRequest, row: dict[str, Any]) -> bool:
    asked = request.GET
    name = asked.get("q", "").strip().casefold()
    return bool(
        asked.get("state", "") in ("", row["state_id"])
        and (not name or name in f"{row['name']} {row['roman']}".casefold())
        and (not asked.get("due") or row["due_on"] is not None)
        and (not asked.get("unscored") or (not row["mine"] and not row["is_final"]))
        and (not asked.get("stuck") or row["stuck"])
    )


def _sorted(request: HttpRequest, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    far = timezone.localdate().max
    keys: dict[str, Any] = {
        "fit": lambda row: -row["percent"],
        "due": lambda row: row["due_on"] or far,
        "score": lambda row: -(row["mean"] or 0),
    }
    key = keys.get(request.GET.get("sort", ""))
    return sorted(rows, key=key) if key else rows


def _state_tabs(
    request: HttpRequest, received: Iterable[Application], chosen: str
) -> list[dict[str, Any]]:
    counts: dict[str, int] = {}
    for application in received:
        counts[application.state] = counts.get(application.state, 0) + 1
    tabs = [{"label": _("All"), "url": request.path, "count": sum(counts.values()),
             "current": not chosen}]  # fmt: skip
    return tabs + [
        {"label": State(state).label, "url": f"?state={state}", "count": counts[state],
         "current": chosen == state}
        for state in State.values
        if state in counts
    ]  # fmt: skip


def _act(request: HttpRequest, received: list[Application], form: BulkForm) -> None:
    """Do it for each of those chosen, and say for whom it could not be done and why."""
    given = form.cleaned_data
    chosen = [each for each in received if str(each.pk) in given["chosen"]]
    done, refused = 0, []
    for each in chosen:
        read = request.POST.get(f"version-{each.pk}", "")
        try:
            with transaction.atomic():
                if given["action"] == BulkForm.Action.MESSAGE:
                    services.write_message(each, by=request.user, text=given["note"])
                else:
                    services.move(
                        each, by=request.user, to=given["action"], note=given["note"],
                        reason=given["reason"], version=int(read) if read.isdigit() else None,
                    )  # fmt: skip
        except ValidationError as error:
            user = each.candidate.user
            refused.append(f"{user.name or user.name_roman}: {' '.join(error.messages)}")
        else:
            done += 1
    if done:
        said = ngettext("Done for %d applicant, who is told by mail.",
                        "Done for %d applicants, who are told by mail.", done)  # fmt: skip
        messages.success(request, said % done)
    for line in refused:
        messages.warning(request, line)


# --- the file -------------------------------------------------------------------------------------


@workplace(write=True)
def applicants_csv(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    """The applicants as CSV for a spreadsheet (UTF-8 with its mark).

    Nothing that is protected is in it: no birth, sex, nationality, military service, family or
    photo; and no verdict. Identity is there, since it was given to this host with consent.
    """
    program = applied.own_program(request, seat, pk)
    received = _received(request, seat, program)
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="applicants-{program.pk}.csv"'
    write = csv.writer(answer)
    state = pgettext("application", "State")
    write.writerow([_("Number"), _("Name"), _("name as in the passport"), _("e-mail"),
                    _("Headline"), state, _("Sent on"), _("Answer by"), _("Fit"),
                    _("Scorecards"), _("Mean score"), _("Link")])  # fmt: skip
    for row, each in zip(_rows(request, program, received), received, strict=True):
        path = reverse("firm:application", args=[seat.organization.slug, each.pk])
        write.writerow(
            plain(cell)
            for cell in (
                each.pk, row["name"], each.candidate.user.name_roman, each.candidate.user.email,
                row["headline"], row["state"],
                timezone.localdate(each.submitted_at).isoformat() if each.submitted_at else "",
                each.due_on.isoformat() if each.due_on else "", row["percent"], row["scored"],
                "" if row["mean"] is None else f"{row['mean']:.1f}",
                request.build_absolute_uri(path),
            )
        )  # fmt: skip
    audit.record("application.exported", program, by=request.user, count=len(received))
    return answer


def plain(cell: Any) -> str:
    """A cell that no spreadsheet takes for a formula (OWASP: CSV injection)."""
    text = str(cell)
    risky = text.lstrip()[:1] in ("=", "+", "-", "@") or text[:1] in ("\t", "\r", "\n")
    return f"'{text}" if risky else text
