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
    expect(page.get_by_role("heading", name="내 추천")).to_be_visible()
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


def test_a_new_person_comes_from_signing_up_to_first_matches_in_four_screens(browser, site):
    """The journey that `benchmarks/onboarding.py` estimates the time of."""
    page = browser.new_context(
        locale="ko-KR", viewport={"width": 360, "height": 780}
    ).new_page()  # fmt: skip
    page.set_default_timeout(60_000)
    page.goto(f"{site}/ko/account/signup/")
    page.get_by_label("학생", exact=True).check()
    typed = {"name": "한소율", "email": "soyul@sample.example", "password1": "봄날의-용접-8841"}
    for name, text in typed.items():
        page.fill(f"[name={name}]", text)
    assert page.locator("main input:visible:is([type=text], [type=email], [type=password])"
                        ).count() == len(typed), "nothing else is asked"  # fmt: skip
    page.get_by_label("비밀번호 보기").check()
    expect(page.locator("[name=password1]")).to_have_attribute("type", "text")
    page.get_by_role("button", name="계정 만들기").click()
    page.wait_for_url("**/ko/me/cv/")
    page.get_by_label("이력서 파일").set_input_files(CV.parent / "k09.hwpx")
    page.get_by_role("button", name="이력서 읽기").click()
    page.wait_for_url("**/ko/me/cv/review/")
    page.get_by_role("button", name="표시한 것 저장").last.click()
    page.wait_for_url("**/ko/me/matches/")
    first = page.locator("article.match").first
    expect(first).to_be_visible()
    person = Candidate.objects.get(user__email=typed["email"])
    assert person.skills_text and person.educations.exists()
    page.goto(f"{site}/ko/me/")
    expect(page.get_by_role("heading", name="지금 가장 잘 맞는 프로그램")).to_be_visible()
