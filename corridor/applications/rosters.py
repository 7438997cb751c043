"""A firm's dispatch roster: who is in the U.S. on which route, for how many days, until when; and
which local apprentice learns from whom. The counting itself is corridor.rules.stays."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor import rules
from corridor.accounts import permissions as accounts
from corridor.accounts.models import Organization, User
from corridor.applications import permissions, telling
from corridor.applications.models import (
    Placement,
    PlacementNotice,
    Traveler,
    TravelStay,
)
from corridor.common import audit
from corridor.programs.models import Program
from corridor.rules import stays as counting

LONG, SHORT = 365, 180  # the windows of days that a roster shows
# A Korean passport number as it is printed, of either series (M12345678, M123A4567). It is never
# kept on a roster, which a firm reads and exports.
_PASSPORT = re.compile(r"(?<![A-Z0-9])P?[MSRGD]\d{3}[A-Z\d]\d{4}(?![A-Z0-9])", re.IGNORECASE)


@dataclass(frozen=True)
class Row:
    """A traveler on a day. `now`: the stay that holds or comes next, else the last one; `count` is
    of it. `name`: the traveler's own where a consent lets this host read it, else the label."""

    traveler: Traveler
    name: str
    now: TravelStay | None
    count: rules.Count | None
    this_year: int  # days in the U.S. in the last 365
    half_year: int  # … in the last 180
    on_route: int  # … in the last 365 on the route of `now`
    stays: tuple[TravelStay, ...]


def roster(
    user: Any, organization: Organization, *, day: date, program: Program | None = None
) -> list[Row]:
    """Those whose stay needs attention first; to members alone. Two queries."""
    found = visible(user, organization)
    if program is not None:
        found = found.filter(program=program)
    made = [row(each, day=day) for each in found]
    order = ("over", "near", "unknown", "open", "planned", "ended", "")
    return sorted(
        made,
        key=lambda each: (
            order.index(each.count.state if each.count else ""),
            (each.count.bound if each.count else None) or date.max,
            each.name,
        ),
    )


def near(user: Any, organization: Organization, *, day: date) -> int:
    """How many stays are near their last day or past it, to a member."""
    found = (row(each, day=day).count for each in visible(user, organization))
    return sum(count is not None and count.state in ("over", "near") for count in found)


def visible(user: Any, organization: Organization) -> QuerySet[Traveler]:
    if not accounts.is_member(user, organization):
        return Traveler.objects.none()
    return (
        Traveler.objects.filter(organization=organization)
        .select_related("program", "placement__application__candidate__user",
                        "placement__application__consent")
        .prefetch_related("stays")
    )  # fmt: skip


def row(traveler: Traveler, *, day: date) -> Row:
    stays = list(traveler.stays.all())
    now = _present(stays, day)
    told = [_told(each) for each in stays]
    count = None
    routes: Sequence[str] = ()
    if now is not None:
        count = counted(now, stays, day=day)
        routes = count.limit.pathways if count.limit else (now.pathway,)
    return Row(
        traveler=traveler,
        name=name_of(traveler),
        now=now,
        count=count,
        this_year=counting.days_present(told, day=day, window=LONG),
        half_year=counting.days_present(told, day=day, window=SHORT),
        on_route=counting.days_present(told, day=day, window=LONG, routes=routes),
        stays=tuple(stays),
    )


def _present(stays: Iterable[TravelStay], day: date) -> TravelStay | None:
    """The stay that has begun and is not over; else the next; else the last."""
    held = sorted(stays, key=lambda each: each.entered_on)
    begun = [each for each in held if each.entered_on <= day]
    ahead = [each for each in held if each.entered_on > day]
    open_ = [each for each in begun if each.left_on is None or each.left_on > day]
    return next(iter([*open_, *ahead, *reversed(begun)]), None)


def _told(stay: TravelStay) -> rules.Stay:
    return rules.Stay(
        route=stay.pathway, entered=stay.entered_on, leaves=stay.leaves_on, left=stay.left_on,
        admit_until=stay.admit_until,
    )  # fmt: skip


def counted(stay: TravelStay, others: Iterable[TravelStay], *, day: date) -> rules.Count:
    """One stay of a traveler beside all of theirs."""
    earlier = [_told(each) for each in others if each.pk != stay.pk
               and each.entered_on < stay.entered_on]  # fmt: skip
    return rules.count_stay(_told(stay), day=day, earlier=earlier)


def only(row: Row, stay: TravelStay, *, day: date) -> Row:
    """The row as it is for one of its stays."""
    return replace(row, now=stay, count=counted(stay, row.stays, day=day))


def name_of(traveler: Traveler) -> str:
    """Of somebody placed through Corridor the name, while their consent stands."""
    placement = traveler.placement
    if placement is None:
        return traveler.label
    application = placement.application
    if application.consent is None or not application.consent.stands:
        return traveler.label
    user = application.candidate.user
    return user.name or user.name_roman or traveler.label


def of_placement(placement: Placement, *, day: date) -> Row | None:
    """The roster's row of one's own placement, as the traveler reads it."""
    found = Traveler.objects.filter(placement=placement).select_related(
        "placement__application__candidate__user", "placement__application__consent"
    )
    traveler = found.prefetch_related("stays").first()
    return row(traveler, day=day) if traveler is not None else None


