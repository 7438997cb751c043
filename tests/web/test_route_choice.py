"""With which visa route one plans: the candidate's wish until the host has filed."""

from __future__ import annotations

import pytest
from django.core import mail as outbox
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from corridor.applications import notices, planning
from corridor.applications.models import State
from tests.matching import people
from tests.web.desks import applicant, client_of, member, open_program

pytestmark = pytest.mark.django_db
WISH = "j1_trainee"


@pytest.fixture
def firm():
    return people.host("sample-firm")


@pytest.fixture
def owner(firm):
    return member(firm)


@pytest.fixture
def sent(firm, owner):
    """An application for which several routes are open on what is known."""
    return applicant(open_program(firm, kind="training", details={}))


def page(user, name, *args):
    address = reverse(name, args=args)
    return client_of(user).get(f"/en{address[3:]}").content.decode()


def choose(sent, pathway, user=None):
    return client_of(user or sent.candidate.user).post(
        reverse("candidate:route", args=[sent.pk]), {"route": pathway}
    )


def test_steps_days_and_costs_follow_the_route_one_plans_with(sent):
    me = sent.candidate.user
    before = page(me, "candidate:journey")
    assert "Plan with another route" in before
    assert "The route that works best on what is known." in before
    assert choose(sent, WISH).status_code == 302
    sent.refresh_from_db()
    assert sent.route == WISH
    for name, args in (("candidate:journey", ()), ("candidate:application", (sent.pk,))):
        after = page(me, name, *args)
        assert "You chose to plan with this route." in after
        head = after.partition('class="route__name"')[2].partition("</h3>")[0]
        assert "Trainee" in head
    assert choose(sent, "").status_code == 302
    sent.refresh_from_db()
    assert sent.route == "", "back to the best one"


def test_a_route_that_is_closed_or_unknown_cannot_be_chosen(sent):
    for pathway in ("h1b_cap", "kit_desk", "no_such_route"):
        with pytest.raises(ValidationError):
            planning.choose_route(sent, by=sent.candidate.user, pathway=pathway)
    sent.refresh_from_db()
    assert sent.route == ""


def test_nobody_else_chooses_for_the_candidate(sent, owner):
    with pytest.raises(PermissionDenied):
        planning.choose_route(sent, by=owner, pathway=WISH)
    other = people.candidate("other@example.org").user
    assert choose(sent, WISH, other).status_code == 404


def test_the_host_reads_a_wish_and_files_after_the_offer_is_accepted(sent, firm, owner):
    planning.choose_route(sent, by=sent.candidate.user, pathway=WISH)
    assert "It is a wish" in page(owner, "firm:application", firm.slug, sent.pk)
    with pytest.raises(ValidationError):
        planning.record_filing(sent, by=owner, pathway=WISH)
    sent.state = State.ACCEPTED
    sent.save()
    with pytest.raises(PermissionDenied):
        planning.record_filing(sent, by=member(firm, "reviewer"), pathway=WISH)
    client_of(owner).post(
        reverse("firm:route_filed", args=[firm.slug, sent.pk]), {"route": "j1_intern"}
    )
    sent.refresh_from_db()
    assert sent.route == "j1_intern"
    assert sent.route_filed_on is not None
    assert "You filed for" in page(owner, "firm:application", firm.slug, sent.pk)

    shown = page(sent.candidate.user, "candidate:journey")
    assert "The host has filed for this route on" in shown
    assert "Plan with another route" not in shown
    with pytest.raises(ValidationError, match=r"filed|신청"):
        planning.choose_route(sent, by=sent.candidate.user, pathway=WISH)


def test_the_candidate_is_told_once_of_each_filing_and_reads_it_in_the_history(sent, owner):
    sent.state = State.ACCEPTED
    sent.save()
    me = sent.candidate.user
    me.language = "en"
    me.save()
    today = timezone.localdate()
    notices.tell(sent.pk)  # that it was sent
    outbox.outbox.clear()
    for _twice in range(2):
        planning.record_filing(sent, by=owner, pathway="j1_intern", day=today)
    notices.tell(sent.pk)
    (first,) = outbox.outbox
    assert first.to == [me.email]
    assert first.subject == "The host has filed for your visa route"
    assert "J-1 Intern" in first.body
    assert "Nothing is decided yet" in first.body
    planning.record_filing(sent, by=owner, pathway="j1_trainee", day=today)
    notices.tell(sent.pk)
    assert "has corrected what it filed" in outbox.outbox[-1].body
    assert len(outbox.outbox) == 2
    shown = page(me, "candidate:application", sent.pk)
    assert "Filed for a visa route" in shown
    assert "J-1 Trainee" in strip_tags(shown)


def test_a_wish_that_has_closed_gives_way_to_the_best_and_says_so(sent):
    sent.route = "h1b_cap"
    sent.save()
    shown = page(sent.candidate.user, "candidate:application", sent.pk)
    if "The route you chose is not open any more" not in shown:
        # h1b_cap does not suit this kind at all: then it is as if nothing was chosen
        assert "The route that works best on what is known." in shown


def test_the_journey_costs_as_many_queries_with_a_wish_as_without(sent):
    client = client_of(sent.candidate.user)

    def cost():
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("candidate:journey"))
        return len(asked)

    cost()
    without = cost()
    planning.choose_route(sent, by=sent.candidate.user, pathway=WISH)
    assert cost() == without
