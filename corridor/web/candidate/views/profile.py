from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from corridor import taxonomy
from corridor.candidates import queries as candidates
from corridor.candidates.models import Candidate
from corridor.common import versions
from corridor.web import autosaving, ladders, present
from corridor.web.candidate import meter, sections
from corridor.web.candidate.access import candidate_page


@candidate_page
def profile(request: HttpRequest, candidate: Candidate) -> HttpResponse:
    filled = dict(candidates.completeness(candidate))
    filled["private"] = bool(candidate.birth_date or candidate.military_status)
    names, done = sections.titles(), sum(filled[name] for name in sections.ORDER)
    lang = present.language()
    changes = meter.by_section(candidate)
    return render(
        request,
        "candidate/profile.html",
        {
            "candidate": candidate,
            "sections": [
                {"name": name, "title": names[name], "filled": filled[name],
                 "changes": changes.get(name, [])}
                for name in sections.ORDER
            ],
            "done": done,
            "all": len(sections.ORDER),
            "share": round(100 * done / len(sections.ORDER)),
            "skills": [taxonomy.skill(code).name(lang) for code in candidate.skill_ids[:40]],
            "documents": candidate.documents.count(),
            "worth": _worth(candidate),
        },
    )


@candidate_page
def section(request: HttpRequest, candidate: Candidate, section: str) -> HttpResponse:
    """One section: shown, and saved whole or not at all; what was typed is kept on an error."""
    if section not in sections.ORDER:
        raise Http404
    part = sections.section(request, candidate, section)
    if request.method == "POST" and part.asked.is_valid():
        try:
            part.save(request)
        except versions.Outdated:
            part.met(request, _stored(candidate))
        except ValidationError as error:
            part.show(error)
        else:
            messages.success(request, _("Saved. Your matches follow within seconds."))
            after = sections.ORDER[sections.ORDER.index(section) + 1 :]
            if "next" in request.POST and after:
                return redirect("candidate:section", section=after[0])
            return redirect("candidate:profile")
    place = sections.ORDER.index(section)
    return render(
        request,
        "candidate/section.html",
        {
            "section": section,
            "title": sections.titles()[section],
            "part": part,
            "form": part.form,
            "formset": part.rows,
            "number": place + 1,
            "of": len(sections.ORDER),
            "has_next": place + 1 < len(sections.ORDER),
            "autosaves": section in sections.AUTOSAVED,
            "page_token": autosaving.token(request),
            "opened": part.carried(request, _stored(candidate)),
            "worth": _worth(candidate) if section == "credentials" else [],
        },
    )


def _stored(candidate: Candidate) -> Candidate:
    """As saved: a form that was refused has put its values into the row at hand."""
    return Candidate.objects.get(pk=candidate.pk)


def _worth(candidate: Candidate) -> list[dict[str, Any]]:
    """What each saved credential is worth in the United States, to read beside the list."""
    return ladders.worth((each.name, each.credential_id) for each in candidate.credentials.all())


@require_POST
@candidate_page
def autosave(request: HttpRequest, candidate: Candidate, section: str) -> HttpResponse:
    """Keep what has been typed so far (htmx). Nothing is removed here, and what is not yet whole
    is said, not saved."""
    if section not in sections.AUTOSAVED:
        raise Http404
    request.POST = autosaving.without_removals(request.POST)
    part = sections.section(request, candidate, section)
    told: dict[str, Any] = {"state": "lacking"}
    if part.asked.is_valid():
        try:
            saved = part.save(request, as_typed=True)
        except versions.Outdated:
            told = {"state": "elsewhere"}
        except ValidationError as error:
            part.show(error)
        else:
            told = {"state": "saved", "opened": part.opened(saved)}
    if told["state"] == "lacking":
        told["lacking"] = autosaving.lacking(part.asked)
    return render(request, "candidate/_saved.html", {"now": timezone.localtime(), **told})
