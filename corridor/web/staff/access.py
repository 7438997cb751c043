"""Who may enter the staff pages, and the frame that they share."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from corridor import rules
from corridor.accounts import permissions


def staff_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """To others these pages do not exist."""

    @wraps(view)
    def entered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not permissions.is_staff(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return login_required(entered)


def page(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A staff page: `context` and the frame's tabs; and why newer rules are not in use, if so."""
    named = [
        (_("Overview"), "staff:home", ("staff:verify",)),
        (_("Programs"), "staff:programs", ("staff:program",)),
        (_("Answer watch"), "staff:answers", ()),
        (_("Problems"), "staff:problems", ("staff:problem",)),
        (_("Matching runs"), "staff:runs", ("staff:run",)),
        (_("Rules"), "staff:rules", ("staff:rule",)),
        (_("See as"), "staff:people", ()),
        (_("Hubs"), "staff:hubs", ("staff:hub", "staff:project")),
        (_("Mails"), "staff:mails", ("staff:mail",)),
        (_("Switches"), "staff:switches", ()),
        (_("Audit log"), "staff:audit", ()),
    ]
    here = request.resolver_match.view_name if request.resolver_match else ""
    tabs = [
        {"label": label, "url": reverse(name), "count": "",
         "current": here == name or here.startswith(within)}
        for label, name, within in named
    ]  # fmt: skip
    trouble = rules.standing().trouble
    return render(
        request, template, {"tabs": tabs, "rules_trouble": trouble, **context}, status=status
    )
