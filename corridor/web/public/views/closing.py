"""Closing the account of somebody who has no candidate's profile."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from corridor.accounts import queries as accounts
from corridor.applications import leaving
from corridor.candidates import queries as candidates
from corridor.web import closing
from corridor.web.candidate.forms import ClosingForm


@login_required
def close_account(request: HttpRequest) -> HttpResponse:
    """A candidate is led to their own page, which says more."""
    if candidates.of(request.user) is not None:
        return redirect("candidate:close")
    form = ClosingForm(request.POST or None, user=request.user)
    done = closing.closed(request, form, lambda: leaving.close_own(request.user, by=request.user))
    if done is not None:
        return done
    return render(
        request, "public/close_account.html",
        {"form": form, "days": leaving.WAITS.days, "alone": accounts.owned_alone(request.user),
         "teams": accounts.organizations_of(request.user)},
    )  # fmt: skip
