"""Audit rows as sentences for a host: who did what, with a link to the thing it was done to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from corridor.applications.models import Application, State
from corridor.common.models import AuditEntry
from corridor.programs.models import Program
from corridor.web import present

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
}


def rows(entries: Iterable[AuditEntry]) -> list[dict[str, Any]]:
    """{at, who, what, about, url}, in two further queries however many there are."""
    found = list(entries)
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
    return [_row(entry, programs, applications) for entry in found]


def _ids(entries: list[AuditEntry], label: str) -> list[str]:
    return [entry.subject_id for entry in entries if entry.subject_type == label]


def _row(
    entry: AuditEntry, programs: dict[str, Program], applications: dict[str, Application]
) -> dict[str, Any]:
    about = url = ""
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
    known = _DONE.get(entry.action)
    return _(known) if known else entry.action
