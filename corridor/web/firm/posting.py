"""The sections of a posting: what each asks, where it stands, and how it is saved.

A program is filled in section by section; every section saves the draft. `Section.save` goes
through `programs.services.save_program`, so a published program stays complete.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor import rules
from corridor.matching import facts as matching_facts
from corridor.partnerships.models import Agreement
from corridor.programs import services
from corridor.programs.kinds import DETAILS, Kind
from corridor.programs.models import Program
from corridor.web import present
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
class Section:
    """One section's form, its rows (if it has any), and the call that saves both."""

    name: str
    form: forms.BaseForm | None
    rows: Any | None
    fields: Callable[[], dict[str, Any]]

    def is_valid(self) -> bool:
        parts = [part for part in (self.form, self.rows) if part is not None]
        return all([part.is_valid() for part in parts])  # noqa: C419  both show their errors

    def save(self, program: Program, *, by: Any) -> Program:
        return services.save_program(program, by=by, **self.fields())

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


def section(
    request: HttpRequest, program: Program, name: str, agreements: QuerySet[Agreement]
) -> Section:
    """The section as posted, or as the program stands."""
    posted = request.POST if request.method == "POST" else None
    more = posted is not None and "more" in posted
    if name == "duties":
        duty_form = DispatchDutyForm if program.kind == Kind.DISPATCH else DutyForm
        duties = _rows(duty_form, posted, program.duties, prefix="duty", more=more)
        return Section(name, None, duties, lambda: {"duties": _kept(duties)})
    if name == "asked":
        asked = AskedForm(posted, instance=program)
        needs = _rows(RequirementForm, posted, program.requirements, prefix="need", more=more)
        return Section(
            name, asked, needs, lambda: {**asked.cleaned_data, "requirements": _kept(needs)}
        )
    if name == "details":
        form: Any = DetailsForm(posted, kind=program.kind, initial=_shown(program.details))
        return Section(name, form, None, lambda: {"details": form.cleaned_data})
    if name == "answers":
        form = AnswersForm(
            posted, facts=questions(program), known=program.rule_facts, lang=present.language()
        )
        return Section(
            name, form, None, lambda: {"rule_facts": {**program.rule_facts, **form.answers()}}
        )
    if name == "terms":
        form = TermsForm(posted, instance=program)
    else:
        form = BasicsForm(posted, instance=program, agreements=agreements)
    return Section(name, form, None, lambda: dict(form.cleaned_data))


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
