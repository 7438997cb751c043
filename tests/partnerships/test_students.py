"""A student belongs to a university, and goes on its list, by their own yes alone."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from corridor.accounts import services as accounts
from corridor.partnerships import queries, services, tasks
from corridor.partnerships.models import Nomination, Notice
from tests.matching import people
from tests.web.desks import member

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> dict:
    korean = people.host("sample-univ-kr", kind="university", country="KR")
    american = people.host("sample-univ-us", kind="university", country="US")
    kim, lee = member(korean), member(american)
    agreement = services.save_agreement(
        None, by=kim, organization=korean, partner=american, kind="internship", title_en="Interns"
    )
    services.send(agreement, by=kim)
    for by, side in ((kim, "KR"), (lee, "US")):
        agreement = services.sign(
            agreement, by=by, side=side, name="A", title="B", day=date(2026, 11, 1)
        )
    program = people.program("Line internship", organization=american, agreement=agreement)
    return {"kr": korean, "us": american, "kim": kim, "lee": lee, "agreement": agreement,
            "program": program}  # fmt: skip


def student(world: dict, email: str, *, confirmed: bool = True):
    user = people.candidate(email).user
    made = services.affiliate(by=user, university=world["kr"], department="기계공학과")
    if confirmed:
        services.answer_affiliation(made, by=world["kim"], confirmed=True)
    return user


def nominated(world: dict, user) -> Nomination:
    return services.nominate(
        world["agreement"], by=world["kim"], university=world["kr"], program=world["program"],
        student=user,
    )  # fmt: skip


def test_a_student_asks_with_consent_and_the_university_confirms(world):
    user = people.candidate("a@example.org").user
    made = services.affiliate(by=user, university=world["kr"], department="기계공학과")
    assert made.consent.recipient == world["kr"] and "application_states" in made.consent.items
    assert services.affiliate(by=user, university=world["kr"], department="x").pk == made.pk
    with pytest.raises(PermissionDenied):
        services.answer_affiliation(made, by=world["lee"], confirmed=True)
    services.answer_affiliation(made, by=world["kim"], confirmed=True)
    assert queries.stands(user, world["kr"])
    assert [each.student for each in queries.students_of(world["kim"], world["kr"])] == [user]
    assert not queries.students_of(world["lee"], world["kr"]).exists()


def test_a_withdrawn_consent_takes_the_student_out_of_sight_and_off_the_lists(world):
    user = student(world, "a@example.org")
    row = nominated(world, user)
    services.answer_nomination(row, by=user, agrees=True)
    services.send_nominations(
        world["agreement"], by=world["kim"], university=world["kr"], program=world["program"]
    )
    assert queries.nominations_to(world["lee"], world["us"]).count() == 1
    consent = queries.affiliations_of(user).get().consent
    accounts.withdraw_consent(consent, by=user)
    assert not queries.students_of(world["kim"], world["kr"]).exists()
    assert not queries.nominations_by(world["kim"], world["kr"]).exists()
    assert not queries.nominations_to(world["lee"], world["us"]).exists()
    again = services.affiliate(by=user, university=world["kr"], department="기계공학과")
    assert again.state == "asked" and again.consent.stands


def test_ending_an_affiliation_declines_what_is_open(world):
    user = student(world, "a@example.org")
    row = nominated(world, user)
    services.end_affiliation(queries.affiliations_of(user).get(), by=user)
    row.refresh_from_db()
    assert row.state == "declined" and not queries.stands(user, world["kr"])


def test_only_confirmed_students_are_nominated_once_under_an_agreement_in_force(world):
    user = student(world, "a@example.org", confirmed=False)
    with pytest.raises(ValidationError):
        nominated(world, user)
    services.answer_affiliation(
        queries.affiliations_of(user).get(), by=world["kim"], confirmed=True
    )
    nominated(world, user)
    with pytest.raises(ValidationError):
        nominated(world, user)
    other = people.program("Elsewhere", organization=world["us"])
    with pytest.raises(ValidationError):
        services.nominate(world["agreement"], by=world["kim"], university=world["kr"],
                          program=other, student=user)  # fmt: skip
    with pytest.raises(PermissionDenied):
        services.nominate(world["agreement"], by=world["lee"], university=world["kr"],
                          program=world["program"], student=user)  # fmt: skip


def test_nothing_goes_out_before_the_student_agrees(world):
    user = student(world, "a@example.org")
    row = nominated(world, user)
    send = lambda: services.send_nominations(  # noqa: E731
        world["agreement"], by=world["kim"], university=world["kr"], program=world["program"]
    )
    with pytest.raises(ValidationError):
        send()
    with pytest.raises(PermissionDenied):
        services.answer_nomination(row, by=world["kim"], agrees=True)
    services.answer_nomination(row, by=user, agrees=True)
    assert send() == 1
    assert [each.student for each in queries.nominations_to(world["lee"], world["us"])] == [user]
    assert not queries.nominations_to(world["kim"], world["us"]).exists()


def test_the_order_moves_by_one_and_closes_up_when_somebody_leaves(world):
    users = [student(world, f"{name}@example.org") for name in "abc"]
    rows = [nominated(world, user) for user in users]
    ranks = lambda: list(  # noqa: E731
        queries.nominations_by(world["kim"], world["kr"]).values_list("student_id", flat=True)
    )
    services.move_nomination(rows[2], by=world["kim"], up=True)
    assert ranks() == [users[0].pk, users[2].pk, users[1].pk]
    services.move_nomination(rows[0], by=world["kim"], up=True)
    assert ranks()[0] == users[0].pk
    services.answer_nomination(rows[0], by=users[0], agrees=False)
    left = queries.nominations_by(world["kim"], world["kr"])
    assert [each.rank for each in left] == [1, 2]


def test_mail_about_a_nomination_reaches_the_student_and_names_no_student_to_others(
    world, mailoutbox
):
    user = student(world, "a@example.org")
    row = nominated(world, user)
    services.answer_nomination(row, by=user, agrees=True)
    services.send_nominations(
        world["agreement"], by=world["kim"], university=world["kr"], program=world["program"]
    )
    for notice in Notice.objects.filter(told=False):
        tasks.tell(notice.pk)
    to_student = [mail for mail in mailoutbox if mail.to == [user.email]]
    assert len(to_student) == 3  # confirmed, asked, sent
    assert all("/me/university/" in mail.body for mail in to_student)
    for mail in mailoutbox:
        assert "김견본" not in mail.body
        assert mail.to == [user.email] or user.email not in mail.body
