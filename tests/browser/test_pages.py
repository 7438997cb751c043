"""Every page people see, over the demo's data, in a real browser: Korean by day on a desktop and
English by night on a phone. Each page: no accessibility violation (everything that opens in place
is opened first), no sideways scroll, nothing that jumps, nothing in the console, a label on every
control, at most 150 KB over the wire beside fonts and images.

The addresses are those of the walk (tests/web/test_walk.py), so a new page is looked at once it
says who may enter; and some with questions and states of their own. With

    python3 run.py test tests/browser/test_pages.py --every-look

both languages, both widths, light and dark are walked; pictures and axe.json (what was tested on
each page, and what was found) lie in test-artifacts/pages/ afterwards."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Browser, Page, Response
from playwright.sync_api import Error as BrowserError

from corridor.accounts.models import Organization, User
from corridor.applications.models import Application
from corridor.programs.models import Program
from tests.browser.visiting import SHOTS, sign_in
from tests.web.test_walk import DOORS, address_of, corridor  # noqa: F401 - a fixture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = {"phone": {"width": 360, "height": 780}, "desktop": {"width": 1280, "height": 900}}
# (language, width, scheme). The two of a usual run cover each value once; --every-look walks all.
USUAL = [("ko", "desktop", "light"), ("en", "phone", "dark")]
HEAVIEST = 150_000  # bytes over the wire, without fonts and images
_SHIFT = """() => new Promise(done => {
    let sum = 0
    const seen = entry => { if (!entry.hadRecentInput) sum += entry.value }
    new PerformanceObserver(list => list.getEntries().forEach(seen))
        .observe({type: 'layout-shift', buffered: true})
    requestAnimationFrame(() => setTimeout(() => done(sum), 50))
})"""
_OPEN = "document.querySelectorAll('main details').forEach(d => { d.open = true; })"
_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_UNLABELED = """() => [...document.querySelectorAll('input, select, textarea')]
    .filter(control => control.type !== 'hidden' && !control.labels?.length
        && !control.ariaLabel && !control.getAttribute('aria-labelledby'))
    .map(control => control.outerHTML.slice(0, 120))"""
# Every rule runs; of what passes only its rules are kept, without each node of the page.
_ASKED = {"resultTypes": ["violations"]}
ARTIFACTS = SHOTS / "pages"
_BEGUN = "?kind=dispatch&candidate.nationality=KR"
_WALKED = (
    "?kind=joint_research&candidate.nationality=KR&program.activity=other&candidate.degree=higher"
    "&program.host_type=university&program.duration_months=24"
)


@pytest.fixture
def site(live_server, corridor) -> str:  # noqa: F811
    """The address of the running corridor with its demo."""
    return live_server.url


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "look" not in metafunc.fixturenames:
        return
    every = [
        (language, width, scheme)
        for language in ("ko", "en") for width in WIDTHS for scheme in ("light", "dark")
    ]  # fmt: skip
    looks = every if metafunc.config.getoption("--every-look") else USUAL
    metafunc.parametrize("look", looks, ids="-".join)


def _of_the_walk(things: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """Each address of the walk, as the first of these that may enter."""
    who = ("stranger", "student", "firm", "university", "staff", "other_student")
    mine: dict[str, list[str]] = {role: [] for role in who}
    for name, allowed in DOORS.items():
        may = [role for role in who if role in allowed]
        if may and not name.startswith(("api:", "healthz", "public:welcome")):
            mine[may[0]].append(address_of(name, things).removeprefix("/ko"))
    for role, addresses in mine.items():
        yield "" if role == "stranger" else things["people"][role].email, addresses


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
        "/me/consents/", "/me/close/", "/me/applications/", f"/me/applications/{mine.pk}/",
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


def _faults(page: Page, axe: Axe, size: int, notes: dict[str, Any]) -> Iterator[str]:
    if page.evaluate(_WIDE) > 0:
        yield f"scrolls sideways by {page.evaluate(_WIDE)} px"
    # What stays is a line that breaks elsewhere when a font arrives late: .024 at most on a quiet
    # machine, .061 on a busy one (2026-11-28). So a page that jumped is looked at with its fonts.
    if (jump := page.evaluate(_SHIFT)) > 0.05:
        page.reload()
        if (jump := page.evaluate(_SHIFT)) > 0.05:
            yield f"what stands on it jumps ({jump:.3f})"
    if size > HEAVIEST:
        yield f"{size:,} bytes over the wire"
    page.evaluate(_OPEN)
    for control in page.evaluate(_UNLABELED):
        yield f"no label: {control}"
    found = axe.run(page, options=_ASKED).response
    notes |= {
        "bytes": size,
        "rules passed": len(found["passes"]),
        "violations": [each["id"] for each in found["violations"]],
    }
    for violation in found["violations"]:
        yield f"{violation['id']}: {violation['nodes'][0]['html'][:160]}"


def _transfer(page: Page, answers: list[Response], sizes: dict[str, int]) -> int:
    """Bytes of a first visit as production sends them: bodies by gzip, fonts and images aside.

    `sizes`, by address, keeps what an earlier page brought and the browser need not ask for again.
    """
    names = page.evaluate("performance.getEntriesByType('resource').map(each => each.name)")
    brought = {page.url, *names}
    for answer in answers:
        kind = answer.request.resource_type
        if answer.url not in brought or (answer.url in sizes and kind != "document"):
            continue  # of the page before, which Chromium keeps no longer; or weighed before
        if answer.ok and kind not in {"font", "image", "manifest"}:
            sizes[answer.url] = len(gzip.compress(answer.body(), 6))
    return sum(sizes.get(address, 0) for address in brought)


def test_every_page_can_be_read_and_used_by_everybody(
    browser: Browser, site: str, corridor, look: tuple[str, str, str], request  # noqa: F811
) -> None:
    language, width, scheme = look
    axe, faults, report, sizes = Axe(), [], {}, {}
    shots = ARTIFACTS / "-".join(look) if request.config.getoption("--every-look") else None
    for email, addresses in [*_of_the_walk(corridor), *_pages()]:
        context = browser.new_context(
            color_scheme=scheme, viewport=WIDTHS[width], reduced_motion="reduce"
        )
        if email:
            sign_in(context, site, User.objects.get(email=email))
        page = context.new_page()
        page.set_default_timeout(30_000)
        said: list[str] = []
        answers: list[Response] = []
        page.on("console", lambda m, said=said: said.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error, said=said: said.append(str(error)))
        page.on("response", lambda answer, answers=answers: answers.append(answer))
        for address in addresses:
            if f"{address} ({email or 'visitor'})" in report:
                continue  # the walk has been there as the same person
            said.clear()
            answers.clear()
            try:
                answer = page.goto(f"{site}/{language}{address}")
            except BrowserError as error:
                if "Download is starting" in str(error):
                    continue
                raise
            assert answer is not None, (email, address)
            if answer.status != 200:
                faults.append(f"{address} ({email or 'visitor'}): answers {answer.status}")
                continue
            if not answer.headers["content-type"].startswith("text/html"):
                continue
            assert re.search(f"/{language}/", page.url), (email, address, page.url)
            assert page.locator("html").get_attribute("lang") == language
            notes = report.setdefault(f"{address} ({email or 'visitor'})", {})
            found = [*_faults(page, axe, _transfer(page, answers, sizes), notes), *said]
            faults += [f"{address} ({email or 'visitor'}): {fault}" for fault in found]
            if shots:
                shots.mkdir(parents=True, exist_ok=True)
                name = re.sub(r"[^0-9a-z]+", "-", f"{email.partition('@')[0]} {address}")
                page.screenshot(path=shots / f"{name.strip('-')[:110]}.png", full_page=True)
        context.close()
    if shots:
        (shots / "axe.json").write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n")
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
