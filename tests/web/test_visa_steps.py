"""Visa steps are recorded as they are taken: the days follow, and others read what they may."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from corridor.applications import activity, known, notices, planning, visa_reminding, visa_steps
from corridor.applications.models import HOST, StepRecord
from corridor.candidates import feeds
from corridor.common.models import AuditEntry
from corridor.common.versions import Outdated
from corridor.partnerships import services as partnerships
from corridor.web import present
from corridor.web.candidate import feed, journeys
from corridor.web.templatetags import corridor_cards
from corridor.web.university import journeys as university_journeys
from tests.applications.after_start import TODAY, accepted, begun
from tests.matching import people
from tests.web.desks import applicant, at, client_of, member, open_program

pytestmark = pytest.mark.django_db
ROUTE = "j1_intern"
BEFORE = TODAY - timedelta(days=5)


@pytest.fixture
def sides() -> dict:
    made, owner = accepted()
    made.offers.update(
        starts_on=TODAY + timedelta(days=120), ends_on=TODAY + timedelta(days=300), pathway=ROUTE
    )
    return {"sent": made, "owner": owner, "me": made.candidate.user}


def record(sides, step="ds2019", mark="received", day=BEFORE, by=None, **more) -> StepRecord:
    return visa_steps.record(
        sides["sent"], by=by or sides["me"], pathway=ROUTE, step=step, mark=mark, day=day, **more
    )


def read(user, name, *args) -> str:
    return client_of(user).get(at(name, *args)).content.decode()


def mine(sides) -> str:
    return read(sides["me"], "candidate:application", sides["sent"].pk)


def theirs(sides) -> str:
    slug = sides["sent"].program.organization.slug
    return read(sides["owner"], "firm:application", slug, sides["sent"].pk)


def test_a_recorded_step_stands_with_its_day_and_the_rest_is_counted_anew(sides):
    (before,) = journeys.of(sides["sent"].candidate, day=TODAY)
    record(sides)
    (after,) = journeys.of(sides["sent"].candidate, day=TODAY)
    told = {each["id"]: each for each in after.route["timeline"]["stations"]}
    assert told["ds2019"]["state"] == "done"
    assert journeys.present.day(BEFORE) in told["ds2019"]["when"]
    assert told["ds7002"]["state"] == "done", "no DS-2019 is issued before all have signed"
    assert after.route["timeline"]["earliest"] != before.route["timeline"]["earliest"]
    due = {each.key for each in after.deadlines}
    assert "step-ds2019" not in due and "step-sevis_and_ds160" in due
    assert "DS-2019 received" in mine(sides)


def test_the_form_on_the_page_records_and_the_same_form_sent_twice_does_no_harm(sides):
    typed = {"pathway": ROUTE, "what": "ds2019/received", "day": BEFORE.isoformat(),
             "version": "1"}  # fmt: skip
    address = at("candidate:step", sides["sent"].pk)
    for _again in range(2):
        assert client_of(sides["me"]).post(address, typed).status_code == 302
    assert StepRecord.objects.count() == 1
    sides["sent"].refresh_from_db()
    assert (sides["sent"].route, sides["sent"].steps_version) == (ROUTE, 2)


# --- a record that is refused -----------------------------------------------------------------


def sent(
    sides, *, what="insurance/done", day=TODAY + timedelta(days=3), by="me", follow=False, **more
):
    """What the form sends, as the side that `by` names."""
    typed = {"pathway": ROUTE, "what": what, "day": str(day), "version": "1", **more}
    slug, pk = sides["sent"].program.organization.slug, sides["sent"].pk
    address = at("candidate:step", pk) if by == "me" else at("firm:step", slug, pk)
    return client_of(sides[by]).post(address, typed, follow=follow)


@pytest.mark.parametrize(("by", "what"), [("me", "insurance/done"), ("owner", "host_check/done")])
def test_a_refused_record_comes_back_with_what_was_typed_and_why(sides, by, what):
    answer = sent(sides, by=by, what=what)
    page = answer.content.decode()
    assert answer.status_code == 422 and StepRecord.objects.count() == 0
    assert f'<option value="{what}" selected>' in page
    assert f'value="{TODAY + timedelta(days=3)}"' in page
    summary = page.index('id="step-refused"')
    assert summary < page.index('href="#step-day"') < page.index('id="step-day_error"')
    assert page.count("This day is in the future") == 2, "in the summary, and beside the field"
    assert 'aria-describedby="step-day_error"' in page


def test_a_record_without_a_choice_or_a_day_says_so_beside_the_field(sides):
    page = sent(sides, what="", day="").content.decode()
    assert 'id="step-what_error"' in page and "Choose what you want to record." in page
    assert 'id="step-day_error"' in page


def test_who_was_overtaken_keeps_what_was_typed_and_can_send_it_again(sides):
    record(sides)
    page = sent(sides, day=TODAY).content.decode()
    assert "were changed in the meantime" in page
    assert '<option value="insurance/done" selected>' in page
    assert 'name="version" value="2"' in page, "read anew, so sending it again is a choice"
    assert sent(sides, day=TODAY, version="2").status_code == 302
    assert StepRecord.objects.filter(step="insurance").count() == 1


def test_a_record_that_was_sent_too_late_for_any_form_is_told_on_the_page(sides):
    begun(sides["sent"], sides["owner"])
    for by in ("me", "owner"):
        answer = sent(sides, by=by, what="ds2019/received", day=TODAY, follow=True)
        assert answer.status_code == 200 and answer.redirect_chain
        assert "its visa steps are past" in answer.content.decode()


def test_the_address_of_the_form_alone_leads_to_the_page(sides):
    """Who reads the page that came back in the other language asks for it so."""
    slug, pk = sides["sent"].program.organization.slug, sides["sent"].pk
    own = client_of(sides["me"]).get(at("candidate:step", pk))
    assert own.url == f"{at('candidate:application', pk)}#steps"
    host = client_of(sides["owner"]).get(at("firm:step", slug, pk))
    assert host.url == f"{at('firm:application', slug, pk)}#steps"


def test_the_one_form_offers_what_can_still_be_recorded_by_this_side(sides):
    record(sides)
    page = mine(sides)
    assert page.count(f'action="{at("candidate:step", sides["sent"].pk)}#step-refused"') == 1
    assert 'value="visa_interview/issued"' in page and 'value="ds2019/received"' not in page
    record(sides, step="sevis_and_ds160", mark="interview_booked", day=TODAY + timedelta(days=9))
    assert 'value="sevis_and_ds160/interview_booked"' in mine(sides), "another day may be agreed"
    page = theirs(sides)
    assert 'value="host_check/done"' in page and "visa_interview/" not in page


def test_a_second_tab_that_was_opened_before_a_change_is_told(sides):
    record(sides, version=1)
    with pytest.raises(Outdated):
        record(sides, step="insurance", mark="done", version=1)
    record(sides, step="insurance", mark="done", version=2)


def test_a_slip_is_undone_by_the_side_that_made_it_and_once(sides):
    held = record(sides)
    with pytest.raises(PermissionDenied):
        visa_steps.undo(held, by=sides["owner"])
    for _again in range(2):
        visa_steps.undo(held, by=sides["me"])
    assert visa_steps.standing(sides["sent"]) == []
    actions = AuditEntry.objects.filter(action__startswith="step.")
    assert sorted(each.action for each in actions) == ["step.recorded", "step.undone"]
    record(sides), record(sides, day=TODAY)
    assert [each.day for each in visa_steps.standing(sides["sent"])] == [TODAY], "corrected"


def test_an_interview_that_is_booked_lies_ahead_and_stands_in_the_calendar(sides):
    on = TODAY + timedelta(days=21)
    record(sides, step="sevis_and_ds160", mark="interview_booked", day=on)
    (now,) = journeys.of(sides["sent"].candidate, day=TODAY)
    due = next(each for each in now.deadlines if each.key == "step-visa_interview")
    assert due.day == on and due.yours
    token = feeds.renew(sides["sent"].candidate, by=sides["me"])
    text = client_of(sides["me"]).get(f"/en/me/journey/feed/{token}.ics").content.decode()
    assert f"DTSTART;VALUE=DATE:{on:%Y%m%d}" in text
    with pytest.raises(ValidationError):
        record(sides, day=on)  # a paper that came cannot come in the future
    assert feed.text([now])


def test_whose_turn_it_is_follows_what_was_recorded(sides):
    record(sides)
    record(sides, step="visa_interview", mark="processing", day=TODAY)
    (now,) = journeys.of(sides["sent"].candidate, day=TODAY)
    turns = {each["who"]: each["steps"] for each in now.route["timeline"]["turn"]}
    waits = {each["id"]: each for each in now.route["timeline"]["stations"]}["visa_interview"]
    assert waits["state"] == "under_way" and not waits["yours"], "it rests with the embassy"
    assert any(waits["text"] in steps for who, steps in turns.items() if who == waits["who"])


def test_a_refusal_says_what_can_be_done(sides):
    record(sides, step="visa_interview", mark="refused", day=TODAY)
    assert "This step was refused" in mine(sides)


def test_after_a_refusal_nothing_says_that_the_start_can_be_met(sides):
    record(sides)
    record(sides, step="visa_interview", mark="processing", day=BEFORE)
    assert "nobody can promise" in mine(sides)
    record(sides, step="visa_interview", mark="refused", day=TODAY)
    (now,) = journeys.of(sides["sent"].candidate, day=TODAY)
    line = now.route["timeline"]
    assert (line["word"], line["turn"], line["earliest"]) == ("stopped", [], "")
    assert not any(each.key.startswith("step-") for each in now.deadlines)
    told = {each["id"]: each for each in line["stations"]}
    assert told["ds2019"]["when"] and not told["travel"]["when"]
    record(sides, step="visa_interview", mark="issued", day=TODAY)
    (now,) = journeys.of(sides["sent"].candidate, day=TODAY)
    assert now.route["timeline"]["word"] != "stopped"


def test_a_host_records_its_own_steps_and_the_sponsors_and_the_candidate_is_told(sides):
    record(sides, by=sides["owner"])
    notices.tell(sides["sent"].pk)
    (letter,) = [each for each in outbox.outbox if each.to == [sides["me"].email]]
    assert "DS-2019" in letter.body
    assert "recorded by the host" in mine(sides)
    with pytest.raises(PermissionDenied):
        record(sides, step="visa_interview", mark="issued", by=sides["owner"])
    with pytest.raises(ValidationError):
        record(sides, day=TODAY)  # what the host said is not overwritten, but written about


def test_the_host_reads_the_candidates_steps_only_when_the_candidate_says_so(sides):
    record(sides, step="visa_interview", mark="refused", day=TODAY)
    assert "Visa refused" not in theirs(sides)
    assert not activity.of(sides["owner"], sides["sent"].program.organization).filter(
        action__startswith="step."
    )  # fmt: skip
    address = at("candidate:step_readers", sides["sent"].pk)
    client_of(sides["me"]).post(address, {"host": "1"})
    assert "Visa refused" in theirs(sides)
    client_of(sides["me"]).post(address, {})
    assert "Visa refused" not in theirs(sides)


def test_a_permit_to_leave_is_read_by_nobody_else_whatever_is_shown(sides):
    record(sides, step="travel_permit", mark="applied", day=TODAY)
    visa_steps.show(sides["sent"], by=sides["me"], host=True, university=True)
    sides["sent"].refresh_from_db()
    for side in ("host", "university"):
        assert visa_steps.seen_by(sides["sent"], side) == []
    assert not AuditEntry.objects.filter(values__step="travel_permit").exists()
    with pytest.raises(PermissionDenied):
        record(sides, step="travel_permit", mark="granted", by=sides["owner"])


def test_steps_are_recorded_from_the_acceptance_to_the_first_day_alone(sides):
    made, owner = sides["sent"], sides["owner"]
    early = applicant(open_program(made.program.organization, "Other"), "other@example.org")
    with pytest.raises(ValidationError):
        visa_steps.record(early, by=early.candidate.user, pathway=ROUTE, step="ds2019",
                          mark="received", day=TODAY)  # fmt: skip
    begun(made, owner)
    with pytest.raises(ValidationError):
        record(sides)


@pytest.mark.parametrize(
    "wrong", [{"step": "no_such"}, {"mark": "lost"}, {"day": TODAY - timedelta(days=900)}]
)
def test_what_the_rule_data_does_not_know_is_refused(sides, wrong):
    with pytest.raises(ValidationError):
        record(sides, **wrong)


def test_nobody_else_records_or_undoes(sides):
    held = record(sides)
    other = people.candidate("stranger@example.org").user
    reviewer = member(sides["sent"].program.organization, "reviewer")
    for user in (other, reviewer):
        with pytest.raises(PermissionDenied):
            record(sides, step="ds7002", mark="signed", by=user)
        with pytest.raises(PermissionDenied):
            visa_steps.undo(held, by=user)
    address = at("candidate:step_undo", sides["sent"].pk, held.pk)
    assert client_of(other).post(address).status_code == 404


def test_any_number_of_records_costs_the_journey_the_same_queries(sides):
    def count() -> int:
        with CaptureQueriesContext(connection) as seen:
            journeys.of(sides["sent"].candidate, day=TODAY)
        return len(seen)

    record(sides)
    few = count()
    for step in ("insurance", "student_papers", "english_proof", "choose_sponsor"):
        record(sides, step=step, mark="done")
    assert count() == few


# --- reminders, and what a university sees ----------------------------------------------------


def test_an_interview_recorded_ahead_is_reminded_of_once_and_the_candidate_alone(sides):
    record(sides, step="sevis_and_ds160", mark="interview_booked", day=TODAY + timedelta(days=9))
    assert visa_reminding.watch(today=TODAY) == 0, "not yet near"
    record(sides, step="sevis_and_ds160", mark="interview_booked", day=TODAY + timedelta(days=2))
    record(sides)  # what is past is nothing to remind of
    (held,) = [each for each in visa_steps.standing(sides["sent"]) if each.day > TODAY]
    assert visa_reminding.watch(today=TODAY) == 1
    outbox.outbox.clear()
    assert [visa_reminding.tell(held.pk) for _again in range(2)] == [1, 0]
    (letter,) = outbox.outbox
    assert letter.to == [sides["me"].email]
    assert visa_reminding.watch(today=TODAY) == 0
    visa_steps.undo(held, by=sides["me"])
    assert visa_reminding.tell(held.pk) == 0


def test_a_university_sees_visa_steps_and_who_is_stuck_only_where_the_student_shows_them(sides):
    here = people.host("sample-univ", kind="university", country="KR")
    office = member(here)
    joined = partnerships.affiliate(by=sides["me"], university=here, department="기계공학과")
    joined = partnerships.answer_affiliation(joined, by=office, confirmed=True)
    record(sides)
    record(sides, step="visa_interview", mark="refused", day=TODAY)
    record(sides, step="travel_permit", mark="applied", day=TODAY)

    def row() -> dict:
        with override("en"):
            (found,) = university_journeys.of([joined], TODAY)
        return found

    assert row()["visa"] == "" and not row()["stuck"]
    visa_steps.show(sides["sent"], by=sides["me"], host=False, university=True)
    assert "Visa refused" in row()["visa"] and row()["stuck"]
    assert "ermit" not in row()["visa"]
    assert "Visa refused" in read(office, "university:students", "sample-univ")


# --- stuck, and a route that does not work ----------------------------------------------------


def applicants_of(sides) -> str:
    program = sides["sent"].program
    return read(sides["owner"], "firm:applicants", program.organization.slug, program.pk)


def test_the_table_of_applicants_says_who_is_stuck_as_far_as_the_host_may_know(sides):
    record(sides, step="sevis_and_ds160", mark="interview_booked", day=TODAY + timedelta(days=9))
    record(sides, step="visa_interview", mark="refused", day=TODAY)
    assert "Visa refused" not in applicants_of(sides)
    visa_steps.show(sides["sent"], by=sides["me"], host=True, university=False)
    table = applicants_of(sides)
    assert "Visa refused" in table and "Interview booked" not in table
    visa_steps.show(sides["sent"], by=sides["me"], host=False, university=False)
    record(sides, by=sides["owner"])
    shown = applicants_of(sides)
    assert "DS-2019 received" in shown and "Visa refused" not in shown


def board_of(sides) -> str:
    program = sides["sent"].program
    return read(sides["owner"], "firm:board", program.organization.slug, program.pk)


def test_a_card_of_the_board_says_who_is_stuck_as_the_table_does(sides):
    record(sides, step="visa_interview", mark="refused", day=TODAY)
    assert "Visa is stuck" not in board_of(sides), "the candidate has not shown it"
    visa_steps.show(sides["sent"], by=sides["me"], host=True, university=False)
    for page in (board_of(sides), applicants_of(sides)):
        assert "Visa is stuck: Visa refused" in page


def test_the_mark_on_a_card_costs_the_board_no_query(sides):
    def count() -> int:
        with CaptureQueriesContext(connection) as seen:
            board_of(sides)
        return len(seen)

    record(sides)
    visa_steps.show(sides["sent"], by=sides["me"], host=True, university=False)
    before = count()
    record(sides, step="visa_interview", mark="refused", day=TODAY)
    assert count() == before


def test_after_a_refusal_the_badge_of_the_application_never_reads_as_one_that_works(sides):
    record(sides, day=TODAY - timedelta(days=9))
    record(sides, step="visa_interview", mark="refused", day=BEFORE)
    with override("en"):
        (now,) = journeys.of(sides["sent"].candidate, day=TODAY)
        word = f"A refusal is recorded ({present.day(BEFORE)})"
    assert now.route["state"] == "not_eligible" and now.route["refused"]
    with override("en"):
        by_rules = corridor_cards.verdict_word(now.route["by_rules"])
    for page in (mine(sides), read(sides["me"], "candidate:journey")):
        assert word in page and f"this route reads “{by_rules}”" in page
    record(sides, step="visa_interview", mark="issued", day=TODAY)
    (now,) = journeys.of(sides["sent"].candidate, day=TODAY)
    assert not now.route["refused"] and "A refusal is recorded" not in mine(sides)


@pytest.mark.parametrize(("by_rules", "state"), [("eligible", "eligible"),
                                                 ("conditional", "conditional")])  # fmt: skip
def test_a_route_that_works_by_the_rules_says_so_beside_a_refusal_only(sides, by_rules, state):
    sent = sides["sent"]
    route = known.assessed(sent, day=TODAY).of(ROUTE)
    works = replace(route, verdict=by_rules, outcomes=["ok"] * len(route.outcomes))
    assert present.standing_badge(planning.followed(works, sent)) == {
        **present.badge(works), "refused": "", "by_rules": ""}  # fmt: skip
    record(sides, step="visa_interview", mark="refused", day=BEFORE)
    told = present.standing_badge(planning.followed(works, sent))
    assert (told["state"], told["by_rules"]) == ("not_eligible", state)
    assert present.day(BEFORE) in told["refused"]
    hosts = planning.followed(works, sent, HOST)
    assert present.standing_badge(hosts)["state"] == state, "it is not shown to the host"


def test_the_host_reads_a_refusal_in_the_badge_only_where_the_candidate_shows_it(sides):
    record(sides, step="visa_interview", mark="refused", day=BEFORE)
    for page in (theirs(sides), applicants_of(sides)):
        assert "refusal" not in page and "By the rules alone" not in page
    visa_steps.show(sides["sent"], by=sides["me"], host=True, university=False)
    for page in (theirs(sides), applicants_of(sides)):
        assert "A refusal is recorded" in page and "By the rules alone" in page
        assert "verdict-badge--not_eligible" in page


def test_the_host_is_written_to_once_a_day_and_only_where_the_steps_are_shown_to_it(sides):
    def letters() -> list:
        notices.tell(sides["sent"].pk)
        found = [each for each in outbox.outbox if each.to == [sides["owner"].email]]
        outbox.outbox.clear()
        return found

    letters()
    record(sides)
    assert letters() == []
    visa_steps.show(sides["sent"], by=sides["me"], host=True, university=False)
    (letter,) = letters()
    assert "DS-2019" not in letter.subject + letter.body, "it stays behind the sign-in"
    record(sides, step="insurance", mark="done")
    assert letters() == []
    record(sides, step="travel_permit", mark="applied", day=TODAY)
    assert letters() == []


def test_a_permit_to_leave_alone_is_no_news_for_the_host(sides):
    record(sides, step="travel_permit", mark="applied", day=TODAY)
    visa_steps.show(sides["sent"], by=sides["me"], host=True, university=False)
    record(sides, step="travel_permit", mark="granted", day=TODAY)
    assert not sides["sent"].events.filter(kind="step_recorded").exists()


def test_of_a_route_that_does_not_work_what_was_done_and_what_is_agreed_still_stands(sides):
    record(sides)
    on = TODAY + timedelta(days=21)
    record(sides, step="sevis_and_ds160", mark="interview_booked", day=on)
    sides["sent"].offers.update(ends_on=TODAY + timedelta(days=620))  # longer than it may last
    (now,) = journeys.of(sides["sent"].candidate, day=TODAY)
    assert now.route["state"] == "not_eligible"
    told = {each["id"]: each for each in now.route["timeline"]["stations"]}
    assert told["ds2019"]["state"] == "done" and "insurance" not in told
    assert "no days are counted" in mine(sides)
    (due,) = [each for each in now.deadlines if each.key.startswith("step-")]
    assert (due.key, due.day) == ("step-visa_interview", on)
