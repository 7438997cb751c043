"""A firm posts a program in Korean: from an example text, with advice that changes as it types,
refused while an example stands, previewed, published. At desktop width; a look on a phone."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from corridor.accounts.models import Membership, User
from corridor.programs.models import Program
from tests.browser.visiting import opened, shot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_firm_posts_from_an_example_with_advice_as_it_types(browser: Browser, site: str) -> None:
    firm = User.objects.get(email="firm@demo.example")
    organization = Membership.objects.filter(
        user=firm, organization__programs__status="published"
    ).first().organization  # fmt: skip
    desk = opened(browser, site, firm, 1280, 900)
    desk.goto(f"{site}/ko/org/{organization.slug}/programs/new/?kind=internship")
    desk.get_by_role("button", name="예시로 시작하기").click()
    desk.wait_for_url(re.compile(r"/edit/basics/$"))
    expect(desk.locator("[name=title_ko]")).to_have_value(re.compile("^【예시】"))
    made = Program.objects.filter(organization=organization).latest("pk")
    at = f"{site}/ko/org/{organization.slug}/programs/{made.pk}/edit/"

    # dates and pay: the advice follows each word, and the draft is kept
    desk.goto(f"{at}terms/")
    closed = desk.locator("#advice-closed")
    intern = closed.locator("a[href$='/pathways/j1_intern/']")
    closed.locator("> summary").filter(has_text="적힌 대로는 안 되는 경로").click()
    said = closed.locator("> summary").inner_text()
    desk.locator("[name=hours_per_week]").fill("20")
    expect(intern).to_be_visible()  # what was opened stays open, though its count is another now
    expect(closed.locator("> summary")).not_to_have_text(said)
    said = desk.locator("#advice-said").inner_text()
    desk.locator("[name=hours_per_week]").fill("40")
    expect(intern).to_have_count(0)
    expect(desk.locator("#advice-said")).not_to_have_text(said)
    expect(desk.get_by_role("status")).to_contain_text("초안을 저장했습니다")
    made.refresh_from_db()
    assert made.hours_per_week == 40
    start = timezone.localdate() + timedelta(days=150)
    desk.locator("[name=starts_on]").fill(str(start))
    desk.locator("[name=ends_on]").fill(str(start + timedelta(days=300)))
    desk.locator("[name=apply_by]").fill(str(start - timedelta(days=60)))
    desk.locator("[name=pay_period]").select_option("hour")
    desk.locator("[name=pay_amount]").fill("23")
    desk.locator("[name=candidate_cost_note]").fill("비자 수수료만 지원자가 냅니다.")
    desk.locator("[name=sponsor]").select_option("designated")
    shot(desk, "40-posting-terms")
    desk.get_by_role("button", name="저장하고 다음으로").click()

    # what the kind needs
    desk.wait_for_url(re.compile(r"/edit/details/$"))
    desk.locator("[name=supervisor_title]").fill("공정기술팀장")
    desk.locator("[name=training_plan]").fill("1단계 안전 교육, 2단계 데이터 분석, 3단계 개선 과제")
    desk.locator("[name=field_of_study]").fill("기계공학, 화학공학")
    desk.get_by_role("button", name="저장하고 다음으로").click()
    desk.wait_for_url(re.compile(r"/edit/duties/$"))
    for row, text in enumerate(("안전 교육", "데이터 분석", "주간 점검")):
        desk.locator(f"[name=duty-{row}-text]").fill(text)
    desk.get_by_role("button", name="저장하고 다음으로").click()

    # everything but one example text: it is refused, and said where
    desk.goto(f"{at}basics/")
    desk.locator("[name=title_ko]").fill("전극 공정 인턴")
    desk.locator("[name=title_en]").fill("Electrode process intern")
    desk.locator("[name=summary_ko]").fill("전극 공정을 배우고 개선안을 냅니다.")
    desk.locator("[name=summary_en]").fill("Learn the electrode process.")
    desk.locator("[name=description_en]").fill("")
    desk.locator("[name=sector]").select_option(index=1)
    desk.locator("[name=hub]").select_option(index=1)
    desk.get_by_role("button", name="저장", exact=True).click()
    desk.wait_for_url(re.compile(r"/edit/$"))
    expect(desk.locator("main")).to_contain_text("아직 예시 글입니다.")
    expect(desk.locator("form[action$='/publish/']")).to_have_count(0)
    shot(desk, "41-posting-refused")
    desk.goto(f"{at}basics/")
    desk.locator("[name=description_ko]").fill("전극 코팅 라인에서 지도자와 함께 일합니다.")
    desk.get_by_role("button", name="저장", exact=True).click()
    desk.wait_for_url(re.compile(r"/edit/$"))
    expect(desk.locator("main")).not_to_contain_text("아직 예시 글입니다.")

    # as visitors will see it, then for everybody
    desk.get_by_role("link", name="미리 보기").click()
    expect(desk.locator("main, .notice").first).to_be_visible()
    expect(desk.get_by_text("이 미리보기는 우리 팀만 볼 수 있습니다.")).to_be_visible()
    shot(desk, "42-posting-preview")
    desk.goto(at)
    publish = desk.locator("details.confirm", has=desk.locator("form[action$='/publish/']"))
    publish.locator("summary").click()
    publish.locator("button[type=submit]").click()
    expect(desk.locator(".messages")).to_be_visible()
    made.refresh_from_db()
    assert made.status == Program.Status.PUBLISHED

    phone = opened(browser, site, firm, 360, 780)
    for name, part in (("43-posting-phone", ""), ("44-posting-phone-terms", "terms/")):
        phone.goto(at + part)
        shot(phone, name)
