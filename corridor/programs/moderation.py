"""Staff decide about programs: approve, send back with reasons, take down; and settle reports.

Every decision is one transaction with its audit row, and reaches the host as a mail.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor.accounts import permissions as accounts
from corridor.accounts.models import User
from corridor.common import audit, outbox
from corridor.programs import checking, permissions, services, waiting
from corridor.programs.models import Program, Review

State = Review.State


@transaction.atomic
def approve(program: Program, *, by: User, checked: Sequence[str]) -> Review:
    """Open a waiting program to the public (or let a changed one stand): every point of the
    checklist is ticked, and the host is verified."""
    program, review = _locked(program, by)
    open_points = [name for key, name in checking.choices("checklist") if key not in checked]
    if open_points:
        raise ValidationError(_("Still to be checked: %s") % ", ".join(open_points))
    if not program.organization.is_verified:
        raise ValidationError(_("Verify the organization first; then approve its program."))
    if program.status != Program.Status.PUBLISHED:
        services.open_to_applications(program, by=by)
    review.approved = checking.snapshot(program)
    return _decide(review, by=by, state=State.APPROVED)


@transaction.atomic
def send_back(program: Program, *, by: User, reasons: Sequence[str], note: str) -> Review:
    """The host mends it and asks again. A program that is public already stays so."""
    program, review = _locked(program, by)
    review.reasons, review.note = _reasons(reasons, note)
    return _decide(review, by=by, state=State.SENT_BACK)


@transaction.atomic
def take_down(program: Program, *, by: User, reasons: Sequence[str], note: str) -> Review:
    """Nobody but the host and staff sees the program any more; it is a draft again, and opens
    only after staff have approved it. Its applicants are told to be careful."""
    _staff(by)
    program = Program.objects.select_for_update().get(pk=program.pk)
    if program.status == Program.Status.DRAFT:
        raise ValidationError(_("It is not public."))
    review = waiting.of(program) or Review(program=program, asked_by=None)
    review.reasons, review.note = _reasons(reasons, note)
    review.approved = checking.snapshot(program)  # what applicants had applied to
    # What was taken down does not make its host a known one.
    program.status, program.published_at = Program.Status.DRAFT, None
    program.save(update_fields=["status", "published_at", "updated_at"])
    services.changed(program)
    made = _decide(review, by=by, state=State.TAKEN_DOWN)
    outbox.put("applications.tell_taken_down", key=f"review:{made.pk}", review=made.pk)
    outbox.put("partnerships.tell_taken_down", key=f"down:{made.pk}", review=made.pk,
               program=program.pk)  # fmt: skip
    _settle(program, by)
    return made


@transaction.atomic
def take_back(program: Program, *, by: User) -> None:
    """The host takes its place in the queue back, to go on writing."""
    if not permissions.can_edit(by, program):
        raise PermissionDenied
    Program.objects.select_for_update().get(pk=program.pk)
    review = waiting.of(program)
    if review is not None and program.status == Program.Status.DRAFT:
        review.state, review.decided_at, review.decided_by = State.TAKEN_BACK, timezone.now(), by
        review.told = True
        review.save()
        audit.record("program.review_taken_back", program, by=by, review=review.pk)


@transaction.atomic
def settle_reports(program: Program, *, by: User) -> int:
    """Staff looked at the open reports and leave the program as it is; reports settled."""
    _staff(by)
    return _settle(program, by)


def _settle(program: Program, by: User) -> int:
    count = program.reports.filter(settled_at=None).update(
        settled_at=timezone.now(), settled_by=by
    )
    if count:
        audit.record("program.reports_settled", program, by=by, reports=count)
    return count


def _staff(by: User) -> None:
    if not accounts.is_staff(by):
        raise PermissionDenied


def _locked(program: Program, by: User) -> tuple[Program, Review]:
    _staff(by)
    program = Program.objects.select_for_update(of=("self",)).select_related(
        "organization", "hub"
    ).get(pk=program.pk)
    review = waiting.of(program)
    if review is None:
        raise ValidationError(_("It does not wait any more: somebody has decided meanwhile."))
    return program, review


def _reasons(reasons: Sequence[str], note: str) -> tuple[list[str], str]:
    known = [key for key, _label in checking.choices("reasons") if key in reasons]
    if not known:
        raise ValidationError({"reasons": _("Choose at least one reason: the host reads it.")})
    if checking.OWN_WORDS in known and not note.strip():
        raise ValidationError({"note": _("Say it in your own words: the host reads them.")})
    return known, note.strip()


def _decide(review: Review, *, by: User, state: str) -> Review:
    review.state, review.decided_at, review.decided_by = state, timezone.now(), by
    review.save()
    values: dict[str, Any] = {"review": review.pk, "reasons": review.reasons}
    audit.record(f"program.{state}", review.program, by=by, **values)
    outbox.put("programs.tell_review", key=f"review:{review.pk}", id=review.pk)
    return review
