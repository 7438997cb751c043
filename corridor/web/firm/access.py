"""Who may enter an organization's pages, and the frame that these pages share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor.accounts import permissions
from corridor.accounts import queries as accounts
from corridor.accounts.models import Membership, Organization
from corridor.partnerships import queries as partnerships
from corridor.web.firm import todo

Role = Membership.Role
_BESIDE_STUDENTS = ("nominations", "nominated", "rounds")  # pages under the tab of students


@dataclass(frozen=True)
class Seat:
    """The signed-in person's place in one organization. Staff may sit in without being a member."""

    organization: Organization
    is_member: bool
    can_edit: bool
    is_owner: bool = False


def workplace(
    *, write: bool = False, staff: bool = False
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Gives the view the person's `Seat` instead of the address's slug.

    A stranger learns nothing (404); a member without the right to write is told so (403).
    `staff` opens the page to staff who are not members: never one that shows applicants.
    """

    def decorated(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def entered(request: HttpRequest, *args: Any, slug: str, **kwargs: Any) -> HttpResponse:
            seat = _seat(request.user, slug, staff=staff)
            if seat is None:
                raise Http404
            if write and not seat.can_edit:
                raise PermissionDenied
            return view(request, seat, *args, **kwargs)

        return login_required(entered)

    return decorated


def _seat(user: Any, slug: str, *, staff: bool) -> Seat | None:
    own = accounts.organizations_of(user).filter(slug=slug).first()
    if own is not None:
        role = permissions.role_of(user, own)
        return Seat(own, True, role in (Role.OWNER, Role.EDITOR), role == Role.OWNER)
    if staff and permissions.is_staff(user):
        found = accounts.organizations_visible_to(user).filter(slug=slug).first()
        return Seat(found, False, True) if found else None
    return None


def page(
    request: HttpRequest, seat: Seat, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A page of the workplace: `context` and the frame's organization, tabs and rights. A page
    that has counted what waits (see todo.counts) gives it as `waits`."""
    waits = context.get("waits") or waits_for(request, seat)
    return render(
        request,
        template,
        {
            "organization": seat.organization,
            "can_edit": seat.can_edit,
            "is_owner": seat.is_owner,
            "is_member": seat.is_member,
            "tabs": _tabs(request, seat, waits),
            **context,
        },
        status=status,
    )


def waits_for(request: HttpRequest, seat: Seat) -> dict[str, int]:
    """What waits for those who may act for the organization; nothing for others."""
    if not (seat.is_member and seat.can_edit):
        return {}
    return todo.counts(request.user, seat.organization, today=timezone.localdate())


def _does_research(organization: Organization) -> bool:
    """Universities, and other hosts with research of their own."""
    is_university = organization.kind == Organization.Kind.UNIVERSITY
    return is_university or partnerships.does_research(organization)


def _tabs(request: HttpRequest, seat: Seat, waits: dict[str, int]) -> list[dict[str, Any]]:
    numbers = todo.on_tabs(waits) if waits else {}
    slug = seat.organization.slug
    named = [(_("Programs"), "firm:home")]
    if seat.is_member:
        named.append((_("Agreements"), "university:agreements"))
        if seat.organization.kind == Organization.Kind.UNIVERSITY:
            named.append((_("Students"), "university:students"))
        if _does_research(seat.organization):
            named.append((_("Joint research"), "university:research"))
        named.append((_("Papers to sign"), "papers:desk"))
        named += [
            (_("After the start"), "after:people"),
            *_roster(seat.organization),
            (_("Team"), "firm:team"),
            (_("Activity"), "firm:activity"),
            (_("Organization"), "firm:settings"),
        ]
    home = reverse("firm:home", args=[slug])
    tabs = []
    for label, name in named:
        url = reverse(name, args=[slug])
        beside = tuple(reverse(f"university:{each}", args=[slug]) for each in _BESIDE_STUDENTS)
        inside = (request.path.startswith(url) and url != home) or (
            name == "university:students" and request.path.startswith(beside)
        )
        tabs.append(
            {"label": label, "url": url, "current": inside, "count": numbers.get(name, "")}
        )
    if not any(tab["current"] for tab in tabs):
        tabs[0]["current"] = True
    return tabs


def _roster(organization: Organization) -> list[tuple[str, str]]:
    """Firms send people; universities and agencies do not."""
    firm = organization.kind == Organization.Kind.FIRM
    return [(_("Dispatch roster"), "after:roster")] if firm else []
