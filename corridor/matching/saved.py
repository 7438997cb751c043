"""Saved searches: kept, looked at again every morning, and told of what is new.

A search finds what its page would show. New are programs published since the owner was last told
(mail) or last looked (page), without those put aside. Each is told once: the row is locked, and
its moment moves with the mail or not at all.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import structlog
from django.conf import settings
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from corridor.accounts.models import User
from corridor.candidates import permissions
from corridor.candidates.models import Candidate, SavedSearch
from corridor.common import audit, switches
from corridor.common.mail import message
from corridor.matching import queries as matching
from corridor.programs import queries as programs
from corridor.programs.models import Program

log = structlog.get_logger(__name__)

MOST = 20  # saved searches of one person
LOOKED = 200  # newest programs of a search that are looked at
NAMED = 10  # programs that one mail names
_KEPT = ("q", "kind", "sector", "hub", "state", "sponsor", "from", "until", "min", "max", "paid",
         "works")  # fmt: skip
_SALT = "corridor.saved-search"


# --- kept -------------------------------------------------------------------------------------


def normal(query: str) -> str:
    """The part of an address that a search reads, in one order; the page and the order left out."""
    given = QueryDict(query[:4000])
    kept = QueryDict(mutable=True)
    for name in _KEPT:
        values = sorted({value.strip() for value in given.getlist(name) if value.strip()})
        if values:
            kept.setlist(name, values)
    return str(kept.urlencode())


@transaction.atomic
def save(candidate: Candidate, *, by: User, query: str, name: str, alert: str) -> SavedSearch:
    """Keep a search; the same one again only changes its name and how it is told."""
    _mine(candidate, by)
    Candidate.objects.select_for_update().get(pk=candidate.pk)
    written = normal(query)
    if not written:
        raise ValidationError(_("Choose a word or a filter first: this search finds everything."))
    if len(written) > 1000:
        raise ValidationError(_("This search is too long to be kept."))
    others = candidate.saved_searches.exclude(query=written)
    if others.count() >= MOST:
        raise ValidationError(
            _("You have %d saved searches. Delete one to save another.") % MOST
        )
    now = timezone.now()
    made: SavedSearch
    made, new = SavedSearch.objects.update_or_create(
        candidate=candidate,
        query=written,
        defaults={"name": name.strip()[:120] or _("My search"), "alert": _alert(alert)},
        create_defaults={
            "name": name.strip()[:120] or _("My search"), "alert": _alert(alert),
            "told_until": now, "seen_until": now,
        },
    )  # fmt: skip
    audit.record("candidate.search_saved", candidate, by=by, search=made.pk, new=new)
    return made


@transaction.atomic
def change(search: SavedSearch, *, by: User, alert: str) -> None:
    """How the search is told from now on; what is new until now is not mailed any more."""
    _mine(search.candidate, by)
    search.alert, search.told_until = _alert(alert), timezone.now()
    search.save(update_fields=["alert", "told_until", "updated_at"])


@transaction.atomic
def look(search: SavedSearch, *, by: User) -> None:
    """The owner opens the search: nothing of it is new any more."""
    _mine(search.candidate, by)
    search.seen_until, search.unseen = timezone.now(), 0
    search.save(update_fields=["seen_until", "unseen", "updated_at"])


@transaction.atomic
def delete(search: SavedSearch, *, by: User) -> None:
    _mine(search.candidate, by)
    audit.record("candidate.search_deleted", search.candidate, by=by, search=search.pk)
    search.delete()


# --- told -------------------------------------------------------------------------------------


def found(search: SavedSearch, *, since: datetime, day: date) -> list[Program]:
    """What the search's page shows that was published after `since`, the newest first."""
    query = QueryDict(search.query)
    filters = replace(programs.filters_from(query), order="new")
    if query.get("works") == "1":
        workable = matching.workable_programs(search.candidate, day=day)
        filters = replace(filters, ids=tuple(workable))
    aside = set(search.candidate.put_aside.values_list("program_id", flat=True))
    return [
        program
        for program in programs.search(filters, day=day).programs[:LOOKED]
        if program.published_at and program.published_at > since and program.pk not in aside
    ]


