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
from corridor.rules.derived import add_months

CARD_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
DEGREE_KO = {"master": "석사", "doctorate": "박사"}
MAJORS_OF = {"doctorate": "graduate_school", "master": "graduate_school"}


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
                said = _composed(Random(f"{sector}/{walk}/{index}"), sector, walk)
                yield _person(number, said, sector, day)


# --- composing what a person wrote -------------------------------------------------------------


def _composed(rng: Random, sector: str, walk: str) -> dict[str, Any]:
    """A profile in the shape of a hand-written one, from fragments of the sector."""
    parts, frames = content.read(f"people/{sector}"), content.read("frames")
    english = rng.random() < (0.12 if walk == "researcher" else 0.06)
    if walk == "researcher":
        degree = rng.choice(["doctorate", "doctorate", "master"])
    elif walk == "technician":
        degree = rng.choice(["high_school", "associate", "associate", "bachelor"])
    else:
        degree = rng.choices(["bachelor", "associate", "high_school"], [7, 2, 0.6])[0]
    months = {
        "student": rng.choice([0, 0, 2, 4, 6, 12]),
        "graduate": rng.choice([0, 3, 7, 13, 14, 18, 26]),
        "technician": rng.randint(20, 190),
        "researcher": rng.randint(14, 90),
    }[walk]
    fill = _fillings(rng, parts, sector, walk, degree, months)
    said: dict[str, Any] = {
        "walk": walk,
        "degree": degree,
        "major": fill["major"],
        "headline": _line(rng, frames["headline"][f"{walk}_en" if english else walk], fill),
        "enrolled": walk == "student" or (walk == "researcher" and rng.random() < 0.25),
        "certs": rng.sample(parts["certs"], _how_many(rng, walk, len(parts["certs"]))),
        "works": _works(rng, parts, walk, months, fill, english),
    }
    if english:
        said["about"] = _line(rng, frames["about"]["en"], fill)
        said["skills"] = ", ".join(rng.sample(parts["equipment_en"], 5))
        said["interests"] = fill["topic_en"] if walk == "researcher" else ""
        said["toeic"] = rng.randrange(850, 991, 5)
        return said
    sparse = rng.random() < (0.2 if walk == "student" else 0.08)
    said["about"] = "" if sparse and rng.random() < 0.5 else _about(rng, frames, walk, fill, sparse)
    said["skills"] = _skills(rng, parts["equipment"], sparse)
    if walk == "researcher":
        said["interests"] = ", ".join(rng.sample(parts["topics"], 2))
    for name in ("headline", "about", "skills"):
        said[name] = _slip(rng, said[name])
    return said


