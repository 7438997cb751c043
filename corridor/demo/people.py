"""People of the demo: hand-written profiles, and others composed from each sector's fragments.

Composition is seeded by the person's number, so a person stays the same when others are added.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from corridor.demo import content
from corridor.demo.composing import MAJORS_OF, composed
from corridor.rules.derived import add_months

AT_SCHOOL = re.compile("동아리|자작차|학부연구생|조교|과정 연구원")
CARD_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


@dataclass
class Person:
    """One sample person: fields of the user and the candidate, and rows of the profile's parts."""

    user: dict[str, Any]
    candidate: dict[str, Any]
    educations: list[dict[str, Any]] = field(default_factory=list)
    works: list[dict[str, Any]] = field(default_factory=list)
    credentials: list[dict[str, Any]] = field(default_factory=list)
    languages: list[dict[str, Any]] = field(default_factory=list)
    sign_in: str = ""


def people(day: date) -> Iterator[Person]:
    """Everybody of the demo: those who can sign in, the hand-written, the composed."""
    number = 0
    for said in content.read("sign_in_people"):
        number += 1
        yield _person(number, said, said["sector"], day)
    for sector, parts in content.by_sector("people").items():
        for said in parts["profiles"]:
            number += 1
            yield _person(number, said, sector, day)
    for sector, parts in content.by_sector("people").items():
        for walk, many in parts["share"].items():
            for index in range(many):
                number += 1
                said = composed(Random(f"{sector}/{walk}/{index}"), sector, walk)
                yield _person(number, said, sector, day)


def _person(number: int, said: Mapping[str, Any], sector: str, day: date) -> Person:
    rng = Random(f"person {number}")
    walk, names = said["walk"], content.read("names")
    name, roman, sex = _name(rng, said)
    abroad = walk == "student" and said["degree"] == "bachelor" and rng.random() < 0.08
    abroad = abroad and "sign_in" not in said
    toeic = said.get("toeic", _toeic(rng, walk))
    educations = _educations(rng, said, sector, day, abroad)
    born = _birth_year(rng, said, educations[0], sex, day)
    candidate: dict[str, Any] = {
        "walk": walk,
        "card_code": "".join(Random(f"card {number}").choices(CARD_LETTERS, k=8)),
        "headline": said["headline"],
        "about": said["about"].strip(),
        "skills_text": said["skills"].strip(),
        "research_interests": said.get("interests", ""),
        "city": said.get("city") or rng.choice(names["us_cities" if abroad else "cities"]),
        "nationality": "KR",
        "us_status": "F-1" if abroad else "none" if rng.random() < 0.8 else "",
        "birth_date": date(born, rng.randint(1, 12), rng.randint(1, 28)),
        "sex": sex,
        "military_status": _service(rng, sex, day.year - born),
        "sectors": [sector, *_second_sector(rng, sector)],
        "visibility": "findable" if said.get("findable") or rng.random() < 0.45 else "private",
        "rule_facts": said.get("facts") or _facts(rng, walk, toeic, educations[0], day),
        "is_sample": True,
        "source": "demo",
        "source_id": f"person-{number}",
        **_wishes(rng, said, walk, sector, day),
    }
    return Person(
        user={
            "email": said.get("email") or f"person{number:04d}@people.demo.example",
            "name": f"{name}(견본)",
            "name_roman": f"{roman} (Sample)",
            "language": "en" if re.match(r"[A-Za-z ,.'-]+$", said["headline"]) else "ko",
        },
        candidate=candidate,
        educations=educations,
        works=_dated_works(rng, said, day, sector, educations[0]["institution"]),
        credentials=[_credential(rng, line, day) for line in said.get("certs", [])],
        languages=_languages(rng, said, toeic, day),
        sign_in=said.get("sign_in", ""),
    )


def _name(rng: Random, said: Mapping[str, Any]) -> tuple[str, str, str]:
    names = content.read("names")
    sex = said.get("sex") or ("M" if rng.random() < _men(said["walk"]) else "F")
    family, family_roman = rng.choice(names["family"])
    given, given_roman = rng.choice(names["men" if sex == "M" else "women"])
    if "name" in said:
        return said["name"][0], said["name"][1], sex
    return family + given, f"{given_roman} {family_roman}", sex


def _men(walk: str) -> float:
    return {"technician": 0.82, "researcher": 0.58}.get(walk, 0.52)


