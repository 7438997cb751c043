from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from corridor.programs import queries as programs
from corridor.programs.kinds import Kind
from corridor.rules import Verdict, asking
from corridor.rules.checks import undecided_by
from corridor.web import present, routes, visitor
from corridor.web.answers import AnswersForm, why
from corridor.web.public import judging
from corridor.web.public import wizard as walks
from corridor.web.public.wizard import BeginForm, Walk


def wizard(request: HttpRequest) -> HttpResponse:
    """One question at a time, then the routes. The private facts alone are posted."""
    told = visitor.told(request)
    walk = Walk.of(request.GET, walks.private_of(told), timezone.localdate())
    leaving = judging.leaving_form(request, told)
    if request.method == "POST":
        if "forget" in request.POST:
            visitor.forget(request)
            return redirect("public:wizard")
        if leaving.is_valid():
            visitor.remember(request, leaving.answers())
            return redirect(f"{request.get_full_path()}#leaving")
    if not walk.begun:
        return _begin(request)
    fact = walk.next
    step = request.GET.get("step", "")
    if step:
        refused = _refused(request, walk, step)
        if refused is None:
            return redirect(request.path + walk.address())
        return _question(request, walk, step, refused)
    if fact is not None:
        return _question(request, walk, fact, walk.form(fact, None))
    return _result(request, walk, leaving)


def _begin(request: HttpRequest) -> HttpResponse:
    posted = request.GET if "step" in request.GET else None
    form = BeginForm(posted, initial={"kind": request.GET.get("kind", "")})
    if posted is not None:
        form.is_valid()
    return render(
        request,
        "public/wizard.html",
        {"form": form, "passport": form[walks.NATIONALITY], "begin": True, "number": 1,
         "most": walks.QUESTIONS, "stations": _stations(1, walks.QUESTIONS)},
    )  # fmt: skip


def _refused(request: HttpRequest, walk: Walk, step: str) -> AnswersForm | None:
    """The form of the step just answered, if its answer cannot be taken."""
    if step in walk.answers or step not in walk.open_questions:
        return None
    form = walk.form(step, request.GET)
    if form.is_valid():  # nothing was chosen: also “I do not know” is chosen by oneself
        form.add_error(step, _("Please choose an answer, or say that you do not know."))
    return form


def _question(request: HttpRequest, walk: Walk, fact: str, form: AnswersForm) -> HttpResponse:
    lang = present.language()
    return render(
        request,
        "public/wizard.html",
        {
            "form": form,
            "field": form[fact],
            "fact": fact,
            "why": why(walk.assessment, lang).get(fact, ""),
            "hanging": asking.hanging_on(walk.assessment, fact),
            "kept": list(visitor.written(walk.answers).items()),
            "kind": walk.kind,
            "more": walk.more,
            "number": walk.number,
            "most": walk.most,
            "stations": _stations(walk.number, walk.most),
            "back": walk.back,
        },
    )  # fmt: skip


def _stations(number: int, most: int) -> list[dict[str, Any]]:
    return [
        {"label": str(place), "state": "done" if place < number else "current"
         if place == number else "todo"}
        for place in range(1, most + 1)
    ]  # fmt: skip


def _hangs_on_the_visitor(verdict: Verdict) -> bool:
    """An answer of the visitor's own could still close it, or is one that few can give."""
    mine = {
        (fact, reason.bars)
        for reason in verdict.reasons
        if reason.outcome == "unknown"
        for fact in undecided_by(reason.requirement.check, verdict.facts)
        if asking.can_answer(verdict.registry[fact], asking.CANDIDATE)
    }
    return any(bars or fact in asking.RARITIES for fact, bars in mine)


def _fits(verdict: Verdict, walk: Walk) -> list[str]:
    """The visitor's answers that meet something which this route asks."""
    lang = present.language()
    met = {
        fact
        for reason in verdict.reasons
        if reason.outcome == "ok"
        for fact in reason.requirement.facts
    }
    told = {fact: value for fact, value in walk.answers.items() if fact in met}
    return [f"{capfirst(each['label'])}: {each['value']}" for each in visitor.said(told, lang)]


def _result(request: HttpRequest, walk: Walk, leaving: AnswersForm) -> HttpResponse:
    lang = present.language()
    settled, yours, closed = [], [], []
    for verdict in routes.routes(walk.assessment):
        line = {**routes.line(verdict), "fits": _fits(verdict, walk)}
        if verdict.display == "no":
            closed.append(line)
        elif _hangs_on_the_visitor(verdict):
            yours.append(line)
        else:
            settled.append(line)
    best = walk.assessment.best
    found = dict(walk.programs())
    cards = []
    for program in programs.visible_to(None).filter(pk__in=found).select_related(*programs.RELATED):
        told = {fact: value for fact, value in walk.answers.items() if "program." not in fact}
        card = present.program_card(program)
        card["href"] += f"?{visitor.in_address(told)}#visa"
        card["badges"] = [present.badge(found[program.pk])]
        cards.append(card)
    cards.sort(key=lambda card: list(found).index(card["pk"]))
    return render(
        request,
        "public/wizard_result.html",
        {
            "walk": walk,
            "kind": Kind(walk.kind),
            "told": visitor.said(walk.answers, lang),
            "open": len(settled) + len(yours),
            "settled": settled,
            "yours": yours,
            "closed": closed,
            "more": walk.address(more=walk.more + 1) if walk.open_questions else "",
            "back": walk.back,
            "exit_rule": routes.exit_rule(best) if best else None,
            "leaving": leaving,
            "private": bool(walk.private),
            "cards": cards,
            "listed": f"{reverse('public:programs')}?kind={walk.kind}",
            "day": present.day(walk.day),
            "revision": walk.assessment.revision,
        },
    )  # fmt: skip
