"""Occupations are recognized by title, in any list and either language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.taxonomy import known


def titles(text: str) -> list[str]:
    return [job.title for job in known.find(text)]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Data Scientists", "Data Scientists"),
        ("Data Scientist. Builds models of customer behavior.", "Data Scientists"),
        ("Welders, Cutters, Solderers, and Brazers. Join metal.",
         "Welders, Cutters, Solderers, and Brazers"),
        ("Summer 2026: Mechanical Engineer Intern (Austin, TX)", "Mechanical Engineers"),
        ("데이터 사이언티스트", "Data Scientists"),
    ],
)  # fmt: skip
def test_a_title_in_the_head_of_a_text_names_the_occupation(text: str, title: str):
    assert titles(text) == [title]


@pytest.mark.parametrize("text", ["", "heater", "plunger", "water pump", "우리 회사", "51-4121.00"])
def test_things_and_codes_name_none(text: str):
    assert titles(text) == []


def test_a_title_far_down_a_text_is_not_what_the_text_is_about():
    assert titles("We make pumps for towns and villages. " * 10 + "Data Scientists") == []


def test_every_title_of_the_list_finds_itself():
    for job in known.occupations().values():
        assert job in known.find(job.title)


def test_every_occupation_has_a_korean_title_and_sentence():
    lacking = [job.code for job in known.occupations().values() if not (job.korean and job.said)]
    assert not lacking


@given(st.text(max_size=400))
def test_any_text_at_all_names_two_occupations_at_most(text: str):
    assert len(known.find(text)) <= 2
