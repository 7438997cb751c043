"""Local apprentices beside dispatched technicians: a plan with goals and days, agreed by both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor.accounts import permissions as accounts
from corridor.accounts.models import Organization, User
from corridor.applications import rosters
from corridor.applications.models import Goal, Pair, Traveler, TravelStay
from corridor.common import audit
from corridor.programs.kinds import Kind
from corridor.programs.models import Program

TECHNICIAN, APPRENTICE = "technician", "apprentice"
FIELDS = ("program", "apprentice", "technician", "teaches", "starts_on", "ends_on")


@dataclass(frozen=True)
class Row:
    """A pair on a day. `alone_from`: the first day without a technician before the plan ends, None
    where one stays as long; `is_alone`: that day has come. `late`: goals past their day."""

    pair: Pair
    technician: str
    alone_from: date | None
    is_alone: bool
    goals: tuple[Goal, ...]
    reached: int
    late: int


def of_organization(user: Any, organization: Organization, *, day: date) -> list[Row]:
    """Pairs that lack a technician first; to members alone. Three queries."""
    if not accounts.is_member(user, organization):
        return []
    found = (
        Pair.objects.filter(organization=organization)
        .select_related("program", "technician__placement__application__candidate__user",
                        "technician__placement__application__consent")
        .prefetch_related("goals", "technician__stays")
    )  # fmt: skip
    rows = [row(each, day=day) for each in found]
    return sorted(rows, key=lambda each: (not each.is_alone, each.pair.ends_on, each.pair.pk))


def row(pair: Pair, *, day: date) -> Row:
    goals = tuple(pair.goals.all())
    alone = _alone_from(pair, day)
    return Row(
        pair=pair,
        technician=rosters.name_of(pair.technician) if pair.technician else "",
        alone_from=alone,
        is_alone=alone is not None and alone <= day <= pair.ends_on,
        goals=goals,
        reached=sum(each.reached_on is not None for each in goals),
        late=sum(each.reached_on is None and each.by < day for each in goals),
    )


def _alone_from(pair: Pair, day: date) -> date | None:
    """The day after the technician's last exit, actual or planned, where that comes before the
    plan's end; the plan's first day where there is none at all."""
    stays: Sequence[TravelStay] = list(pair.technician.stays.all()) if pair.technician else []
    if pair.technician is not None and not stays:
        return None  # no stay was told: nothing is known of an exit
    ends = [each.left_on or each.leaves_on for each in stays]
    if not ends:
        return pair.starts_on
    if None in ends:
        return None
    last = max(each for each in ends if each is not None)
    return date.fromordinal(last.toordinal() + 1) if last < pair.ends_on else None


@transaction.atomic
def save(
    pair: Pair | None, *, organization: Organization, by: User, goals: Sequence[tuple[str, date]],
    **fields: Any,
) -> Pair:  # fmt: skip
    """Write the plan. `fields`: those in FIELDS; `goals`: (text, by), which replace those not yet
    reached. A changed plan has to be agreed anew by both.
    """
    if not accounts.can_edit_for(by, organization):
        raise PermissionDenied
    made = pair or Pair(organization=organization)
    if made.organization_id != organization.pk:
        raise PermissionDenied
    for name in FIELDS:
        setattr(made, name, fields[name])
    _check(made, goals)
    made.technician_agreed_at = made.technician_agreed_by = None
    made.apprentice_agreed_at = made.apprentice_agreed_by = None
    made.full_clean(exclude=["organization", "program", "technician"])
    made.save()
    made.goals.filter(reached_on=None).delete()
    kept = set(made.goals.values_list("text", flat=True))
    Goal.objects.bulk_create(
        Goal(pair=made, text=text.strip(), by=day)
        for text, day in goals
        if text.strip() not in kept
    )
    audit.record("pair.saved", made, by=by, organization=organization.pk)
    return made


def _check(pair: Pair, goals: Sequence[tuple[str, date]]) -> None:
    own = pair.organization_id
    program: Program | None = pair.program
    if program is not None and (
        program.organization_id != own or program.kind != Kind.APPRENTICESHIP
    ):
        raise ValidationError({"program": [_("Choose an apprenticeship of your organization.")]})
    technician: Traveler | None = pair.technician
    if technician is not None and technician.organization_id != own:
        raise ValidationError({"technician": [_("Choose a traveler of your roster.")]})
    if not goals:
        raise ValidationError({"goals": [_("Write at least one goal with its day.")]})
    if any(not pair.starts_on <= day <= pair.ends_on for _text, day in goals):
        raise ValidationError({"goals": [_("Each goal’s day lies within the plan.")]})


def may_agree(user: Any, pair: Pair, side: str) -> bool:
    """A technician with an account agrees in person. For everybody else a member of the firm
    records that they have agreed."""
    technician = pair.technician
    if side == TECHNICIAN:
        if technician is None:
            return False
        if technician.placement is not None:
            return bool(technician.placement.application.candidate.user_id == user.pk)
    return accounts.can_edit_for(user, pair.organization)


@transaction.atomic
def agree(pair: Pair, *, by: User, side: str) -> Pair:
    pair = (
        Pair.objects.select_for_update(of=("self",))
        .select_related("organization", "technician__placement__application__candidate")
        .get(pk=pair.pk)
    )
    if side not in (TECHNICIAN, APPRENTICE) or not may_agree(by, pair, side):
        raise PermissionDenied
    if getattr(pair, f"{side}_agreed_at") is None:
        setattr(pair, f"{side}_agreed_at", timezone.now())
        setattr(pair, f"{side}_agreed_by", by)
        pair.save()
        audit.record("pair.agreed", pair, by=by, side=side)
    return pair


@transaction.atomic
def reach(goal: Goal, *, by: User, reached: bool, today: date | None = None) -> Goal:
    """Note that the apprentice does it alone now, or take that back."""
    if not accounts.can_edit_for(by, goal.pair.organization):
        raise PermissionDenied
    goal.reached_on = (today or timezone.localdate()) if reached else None
    goal.save(update_fields=["reached_on"])
    audit.record("pair.goal", goal.pair, by=by, goal=goal.pk, reached=reached)
    return goal


@transaction.atomic
def remove(pair: Pair, *, by: User) -> None:
    if not accounts.can_edit_for(by, pair.organization):
        raise PermissionDenied
    audit.record("pair.removed", pair, by=by, organization=pair.organization_id)
    pair.delete()