def tell_all(*, now: datetime | None = None) -> dict[str, int]:
    """Look at every saved search of people whose account is open; mails sent and searches seen."""
    day = timezone.localdate(now or timezone.now())
    mails = looked = 0
    open_ = SavedSearch.objects.filter(candidate__user__is_active=True).order_by("pk")
    for pk in open_.values_list("pk", flat=True):
        try:
            mails += tell(pk, day=day)
            looked += 1
        except OSError:  # the mail server refuses: this search is told next time
            log.warning("saved_search_not_told", search=pk)
    return {"searches": looked, "mails": mails}


@transaction.atomic
def tell(pk: int, *, day: date) -> int:
    """Count what is new in one search, and mail it where that is wished; mails sent (0 or 1)."""
    search = (
        SavedSearch.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("candidate__user")
        .filter(pk=pk)
        .first()
    )
    if search is None:  # deleted, or being told by another worker
        return 0
    new = found(search, since=min(search.told_until, search.seen_until), day=day)
    moments = {program.pk: program.published_at or search.told_until for program in new}
    search.unseen = sum(moment > search.seen_until for moment in moments.values())
    untold = [program for program in new if moments[program.pk] > search.told_until]
    mails = 0
    mailed = switches.is_on(switches.SEARCH_MAIL, search.candidate.user)
    if untold and mailed and search.alert == SavedSearch.Alert.MAIL:
        search.told_until = max(moments[program.pk] for program in untold)
        mails = 1
    search.save(update_fields=["unseen", "told_until", "updated_at"])
    if mails:
        user = search.candidate.user
        with translation.override(user.language):
            _send(user, search, untold)
    return mails


def _send(reader: User, search: SavedSearch, new: list[Program]) -> None:
    """One mail with a text and an HTML part, and a way out that takes one press (RFC 8058)."""
    count = len(new)
    subject = ngettext(
        "%(n)d new program in “%(name)s”", "%(n)d new programs in “%(name)s”", count
    ) % {"n": count, "name": search.name}
    out = f"{settings.BASE_URL}{reverse('public:unsubscribe', args=[token(search)])}"
    context: dict[str, Any] = {
        "language": reader.language,
        "programs": [
            {"title": each.title, "host": each.host_name,
             "address": f"{settings.BASE_URL}{reverse('public:program', args=[each.pk])}"}
            for each in new[:NAMED]
        ],
        "more": max(0, count - NAMED),
        "address": f"{settings.BASE_URL}{reverse('public:programs')}?{search.query}&order=new",
        "out": out,
    }  # fmt: skip
    headers = {
        "List-Unsubscribe": f"<{out}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    message(reader.email, subject, "saved_search", context, headers=headers).send()


# --- the way out ------------------------------------------------------------------------------


def token(search: SavedSearch) -> str:
    """What the mail's way out carries: it stops the mails of this one search, and does no more."""
    return str(signing.Signer(salt=_SALT).sign_object(search.pk))


def behind(written: str) -> SavedSearch | None:
    """The search of a token; None for one that is forged, or whose search is gone."""
    try:
        pk = signing.Signer(salt=_SALT).unsign_object(written)
    except (signing.BadSignature, ValueError):
        return None
    search: SavedSearch | None = SavedSearch.objects.filter(pk=pk).first()
    return search


@transaction.atomic
def stop(search: SavedSearch) -> None:
    """No more mail of this search; it stays on its owner's page. Safe to press twice."""
    if search.alert == SavedSearch.Alert.MAIL:
        search.alert = SavedSearch.Alert.SITE
        search.save(update_fields=["alert", "updated_at"])
        audit.record("candidate.search_mail_stopped", search.candidate, by=None, search=search.pk)


def _alert(value: str) -> str:
    if value not in SavedSearch.Alert.values:
        raise ValidationError(_("Choose one of the listed ways."))
    return value


def _mine(candidate: Candidate, by: User) -> None:
    if not permissions.owns(by, candidate):
        raise PermissionDenied
