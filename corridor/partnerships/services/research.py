"""Writes of joint research: planned → under way ⇄ on hold → finished or given up.

Nothing is called under way before the reviews that it needs are cleared on both sides. What was
cleared was one theme and one set of answers: when those change, the reviews begin anew.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor.accounts import permissions as accounts
from corridor.accounts.models import Organization, User
from corridor.common import audit, versions
from corridor.partnerships import notices, permissions, reviewing
from corridor.partnerships.models import Agreement, Notice, ResearchProject, Review

EDITABLE = {"title_ko", "title_en", "theme", "starts_on", "ends_on", "program"}
State = ResearchProject.State


def locked_project(project: ResearchProject, by: User) -> ResearchProject:
    """The row as it is now, locked; for one who may write for a party."""
    found = (
        ResearchProject.objects.select_for_update(of=("self",))
        .select_related("agreement__korean_party", "agreement__us_party")
        .get(pk=project.pk)
    )
    if not permissions.can_edit(by, found.agreement):
        raise PermissionDenied
    return found


def open_project(project: ResearchProject, by: User) -> ResearchProject:
    found = locked_project(project, by)
    if found.is_over:
        raise ValidationError(_("A project that is over stays as it was."))
    return found


@transaction.atomic
def save_project(
    project: ResearchProject | None,
    *,
    by: User,
    agreement: Agreement | None = None,
    version: int | None = None,
    answers: dict[str, bool | None] | None = None,
    **fields: Any,
) -> ResearchProject:
    """Plan a project under `agreement`, or change one.

    `answers`: question id -> True, False or None (not known). `version`: the one that was read;
    raises `versions.Outdated` when somebody else has saved since.
    """
    unknown = set(fields) - EDITABLE | set(answers or {}) - set(reviewing.BY_ID)
    if unknown:
        raise ValidationError(_("These fields cannot be changed here: %s") % ", ".join(unknown))
    if project is None:
        if agreement is None or not permissions.can_edit(by, agreement):
            raise PermissionDenied
        if agreement.is_over:
            raise ValidationError(_("No research can be planned under an ended agreement."))
        project = ResearchProject(agreement=agreement, created_by=by, is_sample=agreement.is_sample)
        before = None
    else:
        project = open_project(project, by)
        before = (project.theme, dict(project.answers))
        versions.advance(project, version)
    for name, value in fields.items():
        setattr(project, name, value)
    if project.program is not None and project.program.agreement_id != project.agreement_id:
        raise ValidationError(_("This program is not under the agreement."))
    if answers is not None:
        project.answers = {name: said for name, said in answers.items() if said is not None}
    project.full_clean(exclude=["created_by", "program"])
    project.save()
    audit.record("research.saved", project, by=by, fields=sorted(fields))
    if before is None:
        for kind, side in reviewing.STEPS:
            Review.objects.create(project=project, kind=kind, side=side)
        notices.put(
            Notice.What.PROJECT_STATE, project.agreement, to=others(project.agreement, by),
            values={"project": project.pk, "state": str(State.PLANNED)},
        )  # fmt: skip
    elif before != (project.theme, project.answers):
        review_anew(project, by)
    return project


def review_anew(project: ResearchProject, by: User) -> None:
    """What was decided was decided of something else: reviews that are not waiting begin again,
    and a project that they held up is put on hold."""
    decided = project.reviews.select_for_update().filter(superseded_at=None)
    for review in decided.exclude(state__in=Review.WAITING):
        again(review, by)
    hold_if_missing(project, by)


def again(review: Review, by: User) -> Review:
    """A new row for the same step and the same reviewer; the old one stays readable."""
    review.superseded_at = timezone.now()
    review.save(update_fields=["superseded_at", "updated_at"])
    made = Review.objects.create(
        project_id=review.project_id, kind=review.kind, side=review.side,
        state=Review.State.IN_REVIEW, reviewer=review.reviewer, asked_at=timezone.now(),
        reviewer_name=review.reviewer_name, reviewer_office=review.reviewer_office,
    )  # fmt: skip
    audit.record("research.review_again", review.project, by=by, kind=review.kind,
                 side=review.side)  # fmt: skip
    notices.put_review(Notice.What.REVIEW_ASKED, made, about="")
    return made


def hold_if_missing(project: ResearchProject, by: User | None) -> bool:
    """Put a project that is under way on hold where something it needs is missing by now."""
    if project.state != State.UNDER_WAY or not reviewing.missing(_fresh(project)):
        return False
    _move(project, State.ON_HOLD, by, to=[project.agreement.korean_party,
                                          project.agreement.us_party])  # fmt: skip
    return True


def hold_projects(agreement: Agreement, by: User | None) -> int:
    """For an agreement that is no longer in force: its projects wait; returns how many."""
    under_way = ResearchProject.objects.select_for_update(of=("self",)).filter(
        agreement=agreement, state=State.UNDER_WAY
    )
    return sum(
        hold_if_missing(each, by)
        for each in under_way.select_related("agreement__korean_party", "agreement__us_party")
    )


@transaction.atomic
def begin(project: ResearchProject, *, by: User) -> ResearchProject:
    """Say that it is under way. Raises ValidationError with each step that is missing."""
    project = open_project(project, by)
    if project.state == State.UNDER_WAY:
        return project
    if lacking := reviewing.missing(_fresh(project)):
        raise ValidationError([_("It cannot begin yet."), *lacking])
    project.begun_on = project.begun_on or timezone.localdate()
    return _move(project, State.UNDER_WAY, by)


@transaction.atomic
def hold(project: ResearchProject, *, by: User) -> ResearchProject:
    project = open_project(project, by)
    if project.state != State.UNDER_WAY:
        raise ValidationError(_("Only a project that is under way can be put on hold."))
    return _move(project, State.ON_HOLD, by)


@transaction.atomic
def finish(project: ResearchProject, *, by: User) -> ResearchProject:
    project = locked_project(project, by)
    if project.state == State.FINISHED:
        return project
    if project.state not in (State.UNDER_WAY, State.ON_HOLD):
        raise ValidationError(_("Only a project that has begun can be finished."))
    return _move(project, State.FINISHED, by)


@transaction.atomic
def stop(project: ResearchProject, *, by: User) -> ResearchProject:
    project = locked_project(project, by)
    return project if project.is_over else _move(project, State.STOPPED, by)


def _move(
    project: ResearchProject, state: str, by: User | None, to: list[Organization] | None = None
) -> ResearchProject:
    project.state = state
    versions.advance(project)
    project.save()
    audit.record(f"research.{state}", project, by=by)
    notices.put(
        Notice.What.PROJECT_STATE, project.agreement, to=to or others(project.agreement, by),
        values={"project": project.pk, "state": str(state)},
    )  # fmt: skip
    return project


def _fresh(project: ResearchProject) -> ResearchProject:
    """Read anew, so that nothing prefetched before a write decides."""
    return ResearchProject.objects.select_related(
        "agreement__korean_party", "agreement__us_party"
    ).get(pk=project.pk)


def others(agreement: Agreement, by: User | None) -> list[Organization]:
    """The side that did not act; both, where the actor writes for both or is nobody."""
    parties = [agreement.korean_party, agreement.us_party]
    own = [party for party in parties if by is not None and accounts.can_edit_for(by, party)]
    return [party for party in parties if party not in own] or parties
