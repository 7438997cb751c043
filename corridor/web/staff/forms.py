from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class VerifyForm(forms.Form):
    decision = forms.ChoiceField(
        label=_("Decision"), widget=forms.RadioSelect,
        choices=[("verified", _("It is who it says it is")), ("rejected", _("Refuse"))],
    )  # fmt: skip
    note = forms.CharField(
        label=_("Evidence"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Write down the evidence that you looked at.")},
    )  # fmt: skip
