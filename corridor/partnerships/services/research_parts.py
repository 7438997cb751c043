"""Writes of what belongs to a research project: people, funding, milestones, outputs.

People are their side's. Funding, milestones and outputs may be written by either, funding and
milestones changed by either; a milestone is marked as done by the side that owes it, or by either
where both do it together.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor.accounts.models import User
from corridor.common import audit, versions
from corridor.partnerships import permissions
from corridor.partnerships.models import (
    Funding,
    Investigator,
    Milestone,
    Output,
    ResearchProject,
)
from corridor.partnerships.services.research import (
    hold_if_missing,
    locked_project,
    open_project,
    review_anew,
)

MOST = {"people": 30, "funding": 20, "milestones": 60, "outputs": 300}
Part = Investigator | Funding | Milestone | Output
_MODELS: dict[str, type[Any]] = {
    "people": Investigator, "funding": Funding, "milestones": Milestone, "outputs": Output,
}  # fmt: skip
# Money that decides a review: with a new kind of it, what was cleared was cleared without it.
_DECIDING = {Funding.Kind.US_FEDERAL, Funding.Kind.KOREAN_PUBLIC}


@transaction.atomic
def add_part(
    project: ResearchProject, part: str, *, by: User, side: str = "", **fields: Any
) -> Part:
    """Add a row of `part` ("people", "funding", "milestones", "outputs").

    `side`: of people and outputs, the writer's own; of a milestone, who owes it ("" for both).
    An output may be added after the end, too: papers come late.
    """
    find = locked_project if part == "outputs" else open_project
    project = find(project, by)
    own = part in ("people", "outputs")
    if own and not permissions.can_edit_side(by, project, side):
        raise PermissionDenied
    rows = getattr(project, part)
    if rows.count() >= MOST[part]:
        raise ValidationError(_("There is no room for more. Please remove one first."))
    if part != "funding":
        fields["side"] = side
    made = _MODELS[part](project=project, **fields)
    made.full_clean()
    new_money = part == "funding" and made.kind in _DECIDING and not (
        rows.filter(kind=made.kind).exists()
    )
    made.save()
    audit.record(f"research.{part}_added", project, by=by, side=str(side))
    if new_money:
        review_anew(project, by)
    return made


@transaction.atomic
def change_part(
    row: Funding | Milestone, part: str, *, by: User, version: int | None = None, **fields: Any
) -> Funding | Milestone:
    """Change a line of funding or a milestone that is not done yet. Money of a kind that decides
    a review begins the reviews anew, as a new line of it does.

    `version`: the one that was read; raises `versions.Outdated` where somebody saved since.
    """
    project = open_project(row.project, by)
    row = _MODELS[part].objects.select_for_update().get(pk=row.pk)
    if isinstance(row, Milestone) and row.done_on:
        raise ValidationError(_("What was done stays in the record."))
    versions.advance(row, version)
    before = getattr(row, "kind", "")
    for name, value in fields.items():
        setattr(row, name, value)
    row.full_clean()
    row.save()
    audit.record(
        f"research.{part}_changed", project, by=by, side=getattr(row, "side", ""), row=row.pk
    )
    kind = getattr(row, "kind", "")
    others = project.funding.filter(kind=kind).exclude(pk=row.pk)
    if part == "funding" and kind != before and kind in _DECIDING and not others.exists():
        review_anew(project, by)
    else:
        hold_if_missing(project, by)
    return row


@transaction.atomic
def remove_part(row: Part, part: str, *, by: User) -> None:
    project = open_project(row.project, by)
    side = getattr(row, "side", "")
    if part in ("people", "outputs") and not permissions.can_edit_side(by, project, side):
        raise PermissionDenied
    if isinstance(row, Milestone) and Milestone.objects.get(pk=row.pk).done_on:
        raise ValidationError(_("What was done stays in the record."))
    row.delete()
    audit.record(f"research.{part}_removed", project, by=by, side=str(side))
    hold_if_missing(project, by)


@transaction.atomic
def mark_milestone(
    milestone: Milestone, *, by: User, done: bool = True, day: date | None = None
) -> Milestone:
    """Done, or open again. A project that was never begun has nothing done yet."""
    project = open_project(milestone.project, by)
    milestone = Milestone.objects.select_for_update().get(pk=milestone.pk)
    if milestone.side and not permissions.can_edit_side(by, project, milestone.side):
        raise PermissionDenied
    if done and project.begun_on is None:
        raise ValidationError(_("The project is not under way yet, so nothing can be done."))
    day = day or timezone.localdate()
    if day > timezone.localdate():
        raise ValidationError(_("The day cannot lie in the future."))
    if bool(milestone.done_on) != done:
        milestone.done_on, milestone.done_by = (day, by) if done else (None, None)
        milestone.save()
        name = "research.milestone_done" if done else "research.milestone_reopened"
        audit.record(name, project, by=by, side=milestone.side)
    return milestone
