"""A host reads one application: the file as it was sent, its fit, and answers it."""

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

from corridor import taxonomy
from corridor.applications import planning, queries, reviewing, services, terms
from corridor.applications.models import HOST, Application, State
from corridor.candidates.models import Education
from corridor.matching import queries as matching
from corridor.programs.models import Program
from corridor.web import arrival, hiring, present, recorded, since
from corridor.web.files import download
from corridor.web.firm import applied, reading
from corridor.web.firm.access import Seat, page, workplace
from corridor.web.firm.hiring_forms import DecideForm

CARDS = 30


@workplace()
def application(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    found = applied.one(request, seat, pk)
    steps = queries.next_states(found, HOST) if seat.can_edit else []
    form = DecideForm(
        request.POST if request.method == "POST" else None, states=steps,
        initial={"version": found.version},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.move(
                found, by=request.user, to=given["to"], note=given["note"],
                reason=given["reason"], version=given["version"],
            )  # fmt: skip
        except ValidationError as error:
            form.add_error(None, error.messages)
            found = applied.one(request, seat, pk)
        else:
            messages.success(request, _("Done. The candidate is told."))
            return redirect("firm:application", seat.organization.slug, pk)
    return applied.page(request, seat, "firm/application.html", found, whole(seat, found, form))


def whole(
    seat: Seat, application: Application, form: DecideForm | None = None,
    refused: recorded.StepForm | None = None,
) -> dict[str, Any]:  # fmt: skip
    """What the file of an application takes beside its frame. `form`: the answer as it was sent;
    `refused`: a visa step as it could not be recorded."""
    steps = queries.next_states(application, HOST) if seat.can_edit else []
    today = timezone.localdate()
    begun = arrival.phase(application, today) != "ahead"
    match = matching.match(application.candidate, terms.as_offered(application), day=today)
    return {
        "history": hiring.history(application, application.events.all(), side=HOST),
        "notes": application.team_notes.select_related("author"),
        "form": form or DecideForm(None, states=steps, initial={"version": application.version}),
        "steps": steps,
        "match": present.match_card(match),
        "routes": [] if begun else reading.visa(match, application, refused),
        "begun": begun,
        "plan": _plan(application),
        "profile": _profile(application),
        "sent": since.sent(application.evidence, of="for_host"),
        "documents": application.documents.all(),
    }


def _plan(application: Application) -> dict[str, Any]:
    """The route that the candidate wishes for, or that was filed for; and what may be filed for."""
    lang = present.language()
    names = {
        each.id: each.name(lang) for each in planning.routes_of_kind(application.program.kind)
    }
    return {
        "name": names.get(application.route, ""),
        "route": application.route,
        "filed": present.day(application.route_filed_on),
        "options": sorted(names.items(), key=lambda item: item[1])
        if application.state == State.ACCEPTED else [],
    }  # fmt: skip


@require_POST
@workplace(write=True)
def route_filed(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    """Record that the organization has filed for a visa route."""
    found = applied.one(request, seat, pk)
    try:
        planning.record_filing(found, by=request.user, pathway=request.POST.get("route", "")[:60])
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Recorded. The candidate's steps and days follow this route."))
    return redirect("firm:application", seat.organization.slug, pk)


@require_POST
@workplace()
def note(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    """A private note of the team."""
    found = applied.one(request, seat, pk)
    try:
        reviewing.add_note(found, by=request.user, text=request.POST.get("text", ""))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("firm:application", seat.organization.slug, pk)


@require_POST
@workplace(write=True)
def message(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    """A message that the candidate reads."""
    found = applied.one(request, seat, pk)
    try:
        services.write_message(found, by=request.user, text=request.POST.get("text", ""))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Sent. The candidate is told by mail."))
    return redirect("firm:application", seat.organization.slug, pk)


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
    found = get_object_or_404(applied.received(request, seat), pk=pk)
    kept = get_object_or_404(found.documents, pk=document)
    return download(kept)


@workplace()
def candidates(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    program = applied.own_program(request, seat, pk)
    cards, run = [], None
    if seat.organization.is_verified and program.status != Program.Status.CLOSED:
        cards = matching.candidates_for(program, day=timezone.localdate(), limit=CARDS)
        run = matching.listed_by(program)
    shown = {"program": program, "cards": cards, "run_day": present.day(run.day) if run else ""}
    return page(request, seat, "firm/candidates.html", shown)
