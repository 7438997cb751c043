"""A program judged on its own page: with a visitor's answers for this visit, or a profile's."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from corridor import rules
from corridor.candidates.models import Candidate
from corridor.matching import facts as matching_facts
from corridor.programs.models import Program
from corridor.rules import asking, derived
from corridor.web import present, visitor
from corridor.web.answers import AnswersForm, kept_in_profile

AT_ONCE = 5
# What the Korean rule on leaving asks; it stands apart from the questions about routes.
ON_LEAVING = ("candidate.birth_year", "candidate.sex", "candidate.military_status",
              "candidate.permit_expiry")  # fmt: skip


def for_visitor(request: HttpRequest, program: Program, *, day: date) -> rules.Assessment:
    """What the program says, and beside it what the visitor told. The program's word wins, but not
    on the visitor's own studies."""
    stated = matching_facts.program_alone(program)
    theirs = matching_facts.said_by_duties(program)
    told = visitor.known(visitor.told(request))
    told = {fact: value for fact, value in told.items() if fact not in theirs}
    found = rules.assess(derived.changed(told, stated), day=day, kind=program.kind)
    return found.upon(matching_facts.claims(program, beside=told))


def answered(request: HttpRequest, program: Program) -> AnswersForm | None:
    """Keep a visitor's answers, or clear them; the form comes back where one is refused."""
    if "forget" in request.POST:
        visitor.forget(request)
        return None
    form = AnswersForm(
        request.POST,
        facts=[fact for fact in request.POST if _asked_here(fact)],
        known={},
        lang=present.language(),
        beside={**visitor.known(visitor.told(request)), **matching_facts.program_alone(program)},
    )
    if not form.is_valid():
        return form
    visitor.remember(request, {**visitor.from_address(request.GET), **form.answers()})
    return None


def leaving_form(request: HttpRequest, told: visitor.Answers) -> AnswersForm:
    """The questions of the Korean rule on leaving, as posted or as answered before."""
    posted = request.POST if request.method == "POST" else None
    return AnswersForm(
        posted, facts=ON_LEAVING, known=told, lang=present.language(), auto_id="leaving_%s"
    )


def _asked_here(fact: str) -> bool:
    spec = rules.facts().get(fact)
    return spec is not None and (asking.can_answer(spec, asking.CANDIDATE) or fact in ON_LEAVING)


def asking_of(
    request: HttpRequest,
    program: Program,
    assessment: rules.Assessment,
    candidate: Candidate | None,
    refused: AnswersForm | None,
) -> dict[str, Any]:
    """The questions that settle most, one by itself and five at once, and where answers go.

    A candidate's are kept in the profile; a visitor's for this visit, with `told` in words.
    """
    lang = present.language()
    told = visitor.told(request)
    facts = _order(
        assessment, told, candidate, chosen=request.GET.get("route", ""),
        skip=matching_facts.said_by_duties(program),
    )  # fmt: skip
    if candidate is not None:
        action = f"{reverse('candidate:questions')}?program={program.pk}"
        private = reverse("candidate:section", args=["private"])
    else:
        action, private = request.get_full_path(), ""
    return {
        "action": action,
        "first": (refused and refused.explained(assessment))
        or _form(facts[:1], told, "one_%s").explained(assessment),
        "more": [] if refused else _form(facts[:AT_ONCE], told, "five_%s").explained(assessment)
        if len(facts) > 1 else [],
        "told": visitor.said(told, lang) if candidate is None else [],
        "private_url": private,
        "leaving": _form(ON_LEAVING, told, "leaving_%s") if candidate is None else None,
    }  # fmt: skip


def _form(facts: Iterable[str], told: visitor.Answers, auto_id: str) -> AnswersForm:
    return AnswersForm(facts=facts, known=told, lang=present.language(), auto_id=auto_id)


def _order(
    assessment: rules.Assessment,
    told: visitor.Answers,
    candidate: Candidate | None,
    *,
    chosen: str,
    skip: Iterable[str],
) -> list[str]:
    """Nationality first, as every route hangs on it; then what the route in full hangs on."""
    if candidate is not None:  # whose answers stand in the profile; here lies what they do not know
        told = {fact: value for fact, value in told.items() if value is None}
    ranked = asking.ranked(
        assessment, asking.CANDIDATE, asked=told, skip=(*matching_facts.PERSONAL, *skip)
    )
    if candidate is not None:
        ranked = [fact for fact in ranked if kept_in_profile(fact)]
    shown = assessment.of(chosen) or assessment.best
    near = set(shown.missing) if shown is not None else set()
    return sorted(ranked, key=lambda fact: (fact != "candidate.nationality", fact not in near))
