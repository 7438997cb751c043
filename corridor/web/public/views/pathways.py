from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor import rules
from corridor.programs.kinds import Kind
from corridor.web import present


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


def pathway(request: HttpRequest, slug: str) -> HttpResponse:
    today, lang = timezone.localdate(), present.language()
    try:
        found = rules.pathway(slug)
    except rules.UnknownPathway:
        raise Http404 from None
    return render(
        request,
        "public/pathway.html",
        {
            "pathway": found,
            "name": found.name(lang),
            "status": found.status_on(today),
            "kinds": _kinds(found),
            "requirements": [
                {
                    "text": each.note(lang),
                    "must": each.bars,
                    "citation": each.backing.citation,
                    "evidence": each.backing.evidence,
                    "verified": each.backing.verified,
                    "checked": present.day(each.backing.checked_on),
                }
                for each in found.requirements_on(today)
            ],
            "notes": found.legal_notes(today, lang),
            "documents": [document(lang) for document in found.documents],
            "fees": [
                {"name": fee.name(lang), "usd": version.usd, "payer": fee.payer,
                 "state": version.state, "citation": version.backing.citation}
                for fee, version in found.fees_on(today)
            ],
            "changes": [
                {
                    "title": change.title(lang),
                    "items": [
                        {
                            "date": present.day(version.span.start) if version.span.start else "",
                            "title": version.text(lang),
                            "note": _state(version.state),
                            "citation": version.backing.citation,
                            "state": "now" if version.state == "in_force"
                            and today in version.span else "past",
                        }
                        for version in change.versions
                    ],
                }
                for change in found.changes
            ],
        },
    )  # fmt: skip
