"""Candidates and programs drawn at random, and one pair or one list scored by the real code."""

from __future__ import annotations

from datetime import date

import numpy as np
from hypothesis import strategies as st

from corridor import taxonomy
from corridor.matching import pathways, scoring
from corridor.matching.axes import KINDS, WALKS
from corridor.matching.explain import Pair
from corridor.matching.pairs import Scored
from corridor.matching.rows import CandidateRow, ProgramRow
from corridor.matching.scoring import Pairs, Scale
from corridor.matching.tables import candidate_table, program_table

SKILLS = sorted(taxonomy.load().skills)[:60]
OCCUPATIONS = sorted(taxonomy.load().occupations)[:30]
MAJORS = sorted(taxonomy.load().majors)[:30]
SECTORS = sorted(taxonomy.sectors())
HUBS = {"savannah": "GA", "austin": "TX", "commerce": "GA"}
CREDENTIALS = ("전기기사", "용접기능사", "OSHA 30", "unheard-of licence")
TODAY = date(2026, 11, 23).toordinal()
SCALE = Scale(0.1, 0.7)


def some(values, most=6):
    return st.frozensets(st.sampled_from(list(values)), max_size=most)


def maybe(strategy):
    return st.none() | strategy


days = st.integers(TODAY - 100, TODAY + 900)

candidates = st.builds(
    CandidateRow,
    id=st.just(1),
    walk=st.sampled_from(WALKS),
    skills=some(SKILLS),
    occupations=some(OCCUPATIONS, 3),
    majors=some(MAJORS, 2),
    attained=maybe(st.integers(0, 4)),
    pursuing=maybe(st.integers(0, 4)),
    pursuing_until=maybe(days),
    experience=maybe(st.integers(0, 240)),
    english=maybe(st.integers(10, 990)),
    credentials=st.lists(st.sampled_from(CREDENTIALS), max_size=2, unique=True).map(tuple),
    kinds=some(KINDS, 3),
    sectors=some(SECTORS, 3),
    hubs=some(HUBS, 2),
    available_from=maybe(days),
    available_until=maybe(days),
    min_months=maybe(st.integers(1, 12)),
    max_months=maybe(st.integers(12, 36)),
)

programs = st.builds(
    ProgramRow,
    id=st.just(1),
    kind=st.sampled_from(KINDS),
    walks=some(WALKS, 2),
    must_skills=some(SKILLS, 3),
    wish_skills=some(SKILLS, 3),
    other_skills=some(SKILLS),
    either=st.just(()) | st.tuples(some(SKILLS, 3), some(SKILLS, 2)),
    occupations=some(OCCUPATIONS, 2),
    majors=some(MAJORS, 3),
    sector=st.sampled_from(["", *SECTORS]),
    hub=st.sampled_from(["", *HUBS]),
    state=st.sampled_from(["", "GA", "TX"]),
    starts=maybe(days),
    ends=maybe(days),
    months=maybe(st.floats(1, 36)),
    degree=maybe(st.integers(0, 4)),
    degree_must=st.booleans(),
    experience=maybe(st.integers(0, 120)),
    experience_must=st.booleans(),
    english=maybe(st.integers(300, 990)),
    language=st.sampled_from(["en", "ko", "both"]),
    credentials=st.lists(
        st.tuples(st.sampled_from(CREDENTIALS), st.booleans()), max_size=2, unique_by=lambda c: c[0]
    ).map(tuple),
)

cosines = st.floats(-1, 1, width=32) | st.just(float("nan"))
lexicals = st.floats(0, 1, width=32)
verdicts = st.integers(0, len(scoring.VERDICTS) - 1)


def scored(candidate, program, cosine=0.4, lexical=0.1, verdict=0):
    """Points by part of one pair."""
    posts = program_table([program], HUBS)
    people = candidate_table([candidate], posts.axes)
    pairs = Pairs(
        np.array([[cosine]], np.float32),
        np.array([[lexical]], np.float32),
        np.array([[verdict]], np.int8),
    )
    points = scoring.parts(people, posts, pairs, SCALE)
    return {name: float(matrix[0, 0]) for name, matrix in points.items()}


def pair_of(candidate, program, cosine=0.4, lexical=0.1, verdict=0, **more):
    score = sum(scored(candidate, program, cosine, lexical, verdict).values())
    return Pair(candidate, program, cosine, lexical, verdict, score, **more)


def listed(candidate, programs, cosines, verdicts):
    """One candidate against a list of programs, as a page scores them."""
    posts = program_table(programs, HUBS)
    people = candidate_table([candidate], posts.axes)
    codes = np.array([verdicts], np.int8)
    pairs = Pairs(np.array([cosines], np.float32), np.full((1, len(programs)), 0.1, np.float32),
                  codes)  # fmt: skip
    parts = scoring.parts(people, posts, pairs, SCALE)
    return Scored(
        people, posts, pairs, pathways.Found(codes, np.zeros_like(codes, np.int16), ("",)), parts,
        scoring.total(parts), scoring.gates(people, posts), SCALE,
    )  # fmt: skip
