"""The outcome of a signed learning agreement: hours by the host, credit by the university.

`Paper.outcome` holds it: {"hours", "hours_note", "hours_on", "result", "credits", "grade",
"reason", "recorded_on"}, days as ISO text. The grade is the student's and the university's alone.
"""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor.accounts.models import User
from corridor.applications.countersigned import keeping, permissions, shapes
from corridor.applications.countersigned.telling import put
from corridor.applications.models import CANDIDATE, HOST, THIRD, Paper, PaperNotice
from corridor.common import audit

What, State, Kind = PaperNotice.What, Paper.State, Paper.Kind


@transaction.atomic
def confirm_hours(
    paper: Paper, *, by: User, hours: int, note: str = "", revision: int | None = None,
    today: date | None = None,
) -> Paper:  # fmt: skip
    """The host confirms the hours done; then the university records the credit."""
    paper, today = keeping.locked(paper), today or timezone.localdate()
    if paper.kind != Kind.LEARNING or not permissions.acts_for(by, paper, HOST):
        raise PermissionDenied
    keeping.check_revision(paper, revision)
    if paper.state != State.SIGNED or paper.turn != HOST:
        raise ValidationError(_("The hours are confirmed once all have signed, one time."))
    start = shapes.day_of(paper.content, "starts_on")
    if start is not None and today < start:
        raise ValidationError(_("The experience has not begun yet."))
    if not 0 <= hours <= 10_000:
        raise ValidationError({"hours": [_("Please write the hours as a number.")]})
    paper.outcome = {
        "hours": hours, "hours_note": note.strip()[:2000], "hours_on": today.isoformat(),
    }  # fmt: skip
    paper.turn, paper.due_on = THIRD, keeping.due("record", today)
    keeping.keep(paper)
    audit.record("paper.hours_confirmed", paper, by=by, hours=hours)
    put(paper, What.RECORD, THIRD)
    return paper


@transaction.atomic
def record_credit(
    paper: Paper, *, by: User, credited: bool, credits: str = "", grade: str = "",
    reason: str = "", revision: int | None = None, today: date | None = None,
) -> Paper:  # fmt: skip
    """The university records credits and grade, or refuses them with its reason."""
    paper, today = keeping.locked(paper), today or timezone.localdate()
    if paper.kind != Kind.LEARNING or not permissions.acts_for(by, paper, THIRD):
        raise PermissionDenied
    keeping.check_revision(paper, revision)
    if paper.state != State.SIGNED or paper.turn != THIRD:
        raise ValidationError(_("The host confirms the hours first."))
    if credited and not credits:
        raise ValidationError({"credits": [_("Please write the credits.")]})
    if not credited and not reason.strip():
        raise ValidationError({"reason": [_("Please tell the student why.")]})
    said = (
        {"result": "credited", "credits": credits, "grade": grade.strip()[:20]}
        if credited else {"result": "refused", "reason": reason.strip()[:2000]}
    )  # fmt: skip
    paper.outcome = {**paper.outcome, **said, "recorded_on": today.isoformat()}
    paper.state = State.CREDITED if credited else State.REFUSED
    paper.turn, paper.due_on = "", None
    keeping.keep(paper)
    audit.record("paper.credit_recorded", paper, by=by, credited=credited)
    put(paper, What.CREDITED if credited else What.REFUSED, CANDIDATE)
    return paper
