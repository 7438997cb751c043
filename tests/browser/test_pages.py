"""The pages people see, over the demo's data, in a real browser: Korean by day on a desktop and
English by night on a phone. Each page: no accessibility violation (everything that opens in place
is opened first), no sideways scroll, nothing in the console, a label on every control."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page

from corridor.accounts.models import Organization, User
from corridor.applications.models import Application
from corridor.demo import loading
from corridor.places.services import load_ground
from corridor.programs.models import Program

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LOOKS = {
    "ko": {"color_scheme": "light", "viewport": {"width": 1280, "height": 900}},
    "en": {"color_scheme": "dark", "viewport": {"width": 360, "height": 780}},
}
_OPEN = "document.querySelectorAll('main details').forEach(d => { d.open = true; })"
_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_UNLABELED = """() => [...document.querySelectorAll('input, select, textarea')]
    .filter(control => control.type !== 'hidden' && !control.labels?.length
        && !control.ariaLabel && !control.getAttribute('aria-labelledby'))
    .map(control => control.outerHTML.slice(0, 120))"""
_BEGUN = "?kind=dispatch&candidate.nationality=KR"
_WALKED = (
    "?kind=joint_research&candidate.nationality=KR&program.activity=other&candidate.degree=higher"
    "&program.host_type=university&program.duration_months=24"
)


@pytest.fixture
def site(live_server, tmp_path, settings) -> str:  # pytest-django's settings
    settings.MEDIA_ROOT = tmp_path
    load_ground()
    loading.load(timezone.localdate())
    return live_server.url


def _pages() -> Iterator[tuple[str, list[str]]]:
    """Who looks (an e-mail, or nobody) at which addresses, without the language prefix."""
    open_programs = Program.objects.filter(status=Program.Status.PUBLISHED)
    dispatch = open_programs.filter(kind="dispatch").first()
    internship = open_programs.filter(kind="internship").first()
    research = open_programs.filter(kind="joint_research").first()
    assert dispatch and internship and research
    yield "", [
        "/", "/programs/", "/programs/?q=용접&sector=batteries", "/programs/?q=zzzqqq",
        f"/programs/{internship.pk}/", f"/programs/{research.pk}/", "/hubs/", "/hubs/atlanta-ga/",
        "/sectors/batteries/", f"/organizations/{dispatch.organization.slug}/", "/pathways/",
        "/pathways/j1_intern/", "/routes/", f"/routes/{_BEGUN}", f"/routes/{_WALKED}",
        f"/programs/{dispatch.pk}/?route=b1_installer", "/credentials/", "/credentials/?q=zzzqqq",
        "/credentials/electrician/?state=MI", "/credentials/gmp/", "/about/", "/account/login/",
        "/account/signup/", "/account/password/reset/",
    ]  # fmt: skip
    mine = Application.objects.filter(candidate__user__email="technician@demo.example").first()
    assert mine is not None
    sections = (
        "basics education work skills credentials languages preferences about private".split()
    )
    yield "technician@demo.example", [
        "/me/", "/me/matches/", "/me/profile/", "/me/questions/", "/me/documents/",
        "/me/consents/", "/me/applications/", f"/me/applications/{mine.pk}/",
        f"/me/apply/{dispatch.pk}/", f"/programs/{dispatch.pk}/", "/account/email/",
        *(f"/me/profile/{section}/" for section in sections),
    ]  # fmt: skip
    received = Application.objects.filter(
        program__organization__memberships__user__email="firm@demo.example"
    ).first()
    assert received is not None
    firm = f"/org/{received.program.organization.slug}"
    yield "firm@demo.example", [
        f"{firm}/", f"{firm}/settings/", f"{firm}/programs/new/",
        f"{firm}/programs/{received.program_id}/edit/",
        f"{firm}/programs/{received.program_id}/applicants/",
        f"{firm}/programs/{received.program_id}/candidates/",
        f"{firm}/applications/{received.pk}/",
        f"{firm}/team/", f"{firm}/activity/",
        *(
            f"/org/{each.program.organization.slug}/{page}"
            for each in _at_each_stage()
            for page in (
                f"programs/{each.program_id}/board/", f"programs/{each.program_id}/criteria/",
                f"applications/{each.pk}/scores/", f"applications/{each.pk}/interview/",
                f"applications/{each.pk}/offer/",
            )
        ),
    ]  # fmt: skip
    closed = open_programs.filter(duties__activity="hands_on_construction").first()
    by_hand = ["hands_on_construction", "production_work"]
    sent = (
        open_programs.filter(kind="dispatch", details__contract_requires_service=True)
        .filter(details__seller_location="outside_us")
        .exclude(duties__activity__in=by_hand)
        .first()
    )
    assert closed and sent
    at = f"/org/{sent.organization.slug}/programs/{sent.pk}"
    yield "staff@demo.example", [
        f"/org/{closed.organization.slug}/programs/{closed.pk}/dispatch/",
        f"/org/{closed.organization.slug}/programs/{closed.pk}/dispatch/letter/",
        f"{at}/dispatch/", f"{at}/dispatch/letter/", f"{at}/dispatch/checklist/",
        f"{at}/edit/duties/", f"/programs/{closed.pk}/",
    ]  # fmt: skip
    university = Organization.objects.get(memberships__user__email="university@demo.example")
    at = f"/org/{university.slug}"
    yield "university@demo.example", [
        f"{at}/", f"{at}/agreements/", f"{at}/agreements/new/", f"{at}/research/",
    ]  # fmt: skip
    unverified = Organization.objects.filter(status=Organization.Status.UNVERIFIED).first()
    assert unverified is not None
    yield "staff@demo.example", [
        "/staff/", "/staff/answers/", "/staff/runs/", "/staff/audit/", "/staff/rules/",
        "/staff/rules/due/?ahead=30", "/staff/rules/h1b_cap/",
        "/staff/rules/diff/?day=2026-06-07&until=2026-06-08",
        "/staff/rules/statements/pathways/j1_intern/requires/duration/",
        f"/staff/organizations/{unverified.pk}/verify/",
    ]  # fmt: skip


def _at_each_stage() -> list[Application]:
    """The demo firm's applications whose interview and offer pages have most to show."""
    received = Application.objects.filter(
        program__organization__memberships__user__email="firm@demo.example"
    ).select_related("program__organization")
    stages = [received.filter(state=state).last() for state in ("interview", "offered")]
    assert all(stages), "the demo firm has an interview and an offer"
    return [each for each in stages if each]


