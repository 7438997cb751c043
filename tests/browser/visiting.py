"""What the browser tests do alike: come in as somebody, press by keyboard, keep a picture."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from corridor.accounts.models import User

SHOTS = Path(__file__).resolve().parents[2] / "test-artifacts"


def sign_in(context: BrowserContext, site: str, user: User) -> None:
    """A session made on the server: how one signs in is the journeys' matter."""
    client = Client()
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site}])


def opened(
    browser: Browser, site: str, user: User | None, width: int = 1280, height: int = 900, *,
    locale: str = "ko-KR", scheme: str = "light",
) -> Page:  # fmt: skip
    """A page of this person's own browser; a script error on it fails the test."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale=locale, color_scheme=scheme
    )
    if user is not None:
        sign_in(context, site, user)
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
    return page


def press(control: Locator) -> None:
    """By keyboard: it can be focused, and Enter does it."""
    control.focus()
    expect(control).to_be_focused()
    control.press("Enter")


def shot(page: Page, name: str) -> None:
    """A picture in test-artifacts/; nothing scrolls sideways."""
    SHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png", full_page=True)
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"{name} scrolls sideways by {wide} px"
