"""The forms of a paper, made from its shape: one a section, one a phase, and what a side signs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from corridor.accounts.models import Organization
from corridor.applications.countersigned.shapes import Content, Field
from corridor.applications.models import Application
from corridor.web.firm.forms import NOT_KNOWN, date_input, long_text

_YES_NO = (NOT_KNOWN, ("yes", _("Yes")), ("no", _("No")))


class WordsForm(forms.Form):
    """Some fields of a paper. A draft may lack what a signature needs."""

    use_required_attribute = False
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, data: Any, *, words: Iterable[Field], content: Content, revision: int
    ) -> None:
        self.words = tuple(words)
        super().__init__(data, initial={"revision": revision} | {
            field.name: _shown(field, content.get(field.name)) for field in self.words
        })  # fmt: skip
        for field in self.words:
            self.fields[field.name] = _field(field)
        self._need(True)

    def full_clean(self) -> None:
        self._need(False)
        super().full_clean()
        self._need(True)

    def _need(self, required: bool) -> None:
        for field in self.words:
            self.fields[field.name].required = required and field.needed

    def values(self) -> Content:
        """What was written, as a paper keeps it."""
        return {field.name: _kept(field, self.cleaned_data[field.name]) for field in self.words}


def _field(field: Field) -> forms.Field:
    said: dict[str, Any] = {"label": field.label, "help_text": field.help}
    match field.type:
        case "longtext":
            return forms.CharField(max_length=4000, widget=long_text(4), **said)
        case "int":
            return forms.IntegerField(min_value=0, max_value=field.most or 1_000_000, **said)
        case "decimal":
            return forms.DecimalField(
                min_value=0, max_digits=12, decimal_places=2, **said
            )
        case "date":
            return forms.DateField(widget=date_input(), **said)
        case "bool":
            return forms.ChoiceField(choices=_YES_NO, **said)
        case "choice":
            return forms.ChoiceField(choices=[NOT_KNOWN, *field.choices], **said)
        case "email":
            return forms.EmailField(**said)
    return forms.CharField(max_length=field.most or 200, **said)


def _shown(field: Field, value: Any) -> Any:
    if field.type == "bool":
        return {True: "yes", False: "no"}.get(value, "")
    if field.type == "date" and value:
        return date.fromisoformat(value)
    return value


def _kept(field: Field, value: Any) -> Any:
    if field.type == "bool":
        return {"yes": True, "no": False}.get(value)
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return value.strip().replace("\r\n", "\n")
    return value


class SponsorForm(forms.Form):
    """The sponsor of a plan: one on Corridor, or a name."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    third = forms.ModelChoiceField(
        label=_("Sponsor on Corridor"), queryset=Organization.objects.none(), required=False,
        empty_label=_("Not on Corridor"),
        help_text=_("It reads and signs the plan here, once the participant agrees."),
    )  # fmt: skip
    name = forms.CharField(
        label=_("Name of a sponsor that is not on Corridor"), required=False, max_length=160,
        help_text=_("You then record its signature with a scan of the signed paper."),
    )  # fmt: skip

    def __init__(self, *args: Any, sponsors: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["third"].queryset = sponsors
        self.fields["third"].label_from_instance = lambda each: each.name


def _ask(form: forms.Form, **asked: bool) -> None:
    """Leaves out of a signature's form what is not asked."""
    for name, is_asked in asked.items():
        if not is_asked:
            del form.fields[name]


class SignForm(forms.Form):
    """A typed name under a statement, for the words whose hash is `read`."""

    read = forms.CharField(widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("Type your full name"), max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    office = forms.CharField(label=_("Your office or title"), max_length=160)
    agrees = forms.BooleanField(required=False)
    consents = forms.BooleanField(required=False)

    def __init__(
        self, *args: Any, statement: str, consent: str, with_office: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agrees"].label = statement
        self.fields["consents"].label = consent
        _ask(self, consents=bool(consent), office=with_office)


class RecordForm(forms.Form):
    """A signature on paper, as its own side records it, or the host for the sponsor."""

    read = forms.CharField(widget=forms.HiddenInput)
    name = forms.CharField(max_length=120)
    office = forms.CharField(label=_("Office of that person"), max_length=160)
    signed_on = forms.DateField(label=_("Signed on"), widget=date_input())
    scan = forms.FileField(
        label=_("Scan of the signed paper (PDF, PNG or JPEG)"),
        help_text=_("Every side of the paper can open it."),
    )
    consents = forms.BooleanField(required=False)

    def __init__(
        self, *args: Any, label: str, consent: str, with_office: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = label
        self.fields["consents"].label = consent
        _ask(self, consents=bool(consent), office=with_office)


class ConfirmForm(forms.Form):
    """That a signature which another side recorded is one's own, on the words of `read`."""

    read = forms.CharField(widget=forms.HiddenInput)
    agrees = forms.BooleanField(
        label=_("This is our signature, and these are the words that we signed."), required=False
    )


class BackForm(forms.Form):
    note = forms.CharField(
        label=_("What should be changed?"), max_length=2000, widget=long_text(3)
    )


class HoursForm(forms.Form):
    revision = forms.IntegerField(widget=forms.HiddenInput)
    hours = forms.IntegerField(label=_("Hours really done"), min_value=0, max_value=10_000)
    note = forms.CharField(
        label=_("Remark for student and university"), max_length=2000, required=False,
        widget=long_text(3),
    )  # fmt: skip


class CreditForm(forms.Form):
    revision = forms.IntegerField(widget=forms.HiddenInput)
    credits = forms.DecimalField(
        label=_("Credits"), min_value=0, max_digits=5, decimal_places=1, required=False
    )
    grade = forms.CharField(label=_("Grade"), max_length=20, required=False)
    reason = forms.CharField(
        label=_("Reason, where credit is not given"), max_length=2000, required=False,
        widget=long_text(3),
    )  # fmt: skip


class BeginForm(forms.Form):
    """A university begins a learning agreement for one of its students' applications."""

    application = forms.ModelChoiceField(
        label=_("Student and program"), queryset=Application.objects.none()
    )

    def __init__(self, *args: Any, applications: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["application"].queryset = applications
        self.fields["application"].label_from_instance = lambda each: (
            f"{each.candidate.user.name or each.candidate.user.email} · {each.program.title}"
        )
