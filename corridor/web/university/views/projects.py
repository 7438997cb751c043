"""One shared page of a joint research project for both sides, and its writes."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from corridor.common import versions
from corridor.partnerships import queries, reviewing
from corridor.partnerships.models import (
    Agreement,
    Funding,
    Milestone,
    ResearchProject,
    Review,
)
from corridor.partnerships.services import research, research_parts, reviews
from corridor.programs import queries as programs
from corridor.web import acting
from corridor.web.firm.access import Seat, page, workplace
from corridor.web.university import history
from corridor.web.university.research_forms import (
    DecisionForm,
    FundingForm,
    MilestoneForm,
    OutputForm,
    PersonForm,
    ProjectForm,
    ReviewerForm,
    joint_programs,
)

State = ResearchProject.State
_FORMS: dict[str, Any] = {
    "people": PersonForm, "funding": FundingForm, "milestones": MilestoneForm,
    "outputs": OutputForm,
}  # fmt: skip
_READ = ("people", "funding", "milestones", "outputs", "reviews__papers")
_WAY = (State.PLANNED, State.UNDER_WAY, State.FINISHED)


def own(request: HttpRequest, seat: Seat, pk: int) -> ResearchProject:
    found = queries.projects_of(request.user, seat.organization).prefetch_related(*_READ)
    return get_object_or_404(found.select_related("program"), pk=pk)


@workplace(write=True)
def project_new(request: HttpRequest, seat: Seat) -> HttpResponse:
    agreements = queries.of_organization(request.user, seat.organization).exclude(
        status__in=Agreement.OVER
    )
    form = ProjectForm(
        request.POST if request.method == "POST" else None, agreements=agreements,
        initial={"agreement": request.GET.get("agreement", "")},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            made = research.save_project(None, by=request.user, **form.said())
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("The project is planned. Name its people next."))
            return redirect("university:project", seat.organization.slug, made.pk)
    return page(
        request, seat, "university/project_edit.html",
        {"form": form, "agreements": agreements},
    )  # fmt: skip


@workplace(write=True)
def project_edit(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    found = own(request, seat, pk)
    title = found.title
    decided = any(each.passed for each in found.reviews.all() if each.superseded_at is None)
    form = ProjectForm(
        request.POST if request.method == "POST" else None, instance=found,
        programs=joint_programs(programs.visible_to(request.user), found),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            research.save_project(found, by=request.user, version=form.read_version, **form.said())
        except versions.Outdated:
            found = own(request, seat, pk)
            form = form.met(found)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("Saved."))
            return redirect("university:project", seat.organization.slug, pk)
    return page(
        request, seat, "university/project_edit.html",
        {"form": form, "project": found, "title": title, "decided": decided},
    )  # fmt: skip


@workplace()
def project(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    return shown(request, seat, own(request, seat, pk))


def shown(
    request: HttpRequest, seat: Seat, found: ResearchProject, *,
    refused: dict[str, Any] | None = None,
) -> HttpResponse:  # fmt: skip
    """The project's page; `refused`: forms that were sent and refused, with what was typed."""
    refused = refused or {}
    today = timezone.localdate()
    agreement = found.agreement
    side = agreement.side_of(seat.organization)
    can_change = seat.can_edit and not found.is_over
    known = reviewing.answers(found, found.funding.all())
    return page(
        request, seat, "university/project.html",
        {
            "project": found, "agreement": agreement, "side": side, "can_change": can_change,
            "missing": [] if found.is_over else reviewing.missing(found),
            "way": _way(found),
            "sides": [
                {"side": each, "party": agreement.party(each),
                 "people": [p for p in found.people.all() if p.side == each],
                 "mine": each == side} for each in Agreement.Side
            ],
            "reviews": _reviews(request, seat, found, known, refused),
            "questions": [
                {"question": each, "answer": known.get(each.id)} for each in reviewing.QUESTIONS
            ],
            "funding": [
                {"row": each, "amount": _amount(each), "form": _row_form(found, each, refused)}
                for each in found.funding.all()
            ],
            "milestones": [
                _milestone(each, side, today) | {"form": _row_form(found, each, refused)}
                for each in found.milestones.all()
            ],
            "outputs": found.outputs.all(),
            "history": history.rows(
                queries.project_history(request.user, found)[: history.MOST], agreement
            ),
            **{f"{name}_form": refused.get(name) or form() for name, form in _FORMS.items()},
            "people_form": refused.get("people") or PersonForm(initial={"leads": not any(
                each.leads and each.side == side for each in found.people.all()
            )}),
        },
    )  # fmt: skip


