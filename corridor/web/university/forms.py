from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from corridor.accounts.models import Organization
from corridor.matching.cohorts import groups
from corridor.matching.cohorts.models import CohortRound
from corridor.partnerships import queries as partnerships
from corridor.partnerships.models import Agreement, Contact, Obligation, Paper
from corridor.places import queries as places
from corridor.web import present
from corridor.web.together import Together


def date_input() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class AgreementForm(Together, forms.ModelForm):
    """An agreement of `organization`; the partner is chosen once, when it is new."""

    watched = ("status",)

    partner = forms.ModelChoiceField(
        label=_("Partner institution"), queryset=Organization.objects.none()
    )
    sectors = forms.MultipleChoiceField(
        label=_("Sectors"), required=False, widget=forms.CheckboxSelectMultiple
    )
    field_order = ["partner"]

    class Meta:
        model = Agreement
        fields = ["kind", "title_ko", "title_en", "summary_ko", "summary_en", "obligations",
                  "sectors", "seats", "starts_on", "ends_on"]  # fmt: skip
        widgets = {
            "summary_ko": forms.Textarea(attrs={"rows": 3}),
            "summary_en": forms.Textarea(attrs={"rows": 3}),
            "obligations": forms.Textarea(attrs={"rows": 5}),
            "starts_on": date_input(),
            "ends_on": date_input(),
        }

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organization = organization
        self.fields["sectors"].choices = [(each.slug, each.name) for each in places.sectors()]
        if self.instance.pk:
            del self.fields["partner"]
        else:
            self.fields["partner"].queryset = partnerships.possible_partners(organization)
            self.fields["partner"].label_from_instance = lambda party: party.name

    def _again(self, data: Any, row: Any) -> AgreementForm:
        return type(self)(data, instance=row, organization=self.organization)


class SignatureForm(forms.Form):
    name = forms.CharField(label=_("Who signed"), max_length=120)
    title = forms.CharField(label=_("Office"), max_length=120)
    day = forms.DateField(label=_("Day of signing"), widget=date_input())
    prefix = "sign"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].initial = timezone.localdate


class ContactForm(forms.ModelForm):
    prefix = "contact"

    class Meta:
        model = Contact
        fields = ["name", "office", "email", "phone"]


class ObligationForm(forms.ModelForm):
    prefix = "duty"

    class Meta:
        model = Obligation
        fields = ["side", "text", "due_on"]
        widgets = {"due_on": date_input(), "side": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["side"].choices = Agreement.Side.choices  # no empty choice among the buttons


class PaperForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=Paper.Kind)
    file = forms.FileField(label=_("File"))
    prefix = "paper"


