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
from corridor.candidates import services
from corridor.candidates.models import Candidate
from corridor.web import ladders, present
from corridor.web.candidate import autosaving, meter
from corridor.web.candidate.access import candidate_page
from corridor.web.candidate.forms import FORMS, LISTS

# The order in which sections are asked; `private` comes last and may stay empty.
ORDER = ["basics", "education", "work", "skills", "credentials", "languages", "preferences",
         "about", "private"]  # fmt: skip
_PRIVATE = ("birth_date", "sex", "military_status", "passport_number")


def titles() -> dict[str, str]:
    return {
        "basics": _("About you"),
        "education": _("Education"),
        "work": _("Work experience"),
        "skills": _("Skills and equipment"),
        "credentials": _("Licenses and certificates"),
        "languages": _("Language tests"),
        "preferences": _("What you are looking for"),
        "about": _("In your own words"),
        "private": _("Private facts for visa rules"),
    }


@candidate_page
def profile(request: HttpRequest, candidate: Candidate) -> HttpResponse:
    filled = dict(candidates.completeness(candidate))
    filled["private"] = bool(candidate.birth_date or candidate.military_status)
    names = titles()
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
                for name in ORDER
            ],
            "done": sum(filled[name] for name in ORDER),
            "all": len(ORDER),
            "share": round(100 * sum(filled[name] for name in ORDER) / len(ORDER)),
            "skills": [taxonomy.skill(code).name(lang) for code in candidate.skill_ids[:40]],
            "documents": candidate.documents.count(),
            "worth": _worth(candidate),
        },
    )


@candidate_page
def section(request: HttpRequest, candidate: Candidate, section: str) -> HttpResponse:
    """One section: shown, and saved whole or not at all; what was typed is kept on an error."""
    if section in FORMS:
        form, save = _single(request, candidate, section)
    elif section in LISTS:
        form, save = _list(request, candidate, section)
    else:
        raise Http404
    if request.method == "POST" and form.is_valid():
        try:
            save()
        except ValidationError as error:
            _show(form, error)
        else:
            messages.success(request, _("Saved. Your matches follow within seconds."))
            after = ORDER[ORDER.index(section) + 1 :]
            if "next" in request.POST and after:
                return redirect("candidate:section", section=after[0])
            return redirect("candidate:profile")
    elif request.method == "POST" and section in LISTS and any("id" in e for e in form.errors):
        # The rows of this page are gone: it was saved in another window, or went back to.
        _show(form, ValidationError(_changed_elsewhere()))
    place = ORDER.index(section)
    return render(
        request,
        "candidate/section.html",
        {
            "section": section,
            "title": titles()[section],
            "form": form if section in FORMS else None,
            "formset": form if section in LISTS else None,
            "number": place + 1,
            "of": len(ORDER),
            "has_next": place + 1 < len(ORDER),
            "autosaves": section in autosaving.SECTIONS,
            "page_token": autosaving.token(request),
            "worth": _worth(candidate) if section == "credentials" else [],
        },
    )


def _worth(candidate: Candidate) -> list[dict[str, Any]]:
    """What each saved credential is worth in the United States, to read beside the list."""
    return ladders.worth((each.name, each.credential_id) for each in candidate.credentials.all())


@require_POST
@candidate_page
def autosave(request: HttpRequest, candidate: Candidate, section: str) -> HttpResponse:
    """Keep what has been typed so far (htmx). Nothing is removed here, and what is not yet whole
    is said, not saved."""
    if section not in autosaving.SECTIONS:
        raise Http404
    request.POST = autosaving.without_removals(request.POST)
    make = _single if section in FORMS else _list
    form, save = make(request, candidate, section)
    saved = form.is_valid()
    if saved:
        try:
            save()
        except ValidationError as error:
            _show(form, error)
            saved = False
        else:
            autosaving.remember(request, candidate, section)
    return render(
        request,
        "candidate/_saved.html",
        {"saved": saved, "now": timezone.localtime(), "lacking": autosaving.lacking(form)},
    )


def _single(request: HttpRequest, candidate: Candidate, section: str) -> tuple[Any, Any]:
    posted = request.POST if request.method == "POST" else None
    if section == "private":
        form: Any = FORMS[section](
            posted, initial={name: getattr(candidate, name) for name in _PRIVATE}
        )
    else:
        form = FORMS[section](posted, instance=candidate)

    def save() -> None:
        fields = dict(form.cleaned_data)
        if section == "private":
            fields = {name: value or None for name, value in fields.items()}
        services.save_profile(candidate, by=request.user, **fields)

    return form, save


def _list(request: HttpRequest, candidate: Candidate, section: str) -> tuple[Any, Any]:
    name, formset_class = LISTS[section]
    rows = getattr(candidate, name).all()
    posted = request.POST if request.method == "POST" else None
    if posted is not None:
        posted = autosaving.adopted(request, section, {row.pk for row in rows})
    known = rows if posted is None or posted is request.POST else rows.none()
    formset = formset_class(posted, queryset=known, prefix=section)
    if not rows:
        formset.extra = 1

    def save() -> None:
        if {each.instance.pk for each in formset.initial_forms} != {row.pk for row in known}:
            raise ValidationError(_changed_elsewhere())
        kept = [
            {key: value for key, value in form.cleaned_data.items() if key not in {"id", "DELETE"}}
            for form in formset.forms
            if form.cleaned_data and not form.cleaned_data.get("DELETE")
            and (form.instance.pk or form.has_changed())
        ]  # fmt: skip
        services.replace_list(candidate, by=request.user, name=name, rows=kept)

    return formset, save


def _changed_elsewhere() -> str:
    return _(
        "This list was changed in another window. Please open it again and repeat your change."
    )


def _show(form: Any, error: ValidationError) -> None:
    """Put a service's refusal where the reader looks: at its field, else above the form."""
    if hasattr(form, "add_error"):
        known = getattr(error, "error_dict", {})
        if known and set(known) <= set(form.fields):
            form.add_error(None, error)
        else:
            form.add_error(None, error.messages)
    else:
        form._non_form_errors = form.error_class(error.messages)
