"""Joint research in Korean, in a real browser: a project is planned under an agreement, both sides
name their people and clear the reviews it needs, it is under way, a milestone is done."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from corridor.accounts.models import User
from corridor.partnerships.models import Agreement, ResearchGroup, ResearchProject
from tests.browser import visiting
from tests.browser.visiting import shot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

_OPEN = "document.querySelectorAll('main details').forEach(d => { d.open = true; })"


def opened(
    browser: Browser, site: str, email: str, width: int, height: int, scheme: str = "light"
) -> Page:
    person = User.objects.get(email=email)
    return visiting.opened(browser, site, person, width, height, scheme=scheme)


def fold(page: Page, said: str):
    return page.locator("details", has=page.locator("summary", has_text=said))


def person(page: Page, name: str) -> None:
    part = fold(page, "우리 쪽 참여자 더하기")
    part.locator("summary").click()
    part.locator("[name=people-name]").fill(name)
    part.locator("[name=people-institution]").fill("신소재공학과")
    part.locator("[name=people-email]").fill("pi@example.org")
    part.get_by_role("button", name="추가").click()
    expect(page.locator(".messages")).to_contain_text("저장했습니다")


def cleared(page: Page, project: ResearchProject, kind: str, side: str) -> None:
    review = project.reviews.get(kind=kind, side=side, superseded_at=None)
    card = page.locator(f"#review-{review.pk}")
    part = card.locator("details", has=page.locator("summary", has_text="검토자 정하기"))
    part.locator("summary").click()
    part.locator(f"[name=name-{review.pk}-name]").fill("박심사(견본)")
    part.locator(f"[name=name-{review.pk}-office]").fill("산학협력단")
    part.get_by_role("button", name="검토 시작하기").click()
    part = card.locator("details", has=page.locator("summary", has_text="결정 적기"))
    part.locator("summary").click()
    part.get_by_label("통과", exact=True).check()
    part.locator(f"[name=decide-{review.pk}-reasoning]").fill("공개 연구이며 계획서를 읽었습니다.")
    part.get_by_role("button", name="결정 기록").click()
    expect(card).to_contain_text("공개 연구이며 계획서를 읽었습니다.")


def test_a_project_is_planned_reviewed_by_both_sides_begun_and_has_a_milestone_done(
    browser: Browser, site: str
) -> None:
    agreement = Agreement.objects.get(title_en__startswith="Research agreement on next-generation")
    here = f"{site}/ko/org/{agreement.korean_party.slug}/research/"
    there = f"{site}/ko/org/{agreement.us_party.slug}/research/"
    korean = opened(browser, site, "university@demo.example", 1280, 900)
    american = opened(browser, site, "usuniversity@demo.example", 360, 780)

    korean.goto(here)
    shot(korean, "40-research")
    korean.get_by_role("link", name="과제 계획하기").first.click()
    korean.locator("[name=agreement]").select_option(str(agreement.pk))
    korean.locator("[name=title_ko]").fill("전고체 계면의 열화")
    korean.locator("[name=theme]").fill("전고체전지 계면이 어떻게 낡는지 함께 봅니다.")
    for question in ("strategic_technology", "national_core_technology"):
        korean.locator(f"[name=q_{question}][value=no]").check()
    shot(korean, "41-research-new")
    korean.get_by_role("button", name="저장").click()
    expect(korean.locator("h1")).to_have_text("전고체 계면의 열화")
    project = ResearchProject.objects.get(title_ko="전고체 계면의 열화")
    expect(korean.locator("#missing")).to_contain_text("연구책임자가 아직 없습니다")
    expect(korean.locator("#missing li")).to_have_count(5)  # two people, three reviews

    person(korean, "문가온(견본)")
    american.goto(f"{there}{project.pk}/")
    person(american, "Priya Nadar (Sample)")
    american.goto(f"{there}{project.pk}/")
    for kind in ("export", "ip"):
        cleared(american, project, kind, "US")
    shot(american, "42-research-reviews-phone")
    korean.goto(f"{here}{project.pk}/")
    expect(korean.locator("#missing li")).to_have_count(1)
    cleared(korean, project, "ip", "KR")
    korean.get_by_role("button", name="진행 중으로 바꾸기").click()
    expect(korean.locator(".messages")).to_contain_text("과제가 진행 중입니다")

    part = fold(korean, "중간 목표 세우기")
    part.locator("summary").click()
    part.locator("[name=milestones-title]").fill("첫 셀 제작")
    part.locator("[name=milestones-due_on]").fill(
        (timezone.localdate() + timedelta(days=20)).isoformat()
    )
    part.get_by_role("button", name="추가").click()
    # In its place, by keyboard, in the partner's browser on a phone.
    american.goto(f"{there}{project.pk}/")
    part = american.locator("details", has=american.locator("summary", has_text="첫 셀 제작"))
    part.locator("summary").press("Enter")
    part.get_by_label("중간 목표").fill("첫 파우치 셀 제작")
    part.get_by_role("button", name="저장").press("Enter")
    listed = american.locator("section[aria-labelledby=milestones]")
    expect(listed).to_contain_text("첫 파우치 셀 제작")
    korean.reload()
    korean.get_by_role("button", name=re.compile("완료.*첫 파우치 셀 제작")).click()
    expect(korean.locator("section", has=korean.locator("#milestones"))).to_contain_text("완료")
    shot(korean, "43-research-under-way")
    project.refresh_from_db()
    assert project.state == "under_way"
    assert project.milestones.get().done_on == timezone.localdate()


def test_pages_of_research_have_no_accessibility_fault_in_either_look(
    browser: Browser, site: str
) -> None:
    project = ResearchProject.objects.filter(state="under_way").first()
    group = ResearchGroup.objects.filter(organization__country="KR").first()
    assert project is not None and group is not None
    other = ResearchGroup.objects.filter(organization__country="US").last()
    at = f"org/{group.organization.slug}/research/"
    pages = ["", "new/", f"{project.pk}/", f"{project.pk}/edit/", "partners/",
             "partners/groups/new/", f"partners/groups/{group.pk}/",
             f"partners/groups/{group.pk}/ask/{other.pk}/"]  # fmt: skip
    faults = []
    for language, width, scheme in (("ko", 1280, "light"), ("en", 360, "dark")):
        page = opened(browser, site, "university@demo.example", width, 900, scheme)
        for number, address in enumerate(pages):
            page.goto(f"{site}/{language}/{at}{address}")
            shot(page, f"44-research-{number}-{language}")
            page.evaluate(_OPEN)
            found = Axe().run(page)
            if found.violations_count:
                faults.append(f"{language} {address}: {found.generate_report()}")
            wide = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert wide <= 0, f"{language} {address} scrolls sideways by {wide} px"
    assert not faults, "\n".join(faults)