def _birth_year(
    rng: Random, said: Mapping[str, Any], study: Mapping[str, Any], sex: str, day: date
) -> int:
    """From the latest degree: men's studies end some two years later, for the service."""
    if "age" in said:
        return day.year - int(said["age"])
    usual = {"high_school": 18, "associate": 20, "bachelor": 23, "master": 26, "doctorate": 30}
    later = rng.choice([1, 2, 2]) if sex == "M" and study["degree"] != "high_school" else 0
    return int(study["ended_on"].year) - usual[study["degree"]] - later - rng.choice([0, 0, 1])


def _service(rng: Random, sex: str, age: int) -> str:
    if sex == "F":
        return "not_subject"
    return rng.choices(["completed", "exempt", "not_completed"], [8 if age > 23 else 4, 1, 2])[0]


def _toeic(rng: Random, walk: str) -> int | None:
    have, low, high = {
        "student": (0.7, 560, 960), "graduate": (0.75, 600, 970),
        "technician": (0.35, 330, 760), "researcher": (0.6, 720, 985),
    }[walk]  # fmt: skip
    return rng.randrange(low, high, 5) if rng.random() < have else None


def _second_sector(rng: Random, sector: str) -> list[str]:
    near = content.read("names")["near_sectors"].get(sector, [])
    return [rng.choice(near)] if near and rng.random() < 0.45 else []


def _wishes(
    rng: Random, said: Mapping[str, Any], walk: str, sector: str, day: date
) -> dict[str, Any]:
    kinds = {
        "student": ["internship", "joint_curriculum", "training", "apprenticeship"],
        "graduate": ["internship", "training", "apprenticeship", "startup"],
        "technician": ["dispatch", "apprenticeship", "training"],
        "researcher": ["joint_research", "startup"],
    }[walk]
    chosen = said.get("kinds") or kinds[: rng.choice([1, 2, 2, 3])]
    starts = add_months(day, said.get("free_in", rng.randint(1, 9))).replace(day=1)
    least, most = {"student": (2, 12), "graduate": (6, 18), "technician": (1, 12),
                   "researcher": (6, 24)}[walk]  # fmt: skip
    hubs = content.read("names")["hubs_by_sector"][sector]
    answered = "kinds" in said or rng.random() < 0.85
    return {
        "kinds": chosen if answered else [],
        "hubs": said.get("hubs") or (rng.sample(hubs, min(len(hubs), rng.choice([0, 0, 1, 2])))),
        "available_from": starts if answered else None,
        "available_until": add_months(starts, rng.choice([14, 20, 26]))
        if answered and rng.random() < 0.3
        else None,
        "min_months": least if answered and rng.random() < 0.6 else None,
        "max_months": said.get("max_months") or (most if answered else None),
    }


def _educations(
    rng: Random, said: Mapping[str, Any], sector: str, day: date, abroad: bool
) -> list[dict[str, Any]]:
    degree, walk = said["degree"], said["walk"]
    names = content.read("names")
    years = {"high_school": 3, "associate": 2, "bachelor": 4, "master": 2, "doctorate": 5}[degree]
    majors = content.read(f"people/{sector}")["majors"][MAJORS_OF.get(degree, degree)]
    enrolled = said.get("enrolled", walk == "student")
    if enrolled:
        ends = date(day.year + _years_left(rng, said, years) + (day.month > 2), 2, 20)
        status = "leave" if rng.random() < 0.12 else "enrolled"
    else:
        ago = 1 + sum(work["months"] + 3 for work in said.get("works", []))
        if walk == "graduate":
            ago = max(ago, said.get("graduated_ago", rng.choice([3, 5, 9, 12, 17, 22])))
        last = add_months(day, -ago - (1 if walk == "graduate" else 3))
        ends = date(last.year, 2 if last.month < 8 else 8, 20)
        status = "graduated"
    school = names["schools"]["us" if abroad else degree]
    made = [{
        "institution": said.get("school") or rng.choice(school),
        "country": "US" if abroad else "KR",
        "degree": degree,
        "major": said.get("major") or _major(rng, majors, said["headline"]),
        "status": said.get("status", status),
        "started_on": date(ends.year - years, 3, 2),
        "ended_on": ends,
        "is_accredited_engineering": rng.choice([True, None, None, False])
        if degree == "bachelor" else None,
    }]  # fmt: skip
    if degree in {"master", "doctorate"}:
        first = ends.year - years
        made.append({
            "institution": rng.choice(names["schools"]["bachelor"]),
            "country": "KR",
            "degree": "bachelor",
            "major": rng.choice(content.read(f"people/{sector}")["majors"]["bachelor"]),
            "status": "graduated",
            "started_on": date(first - 4, 3, 2),
            "ended_on": date(first, 2, 20),
            "is_accredited_engineering": rng.choice([True, None]),
        })  # fmt: skip
    return made


