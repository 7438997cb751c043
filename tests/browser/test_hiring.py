"""From the board to an accepted offer, in English and by keyboard alone on the host's side: a
review, an interview agreed on two clocks, an offer that says who pays what."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, expect

from corridor.accounts.models import Membership, User
from corridor.applications.models import Application, Interview, Offer, State
from tests.browser.visiting import opened, press, shot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_host_takes_an_applicant_from_the_board_to_an_accepted_offer(
    browser: Browser, site: str
) -> None:
    firm = User.objects.get(email="firm@demo.example")
    hosts = Membership.objects.filter(user=firm).values("organization")
    sent = (
        Application.objects.filter(
            program__organization__in=hosts, state=State.SUBMITTED, program__kind="internship"
        )
        .select_related("program__organization", "candidate__user")
        .first()
    )
    assert sent is not None, "the demo firm has an applicant who waits"
    desk = opened(browser, site, firm, 1280, 900)
    phone = opened(browser, site, sent.candidate.user, 360, 780)
    at = f"{site}/en/org/{sent.program.organization.slug}"
    mine = f"{site}/en/me/applications/{sent.pk}/"

    # the board: one step by keyboard
    desk.goto(f"{at}/programs/{sent.program_id}/board/")
    shot(desk, "30-board")
    card = desk.locator(".board__card", has=of(desk, sent))
    press(card.locator("summary"))
    press(card.get_by_role("button", name="Start the review"))
    expect(desk.locator(".messages")).to_contain_text("The candidate is told.")
    sent.refresh_from_db()
    assert sent.state == State.UNDER_REVIEW

    # an interview: proposed in the hub's clock, read on both, chosen on a phone
    desk.goto(f"{at}/applications/{sent.pk}/interview/")
    day = timezone.localdate() + timedelta(days=6)
    desk.locator("[name=time_1]").fill(f"{day}T09:00")
    desk.locator("[name=time_2]").fill(f"{day}T10:30")
    press(desk.get_by_role("button", name="Propose and tell the candidate"))
    expect(desk.locator(".messages")).to_contain_text("The times are proposed.")
    shot(desk, "31-interview")
    phone.goto(mine)
    expect(phone.locator(".slots li")).to_have_count(2)
    expect(phone.locator(".slots li").first).to_contain_text(re.compile(r"Seoul · .*09:00"))
    shot(phone, "32-interview-phone")
    press(phone.get_by_role("button", name=re.compile("Choose this time")).first)
    expect(phone.locator("#interview")).to_contain_text("Agreed")
    assert Interview.objects.get(application=sent).state == "set"
    with phone.expect_download() as file:
        phone.get_by_role("link", name=re.compile(r"my calendar")).click()
    text = file.value.path().read_text(encoding="utf-8")
    assert text.startswith("BEGIN:VCALENDAR") and "METHOD:PUBLISH" in text

    # an offer: every cost has its payer; the candidate reads it and accepts
    desk.goto(f"{at}/applications/{sent.pk}/offer/")
    for item in Offer.Item.values:
        desk.locator(f"[name=pays_{item}]").select_option("host")
    desk.locator("[name=pays_flight]").select_option("candidate")
    press(desk.get_by_role("button", name="Make the offer and tell the candidate"))
    expect(desk.locator(".messages")).to_contain_text("The offer is made.")
    shot(desk, "33-offer")
    phone.goto(mine)
    expect(phone.locator("#offer")).to_contain_text("You pay")
    shot(phone, "34-offer-phone")
    press(phone.get_by_role("button", name="Accept the offer"))
    expect(phone.locator(".messages")).to_contain_text("The host is told.")
    sent.refresh_from_db()
    assert sent.state == State.ACCEPTED
    assert Offer.objects.get(application=sent).state == Offer.State.ACCEPTED


def test_dragging_a_card_does_what_its_next_step_offers_and_nothing_else(
    browser: Browser, site: str
) -> None:
    firm = User.objects.get(email="firm@demo.example")
    hosts = Membership.objects.filter(user=firm).values("organization")
    waiting = Application.objects.filter(
        program__organization__in=hosts, state=State.SUBMITTED, program__kind="internship"
    )
    sent = waiting.select_related("program__organization").first()
    assert sent is not None
    desk = opened(browser, site, firm, 1280, 900)
    desk.goto(f"{site}/en/org/{sent.program.organization.slug}/programs/{sent.program_id}/board/")
    card = desk.locator(".board__card", has=of(desk, sent))

    drag(desk, card, desk.locator("[data-state=accepted]"))
    drag(desk, card, desk.locator("[data-state=under_review]"))

    moved = desk.locator("[data-state=under_review] .board__card", has=of(desk, sent))
    expect(moved).to_have_count(1)
    sent.refresh_from_db()
    assert sent.state == State.UNDER_REVIEW
    drag(desk, card, desk.locator("[data-state=interview]"))
    desk.wait_for_url(re.compile(rf"/applications/{sent.pk}/interview/"))


def of(page: Page, application: Application) -> Locator:
    return page.locator(f"[href$='/applications/{application.pk}/']")


def drag(page: Page, card: Locator, column: Locator) -> None:
    """By the mouse, from the card's lower edge straight across into the column."""
    card.scroll_into_view_if_needed()
    start, end = card.bounding_box(), column.bounding_box()
    assert start is not None and end is not None
    page.mouse.move(start["x"] + 8, start["y"] + start["height"] - 8)
    page.mouse.down()
    page.mouse.move(start["x"] + 40, start["y"] + 30, steps=5)
    page.mouse.move(end["x"] + 60, start["y"] + 30, steps=10)
    page.mouse.up()
