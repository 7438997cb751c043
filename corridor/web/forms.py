"""Signing up: an e-mail, a password, a name, and what one comes for."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import AddEmailForm, LoginForm, ResetPasswordForm, SignupForm
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from corridor.accounts.models import User
from corridor.candidates import services as candidates
from corridor.candidates.models import Candidate
from corridor.common.language import language_code

ORGANIZATION = "organization"


def one_of_two(form: forms.Form | forms.ModelForm, *names: str) -> None:
    """These fields say that one of them must be filled in; the form's `clean` sees to it."""
    for name in names:
        form.fields[name].either = True


def _as_other_pages(form: forms.Form, address: str) -> None:
    """An address is called what every other page calls it, and no field says its label twice."""
    form.fields[address].label = _("E-mail")
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)


class SignInForm(LoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _as_other_pages(self, "login")


class NewPasswordForm(ResetPasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _as_other_pages(self, "email")


class NewAddressForm(AddEmailForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _as_other_pages(self, "email")


class SignUpForm(SignupForm):  # type: ignore[misc]
    name = forms.CharField(
        label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    purpose = forms.ChoiceField(
        label=_("I come as"),
        choices=[*Candidate.Walk.choices, (ORGANIZATION, _("A firm, university or agency"))],
        widget=forms.RadioSelect,
    )
    field_order = ["purpose", "name", "email", "password1"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _as_other_pages(self, "email")
        # In one line what the validators ask (settings.AUTH_PASSWORD_VALIDATORS).
        self.fields["password1"].help_text = _(
            "At least 10 characters, not digits alone, nothing common and not your name."
        )

    def save(self, request: HttpRequest) -> Any:
        user: User = super().save(request)
        user.name = self.cleaned_data["name"]
        user.language = language_code()
        user.save(update_fields=["name", "language"])
        if self.cleaned_data["purpose"] != ORGANIZATION:
            candidates.create_profile(user=user, walk=self.cleaned_data["purpose"])
        return user
