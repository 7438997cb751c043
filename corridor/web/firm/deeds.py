"""Audit rows as sentences for a host: who did what, with a link to the thing it was done to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from corridor.accounts.models import Organization
from corridor.applications.models import Application, Paper, State
from corridor.common.models import AuditEntry
from corridor.partnerships.models import Agreement, ResearchProject
from corridor.programs.models import Program
from corridor.web import present
from corridor.web.university import history

_DONE = {
    "organization.registered": gettext_noop("Registered the organization"),
    "organization.saved": gettext_noop("Changed the organization’s details"),
    "organization.verified": gettext_noop("Looked at the verification"),
    "organization.invited": gettext_noop("Invited somebody to the team"),
    "organization.member": gettext_noop("Joined the team"),
    "organization.role": gettext_noop("Changed a member’s role"),
    "organization.left": gettext_noop("Took a member out of the team"),
    "program.saved": gettext_noop("Changed a program"),
    "program.published": gettext_noop("Published a program"),
    "program.closed": gettext_noop("Closed a program"),
    "program.criteria": gettext_noop("Set the criteria"),
    "application.scored": gettext_noop("Handed in scores"),
    "application.read_scores": gettext_noop("Read the scores without scoring"),
    "application.noted": gettext_noop("Wrote a team note"),
    "application.message": gettext_noop("Wrote a message"),
    "application.offer": gettext_noop("Wrote an offer"),
    "application.exported": gettext_noop("Exported the applicants"),
    "application.interview_proposed": gettext_noop("Proposed interview times"),
    "application.interview_asked": gettext_noop("Asked for other interview times"),
    "application.interview_set": gettext_noop("Agreed an interview"),
    "application.interview_cancelled": gettext_noop("Called an interview off"),
    "application.interview_soon": gettext_noop("Reminded of an interview"),
    "application.offer_changed": gettext_noop("Changed an offer"),
    "application.offer_soon": gettext_noop("Reminded of an offer"),
    "application.route_filed": gettext_noop("Filed for a visa route"),
    "application.step_recorded": gettext_noop("Recorded a visa step"),
    "application.offer_expired": gettext_noop("An offer was not answered in time"),
    "application.route_chosen": gettext_noop("Chose a visa route"),
    "program.duplicated": gettext_noop("Copied a program"),
    "program.review_asked": gettext_noop("Sent a program to staff"),
    "program.approved": gettext_noop("Approved a program"),
    "program.sent_back": gettext_noop("Sent a program back"),
    "program.taken_down": gettext_noop("Took a program down"),
    "program.review_taken_back": gettext_noop("Took a program back from staff"),
    "paper.begun": gettext_noop("Began a paper"),
    "paper.written": gettext_noop("Changed a paper"),
    "paper.signed": gettext_noop("Signed a paper"),
    "paper.signature_confirmed": gettext_noop("Confirmed a signature"),
    "paper.voided": gettext_noop("A change took the signatures away"),
    "paper.sent_back": gettext_noop("Asked for changes of a paper"),
    "paper.hours_confirmed": gettext_noop("Confirmed hours"),
    "paper.credit_recorded": gettext_noop("Answered about credit"),
    "placement.confirmed": gettext_noop("Confirmed a first day"),
    "placement.left": gettext_noop("Told of an earlier last day"),
    "certificate.made": gettext_noop("Issued a certificate"),
    "certificate.revoked": gettext_noop("Revoked a certificate"),
    "traveler.saved": gettext_noop("Put somebody on the roster"),
    "traveler.removed": gettext_noop("Took somebody off the roster"),
    "stay.saved": gettext_noop("Wrote down a stay"),
    "stay.removed": gettext_noop("Removed a stay"),
    "pair.saved": gettext_noop("Wrote the plan of an apprentice"),
    "pair.agreed": gettext_noop("Agreed to the plan of an apprentice"),
    "pair.goal": gettext_noop("Marked a goal of an apprentice"),
    "pair.removed": gettext_noop("Removed the plan of an apprentice"),
}
_ROSTER = ("traveler.", "stay.", "pair.")


def rows(entries: Iterable[AuditEntry], organization: Organization) -> list[dict[str, Any]]:
    """{at, who, what, about, url}, in a few further queries however many there are. An act that
    has no sentence here is left out."""
    found = [each for each in entries if _what(each)]
    things = _things(found, organization)
    programs = {
        str(each.pk): each
        for each in Program.objects.filter(pk__in=_ids(found, "programs.Program"))
        .select_related("organization")
    }  # fmt: skip
    applications = {
        str(each.pk): each
        for each in Application.objects.filter(pk__in=_ids(found, "applications.Application"))
        .select_related("program__organization", "candidate__user")
    }  # fmt: skip
    return [_row(entry, programs, applications, things, organization) for entry in found]


def _things(
    entries: list[AuditEntry], organization: Organization
) -> dict[tuple[str, str], tuple[str, str]]:
    """(type, id) -> what a paper, agreement or project is called, and its page."""
    slug = organization.slug
    made: dict[tuple[str, str], tuple[str, str]] = {}
    for paper in Paper.objects.filter(pk__in=_ids(entries, "applications.Paper")).select_related(
        "application__candidate__user"
    ):
        user = paper.application.candidate.user
        made["applications.Paper", str(paper.pk)] = (
            f"{paper.get_kind_display()} · {user.name or user.name_roman}",
            reverse("papers:paper", args=[slug, paper.pk]),
        )
    for model, page in ((Agreement, "agreement"), (ResearchProject, "project")):
        label = model._meta.label
        for row in model._default_manager.filter(pk__in=_ids(entries, label)):
            made[label, str(row.pk)] = (
                row.title, reverse(f"university:{page}", args=[slug, row.pk])
            )  # fmt: skip
    return made


def _ids(entries: list[AuditEntry], label: str) -> list[str]:
    return [entry.subject_id for entry in entries if entry.subject_type == label]


def _row(
    entry: AuditEntry, programs: dict[str, Program], applications: dict[str, Application],
    things: dict[tuple[str, str], tuple[str, str]], organization: Organization,
) -> dict[str, Any]:  # fmt: skip
    about, url = things.get((entry.subject_type, entry.subject_id), ("", ""))
    if entry.action.startswith(_ROSTER):
        about, url = _("Dispatch roster"), reverse("after:roster", args=[organization.slug])
    program = programs.get(entry.subject_id) if entry.subject_type.endswith("Program") else None
    application = (
        applications.get(entry.subject_id) if entry.subject_type.endswith("Application") else None
    )
    if program is not None:
        about = program.title
        url = reverse("firm:applicants", args=[program.organization.slug, program.pk])
    elif application is not None:
        user = application.candidate.user
        about = f"{user.name or user.name_roman} · {application.program.title}"
        url = reverse(
            "firm:application", args=[application.program.organization.slug, application.pk]
        )
    actor = entry.actor
    return {
        "at": present.moment(entry.at),
        "who": (actor.name or actor.name_roman or actor.email) if actor else "Corridor",
        "what": _what(entry),
        "about": about,
        "url": url,
    }


def _what(entry: AuditEntry) -> str:
    if entry.action == "application.moved":
        to = entry.values.get("to", "")
        label = State(to).label if to in State.values else to
        return _("Moved to “%s”") % label
    known = _DONE.get(entry.action) or history.DONE.get(entry.action)
    return _(known) if known else ""