def _way(found: ResearchProject) -> list[dict[str, str]]:
    if found.state == State.STOPPED:
        return [{"label": str(State.PLANNED.label), "state": "done"},
                {"label": str(State.STOPPED.label), "state": "stopped"}]  # fmt: skip
    at = {State.PLANNED: 0, State.ON_HOLD: 1, State.UNDER_WAY: 1, State.FINISHED: 3}[
        State(found.state)
    ]
    made = [
        {"label": str(each.label),
         "state": "done" if n < at else "current" if n == at else "todo"}
        for n, each in enumerate(_WAY)
    ]  # fmt: skip
    if found.state == State.ON_HOLD:
        made[1] = {"label": str(State.ON_HOLD.label), "state": "now"}
    return made


def _reviews(
    request: HttpRequest, seat: Seat, found: ResearchProject, known: dict[str, bool],
    refused: dict[str, Any],
) -> list[dict[str, Any]]:  # fmt: skip
    """The four steps: what each needs, what stands, and what this person may do there."""
    side = found.agreement.side_of(seat.organization)
    needed = reviewing.needs(known)
    every = list(found.reviews.all())
    made = []
    for kind, of in reviewing.STEPS:
        rows = [each for each in every if (each.kind, each.side) == (kind, of)]
        review = next(each for each in rows if each.superseded_at is None)
        mine = of == side and not found.is_over
        named = review.reviewer_id == request.user.pk
        decides = mine and review.state == Review.State.IN_REVIEW and (
            named or (review.reviewer_id is None and seat.can_edit)
        )
        names = mine and seat.can_edit and review.waits
        made.append({
            "review": review, "need": needed[kind, of], "name": reviewing.REVIEW_NAMES[kind],
            "party": found.agreement.party(of), "mine": mine, "papers": review.papers.all(),
            "earlier": [each for each in rows if each.superseded_at and each.decided_on],
            "again": mine and not review.waits and (seat.can_edit or named),
            "name_form": refused.get(f"name-{review.pk}") or ReviewerForm(
                prefix=f"name-{review.pk}", organization=seat.organization
            ) if names else None,
            "decide_form": refused.get(f"decide-{review.pk}") or DecisionForm(
                prefix=f"decide-{review.pk}"
            ) if decides else None,
        })  # fmt: skip
    return made


def _milestone(each: Any, side: str, today: date) -> dict[str, Any]:
    return {
        "row": each, "late": each.done_on is None and each.due_on < today,
        "mine": each.side in ("", side),
    }  # fmt: skip


def _row_form(found: ResearchProject, each: Funding | Milestone, refused: dict[str, Any]) -> Any:
    """The form to change a line in its place; None where it stays as it is."""
    if found.is_over or getattr(each, "done_on", None):
        return None
    name = f"{'funding' if isinstance(each, Funding) else 'milestones'}-{each.pk}"
    return refused.get(name) or _FORMS[name.partition("-")[0]](instance=each, prefix=name)


def _amount(each: Funding) -> str:
    if each.amount is None:
        return ""
    places = 0 if each.amount % 1 == 0 else 2
    number = formats.number_format(each.amount, decimal_pos=places, force_grouping=True)
    return {"USD": _("$%s"), "KRW": _("₩%s")}[each.currency] % number


