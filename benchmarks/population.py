"""A made-up population for benchmarks/rules.py: the same for the same seed.

The shares are guesses at what a national platform would hold (students, graduates, technicians and
researchers, most of them Korean), and a large part of every fact is unknown, as in real profiles.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor import rules
from corridor.rules.checks import leaves
from corridor.rules.columns import Column, FactTable
from corridor.rules.crossed import Given, by_class
from corridor.rules.derived import months_between

WALKS = {"student": 0.52, "graduate": 0.22, "technician": 0.18, "researcher": 0.08}
KINDS = {
    "internship": 0.42, "dispatch": 0.18, "joint_research": 0.13, "training": 0.10,
    "apprenticeship": 0.07, "joint_curriculum": 0.05, "startup": 0.05,
}  # fmt: skip
ACTIVITIES = {
    "internship": ["internship"],
    "dispatch": [
        "install_service_repair_foreign_equipment", "train_us_workers_on_foreign_equipment",
        "supervise_construction", "building_or_construction_hands_on", "production_work",
    ],
    "joint_research": ["independent_research", "consultation", "conference"],
    "training": ["training", "internship"],
    "startup": ["investor_scouting", "negotiation"],
}  # fmt: skip
KNOWN = {"candidate": 0.6, "host": 0.7, "school": 0.35, "authority": 0.25}  # by who can answer
Rng = np.random.Generator


class Columns:
    """Facts of `size` rows, drawn column by column."""

    def __init__(self, rng: Rng, size: int) -> None:
        self.rng, self.size = rng, size
        self.care = rng.beta(2, 2, size)  # how complete a profile or posting is
        self.columns: dict[str, Column] = {}

    def put(self, fact: str, values: Sequence[Any], drawn: NDArray[Any], known: Any) -> None:
        """`drawn`: places in `values`; `known`: the share of rows that say it, or a mask."""
        mask = known if isinstance(known, np.ndarray) else self.rng.random(self.size) < known
        codes = np.where(mask, drawn + 1, 0)
        width = np.uint8 if len(values) < 255 else np.uint16
        self.columns[fact] = Column(codes.astype(width), (None, *values))

    def choose(self, fact: str, shares: Mapping[Any, float], known: Any) -> None:
        weights = np.array(list(shares.values()))
        drawn = self.rng.choice(len(shares), self.size, p=weights / weights.sum())
        self.put(fact, list(shares), drawn, known)

    def table(self) -> FactTable:
        return FactTable(self.size, self.columns)

    def rest(self, day: date, ours: bool) -> None:
        """Every other fact that verdicts read on `day`: by its type, known as often as those who
        can answer it usually do. Three answers in four are what some rule asks for."""
        asked: dict[str, Any] = {}
        for pathway in rules.pathways():
            for requirement in pathway.requirements_on(day):
                for leaf in leaves(requirement.check):
                    wanted = leaf.value[0] if isinstance(leaf.value, tuple) else leaf.value
                    asked.setdefault(leaf.fact, wanted)
        for fact in rules.signature(day=day):
            spec = rules.facts()[fact]
            mine = fact.startswith("candidate.") or (
                fact.startswith("derived.") and spec.who != "host"
            )
            if fact in self.columns or mine is not ours or fact in FOLLOWING:
                continue
            known = self.rng.random(self.size) < KNOWN[spec.who] + self.care - 0.5
            match spec.type:
                case "yes_no":
                    self.choose(fact, {asked[fact]: 0.75, not asked[fact]: 0.25}, known)
                case "choice":
                    others = dict.fromkeys(spec.choices, 0.25 / (len(spec.choices) - 1))
                    self.choose(fact, {**others, asked[fact]: 0.75}, known)
                case "number":
                    top = int(min(spec.maximum, 60))
                    self.put(fact, range(top + 1), self.rng.integers(0, top + 1, self.size), known)


FOLLOWING = {  # from other facts, or made for each pair below
    "derived.months_between_graduation_and_start", "derived.korean_age_year_minus_birth",
    "derived.permit_covers_stay", "derived.target_start", "candidate.intern_track",
    "derived.months_employed_abroad_qualifying_org_in_last_36",
}  # fmt: skip


def people(size: int, day: date, seed: int) -> tuple[FactTable, NDArray[Any], list[Any]]:
    """The candidates; and for `intern_tracks` the class of each and what each class is:
    (status, last day of study)."""
    rng = np.random.default_rng(seed)
    made = Columns(rng, size)
    walk = rng.choice(len(WALKS), size, p=list(WALKS.values()))
    student = walk == 0
    made.choose("candidate.nationality", {
        "KR": 94, "US": 0.6, "CA": 0.3, "AU": 0.2, "VN": 1.4, "CN": 1.6, "UZ": 0.5, "MN": 0.4,
        "ID": 0.3, "IN": 0.4, "PH": 0.3,
    }, 0.97)  # fmt: skip
    man = rng.random(size) < 0.56
    made.put("candidate.sex", ["M", "F"], np.where(man, 0, 1), 0.65)
    age = np.clip(rng.normal(np.array([22.5, 26, 38, 33])[walk], [2, 2.5, 9, 6][0] + walk), 18, 66)
    made.put("candidate.birth_year", range(day.year - 66, day.year - 17),
             (66 - age).astype(int), 0.7)  # fmt: skip
    served = np.where(rng.random(size) < np.clip((age - 19) / 6, 0.05, 0.93), 0, 4)
    choices = list(rules.facts()["candidate.military_status"].choices)
    made.put("candidate.military_status", choices, np.minimum(served, len(choices) - 1),
             man & (rng.random(size) < 0.6))  # fmt: skip
    permits = [day + timedelta(days=n) for n in range(30, 1500)]
    made.put("candidate.permit_expiry", permits, rng.integers(0, len(permits), size),
             man & (rng.random(size) < 0.04))  # fmt: skip
    # Who works for the seller abroad: most began on the first of a month and are still there.
    firsts = [date(day.year - n // 12, n % 12 + 1, 1) for n in range(12, 180)]
    spells = [((first, None),) for first in firsts] + [
        ((first, first + timedelta(days=days)),) for first in firsts for days in range(60, 1500, 30)
        if first + timedelta(days=days) < day
    ]  # fmt: skip
    made.put("candidate.qualifying_employment_abroad", spells,
             np.where(rng.random(size) < 0.8, rng.integers(0, len(firsts), size),
                      rng.integers(0, len(spells), size)), (walk > 1) & (rng.random(size) < 0.2))
    made.put("candidate.toeic", range(300, 995, 5),
             np.clip(rng.normal(90, 28, size), 0, 138).astype(int), 0.45)  # fmt: skip
    made.put("candidate.korean_university_semesters", range(13),
             np.clip(rng.normal(5, 2, size), 0, 12).astype(int), student)  # fmt: skip
    made.choose("candidate.us_status", {
        "none": 93, "F-1": 3, "F-1_post_completion_OPT": 1, "J-1": 1.5, "B-1": 0.5, "other": 1,
    }, 0.7)  # fmt: skip
    made.put("candidate.related_experience_outside_us_months", range(361),
             np.clip(rng.exponential(np.array([2, 14, 110, 60])[walk]), 0, 360).astype(int),
             0.55)  # fmt: skip
    made.choose("candidate.west_selected", {True: 0.01, False: 0.99}, 0.8)
    made.choose("candidate.admitted_us_institution", {True: 0.04, False: 0.96}, 0.5)
    classes = [(status, day + timedelta(days=n)) for status in ("enrolled", "graduated")
               for n in range(-3000, 1500)]  # fmt: skip
    # Korean terms end in February and August; a tenth of the days are others.
    since = np.where(student, rng.integers(0, 1500, size), -rng.integers(0, 3000, size))
    usual = rng.random(size) < 0.9
    since = np.where(usual, since // 182 * 182 + since % 182 // 14, since)
    study = np.where(student, 0, 4500) + since + 3000
    study[rng.random(size) < 0.25] = len(classes)
    graduated = (study >= 4500) & (study < len(classes))
    made.put("candidate.graduation_date", [last for _, last in classes[4500:]],
             np.clip(study - 4500, 0, 4499), graduated)  # fmt: skip
    made.rest(day, ours=True)
    return made.table(), study, [*classes, None]


def programs(size: int, day: date, seed: int) -> tuple[FactTable, NDArray[Any], list[date]]:
    """The programs, the kind of each (its place in rules.KINDS), and each one's start."""
    rng = np.random.default_rng(seed + 1)
    made = Columns(rng, size)
    kind = rng.choice([rules.KINDS.index(name) for name in KINDS], size, p=list(KINDS.values()))
    ahead = rng.integers(20, 560, size)
    ahead = np.where(rng.random(size) < 0.6, ahead // 14 * 14, ahead)
    starts = [day + timedelta(days=n) for n in range(561)]
    made.put("program.start_date", starts, ahead, 0.85)
    short = kind == rules.KINDS.index("dispatch")
    made.put("program.duration_months", [1, 2, 3, 4, 6, 9, 12, 18, 24, 36],
             rng.choice(10, size, p=[.04, .1, .12, .06, .22, .08, .2, .1, .05, .03]),
             ~short & (rng.random(size) < 0.9))  # fmt: skip
    made.put("program.duration_days", range(5, 366), rng.integers(0, 361, size) // 5 * 5,
             short & (rng.random(size) < 0.9))  # fmt: skip
    activities = list(rules.facts()["program.activity"].choices)
    options = [
        [activities.index(a) for a in ACTIVITIES.get(name, []) if a in activities] or [-1]
        for name in rules.KINDS
    ]
    drawn = np.array([rng.choice(options[at]) for at in kind])
    made.put("program.activity", activities, drawn, (drawn >= 0) & (rng.random(size) < 0.9))
    made.put("program.hours_per_week", range(10, 61),
             np.where(rng.random(size) < 0.7, 30, rng.integers(0, 51, size)), 0.8)  # fmt: skip
    made.put("program.clerical_share_pct", range(0, 101, 5),
             np.clip(rng.exponential(2, size), 0, 20).astype(int), 0.6)  # fmt: skip
    made.choose("program.employer_type", {
        "private_company": 78, "institution_of_higher_education": 12, "nonprofit_research_org": 5,
        "other": 5,
    }, 0.8)  # fmt: skip
    made.choose("program.funding_government", {"private": 80, "korea_government": 17,
                "us_government": 3}, 0.6)  # fmt: skip
    made.choose("derived.enterprise_owned_by_treaty_nationals_pct",
                {100: 0.35, 60: 0.1, 49: 0.1, 0: 0.45}, 0.5)  # fmt: skip
    made.choose("program.uses_staffing_agency", {True: 0.05, False: 0.95}, 0.8)
    made.rest(day, ours=False)
    return made.table(), kind, [*starts]


def intern_tracks(
    study: NDArray[Any], classes: Sequence[Any], table: FactTable
) -> dict[str, Given]:
    """candidate.intern_track of every pair: whether one studies still when the program starts, or
    has graduated within the twelve months before (22 CFR 62.22(d)(3)). Made for each last day of
    study and each start, as a platform does from profiles."""
    starts = table.columns["program.start_date"]
    tracks: list[str | None] = [None, "enrolled_fulltime_outside_us",
                                "graduated_within_12_months_of_start", "none"]  # fmt: skip
    held = np.unique(study)
    used = np.unique(starts.codes)
    which = np.zeros((len(held), len(used)), np.intp)
    for i, at in enumerate(held.tolist()):
        if classes[at] is None:
            continue
        status, last = classes[at]
        for j, code in enumerate(used.tolist()):
            start = starts.values[code]
            if start is None:
                which[i, j] = 1 if status == "enrolled" else 0
            elif status == "enrolled" and last >= start:
                which[i, j] = 1
            else:
                which[i, j] = 2 if months_between(last, start) <= 12 else 3
    return by_class(
        np.searchsorted(held, study).astype(np.uint16),
        np.searchsorted(used, starts.codes).astype(np.uint16),
        which,
        [{} if track is None else {"candidate.intern_track": track} for track in tracks],
    )