def _years_left(rng: Random, said: Mapping[str, Any], years: int) -> int:
    """Full years of study after this one, by the year of study where the person tells it."""
    told = re.search(r"([1-5])(?:학년|년차)", said["headline"])
    grade = said.get("grade") or (int(told[1]) if told else None)
    return max(0, years - grade) if grade else rng.choice([0, 1])


def _major(rng: Random, majors: list[str], headline: str) -> str:
    """The major that the headline begins with, or any of the sector's."""
    first = {"컴공": "컴퓨", "화공": "화학"}.get(headline[:2], headline[:2])
    return next((major for major in majors if major.startswith(first)), rng.choice(majors))


def _dated_works(
    rng: Random, said: Mapping[str, Any], day: date, sector: str, school: str
) -> list[dict[str, Any]]:
    """Works end where the next begins; the last one goes on, unless the person is between jobs.
    What students do in clubs and laboratories is done at their school."""
    employers = content.read(f"people/{sector}")["employers"]
    between = said["walk"] in {"student", "graduate"} or rng.random() < 0.15
    until = add_months(day, -rng.randint(1, 5)) if between else None
    made = []
    for work in said.get("works", []):
        ended = until or day
        started = add_months(ended, -work["months"])
        made.append({
            "employer": work.get("employer")
            or (school if AT_SCHOOL.search(work["job"]) else rng.choice(employers)),
            "title": work["job"],
            "country": work.get("country", "KR"),
            "started_on": started,
            "ended_on": until,
            "description": work["did"],
            "related": work.get("related", True),
        })  # fmt: skip
        until = started - timedelta(days=rng.choice([1, 1, 30, 61]))
    return made


def _credential(rng: Random, line: str, day: date) -> dict[str, Any]:
    """`name=credential id of the rules`, or a name that the rules do not know."""
    name, _equals, ref = line.partition("=")
    known = rng.random() < 0.8
    return {
        "name": name,
        "credential_id": ref,
        "issued_on": day - timedelta(days=rng.randint(90, 3200)) if known else None,
    }


def _languages(
    rng: Random, said: Mapping[str, Any], toeic: int | None, day: date
) -> list[dict[str, Any]]:
    made = []
    if toeic is not None:
        taken = day - timedelta(days=rng.randint(30, 800))
        made.append({"test": "toeic", "score": Decimal(toeic), "taken_on": taken})
        if toeic > 800 and rng.random() < 0.4:
            level = rng.choice(["IM3", "IH", "IH", "AL"])
            made.append({"test": "opic", "level": level, "taken_on": taken})
    if said["walk"] == "researcher" and rng.random() < 0.3:
        made.append({"test": "toefl", "score": Decimal(rng.randint(84, 114)),
                     "taken_on": day - timedelta(days=rng.randint(60, 700))})  # fmt: skip
    return made


def _facts(
    rng: Random, walk: str, toeic: int | None, study: Mapping[str, Any], day: date
) -> dict[str, Any]:
    """Answers to the rules' questions: a third answered nothing, a third some, a third all."""
    answers: dict[str, Any] = {
        "candidate.residence_abroad": True,
        "candidate.vwp_disqualified_travel_or_dual_nationality": rng.random() < 0.03,
        "candidate.english_verified": True if toeic and toeic >= 700 else None,
    }
    korean_college = study["degree"] != "high_school" and study["country"] == "KR"
    if walk in {"student", "graduate"} and korean_college:
        answers["candidate.institution_ministerially_recognized"] = True
        answers["candidate.years_since_last_trainee_program"] = 99
    if walk == "student" and korean_college:
        semesters = (day - study["started_on"]).days // 182
        answers["candidate.korean_university_semesters"] = min(semesters, 8)
    if walk == "technician":
        answers["candidate.specialized_knowledge_for_contract"] = rng.random() < 0.8
        answers["candidate.employer"] = rng.choice(["seller_or_its_contractor_documented", None])
        answers["candidate.specialized_knowledge"] = rng.random() < 0.6
        answers["candidate.employed_and_paid_by_foreign_firm"] = True
    if walk == "researcher":
        answers["candidate.tenure_track_candidate"] = False
        answers["candidate.j_status_in_prior_12_months"] = rng.random() < 0.08
        recent = "candidate.completed_professor_or_rs_program_within_24_months"
        answers[recent] = rng.random() < 0.05
        answers["candidate.profile"] = "research_scholar"
    answers = {name: value for name, value in answers.items() if value is not None}
    roll = rng.random()
    if roll < 0.33:
        return {}
    if roll < 0.66:
        return {name: value for name, value in answers.items() if rng.random() < 0.5}
    return answers
