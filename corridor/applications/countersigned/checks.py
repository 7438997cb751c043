"""What must hold before a training plan is signed, each with its law; and what an agreement needs.

Where the law is a requirement of the visa route, the rule data judges it on the plan's own words
(hours, clerical share, kind of work, length). What a plan must contain is data/papers.yaml.
Unknown is never yes: a check that cannot be made stands in the way like one that fails.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import yaml
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor import rules
from corridor.accounts.models import Organization
from corridor.applications import clock
from corridor.applications.countersigned import shapes
from corridor.applications.countersigned.shapes import STUDENT_INTERN, Content, day_of, given
from corridor.applications.models import Paper
from corridor.common.language import language_code
from corridor.matching import facts
from corridor.rules import derived

MET, FAILS, UNKNOWN = "met", "fails", "unknown"
# Of the route's requirements, those that a plan's own words answer.
_OF_ROUTE = frozenset({
    "full_time_32", "clerical_share", "skilled_work", "no_patient_contact", "no_staffing_agency",
    "duration", "duration_hospitality", "duration_agriculture",
    # of a student intern
    "hours_per_week", "fulfils_home_degree_objectives", "us_university_sponsor",
})  # fmt: skip
_KIND_OF_WORK = ("clerical_share", "skilled_work", "no_patient_contact", "no_staffing_agency")
# Of a student intern for each degree: 22 CFR 62.23(h)(3); from an intern's degree to the first day:
# 62.22(d)(3).
MOST_MONTHS = 12
_HANGUL = re.compile(r"[ㄱ-ㆎ가-힣]")


@dataclass(frozen=True)
class Check:
    """`state`: met, fails or unknown. `blocks`: nobody signs before it is met."""

    id: str
    state: str
    text: str
    citation: str
    evidence: str
    checked_on: str
    must: bool
    detail: str = ""

    @property
    def blocks(self) -> bool:
        return self.must and self.state != MET


@lru_cache(maxsize=1)
def data() -> dict[str, Any]:
    """data/papers.yaml as written. Callers must not change what they get."""
    text = (clock.DATA / "papers.yaml").read_text(encoding="utf-8")
    return yaml.load(text, yaml.CSafeLoader)  # type: ignore[no-any-return]


def of(paper: Paper, *, day: date) -> list[Check]:
    """Every check of the paper on `day`, what blocks first, in the reader's language."""
    found = list(_plan(paper, day) if paper.kind == Paper.Kind.TRAINING_PLAN else _agreement(paper))
    return sorted(found, key=lambda each: (not each.blocks, each.state == MET))


def blocking(paper: Paper, *, day: date) -> list[Check]:
    return [each for each in of(paper, day=day) if each.blocks]


# --- training plans ---------------------------------------------------------------------------
def _plan(paper: Paper, day: date) -> Iterable[Check]:
    lang, category = language_code(), paper.content.get("category")
    yield from _by_route(paper.content, category, day, lang)
    for row in data()["checks"]:
        if category not in row.get("only", [category]):
            continue
        state, detail = _HOW[row["id"]](paper)
        law = {**row, **row.get("student_intern", {})} if category == STUDENT_INTERN else row
        yield Check(
            row["id"], state, law[lang], law["citation"], law["evidence"],
            law["checked_on"].isoformat(), law["must"], detail,
        )  # fmt: skip


def _by_route(content: Content, category: Any, day: date, lang: str) -> Iterable[Check]:
    if category not in dict(shapes.CATEGORIES):
        return  # `all_told` asks for it
    verdict = rules.assess(plan_facts(content), day=day, pathways=[category]).verdicts[0]
    for reason in verdict.reasons:
        name = reason.requirement.id.removeprefix(f"{category}.")
        if name not in _OF_ROUTE:
            continue
        backing = reason.requirement.backing
        yield Check(
            name,
            {"ok": MET, "fails": FAILS}.get(reason.outcome, UNKNOWN),
            reason.requirement.note(lang), backing.citation, backing.evidence,
            backing.checked_on.isoformat(), must=True,
        )  # fmt: skip


def plan_facts(content: Content) -> facts.Facts:
    """The rules' facts that the plan states by itself; nothing else is known of it."""
    start, end = day_of(content, "starts_on"), day_of(content, "ends_on")
    occupation = content.get("occupation")
    told = {
        "program.hours_per_week": content.get("hours_per_week"),
        "program.clerical_share_pct": content.get("clerical_share_pct"),
        "program.skill_level": content.get("skill_level"),
        "program.involves_patient_contact_or_childcare": content.get("care_work"),
        "program.uses_staffing_agency": content.get("staffing_agency"),
        "program.is_hospitality_or_tourism": occupation == "hospitality" if occupation else None,
        "program.is_agriculture": occupation == "agriculture" if occupation else None,
        "program.start_date": start,
        "program.fulfils_home_degree_objectives": _serves_the_degree(content),
        "program.us_university_sponsor": content.get("us_university"),
        "program.duration_days": (end - start).days + 1 if start and end and end >= start else None,
    }
    return {name: value for name, value in told.items() if given(value)}


