"""Who may enter a candidate's pages: a signed-in person with a profile."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from corridor.candidates import queries as candidates


def candidate_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Gives the view the person's own profile as `candidate`; others are led to their own place."""

    @wraps(view)
    def entered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        candidate = candidates.of(request.user)
        if candidate is None:
            return redirect("public:welcome")
        request.user.candidate = candidate  # read once: the navigation asks for it, too
        return view(request, candidate, *args, **kwargs)

    return login_required(entered)