def _sign_in(context: BrowserContext, site: str, email: str) -> None:
    """A session made on the server: how one signs in is the journeys' matter."""
    client = Client()
    client.force_login(
        User.objects.get(email=email), "allauth.account.auth_backends.AuthenticationBackend"
    )
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site}])


def _faults(page: Page, axe: Axe, language: str) -> Iterator[str]:
    if page.locator("html").get_attribute("lang") != language:
        yield "the page says another language"
    if page.evaluate(_WIDE) > 0:
        yield f"scrolls sideways by {page.evaluate(_WIDE)} px"
    page.evaluate(_OPEN)
    for control in page.evaluate(_UNLABELED):
        yield f"no label: {control}"
    for violation in axe.run(page).response["violations"]:
        yield f"{violation['id']}: {violation['nodes'][0]['html'][:160]}"


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_page_can_be_read_and_used_by_everybody(
    browser: Browser, site: str, language: str
) -> None:
    faults: list[str] = []
    axe = Axe()
    for email, addresses in _pages():
        context = browser.new_context(**LOOKS[language], reduced_motion="reduce")
        if email:
            _sign_in(context, site, email)
        page = context.new_page()
        page.set_default_timeout(30_000)
        said: list[str] = []
        page.on("console", lambda m, said=said: said.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error, said=said: said.append(str(error)))
        for address in addresses:
            answer = page.goto(f"{site}/{language}{address}")
            assert answer is not None and answer.status == 200, (email, address, answer)
            assert re.search(f"/{language}/", page.url), (email, address, page.url)
            found = [*_faults(page, axe, language), *said]
            faults += [f"{address} ({email or 'visitor'}): {fault}" for fault in found]
            said.clear()
        context.close()
    assert faults == []


def test_the_api_pages_work_under_the_content_security_policy(
    browser: Browser, live_server
) -> None:
    page = browser.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else 0)
    page.goto(live_server.url + reverse("api:docs"))

    page.get_by_role("button", name="GET /api/v1/programs/", exact=False).first.click()
    page.get_by_role("button", name="Try it out").wait_for()

    assert said == []
    page.close()


def test_a_phone_shows_results_before_filters_and_a_desktop_both(
    browser: Browser, site: str
) -> None:
    for width, shown in ((360, False), (1280, True)):
        page = browser.new_page(viewport={"width": width, "height": 800})
        page.goto(f"{site}/en/programs/?sector=batteries")
        kind = page.locator("input[name=kind]").first
        assert kind.is_visible() is shown
        assert page.locator("#results .card").first.is_visible()
        page.close()


def test_a_search_by_keyboard_counts_the_filters_anew_and_keeps_its_place(
    browser: Browser, site: str
) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{site}/en/programs/")
    before = page.locator("label:has(#sector-shipbuilding) .count").inner_text()

    page.get_by_label("Search programs").focus()
    page.keyboard.type("용접")
    page.keyboard.press("Enter")
    page.wait_for_function(
        "old => document.querySelector('label:has(#sector-shipbuilding) .count').innerText !== old",
        arg=before,
    )
    page.locator("#sector-shipbuilding").focus()
    page.keyboard.press("Space")
    page.wait_for_url(re.compile("sector=shipbuilding"))

    page.wait_for_function("document.activeElement.id === 'sector-shipbuilding'")
    assert page.locator("#sector-shipbuilding").is_checked()
    after = page.locator("label:has(#sector-shipbuilding) .count").inner_text()
    assert page.locator("#results h2").inner_text().startswith(f"{after} program")
    page.close()
