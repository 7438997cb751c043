"""Training plans of the demo's accepted interns, part of the way through signing."""

from __future__ import annotations

from datetime import date, timedelta

from corridor.accounts.models import Organization, User
from corridor.applications.countersigned import queries, signing, wording, writing
from corridor.applications.models import HOST, Application, Paper, PaperNotice, State
from corridor.demo import content
from corridor.demo.hiring import FIRM

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
        owner = _owner(application.program.organization)
        application.offers.filter(state="accepted").update(pathway="j1_intern")
        plan = writing.begin_plan(application, by=owner)
        if number == 0:
            _sign(_complete(plan, owner, said, day), owner)
    PaperNotice.objects.update(told=True)  # nobody is written to about samples


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


def _sign(paper: Paper, by: User) -> None:
    signing.sign(
        paper, by=by, side=HOST, name=by.name_roman or by.name, office="Owner", agrees=True,
        statement=wording.statement(paper, HOST), read=queries.digest(paper),
    )  # fmt: skip
