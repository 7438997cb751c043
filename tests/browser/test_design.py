"""The style guide in a real browser: what holds there holds wherever its components are used."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Token pairs (words or shapes, on grounds) and the contrast WCAG 2.2 asks of them.
_TEXT = ["ink", "ink-soft", "ink-faint", "celadon", "celadon-deep", "persimmon", "ochre"]
_GROUNDS = ["paper", "raised", "sunken"]
_PAIRS = [
    *[(text, ground, 4.5) for text in _TEXT for ground in _GROUNDS],
    *[(shape, ground, 3.0) for shape in ("edge", "celadon-line") for ground in _GROUNDS],
    ("persimmon-line", "paper", 3.0),
    ("celadon", "celadon-wash", 4.5),
    ("persimmon", "persimmon-wash", 4.5),
    ("ochre", "ochre-wash", 4.5),
    ("on-celadon", "celadon", 4.5),
    ("on-celadon", "celadon-deep", 4.5),
]
_CONTRAST = """names => {
    const pen = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
    const probe = document.body.appendChild(document.createElement('i'));
    const light = name => {
        probe.style.setProperty('color', `var(--${name})`);
        pen.fillStyle = getComputedStyle(probe).color;
        pen.fillRect(0, 0, 1, 1);
        const [r, g, b] = [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3).map(c => c / 255)
            .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
    };
    return names.map(([a, b]) => { const [x, y] = [light(a), light(b)];
        return Math.max(x, y) / Math.min(x, y); });
}"""
_SMALL_TEXT = """() => [...document.querySelectorAll('body *')]
    .filter(element => element.offsetParent && !element.closest('svg')
        && [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim())
        && parseFloat(getComputedStyle(element).fontSize) < 13.99)
    .map(element => element.outerHTML.slice(0, 80))"""
_OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def _open(context: BrowserContext, address: str) -> tuple[Page, list[str]]:
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.goto(address)
    return page, complaints


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_components_have_no_accessibility_violation(
    browser: Browser, live_server, language: str, theme: str
) -> None:
    context = browser.new_context(color_scheme=theme, reduced_motion="reduce")
    page, complaints = _open(context, f"{live_server.url}/{language}/design/")
    # What opens in place is looked at as well.
    page.evaluate("document.querySelectorAll('main details').forEach(d => { d.open = true; })")

    violations = Axe().run(page).response["violations"]

    assert [(v["id"], v["nodes"][0]["html"]) for v in violations] == []
    assert complaints == []  # a blocked inline style or script would stand here
    context.close()


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("width", [360, 768, 1280])
def test_no_page_is_wider_than_its_window_and_no_text_is_tiny(
    browser: Browser, live_server, language: str, width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800})
    page, _ = _open(context, f"{live_server.url}/{language}/design/")

    assert page.evaluate(_OVERFLOW) == 0
    assert page.evaluate(_SMALL_TEXT) == []
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_color_keeps_its_contrast(browser: Browser, live_server, theme: str) -> None:
    context = browser.new_context(color_scheme=theme)
    page, _ = _open(context, f"{live_server.url}/en/design/")

    measured = page.evaluate(_CONTRAST, [[text, ground] for text, ground, _ in _PAIRS])

    too_low = [
        (text, ground, round(contrast, 2))
        for (text, ground, least), contrast in zip(_PAIRS, measured, strict=True)
        if contrast < least
    ]
    assert too_low == []
    context.close()


def test_the_chosen_theme_comes_with_the_next_page_from_the_server(
    browser: Browser, live_server
) -> None:
    context = browser.new_context(color_scheme="light")
    page, _ = _open(context, f"{live_server.url}/ko/design/")

    page.get_by_role("button", name="어두운 화면").click()

    # Asked without running the page's scripts: no flash of the other theme.
    html = context.request.get(f"{live_server.url}/ko/design/").text()
    assert 'data-theme="dark"' in html
    context.close()


def test_the_other_language_keeps_the_page_and_its_query(browser: Browser, live_server) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page, _ = _open(context, f"{live_server.url}/ko/design/?kind=dispatch")

    page.get_by_role("link", name="English").first.click()

    assert page.url == f"{live_server.url}/en/design/?kind=dispatch"
    assert page.locator("html").get_attribute("lang") == "en"
    context.close()


def test_an_answer_is_checked_when_it_is_left_and_in_the_language_of_the_page(
    browser: Browser, live_server
) -> None:
    context = browser.new_context()
    page, _ = _open(context, f"{live_server.url}/ko/design/")
    email = page.get_by_label("이메일")

    email.fill("minji")
    assert page.get_by_text("이메일 주소 전체를 입력해 주세요").count() == 0
    email.blur()
    page.get_by_text("이메일 주소 전체를 입력해 주세요").wait_for()
    email.fill("minji@example.com")

    assert email.get_attribute("aria-invalid") is None
    assert not page.get_by_text("이메일 주소 전체를 입력해 주세요").is_visible()
    context.close()


def test_without_javascript_the_menu_still_opens(browser: Browser, live_server) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 700}, java_script_enabled=False)
    page, _ = _open(context, f"{live_server.url}/en/design/")

    page.locator("summary", has_text="Menu").click()

    assert page.get_by_role("link", name="Sign in").is_visible()
    assert not page.get_by_role("button", name="Dark theme").is_visible()
    context.close()


def test_the_keyboard_reaches_the_content_and_the_hubs_of_the_map(
    browser: Browser, live_server
) -> None:
    context = browser.new_context()
    page, _ = _open(context, f"{live_server.url}/en/design/")

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"

    hub = page.get_by_role("link", name="Savannah, 9 programs")
    hub.focus()
    assert hub.locator(".hubmap__name").evaluate("e => getComputedStyle(e).opacity") == "1"
    context.close()
