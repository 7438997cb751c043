"""The score of a pair: a weighted sum of parts, computed on whole arrays.

Each part is a fit between 0 and 1; its points are fit x weight; the weights add up to 1, so the
points add up to the score. The score orders; `shown` turns it into the number that people read.
What a profile does not say earns a little (`UNSTATED`), never nothing, and never as much as what
it shows. More of a stated thing (months of experience, an English score, a degree, a skill) never
lowers a fit.

The same `parts` scores one pair and a block of a run; docs/matching.md lists each part.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor.matching.tables import NAMED_CAP, Array, CandidateTable, Mask, ProgramTable

_MADE: dict[str, Any] = json.loads(
    (Path(__file__).parent / "scoring_weights.json").read_text(encoding="utf-8")
)
# What texts show was weighed by labelled pairs; for the rest there are none, and it is judgement.
WEIGHTS: dict[str, float] = {**_MADE["learned"], **_MADE["judged"]}
LEARNED = tuple(_MADE["learned"])
PARTS = tuple(WEIGHTS)
SHOWN: dict[str, float] = _MADE["shown"]  # the curve of `shown`: its middle, slope and ceiling

# What a part earns where the candidate states nothing about it.
UNSTATED = {
    "text": 0.3, "skills": 0.2, "field": 0.25, "occupation": 0.25, "experience": 0.4,
    "level": 0.5, "credentials": 0.2, "language": 0.5, "dates": 0.7, "duration": 0.8,
}  # fmt: skip

STEADY = 6  # decimals of a score
MIDDLING = 0.4  # everybody's fit where a program says nothing
OWN_SECTOR = 0.8  # what the program's sector counts for one who clearly belongs to it
ENOUGH = 1.2  # weight of skills that tells what a program is about: two wishes, or four words

# Codes of a pair's best verdict, and what the pathway part makes of them.
VERDICTS = ("works", "works_if", "unknown", "no", "none", "not_needed")
PATHWAY_FIT = np.array([1.0, 0.8, 0.45, 0.0, 0.1, 1.0], np.float32)
NO = VERDICTS.index("no")

# Months of experience that a kind expects where the host states none.
USUAL_EXPERIENCE = {"dispatch": 24.0}

# What the part of wishes is made of.
WISHES = {"kind": 0.5, "sector": 0.3, "hub": 0.2}

# On the TOEIC scale: what reading and talking at an English-speaking workplace takes where the
# host states no figure (the top of CEFR B1).
USUAL_ENGLISH = 750.0


@dataclass(frozen=True)
class Pairs:
    """What is known of pairs beyond the two tables. All (C, P).

    `cosine`: of the two vectors, NaN where either is missing; `lexical`: overlap of terms, 0 to
    1; `verdict`: index into VERDICTS.
    """

    cosine: Array
    lexical: Array
    verdict: NDArray[np.int8]


@dataclass(frozen=True)
class Scale:
    """The cosines that count as no likeness and as full likeness, in the space being used."""

    low: float = 0.0
    high: float = 0.8


def parts(c: CandidateTable, p: ProgramTable, pairs: Pairs, scale: Scale) -> dict[str, Array]:
    """Each part's points, (C, P). Their sum over the parts is the score."""
    fits = {
        **{name: fit(c, p) for name, fit in FITS.items()},
        "text": text_fit(pairs.cosine, scale),
        "lexical": pairs.lexical,
        "pathway": PATHWAY_FIT[pairs.verdict],
    }
    return {name: np.float32(WEIGHTS[name]) * fits[name] for name in PARTS}


def total(points: dict[str, Array]) -> Array:
    """The score, 0 to 1. To six decimals: what two programs have in common must not decide between
    them for having been added up in another order."""
    score = np.zeros_like(points["text"])
    for name in PARTS:
        score += points[name]
    return np.round(score, STEADY)


def gates(c: CandidateTable, p: ProgramTable) -> Mask:
    """Where the pair may meet at all: the host's musts. What is not stated passes."""
    walk = p.walks[:, c.walk].T > 0
    reach = np.fmax(c.attained, c.pursuing)[:, None]
    degree = ~(p.degree_must[None, :] & (reach < p.degree[None, :]))
    months = ~(p.experience_must[None, :] & (c.experience[:, None] < p.experience[None, :]))
    return walk & degree & months


def shown(score: float) -> float:
    """The score as people see it: of pairs with this score, the share that was judged a good
    match (see docs/matching.md). Rises with the score, so the order stays; never quite 0 or 1."""
    at = SHOWN
    return at["most"] / (1.0 + math.exp(-at["slope"] * (score - at["middle"])))


