"""The demo firm at work: a team, criteria, scores, notes, interviews and offers."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random

from corridor.accounts.models import Membership, User
from corridor.applications import clock, reviewing, zones
from corridor.applications.models import (
    Application,
    Criterion,
    Interview,
    Offer,
    Score,
    Scorecard,
    Slot,
    State,
    TeamNote,
)
from corridor.demo import content
from corridor.programs.models import Program

FIRM = "sample-hanbit"
_REVIEWED = (State.UNDER_REVIEW, State.INTERVIEW, State.OFFERED, State.ACCEPTED)


def work(day: date) -> None:
    """Fill in what the firm's team has done with the applications it has."""
    said = content.read("hiring")
    team = _team(said)
    received = list(
        Application.objects.filter(program__organization__slug__startswith=FIRM)
        .exclude(state=State.DRAFT)
        .select_related("program__hub__state", "program__organization", "candidate")
        .order_by("pk")
    )
    _let_one_wait(received, day)
    criteria = _criteria({each.program for each in received})
    for number, application in enumerate(received):
        rng = Random(f"hiring {application.candidate.source_id}")
        if application.state in _REVIEWED:
            for reviewer in team:
                _score(application, reviewer, criteria[application.program_id], said, rng)
            if number % 2 == 0:
                TeamNote.objects.create(
                    application=application, author=team[0], text=rng.choice(said["notes"])
                )
        if application.state == State.INTERVIEW:
            _interview(application, team[0], day, said, is_set=number % 2 == 0)
        if application.state in (State.OFFERED, State.ACCEPTED):
            offer(application, team[0], day, said)


def _let_one_wait(received: list[Application], day: date) -> None:
    """One applicant has waited past the promised day, as the answer watch shows it."""
    one = next((each for each in received if each.state == State.SUBMITTED), None)
    if one is None:
        return
    sent = datetime.combine(day - timedelta(days=11), time(10, 20), zones.SEOUL)
    Application.objects.filter(pk=one.pk).update(
        submitted_at=sent, due_on=clock.due(one.program.kind, one.state, sent.date())
    )
    one.events.update(at=sent)


def _team(said: dict) -> list[User]:
    made = []
    for name, roman, role, start in said["team"]:
        user, _made = User.objects.get_or_create(
            email=f"{start}@hanbit-battery.example",
            defaults={"name": name, "name_roman": roman, "language": "ko"},
        )
        user.set_unusable_password()
        user.save()
        made.append(user)
        for organization in Membership.objects.filter(
            organization__slug__startswith=FIRM, role="owner"
        ).values_list("organization_id", flat=True):
            Membership.objects.get_or_create(
                user=user, organization_id=organization, defaults={"role": role}
            )
    return made


def _criteria(programs: set[Program]) -> dict[int, list[Criterion]]:
    return {
        program.pk: [
            Criterion.objects.create(program=program, text=text, position=position)
            for position, text in enumerate(reviewing.suggested(program.kind))
        ]
        for program in programs
    }


def _score(
    application: Application, reviewer: User, criteria: list[Criterion], said: dict, rng: Random
) -> None:
    moment = application.submitted_at
    card = Scorecard.objects.create(
        application=application, reviewer=reviewer,
        submitted_at=moment + timedelta(days=1) if moment else None,
    )  # fmt: skip
    for criterion in criteria:
        value = rng.choice([2, 3, 3, 4])
        evidence = rng.choice(said["evidence"][value])
        Score.objects.create(card=card, criterion=criterion, value=value, evidence=evidence)


def _interview(
    application: Application, by: User, day: date, said: dict, *, is_set: bool
) -> None:
    times = [
        datetime.combine(day + timedelta(days=ahead), time(22 + half // 2, 30 * (half % 2)),
                         zones.SEOUL)
        for ahead, half in ((4, 0), (5, 2), (6, 1))
    ]  # fmt: skip
    interview = Interview.objects.create(
        application=application, minutes=30, form=Interview.Form.VIDEO, where=said["where"],
        proposed_by=by, state=Interview.State.SET if is_set else Interview.State.PROPOSED,
        starts_at=times[0] if is_set else None, sequence=1 if is_set else 0,
    )  # fmt: skip
    Slot.objects.bulk_create([Slot(interview=interview, starts_at=each) for each in times])
    application.due_on = times[0].date() + timedelta(days=7) if is_set else None
    application.save(update_fields=["due_on"])


def offer(application: Application, by: User, day: date, said: dict) -> None:
    program = application.program
    starts = program.starts_on or day + timedelta(days=120)
    payers = dict.fromkeys(Offer.Item.values, Offer.Payer.HOST.value)
    payers[Offer.Item.INSURANCE] = Offer.Payer.CANDIDATE.value
    accepted = application.state == State.ACCEPTED
    Offer.objects.create(
        application=application, starts_on=starts,
        ends_on=program.ends_on or starts + timedelta(days=180),
        pay_period=program.pay_period or "unpaid", pay_amount=program.pay_amount,
        pay_currency=program.pay_currency, payers=payers, made_by=by,
        place=f"{program.hub.city}, {program.hub.state.code}" if program.hub else "Seoul",
        conditions=said["conditions"], answer_by=application.answer_by or day,
        state=Offer.State.ACCEPTED if accepted else Offer.State.OPEN,
        answered_at=application.submitted_at if accepted else None,
    )  # fmt: skip
