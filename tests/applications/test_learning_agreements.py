"""Learning agreements: student, host and university agree; hours are confirmed; credit follows."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone, translation
from pypdf import PdfReader

from corridor.applications.countersigned import (
    checks,
    crediting,
    permissions,
    printing,
    queries,
    writing,
)
from corridor.applications.models import CANDIDATE, HOST, THIRD, Paper, PaperNotice
from corridor.partnerships import services as partnerships
from tests.applications import paperwork
from tests.web import desks

pytestmark = pytest.mark.django_db

CREDIT = {
    "supervisor": "Alex Moore", "supervisor_title": "Engineer", "name_roman": "Gyeonbon Kim",
    "course": "현장실습 3 (ME499)", "credits": "3", "assessor": "박교수",
    "assessor_title": "기계공학과 교수", "mode": "pass", "outcomes": "코팅 공정을 설명한다",
    "tasks": "두께 측정", "assessed": "보고서 60, 발표 40",
}  # fmt: skip


@pytest.fixture
def scene():
    application, owner = paperwork.accepted()
    person = application.candidate.user
    school, office = paperwork.university(person)
    return application, owner, person, school, office


def agreed(scene) -> Paper:
    """An agreement that all three have signed."""
    application, owner, person, school, office = scene
    paper = writing.begin_agreement(application, by=person, university=school)
    paper = writing.save(paper, by=person, side=CANDIDATE, revision=None, values=CREDIT)
    paper = paperwork.signed(paper, person, CANDIDATE, "김견본")
    paper = paperwork.signed(paper, owner, HOST)
    return paperwork.signed(paper, office, THIRD)


def test_a_student_begins_it_with_what_is_known_and_signs_first(scene):
    application, owner, person, school, office = scene

    paper = writing.begin_agreement(application, by=person, university=school)

    told = paper.content
    assert (told["department"], told["host"]) == ("기계공학과", "sample-host")
    assert told["hours"] == 1040, "40 hours for 26 weeks"
    assert paper.turn == CANDIDATE
    assert not queries.of_organization(office, school).exists(), "not before the student signs"
    assert not queries.of_organization(owner, application.program.organization).exists()
    with pytest.raises(ValidationError):
        paperwork.signed(paper, person, CANDIDATE)


def test_a_university_begins_one_for_its_confirmed_student_and_the_student_is_asked(scene):
    application, _owner, person, school, office = scene
    paper = writing.begin_agreement(application, by=office, university=school)
    assert queries.of_organization(office, school).get() == paper
    assert not PaperNotice.objects.exists(), "an unfinished draft asks nobody"

    paper = writing.save(paper, by=office, side=THIRD, revision=None, values=CREDIT)
    writing.save(paper, by=office, side=THIRD, revision=None, values={"credits": "2"})

    assert PaperNotice.objects.filter(side=CANDIDATE, what="sign").count() == 1
    assert permissions.may_sign(person, paperwork.again(paper), CANDIDATE)


def test_only_a_university_that_has_confirmed_the_student_can_be_chosen(scene):
    application, _owner, person, school, office = scene
    other = type(school).objects.create(
        slug="other-university", kind="university", country="KR", name_ko="다른대",
        status="verified",
    )  # fmt: skip
    stranger = desks.member(other)

    with pytest.raises(PermissionDenied):
        writing.begin_agreement(application, by=stranger, university=other)
    partnerships.end_affiliation(person.affiliations.get(), by=person)
    with pytest.raises(ValidationError):
        writing.begin_agreement(application, by=person, university=school)
    with pytest.raises(PermissionDenied):
        writing.begin_agreement(application, by=office, university=school)


def test_hours_that_do_not_fit_into_the_weeks_stand_in_the_way(scene):
    application, _owner, person, school, _office = scene
    paper = writing.begin_agreement(application, by=person, university=school)
    paper = writing.save(paper, by=person, side=CANDIDATE, revision=None,
                         values={**CREDIT, "hours": 1041})  # fmt: skip

    found = {each.id: each.state for each in checks.of(paper, day=timezone.localdate())}

    assert found["hours_fit"] == "fails"


def test_the_hours_wait_for_the_host_once_the_last_day_has_come(scene):
    application, owner, *_rest = scene
    paper, host = agreed(scene), application.program.organization
    assert not queries.has_begun(paper)
    assert not queries.awaiting(owner, host).exists()
    today = timezone.localdate()
    paper.content |= {"starts_on": (today - timedelta(days=60)).isoformat(),
                      "ends_on": today.isoformat()}  # fmt: skip
    paper.save()
    assert queries.has_begun(paper) and queries.awaiting(owner, host).get() == paper


def test_three_sign_in_turn_and_a_change_by_the_university_asks_all_again(scene):
    application, owner, _person, _school, office = scene
    paper = agreed(scene)
    assert (paper.state, paper.turn) == ("signed", HOST)
    assert paper.due_on > desks.START, "the hours are asked for after the last day"
    assert queries.of_organization(owner, application.program.organization).get() == paper

    paper = writing.save(paper, by=office, side=THIRD, revision=None, values={"credits": "2"})

    assert (paper.state, paper.turn, paper.version) == ("draft", CANDIDATE, 2)
    with pytest.raises(PermissionDenied):
        writing.save(paper, by=owner, side=HOST, revision=None, values={"credits": "9"})


def test_the_host_confirms_hours_and_the_university_records_the_credit(scene):
    _application, owner, person, _school, office = scene
    paper = agreed(scene)
    after = desks.START + timedelta(days=190)

    with pytest.raises(ValidationError, match="시작"):
        crediting.confirm_hours(paper, by=owner, hours=1000)
    with pytest.raises(PermissionDenied):
        crediting.confirm_hours(paper, by=person, hours=1000, today=after)
    with pytest.raises(ValidationError, match="먼저"):
        crediting.record_credit(paper, by=office, credited=True, credits="3", today=after)
    paper = crediting.confirm_hours(paper, by=owner, hours=1000, note="성실", today=after)
    assert paper.turn == THIRD
    with pytest.raises(ValidationError):
        writing.save(paper, by=person, side=CANDIDATE, revision=None, values={"credits": "9"})
    with pytest.raises(PermissionDenied):
        crediting.record_credit(paper, by=owner, credited=True, credits="3", today=after)
    paper = crediting.record_credit(
        paper, by=office, credited=True, credits="3", grade="A+", today=after
    )

    assert (paper.state, paper.turn) == ("credited", "")
    assert paper.outcome["grade"] == "A+"
    assert PaperNotice.objects.filter(what="credited", side=CANDIDATE).count() == 1


def test_a_university_that_gives_no_credit_says_why(scene):
    _application, owner, _person, _school, office = scene
    after = desks.START + timedelta(days=190)
    paper = crediting.confirm_hours(agreed(scene), by=owner, hours=100, today=after)

    with pytest.raises(ValidationError, match="이유"):
        crediting.record_credit(paper, by=office, credited=False, today=after)
    paper = crediting.record_credit(
        paper, by=office, credited=False, reason="시간 부족", today=after
    )

    assert (paper.state, paper.outcome["reason"]) == ("refused", "시간 부족")


def test_the_grade_and_the_reason_never_reach_the_host(scene):
    _application, owner, _person, _school, office = scene
    after = desks.START + timedelta(days=190)
    paper = crediting.confirm_hours(agreed(scene), by=owner, hours=1000, today=after)
    crediting.record_credit(paper, by=office, credited=True, credits="3", grade="A+", today=after)
    paper = paperwork.again(paper)

    def text(side: str) -> str:
        pages = PdfReader(BytesIO(printing.pdf(paper, side=side))).pages
        return "\n".join(page.extract_text() for page in pages)

    with translation.override("ko"):
        assert "A+" in text(CANDIDATE) and "A+" in text(THIRD)
        assert "A+" not in text(HOST)
        assert "학점 인정" in text(HOST)
