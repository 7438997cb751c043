from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor import rules
from corridor.accounts.services import IDENTITY_ITEMS
from corridor.applications import queries, services
from corridor.applications.models import CANDIDATE, Application, State
from corridor.candidates.models import Candidate
from corridor.matching import facts
from corridor.matching import queries as matching
from corridor.programs import queries as programs
from corridor.web import journey, present, routes, since
from corridor.web.candidate.access import candidate_page
from corridor.web.candidate.forms import ApplyForm


@candidate_page
def apply(request: HttpRequest, candidate: Candidate, pk: int) -> HttpResponse:
    program = programs.page(request.user, pk)
    if program is None:
        raise Http404
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
            "visa": routes.short(match.assessment) if match.needs_pathway else None,
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
            )
        except (ValidationError, ValueError) as error:
            told = error.messages if isinstance(error, ValidationError) else [
                _("This cannot be done now.")
            ]  # fmt: skip
            messages.error(request, " ".join(told))
        else:
            messages.success(request, _("Done. The host is told."))
        return redirect("candidate:application", pk=pk)
    events = list(found.events.all())
    return render(
        request,
        "candidate/application.html",
        {
            "application": found,
            "program": found.program,
            "stations": journey.stations(found, events),
            "events": events,
            "next": queries.next_states(found, CANDIDATE),
            "sent": since.sent(found.evidence),
            "documents": found.documents.all(),
            **_today(found),
        },
    )


def _today(application: Application) -> dict[str, Any]:
    """How the visa notes stand today, and the way to the first day by the best route.

    Of an application that has ended, or for which no visa is asked, nothing is said.
    """
    if application.is_final or application.state == State.DRAFT:
        return {}
    day = timezone.localdate()
    known = facts.pair_facts(application.candidate, application.program, day=day)
    if not facts.needs_pathway(known, application.program):
        return {"no_visa": True}
    now = rules.assess(known, day=day, kind=application.program.kind)
    best = now.best
    return {
        "today": present.day(day),
        "revision": now.revision,
        "turned": since.turned(application.evidence, now),
        "route": routes.account(best) if best is not None else None,
    }
