"""What happens around every request."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from corridor.policy import following


def follow_rules(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """A web process goes over to rules that were reloaded elsewhere, between two requests."""

    def answered(request: HttpRequest) -> HttpResponse:
        following.follow()
        return answer(request)

    return answered
