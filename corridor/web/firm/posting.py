"""The sections of a posting: what each asks, where it stands, and how it is saved.

A program is filled in section by section; every section saves the draft. `Section.save` goes
through `programs.services.save_program`, so a published program stays complete. `Section.typed`
is the program as it would be with what has been typed so far, never saved. Two people in one
section are told of each other (web.together); two sections do not get in each other's way.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor import rules
from corridor.matching import facts as matching_facts
from corridor.partnerships.models import Agreement
from corridor.programs import services
from corridor.programs.kinds import DETAILS, Kind, clean_details
from corridor.programs.models import Duty, Program, Requirement
from corridor.web import present, together
from corridor.web.answers import AnswersForm
from corridor.web.firm.forms import (
    AskedForm,
    BasicsForm,
    DetailsForm,
    DispatchDutyForm,
    DutyForm,
    RequirementForm,
    TermsForm,
    rows,
)

ORDER = ("basics", "terms", "details", "duties", "asked", "answers")


def titles() -> dict[str, str]:
    return {
        "basics": _("What and where"),
        "terms": _("Dates, pay and conditions"),
        "details": _("What this kind needs"),
        "duties": _("Duties"),
        "asked": _("Whom you look for"),
        "answers": _("Answers for visa routes"),
    }


def section_of(field: str) -> str:
    """The section where a field that `missing_to_publish` names is filled in."""
    if field.startswith("details."):
        return "details"
    if field in TermsForm.Meta.fields:
        return "terms"
    return "duties" if field == "duties" else "basics"


def label_of(program: Program, field: str) -> str:
    """The label of a kind's own field that `missing_to_publish` names `details.<name>`."""
    name = field.removeprefix("details.")
    own = DETAILS[program.kind]
    return next((str(detail.label) for detail in own if detail.name == name), name)


@dataclass
class Section(together.Part):
    """One section's form, its rows (if it has any), and the call that saves both."""

    def is_valid(self) -> bool:
        parts = [part for part in (self.form, self.rows) if part is not None]
        return all([part.is_valid() for part in parts])  # noqa: C419  both show their errors

    @transaction.atomic
    def save(self, request: HttpRequest, *, as_typed: bool = False) -> Program:
        """`as_typed`: without its button, so that the page may go on from there. Raises
        `versions.Outdated` where somebody else changed the section meanwhile."""
        stored = Program.objects.select_for_update().get(pk=self.row.pk)
        self.check(request, stored)
        services.save_program(stored, by=request.user, **self._said(stored))
        saved = Program.objects.get(pk=stored.pk)
        if as_typed:
            self.keep(request, saved)
        return saved

    def _said(self, stored: Program) -> dict[str, Any]:
        """The section's values for `save_program`."""
        if self.name == "details":
            return {"details": self.form.cleaned_data}
        if self.name == "answers":
            return {"rule_facts": {**stored.rule_facts, **self.form.answers()}}
        said = dict(self.form.cleaned_data) if self.form is not None else {}
        if self.rows is not None:
            said["duties" if self.name == "duties" else "requirements"] = _kept(self.rows)
        return said

    def typed(self, program: Program) -> Program:
        """The program with every value that is right so far; call `is_valid` first. A form of the
        model has put its values into `program` already; the rest is put into a copy."""
        made = copy(program)
        made._prefetched_objects_cache = dict(  # type: ignore[attr-defined]
            getattr(program, "_prefetched_objects_cache", {})
        )
        if made.hub is not None:
            made.state = made.hub.state.code
        if self.name == "details":
            made.details = _typed_details(program, self.form)
        elif self.name == "answers" and self.form is not None:
            right = {
                fact: value for fact, value in self.form.answers().items()
                if fact not in self.form.errors
            }  # fmt: skip
            told = {**program.rule_facts, **right}
            made.rule_facts = {fact: value for fact, value in told.items() if value is not None}
        elif self.rows is not None:
            relation = "duties" if self.name == "duties" else "requirements"
            rows = [
                self._row(form.cleaned_data) for form in self.rows.forms
                if form.is_valid() and form.cleaned_data.get("text")
                and not form.cleaned_data.get("DELETE")
            ]  # fmt: skip
            listed = getattr(program, relation).all()
            listed._result_cache, listed._prefetch_done = rows, True
            made._prefetched_objects_cache[relation] = listed  # type: ignore[attr-defined]
        return made

    def _row(self, values: dict[str, Any]) -> Duty | Requirement:
        model: Any = Duty if self.name == "duties" else Requirement
        return model(**{name: value for name, value in values.items() if name != "DELETE"})

    def show(self, error: ValidationError) -> list[str]:
        """Puts a refusal at its field where that is on the page; the other sentences come back."""
        known = getattr(error, "error_dict", None)
        if self.form is None or known is None:
            return list(error.messages)
        elsewhere: list[str] = []
        for name, errors in known.items():
            if name in self.form.fields:
                self.form.add_error(name, errors)
            else:
                elsewhere += ValidationError(errors).messages
        return elsewhere


