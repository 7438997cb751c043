"""A host reads its applicants, whole files while their consent stands, and pseudonymous cards."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor import taxonomy
from corridor.applications import queries, services
from corridor.applications.models import HOST, Application, State
from corridor.candidates.models import Education
from corridor.matching import applicants as matching_applicants
from corridor.matching import queries as matching
from corridor.matching.views import MatchView
from corridor.programs import queries as programs
from corridor.programs.models import Program
from corridor.web import journey, present, since
from corridor.web.files import download
from corridor.web.firm import reading
from corridor.web.firm.access import Seat, page, workplace
from corridor.web.firm.forms import MoveForm

_TONES = {State.SUBMITTED: "now", State.WITHDRAWN: "quiet", State.DECLINED: "quiet",
          State.CLOSED: "quiet"}  # fmt: skip
CARDS = 30


def _own(request: HttpRequest, seat: Seat, pk: int) -> Program:
    return get_object_or_404(programs.of_organization(request.user, seat.organization), pk=pk)


def _received(request: HttpRequest, seat: Seat) -> QuerySet[Application]:
    """Applications to this organization whose consent stands; never the member's own one."""
    return (
        queries.as_host(request.user)
        .filter(program__organization=seat.organization)
        .exclude(candidate__user=request.user)
    )


@workplace()
def applicants(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    program = _own(request, seat, pk)
    chosen = request.GET.get("state", "")
    received = list(
        queries.to_program(request.user, program)
        .filter(pk__in=_received(request, seat).values("pk"))
        .prefetch_related("candidate__languages")
    )
    counts: dict[str, int] = {}
    for application in received:
        counts[application.state] = counts.get(application.state, 0) + 1
    shown = [each for each in received if chosen in ("", each.state)]
    fits = matching_applicants.fits(
        program, [each.candidate for each in shown], day=timezone.localdate()
    )
    states = [{"label": _("All"), "url": request.path, "count": len(received),
               "current": not chosen}]  # fmt: skip
    states += [
        {"label": State(state).label, "url": f"?state={state}", "count": counts[state],
         "current": chosen == state}
        for state in State.values
        if state in counts
    ]  # fmt: skip
    return page(
        request,
        seat,
        "firm/applicants.html",
        {
            "program": program,
            "states": states,
            "rows": [_row(each, fits[each.candidate_id]) for each in shown],
            "total": len(received),
        },
    )


def _row(application: Application, fit: MatchView) -> dict[str, Any]:
    user = application.candidate.user
    return {
        "pk": application.pk,
        "name": user.name or user.name_roman,
        "roman": user.name_roman if user.name else "",
        "walk": application.candidate.get_walk_display(),
        "headline": application.candidate.headline,
        "state": application.get_state_display(),
        "tone": _TONES.get(State(application.state), "accent"),
        "percent": fit.percent,
        "route": reading.badge(fit),
        "submitted": present.day(timezone.localdate(application.submitted_at))
        if application.submitted_at else "",
        "sample": application.candidate.is_sample,
    }  # fmt: skip


@workplace()
def application(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    found = get_object_or_404(
        _received(request, seat)
        .select_related("candidate__user", "program__organization", "program__hub__state",
                        "program__sector")
        .prefetch_related("documents", "events"),
        pk=pk,
    )  # fmt: skip
    steps = queries.next_states(found, HOST)
    form = MoveForm(request.POST if request.method == "POST" else None, states=steps)
    if request.method == "POST" and form.is_valid():
        try:
            services.move(
                found,
                by=request.user,
                to=form.cleaned_data["to"],
                note=form.cleaned_data["note"],
                answer_by=form.cleaned_data.get("answer_by"),
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("Done. The candidate is told."))
            return redirect("firm:application", seat.organization.slug, pk)
    events = list(found.events.all())
    match = matching.match(found.candidate, found.program, day=timezone.localdate())
    return page(
        request,
        seat,
        "firm/application.html",
        {
            "application": found,
            "program": found.program,
            "candidate": found.candidate,
            "person": found.candidate.user,
            "stations": journey.stations(found, events, side=HOST),
            "events": events,
            "form": form,
            "steps": steps,
            "match": present.match_card(match),
            "routes": reading.visa(match),
            "profile": _profile(found),
            "sent": since.sent(found.evidence, of="for_host"),
            "documents": found.documents.all(),
        },
    )


def _profile(application: Application) -> dict[str, Any]:
    """The file as it was sent; as it stands today where no copy was kept at sending."""
    candidate, kept = application.candidate, application.evidence.get("profile")
    degrees = dict(Education.Degree.choices)
    statuses = dict(Education.Status.choices)
    if kept is None:
        skills, headline = candidate.skill_ids, candidate.headline
        educations = [
            (each.institution, each.degree, each.major, each.status, each.ended_on)
            for each in candidate.educations.all()
        ]
        works = [
            (each.employer, each.title, each.started_on, each.ended_on)
            for each in candidate.works.all()
        ]
        credentials = [each.name for each in candidate.credentials.all()]
    else:
        skills, headline = kept["skills"], kept["headline"]
        educations = [
            (each["institution"], each["degree"], each["major"], each["status"],
             _day(each["ended_on"]))
            for each in kept["educations"]
        ]  # fmt: skip
        works = [
            (each["employer"], each["title"], _day(each["started_on"]), _day(each["ended_on"]))
            for each in kept["works"]
        ]
        credentials = kept["credentials"]
    return {
        "is_copy": kept is not None,
        "headline": headline,
        "skills": _skill_names(skills),
        "educations": [
            {"institution": institution, "degree": degrees.get(degree, degree), "major": major,
             "status": statuses.get(status, status), "ended_on": present.day(ended)}
            for institution, degree, major, status, ended in educations
        ],
        "works": [
            {"employer": employer, "title": title, "from": present.day(start),
             "until": present.day(end)}
            for employer, title, start, end in works
        ],
        "credentials": credentials,
        "languages": [
            {"test": each.get_test_display(), "score": each.score, "level": each.level,
             "taken_on": present.day(each.taken_on)}
            for each in candidate.languages.all()
        ],
    }  # fmt: skip


def _skill_names(ids: list[str]) -> list[str]:
    """Names of the skills that today's taxonomy still knows."""
    lang = present.language()
    known = {skill.id: skill for skill in taxonomy.skills()}
    return [known[one].name(lang) for one in ids if one in known][:40]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@workplace()
def document(request: HttpRequest, seat: Seat, pk: int, document: int) -> HttpResponse:
    """A file that the candidate attached to this very application; nothing else of theirs."""
    found = get_object_or_404(_received(request, seat), pk=pk)
    kept = get_object_or_404(found.documents, pk=document)
    return download(kept)


@workplace()
def candidates(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    program = _own(request, seat, pk)
    cards = []
    if seat.organization.is_verified and program.status != Program.Status.CLOSED:
        cards = matching.candidates_for(program, day=timezone.localdate(), limit=CARDS)
    return page(request, seat, "firm/candidates.html", {"program": program, "cards": cards})
