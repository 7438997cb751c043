"""A CV taken in on a phone without a script, and a section that saves itself, in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import Browser, BrowserContext, expect

from corridor.candidates.models import Candidate
from tests.matching import people
from tests.web.desks import client_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CV = Path(__file__).resolve().parents[1] / "candidates" / "cv" / "k05.docx"


@pytest.fixture
def me(settings, tmp_path) -> Candidate:
    settings.MEDIA_ROOT = tmp_path
    made = people.candidate()
    made.user.name = ""
    made.user.save()
    return made


def signed_in(browser: Browser, url: str, me: Candidate, **options) -> BrowserContext:
    context = browser.new_context(locale="ko-KR", **options)
    name = django_settings.SESSION_COOKIE_NAME
    session = client_of(me.user).cookies[name].value
    context.add_cookies([{"name": name, "value": session, "url": url}])
    context.set_default_timeout(30_000)
    return context


def test_a_cv_is_taken_in_by_keyboard_on_a_phone_without_a_script(browser, live_server, me):
    context = signed_in(
        browser, live_server.url, me,
        viewport={"width": 360, "height": 780}, java_script_enabled=False,
    )  # fmt: skip
    page = context.new_page()
    page.goto(f"{live_server.url}/ko/me/cv/")
    page.get_by_label("이력서 파일").set_input_files(CV)
    page.get_by_role("button", name="이력서 읽기").press("Enter")
    expect(page.get_by_role("heading", name="이력서에서 읽은 내용")).to_be_visible()
    assert page.locator("q", has_text="태화대학교").count() > 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    entry = page.get_by_role("group", name="가온조선")
    entry.get_by_label("이 항목을 넣습니다").press("Space")  # unticked
    page.get_by_role("button", name="표시한 것 저장").first.press("Enter")
    expect(page.get_by_role("heading", name="내 프로필")).to_be_visible()
    me.refresh_from_db()
    me.user.refresh_from_db()
    assert me.user.name == "정유진"
    assert me.educations.get().major == "조선해양공학과"
    assert not me.works.exists()
    context.close()


def test_a_section_saves_itself_while_one_types(browser, live_server, me):
    context = signed_in(browser, live_server.url, me)
    page = context.new_page()
    page.goto(f"{live_server.url}/ko/me/profile/skills/")
    page.locator("textarea").fill("PLC, HMI")
    expect(page.get_by_role("status").last).to_contain_text("저장했습니다")
    me.refresh_from_db()
    assert me.skills_text == "PLC, HMI"
    context.close()
