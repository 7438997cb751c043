from __future__ import annotations

from typing import Any

from celery import shared_task

from corridor.applications import (
    answering,
    colleagues,
    interviews,
    invitations,
    leaving,
    notices,
    offers,
    placement_tasks,  # noqa: F401  (so that Celery finds them)
    reminding,
    step_reminding,
    verified,
    visa_reminding,
    warning,
)  # fmt: skip
from corridor.applications.countersigned import telling, watching

_MAIL: dict[str, Any] = {
    "autoretry_for": (OSError,),  # a mail server that is down or refuses (smtplib's errors too)
    "retry_backoff": 5,  # seconds, doubled each time
    "retry_backoff_max": 50,
    "max_retries": 100,
}


@shared_task(name="applications.tell", **_MAIL)
def tell(id: int) -> int:
    """Write to the side that did not act. Safe to run twice: an event is told once."""
    return notices.tell(id)


@shared_task(name="applications.remind", **_MAIL)
def remind(id: int) -> int:
    """Write to an organization's members about answers that are due."""
    return reminding.tell(id)


@shared_task(name="applications.watch_answers")
def watch_answers() -> int:
    """Every morning: note whose answer is due, and ask for the reminders."""
    return answering.watch()


@shared_task(name="applications.delete_closed")
def delete_closed() -> int:
    """Once a day: delete those who closed their account a week ago."""
    return leaving.delete_closed()


@shared_task(name="applications.watch_dates")
def watch_dates() -> dict[str, int]:
    """Every ten minutes: interviews in the next day, times and offers that have passed."""
    meetings, terms = interviews.watch(), offers.watch()
    return {
        "interviews": meetings["reminded"], "lapsed": meetings["lapsed"],
        "offers": terms["reminded"], "expired": terms["expired"],
    }  # fmt: skip


@shared_task(name="applications.invite", **_MAIL)
def invite(organization: int, token: str, email: str, language: str) -> int:
    """Write to somebody who is asked to join an organization's team."""
    return invitations.tell(organization, token=token, email=email, language=language)


@shared_task(name="applications.tell_left", **_MAIL)
def tell_left(organization: int, user: int) -> int:
    """Write to an organization's owners that a member closed the account. Safe to run twice."""
    return colleagues.tell(organization, user_id=user)


@shared_task(name="applications.tell_verified", **_MAIL)
def tell_verified(id: int, at: str) -> int:
    """Write to an organization that staff verified or refused. Safe to run twice."""
    return verified.tell(id, at=at)


@shared_task(name="applications.tell_taken_down", **_MAIL)
def tell_taken_down(review: int) -> int:
    """Write to those who applied that staff took the program down. Safe to run twice."""
    return warning.tell(review)


@shared_task(name="applications.tell_paper", **_MAIL)
def tell_paper(id: int) -> int:
    """Write to the side whose signature is awaited. Safe to run twice: a notice is told once."""
    return telling.tell(id)


@shared_task(name="applications.remind_step", **_MAIL)
def remind_step(id: int) -> int:
    """Write to a candidate about a visa step whose day is near. Safe to run twice."""
    return visa_reminding.tell(id)


@shared_task(name="applications.watch_steps")
def watch_steps() -> int:
    """Every morning: the days that candidates recorded ahead. Safe to run twice."""
    return visa_reminding.watch()


@shared_task(name="applications.remind_due_steps", **_MAIL)
def remind_due_steps(id: int) -> int:
    """Write to a candidate about their own steps that are due. Safe to run twice."""
    return step_reminding.tell(id)


@shared_task(name="applications.watch_due_steps")
def watch_due_steps() -> int:
    """Every morning: candidates' own steps that must begin soon. Safe to run twice."""
    return step_reminding.watch()


@shared_task(name="applications.watch_papers")
def watch_papers() -> int:
    """Every morning: whose signature is due soon or late. Safe to run twice."""
    return watching.watch()
