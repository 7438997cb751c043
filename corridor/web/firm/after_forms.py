"""The forms of a firm after the start: certificates, travelers and their stays, pairs."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from corridor import rules, taxonomy
from corridor.accounts.models import Organization
from corridor.applications.models import Pair, Placement, Traveler, TravelStay
from corridor.programs.kinds import Kind
from corridor.programs.models import Program
from corridor.web import present
from corridor.web.firm.forms import date_input, long_text

MOST_SKILLS = 12


class CertificateForm(forms.Form):
    """Skills are written in the firm's words and found in the taxonomy; what it does not know is
    told, so that a paper lists only known skills."""

    first_day = forms.DateField(label=_("First day"), widget=date_input())
    last_day = forms.DateField(label=_("Last day"), widget=date_input())
    hours = forms.IntegerField(label=_("Hours in all"), required=False, min_value=1,
                               max_value=20000)  # fmt: skip
    skills = forms.CharField(
        label=_("Skills learned, one a line"), required=False, max_length=1500,
        widget=long_text(5),
    )  # fmt: skip
    signed_name = forms.CharField(label=_("Name of who confirms"), max_length=120)
    signed_title = forms.CharField(label=_("Title of who confirms"), max_length=120)

    def clean_skills(self) -> list[str]:
        found: list[str] = []
        for line in self.cleaned_data["skills"].splitlines():
            if not line.strip():
                continue
            named = [each.id for each in taxonomy.find_skills(line)]
            if not named:
                raise ValidationError(
                    _("“%(line)s” is not in the list of skills. Use another word for it."),
                    params={"line": line.strip()[:60]},
                )
            found += named
        found = list(dict.fromkeys(found))
        if len(found) > MOST_SKILLS:
            raise ValidationError(_("Twelve skills at most, please."))
        return found

    @staticmethod
    def suggested(placement: Placement) -> dict[str, Any]:
        program = placement.application.program
        lang = present.language()
        asked = [taxonomy.skill(each.ref) for each in program.requirements.all()
                 if each.kind == "skill" and each.ref in taxonomy.load().skills]  # fmt: skip
        return {
            "first_day": placement.started_on,
            "last_day": placement.left_on or placement.ends_on,
            "skills": "\n".join(each.ko if lang == "ko" else each.en for each in asked[:6]),
        }


def _dispatch_routes() -> list[tuple[str, str]]:
    """Routes that a dispatch can use first, then all others."""
    lang = present.language()
    routes = sorted(rules.pathways(), key=lambda each: Kind.DISPATCH not in each.kinds)
    return [("", _("Choose a route")), *((each.id, each.name(lang)) for each in routes
                                         if each.role == "route")]  # fmt: skip


class TravelerForm(forms.ModelForm):
    class Meta:
        model = Traveler
        fields = ["label", "program"]

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["program"].queryset = Program.objects.filter(
            organization=organization, kind=Kind.DISPATCH
        )
        self.fields["program"].empty_label = _("The firm as a whole")

    def _get_validation_exclusions(self) -> set[str]:
        return {*super()._get_validation_exclusions(), "organization"}


class StayForm(forms.ModelForm):
    pathway = forms.ChoiceField(label=_("Visa route"))

    class Meta:
        model = TravelStay
        fields = ["pathway", "entered_on", "leaves_on", "left_on", "admit_until"]
        widgets = {name: date_input() for name in
                   ("entered_on", "leaves_on", "left_on", "admit_until")}  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pathway"].choices = _dispatch_routes()

    def _post_clean(self) -> None:
        """The service checks the row, with its neighbours; the form only reads what was typed."""


class PairForm(forms.ModelForm):
    """The plan; goals are written one a line, each with its day: 2027-03-01 What is done alone."""

    goals = forms.CharField(
        label=_("Goals, one a line: day, then what the apprentice does alone by then"),
        max_length=4000, widget=long_text(5),
    )  # fmt: skip

    class Meta:
        model = Pair
        fields = ["program", "apprentice", "technician", "teaches", "starts_on", "ends_on"]
        widgets = {"teaches": long_text(4), "starts_on": date_input(), "ends_on": date_input()}

    def __init__(self, *args: Any, organization: Organization, names: dict[int, str],
                 **kwargs: Any) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.fields["program"].queryset = Program.objects.filter(
            organization=organization, kind=Kind.APPRENTICESHIP
        )
        self.fields["program"].empty_label = _("No program on Corridor")
        self.fields["technician"].queryset = Traveler.objects.filter(organization=organization)
        self.fields["technician"].empty_label = _("Nobody yet")
        self.fields["technician"].label = _("Technician")
        self.fields["technician"].label_from_instance = lambda each: names.get(each.pk, each.label)

    def clean_goals(self) -> list[tuple[str, date]]:
        made = []
        for line in self.cleaned_data["goals"].splitlines():
            if not line.strip():
                continue
            day, _space, text = line.strip().partition(" ")
            try:
                by = date.fromisoformat(day)
            except ValueError:
                by = None
            if by is None or not text.strip() or len(text.strip()) > 240:
                raise ValidationError(
                    _("Begin each line with a day, then the goal: 2027-03-01 Change the filter.")
                )
            made.append((text.strip(), by))
        return made

    def _post_clean(self) -> None:
        """The service checks the row."""

    @staticmethod
    def lines(pair: Pair) -> str:
        return "\n".join(f"{each.by:%Y-%m-%d} {each.text}" for each in pair.goals.all())


class RevokeForm(forms.Form):
    why = forms.CharField(label=_("Why? The holder reads it."), max_length=300)
