"""Pages that staff can switch off say so kindly."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from corridor.common import switches


def off_page(request: HttpRequest, name: str) -> HttpResponse:
    """503: for the moment. Search engines and clients come back by themselves."""
    answer = render(request, "off.html", {"switch": switches.SWITCHES[name]}, status=503)
    answer.headers["Retry-After"] = "3600"
    return answer


def while_on(name: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """The view is entered while the switch is on for the one who asks."""

    def decorated(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def entered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not switches.is_on(name, request.user):
                return off_page(request, name)
            return view(request, *args, **kwargs)

        return entered

    return decorated
