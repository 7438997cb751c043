from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from corridor import rules
from corridor.accounts.models import Organization
from corridor.common.models import Switch
from corridor.programs import checking
from corridor.rules import saying
from corridor.rules.model import EVIDENCE, VOLATILITY
from corridor.rules.statements import PARTS
from corridor.web import present


class VerifyForm(forms.Form):
    decision = forms.ChoiceField(
        label=_("Decision"), widget=forms.RadioSelect,
        choices=[("verified", _("It is who it says it is")), ("rejected", _("Refuse"))],
    )  # fmt: skip
    kinds = forms.MultipleChoiceField(
        label=_("What did you look at?"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=Organization.Evidence.choices,
    )  # fmt: skip
    note = forms.CharField(
        label=_("Evidence"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Write down the evidence that you looked at.")},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kinds"].needed_when = _("(needed to verify)")

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if found.get("decision") == "verified" and not found.get("kinds"):
            self.add_error("kinds", _("Choose what the mark rests on: it is public."))
        return found


class SwitchForm(forms.Form):
    """How one switch is to stand (common.switches)."""

    state = forms.ChoiceField(
        label=pgettext_lazy("run", "State"), widget=forms.RadioSelect,
        choices=[("on", _("On")), ("off", _("Off"))],
    )  # fmt: skip
    whom = forms.ChoiceField(label=_("For whom"), choices=Switch.Whom.choices)
    share_pct = forms.IntegerField(label=_("Share (%)"), min_value=0, max_value=100)
    note = forms.CharField(label=_("Note"), required=False, max_length=300)


class VisitForm(forms.Form):
    """Whom to look as, and why: the person reads the reason."""

    email = forms.EmailField(label=_("E-mail address of the person"))
    reason = forms.CharField(
        label=_("Why do you need to look?"), max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class ApproveForm(forms.Form):
    """The points of the checklist that staff ticked (moderation.approve wants all of them)."""

    checked = forms.MultipleChoiceField(
        label=_("Checklist"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["checked"].choices = checking.choices("checklist")


class BackForm(forms.Form):
    """Why a program goes back to its host or comes down: the host reads both."""

    reasons = forms.MultipleChoiceField(
        label=_("Reasons"), required=False, widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(
        label=_("A word to the host"), required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reasons"].choices = checking.choices("reasons")


_DAY = {"widget": forms.DateInput(attrs={"type": "date"})}
_BACKED = ("status", "requirement", "step", "fee", "change", "credential", "state", "exit_rule",
           "stay", "duty", "general")  # fmt: skip


class CheckForm(forms.Form):
    """I have looked at this statement again, and it still holds."""

    day = forms.DateField(label=_("Day of the check"), **_DAY)
    note = forms.CharField(
        label=_("What I looked at"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write down what you looked at.")},
    )  # fmt: skip
    url = forms.URLField(
        label=_("Address of the text"), required=False, max_length=500, assume_scheme="https"
    )


class DueForm(forms.Form):
    """Which of the statements that are due. Everything may be left open."""

    pathway = forms.ChoiceField(label=_("Visa route"), required=False)
    part = forms.ChoiceField(label=_("Part"), required=False)
    evidence = forms.ChoiceField(label=_("How sure the statements are"), required=False)
    volatility = forms.ChoiceField(label=_("How often it changes"), required=False)
    days = forms.IntegerField(
        label=_("Checked more than … days ago"), required=False, min_value=0, max_value=3650
    )
    ahead = forms.IntegerField(
        label=_("Falls due within … days"), required=False, min_value=0, max_value=3650
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lang = present.language()
        options = {
            "pathway": [(each.id, each.name(lang)) for each in rules.pathways()],
            "part": [(part, PARTS[part](lang)) for part in _BACKED],
            "evidence": [(each, saying.word(each)(lang)) for each in EVIDENCE],
            "volatility": [(each, saying.word(each)(lang)) for each in VOLATILITY],
        }
        for name, listed in options.items():
            self.fields[name].choices = [("", _("All")), *listed]


class DiffForm(forms.Form):
    """Two data sets and a day; with a second day, the law's own steps between the two."""

    day = forms.DateField(label=_("On the day"), **_DAY)
    until = forms.DateField(label=_("The law’s own steps until"), required=False, **_DAY)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # `from` is a word of Python, so the two are made by name.
        ends = {"from": _("From the data set"), "to": _("To the data set")}
        both = {name: forms.ChoiceField(label=label, choices=choices)
                for name, label in ends.items()}  # fmt: skip
        self.fields = {**both, **self.fields}

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        day, until = found.get("day"), found.get("until")
        if day and until and until <= day:
            self.add_error("until", _("This day must be later than the first."))
        return found
