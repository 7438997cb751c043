"""Two days that pages must not mix up: when a rule's source was read, and when staff checked it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.test import Client

from corridor import rules
from corridor.accounts.models import User
from corridor.config.env import ROOT
from corridor.policy import services
from corridor.rules.model import Backing
from corridor.web import present, readings
from tests.web.desks import client_of

pytestmark = pytest.mark.django_db
ROUTE = "/en/pathways/j1_intern/"


def page(path: str = ROUTE) -> str:
    return Client(headers={"accept-language": path[1:3]}).get(path).content.decode()


def desk() -> User:
    return User.objects.create_user("desk@example.org", "a long password 1", is_staff=True)


def test_a_route_says_when_its_source_was_read_and_that_staff_have_not_checked_it():
    text = page()
    assert "The source was read on " in text
    assert "No check by staff is on record yet." in text
    korean = page(ROUTE.replace("/en/", "/ko/"))
    assert "출처를 읽었습니다" in korean and "운영자가 다시 확인한 기록은 아직 없습니다" in korean


def test_what_staff_check_is_shown_with_its_day():
    day = max(rules.pathway("j1_intern").checked_on, date(2026, 11, 27))
    staff = desk()
    services.check_statement("pathways/j1_intern/general", by=staff, day=day, note="read again")
    text = page()
    assert f"Staff last checked it on {day:%b}" in text
    assert "No check by staff is on record yet." not in text
    before = text.count("checked by staff")
    services.check_statement(
        "pathways/j1_intern/requires/academic_field", by=staff, day=day, note="read again"
    )
    assert page().count("checked by staff") == before + 1, "the one condition that staff checked"


def test_what_was_written_from_memory_is_not_said_to_have_been_read():
    memory = Backing("old manual", "background", date(2026, 11, 23))
    assert "no source read" in readings.short(memory) or "미열람" in readings.short(memory)


def test_no_page_claims_a_check_by_a_person_for_the_day_in_the_rule_data():
    for path in Path(ROOT / "templates").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert "checked by a person" not in text, path
        assert "day a person last checked" not in text, path


def test_staff_see_the_same_two_days():
    client = client_of(desk())
    text = client.get("/en/staff/rules/").content.decode()
    assert "Source read" in text


def test_the_foot_of_a_page_names_the_latest_day_on_which_any_source_was_read():
    latest = readings.last_read()
    assert all(latest >= each.checked_on for each in rules.pathways())
    assert latest >= max(each.backing.checked_on for each in rules.stay_limits().values())
    said = f"규정의 출처를 마지막으로 읽은 날: {present.day(latest)}"
    assert said in page("/ko/about/") and f"최근 {present.day(latest)}" in page("/ko/")
