"""From models to the facts that rules read. The only such adapter.

A fact is known or absent. Absent never means yes and never means no: what a profile does not say
is left out. What a structured field states wins; the stored answers to the rules' questions
(`rule_facts` of candidate, program and organization) fill what is still unknown.

Some facts of a candidate depend on the day a program starts (an intern must be enrolled, or have
graduated within twelve months before it), so they are made by `History.at` (see `past`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from corridor import rules
from corridor.matching.past import DEGREES as DEGREES
from corridor.matching.past import RANK as RANK
from corridor.matching.past import Facts as Facts
from corridor.matching.past import History as History
from corridor.matching.past import Study as Study
from corridor.matching.past import experience_months as experience_months
from corridor.matching.past import history as history
from corridor.matching.past import majors_in as majors_in
from corridor.programs.kinds import DETAILS, Kind
from corridor.rules.duties import FROM_DUTIES

_PAID = "program.paid_from_us_source"
TOEIC_VALID_DAYS = 730  # the test's owner reports a score for two years

# What only a verdict may read, never a score: they tell age, sex or military service.
PERSONAL = (
    "candidate.birth_year", "candidate.sex", "candidate.military_status",
    "candidate.permit_expiry", "derived.korean_age_year_minus_birth", "derived.permit_covers_stay",
)  # fmt: skip

# What a program alone cannot say: it belongs to somebody's studies.
IN_ITS_FIELD = ("program.field_matches_academic_field", "program.related_to_major")
OF_STUDIES = (
    *IN_ITS_FIELD,
    "program.academic_training_related_to_major", "program.fulfils_home_degree_objectives",
)  # fmt: skip


def candidate_facts(candidate: Any, *, day: date) -> Facts:
    """What is known of a candidate whatever the program (see `History.at` for the rest).

    Birth date, sex and military status are decrypted here for the rules and nowhere else.
    """
    stated: Facts = {}
    if candidate.nationality:
        stated["candidate.nationality"] = candidate.nationality.upper()
    if candidate.birth_date:
        stated["candidate.birth_year"] = candidate.birth_date.year
    if candidate.sex in ("M", "F"):
        stated["candidate.sex"] = candidate.sex
    if candidate.military_status:
        stated["candidate.military_status"] = candidate.military_status
    if candidate.us_status:
        stated["candidate.us_status"] = candidate.us_status
    toeic = [
        float(score.score) for score in candidate.languages.all()
        if score.test == "toeic" and score.score is not None
        and (score.taken_on is None or (day - score.taken_on).days <= TOEIC_VALID_DAYS)
    ]
    if toeic:
        stated["candidate.toeic"] = max(toeic)
    # A researcher who holds a master's degree or higher is a research scholar for J-1 purposes.
    held = [RANK.get(s.degree, 0) for s in candidate.educations.all() if s.status == "graduated"]
    if candidate.walk == "researcher" and held and max(held) >= RANK["master"]:
        stated["candidate.profile"] = "research_scholar"
    return _filled(stated, candidate.rule_facts)


def program_facts(program: Any, *, with_duties: bool = True) -> Facts:
    """What is known of a program: its kind's answers, dates, duties, host, pay.

    Without its duties: what is known besides, for judging them one by one.
    """
    stated: Facts = {}
    registry = rules.facts()
    for detail in DETAILS.get(program.kind, ()):
        value = program.details.get(detail.name)
        if not detail.rule_fact or value is None or value == "":
            continue
        if registry[detail.rule_fact].type == "choice" and isinstance(value, bool):
            # "includes productive work": no is `none`; how much a yes means is not known
            if detail.rule_fact == "program.productive_employment" and value is False:
                stated[detail.rule_fact] = "none"
            continue
        stated[detail.rule_fact] = value
    if program.starts_on:
        stated["program.start_date"] = program.starts_on
    if program.duration_days:
        stated["program.duration_days"] = program.duration_days
    if program.hours_per_week is not None:
        stated["program.hours_per_week"] = program.hours_per_week
    if program.sector_id:  # none of the twelve sectors is one of these two
        stated["program.is_hospitality_or_tourism"] = False
        stated["program.is_agriculture"] = False
    stated.update(_activity(program))
    stated.update(_host(program))
    if with_duties and program.kind == Kind.DISPATCH:
        told = rules.duty_facts(duties(program))
        if not told.get(_PAID):  # one duty paid from the U.S. settles it; else what is stated goes
            told[_PAID] = stated.get(_PAID, told.get(_PAID))
        stated.update({name: value for name, value in told.items() if value is not None})
    found = _filled(
        stated, program.rule_facts, program.organization.rule_facts,
        without=said_by_duties(program),
    )  # fmt: skip
    if asked_majors(program):  # a host's yes is for who has studied these: see History.field
        return {n: v for n, v in found.items() if n not in IN_ITS_FIELD or v is not True}
    return found


def said_by_duties(program: Any) -> tuple[str, ...]:
    """The facts that only the listed duties may say: no answer fills in what they leave open."""
    return FROM_DUTIES if program.kind == Kind.DISPATCH and program.duties.all() else ()


def duties(program: Any) -> list[rules.Duty]:
    """The program's duties as the rules judge them."""
    return [
        rules.Duty(
            text=duty.text, activity=duty.activity, share_pct=duty.share_pct,
            place=duty.where or None, payer=duty.paid_by or None,
        )
        for duty in program.duties.all()
    ]  # fmt: skip


