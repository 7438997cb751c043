"""Closing one's own account."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor.accounts import queries as accounts
from corridor.applications import leaving
from corridor.candidates.models import Candidate
from corridor.web import present
from corridor.web.candidate.access import candidate_page
from corridor.web.candidate.forms import ClosingForm


@candidate_page
def close(request: HttpRequest, candidate: Candidate) -> HttpResponse:
    form = ClosingForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            until = leaving.close_account(candidate, by=request.user)
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
