"""From models to the facts that rules read. The only such adapter.

A fact is known or absent. Absent never means yes and never means no: what a profile does not say
is left out. What a structured field states wins; the stored answers to the rules' questions
(`rule_facts` of candidate, program and organization) fill what is still unknown.

Some facts of a candidate depend on the day a program starts (an intern must be enrolled, or have
graduated within twelve months before it), so they are made by `History.at`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from corridor import rules, taxonomy
from corridor.programs.kinds import DETAILS, Kind
from corridor.rules.derived import months_between
from corridor.rules.duties import FROM_DUTIES

Facts = dict[str, Any]

DEGREES = ("high_school", "associate", "bachelor", "master", "doctorate")
RANK = {degree: rank for rank, degree in enumerate(DEGREES)}
_POST_SECONDARY = RANK["associate"]
_BACHELOR = RANK["bachelor"]
_PAID = "program.paid_from_us_source"
TOEIC_VALID_DAYS = 730  # the test's owner reports a score for two years

# What only a verdict may read, never a score: they tell age, sex or military service.
PERSONAL = (
    "candidate.birth_year", "candidate.sex", "candidate.military_status",
    "candidate.permit_expiry", "derived.korean_age_year_minus_birth", "derived.permit_covers_stay",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Study:
    rank: int
    abroad: bool  # outside the United States
    status: str
    ends: date | None


@dataclass(frozen=True, slots=True)
class History:
    """What of a candidate's study and work the facts of a pair depend on."""

    studies: tuple[Study, ...]
    jobs: tuple[tuple[date, date | None], ...]  # related, outside the United States
    school: tuple[tuple[date, date | None], ...]  # full-time study
    any_work: bool
    majors: frozenset[str]
    maybe: tuple[tuple[date, date | None], ...] = ()  # abroad, not said whether related

    @property
    def could_count(self) -> tuple[tuple[date, date | None], ...]:
        """The jobs that are related experience outside the United States, or may be."""
        return self.jobs + self.maybe

    def at(self, start: date | None, *, day: date) -> Facts:
        """The facts that hold for a program that starts on `start` (None: not known)."""
        facts: Facts = {}
        facts.update(self._intern(start, day))
        facts.update(self._trainee(start, day))
        facts.update(self._degree(start))
        return facts

    def _intern(self, start: date | None, day: date) -> Facts:
        """22 CFR 62.22(d)(3). On leave is unknown: the school must confirm full-time enrolment."""
        abroad = [s for s in self.studies if s.abroad and s.rank >= _POST_SECONDARY]
        if not self.studies:
            return {}
        if not abroad:
            return {"candidate.intern_track": "none"}
        found: Facts = {}
        graduations = [
            s.ends for s in abroad if s.ends and s.status in ("graduated", "enrolled")
            and (s.status == "graduated" or (start is not None and s.ends < start))
        ]
        if graduations:
            found["candidate.graduation_date"] = max(graduations)
        for study in abroad:
            still = study.ends is None or (study.ends >= (start or day))
            if study.status == "enrolled" and still:
                if start is not None and study.ends is None and months_between(day, start) > 24:
                    return found  # nobody can say whether they study until then
                found["candidate.intern_track"] = "enrolled_fulltime_outside_us"
                return found
        if any(study.status == "leave" for study in abroad):
            return found
        if any(s.status == "graduated" and s.ends is None for s in abroad):
            return found
        last = found.get("candidate.graduation_date")
        if last is None:
            if any(study.status == "enrolled" for study in abroad):
                return found
            found["candidate.intern_track"] = "none"  # left every school without a degree
        elif start is not None:
            recent = months_between(last, start) <= 12
            found["candidate.intern_track"] = (
                "graduated_within_12_months_of_start" if recent else "none"
            )
        elif months_between(last, day) > 12:  # a start cannot lie before today
            found["candidate.intern_track"] = "none"
        return found

    def _trainee(self, start: date | None, day: date) -> Facts:
        """22 CFR 62.22(d)(2). Months are those proven today; where a job that goes on, one beside
        full-time study, or one not said to be related could turn the answer, it is left open."""
        if not self.any_work:
            return {}
        proven = _months(self.jobs, until=day, without=self.school)
        possible = _months(self.could_count, until=max(start, day) if start else day)
        if start is None and any(last is None for _first, last in self.could_count):
            possible = 10_000
        degree = self._foreign_degree(start)
        found: Facts = {}
        steps = (12,) if degree else (12, 60)
        if not any(proven < step <= possible for step in steps):
            found["candidate.related_experience_outside_us_months"] = proven
        if degree and proven >= 12:
            found["candidate.trainee_track"] = "foreign_degree_or_prof_cert_plus_1yr"
        elif proven >= 60:
            found["candidate.trainee_track"] = "five_years_experience"
        elif possible < 12 or (degree is False and possible < 60):
            found["candidate.trainee_track"] = "none"
        return found

    def _foreign_degree(self, start: date | None) -> bool | None:
        abroad = [s for s in self.studies if s.abroad and s.rank >= _POST_SECONDARY]
        if any(study.status == "graduated" for study in abroad):
            return True
        if not self.studies or any(_may_finish(study, start) for study in abroad):
            return None
        return False

    def _degree(self, start: date | None) -> Facts:
        high = [study for study in self.studies if study.rank >= _BACHELOR]
        enrolled = [
            s for s in self.studies if s.abroad and s.rank >= _POST_SECONDARY
            and s.status == "enrolled"
        ]
        found: Facts = {}
        if any(study.status == "graduated" for study in high):
            found["candidate.has_degree_bachelor_or_higher"] = True
        elif self.studies and not any(_may_finish(study, start) for study in high):
            found["candidate.has_degree_bachelor_or_higher"] = False
        if any(s.ends is None or start is None or s.ends >= start for s in enrolled):
            found["candidate.enrolled_degree_outside_us"] = True
        elif self.studies and not any(s.status in ("enrolled", "leave") for s in self.studies):
            found["candidate.enrolled_degree_outside_us"] = False
        return found

    def field(self, asked: frozenset[str], start: date | None) -> Facts:
        """Where a stated major is one that the host asks for. Another major is not a "no"."""
        if not asked & self.majors:
            return {}
        found: Facts = {
            "program.field_matches_academic_field": True,
            "program.related_to_major": True,
        }
        ranks = [s.rank for s in self.studies if s.status == "graduated"]
        if ranks and max(ranks) >= _BACHELOR:
            higher = max(ranks) > _BACHELOR
            found["candidate.degree"] = "higher" if higher else "bachelor_specific_specialty"
        return found


