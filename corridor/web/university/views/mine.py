"""A student's own page of their university: the consent, the question, the nominations."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from corridor.candidates.models import Candidate
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
