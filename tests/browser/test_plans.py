"""A training plan in the browser: the host drafts and signs it in English, the candidate reads,
agrees and signs in Korean on a phone, the sponsor signs, and the PDF is read back."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from corridor.applications.countersigned import writing
from corridor.applications.models import HOST, Paper
from tests.applications import paperwork
from tests.browser.visiting import opened, shot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def text_of(page: Page, link: re.Pattern[str]) -> str:
    with page.expect_download() as file:
        page.get_by_role("link", name=link).click()
    reader = PdfReader(BytesIO(file.value.path().read_bytes()))
    return re.sub(r"\s+", " ", "\n".join(each.extract_text() for each in reader.pages))


def test_a_plan_is_drafted_signed_in_two_languages_and_kept_as_pdf(
    browser: Browser, live_server
) -> None:
    site = live_server.url
    application, owner = paperwork.accepted()
    org, officer = paperwork.sponsor()
    for signer, name in ((owner, "Alex Moore"), (officer, "Anne Littell")):
        signer.name = name
        signer.save()
    slug, person = application.program.organization.slug, application.candidate.user
    desk = opened(browser, site, owner, 1280, 900)

    # the host begins it; the page says what is still open
    desk.goto(f"{site}/en/org/{slug}/applications/{application.pk}/papers/")
    desk.get_by_role("button", name="Begin the training plan").click()
    expect(desk.locator("main")).to_contain_text("This is a draft, not Form DS-7002")
    expect(desk.locator("#checks")).to_contain_text("22 CFR 62.22(i)")
    expect(desk.get_by_role("button", name="Sign", exact=True)).to_have_count(0)
    shot(desk, "60-plan-draft")

    # one section by hand, the rest as another hand would fill it
    desk.get_by_role("link", name="Site of activity").click()
    desk.get_by_label("Street address").fill("100 Sample Parkway")
    desk.get_by_role("button", name="Save").click()
    expect(desk.locator("main")).to_contain_text("100 Sample Parkway")
    paper = paperwork.written(application, owner, org)
    writing.save(paper, by=owner, side=HOST, revision=None,
                 values={"address": "100 Sample Parkway"})  # fmt: skip
    desk.reload()
    expect(desk.locator("#checks")).to_contain_text("Nothing is open.")
    desk.get_by_label("Type your full name").fill("Alex Moore")
    desk.get_by_label("Your office or title").fill("Line manager")
    desk.get_by_label(re.compile("I may sign for the host")).check()
    desk.get_by_role("button", name="Sign", exact=True).click()
    expect(desk.locator(".messages")).to_contain_text("Signed.")
    shot(desk, "61-plan-host-signed")

    # the candidate, in Korean, on a phone
    phone = opened(browser, site, person, 360, 780)
    phone.goto(f"{site}/ko/me/journey/")
    phone.get_by_role("link", name="훈련계획서").first.click()
    expect(phone.locator("main")).to_contain_text("초안이며 DS-7002 양식이 아닙니다")
    phone.get_by_label("이름 전체를 적어 주세요").fill("김견본")
    phone.get_by_label(re.compile("이 계획서를 읽고 이해했으며")).check()
    phone.get_by_role("button", name="서명하기").click()
    expect(phone.locator("#sign")).to_contain_text("아직 서명하지 않았습니다")
    expect(phone.get_by_label("이름 전체를 적어 주세요")).to_have_value("김견본")
    phone.locator("#sign").get_by_label(re.compile("읽는 데 동의합니다")).check()
    phone.get_by_role("button", name="서명하기").click()
    expect(phone.locator(".messages")).to_contain_text("서명했습니다.")
    shot(phone, "62-plan-candidate-phone")
    told = text_of(phone, re.compile("PDF로 받기"))
    for each in ("초안", "김견본", "Gyeonbon Kim", "Alex Moore", "100 Sample Parkway",
                 "아직 서명 전"):  # fmt: skip
        assert each in told, each

    # the sponsor finds it among what waits, and signs
    third = opened(browser, site, officer, 1280, 900)
    third.goto(f"{site}/en/org/{org.slug}/papers/")
    expect(third.locator("main")).to_contain_text("1 paper waits for you")
    shot(third, "63-sponsor-desk")
    third.get_by_role("link", name=re.compile("Training plan")).first.click()
    third.get_by_label("Type your full name").fill("Anne Littell")
    third.get_by_label("Your office or title").fill("Responsible Officer")
    third.get_by_label(re.compile("I may sign for the sponsor")).check()
    third.get_by_role("button", name="Sign", exact=True).click()
    expect(third.locator("main")).to_contain_text("Signed by all")
    assert Paper.objects.get().state == "signed"
    assert "Anne Littell" in text_of(third, re.compile("Download as PDF"))
