"""Audit rows of an agreement or of research under it as sentences: what was done, by whom, for
which side, and when."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from corridor.accounts.models import Membership
from corridor.common.models import AuditEntry
from corridor.partnerships.models import Agreement
from corridor.partnerships.reviewing import REVIEW_NAMES
from corridor.web import present

DONE = {
    "agreement.saved": gettext_noop("Changed the words"),
    "agreement.sent": gettext_noop("Sent it to the partner"),
    "agreement.signed": gettext_noop("Recorded a signature"),
    "agreement.confirmed": gettext_noop("Confirmed it"),
    "agreement.sent_back": gettext_noop("Opened it for changes"),
    "agreement.renewal": gettext_noop("Started a renewal"),
    "agreement.expired": gettext_noop("Its last day passed"),
    "agreement.ended": gettext_noop("Ended it"),
    "agreement.contact_added": gettext_noop("Added a contact"),
    "agreement.contact_removed": gettext_noop("Removed a contact"),
    "agreement.paper_added": gettext_noop("Added a paper"),
    "agreement.paper_removed": gettext_noop("Removed a paper"),
    "agreement.duty_added": gettext_noop("Wrote down an obligation"),
    "agreement.duty_done": gettext_noop("Marked an obligation as done"),
    "agreement.duty_reopened": gettext_noop("Opened an obligation again"),
    "agreement.duty_removed": gettext_noop("Removed an obligation"),
    "research.saved": gettext_noop("Changed the project"),
    "research.under_way": gettext_noop("Said that it is under way"),
    "research.on_hold": gettext_noop("Put on hold"),
    "research.finished": gettext_noop("Finished it"),
    "research.stopped": gettext_noop("Gave it up"),
    "research.reviewer_named": gettext_noop("Named who reviews"),
    "research.reviewed": gettext_noop("Decided a review"),
    "research.review_again": gettext_noop("A review began again"),
    "research.people_added": gettext_noop("Added a person"),
    "research.people_removed": gettext_noop("Removed a person"),
    "research.funding_added": gettext_noop("Wrote down money"),
    "research.funding_changed": gettext_noop("Changed a line of funding"),
    "research.funding_removed": gettext_noop("Removed money"),
    "research.milestones_added": gettext_noop("Set a milestone"),
    "research.milestones_changed": gettext_noop("Changed a milestone"),
    "research.milestones_removed": gettext_noop("Removed a milestone"),
    "research.milestone_done": gettext_noop("Marked a milestone as done"),
    "research.milestone_reopened": gettext_noop("Opened a milestone again"),
    "research.outputs_added": gettext_noop("Wrote down an output"),
    "research.outputs_removed": gettext_noop("Removed an output"),
}
MOST = 60  # entries of a page
# The oldest of all is not a change.
_BEGUN = {
    "agreement.saved": gettext_noop("Wrote the first draft"),
    "research.saved": gettext_noop("Planned the project"),
}


def rows(entries: Iterable[AuditEntry], agreement: Agreement) -> list[dict[str, Any]]:
    """Timeline items, newest first; one further query."""
    found = list(entries)
    parties = {agreement.korean_party_id: agreement.korean_party,
               agreement.us_party_id: agreement.us_party}  # fmt: skip
    of = {
        user: parties[organization].name
        for user, organization in Membership.objects.filter(
            organization__in=parties, user__in=[each.actor_id for each in found if each.actor_id]
        ).values_list("user_id", "organization_id")
    }
    made = []
    for each in found:
        known = DONE.get(each.action)
        if known is None:
            continue
        who = ""
        if each.actor is not None:
            who = " · ".join(part for part in (each.actor.name, of.get(each.actor_id)) if part)
        of_review = REVIEW_NAMES.get(each.values.get("kind", ""))
        first = each.action in _BEGUN and each.pk == found[-1].pk and len(found) < MOST
        title = _(_BEGUN[each.action]) if first else _(known)
        if of_review:
            title = f"{title}: {of_review}"
        made.append(
            {"title": title, "date": present.moment(each.at), "note": who, "state": "past"}
        )
    return made
