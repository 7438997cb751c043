"""What both pages on which an account is closed do: a candidate's and everybody else's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor.web import present
from corridor.web.candidate.forms import ClosingForm


def closed(
    request: HttpRequest, form: ClosingForm, close: Callable[[], datetime]
) -> HttpResponse | None:
    """Close by a valid form, sign out and say until when all is kept; None where the form is to be
    shown, with why it was refused. `close` gives the moment of deletion or raises
    ValidationError."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        until = close()
    except ValidationError as error:
        form.add_error(None, error)
        return None
    logout(request)
    messages.success(
        request,
        _("Your account is closed. Everything we keep of you is deleted on %(day)s.")
        % {"day": present.day(timezone.localdate(until))},
    )
    return redirect("public:home")
