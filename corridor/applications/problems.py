"""A private way to raise a problem: to Corridor's staff, in a thread, under a clock.

Hosts and universities learn nothing of it through Corridor. What the person allowed is shown to
staff, who may then speak with them.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import yaml
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor.accounts import permissions as accounts
from corridor.accounts.models import User
from corridor.applications import after, telling
from corridor.applications.clock import DATA
from corridor.applications.models import Placement, PlacementNotice, Problem, ProblemMessage
from corridor.common import audit
from corridor.common.language import language_code

What = PlacementNotice.What
State = Problem.State
LONGEST = 8000


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    return yaml.load((DATA / "help.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)


def contacts() -> list[dict[str, Any]]:
    """Whom to call: {id, number, tel, name, note, source, url, evidence, read_on}."""
    lang = language_code()
    return [
        {**row, "name": row["name"][lang], "note": row["note"][lang]}
        for row in _data()["contacts"]
    ]


def hours(problem: Problem) -> int:
    """Within how many hours staff answer: this service's own promise."""
    return int(_data()["answer_within"]["urgent" if problem.is_urgent else "usual"])


def promised() -> dict[str, int]:
    return dict(_data()["answer_within"])


@transaction.atomic
def raise_problem(
    *, by: User, kind: str, text: str, is_urgent: bool = False, host_may_know: bool = False,
    university_may_know: bool = False, placement: Placement | None = None,
) -> Problem:  # fmt: skip
    if placement is not None and placement.application.candidate.user_id != by.pk:
        raise PermissionDenied
    _written(text)
    last = Problem.objects.filter(person=by, kind=kind, placement=placement).first()
    if last is not None and last.created_at > timezone.now() - timedelta(minutes=10):
        first = last.messages.first()
        if first is not None and first.text == text.strip():
            return last  # pressed twice
    problem = Problem(
        person=by, placement=placement, kind=kind, is_urgent=is_urgent,
        host_may_know=host_may_know, university_may_know=university_may_know,
    )  # fmt: skip
    problem.full_clean(exclude=["person", "placement"])
    problem.answer_by = timezone.now() + timedelta(hours=hours(problem))
    problem.save()
    ProblemMessage.objects.create(problem=problem, author=by, text=text.strip())
    audit.record("problem.raised", problem, by=None)  # the log names nobody who raises one
    telling.put(What.PROBLEM, problem=problem, about=str(problem.pk))
    return problem


@transaction.atomic
def write(problem: Problem, *, by: User, text: str) -> ProblemMessage:
    """The next message: of the person, which opens it again, or of staff, which answers it."""
    problem = Problem.objects.select_for_update().get(pk=problem.pk)
    by_staff = problem.person_id != by.pk
    if by_staff and not may_answer(by, problem):
        raise PermissionDenied
    _written(text)
    last = problem.messages.last()
    if last is not None and (last.author_id, last.text) == (by.pk, text.strip()):
        return last  # pressed twice
    made = ProblemMessage.objects.create(
        problem=problem, author=by, by_staff=by_staff, text=text.strip()
    )
    now = timezone.now()
    if by_staff:
        problem.state, problem.answer_by = State.ANSWERED, None
        problem.first_answered_at = problem.first_answered_at or now
        telling.put(What.PROBLEM_ANSWER, person=problem.person, problem=problem,
                    about=str(made.pk))  # fmt: skip
    else:
        if problem.state != State.OPEN:
            problem.answer_by = now + timedelta(hours=hours(problem))
            telling.put(What.PROBLEM, problem=problem, about=f"{problem.pk}/{made.pk}")
        problem.state, problem.closed_at = State.OPEN, None
    problem.save()
    audit.record("problem.written", problem, by=by if by_staff else None)
    return made


@transaction.atomic
def close(problem: Problem, *, by: User) -> Problem:
    """By the person at any time; by staff when it has been answered."""
    problem = Problem.objects.select_for_update().get(pk=problem.pk)
    own = problem.person_id == by.pk
    if not own and not may_answer(by, problem):
        raise PermissionDenied
    if not own and problem.first_answered_at is None:
        raise ValidationError(_("Please answer before you close it."))
    problem.state, problem.answer_by, problem.closed_at = State.CLOSED, None, timezone.now()
    problem.save()
    audit.record("problem.closed", problem, by=None if own else by)
    return problem


@transaction.atomic
def allow(
    problem: Problem, *, by: User, host_may_know: bool, university_may_know: bool
) -> Problem:
    """The person changes whom staff may speak with about it."""
    problem = Problem.objects.select_for_update().get(pk=problem.pk)
    if problem.person_id != by.pk:
        raise PermissionDenied
    problem.host_may_know, problem.university_may_know = host_may_know, university_may_know
    problem.save(update_fields=["host_may_know", "university_may_know", "updated_at"])
    audit.record("problem.allowed", problem, by=None, host=host_may_know,
                 university=university_may_know)  # fmt: skip
    return problem


@transaction.atomic
def look(problem: Problem, *, by: User) -> list[ProblemMessage]:
    """The thread, to staff; that they looked is kept."""
    if not may_answer(by, problem):
        raise PermissionDenied
    audit.record("problem.looked", problem, by=by)
    return list(problem.messages.select_related("author"))


def may_answer(user: Any, problem: Problem) -> bool:
    """Staff who neither raised it nor belong to the host that it is about."""
    return accounts.is_staff(user) and after.problem_queue(user).filter(pk=problem.pk).exists()


def watch(now: datetime | None = None) -> int:
    """Tell staff once of each problem whose promised time has passed; returns new notices."""
    now = now or timezone.now()
    late = Problem.objects.filter(state=State.OPEN, answer_by__lt=now)
    return sum(
        telling.put(What.PROBLEM_LATE, problem=problem,
                    about=f"{problem.pk}/{problem.answer_by:%Y-%m-%dT%H:%M}")
        for problem in late
    )  # fmt: skip


def _written(text: str) -> None:
    if not text.strip():
        raise ValidationError({"text": [_("Please write what happened.")]})
    if len(text) > LONGEST:
        raise ValidationError({"text": [_("Please keep it under %d characters.") % LONGEST]})
