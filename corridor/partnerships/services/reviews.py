"""Writes of reviews: not begun → in review → cleared, cleared with conditions, or stopped."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor.accounts import permissions as accounts
from corridor.accounts.models import User
from corridor.common import audit
from corridor.partnerships import notices, permissions
from corridor.partnerships.models import Notice, Paper, ResearchProject, Review
from corridor.partnerships.services.following import keep_paper
from corridor.partnerships.services.research import again, hold_if_missing

State = Review.State


@transaction.atomic
def name_reviewer(
    review: Review, *, by: User, member: User | None = None, name: str = "", office: str = ""
) -> Review:
    """Say who reviews for this side, a member or somebody outside by name, and begin.

    Who leads or works on the project does not review it. The member is told by mail.
    """
    review, project = _locked(review)
    if not permissions.can_edit_side(by, project, review.side):
        raise PermissionDenied
    if not review.waits:
        raise ValidationError(_("This review is decided. Open it again first."))
    if member is not None:
        if not accounts.is_member(member, project.agreement.party(review.side)):
            raise ValidationError(_("Choose a member of your institution."))
        name = member.name or member.email
    name, office = " ".join(name.split()), " ".join(office.split())
    if not name or not office:
        raise ValidationError(_("Write who reviews, and in what office."))
    works = project.people.values_list("email", "name")
    if any((member is not None and email.lower() == member.email.lower())
           or (member is None and known == name) for email, known in works):  # fmt: skip
        raise ValidationError(_("Who works on the project does not review it. Name somebody else."))
    review.reviewer, review.reviewer_name, review.reviewer_office = member, name, office
    review.state, review.asked_at = State.IN_REVIEW, timezone.now()
    review.full_clean(exclude=["reviewer"])
    review.save()
    audit.record("research.reviewer_named", project, by=by, kind=review.kind, side=review.side)
    notices.put_review(Notice.What.REVIEW_ASKED, review, about="")
    return review


@transaction.atomic
def decide(
    review: Review, *, by: User, state: str, reasoning: str, conditions: str = "",
    day: date | None = None, upload: Any = None,
) -> Review:  # fmt: skip
    """The named reviewer's word, with its reasons, its day and perhaps a document.

    A stopped review puts a project that is under way on hold. The other side is told.
    """
    review, project = _locked(review)
    if project.is_over:
        raise ValidationError(_("A project that is over stays as it was."))
    if not permissions.can_review(by, review):
        raise PermissionDenied
    if review.state == State.NOT_BEGUN:
        raise ValidationError(_("Name who reviews first."))
    if review.state != State.IN_REVIEW:
        raise ValidationError(_("This review is decided. Open it again first."))
    if state not in (*Review.PASSED, State.STOPPED):
        raise ValidationError(_("Choose what was decided."))
    day = day or timezone.localdate()
    if day > timezone.localdate():
        raise ValidationError(_("The day of the decision cannot lie in the future."))
    if not reasoning.strip():
        raise ValidationError(_("Write down the reasons of the decision."))
    if state == State.CONDITIONS and not conditions.strip():
        raise ValidationError(_("Write down the conditions."))
    review.state, review.decided_on = state, day
    review.reasoning = reasoning.strip()
    review.conditions = conditions.strip() if state == State.CONDITIONS else ""
    review.full_clean(exclude=["reviewer"])
    review.save()
    if upload is not None:
        keep_paper(project.agreement, by=by, side=review.side, kind=Paper.Kind.REVIEW,
                   upload=upload, review=review)  # fmt: skip
    audit.record("research.reviewed", project, by=by, kind=review.kind, side=review.side,
                 state=str(state))  # fmt: skip
    notices.put_review(Notice.What.REVIEW_DECIDED, review, about="")
    hold_if_missing(project, by)
    return review


@transaction.atomic
def review_again(review: Review, *, by: User) -> Review:
    """Open a decided review once more; a project that needs it is put on hold meanwhile."""
    review, project = _locked(review)
    if project.is_over:
        raise ValidationError(_("A project that is over stays as it was."))
    if not (permissions.can_review(by, review)
            or permissions.can_edit_side(by, project, review.side)):  # fmt: skip
        raise PermissionDenied
    if review.waits:
        return review
    made = again(review, by)
    hold_if_missing(project, by)
    return made


def _locked(review: Review) -> tuple[Review, ResearchProject]:
    """The standing review and its project, both locked; the project first, as everywhere."""
    project = (
        ResearchProject.objects.select_for_update(of=("self",))
        .select_related("agreement__korean_party", "agreement__us_party")
        .get(pk=review.project_id)
    )
    found = Review.objects.select_for_update(of=("self",)).get(pk=review.pk)
    if found.superseded_at is not None:
        raise ValidationError(_("This review was opened again. Look at the new one."))
    found.project = project
    return found, project
