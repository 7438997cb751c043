"""Training plans of the demo's accepted interns and a student's learning agreement, part of the
way through signing."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q

from corridor.accounts.models import Organization, User
from corridor.applications import services
from corridor.applications.countersigned import queries, signing, wording, writing
from corridor.applications.models import CANDIDATE, HOST, Application, Paper, PaperNotice, State
from corridor.demo import content, hiring
from corridor.demo.hiring import FIRM
from corridor.demo.universities import UNIVERSITY
from corridor.partnerships import queries as partnerships
from corridor.partnerships.models import Notice
from corridor.partnerships.services import students

SPONSOR = "sample-bridgeway-exchange"


def work(day: date) -> None:
    """The first waits for its candidate, a second one is being written."""
    said = content.read("papers")
    accepted = list(
        Application.objects.filter(
            program__organization__slug__startswith=FIRM, state=State.ACCEPTED,
            program__kind="internship", offers__state="accepted", consent__withdrawn_at=None,
        )
        .select_related("candidate__user", "program__organization").order_by("pk")
    )  # fmt: skip
    for number, application in enumerate(accepted[:2]):
        _graduated_lately(application)
        owner = _owner(application.program.organization)
        application.offers.filter(state="accepted").update(pathway="j1_intern")
        plan = writing.begin_plan(application, by=owner)
        if number == 0:
            _sign(_complete(plan, owner, said, day), owner)
    _agreement(day, said["agreement"])
    PaperNotice.objects.update(told=True)  # nobody is written to about samples


def _graduated_lately(application: Application) -> None:
    """An intern with a degree begins within 12 months of it, so the sample one has it lately."""
    start = application.offers.get(state="accepted").starts_on
    late = application.candidate.educations.filter(
        ended_on__isnull=False, ended_on__lte=start - timedelta(days=360)
    )
    late.update(ended_on=start - timedelta(days=190))


def _owner(organization: Organization) -> User:
    return organization.memberships.filter(role="owner").order_by("pk")[0].user


def _complete(plan: Paper, owner: User, said: dict, day: date) -> Paper:
    for _extra in plan.content["phases"][1:]:
        plan = writing.remove_phase(plan, by=owner, side=HOST, revision=None, number=2)
    told = {**said["plan"], "name_roman": plan.content["name_roman"] or "Sample Name"}
    start = date.fromisoformat(plan.content["starts_on"] or day.isoformat())
    end = max(
        date.fromisoformat(plan.content["ends_on"] or day.isoformat()), start + timedelta(days=60)
    )
    end = min(end, start + timedelta(days=360))
    told |= {"starts_on": start.isoformat(), "ends_on": end.isoformat()}
    # The file that was sent may tell an older degree than an intern may have.
    told["degree_on"] = (start - timedelta(days=190)).isoformat()
    plan = writing.save(plan, by=owner, side=HOST, revision=None, values=told)
    begin, length = start, (end - start).days + 1
    for number, part in enumerate(said["phases"], 1):
        last = number == len(said["phases"])
        until = end if last else start + timedelta(
            days=length * number // len(said["phases"]) - 1
        )
        plan = writing.save_phase(
            plan, by=owner, side=HOST, revision=None, number=number,
            values={**said["phase"], **part, "starts_on": begin.isoformat(),
                    "ends_on": until.isoformat()},
        )  # fmt: skip
        begin = until + timedelta(days=1)
    sponsor = Organization.objects.get(slug=SPONSOR)
    return writing.name_third(plan, by=owner, side=HOST, revision=None, third=sponsor)


def _sign(paper: Paper, by: User, side: str = HOST) -> None:
    paper.refresh_from_db()
    signing.sign(
        paper, by=by, side=side, name=by.name_roman or by.name, agrees=True, consents=True,
        office="Owner" if side == HOST else "", statement=wording.statement(paper, side),
        read=queries.digest(paper),
    )  # fmt: skip


def _agreement(day: date, said: dict) -> None:
    """A student of the university with an internship offer takes it and begins an agreement on
    credit; student and host have signed, and the university is next."""
    university = Organization.objects.get(slug=UNIVERSITY)
    application = (
        Application.objects.filter(
            state=State.OFFERED, answer_by__gte=day, consent__withdrawn_at=None,
            program__kind="internship",
            candidate__educations__institution=university.name_ko,
            candidate__educations__status="enrolled",
            program__organization__memberships__role="owner",
        )
        .select_related("candidate__user", "program__organization").order_by("pk").first()
    )  # fmt: skip
    if application is None:
        raise ValueError("the demo has a student of the university with an offer")
    student, owner = application.candidate.user, _owner(application.program.organization)
    study = application.candidate.educations.filter(institution=university.name_ko).first()
    if not partnerships.stands(student, university):
        asked = students.affiliate(by=student, university=university, department=study.major)
        students.answer_affiliation(asked, by=_owner(university), confirmed=True)
        Notice.objects.filter(Q(person=student) | Q(organization=university)).update(told=True)
    if not application.offers.exists():
        hiring.offer(application, owner, day, content.read("hiring"))
    services.move(application, by=student, to=State.ACCEPTED)
    application.events.update(told=True)
    paper = writing.begin_agreement(application, by=student, university=university)
    told = {**said, "name_roman": paper.content["name_roman"] or "Sample Name"}
    start = date.fromisoformat(paper.content["starts_on"])
    told |= {
        "department": paper.content["department"] or study.major,
        "ends_on": (start + timedelta(days=7 * said["weeks"] - 1)).isoformat(),
        "hours": said["weeks"] * (paper.content["hours_per_week"] or said["hours_per_week"]),
        "hours_per_week": paper.content["hours_per_week"] or said["hours_per_week"],
    }
    del told["weeks"]
    paper = writing.save(paper, by=student, side=CANDIDATE, revision=None, values=told)
    _sign(paper, student, CANDIDATE)
    _sign(paper, owner)
