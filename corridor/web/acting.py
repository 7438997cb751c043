"""One press of a button: the deed is done and said, or the reader is told why it was not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest


def act(request: HttpRequest, doing: Callable[..., Any], found: Any, said: str) -> None:
    """`doing(found, by=…)` for the person signed in; a refused write is told in its own words."""
    try:
        doing(found, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, said)
