"""What a candidate's study and work tell the rules, for the day on which a program starts.

Read by `facts` alone, which joins it with what else is known of the pair.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from corridor import taxonomy
from corridor.rules.derived import months_between

Facts = dict[str, Any]

DEGREES = ("high_school", "associate", "bachelor", "master", "doctorate")
RANK = {degree: rank for rank, degree in enumerate(DEGREES)}
_POST_SECONDARY = RANK["associate"]
_BACHELOR = RANK["bachelor"]


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
        proven = months(self.jobs, until=day, without=self.school)
        possible = months(self.could_count, until=max(start, day) if start else day)
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


def months(
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
    return months(((w.started_on, w.ended_on) for w in works if w.related is not False), until=day)


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
