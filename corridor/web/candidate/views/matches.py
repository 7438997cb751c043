from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor.applications import queries as applications
from corridor.applications.models import OPEN, State
from corridor.candidates import queries as candidates
from corridor.candidates import services
from corridor.candidates.models import Candidate, PutAside
from corridor.matching import queries as matching
from corridor.matching.views import MatchView
from corridor.programs import queries as programs
from corridor.programs.kinds import Kind
from corridor.rules import asking
from corridor.web import present, visitor
from corridor.web.answers import AnswersForm, kept_in_profile
from corridor.web.candidate import waiting
from corridor.web.candidate.access import candidate_page

MATCHES = 10
ALL_MATCHES = 50
QUESTIONS = 5
WEAK = 5  # of 100: below this, even the best match of a list is hardly one


@candidate_page
def home(request: HttpRequest, candidate: Candidate) -> HttpResponse:
    today = timezone.localdate()
    under_way = [
        application
        for application in applications.of_candidate(candidate)[:20]
        if application.state in (State.DRAFT, *OPEN)
    ]
    return render(
        request,
        "candidate/home.html",
        {
            "candidate": candidate,
            "sections": _todo(candidate),
            "matches": [
                present.match_card(match)
                for match in matching.programs_for(candidate, day=today, limit=3)
            ],
            "applications": under_way[:5],
            "waiting": waiting.of(
                candidate, under_way, day=today, alone=getattr(request, "support", None) is None
            ),
        },
    )


def _todo(candidate: Candidate) -> list[str]:
    return [name for name, filled in candidates.completeness(candidate) if not filled]


@candidate_page
def matches(request: HttpRequest, candidate: Candidate) -> HttpResponse:
    today = timezone.localdate()
    kind = request.GET.get("kind", "")
    kinds = [kind] if kind in Kind.values else None
    everything = request.GET.get("all") == "1"
    found, hubs = matching.best_for(
        candidate,
        day=today,
        limit=ALL_MATCHES if everything else MATCHES,
        hubs=0 if kinds else 5,
        kinds=kinds,
    )
    put_aside, unseen = candidates.kept_beside(candidate)
    tabs = [{"label": _("All"), "url": request.path, "current": kinds is None}]
    tabs += [
        {"label": label, "url": f"{request.path}?kind={value}", "current": kind == value}
        for value, label in present.kind_options()
    ]
    return render(
        request,
        "candidate/matches.html",
        {
            "candidate": candidate,
            "tabs": tabs,
            "matches": [present.match_card(match) for match in found],
            "more": f"?{'kind=' + kind + '&' if kinds else ''}all=1"
            if not everything and len(found) == MATCHES
            else "",
            "provisional": any(match.is_provisional for match in found),
            "weak": bool(found) and max(match.percent for match in found) < WEAK,
            "hubs": hubs,
            "todo": _todo(candidate),
            "aside": put_aside,
            "unseen": unseen,
            # In words at once: every card offers the same.
            "aside_reasons": [(value, str(label)) for value, label in PutAside.Reason.choices],
        },
    )


def _questions(found: list[MatchView]) -> list[str]:
    """What the candidate alone can answer, by how early it stands among the best matches' own."""
    weight: dict[str, float] = {}
    for match in found:
        asked = asking.ranked(match.assessment, asking.CANDIDATE)
        for place, fact in enumerate(filter(kept_in_profile, asked)):
            weight[fact] = weight.get(fact, 0.0) + 1 / (place + 1)
    return sorted(weight, key=lambda fact: (-weight[fact], fact))[:QUESTIONS]


@candidate_page
def questions(request: HttpRequest, candidate: Candidate) -> HttpResponse:
    """The rules' questions that would settle most: of one program, or of the best matches."""
    today = timezone.localdate()
    program_pk = request.GET.get("program", "")
    program = programs.page(request.user, int(program_pk)) if program_pk.isdecimal() else None
    if program is not None:
        found = [matching.match(candidate, program, day=today)]
    else:
        found = matching.programs_for(candidate, day=today, limit=10)
    ranked = _questions(found)
    if request.method == "POST":
        ranked = [fact for fact in request.POST if kept_in_profile(fact)]
    kept = {fact: getattr(candidate, name) for fact, name in services.ENCRYPTED_FACTS.items()}
    form = AnswersForm(
        request.POST or None,
        facts=ranked,
        known={**candidate.rule_facts, **kept},
        lang=present.language(),
        beside=found[0].facts if program is not None else {},
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.answer_rule_facts(candidate, by=request.user, answers=form.answers())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            # On the page of a program another question comes first now.
            unknown = {fact: None for fact, value in form.answers().items() if value is None}
            visitor.remember(request, unknown)
            messages.success(request, _("Thank you. The visa notes have been read anew."))
            if program is not None:
                return redirect(f"{reverse('public:program', args=[program.pk])}#visa")
            return redirect("candidate:matches")
    fields = form.explained(found[0].assessment if found else None)
    return render(
        request,
        "candidate/questions.html",
        {"form": form, "program": program, "asked": ranked, "fields": fields},
    )
