"""The forms with which a host answers: decisions, interviews, offers, scores, its team."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from corridor.accounts.models import Membership
from corridor.applications import interviews, reasons, reviewing, zones
from corridor.applications.models import Application, Criterion, Interview, Offer, Scorecard, State
from corridor.programs.models import Program
from corridor.web.firm.forms import date_input, long_text
from corridor.web.numbers import PlainNumber

_WORDS = {
    State.UNDER_REVIEW: _("Start the review"),
    State.INTERVIEW: _("Invite to an interview"),
    State.OFFERED: _("Make an offer"),
    State.CLOSED: _("Do not select"),
}


def _reason_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Reason the candidate reads"), required=False,
        choices=lambda: [("", _("Choose a reason")), *reasons.choices()],
    )  # fmt: skip


def _has_reason(cleaned: dict[str, Any]) -> bool:
    return bool((cleaned.get("note") or "").strip()) or (
        cleaned.get("reason") not in (None, "", reasons.OWN_WORDS)
    )


class DecideForm(forms.Form):
    """The next step that needs no page of its own (an offer has one)."""

    to = forms.ChoiceField(label=_("Next step"), widget=forms.RadioSelect)
    reason = _reason_field()
    note = forms.CharField(
        label=_("Message to the candidate"), required=False, max_length=4000, widget=long_text(4)
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, states: Iterable[State], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [
            (str(state), _WORDS[state]) for state in states if state != State.OFFERED
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("to") == State.CLOSED and not _has_reason(cleaned):
            self.add_error("note", _("Please tell the candidate why, in a sentence or two."))
        return cleaned


class BulkForm(forms.Form):
    """One action for many applicants; each was read at its own version."""

    class Action:
        MESSAGE = "message"

    action = forms.ChoiceField(
        label=_("With those chosen"),
        choices=[
            (State.UNDER_REVIEW.value, _("Start the review")),
            (State.CLOSED.value, _("Do not select")),
            (Action.MESSAGE, _("Write a message")),
        ],
    )
    reason = _reason_field()
    note = forms.CharField(
        label=_("Message to each of them"), required=False, max_length=4000, widget=long_text(3)
    )
    chosen = forms.MultipleChoiceField(required=False)

    def __init__(self, *args: Any, applications: Iterable[Application], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chosen"].choices = [(str(each.pk), "") for each in applications]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("chosen"):
            raise ValidationError(_("Choose at least one applicant."))
        if cleaned.get("action") == State.CLOSED and not _has_reason(cleaned):
            self.add_error("note", _("Please tell the candidate why, in a sentence or two."))
        if cleaned.get("action") == self.Action.MESSAGE and not cleaned.get("note", "").strip():
            self.add_error("note", _("Please write the message."))
        return cleaned


class InterviewForm(forms.Form):
    """Up to five times, written in one of the two clocks."""

    zone = forms.ChoiceField(label=_("The times are in"), widget=forms.RadioSelect)
    form = forms.ChoiceField(label=_("How you will talk"), choices=Interview.Form.choices)
    minutes = forms.IntegerField(
        label=_("Length in minutes"), min_value=10, max_value=480, initial=30
    )
    where = forms.CharField(
        label=_("Link, number or address"), required=False, max_length=300
    )
    note = forms.CharField(
        label=_("Message to the candidate"), required=False, max_length=4000, widget=long_text(3)
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, program: Program, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zones = {"seoul": zones.SEOUL}
        choices: list[tuple[str, Any]] = [("seoul", _("Seoul time"))]
        hub = zones.of(program)
        if hub is not None and program.hub is not None:
            self.zones["hub"] = hub
            choices.insert(0, ("hub", _("%s time") % program.hub.name))
        self.fields["zone"].choices = choices
        self.fields["zone"].initial = choices[0][0]
        for number in range(1, interviews.MOST_SLOTS + 1):
            self.fields[f"time_{number}"] = forms.CharField(
                label=_("Time %d") % number, required=number == 1,
                widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
            )  # fmt: skip

    @property
    def times(self) -> list[forms.BoundField]:
        return [self[f"time_{number}"] for number in range(1, interviews.MOST_SLOTS + 1)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        zone = self.zones.get(cleaned.get("zone", ""))
        moments = []
        reader = forms.DateTimeField(input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"])
        for number in range(1, interviews.MOST_SLOTS + 1):
            written = cleaned.get(f"time_{number}")
            if not written or zone is None:
                continue
            try:
                # Read without a zone: whose clock it is, the form says.
                naive = reader.to_python(written).replace(tzinfo=None)
                moments.append(zones.at(naive, zone))
            except ValidationError as error:
                self.add_error(f"time_{number}", error)
        cleaned["times"] = moments
        return cleaned


class OfferForm(forms.ModelForm):
    note = forms.CharField(
        label=_("Message to the candidate"), required=False, max_length=4000, widget=long_text(3)
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Offer
        fields = ["starts_on", "ends_on", "pay_period", "pay_amount", "pay_currency", "place",
                  "pathway", "conditions", "answer_by"]  # fmt: skip
        widgets = {
            "starts_on": date_input(),
            "ends_on": date_input(),
            "answer_by": date_input(),
            "pay_amount": PlainNumber(),
            "conditions": long_text(4),
        }

    def __init__(self, *args: Any, routes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pathway"] = forms.ChoiceField(
            label=_("Visa route intended"), required=False,
            choices=[("", _("Not settled yet")), *routes],
        )  # fmt: skip
        self.fields["pay_currency"] = forms.ChoiceField(
            label=_("Currency"),
            choices=[("USD", _("U.S. dollar (USD)")), ("KRW", _("Korean won (KRW)"))],
        )  # fmt: skip
        for item, label in Offer.Item.choices:
            self.fields[f"pays_{item}"] = forms.ChoiceField(
                label=label, choices=[("", _("Please choose")), *Offer.Payer.choices],
                initial=(self.instance.payers or {}).get(item, ""),
            )  # fmt: skip

    @property
    def payers(self) -> list[forms.BoundField]:
        return [self[f"pays_{item}"] for item in Offer.Item.values]

    def terms(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {
            **{name: cleaned[name] for name in self.Meta.fields},
            "payers": {item: cleaned[f"pays_{item}"] for item in Offer.Item.values},
        }

    def _post_clean(self) -> None:
        """The service checks the terms; here only what was typed is read."""


class ProlongForm(forms.Form):
    answer_by = forms.DateField(label=_("New day to answer by"), widget=date_input())
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class ScoreForm(forms.Form):
    """A score from 1 to 4 and its evidence for each criterion; a draft may lack any."""

    def __init__(
        self, *args: Any, criteria: list[Criterion], card: Scorecard | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = criteria
        kept = {each.criterion_id: each for each in card.scores.all()} if card else {}
        words = {1: _("1 not shown"), 2: _("2 partly"), 3: _("3 shown"), 4: _("4 strongly shown")}
        for each in criteria:
            score = kept.get(each.pk)
            self.fields[f"value_{each.pk}"] = forms.TypedChoiceField(
                label=each.text, required=False, coerce=int, empty_value=None,
                choices=[(n, words[n]) for n in range(reviewing.LEAST, reviewing.MOST + 1)],
                widget=forms.RadioSelect, initial=score.value if score else None,
            )  # fmt: skip
            self.fields[f"evidence_{each.pk}"] = forms.CharField(
                label=_("What in the file shows it"), required=False, max_length=2000,
                widget=long_text(2), initial=score.evidence if score else "",
            )  # fmt: skip

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [
            {"criterion": each, "value": self[f"value_{each.pk}"],
             "evidence": self[f"evidence_{each.pk}"]}
            for each in self.criteria
        ]  # fmt: skip

    def scores(self) -> dict[int, tuple[int | None, str]]:
        return {
            each.pk: (
                self.cleaned_data[f"value_{each.pk}"], self.cleaned_data[f"evidence_{each.pk}"]
            )
            for each in self.criteria
        }  # fmt: skip


class CriteriaForm(forms.Form):
    criteria = forms.CharField(
        label=_("Criteria, one a line"), required=False, max_length=2000, widget=long_text(8)
    )


class MemberForm(forms.Form):
    email = forms.EmailField(label=_("E-mail"))
    role = forms.ChoiceField(
        label=_("Role"), choices=Membership.Role.choices, initial=Membership.Role.REVIEWER
    )
