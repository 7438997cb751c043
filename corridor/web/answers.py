"""Questions of the rules as form fields: an empty answer is unknown, never no."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext

from corridor import rules
from corridor.rules import asking, consistency
from corridor.web.templatetags.corridor_text import cited_plain

_YES_NO = {"true": True, "false": False}
KOREA = "KR"
# Passports that a route tells apart, and all others.
PASSPORTS = (
    ("KR", _("Korea")), ("US", _("United States")), ("AU", _("Australia")), ("CA", _("Canada")),
    ("CL", _("Chile")), ("MX", _("Mexico")), ("SG", _("Singapore")), ("OT", _("Another country")),
)  # fmt: skip


class AnswersForm(forms.Form):
    """One field for each fact of the rules' registry, named after it.

    `known` holds earlier answers as they are stored (dates as ISO text); `answers` gives typed
    ones back in the same form, with None for what is not known. `beside`: facts that the answers
    must not contradict.
    """

    use_required_attribute = False

    def __init__(
        self,
        *args: Any,
        facts: Iterable[str],
        known: Mapping[str, Any],
        lang: str,
        beside: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.lang, self.beside = lang, beside or {}
        registry = rules.facts()
        for fact in facts:
            spec = registry[fact]
            field = field_for(spec, lang)
            field.initial = _initial(known.get(fact))
            if spec.type == "country" and fact not in known:
                field.initial = KOREA  # most people's here; it counts once it is sent
            self.fields[fact] = field

    def clean(self) -> dict[str, Any] | None:
        """Answers that cannot all be true are refused at the field to look at first."""
        told = {fact: self.cleaned_data.get(fact) for fact in self.fields}
        registry = rules.facts()
        facts = {
            fact: registry[fact].accept(_stored(registry[fact], raw))
            for fact, raw in told.items()
            if raw not in (None, "") and fact not in self.errors
        }
        clash = consistency.contradiction({**self.beside, **facts})
        if clash is not None:
            here = next((fact for fact in (clash.fact, *clash.others) if fact in facts), None)
            if here is not None:
                self.add_error(here, clash.text(self.lang))
        return super().clean()

    def answers(self) -> dict[str, Any]:
        registry = rules.facts()
        return {fact: _stored(registry[fact], self.cleaned_data.get(fact)) for fact in self.fields}

    def explained(self, assessment: rules.Assessment | None) -> list[dict[str, Any]]:
        """Each field with the reason why it is asked."""
        reasons = why(assessment, self.lang) if assessment is not None else {}
        return [{"field": self[fact], "why": reasons.get(fact, "")} for fact in self.fields]


def why(assessment: rules.Assessment, lang: str) -> dict[str, str]:
    """For each open fact, which route hangs on the answer, and by which rule."""
    return {
        fact: f"{by.verdict.name(lang)}: {by.requirement.note(lang)} "
        f"({cited_plain(by.requirement.backing.citation)})"
        for fact, by in asking.askers(assessment).items()
    }


def kept_in_profile(fact: str) -> bool:
    """Whether a candidate answers it in their own name. The birth date has its own place there,
    and what only a school, a host or an office knows is not asked."""
    spec = rules.facts().get(fact)
    return (
        spec is not None
        and fact.startswith("candidate.")
        and fact != "candidate.birth_year"
        and spec.who == "candidate"
        and spec.type in asking.PLAIN_TYPES
    )


def field_for(spec: rules.FactSpec, lang: str) -> forms.Field:
    label = spec.question(lang)
    if spec.type == "country":
        return forms.ChoiceField(
            label=label, required=False, choices=[("", _("Not known yet")), *PASSPORTS]
        )
    if spec.type == "yes_no":
        return forms.ChoiceField(
            label=label, required=False, widget=forms.RadioSelect,
            choices=[("true", _("Yes")), ("false", _("No")), ("", _("Not known yet"))],
        )  # fmt: skip
    if spec.type == "choice":
        return forms.ChoiceField(
            label=label, required=False, widget=forms.RadioSelect,
            choices=[*((value, capfirst(spec.choice(value, lang))) for value in spec.choices),
                     ("", _("Not known yet"))],
        )  # fmt: skip
    if spec.never is not None:
        return _YearsAgo(spec.never, label=label)
    if spec.type == "number":
        return forms.DecimalField(
            label=label, required=False, min_value=spec.minimum, max_value=spec.maximum
        )
    if spec.type == "date":
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        return forms.DateField(label=label, required=False, widget=widget)
    return forms.CharField(label=label, required=False, max_length=300)


class _YearsAgo(forms.TypedChoiceField):
    """How many whole years ago something was, or never; `never` is the number that says so."""

    MOST = 10

    def __init__(self, never: float, *, label: str) -> None:
        self.never = never
        years = [
            (str(n), ngettext("%(n)d year ago", "%(n)d years ago", n) % {"n": n})
            for n in range(1, self.MOST)
        ]
        super().__init__(
            label=label, required=False, coerce=float, empty_value=None,
            choices=[("", _("Not known yet")), (f"{never:g}", pgettext("how long ago", "Never")),
                     ("0", _("Less than a year ago")), *years,
                     (str(self.MOST), _("%(n)d years ago or more") % {"n": self.MOST})],
        )  # fmt: skip

    def prepare_value(self, value: Any) -> Any:
        """An answer given as any number of years chooses the whole years of it."""
        try:
            told = float(value)
        except (TypeError, ValueError):
            return value
        return f"{told:g}" if told == self.never else str(min(int(told), self.MOST))


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
