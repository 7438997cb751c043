"""The pure core: what every score keeps to, whoever is scored."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor.matching import explain, scoring
from corridor.matching.rows import CandidateRow, ProgramRow, alternatives, as_toeic
from corridor.matching.scoring import PARTS, WEIGHTS, Pairs
from corridor.matching.tables import candidate_table, program_table
from tests.matching.drawn import (
    CREDENTIALS,
    HUBS,
    MAJORS,
    OCCUPATIONS,
    SCALE,
    SKILLS,
    candidates,
    cosines,
    lexicals,
    pair_of,
    programs,
    scored,
    verdicts,
)


def test_the_weights_add_up_to_one():
    assert sum(WEIGHTS.values()) == pytest.approx(1.0)
    assert all(weight > 0 for weight in WEIGHTS.values())


@given(candidates, programs, cosines, lexicals, verdicts)
@settings(max_examples=80, deadline=None)
def test_the_parts_add_up_to_the_score_and_none_exceeds_its_weight(c, p, cosine, lexical, verdict):
    posts = program_table([p], HUBS)
    people = candidate_table([c], posts.axes)
    pairs = Pairs(
        np.array([[cosine]], np.float32), np.array([[lexical]], np.float32),
        np.array([[verdict]], np.int8),
    )  # fmt: skip
    points = scoring.parts(people, posts, pairs, SCALE)
    assert tuple(points) == PARTS
    for name, matrix in points.items():
        assert matrix.shape == (1, 1)
        assert 0.0 <= float(matrix[0, 0]) <= WEIGHTS[name] + 1e-6, name
    total = float(scoring.total(points)[0, 0])
    assert total == pytest.approx(sum(float(m[0, 0]) for m in points.values()), abs=1e-5)
    shown = scoring.rounded({name: float(m[0, 0]) for name, m in points.items()})
    assert sum(shown.values()) == round(100 * sum(float(m[0, 0]) for m in points.values()))


@given(candidates, programs, st.integers(1, 60), st.integers(1, 300))
@settings(max_examples=60, deadline=None)
def test_more_experience_english_or_study_never_lowers_a_score(c, p, months, points):
    score = sum(scored(c, p).values())
    if c.experience is not None:
        more = replace(c, experience=c.experience + months)
        assert sum(scored(more, p).values()) >= score - 1e-6
    if c.english is not None:
        more = replace(c, english=min(990, c.english + points))
        assert sum(scored(more, p).values()) >= score - 1e-6
    if c.attained is not None:
        more = replace(c, attained=min(4, c.attained + 1))
        assert sum(scored(more, p).values()) >= score - 1e-6


@given(candidates, programs, st.sampled_from(SKILLS), st.sampled_from(CREDENTIALS))
@settings(max_examples=60, deadline=None)
def test_another_skill_or_credential_never_lowers_a_score(c, p, skill, credential):
    score = sum(scored(c, p).values())
    assert sum(scored(replace(c, skills=c.skills | {skill}), p).values()) >= score - 1e-6
    held = tuple(sorted({*c.credentials, credential}))
    assert sum(scored(replace(c, credentials=held), p).values()) >= score - 1e-6


@given(candidates, programs, st.sampled_from(OCCUPATIONS), st.sampled_from(MAJORS))
@settings(max_examples=60, deadline=None)
def test_another_occupation_or_major_never_lowers_a_score(c, p, occupation, major):
    score = sum(scored(c, p).values())
    assert sum(scored(replace(c, occupations=c.occupations | {occupation}), p).values()) >= (
        score - 1e-6
    )
    assert sum(scored(replace(c, majors=c.majors | {major}), p).values()) >= score - 1e-6


def test_a_skill_of_one_sector_says_more_of_the_person_than_one_of_many():
    p = ProgramRow(id=1, kind="internship", sector="batteries")

    def field(*skills):
        return scored(CandidateRow(id=1, walk="student", skills=frozenset(skills)), p)["field"]

    assert field("electrode-coating") > field("python") > field() > 0
    assert field("electrode-coating", "python") == field("electrode-coating")


@given(st.lists(st.floats(0, 1), min_size=len(PARTS), max_size=len(PARTS)), st.floats(0, 0.5))
def test_the_shown_number_rises_with_the_score_and_its_points_add_up(fits, more):
    points = {name: WEIGHTS[name] * fit for name, fit in zip(PARTS, fits, strict=True)}
    score = sum(points.values())
    assert 0 < scoring.shown(score) < 1
    assert scoring.shown(score + more) >= scoring.shown(score)
    parts = scoring.shown_points(points)
    if score > 0:
        assert sum(parts.values()) == pytest.approx(scoring.shown(score))
        assert sum(scoring.rounded(parts).values()) == round(100 * sum(parts.values()))
    assert all(0 <= value <= 1 for value in parts.values())


@given(programs)
@settings(max_examples=40, deadline=None)
def test_an_empty_profile_earns_something_in_each_part_and_passes_every_must(p):
    blank = CandidateRow(id=1, walk=next(iter(p.walks), "student"))
    points = scored(blank, p, cosine=float("nan"), lexical=0.0, verdict=2)
    assert all(value > 0 for name, value in points.items() if name != "lexical")
    posts = program_table([p], HUBS)
    assert scoring.gates(candidate_table([blank], posts.axes), posts)[0, 0]


def test_a_must_shuts_out_only_what_is_stated_to_be_short():
    p = ProgramRow(id=1, kind="dispatch", degree=2, degree_must=True, experience=36,
                   experience_must=True, walks=frozenset({"technician"}))  # fmt: skip
    posts = program_table([p], HUBS)

    def passes(**stated):
        row = CandidateRow(id=1, **{"walk": "technician", **stated})
        return bool(scoring.gates(candidate_table([row], posts.axes), posts)[0, 0])

    assert passes()
    assert passes(attained=2, experience=36)
    assert passes(attained=1, pursuing=2)
    assert not passes(attained=1)
    assert not passes(experience=35)
    assert not passes(walk="student")


@given(candidates, programs, cosines, lexicals, verdicts)
@settings(max_examples=60, deadline=None)
def test_the_same_pair_scores_the_same_alone_and_in_a_crowd(c, p, cosine, lexical, verdict):
    others = [CandidateRow(id=i, walk="student", skills=frozenset(SKILLS[:i])) for i in range(5)]
    posts_around = [
        ProgramRow(id=i, kind="internship", hub="commerce", state="GA",
                   credentials=(("정보처리기사", True),)) for i in range(4)
    ]  # fmt: skip
    posts = program_table([*posts_around, p], HUBS)
    people = candidate_table([*others, c], posts.axes)
    shape = (6, 5)
    cosine_, lexical_ = np.full(shape, 0.3, np.float32), np.zeros(shape, np.float32)
    verdict_ = np.zeros(shape, np.int8)
    cosine_[-1, -1], lexical_[-1, -1], verdict_[-1, -1] = cosine, lexical, verdict
    crowd = scoring.parts(people, posts, Pairs(cosine_, lexical_, verdict_), SCALE)
    alone = scored(c, p, cosine, lexical, verdict)
    for name in PARTS:
        assert float(crowd[name][-1, -1]) == pytest.approx(alone[name], abs=1e-6), name


def test_explaining_many_pairs_at_once_says_the_same_as_one_by_one():
    c = CandidateRow(id=1, walk="student", skills=frozenset(SKILLS[:8]), english=600,
                     majors=frozenset(MAJORS[:1]), attained=1, pursuing=2)  # fmt: skip
    posts = [
        ProgramRow(id=n, kind="internship", must_skills=frozenset(SKILLS[n : n + 3]),
                   other_skills=frozenset(SKILLS[6 : 12 + n]), english=700 + 20 * n, degree=2,
                   majors=frozenset(MAJORS[:2])) for n in range(5)
    ]  # fmt: skip
    pairs = [pair_of(c, p) for p in posts]
    together = explain.told(pairs, SCALE, program_table(posts, HUBS))
    for pair, told in zip(pairs, together, strict=True):
        (alone,) = explain.told([pair], SCALE, program_table([pair.program], HUBS))
        assert [point.code for point in told.reasons] == [point.code for point in alone.reasons]
        assert [point.values for point in told.gaps] == [point.values for point in alone.gaps]


def test_the_score_reads_no_age_sex_nationality_or_family():
    fields = set(CandidateRow.__dataclass_fields__)
    for word in ("age", "birth", "sex", "nation", "photo", "family", "military", "name"):
        assert not any(word in field for field in fields - {"language"}), word


@pytest.mark.parametrize(
    ("test", "score", "level", "expected"),
    [
        ("toeic", 850, "", 850),
        ("ielts", 5.5, "", 785),
        ("toefl", 95, "", 945),
        ("opic", None, "IH", 760),
        ("opic", None, " im2 ", 620),
        ("topik", 6, "6급", None),
        ("opic", None, "?", None),
        ("toefl", None, "", None),
    ],
)
def test_english_tests_are_laid_on_one_scale(test, score, level, expected):
    assert as_toeic(test, score, level) == expected


@given(st.sampled_from(["toefl", "ielts", "toeic_speaking"]), st.floats(0, 200), st.floats(0, 200))
@settings(deadline=None)
def test_a_higher_result_never_lies_lower_on_the_scale(test, one, other):
    low, high = sorted((one, other))
    assert as_toeic(test, low) <= as_toeic(test, high)


def test_of_skills_joined_by_or_the_best_that_one_has_counts():
    post = ProgramRow(
        id=1, kind="internship", must_skills=frozenset({"excel"}),
        wish_skills=frozenset({"welding"}), either=(frozenset({"excel", "python"}),),
    )  # fmt: skip

    def points(*skills, post=post):
        return scored(CandidateRow(1, "student", skills=frozenset(skills)), post)["skills"]

    assert points("python") == points("excel") == points("excel", "python") > points()
    assert points("python", "welding") > points("python")
    alone = replace(post, either=())
    assert points("python") == points("excel", post=alone), "it weighs what one skill weighs"


def test_a_route_that_works_stands_above_a_near_equal_whose_route_is_not_known():
    order = ["works", "works_if", "unknown", "none", "no"]
    fits = [float(scoring.PATHWAY_FIT[scoring.VERDICTS.index(name)]) for name in order]
    assert fits == sorted(set(fits), reverse=True)
    one, post = CandidateRow(1, "student"), ProgramRow(id=1, kind="dispatch")
    works, unknown = (
        sum(scored(one, post, verdict=scoring.VERDICTS.index(name)).values())
        for name in ("works", "unknown")
    )

    def odds(score):
        return scoring.shown(score) / (scoring.SHOWN["most"] - scoring.shown(score))

    assert odds(works) / odds(unknown) > 10


def test_alternatives_are_read_where_or_stands():
    assert alternatives("엑셀 또는 Python 데이터 분석") == (frozenset({"excel", "python"}),)
    assert alternatives("Java, Go, or Python") == (frozenset({"java", "go-language", "python"}),)
    assert alternatives("SQL and Python or R") == (frozenset({"python", "r-language"}),)
    assert alternatives("PLC, HMI") == ()
