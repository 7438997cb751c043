"""The demo's joint research: one project under way, one that waits for reviews, research groups on
both sides and one request to talk. Written by the services, so that every rule holds here, too."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from corridor.accounts.models import Membership, Organization, User
from corridor.demo import content
from corridor.partnerships.models import (
    Agreement,
    Milestone,
    Notice,
    ResearchGroup,
    ResearchProject,
    Review,
)
from corridor.partnerships.services import finding, research, research_parts, reviews


def work(day: date, agreements: dict[str, Agreement]) -> None:
    said = content.read("research")
    owners = {
        each.organization_id: each.user
        for each in Membership.objects.filter(role="owner").select_related("user").order_by("-pk")
    }
    for row in said["projects"]:
        _project(day, agreements[row["agreement"]], owners, row)
    groups = {row["name"]["en"]: _group(owners, row) for row in said["groups"]}
    for row in said["introductions"]:
        asking = groups[row["asking"]]
        finding.ask(asking, groups[row["asked"]], by=owners[asking.organization_id],
                    message=row["message"])  # fmt: skip
    Notice.objects.filter(organization__is_sample=True).delete()


def _project(
    day: date, agreement: Agreement, owners: dict[int, User], row: dict[str, Any]
) -> ResearchProject:
    by = {side: owners[agreement.party(side).pk] for side in Agreement.Side.values}
    after = lambda days: day + timedelta(days=days)  # noqa: E731
    project = research.save_project(
        None, by=by["KR"], agreement=agreement, title_ko=row["title"]["ko"],
        title_en=row["title"]["en"], theme=row["theme"], starts_on=after(row["starts"]),
        ends_on=after(row["ends"]), answers=row["answers"],
    )  # fmt: skip
    for person in row["people"]:
        research_parts.add_part(project, "people", by=by[person["side"]], leads=True, **person)
    for money in row.get("funding", ()):
        research_parts.add_part(project, "funding", by=by["KR"], starts_on=project.starts_on,
                                ends_on=project.ends_on, **money)  # fmt: skip
    for each in row["reviews"]:
        review = project.reviews.get(kind=each["kind"], side=each["side"], superseded_at=None)
        actor = by[each["side"]]
        review = reviews.name_reviewer(review, by=actor, name=each["name"], office=each["office"])
        if each["state"] != Review.State.IN_REVIEW:
            reviews.decide(
                review, by=actor, state=each["state"], reasoning=each["reasoning"],
                conditions=each.get("conditions", ""), day=after(each["day"]),
            )  # fmt: skip
    if "begun" in row:
        project = research.begin(project, by=by["KR"])
        ResearchProject.objects.filter(pk=project.pk).update(begun_on=after(row["begun"]))
    for each in row.get("milestones", ()):
        Milestone.objects.create(
            project=project, title=each["title"], side=each["side"], due_on=after(each["in"]),
            done_on=after(each["done"]) if "done" in each else None,
        )  # fmt: skip
    for each in row.get("outputs", ()):
        said = {**each, "on": after(each["day"])}
        said.pop("day")
        research_parts.add_part(project, "outputs", by=by[each["side"]], **said)
    return project


def _group(owners: dict[int, User], row: dict[str, Any]) -> ResearchGroup:
    organization = Organization.objects.get(slug=row["org"])
    return finding.save_group(
        None, by=owners[organization.pk], organization=organization, name_ko=row["name"]["ko"],
        name_en=row["name"]["en"], leader=row["leader"], email=row["email"],
        interests=row["interests"], seeks=row["seeks"], sectors=row["sectors"], is_open=True,
    )  # fmt: skip
