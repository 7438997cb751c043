"""Closing the account of somebody who has no candidate's profile."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor.accounts import queries as accounts
from corridor.applications import leaving
from corridor.candidates import queries as candidates
from corridor.web import present
from corridor.web.candidate.forms import ClosingForm


@login_required
def close_account(request: HttpRequest) -> HttpResponse:
    """A candidate is led to their own page, which says more."""
    if candidates.of(request.user) is not None:
        return redirect("candidate:close")
    form = ClosingForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            until = leaving.close_own(request.user, by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            logout(request)
            messages.success(
                request,
                _("Your account is closed. Everything we keep of you is deleted on %(day)s.")
                % {"day": present.day(timezone.localdate(until))},
            )
            return redirect("public:home")
    return render(
        request, "public/close_account.html",
        {"form": form, "days": leaving.WAITS.days, "alone": accounts.owned_alone(request.user),
         "teams": accounts.organizations_of(request.user)},
    )  # fmt: skip
