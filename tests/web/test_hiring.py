"""The pages on which a host answers its applicants and a candidate answers back."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.urls import reverse
from django.utils import timezone

from corridor.accounts import services as accounts
from corridor.applications import interviews, offers, reviewing, services
from corridor.applications.models import Application, ApplicationEvent, Interview, Offer, State
from corridor.web.firm.views.pipeline import plain
from tests.matching import people
from tests.web.desks import START, applicant, client_of, member, open_program

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> dict:
    firm = people.host("sample-firm")
    owner, reviewer = member(firm), member(firm, "reviewer")
    program = open_program(firm, hub=people.hub())
    application = applicant(program)
    return {"firm": firm, "owner": client_of(owner), "reviewer": client_of(reviewer),
            "owner_user": owner, "program": program, "application": application,
            "me": client_of(application.candidate.user)}  # fmt: skip


def at(desk: dict, name: str, *args) -> str:
    return f"/en{reverse(f'firm:{name}', args=[desk['firm'].slug, *args])[3:]}"


def mine(name: str, application: Application) -> str:
    return f"/en{reverse(f'candidate:{name}', args=[application.pk])[3:]}"


def state(desk: dict) -> str:
    return Application.objects.get(pk=desk["application"].pk).state


def in_days(days: int) -> str:
    return (timezone.now() + timedelta(days=days)).strftime("%Y-%m-%dT10:00")


# --- table and board ------------------------------------------------------------------------------


def test_many_are_answered_at_once_and_who_changed_meanwhile_is_named(desk):
    other = applicant(desk["program"], "lee@example.org")
    table = at(desk, "applicants", desk["program"].pk)
    page = desk["owner"].get(table).content.decode()
    assert page.count('name="chosen"') == 2
    read = {f"version-{each.pk}": each.version for each in (desk["application"], other)}
    services.move(other, by=desk["owner_user"], to=State.UNDER_REVIEW)
    answer = desk["owner"].post(
        table,
        {"action": "closed", "reason": "filled", "chosen": [desk["application"].pk, other.pk],
         **read},
        follow=True,
    ).content.decode()  # fmt: skip
    assert "Done for 1 applicant" in answer and "was changed in the meantime" in answer
    other.refresh_from_db()
    assert (state(desk), other.state) == (State.CLOSED, State.UNDER_REVIEW)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"action": "closed", "reason": "filled"}, "Choose at least one applicant."),
        ({"action": "closed", "chosen": True}, "Please tell the candidate why"),
        ({"action": "message", "chosen": True, "note": " "}, "Please write the message."),
    ],
)
def test_a_bulk_action_that_lacks_something_does_nothing(desk, typed, told):
    if typed.get("chosen"):
        typed = {**typed, "chosen": [desk["application"].pk]}
    page = desk["owner"].post(at(desk, "applicants", desk["program"].pk), typed)
    assert told in page.content.decode() and state(desk) == State.SUBMITTED


def test_a_reviewer_sees_the_table_and_decides_nothing(desk):
    table, board = (at(desk, name, desk["program"].pk) for name in ("applicants", "board"))
    page = desk["reviewer"].get(table).content.decode()
    assert "김견본" in page and 'name="chosen"' not in page
    desk["reviewer"].post(table, {"action": "under_review", "chosen": [desk["application"].pk]})
    answer = desk["reviewer"].post(
        board, {"application": desk["application"].pk, "to": "under_review"}
    )
    assert answer.status_code == 403 and state(desk) == State.SUBMITTED
    page = desk["reviewer"].get(at(desk, "application", desk["application"].pk)).content.decode()
    assert "Owners and editors decide." in page


def test_the_board_moves_a_card_once(desk):
    board = at(desk, "board", desk["program"].pk)
    assert "김견본" in desk["owner"].get(board).content.decode()
    step = {"application": desk["application"].pk, "to": "under_review",
            "version": desk["application"].version}  # fmt: skip
    desk["owner"].post(board, step)
    again = desk["owner"].post(board, step, follow=True).content.decode()
    assert "was changed in the meantime" in again
    assert state(desk) == State.UNDER_REVIEW
    assert ApplicationEvent.objects.filter(to_state="under_review").count() == 1


def test_the_board_takes_no_step_that_needs_words_or_terms(desk):
    for to in ("closed", "offered", "accepted", "", "hired"):
        desk["owner"].post(at(desk, "board", desk["program"].pk),
                           {"application": desk["application"].pk, "to": to})  # fmt: skip
    assert state(desk) == State.SUBMITTED


@pytest.mark.parametrize(
    ("asked", "seen"),
    [("q=김", True), ("q=nobody", False), ("due=1", True), ("unscored=1", True),
     ("state=offered", False), ("sort=fit", True), ("sort=due&q=견본", True)],
)  # fmt: skip
def test_the_table_is_filtered_by_its_address(desk, asked, seen):
    page = desk["owner"].get(f"{at(desk, 'applicants', desk['program'].pk)}?{asked}")
    assert ("김견본" in page.content.decode()) is seen


def test_a_withdrawn_consent_closes_every_page_about_it(desk):
    accounts.withdraw_consent(
        desk["application"].consent, by=desk["application"].candidate.user
    )
    for name in ("application", "scores", "interview", "offer"):
        assert desk["owner"].get(at(desk, name, desk["application"].pk)).status_code == 404
    for name in ("note", "message", "interview_cancel", "offer_prolong"):
        assert desk["owner"].post(at(desk, name, desk["application"].pk)).status_code == 404
    for name in ("board", "applicants_csv"):
        page = desk["owner"].get(at(desk, name, desk["program"].pk)).content.decode()
        assert "김견본" not in page
    assert "김견본" not in desk["owner"].get(at(desk, "activity")).content.decode()


# --- reasons, notes, messages ---------------------------------------------------------------------


def test_a_consent_names_the_program_it_is_for(desk):
    page = desk["me"].get("/en/me/consents/").content.decode()
    title = desk["application"].program.title_en
    assert f"will not be able to open your file for “{title}”" in page


def test_the_reason_is_read_by_the_candidate_in_their_own_language(desk):
    desk["owner"].post(
        at(desk, "application", desk["application"].pk), {"to": "closed", "reason": "visa_time"}
    )
    korean = desk["me"].get(f"/ko{mine('application', desk['application'])[3:]}")
    assert "비자 절차를 마칠 시간이 부족하다고" in korean.content.decode()
    assert "too short for the visa steps" in desk["me"].get(
        mine("application", desk["application"])
    ).content.decode()


def test_team_notes_never_reach_the_candidate_and_messages_do(desk):
    desk["reviewer"].post(at(desk, "note", desk["application"].pk), {"text": "secret words"})
    desk["owner"].post(at(desk, "message", desk["application"].pk), {"text": "open words"})
    assert "secret words" in desk["owner"].get(
        at(desk, "application", desk["application"].pk)
    ).content.decode()
    page = desk["me"].get(mine("application", desk["application"])).content.decode()
    assert "open words" in page and "secret words" not in page
    desk["me"].post(mine("message", desk["application"]), {"text": "my answer"})
    assert "my answer" in desk["owner"].get(
        at(desk, "application", desk["application"].pk)
    ).content.decode()


def test_a_reviewer_writes_no_message_to_the_candidate(desk):
    answer = desk["reviewer"].post(at(desk, "message", desk["application"].pk), {"text": "x"})
    assert answer.status_code == 403
    assert not ApplicationEvent.objects.filter(kind="message").exists()


# --- scores ---------------------------------------------------------------------------------------


def test_scores_keep_what_was_typed_and_stay_closed_to_the_other_until_handed_in(desk):
    desk["owner"].post(at(desk, "criteria", desk["program"].pk), {"criteria": "Welding\nSafety"})
    first, second = reviewing.criteria(desk["program"])
    page = at(desk, "scores", desk["application"].pk)
    half = {f"value_{first.pk}": 4, f"evidence_{first.pk}": "three years of it"}
    refused = desk["reviewer"].post(page, {**half, "hand_in": 1}).content.decode()
    assert "three years of it" in refused and "Please give a score from 1 to 4." in refused
    whole = {**half, f"value_{second.pk}": 2, f"evidence_{second.pk}": "not shown"}
    desk["reviewer"].post(page, {**whole, "hand_in": 1})
    closed = desk["owner"].get(page).content.decode()
    assert "three years of it" not in closed and "1 colleague has handed in" in closed
    desk["owner"].post(page, {"only_read": 1})
    assert "three years of it" in desk["owner"].get(page).content.decode()


# --- interviews -----------------------------------------------------------------------------------


def test_an_interview_is_proposed_in_the_hubs_clock_and_chosen_in_both(desk):
    page = at(desk, "interview", desk["application"].pk)
    day = (timezone.now() + timedelta(days=5)).date()
    answer = desk["owner"].post(
        page,
        {"zone": "hub", "form": "video", "minutes": 45, "where": "https://meet.example/x",
         "time_1": f"{day}T09:00", "time_2": "", "note": "See you"},
    )  # fmt: skip
    assert answer.status_code == 302, answer.content.decode()[:3000]
    slot = Interview.objects.get().slots.get()
    assert slot.starts_at.hour in (13, 14), "nine in the morning in the East, summer or winter"
    seen = desk["me"].get(mine("application", desk["application"])).content.decode()
    assert "Seoul ·" in seen and "Choose this time" in seen
    desk["me"].post(mine("interview", desk["application"]), {"slot": slot.pk})
    assert Interview.objects.get().state == "set"
    files = {
        "me": mine("interview_ics", desk["application"]),
        "owner": at(desk, "interview_ics", desk["application"].pk),
    }
    for client, address in ((desk[who], address) for who, address in files.items()):
        file = client.get(address)
        assert file.headers["Content-Type"].startswith("text/calendar")
        assert "BEGIN:VEVENT" in file.content.decode()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"time_1": ""}, "This field is required"),
        ({"time_1": "2027-03-14T02:30"}, "does not exist"),
        ({"time_1": "2020-01-01T10:00"}, "must be in the future"),
        ({"time_1": "tomorrow"}, "valid date"),
    ],
)
def test_times_that_cannot_be_are_sent_back_with_what_was_typed(desk, changes, told):
    typed = {"zone": "hub", "form": "video", "minutes": 30, "time_1": in_days(3),
             "note": "kept words", **changes}  # fmt: skip
    page = desk["owner"].post(at(desk, "interview", desk["application"].pk), typed)
    assert told in page.content.decode() and "kept words" in page.content.decode()
    assert not Interview.objects.exists()


def test_a_candidate_asks_for_other_times_or_calls_it_off(desk):
    interview = interviews.propose(
        desk["application"], by=desk["owner_user"], times=[timezone.now() + timedelta(days=3)],
        minutes=30, form="phone",
    )  # fmt: skip
    desk["me"].post(mine("interview", desk["application"]), {"note": "mornings", "others": 1})
    interview.refresh_from_db()
    assert interview.state == "asked"
    desk["me"].post(mine("interview", desk["application"]), {"note": "ill", "cancel": 1})
    interview.refresh_from_db()
    assert interview.state == "cancelled" and state(desk) == State.INTERVIEW


# --- offers ---------------------------------------------------------------------------------------


def offered(desk: dict, **changes):
    services.move(desk["application"], by=desk["owner_user"], to=State.UNDER_REVIEW)
    terms = {
        "starts_on": START, "ends_on": START + timedelta(days=200), "pay_period": "month",
        "pay_amount": 2500, "pay_currency": "USD", "place": "Savannah", "pathway": "j1_intern",
        "conditions": "Safety training", "answer_by": timezone.localdate() + timedelta(days=10),
        **{f"pays_{item}": "host" for item in Offer.Item.values}, **changes,
    }  # fmt: skip
    return desk["owner"].post(at(desk, "offer", desk["application"].pk), terms)


def test_an_offer_says_who_pays_what_and_is_accepted_as_it_was_read(desk):
    assert offered(desk, pays_flight="candidate").status_code == 302
    page = desk["me"].get(mine("application", desk["application"])).content.decode()
    assert "You pay" in page and "$2,500 a month" in page and "Safety training" in page
    korean = desk["me"].get(mine("application", desk["application"]).replace("/en/", "/ko/", 1))
    assert "월 2,500달러" in korean.content.decode() and "$" not in korean.content.decode()
    text = desk["me"].get(mine("offer_text", desk["application"])).content.decode()
    assert "Flight: You pay" in text and "not a contract" in text
    version = Application.objects.get().version
    desk["me"].post(mine("application", desk["application"]),
                    {"to": "accepted", "version": version})  # fmt: skip
    assert state(desk) == State.ACCEPTED and Offer.objects.get().state == "accepted"


def test_an_offer_that_says_nothing_of_a_cost_is_sent_back(desk):
    page = offered(desk, pays_housing="").content.decode()
    assert "Safety training" in page and not Offer.objects.exists()


def test_after_its_day_the_page_offers_to_write_and_not_to_accept(desk):
    offered(desk)
    Application.objects.update(answer_by=timezone.localdate() - timedelta(days=1))
    page = desk["me"].get(mine("application", desk["application"])).content.decode()
    assert "Nothing is closed yet" in page and "Accept the offer" not in page
    offers.watch()
    page = desk["me"].get(mine("application", desk["application"])).content.decode()
    assert "The time to answer ended on" in page and "The host answers by" in page
    assert "Answer by" not in desk["me"].get("/en/me/applications/").content.decode()
    assert "Answer the offer" not in desk["me"].get("/en/me/journey/").content.decode()
    later = timezone.localdate() + timedelta(days=9)
    desk["owner"].post(at(desk, "offer_prolong", desk["application"].pk), {"answer_by": later})
    assert "Accept the offer" in desk["me"].get(
        mine("application", desk["application"])
    ).content.decode()


# --- export, activity, team -----------------------------------------------------------------------


def test_the_export_has_no_protected_fact_and_no_formula(desk):
    user = desk["application"].candidate.user
    user.name = "=HYPERLINK(1)"
    user.save()
    file = desk["owner"].get(at(desk, "applicants_csv", desk["program"].pk)).content.decode()
    rows = list(csv.reader(StringIO(file.removeprefix("\ufeff"))))
    assert len(rows) == 2 and rows[1][1] == "'=HYPERLINK(1)"
    headings = " ".join(rows[0]).lower()
    for protected in ("birth", "sex", "nationality", "military", "age", "photo", "verdict"):
        assert protected not in headings
    assert desk["reviewer"].get(at(desk, "applicants_csv", desk["program"].pk)).status_code == 403


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "  =1", "\n@x"])
def test_a_cell_is_never_a_formula(cell):
    assert plain(cell).startswith("'")


def test_what_was_done_stands_in_the_activity_without_what_was_written(desk):
    desk["owner"].post(at(desk, "note", desk["application"].pk), {"text": "secret words"})
    desk["owner"].post(at(desk, "application", desk["application"].pk), {"to": "under_review"})
    page = desk["owner"].get(at(desk, "activity")).content.decode()
    assert "Wrote a team note" in page and "Moved to “Under review”" in page
    assert "secret words" not in page
    stranger = client_of(member(people.host("another-firm")))
    assert stranger.get(at(desk, "activity")).status_code == 404


def test_the_team_page_is_read_by_all_and_changed_by_owners(desk):
    page = at(desk, "team")
    assert desk["reviewer"].get(page).status_code == 200
    asked = {"email": "x@example.org", "role": "editor"}
    assert desk["reviewer"].post(page, asked).status_code == 403
    assert desk["owner"].post(page, asked).status_code == 302
    wrong = desk["owner"].post(page, {"email": "kept@", "role": "editor"}).content.decode()
    assert "kept@" in wrong
