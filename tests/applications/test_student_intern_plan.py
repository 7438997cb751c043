"""The training plan of a J-1 student intern (22 CFR 62.23(i)): what it says beside an intern's."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from corridor.accounts.models import Organization
from corridor.applications.countersigned import checks, queries, shapes, writing
from corridor.applications.models import HOST, Paper
from tests.applications import paperwork
from tests.web import desks

pytestmark = pytest.mark.django_db

HOME = {
    "category": "j1_student_intern", "home_university": "Sample University",
    "home_degree": "Bachelor", "home_degree_on": (desks.START + timedelta(days=500)).isoformat(),
    "home_standing": True, "home_objectives": "A capstone in process engineering",
    "home_returns": True, "home_months_before": 0, "us_university": True,
}  # fmt: skip


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def plan():
    application, owner = paperwork.accepted("j1_student_intern")
    paper = paperwork.written(application, owner)
    return said(paper, **HOME), owner


def said(paper: Paper, **values):
    owner = paper.application.program.organization.memberships.get().user
    return writing.save(paper, by=owner, side=HOST, revision=None, values=values)


def blocking(paper: Paper) -> dict[str, checks.Check]:
    return {each.id: each for each in checks.blocking(paper, day=timezone.localdate())}


def test_it_begins_with_the_category_and_the_university_that_the_file_names():
    application, owner = paperwork.accepted("j1_student_intern")
    paper = writing.begin_plan(application, by=owner)
    study = application.candidate.educations.first()
    assert paper.content["category"] == "j1_student_intern"
    assert paper.content["home_university"] == study.institution
    assert paper.content["home_degree_on"] == study.ended_on.isoformat()
    assert "home_objectives" in {field.name for field in shapes.of(paper).fields}
    titles = [section["title"] for section in queries.sections(paper)]
    assert "Home university" in titles


def test_an_interns_plan_says_nothing_of_a_home_university():
    application, owner = paperwork.accepted("j1_intern")
    paper = paperwork.written(application, owner)
    assert "Home university" not in [each["title"] for each in queries.sections(paper)]
    assert not {"twelve_months", "good_standing"} & {
        each.id for each in checks.of(paper, day=timezone.localdate())
    }


def test_a_whole_plan_can_be_signed_and_every_law_named_is_that_of_student_interns(plan):
    paper, _owner = plan
    assert blocking(paper) == {}
    found = {each.id: each for each in checks.of(paper, day=timezone.localdate())}
    assert found["all_told"].citation == "22 CFR 62.23(i)(2)(i)"
    assert (found["twelve_months"].citation, found["twelve_months"].evidence) == (
        "22 CFR 62.23(h)(3)", "primary"
    )  # fmt: skip
    assert found["goals_told"].evidence == "background", "its paragraph was not read"
    assert "62.22(" not in " ".join(each.citation for each in found.values())


@pytest.mark.parametrize(
    ("told", "stands_in_the_way"),
    [({"home_returns": False}, "fulfils_home_degree_objectives"),
     ({"home_objectives": ""}, "fulfils_home_degree_objectives"),
     ({"home_degree_on": "2026-02-20"}, "fulfils_home_degree_objectives"),
     ({"us_university": None}, "us_university_sponsor"),
     ({"us_university": False}, "us_university_sponsor"),
     ({"home_standing": False}, "good_standing"),
     ({"home_standing": None}, "good_standing"),
     ({"home_months_before": 7}, "twelve_months"),
     ({"home_months_before": None}, "twelve_months"),
     ({"hours_per_week": 31}, "hours_per_week")],
)  # fmt: skip
def test_what_the_rule_asks_and_the_plan_lacks_stands_in_the_way(plan, told, stands_in_the_way):
    paper, _owner = plan
    assert stands_in_the_way in blocking(said(paper, **told))


def test_twelve_months_count_to_the_day_and_with_what_was_done_before(plan):
    paper, _owner = plan
    start = date.fromisoformat(paper.content["starts_on"])
    whole = {"ends_on": start.replace(year=start.year + 1) - timedelta(days=1)}
    beyond = {"ends_on": start.replace(year=start.year + 1)}

    def state(**days):
        changed = said(paper, **{name: day.isoformat() for name, day in days.items()})
        return next(
            each.state for each in checks.of(changed, day=timezone.localdate())
            if each.id == "twelve_months"
        )  # fmt: skip

    assert state(**whole) == "met"
    assert state(**beyond) == "fails"


def test_a_letter_of_the_dean_and_the_kind_of_work_are_advice(plan):
    paper, _owner = plan
    found = {each.id: each for each in checks.of(
        said(paper, clerical_share_pct=30), day=timezone.localdate()
    )}  # fmt: skip
    assert found["academic_statement"].state == "unknown"
    assert found["kind_of_work"].state == "fails"
    assert not found["academic_statement"].blocks and not found["kind_of_work"].blocks
    assert found["kind_of_work"].evidence == "background"
    told = said(paper, clerical_share_pct=5, home_statement_by="Dean Sample",
                home_statement_office="Dean", home_statement_on="2026-11-01")  # fmt: skip
    states = {each.id: each.state for each in checks.of(told, day=timezone.localdate())}
    assert states["academic_statement"] == states["kind_of_work"] == "met"


def test_its_sponsor_is_a_us_university_and_an_interns_is_not(plan):
    paper, owner = plan
    agency, _officer = paperwork.sponsor()
    campus = Organization.objects.create(
        slug="us-campus", kind="university", country="US", name_en="Sample State", status="verified"
    )
    desks.member(campus)
    assert list(queries.sponsors(paper)) == [campus]
    with pytest.raises(ValidationError, match=r"U\.S\. university"):
        writing.name_third(paper, by=owner, side=HOST, revision=None, third=agency)
    paper = writing.name_third(paper, by=owner, side=HOST, revision=None, third=campus)
    assert blocking(paper) == {}

    paper = said(paper, category="j1_intern")
    assert "sponsor_named" in blocking(paper), "a university does not sponsor an intern"
    assert list(queries.sponsors(paper)) == [agency]


def test_a_changed_category_shows_what_fell_away(plan):
    paper, _owner = plan
    before = dict(paper.content)
    after = said(paper, category="j1_intern", home_objectives="").content
    rows = queries.differences(paper, before, after)
    assert {"Program category", "Objectives of the degree that the internship fulfills"} <= {
        row["label"] for row in rows
    }
