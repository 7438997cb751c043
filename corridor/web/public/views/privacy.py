"""What everybody with an account may know of our staff's looks at it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from corridor.accounts import support


@login_required
def support_visits(request: HttpRequest) -> HttpResponse:
    visits = support.visits_to(request.user)
    return render(request, "public/support_visits.html", {"visits": visits})
