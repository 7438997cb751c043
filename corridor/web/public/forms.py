from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from corridor.accounts.models import Organization
from corridor.programs import checking
from corridor.web.forms import one_of_two


class OrganizationForm(forms.ModelForm):
    website = forms.URLField(label=_("website"), required=False, assume_scheme="https")

    class Meta:
        model = Organization
        fields = ["kind", "country", "name_ko", "name_en", "website", "business_number", "city",
                  "about_ko", "about_en"]  # fmt: skip
        widgets = {
            "kind": forms.RadioSelect,
            "country": forms.RadioSelect,
            "about_ko": forms.Textarea(attrs={"rows": 3}),
            "about_en": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        one_of_two(self, "name_ko", "name_en")
        for name in ("kind", "country"):
            self.fields[name].choices = [
                choice for choice in self.fields[name].choices if choice[0]
            ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not (cleaned.get("name_ko") or cleaned.get("name_en")):
            self.add_error("name_ko", _("Give the name in Korean or English."))
        return cleaned


class ReportForm(forms.Form):
    """Why a program is suspicious. An address is welcome and never asked for."""

    reason = forms.ChoiceField(label=_("What is wrong?"), widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("Tell us more"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )  # fmt: skip
    contact = forms.EmailField(label=_("Your e-mail address"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = checking.choices("report")
