"""What people of the demo wrote, composed from each sector's fragments.

A composed profile has the shape of a hand-written one in data/people/*.yaml.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from random import Random
from typing import Any

from corridor.demo import content

ACRONYMS = re.compile(r"\b(PLC|HMI|ALD|CVD|SPC|MES|CAD|NDT)\b")
DEGREE_KO = {"master": "석사", "doctorate": "박사"}
# Which list of majors a degree is taken from, where it is not the degree's own name.
MAJORS_OF = {"doctorate": "graduate_school", "master": "graduate_school"}


def composed(rng: Random, sector: str, walk: str) -> dict[str, Any]:
    """A profile in the shape of a hand-written one, from fragments of the sector."""
    parts, frames = content.read(f"people/{sector}"), content.read("frames")
    english = rng.random() < (0.12 if walk == "researcher" else 0.06)
    if walk == "researcher":
        degree = rng.choice(["doctorate", "doctorate", "master"])
    elif walk == "technician":
        degree = rng.choice(["high_school", "associate", "associate", "bachelor"])
    elif english:
        degree = "bachelor"
    else:
        degree = rng.choices(["bachelor", "associate", "high_school"], [7, 2, 0.6])[0]
    months = {
        "student": rng.choice([0, 0, 2, 4, 6, 12]),
        "graduate": rng.choice([0, 3, 7, 13, 14, 18, 26]),
        "technician": rng.randint(20, 190),
        "researcher": rng.randint(14, 90),
    }[walk]
    if walk == "student" and degree == "high_school":
        months = 0
    fill = _fillings(rng, parts, sector, walk, degree, months)
    enrolled = walk == "student" or (walk == "researcher" and rng.random() < 0.25)
    if walk == "researcher" and enrolled:  # works at the school that teaches them
        fill["job"] = f"{fill['degree_ko']}과정 연구원"
        months = min(months, 40 if degree == "doctorate" else 18)
    said: dict[str, Any] = {
        "walk": walk,
        "degree": degree,
        "grade": fill["grade"] if walk == "student" else None,
        "major": fill["major"],
        "headline": _line(rng, frames["headline"][f"{walk}_en" if english else walk], fill),
        "enrolled": enrolled,
        "certs": _certs(rng, parts["certs"], walk, degree),
        "works": _works(rng, parts, walk, months, fill, english),
    }
    if english:
        said["about"] = _line(rng, frames["about"]["en"], fill)
        said["skills"] = ", ".join(rng.sample(parts["equipment_en"], 3))
        said["interests"] = fill["topic_en"] if walk == "researcher" else ""
        said["toeic"] = rng.randrange(850, 991, 5)
        return said
    sparse = rng.random() < (0.2 if walk == "student" else 0.08)
    said["about"] = "" if sparse and rng.random() < 0.5 else _about(rng, frames, walk, fill, sparse)
    said["skills"] = _skills(rng, _gear(parts, walk), sparse)
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
    gear, gear2 = rng.sample(_gear(parts, walk), 2)
    return {
        "major": rng.choice(majors[MAJORS_OF.get(degree, degree)]),
        "major_en": rng.choice(["engineering", "mechanical engineering", "materials science"]),
        "field": _field_name(sector),
        "grade": rng.choice({"bachelor": [3, 4, 4], "associate": [1, 2]}.get(degree, [3])),
        "degree_ko": DEGREE_KO.get(degree, ""),
        "months": max(months, 3),
        "years": max(1, months // 12),
        "papers": rng.choice([1, 2, 2, 3, 4, 6]),
        "job": rng.choice(_jobs(parts, walk)),
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


def _jobs(parts: Mapping[str, Any], walk: str) -> list[str]:
    """Titles of a walk's jobs, but for those that only a person still studying has."""
    return [job for job in parts["jobs"].get(walk, [""]) if "과정" not in job]


def _gear(parts: Mapping[str, Any], walk: str) -> list[str]:
    """What people of a walk handle: those who study, the laboratory's; others, the floor's."""
    lab, floor = list(parts["lab"]), list(parts["floor"])
    return {
        "student": lab + floor[:4], "graduate": lab + floor, "technician": floor, "researcher": lab,
    }[walk]  # fmt: skip


def _skills(rng: Random, equipment: list[str], sparse: bool) -> str:
    chosen = rng.sample(equipment, min(2 if sparse else rng.randint(4, 9), len(equipment)))
    style = rng.randrange(4)
    if style == 3:
        return "\n".join(f"- {one}" for one in chosen)
    return [", ", " / ", ","][style].join(chosen)


def _works(
    rng: Random,
    parts: Mapping[str, Any],
    walk: str,
    months: int,
    fill: Mapping[str, Any],
    english: bool,
) -> list[dict[str, Any]]:
    if months == 0:
        return []
    if walk == "student":
        job, did = rng.choice(parts["student_works"])
        return [{
            "job": job, "months": months,
            "did": rng.choice(parts["did_en"]["student"]) if english else did,
        }]  # fmt: skip
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
            "job": fill["job"] if number == 0 else rng.choice(_jobs(parts, walk)),
            "months": span,
            "did": rng.choice(parts["did_en"][walk]) if english else text,
        })  # fmt: skip
    return made


def _certs(rng: Random, known: list[str], walk: str, degree: str) -> list[str]:
    """Some of a sector's certificates; 기사 needs a four-year course, 산업기사 a two-year one."""
    beyond = {"high_school": ("기사",), "associate": ("기사",)}.get(degree, ())
    if walk == "student" and degree != "bachelor":
        fits = [one for one in known if "기사=" not in one]
    elif degree == "associate":
        fits = [one for one in known if "산업기사" in one or "기사=" not in one]
    else:
        fits = [one for one in known if not any(word in one for word in beyond)]
    weights = {"technician": [1, 4, 3, 1], "graduate": [4, 4, 1, 0], "student": [6, 3, 1, 0]}
    many = rng.choices(range(4), weights.get(walk, [8, 2, 0, 0]))[0]
    return rng.sample(fits, min(many, len(fits)))


def _slip(rng: Random, text: str) -> str:
    """Now and then what hurried typing leaves: a lost space, a lower-case acronym, two dots."""
    roll = rng.random()
    if roll < 0.12:
        gaps = [match.start() for match in re.finditer(r"(?<=[가-힣]) (?=[가-힣])", text)]
        if gaps:
            at = rng.choice(gaps)
            return text[:at] + text[at + 1 :]
    elif roll < 0.18:
        return ACRONYMS.sub(lambda found: found[0].lower(), text, count=1)
    elif roll < 0.22:
        return text.replace("습니다.", "습니다..", 1)
    elif roll < 0.25:
        return text.replace("경험이 있습니다", "경험 있슴니다", 1)
    return text