def _activity(program: Any) -> Facts:
    """What a kind of program says of the activity by itself; a dispatch leaves it to its duties."""
    if program.kind == Kind.INTERNSHIP:
        return {"program.activity": "internship"}
    if program.kind == Kind.JOINT_CURRICULUM:
        return {"program.enrols_in_course_of_study": True}
    if program.kind != Kind.DISPATCH:
        return {}
    listed = list(program.duties.all())
    whole = sum(duty.share_pct or 0 for duty in listed) == 100
    if whole and not {duty.activity for duty in listed} & {"learn", "other"}:
        return {"program.enrols_in_course_of_study": False}
    return {}


def _host(program: Any) -> Facts:
    """From the host organization, unless the posting only names its host (an import)."""
    found: Facts = {}
    host = program.organization
    own = not program.external_host
    if own and host.country == "US" and host.kind == "university":
        found["program.host_type"] = "university"
        found["program.employer_type"] = "institution_of_higher_education"
    if program.sponsor:
        found["program.us_university_sponsor"] = program.sponsor == "university"
    if program.sponsor == "host" and own and host.country == "US":
        found["program.petitioner"] = "us_employer"
    if program.pay_period == "unpaid":
        found["program.paid_from_us_source"] = False
    elif (
        program.pay_amount and own and host.country == "US" and program.sponsor != "employer"
        and program.kind != Kind.DISPATCH
    ):
        found["program.paid_from_us_source"] = True
    return found


def asked_majors(program: Any) -> frozenset[str]:
    return majors_in(str(program.details.get("field_of_study") or ""))


def program_alone(program: Any) -> Facts:
    """What is known of a program where no candidate is: of nobody's studies can it be said that
    they are in its field."""
    return {
        name: value for name, value in program_facts(program).items() if name not in OF_STUDIES
    }


def claims(
    program: Any, candidate: Any = None, *, beside: Mapping[str, Any] | None = None
) -> frozenset[str]:
    """The facts that only the host has stated, of all participants at once: neither the
    `candidate` nor what else is known (`beside`) says the same. See Verdict.upon."""
    said = {**(candidate.rule_facts if candidate is not None else {}), **(beside or {})}
    return frozenset(
        name for name, value in program_facts(program).items() if said.get(name) != value
    )


def pair_facts(
    candidate: Any, program: Any, *, day: date, papers: Mapping[str, Any] | None = None
) -> Facts:
    """All that is known of the pair on `day`. `papers`: what the pair's own papers show, which wins
    over all that was stated; a None there is not known."""
    past = history(candidate)
    facts = joined(
        candidate_facts(candidate, day=day), past, program_facts(program), asked_majors(program),
        day=day,
    )
    return settled(facts, papers or {})


def settled(facts: Mapping[str, Any], papers: Mapping[str, Any]) -> Facts:
    """`facts`, with what the pair's papers show in place of what was stated."""
    return {
        name: value for name, value in {**facts, **papers}.items() if value is not None
    }


def joined(
    candidate: Mapping[str, Any],
    past: History,
    program: Mapping[str, Any],
    asked: frozenset[str],
    *,
    day: date,
) -> Facts:
    """The pair's facts from its two sides; what study and work show wins over an answer."""
    start = program.get("program.start_date")
    facts = {**candidate, **program}
    facts.update(past.at(start, day=day))
    for name, value in past.field(asked, start).items():
        facts.setdefault(name, value)
    return facts


def needs_pathway(candidate_known: Mapping[str, Any], program: Any) -> bool:
    """False where no U.S. visa is asked: a U.S. citizen, or training that takes place in Korea."""
    if candidate_known.get("candidate.nationality") == "US":
        return False
    return not (
        program.kind == Kind.TRAINING and program.details.get("place_of_training") == "KR"
    )


def _filled(
    stated: Facts, *answers: Mapping[str, Any], without: Sequence[str] = ()
) -> Facts:
    """`stated` plus what the answers know besides; of `without` they know nothing. An answer that
    the registry no longer accepts (an old name, another type) counts as unknown."""
    registry = rules.facts()
    for answered in answers:
        for name, value in answered.items():
            spec = registry.get(name)
            if spec is None or name in without or stated.get(name) is not None:
                continue
            try:
                accepted = spec.accept(value)
            except rules.FactError:
                continue
            if accepted is not None:
                stated[name] = accepted
    return stated
