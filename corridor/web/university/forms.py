from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from corridor.accounts.models import Organization
from corridor.partnerships import queries as partnerships
from corridor.partnerships.models import Agreement
from corridor.places import queries as places


def date_input() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class AgreementForm(forms.ModelForm):
    """An agreement of `organization`; the partner is chosen once, when it is new."""

    partner = forms.ModelChoiceField(
        label=_("Partner institution"), queryset=Organization.objects.none()
    )
    sectors = forms.MultipleChoiceField(
        label=_("Sectors"), required=False, widget=forms.CheckboxSelectMultiple
    )
    field_order = ["partner"]

    class Meta:
        model = Agreement
        fields = ["kind", "title_ko", "title_en", "summary_ko", "summary_en", "obligations",
                  "sectors", "seats", "signed_on", "starts_on", "ends_on"]  # fmt: skip
        widgets = {
            "summary_ko": forms.Textarea(attrs={"rows": 3}),
            "summary_en": forms.Textarea(attrs={"rows": 3}),
            "obligations": forms.Textarea(attrs={"rows": 5}),
            "signed_on": date_input(),
            "starts_on": date_input(),
            "ends_on": date_input(),
        }

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sectors"].choices = [(each.slug, each.name) for each in places.sectors()]
        if self.instance.pk:
            del self.fields["partner"]
        else:
            self.fields["partner"].queryset = partnerships.possible_partners(organization)
            self.fields["partner"].label_from_instance = lambda party: party.name
