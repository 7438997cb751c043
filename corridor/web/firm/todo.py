"""What waits for an organization beside its applicants: as numbers on its tabs, and as lines."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from corridor.accounts.models import Organization
from corridor.applications import awaiting, rosters
from corridor.matching.cohorts import queries as cohorts
from corridor.partnerships import queries as partnerships
from corridor.partnerships.models import Affiliation
from corridor.web import present


def counts(user: Any, organization: Organization, *, today: date) -> dict[str, int]:
    """{papers, starts, completions, shared, students}: to a member. Two queries, of a university
    three."""
    students = 0
    if organization.kind == Organization.Kind.UNIVERSITY:
        asked = partnerships.students_of(user, organization)
        students = asked.filter(state=Affiliation.State.ASKED).order_by().count()
    return {
        **awaiting.of_organization(user, organization, today=today), "students": students,
    }  # fmt: skip


def beside(user: Any, organization: Organization, *, today: date) -> list[dict[str, str]]:
    """{text, url, icon} of what waits beside applicants and papers: programs of a cohort round to
    rank, research that lacks the investigator of this side, stays that near their last day. To a
    member who may write; a fixed number of queries."""
    slug = organization.slug
    made = [
        {"text": _("Rank the students who chose “%(title)s”, by %(day)s.")
         % {"title": row.program.title, "day": present.day(row.round.rank_until)},
         "url": reverse("university:round_rank", args=[slug, row.round_id, row.pk]),
         "icon": "list"}
        for row in cohorts.to_rank(organization)
    ]  # fmt: skip
    made += [
        {"text": _("Name the principal investigator of your side: “%(title)s”.")
         % {"title": each.title},
         "url": reverse("university:project", args=[slug, each.pk]) + "#people",
         "icon": "kind-joint_research"}
        for each in partnerships.projects_without_lead(user, organization)
    ]  # fmt: skip
    near = rosters.near(user, organization, day=today)
    if near:
        said = ngettext("%(count)d stay on the roster is near its last day or past it.",
                        "%(count)d stays on the roster are near their last day or past it.", near)
        made.append({"text": said % {"count": near}, "icon": "calendar",
                     "url": reverse("after:roster", args=[slug])})  # fmt: skip
    return made


def on_tabs(waits: dict[str, int]) -> dict[str, int]:
    """The number that stands on a tab, by the name of its address; none where nothing waits."""
    found = {
        "papers:desk": waits["papers"],
        "after:people": waits["starts"] + waits["completions"],
        "university:students": waits["students"],
    }
    return {name: number for name, number in found.items() if number}


def lines(waits: dict[str, int], organization: Organization) -> list[dict[str, str]]:
    """{text, url, icon} of each kind that waits."""
    slug = [organization.slug]
    desk, people = reverse("papers:desk", args=slug), reverse("after:people", args=slug)
    said = [
        (waits["papers"], desk, "document",
         ngettext("%(count)d paper waits for your signature or your word.",
                  "%(count)d papers wait for your signature or your word.", waits["papers"])),
        (waits["starts"], people, "calendar",
         ngettext("%(count)d person’s first day is to be confirmed.",
                  "The first day of %(count)d people is to be confirmed.", waits["starts"])),
        (waits["completions"], people, "badge",
         ngettext("%(count)d person has finished: confirm the completion.",
                  "%(count)d people have finished: confirm the completion.",
                  waits["completions"])),
        (waits["shared"], people, "mail",
         ngettext("%(count)d check-in was shared with you in the last two weeks.",
                  "%(count)d check-ins were shared with you in the last two weeks.",
                  waits["shared"])),
    ]  # fmt: skip
    if waits["students"]:
        said.append(
            (waits["students"], reverse("university:students", args=slug), "school",
             ngettext("%(count)d student asks to be confirmed as yours.",
                      "%(count)d students ask to be confirmed as yours.", waits["students"]))
        )  # fmt: skip
    return [
        {"text": text % {"count": number}, "url": url, "icon": icon}
        for number, url, icon, text in said if number
    ]  # fmt: skip
