"""An accepted applicant at a hub, for tests of what comes after the start. All invented."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from corridor.accounts.models import User
from corridor.applications import placements
from corridor.applications.models import Application, Placement
from tests.matching import people
from tests.web.desks import applicant, member, open_program

TODAY = timezone.localdate()


def _hub() -> Any:
    made = people.hub()
    made.timezone = "America/New_York"
    made.save()
    return made


def accepted(
    *, kind: str = "internship", email: str = "kim@example.org", host: Any = None, **fields: Any
) -> tuple[Application, User]:
    """An accepted application, and an owner of its host; the first day was 12 days ago."""
    organization = host or people.host()
    owner = User.objects.filter(memberships__organization=organization).first() or (
        member(organization)
    )
    program = open_program(organization, kind=kind, hub=_hub(), **fields)
    made = applicant(program, email=email)
    made.state = "accepted"
    made.save()
    made.offers.create(
        state="accepted", starts_on=TODAY - timedelta(days=12),
        ends_on=TODAY + timedelta(days=200), pay_period="unpaid", place="Savannah",
        answer_by=TODAY - timedelta(days=60),
    )  # fmt: skip
    return made, owner


def begun(
    application: Application, owner: User | None = None, *, first: date | None = None,
    last: date | None = None, pathway: str = "",
) -> Placement:  # fmt: skip
    """Confirmed by the candidate, and by the owner where one is given."""
    days = {"started_on": first or TODAY - timedelta(days=12),
            "ends_on": last or TODAY + timedelta(days=200), "pathway": pathway}  # fmt: skip
    made = placements.confirm_start(application, by=application.candidate.user, **days)
    if owner is not None:
        made = placements.confirm_start(application, by=owner, **days)
    return made


ANSWERS = {"work": "as_described", "duties": "none", "hours": "as_agreed", "pay": "on_time",
           "housing": "good", "safety": "safe"}  # fmt: skip
