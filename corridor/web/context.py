"""What every page knows: who looks, where they may go, and whether this is the demo."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from corridor import rules
from corridor.accounts import queries as accounts
from corridor.candidates.models import Candidate


def site(request: HttpRequest) -> dict[str, Any]:
    return {
        "demo_mode": settings.DEMO_MODE,
        "base_url": settings.BASE_URL,
        # Lazy, so that a page that shows no navigation asks nothing of the database.
        "nav": SimpleLazyObject(lambda: navigation(request)),
    }


def navigation(request: HttpRequest) -> dict[str, Any]:
    """`items` for everybody, `account` and `tabs` for the person signed in, `footer`.

    Each is a list of {label, url, icon, current}. Two queries for a signed-in person, none for
    a visitor.
    """
    items = [
        (_("Find programs"), reverse("public:programs"), "search"),
        (_("Hubs"), reverse("public:hubs"), "pin"),
        (_("Visa routes"), reverse("public:pathways"), "passport"),
    ]
    mine: list[tuple[str, str, str]] = []
    tabs: list[tuple[str, str, str]] = []
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        if Candidate.objects.filter(user=user).exists():
            tabs = [
                (_("My matches"), reverse("candidate:matches"), "line"),
                (_("Find programs"), reverse("public:programs"), "search"),
                (_("My applications"), reverse("candidate:applications"), "list"),
                (_("My profile"), reverse("candidate:profile"), "user"),
            ]
            mine += [tabs[0], *tabs[2:]]
        mine += [
            (
                organization.name,
                reverse("firm:home", args=[organization.slug]),
                "school" if organization.kind == "university" else "building",
            )
            for organization in accounts.organizations_of(user)
        ]
        if user.is_staff:
            mine.append((_("Staff"), reverse("staff:home"), "settings"))
    footer = [
        (_("About Corridor"), reverse("public:about"), "info"),
        (_("Visa routes"), reverse("public:pathways"), "passport"),
        (_("Register an organization"), reverse("public:organization_new"), "building"),
        (_("For developers (API)"), reverse("api:docs"), "document"),
    ]
    return {
        "items": [_item(request, *item) for item in [*items, *mine[:3]]],
        "account": [_item(request, *item) for item in mine],
        "tabs": [_item(request, *item) for item in tabs],
        "footer": [_item(request, *item) for item in footer],
        "rules_as_of": max(pathway.checked_on for pathway in rules.pathways()),
    }


def _item(request: HttpRequest, label: str, url: str, icon: str) -> dict[str, Any]:
    return {"label": label, "url": url, "icon": icon, "current": request.path.startswith(url)}
