"""People and filled papers for tests of countersigned papers. All invented."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from corridor.accounts.models import Organization, User
from corridor.applications.countersigned import queries, signing, wording, writing
from corridor.applications.models import CANDIDATE, HOST, Application, Offer, Paper, State
from corridor.partnerships import services as partnerships
from tests.matching import people
from tests.web import desks

PHASE = {
    "site": "Coating line, Holland", "supervisor": "Alex Moore", "supervisor_title": "Engineer",
    "role": "Reads the gauges and reports", "goals": "Know the line",
    "knowledge": "Coating, safety, SPC", "teaching": "Week 1 safety, then shadowing",
    "supervision": "Alex Moore, ten years on the line, every day", "measuring": "A test",
}  # fmt: skip
TOLD = {
    "name": "김견본", "name_roman": "Gyeonbon Kim", "email": "kim@example.org",
    "category": "j1_intern", "occupation": "science", "field_of_study": "Mechanical engineering",
    "degree": "Bachelor", "host": "Sample Battery", "address": "1 Main St", "city": "Holland",
    "state": "MI", "zip": "49423", "ein": "12-3456789", "supervisor": "Alex Moore",
    "supervisor_title": "Engineer", "supervisor_email": "alex@example.org", "hours_per_week": 40,
    "pay_period": "hour", "pay_amount": "22", "pay_currency": "USD", "workers_comp": True,
    "clerical_share_pct": 5, "skill_level": "skilled", "care_work": False,
    "staffing_agency": False, "repeats": False, "culture": "A museum and a ball game",
}  # fmt: skip


def accepted(pathway: str = "j1_intern", **fields: Any) -> tuple[Application, User]:
    """An application with an accepted offer of half a year, and the host's owner."""
    host = people.host()
    owner = desks.member(host)
    program = desks.open_program(host, hours_per_week=40, **fields)
    application = desks.applicant(program)
    start = desks.START
    application.offers.create(
        state=Offer.State.ACCEPTED, starts_on=start, ends_on=start + timedelta(days=181),
        pay_period="hour", pay_amount=22, pay_currency="USD", place="Holland", pathway=pathway,
        payers={"flight": "host"}, answer_by=start,
    )  # fmt: skip
    application.state = State.ACCEPTED
    application.save()
    return application, owner


def sponsor(slug: str = "sample-sponsor") -> tuple[Organization, User]:
    made = Organization.objects.create(
        slug=slug, kind="sponsor", country="US", name_en="Sample Exchange", name_ko="견본 교류재단",
        status="verified",
    )  # fmt: skip
    return made, desks.member(made)


def written(application: Application, owner: User, third: Organization | None = None) -> Paper:
    """A training plan that nothing stands in the way of."""
    paper = writing.begin_plan(application, by=owner)
    start = date.fromisoformat(paper.content["starts_on"])
    end = date.fromisoformat(paper.content["ends_on"])
    middle = start + timedelta(days=60)
    while len(paper.content["phases"]) > 1:
        paper = writing.remove_phase(paper, by=owner, side=HOST, revision=None, number=1)
    paper = writing.save(paper, by=owner, side=HOST, revision=None, values=TOLD)
    for number, (a, b) in enumerate(((start, middle), (middle + timedelta(days=1), end)), 1):
        paper = writing.save_phase(
            paper, by=owner, side=HOST, revision=None, number=number,
            values={**PHASE, "name": f"Phase {'AB'[number - 1]}", "starts_on": a.isoformat(),
                    "ends_on": b.isoformat()},
        )  # fmt: skip
    return writing.name_third(
        paper, by=owner, side=HOST, revision=None, third=third,
        name="" if third else "Paper Exchange, Inc.",
    )  # fmt: skip


def signed(paper: Paper, by: User, side: str, name: str = "", **more: Any) -> Paper:
    """`name`, where one is given, is the name of the signer's account from then on."""
    if name:
        by.name = name
        by.save(update_fields=["name"])
    paper.refresh_from_db()
    signing.sign(
        paper, by=by, side=side, name=by.name, office="" if side == CANDIDATE else "Manager",
        statement=wording.statement(paper, side), agrees=True,
        **{"read": queries.digest(paper), "consents": True, **more},
    )  # fmt: skip
    return again(paper)


def again(paper: Paper) -> Paper:
    """The row as a page reads it."""
    return Paper.objects.select_related(
        "application__candidate__user", "application__program__organization", "third"
    ).get(pk=paper.pk)


def university(student: User, slug: str = "sample-university") -> tuple[Organization, User]:
    """A university that has confirmed the student."""
    made = Organization.objects.create(
        slug=slug, kind="university", country="KR", name_ko="견본대학교",
        name_en="Sample University", status="verified",
    )  # fmt: skip
    office = desks.member(made)
    asked = partnerships.affiliate(by=student, university=made, department="기계공학과")
    partnerships.answer_affiliation(asked, by=office, confirmed=True)
    return made, office
