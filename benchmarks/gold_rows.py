"""The gold set's texts as the rows that a score reads: profiles as a complete form would have them.

What a form would hold is read off the texts by the product's own taxonomy and a few patterns
(months, degree, English), as their writer might have typed it; kind, sector and walk are fields of
the set. Nothing comes from the labels or from the tables that the labels came from.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from corridor import embeddings, taxonomy  # noqa: E402
from corridor.common.terms import term_ids  # noqa: E402
from corridor.matching import scoring  # noqa: E402
from corridor.matching.lexicon import Lexicon  # noqa: E402
from corridor.matching.rows import CandidateRow, ProgramRow, as_toeic  # noqa: E402
from corridor.matching.scoring import Pairs, Scale  # noqa: E402
from corridor.matching.tables import candidate_table, program_table  # noqa: E402

GOLD = ROOT / "benchmarks" / "data" / "gold"
GOOD = 2  # "show too" or "show first"
# What the labels know nothing of is taken to suit: programs start on this day and last a year,
# everybody is free for them, speaks enough English and wishes for what is open to them, and a
# visa route works. Who states no degree has the usual one (held, under way) of their walk of life.
DAY = 740_000
ENGLISH = 800.0
ROUTE = scoring.VERDICTS.index("works")
USUAL = {"student": (1, 2), "graduate": (2, None), "technician": (1, None), "researcher": (3, 4)}
Floats = npt.NDArray[np.float64]

# Which walks of life the hosts of a kind take: as most of the 78 postings of the demo corridor say.
WALKS = {
    "dispatch": "graduate technician",
    "internship": "graduate student",
    "apprenticeship": "graduate student technician",
    "training": "graduate student technician",
    "joint_curriculum": "graduate student",
    "joint_research": "graduate researcher",
    "startup": "graduate researcher",
}
WORDS = "one two three four five six seven eight nine ten".split()
YEARS = re.compile(
    r"(?<![\d-])(\d{1,2}|" + "|".join(WORDS) + ")"
    r"(?:\s*년(?!도|제|생)|(?:\+| or more)?\s*(?:years?|yrs?)\b)",
    re.I,
)
MONTHS = re.compile(r"(\d{1,2})\s*(?:개월|달|months?\b)", re.I)
TOEIC = re.compile(r"(?:토익|TOEIC)\s*(\d{3})", re.I)
OPIC = re.compile(r"(?:오픽|OPIc)\s*(AL|IH|IM[123]?|IL|NH)", re.I)
# (degree rank, whether under way, words): the first that is found counts.
DEGREES = (
    (4, False, r"포닥|박사후|박사\s*(?:학위|졸|취득)|post-?doc|PhD (?:holder|graduate)"),
    (4, True, r"박사|doctoral|Ph\.?\s?D|doctorate"),
    (3, False, r"석사\s*(?:졸|학위|마)|Master'?s degree"),
    (3, True, r"석사|대학원생|master'?s|M\.?S\.? (?:student|candidate)|grad(?:uate)? student"),
    (1, True, r"전문대|폴리텍|community college|associate|vo-?tech|trade school"),
    (0, True, r"(?:공고|마이스터고|특성화고)\s*(?:재학|[123]학년)|high school (?:junior|senior)"),
    (0, False, r"공고|마이스터고|특성화고|고졸|high school"),
    (2, True, r"[1-4]\s?학년|졸업반|대학생|재학|휴학|sophomore|junior\b|senior\b|undergrad|major\b"),  # noqa: E501
    (2, False, r"학과 졸|과 졸|대졸|졸업|B\.?S\.? in|bachelor|graduated"),
)  # fmt: skip
ASKED_DEGREES = (
    (4, r"박사(?!과정)|postdoc"),
    (3, r"석[·.]?박사|석사|박사|graduate researcher|doctoral|PhD|master"),
    (2, r"학부생|[34]학년|juniors?\b|seniors?\b|undergraduate|bachelor"),
    (1, r"전문대|associate|community college"),
)  # fmt: skip


def read(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (GOLD / name).read_text(encoding="utf-8").splitlines()]


def months(text: str) -> float | None:
    """What a person would put down as work: the longest time that the text names."""
    found = [12.0 * _number(each) for each in YEARS.findall(text)]
    found += [float(each) for each in MONTHS.findall(text)]
    return max(found, default=None)


def _number(word: str) -> int:
    return int(word) if word.isdigit() else WORDS.index(word.lower()) + 1


def _certificates(text: str) -> tuple[str, ...]:
    skills = taxonomy.load().skills
    named = {f.text for f in taxonomy.find_skills(text) if skills[f.id].kind == "certificate"}
    return tuple(sorted(named))


def profile_row(number: int, profile: dict[str, Any]) -> CandidateRow:
    """The profile as its writer would fill in the form, read off the text by the product's own
    taxonomy and a few patterns. Nothing comes from the labels or their tables."""
    text = profile["text"]
    attained = pursuing = None
    for rank, under_way, words in DEGREES:
        if re.search(words, text, re.I):
            attained, pursuing = (rank - 1 if rank else None, rank) if under_way else (rank, None)
            break
    if attained is None and pursuing is None:
        attained, pursuing = USUAL[profile["walk"]]
    english = [as_toeic("toeic", float(score), "") for score in TOEIC.findall(text)]
    english += [as_toeic("opic", None, level) for level in OPIC.findall(text)]
    enrolled = profile["walk"] == "student" or pursuing is not None
    return CandidateRow(
        id=number,
        walk=profile["walk"],
        skills=frozenset(found.id for found in taxonomy.find_skills(text)),
        occupations=frozenset(found.id for found in taxonomy.find_occupations(text)),
        majors=frozenset(found.id for found in taxonomy.find_majors(text)),
        terms=tuple(term_ids(text)),
        attained=attained,
        pursuing=pursuing,
        experience=months(text) if not enrolled else None,
        english=max((score for score in english if score), default=ENGLISH),
        credentials=_certificates(text),
        available_from=DAY - 30,
        available_until=DAY + 400,
        kinds=frozenset(kind for kind, walks in WALKS.items() if profile["walk"] in walks),
        min_months=1,
        max_months=24,
    )


def posting_row(number: int, program: dict[str, Any]) -> ProgramRow:
    text = f"{program['title']}\n{program['text']}"
    skills = taxonomy.load().skills
    named = {
        found.id for found in taxonomy.find_skills(text)
        if skills[found.id].kind not in ("language", "soft")
    }  # fmt: skip
    titled = {found.id for found in taxonomy.find_occupations(program["title"])}
    degree = next((rank for rank, words in ASKED_DEGREES if re.search(words, text, re.I)), None)
    return ProgramRow(
        id=number,
        kind=program["kind"],
        walks=frozenset(WALKS[program["kind"]].split()),
        other_skills=frozenset(named),
        occupations=frozenset(titled or {f.id for f in taxonomy.find_occupations(text)}),
        majors=frozenset(found.id for found in taxonomy.find_majors(text)),
        terms=term_ids(text),
        sector=program["sector"],
        starts=DAY,
        ends=DAY + 365,
        months=12,
        degree=degree,
        experience=months(text) if program["kind"] == "dispatch" else None,
        credentials=tuple((name, False) for name in _certificates(text)),
    )


@dataclass(frozen=True)
class Half:
    """All (C, P) but `fits` (C, P, parts) and `korean` (C). `open`: pairs that pass the musts."""

    korean: npt.NDArray[np.bool_]
    grades: npt.NDArray[np.int64]
    open: npt.NDArray[np.bool_]
    cosine: Floats
    fits: Floats

    @property
    def good(self) -> npt.NDArray[np.bool_]:
        return self.grades >= GOOD

    def scores(self, weights: dict[str, float] | None = None) -> Floats:
        given = weights or scoring.WEIGHTS
        return self.fits @ np.array([given[name] for name in scoring.PARTS])


@lru_cache(maxsize=2)
def half(name: str) -> Half:
    """`dev` or `final`, scored by the product's own code and its embedding model.

    The cosine scale is read from the development half, as a site reads it from its own
    people (see matching.yardstick).
    """
    programs, profiles = read("programs.jsonl"), read(f"profiles_{name}.jsonl")
    place = {program["id"]: at for at, program in enumerate(programs)}
    person = {profile["id"]: at for at, profile in enumerate(profiles)}
    grades = np.zeros((len(profiles), len(programs)), np.int64)
    for line in (GOLD / f"qrels_{name}.tsv").read_text(encoding="utf-8").splitlines():
        who, what, grade = line.split("\t")
        grades[person[who], place[what]] = int(grade)
    rows = [profile_row(at, each) for at, each in enumerate(profiles)]
    posts = [posting_row(at, each) for at, each in enumerate(programs)]
    table = program_table(posts, {})
    people = candidate_table(rows, table.axes)
    lexicon = Lexicon.of([list(post.terms) for post in posts])
    lexical = lexicon.overlap([r.terms for r in rows], lexicon.prepared([p.terms for p in posts]))
    cosine = vectors(name) @ vectors("programs").T
    low, high = np.quantile(vectors("dev") @ vectors("programs").T, [0.5, 0.9995])
    pairs = Pairs(cosine, lexical, np.full(cosine.shape, ROUTE, np.int8))
    points = scoring.parts(people, table, pairs, Scale(float(low), float(high)))
    return Half(
        korean=np.array([profile["lang"] == "ko" for profile in profiles]),
        grades=grades,
        open=scoring.gates(people, table),
        cosine=cosine.astype(np.float64),
        fits=np.stack([points[n] / scoring.WEIGHTS[n] for n in scoring.PARTS], -1).astype(float),
    )


@lru_cache(maxsize=8)
def vectors(name: str, part: str = "whole") -> npt.NDArray[np.float32]:
    """Unit vectors of the programs (whole, or only their `title` or `text`) or of a half."""
    encoder = embeddings.load()
    if name == "programs":
        texts = {
            "whole": lambda row: f"{row['title']}\n{row['text']}",
            "title": lambda row: row["title"],
            "text": lambda row: row["text"],
        }
        made = [texts[part](row) for row in read("programs.jsonl")]
        return encoder.encode(made, kind="passage")
    return encoder.encode([row["text"] for row in read(f"profiles_{name}.jsonl")], kind="query")