def shown_points(points: dict[str, float]) -> dict[str, float]:
    """Each part's share of the shown score, in proportion to its points; they add up to it."""
    score = sum(points.values())
    share = shown(score) / score if score > 0 else 0.0
    return {name: value * share for name, value in points.items()}


def rounded(points: dict[str, float]) -> dict[str, int]:
    """Points of 100 as whole numbers that add up to the rounded score (largest remainders)."""
    exact = {name: 100.0 * value for name, value in points.items()}
    whole = round(sum(exact.values()))
    floors = {name: int(value) for name, value in exact.items()}
    by_remainder = sorted(exact, key=lambda name: (floors[name] - exact[name], name))
    for name in by_remainder[: max(0, whole - sum(floors.values()))]:
        floors[name] += 1
    return floors


def text_fit(cosine: Array, scale: Scale) -> Array:
    span = max(scale.high - scale.low, 1e-3)
    fit = np.clip((cosine - scale.low) / span, 0.0, 1.0).astype(np.float32)
    return np.where(np.isnan(cosine), np.float32(UNSTATED["text"]), fit)


def _open(name: str, fit: Array) -> Array:
    """A part whose evidence can only add: it starts from what nothing stated earns."""
    base = np.float32(UNSTATED[name])
    return base + (np.float32(1.0) - base) * fit


def _skills(c: CandidateTable, p: ProgramTable) -> Array:
    """Weight of asked skills that are held. Where a program names few skills, what is lacking to
    `ENOUGH` counts as middling: one word in a thin posting does not make a full fit."""
    cap = np.minimum(p.named_mass, NAMED_CAP)
    mass = p.asked_mass + cap
    held = c.skills @ p.asked_skills.T + np.minimum(c.skills @ p.named_skills.T, cap)
    fit = (held + MIDDLING * np.maximum(ENOUGH - mass, 0.0)) / np.maximum(mass, ENOUGH)
    return _open("skills", np.minimum(fit, 1.0).astype(np.float32))


def _occupation(c: CandidateTable, p: ProgramTable) -> Array:
    fit = np.zeros((len(c), len(p)), np.float32)
    for credit, mine, theirs in zip(
        (1.0, 0.6, 0.3), c.occupations, p.occupations, strict=True
    ):
        fit = np.maximum(fit, np.float32(credit) * (mine @ theirs.T > 0))
    return _open("occupation", _or_middling(fit, p.occupations[0]))


def _field(c: CandidateTable, p: ProgramTable) -> Array:
    """The study's field against the fields asked for, else study, skills and occupations against
    the program's sector."""
    exact = (c.majors[0] @ p.majors[0].T > 0) * np.float32(1.0)
    near = (c.majors[1] @ p.majors[1].T > 0) * np.float32(0.75)
    sector = np.float32(OWN_SECTOR) * (c.sector_signs @ p.sector.T)
    fit = np.maximum(np.maximum(exact, near), sector)
    told = np.maximum(p.majors[0].max(1, initial=0.0), p.sector.max(1, initial=0.0))
    return _open("field", _or_middling(fit, told[:, None]))


def _or_middling(fit: Array, asked: Array) -> Array:
    """Where a program says nothing, everybody gets the same middling fit."""
    silent = asked.max(1, initial=0.0) == 0
    return np.where(silent[None, :], np.float32(MIDDLING), fit)


def _experience(c: CandidateTable, p: ProgramTable) -> Array:
    usual = np.array([USUAL_EXPERIENCE.get(row.kind, 0.0) for row in p.rows], np.float32)
    need = np.where(np.isnan(p.experience), usual, p.experience)
    ratio = c.experience[:, None] / np.maximum(need, 1.0)[None, :]
    fit = np.where(
        np.isnan(ratio), np.float32(UNSTATED["experience"]), np.clip(ratio, 0.05, 1.0)
    )
    return np.where(need[None, :] <= 0, np.float32(1.0), fit).astype(np.float32)


def _level(c: CandidateTable, p: ProgramTable) -> Array:
    """The degree held on the first day; one still under way counts a little less."""
    starts = np.where(np.isnan(p.starts), -np.inf, p.starts)[None, :]
    finished = c.pursuing_until[:, None] <= starts
    under_way = c.pursuing[:, None] - np.where(finished, 0.0, 0.4)
    rank = np.fmax(c.attained[:, None], under_way)
    short = p.degree[None, :] - rank
    fit = np.where(short <= 0, 1.0, np.clip(1.0 - 0.5 * short, 0.1, 1.0))
    fit = np.where(np.isnan(rank), UNSTATED["level"], fit)
    return np.where(np.isnan(p.degree)[None, :], 1.0, fit).astype(np.float32)


