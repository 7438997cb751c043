"""The mails about the steps of a visa route (see mailbox.SENDERS)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from corridor.applications import step_reminding, visa_reminding
from corridor.applications.models import CANDIDATE, Application, Offer, State, StepRecord
from corridor.web.staff.sample_world import World

Made = Iterator[tuple[str, Callable[[], Any]]]
_ROUTE, _LATE = "j1_intern", -5
# What is told -> by which of the two days, and how many days are left to it.
_DUE = {"week": ("begin", 7), "day": ("begin", 1), "last": ("last", 7), "late": ("last", _LATE)}


def recorded(world: World) -> Made:
    """A day that a candidate recorded ahead."""

    def tell() -> int:
        _accepted(world, world.day + timedelta(days=200))
        booked = _record(world, "sevis_and_ds160", "interview_booked", timezone.localdate())
        return visa_reminding.tell(booked.pk)

    yield "interview", tell


def due_steps(world: World) -> Made:
    """A candidate's own steps that must begin: each way in which a day is told."""
    for name, (which, left) in _DUE.items():

        def tell(which: str = which, left: int = left) -> int:
            today = timezone.localdate()
            application = _accepted(world, first := today + timedelta(days=400))
            _record(world, "ds2019", "received", today)
            _verdict, own = step_reminding.due(application, today)
            next_ = min(getattr(each, which) for each in own)
            application = _accepted(world, first - (next_ - today) + timedelta(days=left))
            step_reminding.note(application, today=today)
            return step_reminding.tell(application.pk)

        yield name, tell


def _accepted(world: World, first: date) -> Application:
    """The sample application with an accepted offer that begins on `first`, read anew."""
    Application.objects.filter(pk=world.application.pk).update(state=State.ACCEPTED)
    Offer.objects.update_or_create(
        application=world.application, state=Offer.State.ACCEPTED,
        defaults={"starts_on": first, "ends_on": first + timedelta(days=180), "pathway": _ROUTE,
                  "pay_period": "unpaid", "place": "Savannah", "answer_by": world.day},
    )  # fmt: skip
    return Application.objects.get(pk=world.application.pk)


def _record(world: World, step: str, mark: str, day: date) -> StepRecord:
    return StepRecord.objects.create(
        application=world.application, pathway=_ROUTE, step=step, mark=mark, day=day,
        side=CANDIDATE,
    )  # fmt: skip
