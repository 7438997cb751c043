"""Questions of the rules as form fields: an empty answer is unknown, never no."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from corridor import rules

_YES_NO = {"true": True, "false": False}


class AnswersForm(forms.Form):
    """One field for each fact of the rules' registry, named after it.

    `known` holds earlier answers as they are stored (dates as ISO text); `answers` gives typed
    ones back in the same form, with None for what is not known.
    """

    use_required_attribute = False

    def __init__(
        self, *args: Any, facts: Iterable[str], known: Mapping[str, Any], lang: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        registry = rules.facts()
        for fact in facts:
            spec = registry[fact]
            field = field_for(spec, lang)
            field.initial = _initial(known.get(fact))
            self.fields[fact] = field

    def answers(self) -> dict[str, Any]:
        registry = rules.facts()
        return {fact: _stored(registry[fact], self.cleaned_data.get(fact)) for fact in self.fields}


def field_for(spec: rules.FactSpec, lang: str) -> forms.Field:
    label = spec.question(lang)
    if spec.type == "yes_no":
        return forms.ChoiceField(
            label=label, required=False, widget=forms.RadioSelect,
            choices=[("true", _("Yes")), ("false", _("No")), ("", _("Not known yet"))],
        )  # fmt: skip
    if spec.type == "choice":
        return forms.ChoiceField(
            label=label, required=False, widget=forms.RadioSelect,
            choices=[*((value, spec.choice(value, lang)) for value in spec.choices),
                     ("", _("Not known yet"))],
        )  # fmt: skip
    if spec.type == "number":
        return forms.DecimalField(
            label=label, required=False, min_value=spec.minimum, max_value=spec.maximum
        )
    if spec.type == "date":
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        return forms.DateField(label=label, required=False, widget=widget)
    return forms.CharField(label=label, required=False, max_length=300)


def _initial(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else value


def _stored(spec: rules.FactSpec, raw: Any) -> Any:
    if raw in (None, ""):
        return None
    if spec.type == "yes_no":
        return _YES_NO.get(raw)
    if spec.type == "number":
        return int(raw) if raw == int(raw) else float(raw)
    return raw.isoformat() if isinstance(raw, date) else raw
