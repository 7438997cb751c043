"""Odd texts and huge ones in matching: defined, bounded, and said clearly where a person types."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import numpy as np
import pytest
from django.core.cache import cache
from rest_framework.test import APIClient

from corridor import taxonomy
from corridor.candidates import services
from corridor.candidates.models import Candidate
from corridor.candidates.texts import profile_text
from corridor.common.models import VectorSpace
from corridor.matching import blocks, queries, scoring
from corridor.matching import services as runs
from corridor.matching.rows import CandidateRow, ProgramRow, candidate_row
from corridor.matching.tables import candidate_table, program_table
from corridor.programs.models import Program
from tests.matching.drawn import HUBS, scored
from tests.matching.people import DAY, candidate, embed_everything, program
from tests.web.desks import client_of

pytestmark = pytest.mark.django_db

PLAIN = "배터리 전극 코팅 설비 정비 3년, PLC, 전기기사"
STUDY = {"degree": "bachelor", "major": "기계공학과", "status": "graduated"}
ODD = {
    "empty": "",
    "blank": " \n\t  ",
    "emoji only": "🙂🔋🤖👩‍🔧",
    "punctuation only": "… !!! --- ((()))",
    "mixed script": "배터리 battery 電池 バッテリー Аккумулятор بطارية",
    "Hanja": "熔接技能士 電氣技士 機械工學科",
    "half a letter": "\ud83d 배터리".encode("utf-8", "replace").decode(),
    "compatibility jamo": "ㅂㅐㅌㅓㄹㅣ ㅈㅓㅇㅂㅣ",
    "right to left marks": "\u202e배터리\u202c 정비\u200b\ufeff",
    "combining marks": "배" + "\u0301" * 3_000,
    "one long word": "배터리" * 1_300,
}


def written(text: str, **fields):
    """A profile as its owner saves it."""
    made = candidate("odd@example.org", **fields)
    return services.save_profile(made, by=made.user, skills_text=text)


def row_of(made: Candidate) -> CandidateRow:
    return replace(candidate_row(Candidate.objects.get(pk=made.pk), day=DAY), id=0)


@pytest.fixture
def posts():
    return [
        program("Battery electrode equipment internship", skills={"plc": True}),
        program("전극 코팅 설비 정비", credentials={"전기기사": True}),
        program("🙂"),
    ]


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_an_odd_profile_is_matched_with_defined_scores(posts, text):
    made = written(text)
    embed_everything()
    views = queries.programs_for(Candidate.objects.get(pk=made.pk), day=DAY)
    assert len(views) == 3
    for view in views:
        assert 0 <= view.percent < 100 and np.isfinite(view.score)
        assert view.headline and all(str(point) for point in view.reasons + view.gaps)


def test_a_run_over_odd_profiles_ends_and_keeps_defined_scores(posts):
    for number, text in enumerate(ODD.values()):
        candidate(f"odd{number}@example.org", skills_text=text)
    embed_everything()
    run = runs.start_run(day=DAY)
    considered, kept = blocks.scored(run.blocks.get())
    assert considered == len(ODD) * len(posts)
    assert kept and all(0 < each.score < 1 for each in kept)


def test_a_profile_in_decomposed_hangul_is_the_same_as_in_composed():
    parts = {"headline": "배터리 셀 공정 엔지니어", "about": "슬러리 믹싱과 전극 코팅을 했습니다."}
    rows = []
    for form in ("NFC", "NFD"):
        made = candidate(
            f"{form.lower()}@example.org",
            skills_text=unicodedata.normalize(form, PLAIN),
            educations=[STUDY | {"major": unicodedata.normalize(form, STUDY["major"])}],
            credentials=[unicodedata.normalize(form, "전기기사")],
            **{name: unicodedata.normalize(form, text) for name, text in parts.items()},
        )
        rows.append((row_of(made), made.text_hash))
    (composed, one), (decomposed, other) = rows
    assert composed.skills and composed.majors and one == other
    p = ProgramRow(id=1, kind="internship", majors=composed.majors, wish_skills=composed.skills,
                   credentials=(("전기기사", True),))  # fmt: skip
    assert scored(composed, p) == scored(decomposed, p)
    names = {"credentials": ()}
    assert replace(composed, **names) == replace(decomposed, **names)


def test_control_and_invisible_characters_hide_nothing():
    plain = candidate("plain@example.org", skills_text="전극 코팅, PLC")
    odd = candidate("odd@example.org", skills_text="전극 코팅,\u200b \x07PLC\ufeff")
    assert row_of(plain).skills == row_of(odd).skills != frozenset()


def test_hanja_is_text_like_any_other_and_names_no_skill_by_accident():
    made = candidate(skills_text="電氣技士 熔接技能士")
    assert row_of(made).skills == frozenset()
    assert profile_text(made) == "電氣技士 熔接技能士"


def test_a_million_skills_are_read_no_further_than_the_taxonomy_goes():
    known = frozenset(taxonomy.load().skills)
    many = known | {f"skill-{n}" for n in range(1_000_000)}
    p = ProgramRow(id=1, kind="internship", sector="batteries",
                   wish_skills=frozenset(sorted(known)[:5]))  # fmt: skip
    table = program_table([p], HUBS)
    people = candidate_table([CandidateRow(id=1, walk="student", skills=many)], table.axes)
    assert people.skills.shape == (1, 5)
    assert scored(CandidateRow(id=1, walk="student", skills=many), p) == scored(
        CandidateRow(id=1, walk="student", skills=known), p
    )


def test_a_million_skills_in_a_text_cost_no_more_than_its_first_part():
    text = ", ".join(f"skill{n}" for n in range(1_000_000))
    made = candidate(skills_text=f"PLC, {text}")
    assert "plc-programming" in made.skill_ids and len(made.term_ids) < 10_000
    assert made.text_hash == candidate("b@example.org", skills_text=f"PLC, {text}!").text_hash


def test_a_profile_full_of_credentials_is_scored_against_what_is_asked_for_only():
    names = tuple(f"자격 {n}" for n in range(2_000))
    p = ProgramRow(id=1, kind="dispatch", credentials=(("전기기사", True),))
    bare = CandidateRow(id=1, walk="technician")
    assert scored(replace(bare, credentials=names), p) == scored(bare, p)


# --- where a person types -------------------------------------------------------------------------


@pytest.fixture
def me() -> Candidate:
    return candidate(skills_text=PLAIN)


@pytest.mark.parametrize(
    ("lang", "told"),
    [("en", "at most 4000 characters (it has 1000000)"), ("ko", "4000개 이하의 글자")],
)
def test_the_form_says_how_long_a_text_may_be_and_keeps_the_old_one(me, lang, told):
    page = client_of(me.user).post(f"/{lang}/me/profile/skills/", {"skills_text": "가" * 1_000_000})
    text = page.content.decode()
    assert page.status_code == 200
    assert told in text or "4000" in text
    assert Candidate.objects.get(pk=me.pk).skills_text == PLAIN


def test_the_form_refuses_a_null_character_in_words(me):
    page = client_of(me.user).post("/en/me/profile/skills/", {"skills_text": "PLC\x00"})
    assert page.status_code == 200 and "Null characters are not allowed" in page.content.decode()
    assert Candidate.objects.get(pk=me.pk).skills_text == PLAIN


@pytest.mark.parametrize("text", [ODD["emoji only"], ODD["Hanja"], ODD["mixed script"], "PLC\x07"])
def test_the_form_keeps_an_odd_text_as_it_was_typed(me, text):
    page = client_of(me.user).post("/en/me/profile/skills/", {"skills_text": text})
    assert page.status_code == 302
    assert Candidate.objects.get(pk=me.pk).skills_text == text


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("skills_text", "가" * 1_000_000, "no more than 4000 characters"),
        ("headline", "가" * 201, "no more than 200 characters"),
        ("about", "PLC\x00", "Null characters are not allowed"),
        ("sectors", ["batteries"] * 3 + ["banking"], "not one of the known values"),
        ("kinds", "x" * 100_000, "Expected a list"),
        ("max_months", 10**12, "less than or equal to"),
    ],
)
def test_the_api_names_the_field_and_says_what_may_be_there(me, field, value, told):
    cache.clear()
    api = APIClient(HTTP_ACCEPT_LANGUAGE="en")
    api.force_login(me.user)
    answer = api.patch("/api/v1/me/profile/", {field: value}, format="json")
    assert answer.status_code == 400
    assert told in str(answer.json()[field])
    assert Candidate.objects.get(pk=me.pk).skills_text == PLAIN


# --- vectors of two makes -------------------------------------------------------------------------


def test_a_vector_of_another_revision_never_meets_one_of_the_space_in_use(posts, me):
    embed_everything()
    mine = Candidate.objects.get(pk=me.pk)
    assert not queries.match(mine, posts[0], day=DAY).is_provisional
    # One program's vector is of another make, of the same length and even the very same numbers.
    Program.objects.filter(pk=posts[0].pk).update(
        vector_revision="another-1", vector=[float(each) for each in mine.vector]
    )
    apart = next(v for v in queries.programs_for(mine, day=DAY) if v.program.pk == posts[0].pk)
    alone = queries.match(mine, Program.objects.get(pk=posts[0].pk), day=DAY)
    run = runs.start_run(day=DAY)
    _considered, kept = blocks.scored(run.blocks.get())
    of_run = next(each for each in kept if each.program == posts[0].pk)
    unstated = scoring.UNSTATED["text"] * scoring.WEIGHTS["text"]
    assert apart.is_provisional and alone.is_provisional
    for points in (apart.points, alone.points, of_run.parts):
        assert points["text"] == pytest.approx(unstated, abs=1e-3)


def test_a_person_s_vector_of_another_revision_meets_no_program(posts, me):
    embed_everything()
    Candidate.objects.filter(pk=me.pk).update(vector_revision="another-1")
    views = queries.programs_for(Candidate.objects.get(pk=me.pk), day=DAY)
    assert views and all(view.is_provisional for view in views)
    cards = queries.candidates_for(posts[0], day=DAY)
    assert all(card.is_provisional for card in cards)
    assert VectorSpace.objects.get().revision == "plain-1"
