"""Staff at a desk, in Korean: a new host's program is looked at, a person is helped, a feature is
switched off and on. Staff's own steps by keyboard."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from corridor.accounts.models import Organization, SupportVisit, User
from corridor.common import switches
from corridor.places.models import Hub, Sector
from corridor.programs import services
from corridor.programs.models import Program
from tests.browser.visiting import opened, press, shot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def waiting(site) -> Program:
    """A complete program of a firm that is new here, sent by its owner."""
    firm = Organization.objects.create(
        slug="new-firm", kind="firm", country="US", name_ko="새 기관(견본)", status="verified"
    )
    owner = User.objects.create_user("owner@example.org", "a long password 1", language="ko")
    firm.memberships.create(user=owner, role="owner")
    start = timezone.localdate() + timedelta(days=200)
    draft = services.save_program(
        None, by=owner, organization=firm, kind="internship", title_ko="코팅 공정 인턴",
        summary_ko="합격하면 보증금을 먼저 냅니다.", hub=Hub.objects.first(),
        sector=Sector.objects.first(),
        starts_on=start, ends_on=start + timedelta(days=90), pay_period="unpaid",
        details={"supervisor_title": "과장", "training_plan": "1단계",
                 "field_of_study": "기계공학"},
        duties=[{"text": "설비 점검", "activity": "learn"}],
    )  # fmt: skip
    return services.publish(draft, by=owner)


def test_staff_moderate_help_and_switch_at_a_desk(
    browser: Browser, site: str, waiting: Program
) -> None:
    staff = User.objects.get(email="staff@demo.example")
    desk = opened(browser, site, staff)

    # the queue: from the overview to the program, its marked phrase, and the approval
    desk.goto(f"{site}/ko/staff/")
    shot(desk, "staff-overview")
    press(desk.get_by_role("link", name="새 호스트의 프로그램", exact=True))
    press(desk.get_by_role("link", name="코팅 공정 인턴"))
    expect(desk.locator("mark")).to_have_text("보증금")
    shot(desk, "staff-program")
    press(desk.get_by_role("button", name="승인하고 공개"))
    expect(desk.locator(".form__errors")).to_contain_text("아직 확인하지 않은 항목")
    for box in desk.locator("input[name=checked]").all():
        box.press("Space")
    press(desk.get_by_role("button", name="승인하고 공개"))
    expect(desk.locator(".messages")).to_contain_text("승인했습니다")
    waiting.refresh_from_db()
    assert waiting.status == Program.Status.PUBLISHED

    # helping a person: the banner stands on every page, a form is refused, and it ends
    desk.goto(f"{site}/ko/staff/people/")
    desk.get_by_label("볼 사람의 이메일 주소").fill("student@demo.example")
    desk.get_by_label("왜 봐야 하나요?").fill("추천 화면이 비어 있다고 문의하셔서 함께 확인합니다.")
    press(desk.get_by_role("button", name="보기 시작"))
    banner = desk.get_by_role("complementary", name="도움 화면 보기")
    for address in ("/ko/me/profile/", "/ko/me/profile/private/", "/ko/programs/"):
        desk.goto(f"{site}{address}")
        expect(banner).to_contain_text("student@demo.example 님이 보는 화면입니다")
        expect(banner).to_be_in_viewport()
    desk.goto(f"{site}/ko/me/profile/private/")
    shot(desk, "staff-support-visit")
    expect(desk.locator("input[name=passport_number]")).to_have_value("")
    press(desk.locator("main").get_by_role("button", name="저장").first)
    expect(desk.get_by_role("heading", level=1)).to_contain_text("볼 수도 바꿀 수도 없습니다")
    press(banner.get_by_role("button", name="보기 마치기"))
    expect(desk.get_by_role("heading", level=1)).to_have_text("다른 사람 화면 보기")
    expect(banner).to_have_count(0)
    assert SupportVisit.objects.get().ended_at is not None

    # the person reads that it happened, and why
    student = opened(browser, site, User.objects.get(email="student@demo.example"))
    student.goto(f"{site}/ko/me/consents/")
    expect(student.locator("main")).to_contain_text("추천 화면이 비어 있다고 문의하셔서")

    # a switch: off with a reason, and the page says so kindly
    desk.goto(f"{site}/ko/staff/switches/")
    part = desk.get_by_role("region", name="이력서 읽기")
    press(part.locator("summary"))
    part.get_by_label("꺼짐").check()
    press(part.get_by_role("button", name="적용"))
    expect(desk.locator(".form__errors")).to_contain_text("왜 끄는지 적어 주세요")
    part.get_by_label("메모").fill("파일이 한꺼번에 몰림")
    press(part.get_by_role("button", name="적용"))
    expect(part).to_contain_text("파일이 한꺼번에 몰림")
    shot(desk, "staff-switches")
    student.goto(f"{site}/ko/me/cv/")
    expect(student.get_by_role("heading", level=1)).to_have_text("잠시 쉬어 갑니다")
    assert not switches.is_on(switches.CV_READING)