@require_POST
@workplace(write=True)
def project_act(request: HttpRequest, seat: Seat, pk: int, act: str) -> HttpResponse:
    """Begin, hold, finish or give up."""
    found = own(request, seat, pk)
    doing, said = {
        "begin": (research.begin, _("The project is under way. Both sides see it now.")),
        "hold": (research.hold, _("The project is on hold. Your partner is told.")),
        "finish": (research.finish, _("The project is finished. Papers that come late can still "
                                      "be added.")),
        "stop": (research.stop, _("The project is given up. Your partner is told.")),
    }[act]  # fmt: skip
    acting.act(request, doing, found, said)
    return redirect("university:project", seat.organization.slug, pk)


@require_POST
@workplace(write=True)
def part_add(request: HttpRequest, seat: Seat, pk: int, part: str) -> HttpResponse:
    found = own(request, seat, pk)
    form = _FORMS[part](request.POST)
    if form.is_valid():
        said = dict(form.cleaned_data)
        if part in ("people", "outputs"):
            said["side"] = found.agreement.side_of(seat.organization)
        try:
            research_parts.add_part(found, part, by=request.user, **said)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("Saved."))
            return _back(seat, pk, part)
    return shown(request, seat, found, refused={part: form})


@require_POST
@workplace(write=True)
def part_change(request: HttpRequest, seat: Seat, pk: int, part: str, row: int) -> HttpResponse:
    """Change a line of funding or a milestone in its place, or take a row away; a milestone may
    also be marked as done, or opened again."""
    project = own(request, seat, pk)
    found = get_object_or_404(getattr(project, part), pk=row)
    if "change" in request.POST and part in ("funding", "milestones"):
        return _changed(request, seat, project, part, found)
    try:
        if part == "milestones" and "done" in request.POST:
            research_parts.mark_milestone(
                found, by=request.user, done=request.POST["done"] == "1"
            )
        else:
            research_parts.remove_part(found, part, by=request.user)
        messages.success(request, _("Saved."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return _back(seat, pk, part)


def _changed(
    request: HttpRequest, seat: Seat, project: ResearchProject, part: str, row: Any
) -> HttpResponse:
    if getattr(row, "done_on", None):
        messages.error(request, _("What was done stays in the record."))
        return _back(seat, project.pk, part)
    name = f"{part}-{row.pk}"
    form = _FORMS[part](request.POST, instance=row, prefix=name)
    if form.is_valid():
        try:
            research_parts.change_part(
                row, part, by=request.user, version=form.read_version, **form.cleaned_data
            )
        except versions.Outdated:
            form = form.met(type(row).objects.select_related("project").get(pk=row.pk))
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("Saved."))
            return _back(seat, project.pk, part)
    return shown(request, seat, own(request, seat, project.pk), refused={name: form})


@require_POST
@workplace()
def review_step(request: HttpRequest, seat: Seat, pk: int, row: int, step: str) -> HttpResponse:
    """Name who reviews, decide, or open again. A named reviewer needs no right to edit."""
    found = own(request, seat, pk)
    review = get_object_or_404(found.reviews, pk=row, superseded_at=None)
    form: Any = None
    if step == "name":
        form = ReviewerForm(
            request.POST, prefix=f"name-{row}", organization=seat.organization
        )
    elif step == "decide":
        form = DecisionForm(request.POST, request.FILES, prefix=f"decide-{row}")
    try:
        if form is None:
            reviews.review_again(review, by=request.user)
        elif form.is_valid():
            writes = reviews.name_reviewer if step == "name" else reviews.decide
            writes(review, by=request.user, **form.cleaned_data)
    except ValidationError as error:
        if form is not None:
            form.add_error(None, error.messages)
        else:
            messages.error(request, " ".join(error.messages))
    if form is not None and form.errors:
        return shown(request, seat, own(request, seat, pk), refused={f"{step}-{row}": form})
    messages.success(request, _("Saved. The other side sees it on this page."))
    return _back(seat, pk, "reviews")


def _back(seat: Seat, pk: int, part: str) -> HttpResponse:
    url = reverse("university:project", args=[seat.organization.slug, pk])
    return redirect(f"{url}#{part}")
