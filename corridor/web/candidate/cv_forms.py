"""The forms of taking a CV in: the upload, and what it proposes, field by field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from corridor.accounts.models import User
from corridor.candidates.cv.proposal import LISTS
from corridor.candidates.models import Candidate, Education, HeldCredential, LanguageScore, Work
from corridor.candidates.onboarding import NAMES, TEXTS, Entry, Fact, Review
from corridor.web.candidate.forms import COUNTRIES, PrivateForm, date_input

KEEP, TAKE, BOTH = "keep", "take", "both"
ACCEPTED = ".pdf,.docx,.hwp,.hwpx"
MODELS: dict[str, Any] = {
    "educations": Education, "works": Work, "credentials": HeldCredential,
    "languages": LanguageScore,
}  # fmt: skip


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Your CV"),
        help_text=gettext_lazy("PDF, DOCX, HWP or HWPX, up to 10 MB and 30 pages"),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        error_messages={
            "empty": gettext_lazy("The file is empty. Please save your CV anew and choose it "
                                  "again."),
        },
    )
    keep = forms.BooleanField(
        label=gettext_lazy("Also keep the file among my documents (only I see it)"), required=False
    )


def _row_form(list_name: str) -> type[forms.ModelForm]:
    model = MODELS[list_name]
    asked = {"educations": ["country"], "works": ["country", "related"]}
    names = [*LISTS[list_name], *asked.get(list_name, [])]
    widgets: dict[str, Any] = {name: date_input() for name in names if name.endswith("_on")}
    if "country" in names:
        widgets["country"] = forms.Select(choices=COUNTRIES[1:])
    if "description" in names:
        widgets["description"] = forms.Textarea(attrs={"rows": 3})
    if "related" in names:
        widgets["related"] = forms.NullBooleanSelect()
    return forms.modelform_factory(model, fields=names, widgets=widgets)


ROW_FORMS = {name: _row_form(name) for name in LISTS}


def _value_field(name: str) -> forms.Field:
    if name in NAMES:
        return User._meta.get_field(name).formfield(required=False)
    if name in ("birth_date", "military_status"):
        return PrivateForm.base_fields[name]
    rows = {"skills_text": 4, "about": 5, "research_interests": 3}
    widget = forms.Textarea(attrs={"rows": rows[name]}) if name in rows else None
    return Candidate._meta.get_field(name).formfield(
        required=False, **({"widget": widget} if widget else {})
    )


class FactForm(forms.Form):
    """One simple fact: whether to take it, and the value, which may be corrected."""

    def __init__(self, data: Any, fact: Fact) -> None:
        self.fact = fact
        super().__init__(data, prefix=fact.name)
        if fact.conflicts:
            choices = [(KEEP, _("Keep what my profile says")), (TAKE, _("Take what the CV says"))]
            if fact.name in TEXTS:
                choices.append((BOTH, _("Keep mine and add the CV’s below it")))
            self.fields["pick"] = forms.ChoiceField(
                label=_("Which is right?"), choices=choices, initial=KEEP, widget=forms.RadioSelect
            )
        else:
            self.fields["pick"] = forms.BooleanField(
                label=_("Take this"), required=False, initial=not fact.private
            )
        self.fields["value"] = _value_field(fact.name)
        self.initial["value"] = fact.value

    def chosen(self) -> Any:
        """The value to write, or None for nothing."""
        picked, value = self.cleaned_data.get("pick"), self.cleaned_data.get("value")
        if picked in (False, KEEP, None) or value in ("", None):
            return None
        if picked == BOTH:
            return f"{self.fact.now.rstrip()}\n{value}"
        return value


class EntryForm:
    """One row of a list. A new one may be corrected in every field; beside a row that the profile
    holds, each differing field is picked."""

    def __init__(self, data: Any, entry: Entry) -> None:
        self.entry = entry
        self.picks: forms.Form | None = None
        self.row: forms.ModelForm | None = None
        if entry.beside is None:
            self.row = ROW_FORMS[entry.list](
                data, prefix=entry.key, initial={p.name: p.value for p in entry.parts if p.value}
            )
            self.row.fields["pick"] = forms.BooleanField(
                label=_("Take this entry"), required=False, initial=True
            )
        else:
            self.picks = forms.Form(data, prefix=entry.key)
            for part in entry.parts:
                if not part.value or part.value == part.now:
                    continue
                self.picks.fields[part.name] = forms.ChoiceField(
                    label=field_label(entry.list, part.name),
                    choices=[(KEEP, _("Keep what my profile says")),
                             (TAKE, _("Take what the CV says"))],
                    initial=KEEP if part.now else TAKE,
                    widget=forms.RadioSelect,
                )  # fmt: skip

    @property
    def is_taken(self) -> bool:
        """As it was posted; to be asked before `is_valid`, which a row not taken need not be."""
        form = self.row
        return form is None or bool(form.data.get(form.add_prefix("pick")))

    def is_valid(self) -> bool:
        return (self.row or self.picks).is_valid()  # type: ignore[union-attr]

    def chosen(self) -> Mapping[str, Any]:
        if self.row is not None:
            return {k: v for k, v in self.row.cleaned_data.items() if k != "pick"}
        assert self.picks is not None
        taken = {name for name, pick in self.picks.cleaned_data.items() if pick == TAKE}
        field = {p.name: p.value for p in self.entry.parts if p.name in taken}
        return {
            name: MODELS[self.entry.list]._meta.get_field(name).to_python(value)
            for name, value in field.items()
        }


def field_label(list_name: str, name: str) -> str:
    return capfirst(str(MODELS[list_name]._meta.get_field(name).verbose_name))


class ReviewForms:
    """All that one review asks."""

    def __init__(self, data: Any, review: Review) -> None:
        self.facts = [FactForm(data, fact) for fact in review.facts]
        self.entries = [EntryForm(data, entry) for entry in review.entries]

    def only(self, name: str) -> ReviewForms:
        """The one fact or entry of that name, to be decided alone."""
        self.facts = [form for form in self.facts if form.fact.name == name]
        self.entries = [form for form in self.entries if form.entry.key == name]
        return self
