"""By keyboard, and for somebody who does not see the page: a refused form begins with what is to
be mended, what changes in place keeps the focus and is told, what opens closes with Escape, and
nothing that has the focus lies under the phone's bottom bar."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from corridor.accounts.models import Membership, User
from corridor.applications.models import Application, State
from tests.browser.visiting import opened, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

_UNDER = """() => {
    const at = document.activeElement, box = at.getBoundingClientRect()
    const bar = document.querySelector('.tabbar').getBoundingClientRect()
    const hidden = box.top + Math.min(box.height, 24) > bar.top + 1 && !at.closest('.tabbar')
    return hidden ? at.outerHTML.slice(0, 160) : ''
}"""


def test_a_refused_form_has_the_focus_on_what_is_to_be_mended(browser: Browser, site: str) -> None:
    page = opened(browser, site, None, 360, 780)
    page.goto(f"{site}/ko/account/signup/")
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".form__errors")).to_be_focused()
    press(page.locator(".form__errors a").first)
    expect(page.locator("[name=purpose]").first).to_be_focused()

    technician = User.objects.get(email="technician@demo.example")
    page = opened(browser, site, technician, 360, 780)
    page.goto(f"{site}/ko/me/profile/work/")
    page.locator("[name=work-1-ended_on]").fill("1950-01-01")
    page.get_by_role("button", name="저장", exact=True).click()
    summary = page.locator(".form__errors")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_count(1)
    press(summary.get_by_role("link"))
    assert page.evaluate("document.activeElement.name").startswith("work-1-")


def test_search_keeps_the_focus_and_tells_how_many_were_found(browser: Browser, site: str) -> None:
    page = opened(browser, site, None)
    page.goto(f"{site}/en/programs/")
    told = page.locator("[data-told]")
    ticked = page.locator("#kind-internship")
    ticked.focus()
    page.keyboard.press("Space")
    page.wait_for_url("**kind=internship**")
    expect(told).to_have_text(page.locator("#results h2").inner_text())
    expect(ticked).to_be_focused()

    folded = page.locator(".facet:not([open])").first
    name = folded.locator("input").first.get_attribute("id")
    press(folded.locator("summary"))
    option = page.locator(f"[id='{name}']")
    for _ in range(2):  # ticked, and given up again: the group stays open
        option.focus()
        with page.expect_response(lambda answer: "/programs/" in answer.url):
            page.keyboard.press("Space")
        expect(option).to_be_focused()


def test_an_answer_keeps_the_reader_at_the_routes_and_is_told(browser: Browser, site: str) -> None:
    page = opened(browser, site, None, 360, 780)
    page.goto(f"{site}/en/programs/?kind=internship")
    page.goto(site + page.locator("#results article a").first.get_attribute("href"))
    ask = page.locator("#visa form.ask").first
    control = ask.locator(":is(input:not([type=hidden]), select)").first
    if control.get_attribute("type") == "radio":
        control.check()
    elif control.evaluate("each => each.tagName") == "SELECT":
        control.select_option(index=1)
    else:
        control.fill("2" if control.get_attribute("type") == "number" else "2027-02-01")
    press(ask.get_by_role("button", name="Answer and check again"))
    expect(page.locator("[data-told]")).to_contain_text("Read with your answers")
    assert page.evaluate("!!document.activeElement.closest('#visa')")


def test_a_card_that_went_on_has_the_focus_again_and_it_is_told(
    browser: Browser, site: str
) -> None:
    firm = User.objects.get(email="firm@demo.example")
    hosts = Membership.objects.filter(user=firm).values("organization")
    waiting = Application.objects.filter(program__organization__in=hosts, state=State.SUBMITTED)
    sent = waiting.select_related("program__organization").first()
    assert sent is not None
    desk = opened(browser, site, firm)
    desk.goto(f"{site}/en/org/{sent.program.organization.slug}/programs/{sent.program_id}/board/")
    card = desk.locator(".board__card", has=desk.locator(f"[href$='/applications/{sent.pk}/']"))
    summary = card.locator("summary")
    press(summary)
    desk.keyboard.press("Escape")
    expect(card.locator("details")).not_to_have_attribute("open", "")
    expect(summary).to_be_focused()
    press(summary)
    press(card.get_by_role("button", name="Start the review"))
    expect(desk.locator("[data-told]")).to_contain_text("The candidate is told.")
    expect(card.locator("a").first).to_be_focused()


def test_a_menu_closes_with_escape_and_when_the_keyboard_leaves_it(
    browser: Browser, site: str
) -> None:
    page = opened(browser, site, User.objects.get(email="technician@demo.example"), 360, 780)
    page.goto(f"{site}/en/me/")
    menu = page.locator("details.menu:visible")
    press(menu.locator("summary"))
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(menu.locator("summary")).to_be_focused()
    expect(page.locator("details.menu[open]")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page.locator("details.menu[open]")).to_have_count(1)
    page.keyboard.press("Shift+Tab")
    expect(page.locator("details.menu[open]")).to_have_count(0)


def test_what_has_the_focus_never_lies_under_the_bottom_bar(browser: Browser, site: str) -> None:
    technician = User.objects.get(email="technician@demo.example")
    page = opened(browser, site, technician, 360, 780)
    for address in ("/me/matches/", "/me/profile/work/"):
        page.goto(f"{site}/ko{address}")
        assert walked_by_tab(page) == []


def walked_by_tab(page: Page) -> list[str]:
    """What was under the bar while it had the focus, from the page's beginning to its end."""
    covered = []
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            return covered
        covered += filter(None, [page.evaluate(_UNDER)])
    raise AssertionError("the keyboard does not come out of the page")
