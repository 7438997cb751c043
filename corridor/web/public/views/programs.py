from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor import rules
from corridor.applications import answering, known
from corridor.applications import queries as applications
from corridor.applications.models import Application
from corridor.candidates import queries as candidates
from corridor.candidates.models import Candidate
from corridor.matching import facts as matching_facts
from corridor.matching import queries as matching
from corridor.matching import sponsored
from corridor.matching.views import MatchView
from corridor.places import queries as places
from corridor.programs import permissions, waiting
from corridor.programs import queries as queries_
from corridor.programs.kinds import Kind
from corridor.programs.models import Program
from corridor.web import answered, dispatch, ladders, present, routes
from corridor.web.answers import AnswersForm
from corridor.web.candidate.views.compare import MOST, chosen
from corridor.web.public import gone, judging

PAGE = 20


def programs(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    filters = queries_.filters_from(request.GET)
    candidate = candidates.of(request.user)
    works = request.GET.get("works") == "1" and candidate is not None
    if works and candidate is not None:
        filters = replace(filters, ids=tuple(matching.workable_programs(candidate, day=today)))
    result = queries_.search(filters, day=today, rows=queries_.cards())
    paginator = Paginator(result.programs, PAGE)
    paginator.count = result.total  # counted with the facets
    page = paginator.get_page(request.GET.get("page"))
    picked = chosen(request.GET)[:MOST]
    listed = {program.pk for program in page}
    return render(
        request,
        "public/programs.html",
        {
            "filters": filters,
            "works": works,
            # Chosen to be compared: those ticked on this page, and those that it only carries on.
            "picked": picked,
            "carried": [pk for pk in picked if pk not in listed],
            "chosen": _chosen(filters),
            "can_ask_works": candidate is not None,
            "total": result.total,
            "nearby": ", ".join(result.nearby),
            "also_searched": result.also_searched[:6] if filters.text else [],
            "facets": _facets(result.facets),
            "page": page,
            "cards": [present.program_card(program) for program in page],
            "orders": [
                {"value": value, "label": label, "chosen": filters.order == value}
                for value, label in (
                    ("best", _("Best fit")),
                    ("new", _("Newest")),
                    ("deadline", _("Closing soon")),
                    ("soon", _("Starting soon")),
                )
            ],
        },
    )


def _chosen(filters: queries_.Filters) -> int:
    """How many filters narrow the list, for the closed filters of a phone."""
    lists = (filters.kinds, filters.sectors, filters.states, filters.hubs, filters.sponsors)
    single = (filters.starts_from, filters.starts_until, filters.min_months, filters.max_months)
    return sum(map(len, lists)) + sum(value is not None for value in single) + bool(filters.paid)


def _facets(counted: dict[str, list[queries_.Facet]]) -> list[dict[str, Any]]:
    """Facet groups as <c-facet> takes them, with names in the reader's language."""
    names: dict[str, dict[str, str]] = {
        "kinds": {value: str(label) for value, label in Kind.choices},
        "sectors": {sector.slug: sector.name for sector in places.sectors()},
        "hubs": {hub.slug: hub.name for hub in places.hub_points()},
        "states": {state.code: state.name for state in places.states()},
        "sponsors": {value: str(label) for value, label in Program.Sponsor.choices},
    }
    legends = {
        "kinds": ("kind", _("Kind")),
        "sectors": ("sector", _("Sector")),
        "states": ("state", _("State")),
        "hubs": ("hub", _("Hub")),
        "sponsors": ("sponsor", _("Who sponsors the visa")),
    }
    groups = []
    for group, (parameter, legend) in legends.items():
        options = [
            {
                "value": facet.value,
                "label": names[group].get(facet.value, facet.value),
                "count": facet.count,
                "selected": facet.chosen,
            }
            for facet in counted[group]
        ]
        if options:
            groups.append(
                {"name": parameter, "legend": legend, "options": options,
                 "open": group in {"kinds", "sectors"}
                 or any(option["selected"] for option in options)}
            )  # fmt: skip
    return groups


def program(request: HttpRequest, pk: int) -> HttpResponse:
    """One program. A visitor's answers, posted here, are read with it for this visit alone."""
    found = queries_.page(request.user, pk)
    candidate = candidates.of(request.user)
    if found is None:
        down = waiting.taken_down(pk)
        if down is None:
            raise Http404
        return gone.page(request, down, candidate)
    refused = None
    if request.method == "POST" and candidate is None:
        refused = judging.answered(request, found)
        if refused is None:
            return redirect(f"{reverse('public:program', args=[pk])}#visa")
    return render(
        request,
        "public/program.html",
        shown_to(request, found, candidate=candidate, refused=refused),
    )


def shown_to(
    request: HttpRequest,
    found: Program,
    *,
    candidate: Candidate | None,
    refused: AnswersForm | None = None,
) -> dict[str, Any]:
    """All that the page of a program shows to a candidate, or to anybody else (None)."""
    today = timezone.localdate()
    match = matching.match(candidate, found, day=today) if candidate else None
    application = applications.living(candidate, found) if candidate is not None else None
    if match is not None:
        assessment = _of_pair(match, application)
    else:
        assessment = judging.for_visitor(request, found, day=today)
    assessment = sponsored.first(assessment, found)
    is_open = queries_.published(today).filter(pk=found.pk).exists()
    return {
        "program": found,
        "card": present.program_card(found),
        "facts": present.program_facts(found),
        "details": present.details(found),
        "duties": dispatch.duty_badges(found, day=today),
        "musts": [need for need in found.requirements.all() if need.is_required],
        "wishes": [need for need in found.requirements.all() if not need.is_required],
        "match": present.match_card(match) if match is not None else None,
        "is_provisional": match is not None and match.is_provisional,
        "visa": routes.panel(
            assessment, chosen=request.GET.get("route", ""),
            apply_by=found.apply_by if is_open and application is None else None,
        ),
        "needs_visa": match.needs_pathway if match is not None
        else matching_facts.needs_pathway(assessment.facts, found),
        "asking": judging.asking_of(request, found, assessment, candidate, refused),
        "ladder": ladders.of_program(found, match, assessment),
        "is_open": is_open,
        "ended": None if is_open else _ended(found, candidate),
        "applies_here": not found.external_host,
        "application": application,
        "is_candidate": candidate is not None,
        "can_edit": request.user.is_authenticated and permissions.can_edit(request.user, found),
        "answers": None
        if found.external_host
        else answered.card(answering.record(organization=found.organization, today=today)),
        "job_posting": _job_posting(found, today),
    }  # fmt: skip


def _of_pair(match: MatchView, application: Application | None) -> rules.Assessment:
    """The verdicts by the program's own days, and by the papers of an application to it."""
    if application is None:
        return match.assessment.upon(matching_facts.claims(match.program, match.candidate))
    application.program, application.candidate = match.program, match.candidate
    papers, claims = known.papers(application), known.claims(application)
    if not papers:
        return match.assessment.upon(claims)
    facts = matching_facts.settled(match.facts, papers)
    return rules.assess(facts, day=match.day, kind=match.program.kind).upon(claims)


def _ended(found: Program, candidate: Candidate | None) -> dict[str, Any]:
    """Why a program takes no applications: the day, what it means for one's own, what is alike."""
    down = waiting.taken_down(found.pk)
    if down is not None:  # its host and staff look
        day = down.decided_at and timezone.localdate(down.decided_at)
        return {"down": present.day(day), "similar": []}
    if found.status == Program.Status.DRAFT:
        return {}
    own = gone.last(candidate, found) if candidate is not None else None
    closed = found.closed_at if found.status == Program.Status.CLOSED else None
    return {
        "closed": present.day(timezone.localdate(closed)) if closed else "",
        "passed": present.day(found.apply_by) if not closed and found.apply_by
        and found.apply_by < timezone.localdate() else "",
        "application": gone.told(own, is_down=False) if own is not None else None,
        "similar": gone.cards(found),
    }  # fmt: skip


_EMPLOYMENT = {Kind.INTERNSHIP: "INTERN", Kind.APPRENTICESHIP: "OTHER", Kind.DISPATCH: "CONTRACTOR"}


def _job_posting(program: Program, today: date) -> str:
    """schema.org JobPosting of an open program, for the kinds that are jobs; else empty.

    A sample says so in its own description, and the demo asks search engines to stay away.
    """
    if program.kind not in _EMPLOYMENT or program.published_at is None:
        return ""
    if program.status != Program.Status.PUBLISHED:
        return ""
    posting: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "JobPosting",
        "title": program.title,
        "description": program.description or program.summary,
        "datePosted": program.published_at.date().isoformat(),
        "employmentType": _EMPLOYMENT[Kind(program.kind)],
        "hiringOrganization": {"@type": "Organization", "name": program.host_name},
        "directApply": True,
        "totalJobOpenings": program.seats,
    }
    if program.is_sample:
        posting["disambiguatingDescription"] = "Sample data: this is not a real opening."
    if program.apply_by:
        posting["validThrough"] = program.apply_by.isoformat()
    if program.starts_on:
        posting["jobStartDate"] = program.starts_on.isoformat()
    if program.hub is not None:
        posting["jobLocation"] = {
            "@type": "Place",
            "address": {
                "@type": "PostalAddress",
                "addressLocality": program.hub.city,
                "addressRegion": program.state,
                "addressCountry": "US",
            },
        }
    unit = {"hour": "HOUR", "month": "MONTH", "year": "YEAR"}.get(program.pay_period)
    if program.pay_amount is not None and unit:
        posting["baseSalary"] = {
            "@type": "MonetaryAmount",
            "currency": program.pay_currency,
            "value": {"@type": "QuantitativeValue", "value": float(program.pay_amount),
                      "unitText": unit},
        }  # fmt: skip
    # Inside <script> only these three characters could end it or open a comment.
    return (
        json.dumps(posting, ensure_ascii=False)
        .replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("&", "\\u0026")
    )