def unlisted(user: Any, organization: Organization) -> QuerySet[Placement]:
    """Confirmed placements of the organization whose people are not on its roster yet."""
    if not accounts.is_member(user, organization):
        return Placement.objects.none()
    return Placement.objects.filter(
        application__program__organization=organization, traveler=None, left_on=None,
        application__consent__withdrawn_at=None, application__consent__isnull=False,
    ).exclude(confirmed_by_candidate_at=None, confirmed_by_host_at=None).select_related(
        "application__candidate__user", "application__program", "application__consent"
    )  # fmt: skip


# --- writes -----------------------------------------------------------------------------------


def _may_write(by: User, organization: Organization) -> None:
    if not accounts.can_edit_for(by, organization):
        raise PermissionDenied


@transaction.atomic
def save_traveler(
    traveler: Traveler | None, *, organization: Organization, by: User, label: str,
    program: Program | None = None,
) -> Traveler:  # fmt: skip
    """Put somebody on the roster by a name of the firm's own choosing, or change it."""
    _may_write(by, organization)
    if program is not None and program.organization_id != organization.pk:
        raise PermissionDenied
    made = traveler or Traveler(organization=organization)
    if made.organization_id != organization.pk:
        raise PermissionDenied
    label = " ".join(label.split())
    if _PASSPORT.search(label):
        raise ValidationError({"label": [_("This looks like a passport number. Please use a name "
                                           "or number of the firm’s own.")]})  # fmt: skip
    made.label, made.program = label, program
    made.full_clean(exclude=["program", "placement"])
    made.save()
    audit.record("traveler.saved", made, by=by, organization=organization.pk)
    return made


@transaction.atomic
def enlist(placement: Placement, *, by: User, organization: Organization) -> Traveler:
    """Put somebody placed here on the roster, with a stay from the confirmed first day on. On
    paper they go by their code; the name is read only while they let it."""
    application = placement.application
    if application.program.organization_id != organization.pk or not permissions.can_decide(
        by, application
    ):
        raise PermissionDenied
    made, new = Traveler.objects.get_or_create(
        placement=placement,
        defaults={"organization": organization, "label": application.candidate.card_code,
                  "program": application.program},
    )  # fmt: skip
    if new:
        TravelStay.objects.create(
            traveler=made, pathway=placement.pathway, entered_on=placement.started_on,
            leaves_on=placement.ends_on,
        )  # fmt: skip
        audit.record("traveler.saved", made, by=by, organization=organization.pk)
    return made


@transaction.atomic
def save_stay(
    traveler: Traveler, *, by: User, stay: TravelStay | None = None, **fields: Any
) -> TravelStay:
    """Write a stay. `fields`: pathway, entered_on, leaves_on, left_on, admit_until.

    Raises ValidationError where it overlaps another one of the traveler: nobody enters twice
    without leaving. Leaving and entering on one day is allowed.
    """
    traveler = Traveler.objects.select_for_update(of=("self",)).select_related(
        "organization"
    ).get(pk=traveler.pk)  # fmt: skip
    _may_write(by, traveler.organization)
    made = stay or TravelStay(traveler=traveler)
    if made.traveler_id != traveler.pk:
        raise PermissionDenied
    for name, value in fields.items():
        setattr(made, name, value)
    if made.left_on is not None and made.left_on > timezone.localdate():
        raise ValidationError({"left_on": [_("The actual exit cannot be in the future.")]})
    made.full_clean(exclude=["traveler"])
    others = [each for each in traveler.stays.all() if each.pk != made.pk]
    clashing = counting.clashes(_told(made), [_told(each) for each in others])
    if clashing:
        raise ValidationError(
            {"entered_on": [_("This overlaps another stay of the same traveler. Enter the exit "
                              "of that one first, or correct the days.")]}
        )  # fmt: skip
    made.save()
    audit.record("stay.saved", made, by=by, traveler=traveler.pk)
    return made


@transaction.atomic
def remove_stay(stay: TravelStay, *, by: User) -> None:
    _may_write(by, stay.traveler.organization)
    audit.record("stay.removed", stay, by=by, traveler=stay.traveler_id)
    stay.delete()


@transaction.atomic
def remove_traveler(traveler: Traveler, *, by: User) -> None:
    """Take somebody off the roster, with their stays; a pair then has no technician."""
    _may_write(by, traveler.organization)
    audit.record("traveler.removed", traveler, by=by, organization=traveler.organization_id)
    traveler.delete()


# --- warnings ---------------------------------------------------------------------------------


def watch(now: datetime | None = None) -> int:
    """Warn the firm, and a traveler with an account, at the nearest step that is reached; one that
    was missed is not made up for. Returns new notices."""
    day = timezone.localdate(now)
    put = 0
    open_ = (
        TravelStay.objects.filter(left_on=None, entered_on__lte=day)
        .select_related("traveler__organization",
                        "traveler__placement__application__candidate__user")
        .prefetch_related("traveler__stays")
    )  # fmt: skip
    for stay in open_:
        bound = counted(stay, stay.traveler.stays.all(), day=day).bound
        if bound is None or (step := counting.warning(bound, day)) is None:
            continue
        about = f"{stay.pk}/{bound.isoformat()}/{step}"
        put += telling.put(PlacementNotice.What.STAY, organization=stay.traveler.organization,
                           stay=stay, about=about)  # fmt: skip
        placement = stay.traveler.placement
        if placement is not None:
            put += telling.put(PlacementNotice.What.STAY, about=about, stay=stay,
                               person=placement.application.candidate.user)  # fmt: skip
    return put
