"""How often an address that opens without a sign-in may be asked from one place.

Secret addresses (a calendar feed, a link in a mail) cannot be guessed in any case; the limit keeps
somebody who tries from costing much. It counts like the API's throttles, by process.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from rest_framework.throttling import SimpleRateThrottle

RATES = {"calendar": "60/min", "unsubscribe": "30/min"}


class _Throttle(SimpleRateThrottle):
    def __init__(self, scope: str) -> None:
        self.scope, self.rate = scope, RATES[scope]
        super().__init__()

    def get_cache_key(self, request: Any, view: Any) -> str:
        return f"limit:{self.scope}:{self.get_ident(request)}"


def limited(scope: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Answers 429 with the seconds to wait once one place has asked more often than `RATES`."""

    def decorated(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            throttle = _Throttle(scope)
            if throttle.allow_request(request, view):
                return view(request, *args, **kwargs)
            wait = throttle.wait() or 1
            return HttpResponse(
                status=429, content_type="text/plain", headers={"Retry-After": str(int(wait) + 1)}
            )

        return asked

    return decorated
