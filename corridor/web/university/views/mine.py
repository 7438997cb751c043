"""A student's own page of their university: the consent, the question, the nominations."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from corridor.candidates.models import Candidate
from corridor.matching import round_wording as wording
from corridor.matching.cohorts import groups
from corridor.matching.cohorts import queries as cohorts
from corridor.matching.cohorts import services as cohort_services
from corridor.matching.cohorts.models import CohortRound, Entrant, RoundProgram
from corridor.matching.cohorts.telling import Outcome
from corridor.partnerships import queries, services
from corridor.partnerships.models import Affiliation, Nomination
from corridor.web.candidate.access import candidate_page
from corridor.web.university.forms import AffiliationForm

_OPEN = (Affiliation.State.ASKED, Affiliation.State.CONFIRMED)


@candidate_page
def university(request: HttpRequest, candidate: Candidate) -> HttpResponse:
    form = AffiliationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.affiliate(
                by=request.user, university=form.cleaned_data["university"],
                department=form.cleaned_data["department"],
            )  # fmt: skip
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("The university is asked. You are told when it answers."))
            return redirect("student:university")
    own = list(queries.affiliations_of(request.user))
    nominations = list(queries.nominations_of(request.user))
    return render(
        request, "university/mine.html",
        {"form": form,
         "affiliations": [each for each in own if each.state in _OPEN and each.consent.stands],
         "nominations": [each for each in nominations if each.state in Nomination.LIVE],
         "rounds": cohorts.for_student(candidate),
         "past": [each for each in nominations if each.state not in Nomination.LIVE]},
    )  # fmt: skip


@require_POST
@candidate_page
def leave(request: HttpRequest, candidate: Candidate, pk: int) -> HttpResponse:
    found = get_object_or_404(queries.affiliations_of(request.user), pk=pk)
    services.end_affiliation(found, by=request.user)
    messages.success(request, _("Ended. The university sees nothing more of you."))
    return redirect("student:university")


@require_POST
@candidate_page
def answer(request: HttpRequest, candidate: Candidate, pk: int) -> HttpResponse:
    found = get_object_or_404(queries.nominations_of(request.user), pk=pk)
    try:
        yes = "agree" in request.POST
        services.answer_nomination(found, by=request.user, agrees=yes)
        messages.success(request, _("You agreed. Your university may send it now.") if yes
                         else _("You declined. The nomination is off the list."))  # fmt: skip
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("student:university")


@candidate_page
def round(request: HttpRequest, candidate: Candidate, pk: int) -> HttpResponse:
    """A round as a student has it: their list while it is open, the result once it is decided."""
    made = get_object_or_404(cohorts.for_student(candidate), pk=pk)
    rows = list(made.programs.select_related("program__organization", "program__hub", "round"))
    entrant = made.entrants.filter(candidate=candidate).first()
    is_open = (
        made.state == CohortRound.State.CHOOSING and made.choose_until >= timezone.localdate()
    )
    wishes = list(entrant.choices) if entrant else []
    places = {row.program_id: wishes.index(row.program_id) + 1 if row.program_id in wishes else 0
              for row in rows}  # fmt: skip
    trouble, region = "", entrant.group if entrant else ""
    if request.method == "POST":
        region = request.POST.get("region", "")[:20]
        for row in rows:
            given = request.POST.get(f"place-{row.program_id}", "")
            places[row.program_id] = int(given) if given.isdecimal() and len(given) < 4 else 0
        chosen = sorted((place, pk) for pk, place in places.items() if place)
        try:
            if len({place for place, _pk in chosen}) < len(chosen):
                raise ValidationError(_("Two programs have the same place. Give each its own."))
            cohort_services.choose(
                made, by=request.user, programs=[pk for _at, pk in chosen], region=region
            )
        except ValidationError as error:
            trouble = " ".join(error.messages)
        else:
            messages.success(request, _("Your list is kept. You can change it until the day."))
            return redirect("student:round", made.pk)
    outcome = None
    if made.state == CohortRound.State.DECIDED and entrant:
        told = Outcome(made, {row.key: row.program.title for row in rows})
        got = told.program_of(entrant.code)
        outcome = {
            "lines": told.to_entrant(entrant.code), "holds": told.holds,
            "program": next((row.program for row in rows if row.key == got), None),
        }  # fmt: skip
    most = min(made.most_choices, len(rows))
    return render(
        request, "university/mine_round.html",
        {"round": made, "entrant": entrant, "is_open": is_open, "trouble": trouble,
         "most": most, "numbers": range(1, most + 1), "outcome": outcome,
         "regions": groups.names(made.limit_by) if made.limit_by == groups.REGION else {},
         "region": region, "counted": groups.name(made.limit_by, candidate.walk)
         if made.limit_by == groups.KIND else "",
         "barred": _barred(made, entrant, rows) if not trouble else [],
         "rows": [{"row": row, "place": places[row.program_id]} for row in rows],
         "wishes": [row.program for _at, row in sorted(
             ((wishes.index(row.program_id), row) for row in rows if row.program_id in wishes),
             key=lambda each: each[0])]},
    )  # fmt: skip


def _barred(
    made: CohortRound, entrant: Entrant | None, rows: list[RoundProgram]
) -> list[str]:
    """Which wishes cannot come true, and why: as of today while one may still change it, as of
    the day on which lists were frozen while hosts rank."""
    if entrant is None or made.state not in (
        CohortRound.State.CHOOSING, CohortRound.State.RANKING
    ):  # fmt: skip
        return []
    programs, today = {row.program_id: row.program for row in rows}, timezone.localdate()
    found = []
    for place, pk in enumerate(entrant.choices, start=1):
        bar = entrant.barred.get(str(pk), "")
        if made.state == CohortRound.State.CHOOSING:
            bar = cohorts.bar(entrant.candidate, programs[pk], day=today)
        if bar:
            found.append(wording.barred(bar, place=place, program=programs[pk].title))
    return found
