"""The demo student on the way to a first day: an internship accepted, and the steps of its visa
route that the student and the firm have recorded. All made up, like the rest of the demo."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import pairwise

from corridor.accounts.models import Consent, User
from corridor.applications import visa_steps, zones
from corridor.applications.models import CANDIDATE, HOST, Application, Offer, State
from corridor.demo import applying, content, hiring
from corridor.programs.models import Program

STUDENT, ROUTE = "student@demo.example", "j1_intern"
_STATES = [State.DRAFT, State.SUBMITTED, State.UNDER_REVIEW, State.OFFERED, State.ACCEPTED]


def work(day: date) -> None:
    said = content.read("visa_steps")
    student = User.objects.filter(email=STUDENT).select_related("candidate").first()
    program = (
        Program.objects.filter(
            organization__slug__startswith=hiring.FIRM, kind="internship", status="published",
            organization__memberships__role="owner",
        )
        .exclude(applications__candidate__user__email=STUDENT)
        .select_related("hub__state", "organization").order_by("pk").first()
    )  # fmt: skip
    if student is None or program is None:
        return
    owner = program.organization.memberships.filter(role="owner").order_by("pk")[0].user
    application = _accepted(student, program, owner, day, said)
    for row in said["records"]:
        visa_steps.record(
            application, by=owner if row["side"] == HOST else student, pathway=ROUTE,
            step=row["step"], mark=row["mark"], day=day + timedelta(days=row["in"]),
        )  # fmt: skip
    visa_steps.show(application, by=student, host=True, university=True)
    _as_told_in_time(application, day)


def _as_told_in_time(application: Application, day: date) -> None:
    """Each step was recorded on its day, the interview when the last paper was sent; and nobody is
    written to about a sample."""
    last = max(each.day for each in application.steps.all() if each.day <= day)
    for each in application.steps.all():
        application.steps.filter(pk=each.pk).update(at=_at(min(each.day, last)))
    for event in application.events.filter(kind="step_recorded"):
        on = date.fromisoformat(event.values["day"]) if event.values else last
        application.events.filter(pk=event.pk).update(at=_at(on))
    application.events.update(told=True)


def _accepted(
    student: User, program: Program, owner: User, day: date, said: dict
) -> Application:
    host, sent = program.organization, _at(day - timedelta(days=63))
    consent = Consent.objects.create(
        user=student, purpose="share_identity", recipient=host, recipient_name=host.name_en,
        items=applying.IDENTITY, recipient_country=host.country, text_version="2026-11",
        language="ko", given_at=sent,
    )  # fmt: skip
    application = Application.objects.create(
        candidate=student.candidate, program=program, state=State.ACCEPTED, consent=consent,
        cover_note=said["note"], submitted_at=sent, answer_by=day - timedelta(days=30),
        evidence={"sample": True},
    )  # fmt: skip
    for number, (start, to) in enumerate(pairwise(_STATES)):
        side = HOST if to in (State.UNDER_REVIEW, State.OFFERED) else CANDIDATE
        event = application.events.create(
            from_state=start, to_state=to, told=True, side=side,
            by=owner if side == HOST else student,
        )  # fmt: skip
        application.events.filter(pk=event.pk).update(at=sent + timedelta(days=7 * number))
    hiring.offer(application, owner, day, content.read("hiring"))
    first = day + timedelta(days=said["first_day"])
    application.offers.update(
        pathway=ROUTE, starts_on=first, ends_on=first + timedelta(days=180),
        answered_at=sent + timedelta(days=21), state=Offer.State.ACCEPTED,
    )  # fmt: skip
    return application


def _at(day: date) -> datetime:
    return datetime.combine(day, time(10, 20), zones.SEOUL)
