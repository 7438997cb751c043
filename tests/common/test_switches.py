"""What is declared can be switched; what is off says so kindly, and loses nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from corridor.accounts.models import User
from corridor.candidates.models import SavedSearch
from corridor.common import switches
from corridor.common.models import AuditEntry, Switch
from corridor.matching import saved
from corridor.programs.models import Report
from tests.matching import people
from tests.web.desks import client_of, open_program

pytestmark = pytest.mark.django_db


def at(name, *args):
    return f"/en{reverse(name, args=args)[3:]}"


@pytest.fixture
def staff():
    return User.objects.create_user("staff@example.org", "a long password 1", is_staff=True)


def off(staff, name):
    return switches.turn(name, by=staff, is_on=False, note="A flood")


def test_a_switch_is_on_until_staff_turn_it_and_leaves_an_audit_row(staff):
    assert all(switches.is_on(name) for name in switches.SWITCHES)
    off(staff, switches.CV_READING)
    assert not switches.is_on(switches.CV_READING, staff)
    assert AuditEntry.objects.get(action="switch.turned").values["on"] is False


def test_a_switch_that_code_does_not_declare_cannot_exist(staff):
    with pytest.raises(KeyError):
        switches.is_on("no_such_switch")
    with pytest.raises(ValidationError):
        switches.turn("no_such_switch", by=staff, is_on=True)
    assert not Switch.objects.exists()


def test_only_staff_turn_and_switching_off_asks_why(staff):
    with pytest.raises(PermissionDenied):
        switches.turn(switches.APPLYING, by=people.candidate().user, is_on=True)
    with pytest.raises(ValidationError):
        switches.turn(switches.APPLYING, by=staff, is_on=False, note=" ")


def test_for_staff_alone_and_for_a_share(staff):
    person = people.candidate().user
    switches.turn(switches.APPLYING, by=staff, is_on=True, whom="staff")
    assert switches.is_on(switches.APPLYING, staff)
    assert not switches.is_on(switches.APPLYING, person)
    switches.turn(switches.APPLYING, by=staff, is_on=True, whom="share", share_pct=0)
    assert not switches.is_on(switches.APPLYING, person)
    switches.turn(switches.APPLYING, by=staff, is_on=True, whom="share", share_pct=100)
    assert switches.is_on(switches.APPLYING, person) and switches.is_on(switches.APPLYING, None)


def test_a_share_of_thirty_holds_about_thirty_of_a_hundred_and_always_the_same(staff):
    switches.turn(switches.APPLYING, by=staff, is_on=True, whom="share", share_pct=30)
    crowd = [User(pk=number) for number in range(1, 2001)]
    with switches.read_once():
        inside = [user.pk for user in crowd if switches.is_on(switches.APPLYING, user)]
        again = [user.pk for user in crowd if switches.is_on(switches.APPLYING, user)]
    assert inside == again
    assert 0.26 < len(inside) / len(crowd) < 0.34


def test_a_request_reads_all_switches_with_one_query_or_none():
    with CaptureQueriesContext(connection) as counted, switches.read_once():
        for name in switches.SWITCHES:
            switches.is_on(name)
    assert len(counted) == 1
    with CaptureQueriesContext(connection) as counted:
        Client().get(at("public:about"))
    assert not [each for each in counted if "switch" in each["sql"]]


def test_pages_that_are_off_say_so_kindly_and_come_back(staff):
    candidate = people.candidate()
    program = open_program(people.host())
    client = client_of(candidate.user)
    pages = {
        switches.CV_READING: at("candidate:cv"),
        switches.APPLYING: at("candidate:apply", program.pk),
        switches.REPORTING: at("public:report", program.pk),
    }
    for name, address in pages.items():
        assert client.get(address).status_code == 200, name
        off(staff, name)
        for answer in (client.get(address), client.post(address, {"reason": "fee"})):
            assert answer.status_code == 503, name
            assert "A short pause" in answer.content.decode()
        korean = client.get(f"/ko{address[3:]}").content.decode()
        assert "잠시 쉬어 갑니다" in korean
        switches.turn(name, by=staff, is_on=True)
        assert client.get(address).status_code == 200, name
    assert not Report.objects.exists()


def test_mail_of_saved_searches_that_was_held_back_is_sent_when_it_is_on_again(staff):
    candidate = people.candidate()
    before = timezone.now() - timedelta(days=2)
    search = SavedSearch.objects.create(
        candidate=candidate, name="All", query="kind=internship", alert="mail",
        told_until=before, seen_until=before,
    )  # fmt: skip
    open_program(people.host())
    off(staff, switches.SEARCH_MAIL)
    assert saved.tell(search.pk, day=timezone.localdate()) == 0
    search.refresh_from_db()
    assert search.unseen == 1, "it is counted on the page"
    assert "switched off for the moment" in client_of(candidate.user).get(
        at("candidate:searches")
    ).content.decode()
    switches.turn(switches.SEARCH_MAIL, by=staff, is_on=True)
    assert saved.tell(search.pk, day=timezone.localdate()) == 1
    assert len(mail.outbox) == 1


def test_staff_turn_a_switch_on_their_page_and_what_was_typed_stays(staff):
    client = client_of(staff)
    name = switches.CV_READING
    sent = {"name": name, f"{name}-state": "off", f"{name}-whom": "everybody",
            f"{name}-share_pct": "40", f"{name}-note": ""}  # fmt: skip
    refused = client.post(at("staff:switches"), sent)
    page = refused.content.decode()
    assert "Say why it is switched off" in page and 'value="40"' in page
    assert client.post(at("staff:switches"), {**sent, f"{name}-note": "Flood"}).status_code == 302
    assert not switches.is_on(name)
    assert "Flood" in client.get(at("staff:switches")).content.decode()
