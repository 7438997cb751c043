"""The forms of a profile, one a section. Each says why a fact is asked where that is not plain."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from corridor import rules
from corridor.candidates.models import (
    Candidate,
    Document,
    Education,
    HeldCredential,
    LanguageScore,
    Work,
)
from corridor.common.language import language_code
from corridor.places import queries as places
from corridor.programs.kinds import Kind
from corridor.web.numbers import PlainNumber

COUNTRIES = [
    ("", "—"),
    ("KR", _("Korea")),
    ("US", _("United States")),
    ("OT", _("Another country")),
]


def date_input() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class BasicsForm(forms.ModelForm):
    class Meta:
        model = Candidate
        fields = ["walk", "headline", "city", "nationality", "us_status"]
        widgets = {
            "walk": forms.RadioSelect,
            "nationality": forms.Select(choices=COUNTRIES),
            "us_status": forms.Select,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The statuses are the rules' own, so that an answer means there what it says here.
        spec = rules.facts()["candidate.us_status"]
        lang = language_code()
        self.fields["us_status"].widget.choices = [
            ("", _("I would rather not say yet")),
            *((value, spec.choice(value, lang)) for value in spec.choices),
        ]


class SkillsForm(forms.ModelForm):
    class Meta:
        model = Candidate
        fields = ["skills_text"]
        widgets = {"skills_text": forms.Textarea(attrs={"rows": 6})}


class AboutForm(forms.ModelForm):
    class Meta:
        model = Candidate
        fields = ["about", "research_interests"]
        widgets = {
            "about": forms.Textarea(attrs={"rows": 8}),
            "research_interests": forms.Textarea(attrs={"rows": 4}),
        }


class PreferencesForm(forms.ModelForm):
    kinds = forms.MultipleChoiceField(
        label=_("Kinds of program"),
        choices=Kind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    sectors = forms.MultipleChoiceField(
        label=_("Sectors"), required=False, widget=forms.CheckboxSelectMultiple
    )
    hubs = forms.MultipleChoiceField(
        label=_("Hubs you would like"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
    )

    class Meta:
        model = Candidate
        fields = ["kinds", "sectors", "hubs", "available_from", "available_until", "min_months",
                  "max_months"]  # fmt: skip
        widgets = {"available_from": date_input(), "available_until": date_input()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sectors"].choices = [(each.slug, each.name) for each in places.sectors()]
        self.fields["hubs"].choices = [
            (hub.slug, f"{hub.name} ({hub.state.code})") for hub in places.hub_points()
        ]


class PrivateForm(forms.Form):
    """What only the visa rules read. Every field may stay empty."""

    birth_date = forms.DateField(label=_("Birth date"), required=False, widget=date_input())
    sex = forms.ChoiceField(
        label=_("Sex in the family register"),
        required=False,
        choices=[("", _("I would rather not say")), ("M", _("Male")), ("F", _("Female"))],
    )
    military_status = forms.ChoiceField(
        label=_("Military service"),
        required=False,
        choices=[("", _("I would rather not say")), *Candidate.MilitaryStatus.choices],
    )
    passport_number = forms.CharField(label=_("Passport number"), required=False, max_length=20)


class EducationForm(forms.ModelForm):
    class Meta:
        model = Education
        fields = ["institution", "country", "degree", "major", "status", "started_on", "ended_on",
                  "is_accredited_engineering"]  # fmt: skip
        widgets = {
            "country": forms.Select(choices=COUNTRIES[1:]),
            "started_on": date_input(),
            "ended_on": date_input(),
            "is_accredited_engineering": forms.NullBooleanSelect,
        }


class WorkForm(forms.ModelForm):
    class Meta:
        model = Work
        fields = [
            "employer",
            "title",
            "country",
            "started_on",
            "ended_on",
            "description",
            "related",
        ]
        widgets = {
            "country": forms.Select(choices=COUNTRIES[1:]),
            "started_on": date_input(),
            "ended_on": date_input(),
            "description": forms.Textarea(attrs={"rows": 3}),
            "related": forms.NullBooleanSelect,
        }


class CredentialForm(forms.ModelForm):
    class Meta:
        model = HeldCredential
        fields = ["name", "issued_on", "expires_on"]
        widgets = {"issued_on": date_input(), "expires_on": date_input()}


class LanguageForm(forms.ModelForm):
    class Meta:
        model = LanguageScore
        fields = ["test", "score", "level", "taken_on"]
        widgets = {"score": PlainNumber(), "taken_on": date_input()}
        help_texts = {"level": _("IH, AL, grade 6 …")}


class Rows(forms.BaseFormSet):
    def clean(self) -> None:
        """A page that was cut short on its way takes nothing away."""
        if self.total_form_count() < self.initial_form_count():
            raise forms.ValidationError(_("Please open the page again and repeat your change."))


def _many(form: type[forms.ModelForm]) -> Any:
    """Rows that replace the old ones; a box to remove each."""
    return forms.formset_factory(
        form, formset=Rows, extra=1, can_delete=True, max_num=20, validate_max=True,
        absolute_max=40,
    )  # fmt: skip


FORMS: dict[str, type[forms.BaseForm]] = {
    "basics": BasicsForm,
    "skills": SkillsForm,
    "preferences": PreferencesForm,
    "about": AboutForm,
    "private": PrivateForm,
}
LISTS: dict[str, tuple[str, Any]] = {
    "education": ("educations", _many(EducationForm)),
    "work": ("works", _many(WorkForm)),
    "credentials": ("credentials", _many(CredentialForm)),
    "languages": ("languages", _many(LanguageForm)),
}


class DocumentForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=Document.Kind.choices)
    file = forms.FileField(
        label=_("File"), help_text=_("PDF, DOCX, HWP, HWPX, PNG or JPEG, up to 10 MB")
    )


class ApplyForm(forms.Form):
    cover_note = forms.CharField(
        label=_("Why this program"),
        required=False,
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    documents = forms.ModelMultipleChoiceField(
        label=_("Documents to send"),
        queryset=Document.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    consents = forms.BooleanField(
        label=_("I agree that my file is given to this host in the country named above."),
        required=False,
    )

    def __init__(self, *args: Any, candidate: Candidate, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["documents"].queryset = candidate.documents.all()
        self.fields["documents"].label_from_instance = lambda document: (
            f"{document.get_kind_display()}: {document.name}"
        )


class ClosingForm(forms.Form):
    """Asked of the person alone: the password, or, where there is none, the address in full."""

    password = forms.CharField(
        label=_("Your password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    email = forms.EmailField(label=_("Your e-mail address"))

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        del self.fields["email" if user.has_usable_password() else "password"]

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise forms.ValidationError(_("This is not your password. Please type it again."))
        return password

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if email.casefold() != self.user.email.casefold():
            raise forms.ValidationError(_("This is not the address of this account."))
        return email