def _fillings(
    rng: Random, parts: Mapping[str, Any], sector: str, walk: str, degree: str, months: int
) -> dict[str, Any]:
    majors = parts["majors"]
    did, did2 = rng.sample(parts["did"][walk], 2)
    gear, gear2 = rng.sample(parts["equipment"], 2)
    return {
        "major": rng.choice(majors[MAJORS_OF.get(degree, degree)]),
        "major_en": rng.choice(["engineering", "mechanical engineering", "materials science"]),
        "field": _field_name(sector),
        "grade": rng.choice([3, 4, 4]) if degree == "bachelor" else rng.choice([1, 2]),
        "degree_ko": DEGREE_KO.get(degree, ""),
        "months": max(months, 3),
        "years": max(1, months // 12),
        "papers": rng.choice([1, 2, 2, 3, 4, 6]),
        "job": rng.choice(parts["jobs"][walk]),
        "did": did,
        "did2": did2,
        "did_en": rng.choice(parts["did_en"][walk]),
        "gear": gear,
        "gear2": gear2,
        "gear_en": rng.choice(parts["equipment_en"]),
        "topic": rng.choice(parts["topics"]),
        "topic_en": rng.choice(parts["topics_en"]),
    }


def _field_name(sector: str) -> str:
    return {
        "semiconductors": "반도체", "batteries": "배터리", "automobiles": "자동차",
        "shipbuilding": "조선", "steel": "철강", "biopharma": "바이오", "power-grid": "전력",
        "water": "수처리", "ports-logistics": "물류", "ai-software": "AI", "robotics": "로봇",
        "aerospace-defense": "항공우주",
    }[sector]  # fmt: skip


def _line(rng: Random, frames: list[str], fill: Mapping[str, Any]) -> str:
    return rng.choice(frames).format(**fill)


def _about(
    rng: Random, frames: Mapping[str, Any], walk: str, fill: Mapping[str, Any], sparse: bool
) -> str:
    pieces = [_line(rng, frames["about"][walk], fill)]
    if sparse:
        return pieces[0]
    pieces += rng.sample(frames["strength"][walk], rng.choice([0, 1, 1, 2]))
    if rng.random() < 0.6:
        pieces.append(rng.choice(frames["wish"][walk]))
    return rng.choice([" ", " ", "\n"]).join(pieces)


def _skills(rng: Random, equipment: list[str], sparse: bool) -> str:
    chosen = rng.sample(equipment, 2 if sparse else rng.randint(4, 9))
    style = rng.randrange(4)
    if style == 3:
        return "\n".join(f"- {one}" for one in chosen)
    return [", ", " / ", ","][style].join(chosen)


def _works(
    rng: Random, parts: Mapping[str, Any], walk: str, months: int, fill: Mapping[str, Any],
    english: bool,
) -> list[dict[str, Any]]:
    if months == 0:
        return []
    did = parts["did"][walk]
    spans = [months]
    if months > 60 and rng.random() < 0.7:
        first = rng.randint(14, months - 20)
        spans = [months - first, first]
    made = []
    for number, span in enumerate(spans):
        told = rng.sample(did, 2)
        text = f"{told[0]}. {told[1]}" if rng.random() < 0.6 else f"- {told[0]}\n- {told[1]}"
        made.append({
            "job": fill["job"] if number == 0 else rng.choice(parts["jobs"][walk]),
            "employer": rng.choice(parts["employers"]),
            "months": span,
            "did": rng.choice(parts["did_en"][walk]) if english else text,
        })  # fmt: skip
    return made


def _how_many(rng: Random, walk: str, most: int) -> int:
    weights = {"technician": [1, 4, 3, 1], "graduate": [4, 4, 1, 0], "student": [6, 3, 1, 0]}
    return min(rng.choices(range(4), weights.get(walk, [8, 2, 0, 0]))[0], most)


def _slip(rng: Random, text: str) -> str:
    """Now and then what hurried typing leaves: a lost space, a lower-case acronym, a doubled dot."""
    roll = rng.random()
    if roll < 0.12:
        gaps = [match.start() for match in re.finditer(r"(?<=[가-힣]) (?=[가-힣])", text)]
        if gaps:
            at = rng.choice(gaps)
            return text[:at] + text[at + 1 :]
    elif roll < 0.18:
        return re.sub(r"\b(PLC|HMI|ALD|CVD|SPC|MES|CAD|NDT)\b", lambda m: m[0].lower(), text, count=1)
    elif roll < 0.22:
        return text.replace("습니다.", "습니다..", 1)
    elif roll < 0.25:
        return text.replace("경험이 있습니다", "경험 있슴니다", 1)
    return text


# --- everything about a person that is not text ------------------------------------------------


def _person(number: int, said: Mapping[str, Any], sector: str, day: date) -> Person:
    rng = Random(f"person {number}")
    walk, degree = said["walk"], said["degree"]
    name, roman, sex = _name(rng, said)
    abroad = walk in {"student", "graduate"} and "sign_in" not in said and rng.random() < 0.05
    toeic = said.get("toeic", _toeic(rng, walk))
    age = said.get("age") or _age(rng, walk, degree)
    educations = _educations(rng, said, sector, day, age, abroad)
    candidate: dict[str, Any] = {
        "walk": walk,
        "card_code": "".join(Random(f"card {number}").choices(CARD_LETTERS, k=8)),
        "headline": said["headline"],
        "about": said["about"].strip(),
        "skills_text": said["skills"].strip(),
        "research_interests": said.get("interests", ""),
        "city": said.get("city") or rng.choice(content.read("names")["cities"]),
        "nationality": "KR",
        "us_status": "F-1" if abroad else "none" if rng.random() < 0.8 else "",
        "birth_date": date(day.year - age, rng.randint(1, 12), rng.randint(1, 28)),
        "sex": sex,
        "military_status": _service(rng, sex, age),
        "sectors": [sector] + _second_sector(rng, sector),
        "visibility": "findable" if said.get("findable") or rng.random() < 0.45 else "private",
        "rule_facts": said.get("facts") or _facts(rng, walk, toeic),
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
        works=_dated_works(rng, said, day, sector),
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


def _age(rng: Random, walk: str, degree: str) -> int:
    low, high = {
        "student": (19, 21) if degree != "bachelor" else (21, 27),
        "graduate": (23, 31),
        "technician": (24, 47),
        "researcher": (27, 41),
    }[walk]
    return rng.randint(low, high)


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
    hubs = [row for row in content.read("names")["hubs_by_sector"][sector]]
    answered = "kinds" in said or rng.random() < 0.85
    return {
        "kinds": chosen if answered else [],
        "hubs": said.get("hubs") or (rng.sample(hubs, min(len(hubs), rng.choice([0, 0, 1, 2])))),
        "available_from": starts if answered else None,
        "available_until": add_months(starts, rng.choice([14, 20, 26])) if rng.random() < 0.3 else None,
        "min_months": least if answered and rng.random() < 0.6 else None,
        "max_months": said.get("max_months") or (most if answered else None),
    }


def _educations(
    rng: Random, said: Mapping[str, Any], sector: str, day: date, age: int, abroad: bool
) -> list[dict[str, Any]]:
    degree, walk = said["degree"], said["walk"]
    names = content.read("names")
    years = {"high_school": 3, "associate": 2, "bachelor": 4, "master": 2, "doctorate": 5}[degree]
    majors = content.read(f"people/{sector}")["majors"][MAJORS_OF.get(degree, degree)]
    enrolled = said.get("enrolled", walk == "student")
    if enrolled:
        ends = date(day.year + rng.choice([0, 1, 1]) + (day.month > 2), 2, 20)
        status = "leave" if rng.random() < 0.12 else "enrolled"
    else:
        ago = max([1, *(work["months"] for work in said.get("works", []))])
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
        "major": said.get("major") or rng.choice(majors),
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


def _dated_works(
    rng: Random, said: Mapping[str, Any], day: date, sector: str
) -> list[dict[str, Any]]:
    """Works end where the next begins; the last one goes on, unless the person is between jobs."""
    employers = content.read(f"people/{sector}")["employers"]
    between = said["walk"] in {"student", "graduate"} or rng.random() < 0.15
    until = add_months(day, -rng.randint(1, 5)) if between else None
    made = []
    for work in said.get("works", []):
        ended = until or day
        started = add_months(ended, -work["months"])
        made.append({
            "employer": work.get("employer") or rng.choice(employers),
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


def _facts(rng: Random, walk: str, toeic: int | None) -> dict[str, Any]:
    """Answers to the rules' questions: a third answered nothing, a third some, a third all."""
    answers: dict[str, Any] = {
        "candidate.residence_abroad": True,
        "candidate.vwp_disqualified_travel_or_dual_nationality": rng.random() < 0.03,
        "candidate.english_verified": True if toeic and toeic >= 700 else None,
    }
    if walk in {"student", "graduate"}:
        answers["candidate.institution_ministerially_recognized"] = True
        answers["candidate.years_since_last_trainee_program"] = 99
    if walk == "student":
        answers["candidate.korean_university_semesters"] = rng.choice([2, 4, 5, 6, 7])
    if walk == "technician":
        answers["candidate.specialized_knowledge_for_contract"] = rng.random() < 0.8
        answers["candidate.employer"] = rng.choice(["seller_or_its_contractor_documented", None])
        answers["candidate.specialized_knowledge"] = rng.random() < 0.6
        answers["candidate.employed_and_paid_by_foreign_firm"] = True
    if walk == "researcher":
        answers["candidate.tenure_track_candidate"] = False
        answers["candidate.j_status_in_prior_12_months"] = rng.random() < 0.08
        answers["candidate.completed_professor_or_rs_program_within_24_months"] = rng.random() < 0.05
        answers["candidate.profile"] = "research_scholar"
    answers = {name: value for name, value in answers.items() if value is not None}
    roll = rng.random()
    if roll < 0.33:
        return {}
    if roll < 0.66:
        return {name: value for name, value in answers.items() if rng.random() < 0.5}
    return answers
