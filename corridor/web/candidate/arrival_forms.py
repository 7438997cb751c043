"""The forms of a person after the start: the first day, a check-in, what a certificate shows, a
problem told in private."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from corridor import rules
from corridor.applications import check_ins
from corridor.applications.models import Certificate, CheckIn, Problem
from corridor.web import present
from corridor.web.firm.forms import date_input, long_text

Form = CheckIn.Form


def route_choices(kind: str, *, empty: str) -> list[tuple[str, str]]:
    """The routes that a program of this kind can use, in the reader's language."""
    lang = present.language()
    return [("", empty), *((each.id, each.name(lang)) for each in rules.pathways()
                           if kind in each.kinds)]  # fmt: skip


class StartForm(forms.Form):
    started_on = forms.DateField(label=_("Actual first day"), widget=date_input())
    ends_on = forms.DateField(label=_("Planned last day"), widget=date_input())
    pathway = forms.ChoiceField(label=_("Visa route used"), required=False)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pathway"].choices = route_choices(kind, empty=_("No visa, or I do not know"))


class LeaveForm(forms.Form):
    left_on = forms.DateField(label=_("Actual last day"), widget=date_input())


class SharingForm(forms.Form):
    university_sees = forms.ChoiceField(
        label=_("My university sees"), choices=Form.choices, initial=Form.NOTHING
    )
    host_sees = forms.ChoiceField(
        label=_("The host sees"), choices=Form.choices, initial=Form.NOTHING
    )

    def __init__(self, *args: Any, university: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if university:
            self.fields["university_sees"].label = _("%(name)s sees") % {"name": university}
        else:
            del self.fields["university_sees"]

    def readers(self) -> dict[str, str]:
        return {
            "university_sees": self.cleaned_data.get("university_sees") or Form.NOTHING,
            "host_sees": self.cleaned_data["host_sees"],
        }


class CheckInForm(SharingForm):
    words = forms.CharField(
        label=_("What else would you like to say?"), required=False, max_length=4000,
        widget=long_text(5),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = check_ins.questions()
        for each in self.asked:
            self.fields[each.id] = forms.ChoiceField(
                label=each.ask, choices=each.choices, widget=forms.RadioSelect
            )

    @property
    def questions(self) -> list[forms.BoundField]:
        return [self[each.id] for each in self.asked]

    def answers(self) -> dict[str, str]:
        return {each.id: self.cleaned_data[each.id] for each in self.asked}


class ShowForm(forms.Form):
    is_public = forms.BooleanField(
        label=_("Whoever has the code may see that it is genuine"), required=False
    )
    shows = forms.MultipleChoiceField(
        label=_("Beside my name, the program and the dates, show"), required=False,
        choices=Certificate.Part.choices, widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip


class ReachForm(forms.Form):
    """Whom staff may speak with; nobody unless it is ticked."""

    host_may_know = forms.BooleanField(
        label=_("Staff may speak with the host about it"), required=False
    )
    university_may_know = forms.BooleanField(
        label=_("Staff may speak with my university about it"), required=False
    )


class ProblemForm(ReachForm):
    kind = forms.ChoiceField(
        label=_("What is it about?"), choices=Problem.Kind.choices, widget=forms.RadioSelect
    )
    placement = forms.ChoiceField(label=_("Where does it happen?"), required=False)
    text = forms.CharField(
        label=_("What happened?"), max_length=8000, widget=long_text(8)
    )
    is_urgent = forms.BooleanField(label=_("It is urgent"), required=False)
    field_order = ["kind", "placement", "text", "is_urgent", "host_may_know",
                   "university_may_know"]  # fmt: skip

    def __init__(self, *args: Any, placements: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if placements:
            self.fields["placement"].choices = [("", _("Somewhere else, or I do not say")),
                                                *placements]  # fmt: skip
        else:
            del self.fields["placement"]
