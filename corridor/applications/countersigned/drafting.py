"""When a paper is due, and what its first draft says: only what is known, as proposals to edit."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from corridor.applications.countersigned.shapes import (
    CATEGORIES,
    MOST_PARTS,
    STUDENT_INTERN,
    Content,
)
from corridor.applications.models import Application, Offer, State
from corridor.candidates.models import Candidate, Education
from corridor.programs.kinds import Kind

PLAN_ROUTES = tuple(category for category, _label in CATEGORIES)
# A learning agreement may be drawn up as soon as there is an offer to plan with.
CREDIT_STATES = (State.OFFERED, State.ACCEPTED)
_HANGUL = re.compile(r"[ㄱ-ㆎ가-힣]")
_PHASES = re.compile(r"\s*(?:[;,·\n]\s*)?(?=\b[Pp]hase \d|\d단계)|\n+")
_WEEKS = re.compile(r"\b(\d{1,2})\s*(?:wks?|weeks?)\b|(\d{1,2})\s*주")


def accepted_offer(application: Application) -> Offer | None:
    return next(
        (each for each in reversed(application.offers.all())
         if each.state == Offer.State.ACCEPTED), None,
    )  # fmt: skip


def plan_is_due(application: Application) -> bool:
    """The offer is accepted and its route is J-1 intern, trainee or student intern.

    Where the offer names no route, the host may begin one for an internship or training: the plan
    itself then says the category.
    """
    if application.state != State.ACCEPTED:
        return False
    offer = accepted_offer(application)
    if offer is not None and offer.pathway:
        return offer.pathway in PLAN_ROUTES
    return application.program.kind in (Kind.INTERNSHIP, Kind.TRAINING)


def agreement_is_possible(application: Application) -> bool:
    return application.state in CREDIT_STATES


def plan(application: Application) -> Content:
    """A training plan's first draft from the offer, the program and the file that was sent."""
    program, candidate = application.program, application.candidate
    offer = accepted_offer(application)
    study, years = _as_sent(application)
    host, hub = program.organization, program.hub
    content: Content = {
        **_person(candidate),
        "category": offer.pathway if offer and offer.pathway in PLAN_ROUTES else None,
        "field_of_study": study.get("major", ""),
        "experience_years": years,
        "degree": _degree(study.get("degree", "")),
        "degree_on": study.get("ended_on"),
        **_days(application, offer),
        "host": host.name_en or host.name_ko,
        "city": hub.city if hub else "",
        "state": hub.state.code if hub else program.state,
        "website": host.website,
        **_supervisor(program.details),
        "hours_per_week": program.hours_per_week,
        **_pay(offer or program),
        "benefits": _benefits(offer),
        "clerical_share_pct": program.details.get("clerical_share_pct"),
        "skill_level": _told(application, "program.skill_level"),
        "care_work": _told(application, "program.involves_patient_contact_or_childcare"),
        "staffing_agency": program.details.get("uses_staffing_agency"),
        "repeats": _told(application, "program.duplicates_prior_experience"),
    }
    if content["category"] == STUDENT_INTERN:
        content.update(
            home_university=study.get("institution", ""), home_degree=content["degree"],
            home_degree_on=study.get("ended_on"),
        )  # fmt: skip
    content["phases"] = _phases(
        str(program.details.get("training_plan") or ""), content, hub.name if hub else ""
    )
    return content


def agreement(application: Application, department: str) -> Content:
    """A learning agreement's first draft."""
    program, offer = application.program, accepted_offer(application)
    if offer is None:
        offer = application.offers.filter(state=Offer.State.OPEN).last()
    days = _days(application, offer)
    start, end = days["starts_on"], days["ends_on"]
    weekly = program.hours_per_week
    hours = None
    if start and end and weekly:
        length = (date.fromisoformat(end) - date.fromisoformat(start)).days + 1
        hours = int(weekly * length / 7)
    return {
        **_person(application.candidate),
        "department": department,
        "host": program.organization.name,
        "program": program.title,
        **days,
        "hours_per_week": weekly,
        "hours": hours,
        **_supervisor(program.details),
        "outcomes": "",
        "tasks": "\n".join(duty.text for duty in program.duties.all())[:4000],
    }


