"""The forms of an organization: its settings, a program's sections, an application's next step."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from corridor.accounts.models import Organization
from corridor.candidates.models import Candidate
from corridor.partnerships.models import Agreement
from corridor.places import queries as places
from corridor.programs.kinds import DETAILS, Detail
from corridor.programs.models import Duty, Program, Requirement
from corridor.web.forms import one_of_two

NOT_KNOWN = ("", _("Not known yet"))


def date_input() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def long_text(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class SettingsForm(forms.ModelForm):
    website = forms.URLField(label=_("website"), required=False, assume_scheme="https")

    class Meta:
        model = Organization
        fields = ["name_ko", "name_en", "about_ko", "about_en", "website", "business_number",
                  "city", "state"]  # fmt: skip
        widgets = {"about_ko": long_text(4), "about_en": long_text(4)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        one_of_two(self, "name_ko", "name_en")
        if self.instance.country == Organization.Country.US:
            self.fields["state"] = forms.ChoiceField(
                label=self.fields["state"].label, required=False,
                choices=[("", "—"), *((each.code, each.name) for each in places.states())],
            )  # fmt: skip
        else:
            del self.fields["state"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not (cleaned.get("name_ko") or cleaned.get("name_en")):
            self.add_error("name_ko", _("Give the name in Korean or English."))
        return cleaned


class _Draft:
    """A form whose `needed` fields a published program must have, while a draft may lack them."""

    use_required_attribute = False
    needed: Iterable[str] = ()

    def full_clean(self) -> None:
        self._need(False)
        super().full_clean()  # type: ignore[misc]
        self._need(True)

    def _need(self, required: bool) -> None:
        for name in self.needed:
            self.fields[name].required = required  # type: ignore[attr-defined]


class BasicsForm(_Draft, forms.ModelForm):
    needed = ("sector", "hub")

    class Meta:
        model = Program
        fields = ["title_ko", "title_en", "summary_ko", "summary_en", "sector", "hub",
                  "description_ko", "description_en", "agreement"]  # fmt: skip
        widgets = {
            "summary_ko": long_text(2),
            "summary_en": long_text(2),
            "description_ko": long_text(8),
            "description_en": long_text(8),
        }

    def __init__(self, *args: Any, agreements: Iterable[Agreement], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        one_of_two(self, "title_ko", "title_en")
        one_of_two(self, "summary_ko", "summary_en")
        self.fields["sector"].queryset = places.sectors()
        self.fields["sector"].label_from_instance = lambda sector: sector.name
        self.fields["hub"].queryset = places.hub_points()
        self.fields["hub"].label_from_instance = lambda hub: f"{hub.name} ({hub.state.code})"
        self.fields["agreement"].queryset = agreements
        self.fields["agreement"].label_from_instance = lambda agreement: agreement.title
        if not self.fields["agreement"].queryset:
            del self.fields["agreement"]
        self._need(True)


class TermsForm(_Draft, forms.ModelForm):
    needed = ("starts_on", "ends_on", "pay_period")

    class Meta:
        model = Program
        fields = ["starts_on", "ends_on", "apply_by", "seats", "hours_per_week", "language",
                  "pay_period", "pay_amount", "pay_currency", "candidate_cost_note", "sponsor",
                  "sponsor_name"]  # fmt: skip
        widgets = {
            "starts_on": date_input(),
            "ends_on": date_input(),
            "apply_by": date_input(),
            "candidate_cost_note": long_text(3),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._need(True)


class AskedForm(forms.ModelForm):
    walks = forms.MultipleChoiceField(
        label=_("Who may apply"), choices=Candidate.Walk.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    class Meta:
        model = Program
        fields = ["walks", "min_degree", "degree_is_required", "min_experience_months",
                  "experience_is_required", "min_toeic"]  # fmt: skip


class DetailsForm(_Draft, forms.Form):
    """The fields of one kind of program, untyped: `kinds.clean_details` types them."""

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update({detail.name: _detail_field(detail) for detail in DETAILS[kind]})
        self.needed = tuple(detail.name for detail in DETAILS[kind] if detail.required)
        self._need(True)


def _detail_field(detail: Detail) -> forms.Field:
    common: dict[str, Any] = {"label": detail.label, "help_text": detail.help, "required": False}
    if detail.type == "bool":
        return forms.ChoiceField(
            **common, widget=forms.RadioSelect,
            choices=[("true", _("Yes")), ("false", _("No")), NOT_KNOWN],
        )  # fmt: skip
    if detail.type == "choice":
        return forms.ChoiceField(**common, choices=[NOT_KNOWN, *detail.choices])
    if detail.type == "longtext":
        return forms.CharField(**common, widget=long_text(5))
    widget = forms.TextInput()
    if detail.type in {"int", "decimal"}:
        widget.attrs["inputmode"] = "numeric" if detail.type == "int" else "decimal"
    return forms.CharField(**common, widget=widget)


class DutyForm(forms.ModelForm):
    use_required_attribute = False

    class Meta:
        model = Duty
        fields = ["text", "activity", "share_pct", "place", "payer"]
        labels = {"place": _("place"), "payer": _("who pays for it")}


class DispatchDutyForm(forms.ModelForm):
    """A dispatch also says where each duty is done and who pays: both decide on visa routes."""

    use_required_attribute = False

    class Meta:
        model = Duty
        fields = ["text", "activity", "share_pct", "where", "place", "paid_by", "payer"]


class RequirementForm(forms.ModelForm):
    use_required_attribute = False

    class Meta:
        model = Requirement
        fields = ["kind", "text", "is_required"]


def rows(form: type[forms.ModelForm], *, extra: int) -> Any:
    """A set of rows that replace the old ones: `extra` empty ones, a box to remove each."""
    return forms.formset_factory(
        form, extra=extra, can_delete=True, max_num=40, validate_max=True, absolute_max=60
    )
