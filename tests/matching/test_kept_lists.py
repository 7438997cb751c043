"""A list that was made for one page serves the next, and no page is shown a stale one."""

from __future__ import annotations

from datetime import date

import pytest

from corridor.candidates.models import Candidate, LanguageScore, PutAside
from corridor.matching import own_list, queries, yardstick
from corridor.places.models import Hub, State
from corridor.programs.models import Program, Requirement
from tests.matching import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(monkeypatch):
    """Counts the lists that are made, not looked up."""
    lists = []
    make = own_list._made

    def counted(*args):
        lists.append(make(*args))
        return lists[-1]

    monkeypatch.setattr(own_list, "_made", counted)
    return lists


def page(me, day=people.DAY):
    """Found as a request finds it: everything read anew."""
    return queries.best_for(Candidate.objects.get(pk=me.pk), day=day, limit=10)


def told(found):
    views, hubs = found
    return [
        (view.program.pk, view.score, view.percent, [str(each) for each in view.reasons],
         [str(each) for each in view.gaps], str(view.climb), view.pathway_sentence)
        for view in views
    ], [(hub.hub.slug, hub.percent, hub.reasons) for hub in hubs]  # fmt: skip


@pytest.fixture
def me():
    mine = people.candidate(
        headline="배터리 공정 설비 보전", skills_text="PLC, 용접", toeic=600, hubs=["savannah"],
        educations=[{"degree": "bachelor", "major": "기계공학", "status": "enrolled",
                     "started_on": date(2023, 3, 2), "ended_on": date(2028, 2, 20)}],
    )  # fmt: skip
    for number in range(4):
        skills = {"plc": True, "welding": False} if number % 2 else {"python": True}
        people.program(f"Internship {number}", skills=skills)
    people.embed_everything()
    yardstick.refresh()
    return mine


def test_a_second_look_finds_the_list_of_the_first(me, made):
    first, second = told(page(me)), told(page(me))
    assert first == second and len(first[0]) == 4
    assert len(made) == 1


def _toeic(me, posts):
    LanguageScore.objects.filter(candidate=me).update(score=900)


def _birth(me, posts):
    me.birth_date = date(1980, 1, 1)  # what only a verdict may read
    me.save()


def _wish(me, posts):
    Candidate.objects.filter(pk=me.pk).update(hubs=["austin"])


def _put_aside(me, posts):
    PutAside.objects.create(candidate=me, program=posts[0], reason="other")


def _closed(me, posts):
    Program.objects.filter(pk=posts[1].pk).update(apply_by=date(2026, 11, 1))


def _asks_more(me, posts):
    Requirement.objects.create(program=posts[1], kind="skill", ref="autocad", text="AutoCAD")
    posts[1].save()  # as every edit does


def _moved_hub(me, posts):
    texas, _new = State.objects.get_or_create(code="TX", defaults={"name_en": "x", "name_ko": "x"})
    Hub.objects.update(state=texas)


def _counted_anew(me, posts):
    people.program("Another internship", skills={"plc": True})
    people.embed_everything()
    yardstick.refresh()


@pytest.mark.parametrize(
    "change",
    [_toeic, _birth, _wish, _put_aside, _closed, _asks_more, _moved_hub, _counted_anew],
)
def test_whatever_changes_the_next_look_shows_what_is_made_anew(me, made, change):
    page(me)
    change(me, list(Program.objects.order_by("pk")))
    seen = told(page(me))
    assert len(made) == 2
    own_list._kept.clear()
    assert seen == told(page(me))


def test_the_day_is_part_of_a_list(me, made):
    page(me)
    page(me, date(2026, 11, 24))
    assert len(made) == 2
