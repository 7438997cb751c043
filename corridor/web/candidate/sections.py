"""The sections of a profile: what each asks, where it stands, and how it is saved.

A section saves itself while one types; the same person in another window is told (web.together).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from corridor.candidates import services
from corridor.candidates.models import Candidate
from corridor.web import together
from corridor.web.candidate.forms import FORMS, LISTS

# The order in which sections are asked; `private` comes last and may stay empty.
ORDER = ["basics", "education", "work", "skills", "credentials", "languages", "preferences",
         "about", "private"]  # fmt: skip
_PRIVATE = ("birth_date", "sex", "military_status", "passport_number")
# Private facts are saved by their button alone.
AUTOSAVED = frozenset({*ORDER} - {"private"})


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


@dataclass
class Section(together.Part):
    """One section: a form, or rows that are replaced whole."""

    @property
    def asked(self) -> Any:
        return self.form if self.rows is None else self.rows

    @transaction.atomic
    def save(self, request: HttpRequest, *, as_typed: bool = False) -> Candidate:
        """`as_typed`: without its button, so that the page may go on from there. Raises
        `versions.Outdated` where the section was changed in another window meanwhile."""
        candidate = Candidate.objects.select_for_update().get(pk=self.row.pk)
        self.check(request, candidate)
        if self.rows is not None:
            services.replace_list(
                candidate, by=request.user, name=LISTS[self.name][0], rows=_kept(self.rows)
            )
        else:
            said = dict(self.form.cleaned_data)
            if self.name == "private":
                said = {name: value or None for name, value in said.items()}
            services.save_profile(candidate, by=request.user, **said)
        saved = Candidate.objects.get(pk=candidate.pk)
        if as_typed:
            self.keep(request, saved)
        return saved

    def show(self, error: ValidationError) -> None:
        """Put a service's refusal where the reader looks: at its field, else above the form."""
        if self.rows is not None:
            self.rows._non_form_errors = self.rows.error_class(error.messages)
            return
        known = getattr(error, "error_dict", {})
        at_fields = known and set(known) <= set(self.form.fields)
        self.form.add_error(None, error if at_fields else error.messages)


def section(request: HttpRequest, candidate: Candidate, name: str) -> Section:
    """The section as posted, or as the profile stands."""
    posted = request.POST if request.method == "POST" else None
    if name == "private":
        fields: tuple[str, ...] = _PRIVATE
    else:
        fields = (LISTS[name][0],) if name in LISTS else tuple(FORMS[name].Meta.fields)
    return Section(name, candidate, posted, partial(_built, name=name), fields)


def _built(candidate: Candidate, posted: Any, *, name: str) -> tuple[Any, Any]:
    if name == "private":
        stands = {each: getattr(candidate, each) for each in _PRIVATE}
        return FORMS[name](posted, initial=stands), None
    if name in FORMS:
        return FORMS[name](posted, instance=candidate), None
    relation, many = LISTS[name]
    if posted is not None:
        return None, many(posted, prefix=name)
    asked = many.form.Meta.fields
    before = [
        {each: getattr(row, each) for each in asked} for row in getattr(candidate, relation).all()
    ]
    return None, many(initial=before, prefix=name)


def _kept(rows: Any) -> list[dict[str, Any]]:
    """The rows that say something and are not to be removed."""
    return [
        {name: value for name, value in form.cleaned_data.items() if name != "DELETE"}
        for form in rows.forms
        if form.cleaned_data and not form.cleaned_data.get("DELETE")
        and (form.has_changed() or not form.empty_permitted)
    ]  # fmt: skip