def _serves_the_degree(content: Content) -> bool | None:
    """Known to serve it once its objectives are told and the student is to return for it. A degree
    that is expected before the last day leaves nothing to return to."""
    if not shapes.for_student(content):
        return None
    returns = content.get("home_returns")
    degree, end = day_of(content, "home_degree_on"), day_of(content, "ends_on")
    if degree is not None and end is not None and degree <= end:
        return False
    if returns and given(content.get("home_objectives")):
        return True
    return False if returns is False else None


def _each(paper: Paper, *names: str) -> tuple[str, str]:
    """Met where every phase tells all of `names`."""
    parts = shapes.phases(paper.content)
    lacking = [
        str(number) for number, part in enumerate(parts, 1)
        if not all(given(part.get(name)) for name in names)
    ]  # fmt: skip
    if not parts:
        return UNKNOWN, _("No phase is written yet.")
    if lacking:
        return UNKNOWN, _("Still missing in phase %s.") % ", ".join(lacking)
    return MET, ""


def _cover(paper: Paper) -> tuple[str, str]:
    start, end = day_of(paper.content, "starts_on"), day_of(paper.content, "ends_on")
    spans = [
        (day_of(part, "starts_on"), day_of(part, "ends_on"))
        for part in shapes.phases(paper.content)
    ]
    whole = sorted((a, b) for a, b in spans if a is not None and b is not None)
    if start is None or end is None or not spans or len(whole) < len(spans):
        return UNKNOWN, _("The days of the plan or of a phase are missing.")
    if any(b < a for a, b in whole):
        return FAILS, _("A phase ends before it begins.")
    expected = start
    for begins, ends in whole:
        if begins > expected:
            return FAILS, _("No phase covers %(day)s.") % {"day": expected.isoformat()}
        if begins < expected:
            return FAILS, _("Two phases overlap, or one lies outside, at %(day)s.") % {
                "day": begins.isoformat()
            }
        expected = ends + timedelta(days=1)
    if expected != end + timedelta(days=1):
        return FAILS, _("The last phase ends on %(last)s, the plan on %(end)s.") % {
            "last": (expected - timedelta(days=1)).isoformat(), "end": end.isoformat(),
        }  # fmt: skip
    return MET, ""


def _in_order(paper: Paper) -> tuple[str, str]:
    start, end = day_of(paper.content, "starts_on"), day_of(paper.content, "ends_on")
    if start is None or end is None:
        return UNKNOWN, ""
    return (MET if end > start else FAILS), ""


def _graduated(paper: Paper) -> tuple[str, str]:
    """A degree before the first day lies no more than 12 months before it. One that is still to
    come is that of a student: whether they are enrolled is the sponsor's to see."""
    degree, start = day_of(paper.content, "degree_on"), day_of(paper.content, "starts_on")
    if degree is None or start is None:
        return UNKNOWN, _("The day of the degree or the first day is missing.")
    return (MET if derived.months_between(degree, start) <= MOST_MONTHS else FAILS), ""


def _supervised(paper: Paper) -> tuple[str, str]:
    if not (given(paper.content.get("supervisor")) and given(
        paper.content.get("supervisor_title")
    )):
        return UNKNOWN, _("The main supervisor is not named.")
    return _each(paper, "supervisor", "supervisor_title", "supervision")


def _various(paper: Paper) -> tuple[str, str]:
    return (MET if len(shapes.phases(paper.content)) > 1 else FAILS), ""


def _paid(paper: Paper) -> tuple[str, str]:
    period = paper.content.get("pay_period")
    if period == "unpaid" or (period and given(paper.content.get("pay_amount"))):
        return MET, ""
    return UNKNOWN, ""


def _new_to_them(paper: Paper) -> tuple[str, str]:
    told = paper.content.get("repeats")
    return (UNKNOWN if told is None else FAILS if told else MET), ""


def _sponsor(paper: Paper) -> tuple[str, str]:
    """Named; one on Corridor is of the kind that may sponsor this category."""
    if paper.third is None:
        return (MET if paper.third_name.strip() else UNKNOWN), ""
    university = paper.third.kind == Organization.Kind.UNIVERSITY
    if university == shapes.for_student(paper.content):
        return MET, ""
    return FAILS, (
        _("An intern’s or trainee’s sponsor is no university here.") if university
        else _("A student intern’s sponsor is a U.S. university.")
    )  # fmt: skip


def _standing(paper: Paper) -> tuple[str, str]:
    told = paper.content.get("home_standing")
    return (UNKNOWN if told is None else MET if told else FAILS), ""


