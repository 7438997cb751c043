"""The seven kinds of program and what each must say.

One table drives the posting form, its validation, the API, imports and the facts that the rules
read, so a field is added in one place. `rule_fact` names the rules' fact that a field answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    INTERNSHIP = "internship", _("Internship")
    APPRENTICESHIP = "apprenticeship", _("Apprenticeship")
    DISPATCH = "dispatch", _("Technician dispatch")
    JOINT_RESEARCH = "joint_research", _("Joint research")
    JOINT_CURRICULUM = "joint_curriculum", _("Joint curriculum")
    TRAINING = "training", _("Industry-ready training")
    STARTUP = "startup", _("Startup linkage")


@dataclass(frozen=True)
class Detail:
    """One field of a kind. `type`: text, longtext, int, decimal, bool or choice.

    A `bool` may be left unknown (None) unless required: unknown is not "no". `label` stands at
    the field to fill in and may name its unit; a page shows `shown` with the value in its `unit`.
    """

    name: str
    label: Any
    type: str = "text"
    required: bool = False
    help: Any = ""
    choices: tuple[tuple[str, Any], ...] = ()
    rule_fact: str = ""
    minimum: int | None = None
    maximum: int | None = None
    unit: Any = ""  # "%s hours", of a number
    title: Any = ""

    @property
    def shown(self) -> Any:
        return self.title or self.label


COUNTRIES = (("KR", _("Korea")), ("US", _("United States")), ("other", _("Elsewhere")))
# The values are those of the rules' fact program.equipment_seller_location.
SELLER_LOCATIONS = (
    ("outside_us", _("Outside the United States")),
    ("us", _("In the United States")),
)

DETAILS: dict[str, tuple[Detail, ...]] = {
    Kind.INTERNSHIP: (
        Detail("supervisor_title", _("Supervisor's job title"), required=True),
        Detail(
            "training_plan",
            _("What is learned, phase by phase"),
            "longtext",
            required=True,
            help=_("This becomes the draft of Form DS-7002."),
        ),
        Detail("field_of_study", _("Fields of study that fit"), required=True),
        Detail(
            "clerical_share_pct",
            _("Share of clerical work (%)"),
            "int",
            rule_fact="program.clerical_share_pct",
            minimum=0,
            maximum=100,
            unit="%s%%",
            title=_("Share of clerical work"),
        ),
        Detail(
            "uses_staffing_agency",
            _("A staffing agency is involved"),
            "bool",
            rule_fact="program.uses_staffing_agency",
        ),
        Detail("for_academic_credit", _("Counts for academic credit"), "bool"),
    ),
    Kind.APPRENTICESHIP: (
        Detail("occupation", _("Occupation"), required=True),
        Detail("occupation_code", _("O*NET-SOC code"), help="51-4121.00"),
        Detail(
            "on_the_job_hours",
            _("On-the-job learning (hours)"),
            "int",
            required=True,
            minimum=1,
            maximum=20000,
            unit=_("%s hours"),
            title=_("On-the-job learning"),
        ),
        Detail(
            "instruction_hours",
            _("Related instruction (hours a year)"),
            "int",
            required=True,
            minimum=0,
            maximum=5000,
            unit=_("%s hours a year"),
            title=_("Related instruction"),
        ),
        Detail("instruction_provider", _("Who gives the related instruction"), required=True),
        Detail("registered", _("Registered with the U.S. Department of Labor or a state"), "bool"),
        Detail("wage_steps", _("Wage steps"), "longtext"),
    ),
    Kind.DISPATCH: (
        Detail("seller", _("Seller of the equipment or contractor"), required=True),
        Detail(
            "seller_location",
            _("Where the seller is"),
            "choice",
            required=True,
            choices=SELLER_LOCATIONS,
            rule_fact="program.equipment_seller_location",
        ),
        Detail("equipment", _("Equipment or line"), required=True),
        Detail("contract", _("Contract (title and date)"), required=True),
        Detail(
            "contract_requires_service",
            _("The sales contract obliges the seller to install or service"),
            "bool",
            rule_fact="program.sales_contract_requires_seller_service",
        ),
        Detail(
            "months_since_purchase",
            _("Months since the purchase"),
            "int",
            rule_fact="program.months_since_purchase",
            minimum=0,
            maximum=240,
            unit=_("%s months"),
            title=_("Time since the purchase"),
        ),
        Detail(
            "paid_from_us_source",
            _("Pay comes from a U.S. source"),
            "bool",
            rule_fact="program.paid_from_us_source",
        ),
        Detail(
            "site_controlled_by_client",
            _("Works under the client's direction at its site"),
            "bool",
            rule_fact="program.stationed_at_third_party_site_controlled_by_client",
        ),
    ),
    Kind.JOINT_RESEARCH: (
        Detail("korean_institution", _("Korean institution"), required=True),
        Detail("us_institution", _("U.S. institution"), required=True),
        Detail("korean_pi", _("Korean principal investigator"), required=True),
        Detail("us_pi", _("U.S. principal investigator"), required=True),
        Detail("theme", _("Research theme"), "longtext", required=True),
        Detail("funding_source", _("Funding source"), required=True),
        Detail("funding_amount", _("Funding amount"), "decimal", minimum=0),
        Detail(
            "funding_currency", _("Currency"), "choice", choices=(("USD", "USD"), ("KRW", "KRW"))
        ),
        Detail(
            "export_control_review",
            _("Export-control review"),
            "choice",
            required=True,
            choices=(("not_needed", _("Not needed")), ("needed", _("Needed")), ("done", _("Done"))),
        ),
    ),
    Kind.JOINT_CURRICULUM: (
        Detail("korean_institution", _("Korean institution"), required=True),
        Detail("us_institution", _("U.S. institution"), required=True),
        Detail(
            "credits", _("Credits"), "int", required=True, minimum=0, maximum=200,
            unit=_("%s credits"),
        ),
        Detail("credential_awarded", _("What is awarded"), required=True),
        Detail("courses", _("Courses"), "longtext", required=True),
        Detail("full_course", _("A full course of study"), "bool", rule_fact="program.full_course"),
    ),
    Kind.TRAINING: (
        Detail("provider", _("Training provider"), required=True),
        Detail(
            "training_hours", _("Training hours"), "int", required=True, minimum=1, maximum=5000,
            unit=_("%s hours"),
        ),
        Detail("outcome", _("Certificate or skill gained"), required=True),
        Detail("curriculum", _("Curriculum"), "longtext", required=True),
        Detail(
            "place_of_training",
            _("Where it takes place"),
            "choice",
            required=True,
            choices=(("KR", _("Korea")), ("US", _("United States")), ("both", _("Both"))),
        ),
        Detail(
            "training_available_in_korea",
            _("The same training exists in Korea"),
            "bool",
            rule_fact="program.training_available_in_korea",
        ),
        Detail(
            "productive_employment",
            _("Includes productive work"),
            "bool",
            rule_fact="program.productive_employment",
        ),
    ),
    Kind.STARTUP: (
        Detail("partner", _("Accelerator, investor or customer"), required=True),
        Detail(
            "stage",
            _("Stage of the startup"),
            "choice",
            required=True,
            choices=(("idea", _("Idea")), ("seed", _("Seed")), ("growth", _("Growth"))),
        ),
        Detail("support", _("What the partner gives"), "longtext", required=True),
        Detail("expected_of_team", _("What is expected of the team"), "longtext", required=True),
        Detail("equity_taken", _("Equity is taken"), "bool"),
    ),
}


@dataclass
class DetailErrors:
    """Errors by field name, each a translated sentence."""

    by_field: dict[str, list[Any]] = field(default_factory=dict)

    def add(self, name: str, message: Any) -> None:
        self.by_field.setdefault(name, []).append(message)


def clean_details(kind: str, values: Mapping[str, Any], *, complete: bool) -> dict[str, Any]:
    """Typed details of a program of `kind`.

    With `complete` (a program being published) required fields must be there; a draft may lack
    them. Raises ValidationError with a message per field; unknown names are errors too.
    """
    if kind not in DETAILS:
        raise ValidationError({"kind": _("Choose one of the seven kinds of program.")})
    spec = {detail.name: detail for detail in DETAILS[kind]}
    errors = DetailErrors()
    for name in values:
        if name not in spec:
            errors.add(name, _("This kind of program has no such field."))
    cleaned: dict[str, Any] = {}
    for detail in spec.values():
        raw = values.get(detail.name)
        if raw is None or raw == "":
            if detail.required and complete:
                errors.add(detail.name, _("Please fill this in: this kind of program needs it."))
            continue
        try:
            cleaned[detail.name] = _typed(detail, raw)
        except ValidationError as error:
            errors.add(detail.name, error.messages[0])
    if errors.by_field:
        raise ValidationError(errors.by_field)
    return cleaned


def _typed(detail: Detail, raw: Any) -> Any:
    if detail.type in {"text", "longtext"}:
        text = str(raw).strip()
        if len(text) > (8000 if detail.type == "longtext" else 300):
            raise ValidationError(_("This text is too long."))
        return text
    if detail.type == "bool":
        truths = {
            True: True,
            False: False,
            "true": True,
            "false": False,
            "True": True,
            "False": False,
            "1": True,
            "0": False,
        }
        try:
            return truths[raw]
        except (KeyError, TypeError):
            raise ValidationError(_("Choose yes, no or not known yet.")) from None
    if detail.type == "choice":
        if raw not in [value for value, _label in detail.choices]:
            raise ValidationError(_("Choose one of the listed values."))
        return raw
    return _number(detail, raw)


_TOO_MUCH = Decimal(10) ** 15  # beyond any amount; an exponent may ask for pages of zeros


def _number(detail: Detail, raw: Any) -> Any:
    try:
        number = Decimal(str(raw).replace(",", ""))
    except InvalidOperation:
        raise ValidationError(_("Enter a number.")) from None
    if not number.is_finite():
        raise ValidationError(_("Enter a number."))
    if number.copy_abs() >= _TOO_MUCH:
        raise ValidationError(_("Enter a smaller number."))
    if detail.minimum is not None and number < detail.minimum:
        raise ValidationError(_("This must be at least %s.") % detail.minimum)
    if detail.maximum is not None and number > detail.maximum:
        raise ValidationError(_("This must be at most %s.") % detail.maximum)
    if detail.type == "int":
        if number != int(number):
            raise ValidationError(_("Enter a whole number."))
        return int(number)
    return str(number)