def _may_finish(study: Study, start: date | None) -> bool:
    if study.status not in ("enrolled", "leave"):
        return False
    return study.ends is None or start is None or study.ends <= start


def _months(
    periods: Iterable[tuple[date, date | None]],
    *,
    until: date,
    without: Iterable[tuple[date, date | None]] = (),
) -> int:
    """Full months (of 30.44 days) covered by `periods` until `until`, each day counted once."""
    total = 0
    barred = _merged(without, until)
    for first, last in _merged(periods, until):
        days = (last - first).days + 1
        for off, back in barred:
            days -= max(0, (min(last, back) - max(first, off)).days + 1)
        total += max(0, days)
    return int(total / 30.4375 + 0.05)


def _merged(periods: Iterable[tuple[date, date | None]], until: date) -> list[tuple[date, date]]:
    merged: list[tuple[date, date]] = []
    for first, last in sorted((a, min(b or until, until)) for a, b in periods):
        if last < first:
            continue
        if merged and first <= merged[-1][1] + timedelta(days=1):
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return merged


def experience_months(candidate: Any, *, day: date) -> int | None:
    """Months of work anywhere, without what is said to be of another field; None where no work is
    stated. It is for the score; what the law counts is in `History`."""
    works = list(candidate.works.all())
    if not works:
        return None
    return _months(((w.started_on, w.ended_on) for w in works if w.related is not False), until=day)


@lru_cache(maxsize=20_000)
def majors_in(text: str) -> frozenset[str]:
    """Taxonomy ids of the fields of study named in `text`."""
    return frozenset(found.id for found in taxonomy.find_majors(text)) if text else frozenset()


def history(candidate: Any) -> History:
    studies = list(candidate.educations.all())
    works = list(candidate.works.all())
    return History(
        studies=tuple(
            Study(RANK.get(s.degree, 0), s.country != "US", s.status, s.ended_on) for s in studies
        ),
        jobs=_abroad(w for w in works if w.related),
        maybe=_abroad(w for w in works if w.related is None),
        school=tuple(
            (s.started_on, s.ended_on) for s in studies
            if s.started_on and RANK.get(s.degree, 0) >= _POST_SECONDARY
        ),
        any_work=bool(works),
        majors=frozenset().union(*(majors_in(s.major) for s in studies)) if studies
        else frozenset(),
    )


def _abroad(works: Iterable[Any]) -> tuple[tuple[date, date | None], ...]:
    return tuple((w.started_on, w.ended_on) for w in works if w.country != "US")


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
    return _filled(
        stated, program.rule_facts, program.organization.rule_facts,
        without=said_by_duties(program),
    )  # fmt: skip


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


def pair_facts(candidate: Any, program: Any, *, day: date) -> Facts:
    """All that is known of the pair on `day`."""
    past = history(candidate)
    return joined(
        candidate_facts(candidate, day=day), past, program_facts(program), asked_majors(program),
        day=day,
    )


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
