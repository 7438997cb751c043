"""An accepted offer's days and pay go before the program's, on every page that judges by them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import override

from corridor.applications import offers, planning, services, terms
from corridor.applications.models import Application, Offer, State
from corridor.web import present
from tests.matching import people
from tests.web.desks import START, applicant, at, client_of, member, open_program

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
SOON = TODAY + timedelta(days=9)


@pytest.fixture
def sides() -> dict:
    firm = people.host("sample-firm")
    sent = applicant(open_program(firm, hub=people.hub(), kind="training", details={}))
    return {"firm": firm, "owner": member(firm), "me": sent.candidate, "sent": sent}


def accepted(sides: dict, **changes) -> Application:
    """An offer that begins 191 days before the program said, and its acceptance."""
    services.move(sides["sent"], by=sides["owner"], to=State.UNDER_REVIEW)
    offers.make(
        Application.objects.get(), by=sides["owner"],
        **{"starts_on": SOON, "ends_on": SOON + timedelta(days=100), "pay_period": "hour",
           "pay_amount": 22, "pay_currency": "USD", "place": "Savannah",
           "payers": dict.fromkeys(Offer.Item.values, "host"), "pathway": "j1_trainee",
           "conditions": "", "answer_by": TODAY + timedelta(days=5), **changes},
    )  # fmt: skip
    return services.move(Application.objects.get(), by=sides["me"].user, to=State.ACCEPTED)


def read(user, name: str, *args) -> str:
    return client_of(user).get(at(name, *args)).content.decode()


def test_every_route_of_an_accepted_application_is_judged_by_the_offers_days(sides):
    before = read(sides["me"].user, "candidate:application", sides["sent"].pk)
    assert "in time" in before and "too late" not in before
    taken = accepted(sides)
    for name, args in (("candidate:application", (taken.pk,)), ("candidate:journey", ())):
        text = read(sides["me"].user, name, *args)
        assert "Plan with another route" in text
        assert "too late" in text, "nine days are too few for any of these visas"
        with override("en"):
            assert f"a start on {present.day(START)}" not in text


def test_the_firms_page_of_the_person_counts_towards_the_offers_first_day(sides):
    taken = accepted(sides)
    text = read(sides["owner"], "firm:application", "sample-firm", taken.pk)
    with override("en"):
        assert f"too late for a start on {present.day(SOON)}" in text


def test_the_pay_that_was_offered_is_what_the_rules_read(sides):
    assert sides["sent"].program.pay_period == "unpaid"
    taken = accepted(sides)
    offered = terms.as_offered(taken)
    assert (offered.pay_period, offered.starts_on) == ("hour", SOON)
    assert taken.program.pay_period == "unpaid", "the program itself stands as it was posted"


def test_an_offer_that_was_declined_or_replaced_leaves_the_programs_days(sides):
    services.move(sides["sent"], by=sides["owner"], to=State.UNDER_REVIEW)
    fresh = Application.objects.get()
    Offer.objects.create(
        application=fresh, starts_on=SOON, ends_on=SOON, pay_period="hour", place="x",
        answer_by=TODAY, state=Offer.State.REPLACED,
    )  # fmt: skip
    assert terms.as_offered(fresh) is fresh.program


def test_a_route_is_open_to_plan_with_or_not_by_the_offers_terms(sides):
    taken = accepted(sides)
    with pytest.raises(ValidationError):
        planning.choose_route(taken, by=sides["me"].user, pathway="h1b_cap")
    assert planning.choose_route(taken, by=sides["me"].user, pathway="j1_trainee").route
