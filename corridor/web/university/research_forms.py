"""Forms of joint research and of the partner finder."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from corridor.accounts.models import Organization, User
from corridor.partnerships import reviewing
from corridor.partnerships.models import (
    Agreement,
    Funding,
    Introduction,
    Investigator,
    Milestone,
    Output,
    ResearchGroup,
    ResearchProject,
    Review,
)
from corridor.places import queries as places
from corridor.web.forms import one_of_two
from corridor.web.together import Together, Values, author
from corridor.web.university.forms import date_input

YES, NO, UNKNOWN = "yes", "no", ""
_ANSWERS = [(YES, _("Yes")), (NO, _("No")), (UNKNOWN, _("Not known yet"))]
_SAID = {True: YES, False: NO}


class ProjectForm(Together, forms.ModelForm):
    """A project's words and the questions that decide its reviews; the agreement is chosen once."""

    agreement = forms.ModelChoiceField(
        label=_("Agreement"), queryset=Agreement.objects.none(),
        empty_label=_("Please choose"),
    )
    watched = ("state",)
    field_order = ["agreement"]

    class Meta:
        model = ResearchProject
        fields = ["title_ko", "title_en", "theme", "starts_on", "ends_on", "program"]
        widgets = {
            "theme": forms.Textarea(attrs={"rows": 6}),
            "starts_on": date_input(),
            "ends_on": date_input(),
        }

    def __init__(self, *args: Any, agreements: Any = None, programs: Any = None,
                 **kwargs: Any) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.agreements, self.programs = agreements, programs
        for question in reviewing.QUESTIONS:
            self.fields[f"q_{question.id}"] = forms.ChoiceField(
                label=question.text, choices=_ANSWERS, required=False, widget=forms.RadioSelect,
                initial=_SAID.get(self.instance.answers.get(question.id), UNKNOWN),
            )  # fmt: skip
        if self.instance.pk:
            del self.fields["agreement"]
        else:
            self.fields["agreement"].queryset = agreements
        if programs is None:
            del self.fields["program"]
        else:
            self.fields["program"].queryset = programs
            self.fields["program"].label_from_instance = lambda each: each.title
        # The questions are fields only now: what stood in them belongs to what was opened.
        self._stands = self.values_of(self.instance)
        self.fields["opened"].initial = self._token(self.instance)

    def values_of(self, row: Any) -> Values:
        answers = {
            f"q_{question.id}": _SAID.get(row.answers.get(question.id), UNKNOWN)
            for question in reviewing.QUESTIONS
        }
        return super().values_of(row) | answers

    def _again(self, data: Any, row: Any) -> ProjectForm:
        return type(self)(data, instance=row, agreements=self.agreements, programs=self.programs)

    @property
    def questions(self) -> list[tuple[reviewing.Question, Any]]:
        return [(each, self[f"q_{each.id}"]) for each in reviewing.QUESTIONS]

    def said(self) -> dict[str, Any]:
        """For `services.research.save_project`."""
        given = dict(self.cleaned_data)
        answers = {
            each.id: {YES: True, NO: False}.get(given.pop(f"q_{each.id}", UNKNOWN))
            for each in reviewing.QUESTIONS
        }
        return {**given, "answers": answers}


class PersonForm(forms.ModelForm):
    prefix = "people"

    class Meta:
        model = Investigator
        fields = ["name", "institution", "email", "phone", "leads"]


class _ProjectRow(Together):
    """A row of a project: its writes are recorded with the project."""

    def _author(self, row: Any) -> Any:
        return author(row.project, row=row.pk)

    def _again(self, data: Any, row: Any) -> Any:
        return type(self)(data, instance=row, prefix=self.prefix)


class FundingForm(_ProjectRow, forms.ModelForm):
    prefix = "funding"

    class Meta:
        model = Funding
        fields = ["kind", "source", "amount", "currency", "starts_on", "ends_on"]
        widgets = {"starts_on": date_input(), "ends_on": date_input()}


class MilestoneForm(_ProjectRow, forms.ModelForm):
    prefix = "milestones"

    class Meta:
        model = Milestone
        fields = ["title", "side", "due_on"]
        widgets = {"due_on": date_input()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["side"].choices = [("", _("Both sides")), *Agreement.Side.choices]


class OutputForm(forms.ModelForm):
    prefix = "outputs"
    link = forms.URLField(label=_("link"), required=False, assume_scheme="https")

    class Meta:
        model = Output
        fields = ["kind", "title", "people", "on", "doi", "link"]
        widgets = {"on": date_input()}


class ReviewerForm(forms.Form):
    """A member of the side, or somebody outside by name."""

    member = forms.ModelChoiceField(
        label=_("A member of your institution"), required=False, queryset=User.objects.none(),
        empty_label=_("Somebody else, named below"),
    )  # fmt: skip
    name = forms.CharField(label=_("Name, if not a member"), max_length=120, required=False)
    office = forms.CharField(label=_("Office"), max_length=160)

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = User.objects.filter(
            memberships__organization=organization, is_active=True
        ).order_by("name", "email")
        self.fields["member"].label_from_instance = lambda each: each.name or each.email


class DecisionForm(forms.Form):
    state = forms.ChoiceField(
        label=_("Decision"), widget=forms.RadioSelect,
        choices=[(each.value, each.label) for each in (*Review.PASSED, Review.State.STOPPED)],
    )  # fmt: skip
    reasoning = forms.CharField(
        label=_("Reasons"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
    conditions = forms.CharField(
        label=_("Conditions, if there are any"), max_length=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    day = forms.DateField(label=_("Decided on"), widget=date_input())
    upload = forms.FileField(label=_("Document"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].initial = timezone.localdate


class GroupForm(Together, forms.ModelForm):
    sectors = forms.MultipleChoiceField(
        label=_("Sectors"), required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = ResearchGroup
        fields = ["name_ko", "name_en", "leader", "email", "interests", "seeks", "sectors",
                  "is_open"]  # fmt: skip
        widgets = {
            "interests": forms.Textarea(attrs={"rows": 6}),
            "seeks": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        one_of_two(self, "name_ko", "name_en")
        self.fields["sectors"].choices = [(each.slug, each.name) for each in places.sectors()]


class AskForm(forms.ModelForm):
    class Meta:
        model = Introduction
        fields = ["message"]
        widgets = {"message": forms.Textarea(attrs={"rows": 6})}


def joint_programs(visible: Any, project: ResearchProject) -> Any:
    """Joint research posted under the project's agreement, to be linked to it."""
    return visible.filter(agreement=project.agreement_id, kind="joint_research").order_by("pk")
