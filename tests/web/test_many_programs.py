"""A house with hundreds of programs reads them a page at a time; what it counts is all of them."""

from __future__ import annotations

from importlib import import_module

import pytest

from tests.matching import people
from tests.web.desks import client_of, member

pytestmark = pytest.mark.django_db


def test_a_firms_home_shows_a_page_of_its_programs_and_counts_all(monkeypatch):
    monkeypatch.setattr(import_module("corridor.web.firm.views.home"), "PROGRAMS", 2)
    firm = people.host("sample-firm")
    for n in range(3):
        people.program(f"Stay {n}", organization=firm)
    owner = client_of(member(firm))
    first = owner.get("/en/org/sample-firm/")
    assert [len(first.context["programs"]), first.context["published"]] == [2, 3]
    assert "?page=2" in first.content.decode()
    second = owner.get("/en/org/sample-firm/?page=2")
    shown = {row["program"].title for row in (*first.context["programs"],
                                              *second.context["programs"])}  # fmt: skip
    assert shown == {"Stay 0", "Stay 1", "Stay 2"}


def test_a_universitys_joint_research_stands_a_page_at_a_time(monkeypatch):
    monkeypatch.setattr(import_module("corridor.web.university.views.research"), "PROGRAMS", 2)
    here = people.host("sample-univ", kind="university", country="KR")
    for n in range(3):
        people.program(f"Study {n}", organization=here, kind="joint_research")
    owner = client_of(member(here))
    shown = [
        row["program"].title
        for page in (1, 2)
        for row in owner.get(f"/en/org/sample-univ/research/?page={page}").context["rows"]
    ]
    assert sorted(shown) == ["Study 0", "Study 1", "Study 2"]
