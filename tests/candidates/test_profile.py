"""A profile is its owner's to write; impossible facts are refused at their field."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from corridor.accounts.models import User
from corridor.candidates import queries, services
from corridor.candidates.models import Candidate, Education
from corridor.candidates.texts import PREFETCH
from corridor.common.models import AuditEntry, OutboxMessage
from tests.matching import people

pytestmark = pytest.mark.django_db
STUDY = {
    "institution": "견본대학교", "degree": "bachelor", "status": "enrolled", "major": "기계공학",
}  # fmt: skip


@pytest.fixture
def me() -> Candidate:
    return people.candidate(skills_text="용접")


def test_nobody_writes_anothers_profile(me):
    other = people.candidate("lee@example.org").user
    for write in (
        lambda: services.save_profile(me, by=other, city="x"),
        lambda: services.replace_list(me, by=other, name="works", rows=[]),
        lambda: services.answer_rule_facts(me, by=other, answers={}),
        lambda: services.set_visibility(me, by=other, visibility="findable"),
    ):
        with pytest.raises(PermissionDenied):
            write()
    assert not AuditEntry.objects.exists()


def test_a_profile_is_seen_by_its_owner_and_staff_alone(me):
    from django.contrib.auth.models import AnonymousUser

    from corridor.accounts.models import User

    staff = User.objects.create_user("staff@example.org", is_staff=True)
    other = people.candidate("lee@example.org")
    assert list(queries.visible_to(me.user)) == [me]
    assert set(queries.visible_to(staff)) == {me, other}
    assert not queries.visible_to(AnonymousUser()).exists()


@pytest.mark.parametrize("field", ["visibility", "user_id", "card_code", "rule_facts", "vector"])
def test_what_has_its_own_door_is_not_changed_through_the_profile(me, field):
    with pytest.raises(ValidationError):
        services.save_profile(me, by=me.user, **{field: "x"})


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({"available_from": date(2027, 3, 1), "available_until": date(2027, 2, 1)}, "last day"),
        ({"min_months": 12, "max_months": 6}, "longest stay"),
        ({"birth_date": timezone.localdate() + timedelta(days=1)}, "birth date"),
        ({"birth_date": date(1, 1, 1)}, "birth date"),
        ({"walk": "astronaut"}, "astronaut"),
    ],
)
def test_impossible_facts_are_refused_and_nothing_is_saved(me, fields, at):
    from django.utils import translation

    with translation.override("en"), pytest.raises(ValidationError, match=at):
        services.save_profile(me, by=me.user, city="창원", **fields)
    me.refresh_from_db()
    assert me.city == "" and me.birth_date is None and me.walk == "student"
    assert not AuditEntry.objects.exists() and not OutboxMessage.objects.exists()


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("educations", {**STUDY, "started_on": date(2025, 3, 1), "ended_on": date(2024, 2, 1)}),
        ("educations", {**STUDY, "degree": "kindergarten"}),
        ("works", {"employer": "견본", "title": "정비", "started_on": date(2025, 3, 1),
                   "ended_on": date(2024, 2, 1)}),
        ("credentials", {"name": "용접기능사", "issued_on": date(2025, 1, 1),
                         "expires_on": date(2024, 1, 1)}),
        ("languages", {"test": "toeic", "score": Decimal(9999)}),
        ("languages", {"test": "ielts", "score": Decimal("9.5")}),
        ("languages", {"test": "telepathy", "score": Decimal(1)}),
    ],
)  # fmt: skip
def test_a_list_with_one_impossible_row_is_refused_whole(me, name, row):
    Education.objects.create(candidate=me, **STUDY)
    good = {
        "educations": STUDY,
        "works": {"employer": "a", "title": "b", "started_on": date(2020, 1, 1)},
        "credentials": {"name": "a"}, "languages": {"test": "toeic", "score": Decimal(800)},
    }[name]  # fmt: skip
    with pytest.raises(ValidationError):
        services.replace_list(me, by=me.user, name=name, rows=[good, row])
    assert me.educations.count() == 1
    assert getattr(me, name).count() == (1 if name == "educations" else 0)


def test_a_korean_licence_is_joined_to_the_rules_by_its_name(me):
    services.replace_list(me, by=me.user, name="credentials", rows=[{"name": "용접기능사"}])
    held = me.credentials.get()
    assert held.credential_id, "the rules know 용접기능사"
    services.replace_list(me, by=me.user, name="credentials", rows=[{"name": "바둑 3단"}])
    assert me.credentials.get().credential_id == ""


def test_a_changed_list_asks_for_a_new_vector_and_the_same_list_does_not(me):
    asked = OutboxMessage.objects.filter(task="candidates.embed")
    services.replace_list(me, by=me.user, name="credentials", rows=[{"name": "용접기능사"}])
    assert asked.count() == 1
    services.replace_list(me, by=me.user, name="credentials", rows=[{"name": "용접기능사"}])
    assert asked.count() == 1


def test_the_text_that_is_matched_holds_no_name_school_employer_or_place():
    from corridor.candidates import texts

    me = people.candidate(
        city="창원", about="배터리 설비를 정비했습니다.",
        educations=[{"degree": "bachelor", "status": "enrolled", "major": "기계공학"}],
        works=[{"title": "설비 정비", "started_on": date(2023, 1, 1)}],
    )  # fmt: skip
    text = texts.profile_text(me)
    assert "기계공학" in text and "설비 정비" in text
    for secret in ("김견본", "kim@example.org", "견본대학교", "견본회사", "창원", me.card_code):
        assert secret not in text


# --- answers to the rules -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answers",
    [
        {"program.hours_per_week": 40},
        {"candidate.shoe_size": 265},
        {"candidate.english_verified": "perhaps"},
        {"candidate.toeic": "many"},
        {"candidate.birth_year": 2001},
        {"candidate.sex": "X1"},
    ],
)
def test_facts_that_are_unknown_mistyped_or_anothers_are_refused(me, answers):
    with pytest.raises(ValidationError):
        services.answer_rule_facts(
            me, by=me.user, answers={"candidate.residence_abroad": True, **answers}
        )
    me.refresh_from_db()
    assert me.rule_facts == {}


def test_an_empty_answer_forgets_the_fact(me):
    services.answer_rule_facts(me, by=me.user, answers={"candidate.residence_abroad": False})
    services.answer_rule_facts(me, by=me.user, answers={"candidate.english_verified": True})
    services.answer_rule_facts(me, by=me.user, answers={"candidate.residence_abroad": None})
    me.refresh_from_db()
    assert me.rule_facts == {"candidate.english_verified": True}


def test_staff_are_told_a_figure_of_a_minute_ago_only_among_many(monkeypatch):
    monkeypatch.setattr(queries, "_counted", {})
    people.candidate()
    assert queries.how_many(now=0) == 1
    people.candidate("second@example.org")
    assert queries.how_many(now=1) == 2  # few are counted each time
    monkeypatch.setattr(queries, "MANY", 2)
    people.candidate("third@example.org")
    assert queries.how_many(now=2) == 2
    assert queries.how_many(now=61) == 3


def test_ones_own_profile_comes_with_its_evidence_in_one_statement_as_if_read_list_by_list(
    django_assert_num_queries,
):
    me = people.candidate(
        educations=[
            {"degree": "bachelor", "status": "graduated", "ended_on": date(2024, 2, 20)},
            {"degree": "high_school", "status": "graduated", "ended_on": date(2019, 2, 9)},
            {"degree": "master", "status": "enrolled", "is_accredited_engineering": True},
        ],
        works=[
            {"title": 'Welder "A"\n용접', "started_on": date(2020, 1, 2)},
            {"title": "Fitter", "started_on": date(2022, 1, 2), "ended_on": date(2023, 1, 1),
             "related": None},
        ],
        credentials=["용접기능사", "OSHA 10"], toeic=850,
    )  # fmt: skip
    me.languages.create(test="ielts", score=Decimal("6.5"))
    me.languages.create(test="opic", level="IH")
    with django_assert_num_queries(1):
        read = queries.of(me.user)
        found = {name: list(getattr(read, name).all()) for name in PREFETCH}
    assert read == me and read.user == me.user and "evidence" not in vars(read)
    for name, rows in found.items():
        known = list(getattr(me, name).all())
        assert [row.pk for row in rows] == [row.pk for row in known] and rows
        for row, same in zip(rows, known, strict=True):
            assert row.candidate is read and not row._state.adding
            for field in row._meta.concrete_fields:
                mine, theirs = getattr(row, field.attname), getattr(same, field.attname)
                assert (mine, type(mine), str(mine)) == (theirs, type(theirs), str(theirs))


def test_who_has_no_profile_reads_none_and_an_empty_one_has_empty_lists():
    assert queries.of(User.objects.create_user("nobody@example.org")) is None
    read = queries.of(people.candidate().user)
    assert all(list(getattr(read, name).all()) == [] for name in PREFETCH)


def test_what_is_asked_further_of_the_evidence_is_asked_of_ones_own_alone():
    people.candidate("lee@example.org", educations=[{"degree": "master", "status": "graduated"}])
    me = people.candidate(educations=[{"degree": "bachelor", "status": "enrolled"}])
    read = queries.of(me.user)
    assert read.educations.count() == 1
    assert read.educations.filter(degree="master").count() == 0
    assert read.educations.first().degree == "bachelor"
    assert not read.educations.exclude(degree="bachelor").exists()
    assert not read.works.order_by("pk").exists()
    read.educations.create(institution="견본대학교", degree="associate", status="graduated")
    assert read.educations.count() == 2  # what was at hand is let go
