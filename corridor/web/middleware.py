"""What happens around every request."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render

from corridor.common import switches
from corridor.policy import following


def follow_rules(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """A web process goes over to rules that were reloaded elsewhere, between two requests."""

    def answered(request: HttpRequest) -> HttpResponse:
        following.follow()
        return answer(request)

    return answered


def read_switches_once(
    answer: Callable[[HttpRequest], HttpResponse]
) -> Callable[..., HttpResponse]:
    """Within a request the table of switches is read at most once (common.switches)."""

    def answered(request: HttpRequest) -> HttpResponse:
        with switches.read_once():
            return answer(request)

    return answered


def say_that_nothing_was_done(
    answer: Callable[[HttpRequest], HttpResponse]
) -> Callable[..., HttpResponse]:
    """Who is led to the address of a button (a sign-in that had ended leads back to it) reads what
    to do, where Django would answer with an empty page."""

    def answered(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        if isinstance(response, HttpResponseNotAllowed) and request.method == "GET":
            page = render(request, "405.html", status=405)
            page["Allow"] = response["Allow"]
            return page
        return response

    return answered
