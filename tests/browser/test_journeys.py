"""The main job, by mouse and keyboard in a real browser, in Korean: a student on a phone signs up,
fills a profile, sees why a match is a match, applies; the firm answers; a university opens a
partnership and posts joint research under it. What a machine shows is looked at by people, too:
screenshots are kept in test-artifacts/."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from corridor.accounts.models import Consent, Organization, User
from corridor.applications.models import Application, State
from corridor.candidates.models import Candidate
from corridor.demo import loading
from corridor.partnerships.models import Agreement
from corridor.programs.models import Program
from tests.browser.visiting import shot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 360, "height": 780}
DESKTOP = {"width": 1280, "height": 900}
PASSWORD = "봄날의-용접-8841"


def opened(browser: Browser, size: dict[str, int]) -> Page:
    page = browser.new_context(viewport=size, locale="ko-KR").new_page()
    page.set_default_timeout(20_000)
    page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
    return page


def sign_in(page: Page, site: str, email: str) -> None:
    page.goto(f"{site}/ko/account/login/")
    page.fill("[name=login]", email)
    page.fill("[name=password]", loading.PASSWORD)
    page.locator("main button[type=submit]").first.click()
    page.wait_for_url(re.compile(r"/ko/(me|org|staff)/"))


def save(page: Page, name: str = "저장") -> None:
    page.locator("main").get_by_role("button", name=name, exact=True).click()


def test_a_student_signs_up_applies_and_the_firm_answers(browser: Browser, site: str) -> None:
    phone = opened(browser, PHONE)
    phone.goto(f"{site}/ko/")
    shot(phone, "1-home-phone")

    # sign up
    phone.goto(f"{site}/ko/account/signup/")
    phone.get_by_label("학생", exact=True).check()
    phone.fill("[name=name]", "견본 김새봄")
    phone.fill("[name=email]", "saebom@demo.example")
    phone.fill("[name=password1]", PASSWORD)
    shot(phone, "2-sign-up")
    phone.locator("main button[type=submit]").first.click()
    phone.wait_for_url("**/ko/me/cv/")
    person = User.objects.get(email="saebom@demo.example")
    assert person.candidate.walk == "student"

    # the profile, a section at a time
    phone.goto(f"{site}/ko/me/profile/basics/")
    phone.fill("[name=headline]", "이차전지 전공 4학년, 전극 공정 실습")
    phone.select_option("[name=nationality]", "KR")
    save(phone, "저장하고 다음으로")
    phone.wait_for_url("**/profile/education/")
    phone.fill("[name=education-0-institution]", "견본 새봄대학교")
    phone.select_option("[name=education-0-degree]", "bachelor")
    phone.fill("[name=education-0-major]", "신소재공학과")
    phone.select_option("[name=education-0-status]", "enrolled")
    phone.fill("[name=education-0-started_on]", "2023-03-02")
    phone.fill("[name=education-0-ended_on]", "2022-02-20")  # before it began
    save(phone, "저장하고 다음으로")
    expect(phone.locator("main")).to_contain_text("졸업일은 입학일보다 빠를 수 없습니다")
    expect(phone.locator("[name=education-0-institution]")).to_have_value("견본 새봄대학교")
    shot(phone, "3-education-refused")
    phone.fill("[name=education-0-ended_on]", (date.today() + timedelta(days=400)).isoformat())
    save(phone, "저장하고 다음으로")
    phone.wait_for_url("**/profile/work/")
    phone.goto(f"{site}/ko/me/profile/skills/")
    phone.fill(
        "[name=skills_text]", "전극 코팅, 믹싱, SEM, XRD, Python, 배터리 셀 조립 실습, PLC 기초"
    )
    save(phone)
    phone.wait_for_url("**/me/profile/")
    phone.goto(f"{site}/ko/me/profile/preferences/")
    phone.locator("[name=kinds][value=internship]").check()
    phone.locator("[name=sectors][value=batteries]").check()
    save(phone)
    phone.wait_for_url("**/me/profile/")
    shot(phone, "4-profile")

    # matches with reasons and visa notes
    phone.goto(f"{site}/ko/me/matches/?kind=internship")
    first = phone.locator("article.match").first
    expect(first).to_be_visible()
    expect(first).to_contain_text(re.compile("J-1"))
    first.locator("summary").first.click()
    shot(phone, "5-matches")

    # apply, at first without consent
    program = (
        Program.objects.filter(
            organization__memberships__user__email="firm@demo.example",
            kind="internship",
            status="published",
            apply_by__gte=timezone.localdate(),
        )
        .select_related("organization")
        .first()
    )
    assert program is not None, "the demo's firm has an open internship"
    firm = program.organization
    phone.goto(f"{site}/ko/programs/{program.pk}/")
    shot(phone, "6-program")
    phone.get_by_role("link", name="지원하기").first.click()
    phone.fill("[name=cover_note]", "전극 공정을 배우고 싶습니다.")
    save(phone, "지원서 보내기")
    expect(phone.locator("main")).to_contain_text("아직 아무것도 보내지 않았습니다")
    expect(phone.locator("[name=cover_note]")).to_have_value("전극 공정을 배우고 싶습니다.")
    assert not Application.objects.filter(candidate__user=person).exclude(state="draft").exists()
    phone.check("[name=consents]")
    save(phone, "지원서 보내기")
    phone.wait_for_url(re.compile(r"/me/applications/\d+/"))
    shot(phone, "7-applied")
    sent = Application.objects.get(candidate__user=person)
    assert sent.state == State.SUBMITTED
    assert sent.consent is not None and sent.consent.recipient == firm
    assert sent.evidence["rules_revision"]

    # the firm sees the application and moves it
    desk = opened(browser, DESKTOP)
    sign_in(desk, site, "firm@demo.example")
    shot(desk, "8-firm-home")
    desk.goto(f"{site}/ko/org/{firm.slug}/programs/{program.pk}/applicants/")
    shot(desk, "9-applicants")
    desk.get_by_role("link", name=re.compile("견본 김새봄")).first.click()
    expect(desk.locator("main")).to_contain_text("전극 공정을 배우고 싶습니다.")
    shot(desk, "10-application")
    to = desk.locator("[name=to]")
    if to.first.get_attribute("type") == "radio":
        desk.locator("[name=to][value=under_review]").check()
    else:
        to.select_option("under_review")
    desk.fill("[name=note]", "서류를 확인하고 있습니다.")
    desk.locator("#step button[type=submit]").click()
    desk.wait_for_load_state()
    sent.refresh_from_db()
    assert sent.state == State.UNDER_REVIEW

    # the student reads the answer, then takes the consent back: the file closes
    phone.reload()
    expect(phone.locator("main")).to_contain_text("서류를 확인하고 있습니다.")
    phone.goto(f"{site}/ko/me/consents/")
    phone.locator("details.confirm summary").first.click()
    phone.locator("details.confirm form button[type=submit]").first.click()
    phone.wait_for_load_state()
    assert not Consent.objects.filter(user=person, withdrawn_at=None).exists()
    closed = desk.goto(f"{site}/ko/org/{firm.slug}/applications/{sent.pk}/")
    assert closed is not None and closed.status == 404


def test_a_visitor_finds_a_route_in_five_questions_and_judges_a_program(
    browser: Browser, site: str
) -> None:
    phone = opened(browser, PHONE)
    phone.goto(f"{site}/ko/")
    phone.get_by_role("link", name="나에게 맞는 경로 찾기").click()
    phone.wait_for_url("**/ko/routes/")
    shot(phone, "15-wizard-kind")

    # by keyboard alone: the kind, then four questions, one of them answered “I do not know”
    phone.locator("[name=kind][value=internship]").focus()
    phone.keyboard.press("Space")
    phone.get_by_role("button", name="다음 질문").focus()
    phone.keyboard.press("Enter")
    phone.wait_for_url(re.compile("kind=internship"))
    told = {"program.duration_months": "6", "candidate.us_status": "none",
            "candidate.intern_track": "enrolled_fulltime_outside_us"}  # fmt: skip
    for number in range(2, 6):
        expect(phone.locator("main")).to_contain_text(f"최대 5개 중 {number}번째 질문")
        expect(phone.locator("main")).to_contain_text("묻는 이유")
        fact = phone.locator("form.wizard input[name=step]").get_attribute("value")
        assert fact is not None
        control = phone.locator(f"form.wizard [name='{fact}']:not([type=hidden])")
        if control.first.get_attribute("type") == "radio":
            choice = told.get(fact, "")
            phone.locator(f"form.wizard [name='{fact}'][value='{choice}']").check()
            phone.get_by_role("button", name="다음 질문").click()
        elif fact in told:
            control.first.fill(told[fact])
            phone.get_by_role("button", name="다음 질문").click()
        else:
            phone.get_by_role("button", name="모르겠어요").click()
        if number == 3:
            shot(phone, "16-wizard-question")
            phone.go_back()
            phone.go_forward()
        phone.wait_for_load_state()
    expect(phone.locator("h1")).to_contain_text("열려 있는 경로")
    first = phone.locator("#settled ~ ul .route__name").first
    expect(first).to_contain_text("J-1 인턴")
    shot(phone, "17-wizard-result")
    assert not re.search("birth|sex|military", phone.url)

    # a program judged with these answers; one more answer, in place
    phone.locator("#programs ~ article a").first.click()
    phone.wait_for_url(re.compile(r"/programs/\d+/"))
    expect(phone.locator("#visa .told")).to_contain_text("미국 밖 대학 전일제 재학 중")
    summary = phone.locator("#visa .fold summary", has_text="누가 무엇을 언제까지")
    summary.focus()
    phone.keyboard.press("Enter")
    expect(phone.locator("#visa .steps").first).to_be_visible()
    shot(phone, "18-program-panel")
    before = phone.locator("#visa .told__one").count()
    ask = phone.locator("#visa form.ask").first
    ask.locator("input[type=radio]").first.check()
    ask.get_by_role("button", name="답하고 다시 확인").click()
    phone.wait_for_function(
        "n => document.querySelectorAll('#visa .told__one').length > n", arg=before
    )
    phone.get_by_role("button", name="내 답 지우기").click()
    phone.wait_for_load_state()
    expect(phone.locator("#visa .told")).to_have_count(0)


def test_a_university_opens_a_partnership_and_posts_joint_research(
    browser: Browser, site: str
) -> None:
    university = Organization.objects.filter(
        memberships__user__email="university@demo.example"
    ).first()
    assert university is not None
    home = f"{site}/ko/org/{university.slug}"
    desk = opened(browser, DESKTOP)
    sign_in(desk, site, "university@demo.example")
    desk.goto(f"{home}/agreements/")
    shot(desk, "11-agreements")

    desk.goto(f"{home}/agreements/new/")
    partner = Organization.objects.filter(memberships__user__email="usuniversity@demo.example")
    desk.select_option("[name=partner]", str(partner.first().pk))
    kind = desk.locator("[name=kind]")
    if kind.first.get_attribute("type") == "radio":
        desk.locator("[name=kind][value=research]").check()
    else:
        kind.select_option("research")
    desk.fill("[name=title_ko]", "견본 전고체 전지 공동연구 협약")
    desk.fill("[name=title_en]", "Sample solid-state battery research agreement")
    desk.locator("main form button[type=submit]").first.click()
    desk.wait_for_url(re.compile(r"/agreements/\d+/"))
    shot(desk, "12-agreement")
    agreement = Agreement.objects.get(title_ko="견본 전고체 전지 공동연구 협약")
    assert agreement.korean_party == university

    # it is sent, and both sides sign
    send = "details.confirm:has(form[action$='/send/'])"
    desk.locator(f"{send} summary").click()
    desk.locator(f"{send} button[type=submit]").click()
    desk.wait_for_load_state()
    signing = "form[action$='/sign/']"
    for page, host in ((desk, university), (opened(browser, DESKTOP), partner.first())):
        if page is not desk:
            sign_in(page, site, "usuniversity@demo.example")
            page.goto(f"{site}/ko/org/{host.slug}/agreements/{agreement.pk}/")
        page.locator(f"details:has({signing}) > summary").click()
        page.fill(f"{signing} [name=sign-name]", "견본 총장")
        page.fill(f"{signing} [name=sign-title]", "총장")
        page.locator(f"{signing} button[type=submit]").click()
        page.wait_for_load_state()
    agreement.refresh_from_db()
    assert agreement.status == Agreement.Status.ACTIVE

    # joint research under it, as a draft that says what is still missing
    desk.goto(f"{home}/programs/new/?kind=joint_research&agreement={agreement.pk}")
    desk.fill("[name=title_ko]", "견본 전고체 전지 계면 공동연구")
    desk.locator("main form button[type=submit]").first.click()
    desk.wait_for_url(re.compile(r"/programs/\d+/"))
    shot(desk, "13-joint-research")
    draft = Program.objects.get(title_ko="견본 전고체 전지 계면 공동연구")
    assert (draft.kind, draft.status, draft.agreement) == ("joint_research", "draft", agreement)
    desk.goto(f"{home}/programs/{draft.pk}/edit/")
    expect(desk.locator("main")).to_contain_text("첫날을 적어 주세요")
    shot(desk, "14-what-is-missing")
    assert not Candidate.objects.filter(user__email="university@demo.example").exists()
