"""The demo firm after the start: a technician at work, a roster, a pair, a certificate, and one
problem told in private. A few rows, all made up."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import pairwise

from django.utils import timezone

from corridor import taxonomy
from corridor.accounts.models import Consent, Membership, Organization, User
from corridor.applications import pairs, placements, problems, rosters, zones
from corridor.applications.models import Application, Offer, Placement, PlacementNotice
from corridor.demo import applying, content, hiring
from corridor.programs.models import Program

TECHNICIAN, STUDENT = "technician@demo.example", "student@demo.example"


def work(day: date) -> None:
    said = content.read("placements")
    host, owner = _firm()
    program = (
        Program.objects.filter(organization=host, kind="dispatch", status="published")
        .exclude(applications__candidate__user__email=TECHNICIAN)
        .select_related("hub__state", "organization")
        .first()
    )
    technician = User.objects.filter(email=TECHNICIAN).first()
    if program is None or technician is None:
        return
    placed = _placed(technician, program, owner, day, said)
    _roster(placed, program, owner, day, said)
    _completed(day, said)
    problems.raise_problem(by=User.objects.get(email=STUDENT), **said["problem"])
    PlacementNotice.objects.all().delete()  # nobody is written to about a sample


def _firm() -> tuple[Organization, User]:
    member = (
        Membership.objects.filter(organization__slug__startswith=hiring.FIRM, role="owner",
                                  organization__programs__kind="dispatch")
        .select_related("organization", "user")
        .first()
    )  # fmt: skip
    if member is None:
        raise ValueError("the demo has its firm")
    return member.organization, member.user


def _placed(
    person: User, program: Program, owner: User, day: date, said: dict
) -> Placement:
    """An accepted application whose first day was a month ago, confirmed by both."""
    first, last = day - timedelta(days=33), day + timedelta(days=120)
    sent = _at(day - timedelta(days=90))
    consent = Consent.objects.create(
        user=person, purpose="share_identity", recipient=program.organization,
        recipient_name=program.organization.name_en, items=applying.IDENTITY,
        recipient_country=program.organization.country, text_version="2026-11", language="ko",
        given_at=sent,
    )  # fmt: skip
    application = Application.objects.create(
        candidate=person.candidate, program=program, state="accepted", consent=consent,
        cover_note=said["note"], submitted_at=sent,
    )  # fmt: skip
    steps = ["draft", "submitted", "under_review", "offered", "accepted"]
    for number, (start, to) in enumerate(pairwise(steps)):
        event = application.events.create(
            from_state=start, to_state=to, told=True,
            side="host" if to in ("under_review", "offered") else "candidate",
        )
        application.events.filter(pk=event.pk).update(at=sent + timedelta(days=6 * number))
    Offer.objects.create(
        application=application, state="accepted", starts_on=first, ends_on=last, made_by=owner,
        pay_period=program.pay_period or "unpaid", pay_amount=program.pay_amount,
        pay_currency=program.pay_currency, place=program.hub.name_en if program.hub else "-",
        payers=dict.fromkeys(Offer.Item.values, "host"), pathway="b1_installer",
        answer_by=day - timedelta(days=60), answered_at=sent + timedelta(days=18),
    )  # fmt: skip
    placement = Placement.objects.create(
        application=application, started_on=first, ends_on=last, pathway="b1_installer",
        timezone=(zones.of(program) or zones.SEOUL).key,
        confirmed_by_candidate_at=_at(first), confirmed_by_host_at=_at(first + timedelta(days=1)),
    )  # fmt: skip
    week = placement.check_ins.create(kind="week", due_on=first + timedelta(days=7))
    placement.check_ins.create(kind="month", due_on=first + timedelta(days=31))
    placement.check_ins.create(kind="end", due_on=last)
    placements.answer(week, by=person, answers=said["answers"], words=said["words"],
                      host_sees="answers", today=week.due_on)  # fmt: skip
    placement.check_ins.filter(pk=week.pk).update(answered_at=_at(week.due_on))
    return placement


def _roster(
    placed: Placement, program: Program, owner: User, day: date, said: dict
) -> None:
    host = program.organization
    technician = rosters.enlist(placed, by=owner, organization=host)
    for row in said["travelers"]:
        made = rosters.save_traveler(
            None, organization=host, by=owner, label=row["label"], program=program
        )
        for stay in row["stays"]:
            days = {name: day + timedelta(days=stay[name]) if name in stay else None
                    for name in ("entered_on", "leaves_on", "left_on", "admit_until")}  # fmt: skip
            rosters.save_stay(made, by=owner, pathway=stay["pathway"], **days)
    plan = said["pair"]
    pair = pairs.save(
        None, organization=host, by=owner, program=None, technician=technician,
        apprentice=plan["apprentice"], teaches=plan["teaches"],
        starts_on=day - timedelta(days=20), ends_on=day + timedelta(days=150),
        goals=[(goal["text"], day + timedelta(days=goal["in_days"])) for goal in plan["goals"]],
    )  # fmt: skip
    pairs.agree(pair, by=owner, side=pairs.APPRENTICE)
    first = pair.goals.first()
    if first is not None:
        pairs.reach(first, by=owner, reached=True, today=day)


def _completed(day: date, said: dict) -> None:
    """One person has finished, with a certificate that anybody can check."""
    application = (
        Application.objects.filter(
            state="accepted", placement=None, papers=None, program__is_sample=True,
            candidate__is_sample=True, consent__withdrawn_at=None,
        )
        .select_related("candidate__user", "program__hub")
        .order_by("pk")
        .last()
    )
    if application is None:
        return
    owner = User.objects.filter(
        memberships__organization=application.program.organization, memberships__role="owner"
    ).first()
    if owner is None:
        return
    first, last = day - timedelta(days=170), day - timedelta(days=3)
    application.offers.update(starts_on=first, ends_on=last, answer_by=first - timedelta(days=40))
    placement = Placement.objects.create(
        application=application, started_on=first, ends_on=last,
        timezone=(zones.of(application.program) or zones.SEOUL).key,
        confirmed_by_candidate_at=_at(first), confirmed_by_host_at=_at(first),
    )  # fmt: skip
    skills = [each.id for text in said["skills"] for each in taxonomy.find_skills(text)]
    made = placements.certify(
        placement, by=owner, skill_ids=skills, first_day=first, last_day=last, hours=880,
        signed_name=owner.name, signed_title=said["signed_title"], today=day,
    )  # fmt: skip
    placements.show(made, by=application.candidate.user, is_public=True, shows=["skills"])


def _at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(10)), zones.SEOUL)
