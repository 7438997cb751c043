"""Offers: whole terms, a day to answer by, no surprise at the end, and a history."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from corridor.applications import answering, notices, offers, services
from corridor.applications.models import Application, ApplicationEvent, Offer, State
from tests.matching import people
from tests.web.desks import START, applicant, member, open_program

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def sides() -> dict:
    firm = people.host("sample-firm")
    owner = member(firm)
    application = applicant(open_program(firm))
    services.move(application, by=owner, to=State.UNDER_REVIEW)
    return {"owner": owner, "me": application.candidate.user, "application": application,
            "firm": firm}  # fmt: skip


def terms(**changes) -> dict:
    return {
        "starts_on": START, "ends_on": START + timedelta(days=300), "pay_period": "hour",
        "pay_amount": 22, "pay_currency": "USD", "place": "Savannah, Georgia",
        "payers": dict.fromkeys(Offer.Item.values, "host"), "pathway": "j1_intern",
        "conditions": "", "answer_by": TODAY + timedelta(days=14), **changes,
    }  # fmt: skip


def made(sides: dict, **changes) -> Offer:
    return offers.make(sides["application"], by=sides["owner"], **terms(**changes))


def application() -> Application:
    return Application.objects.get()


def test_an_offer_moves_the_application_and_says_by_when(sides):
    offer = made(sides)
    assert (application().state, application().answer_by) == (State.OFFERED, offer.answer_by)


def test_accepting_closes_the_offer_with_its_moment(sides):
    offer = made(sides)
    services.move(application(), by=sides["me"], to=State.ACCEPTED)
    offer.refresh_from_db()
    assert offer.state == "accepted" and offer.answered_at is not None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"answer_by": TODAY + timedelta(days=2)}, "answer_by"),
        ({"answer_by": START + timedelta(days=1)}, "answer_by"),
        ({"ends_on": START - timedelta(days=1)}, "ends_on"),
        ({"starts_on": TODAY}, "starts_on"),
        ({"pay_amount": None}, "pay_amount"),
        ({"payers": {"flight": "host"}}, "payers"),
        ({"pathway": "no_such_route"}, "pathway"),
        ({"place": ""}, "place"),
    ],
)
def test_terms_that_do_not_hold_together_are_sent_back_by_field(sides, change, field):
    with pytest.raises(ValidationError) as refused:
        made(sides, **change)
    assert field in refused.value.message_dict
    assert application().state == State.UNDER_REVIEW and not Offer.objects.exists()


def test_a_changed_offer_is_a_new_one_and_the_old_one_is_kept(sides):
    first, second = made(sides), made(sides, pay_amount=25)
    first.refresh_from_db()
    assert first.state == "replaced" and second.state == "open"
    assert list(application().offers.values_list("pay_amount", flat=True)) == [22, 25]
    notices.tell(application().pk)
    assert len([letter for letter in mail.outbox if letter.to == [sides["me"].email]]) == 3


def test_the_terms_that_were_read_are_the_terms_that_are_accepted(sides):
    made(sides)
    read = application().version
    made(sides, pay_amount=12)
    with pytest.raises(services.Outdated):
        services.move(application(), by=sides["me"], to=State.ACCEPTED, version=read)
    assert application().state == State.OFFERED


def test_a_reviewer_makes_no_offer_and_prolongs_none(sides):
    reviewer = member(sides["firm"], "reviewer")
    with pytest.raises(PermissionDenied):
        offers.make(sides["application"], by=reviewer, **terms())
    made(sides)
    with pytest.raises(PermissionDenied):
        offers.prolong(application(), by=reviewer, answer_by=TODAY + timedelta(days=30))


def test_after_its_day_it_is_not_accepted_and_nothing_is_closed(sides):
    offer = made(sides)
    after = offer.answer_by + timedelta(days=1)
    assert offers.watch(today=after) == {"reminded": 0, "expired": 1}
    assert offers.watch(today=after) == {"reminded": 0, "expired": 0}
    offer.refresh_from_db()
    assert offer.state == "expired" and application().state == State.OFFERED
    assert application() in answering.waiting_for_host(), "now the host has to say what holds"
    Application.objects.update(answer_by=TODAY - timedelta(days=1))
    with pytest.raises(ValidationError):
        services.move(application(), by=sides["me"], to=State.ACCEPTED)
    mail.outbox.clear()
    notices.tell(application().pk)
    assert {letter.to[0] for letter in mail.outbox} >= {sides["me"].email, sides["owner"].email}


def test_a_prolonged_offer_can_be_accepted_again(sides):
    offer = made(sides)
    offers.watch(today=offer.answer_by + timedelta(days=1))
    later = offer.answer_by + timedelta(days=20)
    offers.prolong(application(), by=sides["owner"], answer_by=later)
    offer.refresh_from_db()
    assert (offer.state, offer.answer_by, application().due_on) == ("open", later, None)
    services.move(application(), by=sides["me"], to=State.ACCEPTED)


def test_an_offer_is_never_made_shorter_by_prolonging(sides):
    offer = made(sides)
    for day in (offer.answer_by, offer.answer_by - timedelta(days=1), date(2020, 1, 1)):
        with pytest.raises(ValidationError):
            offers.prolong(application(), by=sides["owner"], answer_by=day)


def test_the_candidate_alone_is_reminded_once_before_the_day(sides):
    offer = made(sides)
    near = offer.answer_by - timedelta(days=2)
    assert offers.watch(today=near - timedelta(days=1))["reminded"] == 0
    assert offers.watch(today=near)["reminded"] == 1
    assert offers.watch(today=offer.answer_by)["reminded"] == 0
    notices.tell(application().pk)
    mail.outbox.clear()
    event = ApplicationEvent.objects.last()
    ApplicationEvent.objects.filter(pk=event.pk).update(told=False)
    notices.tell(application().pk)
    assert [letter.to for letter in mail.outbox] == [[sides["me"].email]]


def test_ending_an_offer_takes_it_back(sides):
    offer = made(sides)
    services.move(application(), by=sides["owner"], to=State.CLOSED, reason="program_changed")
    offer.refresh_from_db()
    assert offer.state == "withdrawn"