def _twelve_months(paper: Paper) -> tuple[str, str]:
    """The plan and what was done before for the degree: its last day lies within the months left
    from its first day on."""
    content = paper.content
    start, end = day_of(content, "starts_on"), day_of(content, "ends_on")
    before = content.get("home_months_before")
    if start is None or end is None or before is None:
        return UNKNOWN, ""
    left = MOST_MONTHS - int(before)
    return (MET if end < derived.add_months(start, left) else FAILS), _(
        "%(left)d months are left for this degree."
    ) % {"left": max(left, 0)}


def _stated(paper: Paper) -> tuple[str, str]:
    names = ("home_statement_by", "home_statement_office", "home_statement_on")
    return (MET if all(given(paper.content.get(each)) for each in names) else UNKNOWN), ""


def _within_limits(paper: Paper) -> tuple[str, str]:
    """The kind of work, judged by the limits for interns: those of 62.23(i) were not read."""
    verdict = rules.assess(
        plan_facts(paper.content), day=timezone.localdate(), pathways=["j1_intern"]
    ).verdicts[0]
    found = {
        reason.requirement.note(language_code()): reason.outcome for reason in verdict.reasons
        if reason.requirement.id.removeprefix("j1_intern.") in _KIND_OF_WORK
    }  # fmt: skip
    failing = [note for note, outcome in found.items() if outcome == "fails"]
    if failing:
        return FAILS, " ".join(failing)
    return (MET if set(found.values()) == {"ok"} else UNKNOWN), ""


def _whole(paper: Paper) -> tuple[str, str]:
    missing = shapes.lacking(paper)
    return (UNKNOWN, " · ".join(missing)) if missing else (MET, "")


def _covered(paper: Paper) -> tuple[str, str]:
    told = paper.content.get("workers_comp")
    return (UNKNOWN if told is None else MET if told else FAILS), ""


def _english(paper: Paper) -> tuple[str, str]:
    """Of all texts but the participant's own name, which is Korean by right; an empty one tells
    nothing."""
    shape = shapes.of(paper)
    found = [
        str(field.label) for field in shape.fields
        if field.name != "name" and _HANGUL.search(str(paper.content.get(field.name) or ""))
    ]  # fmt: skip
    for number, part in enumerate(shapes.phases(paper.content), 1):
        found += [
            f"{shapes.phase(number)}: {field.label}" for field in shape.parts
            if _HANGUL.search(str(part.get(field.name) or ""))
        ]  # fmt: skip
    if found:
        return FAILS, " · ".join(found)
    if not shapes.phases(paper.content) or shapes.lacking(paper):
        return UNKNOWN, _("Fields that are still empty tell no language.")
    return MET, ""


_HOW: dict[str, Callable[[Paper], tuple[str, str]]] = {
    "phases_cover": _cover,
    "graduated_in_time": _graduated,
    "period_in_order": _in_order,
    "supervisor_named": _supervised,
    "goals_told": lambda paper: _each(paper, "goals"),
    "knowledge_told": lambda paper: _each(paper, "knowledge"),
    "evaluation_told": lambda paper: _each(paper, "measuring"),
    "teaching_told": lambda paper: _each(paper, "teaching", "role"),
    "trainee_in_phases": _various,
    "nothing_repeated": _new_to_them,
    "pay_told": _paid,
    "sponsor_named": _sponsor,
    "good_standing": _standing,
    "twelve_months": _twelve_months,
    "academic_statement": _stated,
    "kind_of_work": _within_limits,
    "all_told": _whole,
    "workers_comp_told": _covered,
    "english_text": _english,
}


# --- learning agreements: the university's own rules decide, so only completeness is asked -------
def _agreement(paper: Paper) -> Iterable[Check]:
    own = _("The three sides’ own agreement; the university’s rules on credit decide.")
    missing = shapes.lacking(paper)
    rows = [
        ("all_told", UNKNOWN if missing else MET, _("Every needed field is filled in."),
         " · ".join(missing)),
        ("period_in_order", _in_order(paper)[0], _("The last day comes after the first."), ""),
        ("hours_fit", *_hours_fit(paper)),
    ]  # fmt: skip
    for name, state, text, detail in rows:
        yield Check(name, state, text, own, "", "", must=True, detail=detail)


def _hours_fit(paper: Paper) -> tuple[str, str, str]:
    text = _("The hours in all fit into the weeks and the hours a week.")
    start, end = day_of(paper.content, "starts_on"), day_of(paper.content, "ends_on")
    weekly, whole = paper.content.get("hours_per_week"), paper.content.get("hours")
    if start is None or end is None or end < start or not weekly or not whole:
        return UNKNOWN, text, ""
    most = int(weekly) * ((end - start).days + 1) / 7
    if int(whole) <= most:
        return MET, text, ""
    return FAILS, text, _("At most %(most)d hours fit.") % {"most": int(most)}
