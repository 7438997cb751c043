from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor import rules
from corridor.programs.kinds import Kind
from corridor.rules.model import Backing, ChangeVersion
from corridor.web import present, readings, routes, way
from corridor.web.templatetags.corridor_text import cited_plain

AHEAD = timedelta(days=730)  # how far a route's page looks for versions known to begin


def _state(state: str) -> str:
    """The legal state of one version of a rule, in the reader's words."""
    return {
        "in_force": _("In force"),
        "proposed": _("Proposed only"),
        "suspended": _("Suspended"),
        "vacated": _("Vacated by a court"),
    }.get(state, _("Ended"))


def _kinds(pathway: rules.Pathway) -> list[str]:
    return [str(Kind(kind).label) for kind in pathway.kinds if kind in Kind.values]


def pathways(request: HttpRequest) -> HttpResponse:
    today, lang = timezone.localdate(), present.language()
    rows: list[dict[str, Any]] = []
    for pathway in rules.pathways():
        rows.append(
            {
                "id": pathway.id,
                "name": pathway.name(lang),
                "status": pathway.status_on(today),
                "kinds": _kinds(pathway),
                "citation": pathway.citation,
                "checked": present.day(pathway.checked_on),
            }
        )
    return render(request, "public/pathways.html", {"pathways": rows, "revision": rules.revision()})


def _conditions(pathway: rules.Pathway, day: date) -> list[dict[str, Any]]:
    """What it asks of everybody, then what it asks only of those whose work belongs to another
    route as well (`only`: that route's name; empty for everybody)."""
    lang, checks = present.language(), readings.checks_of(pathway)
    groups: dict[str | None, list[dict[str, Any]]] = {None: []}
    for each in pathway.requirements_on(day):
        groups.setdefault(each.via, []).append({
            "text": each.note(lang),
            "must": each.bars,
            "sometimes": each.when is not None and each.via is None,
            "citation": each.backing.citation,
            "verified": each.backing.verified,
            "checked": readings.short(each.backing, readings.of(checks, each.backing)),
        })  # fmt: skip
    return [
        {"only": rules.pathway(via).name(lang) if via else "", "requirements": found}
        for via, found in groups.items() if found
    ]  # fmt: skip


def pathway(request: HttpRequest, slug: str) -> HttpResponse:
    """What a route asks of anybody, step by step, whoever reads it."""
    today, lang = timezone.localdate(), present.language()
    try:
        found = rules.pathway(slug)
    except rules.UnknownPathway:
        raise Http404 from None
    (verdict,) = rules.assess({}, day=today, pathways=[slug]).verdicts
    return render(
        request,
        "public/pathway.html",
        {
            "pathway": found,
            "name": found.name(lang),
            "status": found.status_on(today),
            "status_verified": _status_verified(found, today),
            "kinds": _kind_links(found),
            "conditions": _conditions(found, today),
            "timeline": way.timeline(verdict),
            "costs": way.costs(found, today),
            "documents": way.documents(found),
            "warning": found.warning(lang) if found.warning else "",
            "notes": [routes.note(note) for note in verdict.legal_notes(lang)],
            "upcoming": [
                routes.note(note) for note in found.upcoming(today, today + AHEAD, lang)
            ],
            "good_to_know": [text(lang) for text in found.notes],
            "about": routes.about(found),
            "sources": routes.sources(found),
            "revision": rules.revision(),
            "changes": [
                {
                    "title": change.title(lang),
                    "items": [
                        {
                            "date": present.day(version.span.start) if version.span.start else "",
                            "title": version.text(lang),
                            "note": _state(version.state),
                            "citation": _cited(version.backing),
                            "state": _when(version, today),
                        }
                        for version in change.versions
                    ],
                }
                for change in found.changes
            ],
        },
    )  # fmt: skip


def _status_verified(pathway: rules.Pathway, day: date) -> bool:
    record = pathway.status_record_on(day)
    return record is None or record.backing.verified


def _cited(backing: Backing) -> str:
    """The citation and, where its text was not read, that it was not."""
    if backing.verified:
        return cited_plain(backing.citation)
    return f"{cited_plain(backing.citation)} · {_('not verified against the primary text')}"


def _when(version: ChangeVersion, day: date) -> str:
    """How the line marks a version: in force today, still to come, or neither."""
    if version.span.start and version.span.start > day:
        return "future"
    return "now" if version.state == "in_force" and day in version.span else "past"


def _kind_links(pathway: rules.Pathway) -> list[dict[str, str]]:
    return [
        {"value": kind, "label": str(Kind(kind).label),
         "url": f"{reverse('public:programs')}?kind={kind}"}
        for kind in pathway.kinds
        if kind in Kind.values
    ]  # fmt: skip
