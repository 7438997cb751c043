"""After the start, in Korean: the first day confirmed, a check-in answered on a phone, a problem
told in private and answered by staff, a certificate that anybody can check; and a firm's roster."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from corridor.accounts.models import User
from corridor.applications import pairs, rosters
from corridor.applications.models import CheckIn, Placement, Problem
from tests.applications.after_start import TODAY, accepted, begun
from tests.browser import visiting
from tests.browser.visiting import shot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE, DESK = (360, 780), (1280, 900)


def opened(browser: Browser, site: str, user: User | None, size: tuple[int, int]) -> Page:
    scheme = "dark" if size == PHONE else "light"
    return visiting.opened(browser, site, user, *size, scheme=scheme)


def looked(page: Page, name: str) -> None:
    """A picture; no accessibility violation (all that opens is opened), no sideways scroll."""
    page.evaluate("document.querySelectorAll('main details').forEach(d => { d.open = true; })")
    shot(page, name)
    found = Axe().run(page).response["violations"]
    assert not found, [(each["id"], each["nodes"][0]["html"][:200]) for each in found]


def test_from_the_first_day_to_a_certificate(browser: Browser, live_server, settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    site = live_server.url
    application, owner = accepted()
    person = application.candidate.user
    staff = User.objects.create_user("staff@example.org", "-", name="운영", is_staff=True)
    phone, desk = opened(browser, site, person, PHONE), opened(browser, site, owner, DESK)
    first, last = TODAY - timedelta(days=12), TODAY + timedelta(days=90)

    # the first day, from the journey
    phone.goto(f"{site}/ko/me/journey/")
    phone.locator("[id^=journey-]").get_by_role("link", name="첫날 확인하기").click()
    phone.get_by_label("실제 첫날").fill(first.isoformat())
    phone.get_by_label("예정된 마지막 날").fill(last.isoformat())
    looked(phone, "50-start")
    phone.get_by_role("button", name="첫날 확인하기").click()
    expect(phone.locator(".messages")).to_contain_text("첫날을 확인했습니다")
    desk.goto(f"{site}{reverse('after:person', args=[slug_of(application), application.pk])}")
    desk.get_by_role("button", name="날짜 확인").click()
    expect(desk.locator(".messages")).to_contain_text("확인했습니다")

    # a check-in, shared with the host without words
    placement = Placement.objects.get()
    phone.goto(f"{site}{reverse('arrival:placement', args=[placement.pk])}")
    looked(phone, "51-placement")
    phone.get_by_role("link", name="첫 주를 마치고").click()
    for text in ("적힌 대로입니다", "없습니다", "같습니다", "제때 받았습니다", "괜찮습니다",
                 "안전합니다"):  # fmt: skip
        phone.get_by_label(text, exact=True).check()
    phone.get_by_label(re.compile("덧붙이고 싶은 말")).fill("셔틀이 있어 편합니다.")
    phone.get_by_label("호스트에게 보이는 것").select_option(CheckIn.Form.ANSWERS)
    looked(phone, "52-check-in")
    phone.get_by_role("button", name="답 저장하기").click()
    expect(phone.locator(".messages")).to_contain_text("고르신 대로")
    desk.reload()
    expect(desk.locator("main")).to_contain_text("일하면서 안전하다고 느끼나요?")
    expect(desk.locator("main")).not_to_contain_text("셔틀이")
    looked(desk, "53-person")

    # a problem, told in private, answered by staff
    phone.goto(f"{site}{reverse('problems:new')}")
    phone.get_by_label("급여", exact=True).check()
    phone.get_by_label("무슨 일이 있었나요?").fill("월급이 두 주째 들어오지 않았습니다.")
    looked(phone, "54-problem")
    phone.get_by_role("button", name="코리도 운영팀에 보내기").click()
    expect(phone.locator(".messages")).to_contain_text("다른 누구에게도")
    problem = Problem.objects.get()
    assert not problem.host_may_know
    watch = opened(browser, site, staff, DESK)
    watch.goto(f"{site}{reverse('staff:problems')}")
    looked(watch, "55-staff-problems")
    watch.get_by_role("link", name=re.compile("급여")).click()
    watch.get_by_label(re.compile("^답변")).fill("확인해 보겠습니다. 급여명세서가 있나요?")
    looked(watch, "56-staff-problem")
    watch.get_by_role("button", name="답변 보내기").click()
    expect(watch.locator(".messages")).to_contain_text("보냈습니다")
    phone.reload()
    expect(phone.locator(".thread")).to_contain_text("급여명세서가 있나요?")
    looked(phone, "57-thread")

    # the end: a certificate, checked by a stranger
    Placement.objects.update(ends_on=TODAY)
    desk.reload()
    desk.get_by_label(re.compile("배운 기술")).fill("PLC")
    desk.get_by_label(re.compile("이름$")).fill("박견본")
    desk.get_by_label(re.compile("직함$")).fill("팀장")
    looked(desk, "58-certify")
    desk.get_by_role("button", name="수료 확인").click()
    expect(desk.locator(".messages")).to_contain_text("수료증을 만들고")
    phone.goto(f"{site}{reverse('arrival:certificate', args=[placement.pk])}")
    phone.get_by_label(re.compile("코드를 아는 사람은")).check()
    phone.get_by_role("button", name="저장", exact=True).click()
    expect(phone.locator(".messages")).to_contain_text("저장했습니다")
    looked(phone, "59-certificate")
    code = phone.locator(".certificate__code strong").inner_text()
    anybody = opened(browser, site, None, PHONE)
    anybody.goto(f"{site}{reverse('certificates:check')}")
    anybody.get_by_label("수료증 코드").fill(code.lower())
    anybody.get_by_role("button", name="확인하기").click()
    expect(anybody.locator("main")).to_contain_text("진짜 수료증입니다")
    expect(anybody.locator("main")).to_contain_text(person.name)
    expect(anybody.locator("main")).not_to_contain_text("PLC")
    looked(anybody, "60-certificate-public")


def slug_of(application) -> str:
    return str(application.program.organization.slug)


def test_a_roster_shows_what_ends_and_who_is_alone(browser: Browser, live_server) -> None:
    application, owner = accepted(kind="dispatch")
    host = application.program.organization
    technician = rosters.enlist(
        begun(application, owner, pathway="b1_installer"), by=owner, organization=host
    )
    near = rosters.save_traveler(None, organization=host, by=owner, label="설치 2조-03")
    rosters.save_stay(
        near, by=owner, pathway="vwp_esta", entered_on=TODAY - timedelta(days=80),
        leaves_on=TODAY + timedelta(days=20), left_on=None, admit_until=None,
    )  # fmt: skip
    pair = pairs.save(
        None, organization=host, by=owner, program=None, apprentice="견습생 1", technician=near,
        teaches="다이 정렬", starts_on=TODAY, ends_on=TODAY + timedelta(days=60),
        goals=[("혼자 정렬", TODAY + timedelta(days=30))],
    )  # fmt: skip
    for size, name in ((DESK, "desk"), (PHONE, "phone")):
        page = opened(browser, live_server.url, owner, size)
        page.goto(f"{live_server.url}{reverse('after:roster', args=[host.slug])}")
        expect(page.locator("main")).to_contain_text("9일 남음")
        expect(page.locator("main")).to_contain_text("기한 미확인")
        looked(page, f"61-roster-{name}")
        page.goto(f"{live_server.url}{reverse('after:traveler', args=[host.slug, near.pk])}")
        expect(page.locator("main")).to_contain_text("예정 출국일이 체류 기한보다 늦습니다")
        looked(page, f"62-traveler-{name}")
        page.goto(f"{live_server.url}{reverse('after:pair', args=[host.slug, pair.pk])}")
        looked(page, f"63-pair-{name}")
    assert technician.label != application.candidate.user.name
