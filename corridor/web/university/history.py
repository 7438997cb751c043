"""An agreement's audit rows as sentences: what was done, by whom, for which side, and when."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from corridor.accounts.models import Membership
from corridor.common.models import AuditEntry
from corridor.partnerships.models import Agreement
from corridor.web import present

_DONE = {
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
        known = _DONE.get(each.action)
        if known is None:
            continue
        who = ""
        if each.actor is not None:
            who = " · ".join(part for part in (each.actor.name, of.get(each.actor_id)) if part)
        made.append(
            {"title": _(known), "date": present.moment(each.at), "note": who, "state": "past"}
        )
    return made