def _typed_details(program: Program, form: Any) -> dict[str, Any]:
    """What is stored, with each field that was typed rightly in its place."""
    made = dict(program.details)
    for name, value in form.cleaned_data.items():
        if value in (None, ""):
            made.pop(name, None)
            continue
        try:
            made |= clean_details(program.kind, {name: value}, complete=False)
        except ValidationError:
            continue
    return made


def section(
    request: HttpRequest, program: Program, name: str, agreements: QuerySet[Agreement]
) -> Section:
    """The section as posted, or as the program stands."""
    posted = request.POST if request.method == "POST" else None
    more = posted is not None and "more" in posted
    build = partial(_built, name=name, agreements=agreements, more=more)
    return Section(name, program, posted, build, _FIELDS.get(name, (name,)))


# Under these names a section's writes stand in the audit row of `save_program`.
_FIELDS: dict[str, Any] = {
    "basics": BasicsForm.Meta.fields,
    "terms": TermsForm.Meta.fields,
    "asked": AskedForm.Meta.fields,
    "answers": ("rule_facts",),
}


def _built(
    program: Program, posted: Any, *, name: str, agreements: QuerySet[Agreement], more: bool
) -> tuple[Any, Any]:
    """A section's form and rows."""
    if name == "duties":
        duty_form = DispatchDutyForm if program.kind == Kind.DISPATCH else DutyForm
        return None, _rows(duty_form, posted, program.duties, prefix="duty", more=more)
    if name == "asked":
        needs = _rows(RequirementForm, posted, program.requirements, prefix="need", more=more)
        return AskedForm(posted, instance=program), needs
    if name == "details":
        shown = _shown(program.details)
        return DetailsForm(posted, kind=program.kind, initial=shown), None
    if name == "answers":
        return AnswersForm(
            posted, facts=questions(program), known=program.rule_facts, lang=present.language()
        ), None
    if name == "terms":
        return TermsForm(posted, instance=program), None
    return BasicsForm(posted, instance=program, agreements=agreements), None


def questions(program: Program) -> list[str]:
    """The rules' questions to this program's host, those that would settle most first.

    What the program says elsewhere (dates, duties, its kind's fields) is not asked again.
    """
    registry = rules.facts()
    said = _said_elsewhere(program)
    asked = [
        fact
        for fact in rules.signature(program.kind)
        if fact.startswith("program.") and registry[fact].who == "host"
        and registry[fact].type != "text" and fact not in said
    ]  # fmt: skip
    open_now = rules.assess(
        matching_facts.program_facts(program), day=timezone.localdate(), kind=program.kind
    ).missing
    rank = {fact: place for place, fact in enumerate(open_now)}
    return sorted(asked, key=lambda fact: (rank.get(fact, len(rank)), fact))


def _said_elsewhere(program: Program) -> set[str]:
    bare, host = copy(program), copy(program.organization)
    bare.rule_facts, host.rule_facts = {}, {}
    bare.organization = host
    return set(matching_facts.program_facts(bare)) | {
        "program.start_date", "program.duration_days", "program.duration_months",
        "program.hours_per_week", "program.work_place", "program.mostly_hands_on",
        *matching_facts.said_by_duties(program),
    }  # fmt: skip


def _rows(form: type[forms.ModelForm], posted: Any, stored: Any, *, prefix: str, more: bool) -> Any:
    if posted is None:
        before = [_row(each, form.Meta.fields) for each in stored.all()]
        return rows(form, extra=1 if before else 3)(initial=before, prefix=prefix)
    if more:
        posted = posted.copy()
        total = posted.get(f"{prefix}-TOTAL_FORMS", "")
        if total.isdecimal() and int(total) < 40:
            posted[f"{prefix}-TOTAL_FORMS"] = str(int(total) + 2)
    return rows(form, extra=1)(posted, prefix=prefix)


def _row(each: Any, names: list[str]) -> dict[str, Any]:
    return {name: getattr(each, name) for name in names}


def _kept(formset: Any) -> list[dict[str, Any]]:
    """The rows that say something and are not to be removed."""
    return [
        {name: value for name, value in form.cleaned_data.items() if name != "DELETE"}
        for form in formset.forms
        if form.cleaned_data and not form.cleaned_data.get("DELETE")
        and form.cleaned_data.get("text")
    ]  # fmt: skip


def _shown(details: dict[str, Any]) -> dict[str, Any]:
    words = {True: "true", False: "false"}
    return {
        name: words[value] if isinstance(value, bool) else value for name, value in details.items()
    }