def _credentials(c: CandidateTable, p: ProgramTable) -> Array:
    mass = p.credential_mass
    share = (c.credentials @ p.credentials.T) / np.maximum(mass, 1e-6)
    fit = _open("credentials", np.minimum(share, 1.0).astype(np.float32))
    return np.where(mass[None, :] > 0, fit, np.float32(1.0))


def _language(c: CandidateTable, p: ProgramTable) -> Array:
    stated = ~np.isnan(p.english)[None, :]
    need = np.where(np.isnan(p.english), np.float32(USUAL_ENGLISH), p.english)[None, :]
    short = np.maximum(need - c.english[:, None], 0.0)
    # 200 points short of a stated need leaves almost nothing; of the usual one, half
    floor = np.where(stated, 0.05, 0.5)
    fit = np.maximum(1.0 - short / np.where(stated, 200.0, 500.0), floor)
    fit = np.where(np.isnan(fit), UNSTATED["language"], fit)
    return np.where(p.speaks_english[None, :], fit, 1.0).astype(np.float32)


def _dates(c: CandidateTable, p: ProgramTable) -> Array:
    early = c.available[:, :1] - p.starts[None, :]  # days it starts before one can come
    late = p.ends[None, :] - c.available[:, 1:]  # days it lasts beyond one's stay
    fit = np.minimum(_grace(early), _grace(late))
    return np.where(np.isnan(fit), np.float32(UNSTATED["dates"]), fit).astype(np.float32)


def _grace(days: Array) -> Array:
    """1 up to a fortnight off, nothing from four months off; NaN stays unless the other is bad."""
    fit = 1.0 - np.clip((days - 14.0) / 106.0, 0.0, 1.0)
    return np.where(np.isnan(days), np.float32(UNSTATED["dates"]), fit).astype(np.float32)


def _duration(c: CandidateTable, p: ProgramTable) -> Array:
    under = c.months[:, :1] - p.months[None, :]
    over = p.months[None, :] - c.months[:, 1:]
    off = np.fmax(np.fmax(under, over), 0.0)
    wished = np.logical_not(np.all(np.isnan(c.months), axis=1, keepdims=True))
    stated = wished & ~np.isnan(p.months)[None, :]
    fit = 1.0 - np.clip((off - 0.5) / 4.0, 0.0, 1.0)
    return np.where(stated, fit, UNSTATED["duration"]).astype(np.float32)


def _preferences(c: CandidateTable, p: ProgramTable) -> Array:
    """Kind .5, sector .3, place .2. A wish not met still earns a fifth; no wish, three fifths;
    a kind, sector or hub that was put aside, nothing."""
    kind = c.kinds[:, p.kind]
    sector = c.sectors @ p.sector.T
    hub = _at(c.hubs, p.hub)
    state = np.float32(0.6) * _at(c.states, p.state)
    place = np.maximum(hub, state)
    wishes_place = np.array([bool(row.hubs) for row in c.rows])[:, None]
    near = np.where(wishes_place, np.maximum(place, np.float32(0.2)), np.float32(0.6))
    fits = {"kind": _wish(kind, c.kinds), "sector": _wish(sector, c.sectors), "hub": near}
    if any(row.avoided for row in c.rows):
        fits = {name: fit * _not_avoided(c, p, name) for name, fit in fits.items()}
    weights = {name: np.float32(weight) for name, weight in WISHES.items()}
    total = weights["kind"] * fits["kind"] + weights["sector"] * fits["sector"]
    total += weights["hub"] * fits["hub"]
    return total.astype(np.float32)


def _not_avoided(c: CandidateTable, p: ProgramTable, name: str) -> Array:
    """0 where the candidate put the program's kind, sector or hub aside, else 1. (C, P)."""
    theirs = [f"{name}:{getattr(row, name)}" for row in p.rows]
    kept = [[each not in row.avoided for each in theirs] for row in c.rows]
    return np.array(kept, np.float32).reshape(len(c), len(p))


def _at(matrix: Array, positions: NDArray[np.intp]) -> Array:
    if matrix.shape[1] == 0:
        return np.zeros((matrix.shape[0], len(positions)), np.float32)
    return np.where(positions[None, :] >= 0, matrix[:, positions], np.float32(0.0))


def _wish(met: Array, wishes: Array) -> Array:
    any_wish = wishes.max(1, initial=0.0)[:, None] > 0
    return np.where(any_wish, np.maximum(met, np.float32(0.2)), np.float32(0.6)).astype(np.float32)


# The parts that are read of the two sides alone.
FITS: dict[str, Callable[[CandidateTable, ProgramTable], Array]] = {
    "skills": _skills, "field": _field, "occupation": _occupation, "experience": _experience,
    "level": _level, "credentials": _credentials, "language": _language, "dates": _dates,
    "duration": _duration, "preferences": _preferences,
}  # fmt: skip
