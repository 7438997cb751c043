"""What every page knows: who looks, where they may go, and whether this is the demo."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from corridor.accounts import queries as accounts
from corridor.applications import awaiting
from corridor.candidates.models import Candidate
from corridor.web import addresses, readings


def site(request: HttpRequest) -> dict[str, Any]:
    return {
        "demo_mode": settings.DEMO_MODE,
        "base_url": settings.BASE_URL,
        "support": getattr(request, "support", None),  # staff look as somebody (web.support)
        # Lazy, so that a page that shows no navigation asks nothing of the database.
        "nav": SimpleLazyObject(lambda: navigation(request)),
    }


def name_of(user: Any) -> str:
    """How a person is addressed on their own pages and in mail to them."""
    return user.name or user.email


def navigation(request: HttpRequest) -> dict[str, Any]:
    """`items` for everybody, `mine` for the person signed in, and the day rules were last checked.

    Each is a list of {label, url, icon, count, current}; `count` is what waits for the person
    there. Two queries for a signed-in person, three for a candidate, none for a visitor.
    """
    items = [
        (_("Find programs"), addresses.of("public:programs"), "search"),
        (_("Hubs"), addresses.of("public:hubs"), "pin"),
        (_("Visa routes"), addresses.of("public:pathways"), "passport"),
        (_("Credentials"), addresses.of("public:credentials"), "badge"),
    ]
    mine: list[tuple[str, str, str]] = []
    waits = 0
    journey = addresses.of("candidate:journey")
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        at_hand = Candidate.user.field.remote_field.is_cached(user)
        if at_hand or Candidate.objects.filter(user=user).exists():
            waits = awaiting.of_candidate(user, today=timezone.localdate())
            mine += [
                (_("My matches"), addresses.of("candidate:matches"), "line"),
                (_("My applications"), addresses.of("candidate:applications"), "list"),
                (_("My journey"), journey, "calendar"),
                (_("My profile"), addresses.of("candidate:profile"), "user"),
                (_("My university"), addresses.of("student:university"), "school"),
            ]
        mine += [
            (
                organization.name,
                reverse("firm:home", args=[organization.slug]),
                "school" if organization.kind == "university" else "building",
            )
            for organization in accounts.organizations_of(user).only(
                "slug", "kind", "name_ko", "name_en"
            )
        ]
        if user.is_staff:
            mine.append((_("Staff"), addresses.of("staff:home"), "settings"))
    return {
        "items": [_item(request, *item) for item in items],
        "mine": [
            {**_item(request, *item), "count": waits if item[1] == journey else 0}
            for item in mine
        ],
        "rules_as_of": readings.last_read(),
    }


def _item(request: HttpRequest, label: str, url: str, icon: str) -> dict[str, Any]:
    return {"label": label, "url": url, "icon": icon, "current": request.path.startswith(url)}
