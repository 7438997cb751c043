"""What happens around every request."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

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
