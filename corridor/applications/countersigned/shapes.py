"""What each kind of countersigned paper contains. One table drives form, page, PDF and diff.

The training plan follows the order of Form DS-7002 and says what 22 CFR 62.22(i)(2)-(4) asks of a
training/internship placement plan. That of a J-1 student intern (22 CFR 62.23(i)) also says what
the home university counts it for. Values in a paper's `content` are what JSON knows: text,
numbers, true/false, dates as ISO text; an absent or empty one is unknown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from corridor.applications.models import Paper

Content = dict[str, Any]
MOST_PARTS = 12

# Occupational categories that a sponsor can be designated for: 22 CFR 62.22(c)(2)(i)-(x).
OCCUPATIONS = (
    ("agriculture", _("Agriculture, forestry and fishing")),
    ("arts", _("Arts and culture")),
    ("construction", _("Construction and building trades")),
    ("education", _("Education, social sciences, library science, counseling and social services")),
    ("health", _("Health-related occupations")),
    ("hospitality", _("Hospitality and tourism")),
    ("media", _("Information media and communications")),
    ("management", _("Management, business, commerce and finance")),
    ("law", _("Public administration and law")),
    ("science", _("Sciences, engineering, architecture, mathematics and industrial occupations")),
)
STUDENT_INTERN = "j1_student_intern"
CATEGORIES = (
    ("j1_intern", _("Intern")), ("j1_trainee", _("Trainee")),
    (STUDENT_INTERN, _("Student intern (sponsored by a U.S. university)")),
)  # fmt: skip
PERIODS = (
    ("hour", _("an hour")), ("month", _("a month")), ("year", _("a year")),
    ("total", _("in total")), ("unpaid", _("unpaid")),
)  # fmt: skip
SKILLS = (
    ("skilled", _("Skilled")), ("professional", _("Professional")),
    ("unskilled", _("Unskilled")), ("casual", _("Casual labor")),
)  # fmt: skip
MODES = (
    ("grade", _("A letter grade")), ("pass", _("Pass or fail")), ("other", _("Otherwise")),
)  # fmt: skip


@dataclass(frozen=True)
class Field:
    """One thing a paper says. `type`: text, longtext, int, decimal, date, bool, choice or email.

    `needed`: without it nobody signs.
    """

    name: str
    label: Any
    type: str = "text"
    needed: bool = True
    help: Any = ""
    choices: tuple[tuple[str, Any], ...] = ()
    most: int | None = None


@dataclass(frozen=True)
class Section:
    id: str
    title: Any
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Shape:
    """`parts`: the fields of each phase, where the kind has phases (in `content["phases"]`)."""

    sections: tuple[Section, ...]
    parts_title: Any = ""
    parts: tuple[Field, ...] = ()

    @property
    def fields(self) -> Iterator[Field]:
        for section in self.sections:
            yield from section.fields


PLAN = Shape(
    sections=(
        Section("participant", _("Participant"), (
            Field("name", _("Name"), most=120),
            Field("name_roman", _("Name as in the passport"), most=120),
            Field("email", _("E-mail"), "email"),
            Field("category", _("Program category"), "choice", choices=CATEGORIES),
            Field("occupation", _("Occupational category"), "choice", choices=OCCUPATIONS,
                  help=_("The sponsor must be designated for it.")),
            Field("field_of_study", _("Field of study or profession"), most=160),
            Field("experience_years", _("Years of experience in the field"), "decimal", False),
            Field("degree", _("Degree or certificate"), most=160),
            Field("degree_on", _("Awarded or expected on"), "date", False),
            Field("starts_on", _("First day"), "date"),
            Field("ends_on", _("Last day"), "date"),
        )),
        Section("site", _("Site of activity"), (
            Field("host", _("Host organization"), most=160),
            Field("address", _("Street address"), most=200),
            Field("city", _("City"), most=120),
            Field("state", _("State"), most=40),
            Field("zip", _("ZIP code"), most=12),
            Field("website", _("Website"), needed=False, most=200),
            Field("ein", _("Employer Identification Number (EIN)"), most=20,
                  help=_("The sponsor asks for it when it checks the host.")),
            Field("employees", _("Full-time employees at this site"), "int", False),
            Field("supervisor", _("Main supervisor"), most=120),
            Field("supervisor_title", _("Supervisor's job title"), most=120),
            Field("supervisor_email", _("Supervisor’s e-mail"), "email"),
            Field("supervisor_phone", _("Supervisor’s phone"), needed=False, most=40),
            Field("hours_per_week", _("Hours a week"), "int"),
        )),
        Section("compensation", _("Compensation"), (
            Field("pay_period", _("Pay per"), "choice", choices=PERIODS),
            Field("pay_amount", _("Pay"), "decimal", False),
            Field("pay_currency", _("Currency"), needed=False, most=3),
            Field("benefits", _("Other benefits (housing, meals, flight)"), "longtext", False),
            Field("workers_comp", _("Workers’ compensation covers the participant"), "bool"),
            Field("workers_comp_carrier", _("Insurance carrier"), needed=False, most=160),
        )),
        Section("conduct", _("Kind of work"), (
            Field("clerical_share_pct", _("Share of clerical work (%)"), "int"),
            Field("skill_level", _("Skill level of the work"), "choice", choices=SKILLS),
            Field("care_work", _("Patient contact, child care or elder care"), "bool"),
            Field("staffing_agency", _("A staffing agency is involved"), "bool"),
            Field("repeats", _("Repeats what the participant has done or learned before"),
                  "bool"),
            Field("culture", _("American culture: what is planned"), "longtext"),
        )),
    ),
    parts_title=_("Phases"),
    parts=(
        Field("name", _("Phase name"), most=120),
        Field("starts_on", _("First day"), "date"),
        Field("ends_on", _("Last day"), "date"),
        Field("site", _("Department and place"), most=200),
        Field("supervisor", _("Supervisor of this phase"), most=120),
        Field("supervisor_title", _("Supervisor's job title"), most=120),
        Field("role", _("Role and tasks of the participant"), "longtext"),
        Field("goals", _("Goals and objectives"), "longtext"),
        Field("knowledge", _("Knowledge, skills and techniques to be learned"), "longtext"),
        Field("teaching", _("How they are taught, and in which order"), "longtext"),
        Field("supervision", _("Who supervises day by day, and what they are qualified for"),
              "longtext"),
        Field("measuring", _("How progress is measured"), "longtext"),
        Field("remarks", _("Remarks"), "longtext", False),
    ),
)  # fmt: skip

# What 22 CFR 62.23(i) asks beside: the internship serves the degree at home, the student goes back
# to finish it, and no more than 12 months are spent for one degree (62.23(h)(3)).
_HOME = Section("home", _("Home university"), (
    Field("home_university", _("Home university"), most=160),
    Field("home_degree", _("Degree pursued there"), most=160),
    Field("home_degree_on", _("Degree expected on"), "date"),
    Field("home_standing", _("In good academic standing there"), "bool"),
    Field("home_objectives", _("Objectives of the degree that the internship fulfills"),
          "longtext"),
    Field("home_credit", _("Credit toward the degree (course and credits)"), needed=False,
          most=200, help=_("A learning agreement on Corridor can say the rest.")),
    Field("home_returns", _("Returns there afterwards to finish the degree"), "bool"),
    Field("home_months_before", _("Months already spent as a student intern for this degree"),
          "int", help=_("0 if none. With this plan no more than 12."), most=12),
    Field("home_statement_by", _("Dean or academic adviser who confirms it"), needed=False,
          most=120),
    Field("home_statement_office", _("Office of the dean or adviser"), needed=False, most=160),
    Field("home_statement_on", _("Their statement is dated"), "date", False),
    Field("us_university", _("The sponsor is an accredited U.S. university that accepts the "
                             "student into its student internship program"), "bool"),
))  # fmt: skip
STUDENT_PLAN = replace(PLAN, sections=(PLAN.sections[0], _HOME, *PLAN.sections[1:]))

AGREEMENT = Shape(
    sections=(
        Section("student", _("Student"), (
            Field("name", _("Name"), most=120),
            Field("name_roman", _("Name as in the passport"), most=120),
            Field("email", _("E-mail"), "email"),
            Field("department", _("Department or major"), most=160),
        )),
        Section("work", _("The experience"), (
            Field("host", _("Host organization"), most=160),
            Field("program", _("Program"), most=200),
            Field("starts_on", _("First day"), "date"),
            Field("ends_on", _("Last day"), "date"),
            Field("hours_per_week", _("Hours a week"), "int"),
            Field("hours", _("Hours in all"), "int"),
            Field("supervisor", _("Supervisor at the host"), most=120),
            Field("supervisor_title", _("Supervisor's job title"), most=120),
        )),
        Section("credit", _("Credit"), (
            Field("course", _("Course (name and code)"), most=160),
            Field("credits", _("Credits"), "decimal"),
            Field("assessor", _("Assessor at the university"), most=120),
            Field("assessor_title", _("Assessor’s office"), most=120),
            Field("mode", _("Grading"), "choice", choices=MODES),
        )),
        Section("learning", _("Learning"), (
            Field("outcomes", _("Learning outcomes"), "longtext",
                  help=_("What the student can do afterwards, one a line.")),
            Field("tasks", _("Tasks that lead there"), "longtext"),
            Field("assessed", _("How it is assessed"), "longtext",
                  help=_("Report, presentation, log book, the host’s word: with their weight.")),
        )),
    ),
)  # fmt: skip

SHAPES: dict[str, Shape] = {Paper.Kind.TRAINING_PLAN: PLAN, Paper.Kind.LEARNING: AGREEMENT}


def of(paper: Paper, *contents: Content) -> Shape:
    """The shape of what a paper says, or said in any of `contents`."""
    told = contents or (paper.content,)
    if paper.kind == Paper.Kind.TRAINING_PLAN and any(map(for_student, told)):
        return STUDENT_PLAN
    return SHAPES[paper.kind]


def for_student(content: Content) -> bool:
    """Whether it is the plan of a J-1 student intern."""
    return content.get("category") == STUDENT_INTERN


def given(value: Any) -> bool:
    """False of what is unknown; a `False` that was said is known."""
    return value is not None and value != ""


def lacking(paper: Paper) -> list[str]:
    """The labels of what must still be said before anybody signs, in the reader's language."""
    shape, content = of(paper), paper.content
    found = [str(f.label) for f in shape.fields if f.needed and not given(content.get(f.name))]
    for number, part in enumerate(phases(content), 1):
        found += [
            f"{phase(number)}: {f.label}"
            for f in shape.parts if f.needed and not given(part.get(f.name))
        ]  # fmt: skip
    return found


def phase(number: int) -> str:
    """“Phase 1”, in the reader’s language."""
    return str(_("Phase %d") % number)


def phases(content: Content) -> list[Content]:
    return list(content.get("phases") or [])


def day_of(content: Content, name: str) -> date | None:
    value = content.get(name)
    return date.fromisoformat(value) if value else None
