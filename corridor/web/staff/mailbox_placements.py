"""The mails about placements, check-ins, problems and stays (see mailbox.SENDERS)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from corridor.applications import telling
from corridor.applications.models import (
    CheckIn,
    Placement,
    PlacementNotice,
    Problem,
    State,
    Traveler,
    TravelStay,
)
from corridor.web.staff.sample_world import World

Made = Iterator[tuple[str, Callable[[], Any]]]


def placements(world: World) -> Made:
    what, day = PlacementNotice.What, world.day
    type(world.application).objects.filter(pk=world.application.pk).update(state=State.ACCEPTED)
    placement = Placement.objects.create(
        application=world.application, started_on=day, ends_on=day + timedelta(days=90)
    )
    check_in = CheckIn.objects.create(placement=placement, kind=CheckIn.Kind.WEEK, due_on=day)
    problem = Problem.objects.create(
        person=world.candidate.user, placement=placement, kind=Problem.Kind.PAY, is_urgent=True
    )
    traveler = Traveler.objects.create(
        organization=world.host, placement=placement, label="A-1"
    )
    stay = TravelStay.objects.create(
        traveler=traveler, pathway="b1_service", entered_on=day, leaves_on=day + timedelta(days=10)
    )
    person, office = {"person": world.candidate.user}, {"organization": world.host}
    about: dict[str, list[dict[str, Any]]] = {
        what.START: [{**person, "application": world.application},
                     {**office, "application": world.application}],
        what.STARTED: [{**person, "placement": placement}, {**office, "placement": placement}],
        what.CHECK_IN: [{**person, "check_in": check_in}],
        what.CHECK_IN_AGAIN: [{**person, "check_in": check_in}],
        what.CHECK_IN_MISSED: [{"check_in": check_in}],
        what.SHARED: [{**office, "placement": placement}],
        what.CERTIFICATE: [{**person, "placement": placement}],
        what.REVOKED: [{**person, "placement": placement}],
        what.PROBLEM: [{"problem": problem}],
        what.PROBLEM_ANSWER: [{**person, "problem": problem}],
        what.PROBLEM_LATE: [{"problem": problem}],
        what.STAY: [{**person, "stay": stay}, {**office, "stay": stay}],
    }  # fmt: skip
    for each in what.values:
        for row in about.get(each, []):
            role = "person" if "person" in row else "host" if "organization" in row else "staff"

            def tell(each: str = each, row: dict[str, Any] = row) -> int:
                said = f"sample/{day + timedelta(days=10)}"
                notice = PlacementNotice.objects.create(what=each, about=said, **row)
                return telling.tell(notice.pk)

            yield f"{each}.{role}", tell