def department_of(candidate: Candidate, university: Any) -> str:
    found = candidate.user.affiliations.filter(university=university).first()
    if found is not None:
        return str(found.department)
    study = candidate.educations.first()
    return study.major if study else ""


def _person(candidate: Candidate) -> Content:
    user = candidate.user
    return {"name": user.name, "name_roman": user.name_roman, "email": user.email}


def _days(application: Application, offer: Offer | None) -> Content:
    source: Any = offer or application.program
    return {"starts_on": _iso(source.starts_on), "ends_on": _iso(source.ends_on)}


def _supervisor(details: dict[str, Any]) -> Content:
    return {"supervisor_title": _english_half(str(details.get("supervisor_title") or ""))}


def _pay(source: Any) -> Content:
    return {
        "pay_period": source.pay_period or None,
        "pay_amount": format(source.pay_amount.normalize(), "f")
        if source.pay_amount is not None else None,
        "pay_currency": source.pay_currency if source.pay_amount is not None else "",
    }  # fmt: skip


def _benefits(offer: Offer | None) -> str:
    """What the offer says the host pays, in English."""
    if offer is None:
        return ""
    with translation.override("en"):
        items = [
            str(Offer.Item(item).label) for item, payer in offer.payers.items()
            if payer == Offer.Payer.HOST and item in Offer.Item.values
        ]  # fmt: skip
        return _("Paid by the host: %s") % ", ".join(items) if items else ""


def _told(application: Application, fact: str) -> Any:
    """What the host has answered about its program, or itself; None where it has not."""
    program = application.program
    return program.rule_facts.get(fact, program.organization.rule_facts.get(fact))


def _as_sent(application: Application) -> tuple[dict[str, Any], str | None]:
    """(the first education, years of experience) of the file that the candidate sent, no newer."""
    kept = application.evidence.get("profile", {})
    educations, works = kept.get("educations", []), kept.get("works", [])
    days = sum(
        (date.fromisoformat(work["ended_on"]) - date.fromisoformat(work["started_on"])).days
        for work in works if work["ended_on"]
    )  # fmt: skip
    years = str(round(days / 365.25 * 2) / 2) if days else None
    return (educations[0] if educations else {}), years


def _degree(degree: str) -> str:
    with translation.override("en"):
        return str(dict(Education.Degree.choices).get(degree, ""))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _english_half(text: str) -> str:
    """The English part of “한국어 / English”; all of it where it has no such parts."""
    parts = [part.strip() for part in text.split(" / ")]
    english = [part for part in parts if part and not _HANGUL.search(part)]
    return " / ".join(english) if english else text


def _phases(text: str, content: Content, site: str) -> list[Content]:
    """The posting's phases with a share of the days each: as their weeks say, else even.

    A proposal: the last phase ends with the plan, and every phase is to be written out.
    """
    names = [part.strip(" .;,") for part in _PHASES.split(_english_half(text))]
    names = [name for name in names if name][:MOST_PARTS] or [""]
    spans = _spans(content, names)
    return [
        {
            "name": name[:120], "site": site, "starts_on": _iso(begin), "ends_on": _iso(end),
            "supervisor_title": content.get("supervisor_title", ""), "knowledge": name,
        }
        for name, (begin, end) in zip(names, spans, strict=True)
    ]  # fmt: skip


def _spans(content: Content, names: list[str]) -> list[tuple[date | None, date | None]]:
    start, end = content.get("starts_on"), content.get("ends_on")
    if not start or not end:
        return [(None, None)] * len(names)
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    length = (last - first).days + 1
    if length < len(names):
        return [(first, last)] + [(None, None)] * (len(names) - 1)
    weeks = [_weeks(name) for name in names]
    told = sum(week or 0 for week in weeks[:-1]) * 7
    known = all(week is not None for week in weeks[:-1]) and told < length
    spans: list[tuple[date | None, date | None]] = []
    begin = first
    for number, week in enumerate(weeks):
        if number == len(names) - 1:
            until = last
        elif known and week is not None:
            until = begin + timedelta(days=week * 7 - 1)
        else:
            until = first + timedelta(days=length * (number + 1) // len(names) - 1)
        spans.append((begin, until))
        begin = until + timedelta(days=1)
    return spans


def _weeks(name: str) -> int | None:
    found = _WEEKS.search(name)
    return int(next(group for group in found.groups() if group)) if found else None