class AffiliationForm(forms.Form):
    university = forms.ModelChoiceField(
        label=_("Your university"), queryset=Organization.objects.none()
    )
    department = forms.CharField(label=_("Department or major"), max_length=120)
    consents = forms.BooleanField(label=_("I agree that this university sees what is listed above"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["university"].queryset = partnerships.universities()
        self.fields["university"].label_from_instance = lambda each: each.name


# What a choice of a program tells; a university has hundreds.
_OF_A_CHOICE = ("title_ko", "title_en", "agreement__title_ko", "agreement__title_en")


class NominationForm(forms.Form):
    program = forms.ModelChoiceField(label=_("Program"), queryset=None)
    student = forms.ModelChoiceField(label=_("Student"), queryset=None)

    def __init__(self, *args: Any, programs: Any, students: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["program"].queryset = programs.only(*_OF_A_CHOICE)
        self.fields["program"].label_from_instance = lambda each: (
            f"{each.title} · {each.agreement.title}"
        )
        self.fields["student"].queryset = students
        self.fields["student"].label_from_instance = lambda each: (
            f"{each.student.name or each.student.email} · {each.department}"
        )


def limits_of(made: CohortRound) -> list[tuple[Any, str, int]]:
    """The limits of a round as the form's rows say them: (program or "" for each, group, most)."""
    held = {row.program_id: row.at_most for row in made.programs.all()}
    rows: list[tuple[Any, str, int]] = []
    for group in sorted({group for at_most in held.values() for group in at_most}):
        said = {pk: at_most[group] for pk, at_most in held.items() if group in at_most}
        if len(said) == len(held) and len(set(said.values())) == 1:
            rows.append(("", f"{made.limit_by}:{group}", next(iter(said.values()))))
        else:
            rows += [(pk, f"{made.limit_by}:{group}", most) for pk, most in said.items()]
    return rows


class RoundForm(forms.ModelForm):
    """A round and, for each program that may take part, its seats (0: not in this round); rows of
    limits by group: of one program, or of each."""

    limit_rows = 4

    class Meta:
        model = CohortRound
        fields = ["title_ko", "title_en", "choose_until", "rank_until", "most_choices",
                  "seed_source"]  # fmt: skip
        widgets = {"choose_until": date_input(), "rank_until": date_input()}

    def __init__(self, *args: Any, programs: Any, **kwargs: Any) -> None:
        held = kwargs.get("instance")
        rows = limits_of(held) if held is not None else []
        self.limit_rows = max(self.limit_rows, len(rows) + 1)
        if held is not None:
            kwargs["initial"] = {
                **{f"seats-{row.program_id}": row.seats for row in held.programs.all()},
                **{f"limit-{n}-{part}": value for n, row in enumerate(rows)
                   for part, value in zip(("program", "group", "most"), row, strict=True)},
                **kwargs.get("initial", {}),
            }  # fmt: skip
        super().__init__(*args, **kwargs)
        self.possible = list(programs)
        for each in self.possible:
            self.fields[f"seats-{each.pk}"] = forms.IntegerField(
                label=" · ".join(filter(None, (
                    each.title, each.organization.name, present.place(each), present.when(each),
                ))), min_value=0, max_value=5000,
                initial=0, required=False,
            )  # fmt: skip
        programs = [("", _("Each program")), *((each.pk, each.title) for each in self.possible)]
        counted = [
            (label, [(f"{by}:{group}", said) for group, said in groups.names(by).items()])
            for by, label in groups.CHOICES
        ]
        for n in range(self.limit_rows):
            self.fields[f"limit-{n}-program"] = forms.ChoiceField(
                label=_("Program"), choices=programs, required=False
            )
            self.fields[f"limit-{n}-group"] = forms.ChoiceField(
                label=_("Group"), choices=[("", "–"), *counted], required=False
            )
            self.fields[f"limit-{n}-most"] = forms.IntegerField(
                label=_("At most"), min_value=0, max_value=5000, required=False
            )

    @property
    def seats(self) -> list[Any]:
        return [self[f"seats-{each.pk}"] for each in self.possible]

    def chosen(self) -> list[tuple[Any, int]]:
        counted = [(each, self.cleaned_data.get(f"seats-{each.pk}") or 0) for each in self.possible]
        return [(each, seats) for each, seats in counted if seats]

    @property
    def limit_fields(self) -> list[list[Any]]:
        return [
            [self[f"limit-{n}-{part}"] for part in ("program", "group", "most")]
            for n in range(self.limit_rows)
        ]

    @property
    def has_limits(self) -> bool:
        return any(field.value() for row in self.limit_fields for field in row)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        seen: dict[tuple[str, str], int] = {}
        by = ""
        for n in range(self.limit_rows):
            group, most = cleaned.get(f"limit-{n}-group"), cleaned.get(f"limit-{n}-most")
            if not group or most is None:
                if group and f"limit-{n}-most" not in self.errors:
                    self.add_error(f"limit-{n}-most", _("Say how many at most."))
                elif most is not None:
                    self.add_error(f"limit-{n}-group", _("Say which group this limits."))
                continue
            kind, group = group.split(":")
            if by and kind != by:
                self.add_error(f"limit-{n}-group", _(
                    "A round limits by kind of student or by home region, not by both: where "
                    "groups overlap, a stable outcome cannot be promised."
                ))  # fmt: skip
            by = by or kind
            seen[cleaned.get(f"limit-{n}-program", ""), group] = most
        self.limit_by, self._limits = by, seen
        chosen = {str(each.pk) for each, _seats in self.chosen()}
        for n in range(self.limit_rows):
            program = cleaned.get(f"limit-{n}-program")
            if program and cleaned.get(f"limit-{n}-group") and program not in chosen:
                self.add_error(f"limit-{n}-program", _("This program has no seats in the round."))
        return cleaned

    def limits(self) -> dict[int, dict[str, int]]:
        """For `create_round`: what is said of one program goes before what is said of each."""
        each = {group: most for (program, group), most in self._limits.items() if not program}
        made = {program.pk: dict(each) for program, _seats in self.chosen()}
        for (program, group), most in self._limits.items():
            if program:
                made[int(program)][group] = most
        return {pk: at_most for pk, at_most in made.items() if at_most}

    def said(self) -> dict[str, Any]:
        said = {name: self.cleaned_data[name] for name in self._meta.fields}
        return {**said, "limit_by": self.limit_by, "limits": self.limits()}
