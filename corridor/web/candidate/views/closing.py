"""Closing one's own account."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from corridor.accounts import queries as accounts
from corridor.applications import leaving
from corridor.candidates.models import Candidate
from corridor.web import closing
from corridor.web.candidate.access import candidate_page
from corridor.web.candidate.forms import ClosingForm


@candidate_page
def close(request: HttpRequest, candidate: Candidate) -> HttpResponse:
    form = ClosingForm(request.POST or None, user=request.user)
    done = closing.closed(request, form, lambda: leaving.close_account(candidate, by=request.user))
    if done is not None:
        return done
    return render(
        request,
        "candidate/close.html",
        {
            "form": form,
            "open": leaving.to_withdraw(candidate, day=timezone.localdate()),
            "days": leaving.WAITS.days,
            "alone": accounts.owned_alone(request.user),
            "teams": accounts.organizations_of(request.user),
        },
    )
