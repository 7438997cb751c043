from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from corridor.accounts.models import Organization
from corridor.accounts.services import IDENTITY_ITEMS
from corridor.applications import (
    interviews,
    known,
    offers,
    planning,
    queries,
    services,
    terms,
)
from corridor.applications.countersigned import drafting
from corridor.applications.countersigned import queries as paper_queries
from corridor.applications.models import CANDIDATE, Application, Interview, Paper, State
from corridor.candidates.models import Candidate
from corridor.common import switches
from corridor.matching import facts, sponsored
from corridor.matching import queries as matching
from corridor.programs import queries as programs
from corridor.web import (
    arrival,
    consequences,
    hiring,
    journey,
    planned,
    present,
    recorded,
    routes,
    since,
)
from corridor.web.candidate.access import candidate_page
from corridor.web.candidate.forms import ApplyForm
from corridor.web.papers import desk as paper_desk
from corridor.web.switched import while_on


@candidate_page
@while_on(switches.APPLYING)
def apply(request: HttpRequest, candidate: Candidate, pk: int) -> HttpResponse:
    program = programs.page(request.user, pk)
    if program is None:  # its own page says whether it was taken down, or never was
        return redirect("public:program", pk)
    draft = queries.living(candidate, program)
    if draft is not None and draft.state != State.DRAFT:
        return redirect("candidate:application", pk=draft.pk)
    form = ApplyForm(
        request.POST or None,
        candidate=candidate,
        initial={
            "cover_note": draft.cover_note if draft else "",
            "documents": draft.documents.all() if draft else [],
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            draft = services.start_draft(candidate=candidate, program=program, by=request.user)
            draft = services.save_draft(
                draft,
                by=request.user,
                cover_note=form.cleaned_data["cover_note"],
                documents=form.cleaned_data["documents"],
            )
            if "keep" in request.POST:
                messages.success(request, _("Your draft is kept. Nothing was sent."))
                return redirect("candidate:applications")
            sent = services.submit(draft, by=request.user, consents=form.cleaned_data["consents"])
        except ValidationError as error:
            field = "consents" if not form.cleaned_data["consents"] else None
            form.add_error(field, error)
        else:
            messages.success(request, _("Your application was sent."))
            return redirect("candidate:application", pk=sent.pk)
    match = matching.match(candidate, program, day=timezone.localdate())
    return render(
        request,
        "candidate/apply.html",
        {
            "program": program,
            "form": form,
            "items": _item_names(),
            "country": program.organization.get_country_display(),
            "before": consequences.before_applying(
                sponsored.first(match.assessment, program), chosen=request.GET.get("route", "")
            ) if match.needs_pathway else None,
            "terms": [
                fact for fact in (
                    {"label": _("Pay"), "value": present.money(program)},
                    {"label": _("Hours a week"), "value": present.hours(program)},
                    {"label": _("Dates"), "value": present.when(program)},
                ) if fact["value"]
            ],
            "documents": candidate.documents.exists(),
        },
    )


def _item_names() -> list[str]:
    names = {
        "name": _("name"),
        "email": _("e-mail"),
        "education": _("education"),
        "work": _("work experience"),
        "credentials": _("licenses and certificates"),
        "languages": _("language tests"),
        "documents": _("the documents you choose"),
    }
    return [names[item] for item in IDENTITY_ITEMS]


@candidate_page
def applications(request: HttpRequest, candidate: Candidate) -> HttpResponse:
    return render(
        request,
        "candidate/applications.html",
        {"applications": queries.of_candidate(candidate)},
    )


@candidate_page
def application(request: HttpRequest, candidate: Candidate, pk: int) -> HttpResponse:
    found = get_object_or_404(queries.of_candidate(candidate), pk=pk)
    if request.method == "POST":
        try:
            services.move(
                found,
                by=request.user,
                to=request.POST.get("to", ""),
                note=request.POST.get("note", ""),
                version=_version(request),
            )
        except (ValidationError, ValueError) as error:
            told = error.messages if isinstance(error, ValidationError) else [
                _("This cannot be done now.")
            ]  # fmt: skip
            messages.error(request, " ".join(told))
        else:
            messages.success(request, _("Done. The host is told."))
        return redirect("candidate:application", pk=pk)
    return render(request, "candidate/application.html", whole(request, found))


def whole(
    request: HttpRequest, application: Application, refused: recorded.StepForm | None = None
) -> dict[str, Any]:
    """What the page of an application takes. `refused`: a step as it could not be recorded."""
    events = list(application.events.all())
    papers = paper_queries.shown_to(paper_queries.of_application(application), CANDIDATE)
    return {
        "application": application,
        "program": application.program,
        "stations": journey.stations(application, events, papers=papers),
        "papers": paper_desk.cards(papers, CANDIDATE),
        "universities": _universities(request, application, papers),
        "history": hiring.history(application, events, side=CANDIDATE),
        "next": _next(application),
        "interview": hiring.interview(interviews.current(application), application),
        **_offers(application),
        "sent": since.sent(application.evidence),
        "documents": application.documents.all(),
        **_today(application, refused),
    }


def _universities(
    request: HttpRequest, application: Application, papers: list[Paper]
) -> list[Organization]:
    """Those with which a learning agreement can be begun now."""
    if not drafting.agreement_is_possible(application):
        return []
    if any(each.kind == Paper.Kind.LEARNING for each in papers):
        return []
    return list(paper_queries.own_universities(request.user))


def _version(request: HttpRequest) -> int | None:
    written = request.POST.get("version", "")
    return int(written) if written.isdigit() else None


def _next(application: Application) -> list[State]:
    """What the candidate may do; an offer whose day has passed is not accepted any more."""
    steps = queries.next_states(application, CANDIDATE)
    by = application.answer_by
    if by is not None and by < timezone.localdate():
        steps = [step for step in steps if step != State.ACCEPTED]
    return steps


def _offers(application: Application) -> dict[str, Any]:
    made = [hiring.offer(each, side=CANDIDATE) for each in application.offers.all()]
    past = (
        application.state == State.OFFERED
        and application.answer_by is not None
        and application.answer_by < timezone.localdate()
    )
    return {"offer": made[-1] if made else None, "earlier_offers": made[:-1], "offer_past": past}


def _own(candidate: Candidate, pk: int) -> Application:
    return get_object_or_404(queries.of_candidate(candidate), pk=pk)


@require_POST
@candidate_page
def message(request: HttpRequest, candidate: Candidate, pk: int) -> HttpResponse:
    found = _own(candidate, pk)
    try:
        services.write_message(found, by=request.user, text=request.POST.get("text", ""))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Sent. The host is told by mail."))
    return redirect("candidate:application", pk=pk)


@require_POST
@candidate_page
def interview(request: HttpRequest, candidate: Candidate, pk: int) -> HttpResponse:
    """Choose one of the proposed times, ask for others, or call the interview off."""
    current = interviews.current(_own(candidate, pk))
    if current is None:
        raise Http404
    slot, note = request.POST.get("slot", ""), request.POST.get("note", "")
    try:
        if slot.isdigit():
            interviews.pick(current, by=request.user, slot=int(slot))
            messages.success(request, _("The interview is agreed. Both sides get it by mail."))
        elif "cancel" in request.POST:
            interviews.cancel(current, by=request.user, note=note)
            messages.success(request, _("The interview is called off. The host is told."))
        else:
            interviews.ask_for_others(current, by=request.user, note=note)
            messages.success(request, _("The host is asked to propose other times."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("candidate:application", pk=pk)


@candidate_page
def interview_ics(request: HttpRequest, candidate: Candidate, pk: int) -> HttpResponse:
    found = _own(candidate, pk)
    current = interviews.current(found)
    if current is None or current.state != Interview.State.SET:
        raise Http404
    return hiring.calendar(current, reader=request.user, address=hiring.page_of(found, CANDIDATE))


@candidate_page
def offer_text(request: HttpRequest, candidate: Candidate, pk: int) -> HttpResponse:
    found = _own(candidate, pk)
    last = offers.latest(found)
    if last is None:
        raise Http404
    return hiring.offer_text(last, found, side=CANDIDATE)


@require_POST
@candidate_page
def route(request: HttpRequest, candidate: Candidate, pk: int) -> HttpResponse:
    """Plan with another visa route, or with the best one again."""
    found = _own(candidate, pk)
    try:
        planning.choose_route(found, by=request.user, pathway=request.POST.get("route", "")[:60])
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Steps, days and costs now follow the route you plan with."))
    if "journey" in request.POST:
        return redirect(f"{reverse('candidate:journey')}#journey-{pk}")
    return redirect("candidate:application", pk=pk)


def _today(application: Application, refused: recorded.StepForm | None) -> dict[str, Any]:
    """How the visa notes stand today, and the way to the first day by the route planned with; from
    the first day on, what matters then instead.

    Of an application that has ended, or for which no visa is asked, nothing is said.
    """
    if application.is_final or application.state == State.DRAFT:
        return {}
    day = timezone.localdate()
    if (begun := arrival.now(application, day)) is not None:
        return {"now": begun}
    now = known.assessed(application, day=day)
    if not facts.needs_pathway(now.facts, application.program):
        return {"no_visa": True}
    verdict, basis = planning.planned(now, application, terms.offer_of(application))
    return {
        "today": present.day(day),
        "revision": now.revision,
        "turned": since.turned(application.evidence, now),
        "route": routes.account(verdict) if verdict is not None else None,
        "choice": planned.choice(now, application, verdict, basis),
        "steps": recorded.desk(verdict, application, CANDIDATE, refused),
    }
