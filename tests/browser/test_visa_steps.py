"""A visa step is recorded on a phone and at a desk, in Korean: a refused record keeps what was
typed and has the focus, with and without scripts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from corridor.applications.models import StepRecord
from tests.applications.after_start import TODAY, accepted
from tests.browser.visiting import opened, press, shot, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def _accepted():
    made, _owner = accepted()
    made.offers.update(
        starts_on=TODAY + timedelta(days=200), ends_on=TODAY + timedelta(days=380),
        pathway="j1_intern",
    )  # fmt: skip
    return made


def test_a_record_that_is_refused_is_mended_on_the_same_page(browser: Browser, live_server) -> None:
    made, site = _accepted(), live_server.url
    phone = opened(browser, site, made.candidate.user, 360, 780)
    phone.goto(f"{site}/ko/me/applications/{made.pk}/#steps")
    phone.get_by_role("combobox", name="진행 내역").select_option("ds2019/received")
    phone.locator("#step-day").fill((TODAY + timedelta(days=3)).isoformat())
    press(phone.get_by_role("button", name="기록하기"))
    summary = phone.locator("#step-refused")
    expect(summary).to_be_focused()
    expect(summary).to_be_in_viewport()
    expect(phone.get_by_role("combobox", name="진행 내역")).to_have_value("ds2019/received")
    shot(phone, "visa-step-refused")
    found = Axe().run(phone).response["violations"]
    assert not found, [(each["id"], each["nodes"][0]["html"][:200]) for each in found]
    phone.locator("#step-day").fill(TODAY.isoformat())
    press(phone.get_by_role("button", name="기록하기"))
    expect(phone.locator(".step-records")).to_contain_text("DS-2019를 받음")
    assert StepRecord.objects.get().day == TODAY
    phone.get_by_role("button", name="기록 취소").click()
    expect(phone.locator(".step-records")).to_have_count(0)


def test_without_scripts_the_summary_is_what_one_sees_first(browser: Browser, live_server) -> None:
    made, site = _accepted(), live_server.url
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, locale="en-US", java_script_enabled=False
    )
    sign_in(context, site, made.candidate.user)
    desk = context.new_page()
    desk.goto(f"{site}/en/me/applications/{made.pk}/#steps")
    desk.get_by_role("combobox", name="What has happened").select_option("ds2019/received")
    desk.locator("#step-day").fill((TODAY + timedelta(days=3)).isoformat())
    desk.get_by_role("button", name="Record it").click()
    expect(desk.locator("#step-refused")).to_be_in_viewport()
    expect(desk.get_by_role("combobox", name="What has happened")).to_have_value("ds2019/received")
    expect(desk.locator("#step-day_error")).to_contain_text("This day is in the future.")
