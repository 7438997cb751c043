"""Profiles read by columns say what profiles read as models say."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from corridor.candidates import aside
from corridor.candidates.models import Candidate
from corridor.candidates.texts import PREFETCH
from corridor.matching import pathways, people
from corridor.matching.rows import candidate_row
from tests.matching.people import DAY, candidate, embed_everything, program

pytestmark = pytest.mark.django_db


def as_models():
    return list(Candidate.objects.order_by("pk").prefetch_related(*PREFETCH))


@pytest.fixture
def everybody(db):
    candidate(
        "kim@example.org", skills_text="PLC, 용접", headline="설비 보전", toeic=810,
        birth_date=date(1999, 3, 2), sex="M", military_status="completed", nationality="KR",
        rule_facts={"candidate.birth_year": 1990, "candidate.english_verified": True},
        kinds=["dispatch"], sectors=["steel"], hubs=["savannah"], min_months=3,
        available_from=date(2027, 1, 1),
        educations=[
            {"degree": "bachelor", "major": "전기공학", "status": "enrolled",
             "started_on": date(2022, 3, 1), "ended_on": date(2028, 2, 20)},
            {"degree": "associate", "major": "기계", "status": "graduated",
             "ended_on": date(2021, 2, 20)},
        ],
    )  # fmt: skip
    candidate("lee@example.org", skills_text="", headline="")
    candidate("park@example.org", walk="researcher", headline="battery cells", educations=[
        {"degree": "doctorate", "major": "화학", "status": "graduated", "country": "US",
         "ended_on": None}
    ])  # fmt: skip
    embed_everything()


@pytest.mark.parametrize("at_once", [1, 2, 2000])
def test_rows_sides_and_vectors_are_those_of_the_models(everybody, monkeypatch, at_once):
    monkeypatch.setattr(people, "AT_ONCE", at_once)
    models = as_models()
    revision = models[0].vector_revision
    read = people.read(Candidate.objects.order_by("pk"), "card_code", revision=revision)
    assert len(read) == 3 and revision
    for model, person in zip(models, read, strict=True):
        assert candidate_row(person, day=DAY) == candidate_row(model, day=DAY)
        assert pathways.candidate_side(person, day=DAY) == pathways.candidate_side(model, day=DAY)
        assert person.more == {"card_code": model.card_code}
        if model.vector is None:
            assert person.vector is None
        else:
            assert np.array_equal(person.vector, np.array(model.vector, np.float32))
    assert any(person.vector is not None for person in read)


def test_a_vector_of_another_revision_is_not_read(everybody):
    read = people.read(Candidate.objects.all(), revision="another")
    assert [person.vector for person in read] == [None, None, None]


def test_reading_more_people_costs_no_more_queries(everybody, django_assert_num_queries):
    for found in (Candidate.objects.all()[:1], Candidate.objects.all()):
        with django_assert_num_queries(5):
            people.read(found)


def test_what_is_put_aside_is_told_by_person(everybody):
    me, other, _third = Candidate.objects.order_by("pk")
    posts = [program(f"post {n}") for n in range(3)]
    for post in posts[:2]:
        aside.put_aside(me, post, by=me.user, reason="pay")
    aside.put_aside(other, posts[2], by=other.user, reason="kind")
    assert people.aside_of(Candidate.objects.all()) == {
        me.pk: {posts[0].pk, posts[1].pk}, other.pk: {posts[2].pk}
    }  # fmt: skip
