"""What a new host posts is looked at by staff before the public sees it; anybody can report."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from corridor.accounts.models import Organization, User
from corridor.applications import queries as applications
from corridor.applications import warning
from corridor.common.models import AuditEntry
from corridor.programs import (
    checking,
    moderation,
    notices,
    queries,
    reporting,
    services,
    waiting,
)  # fmt: skip
from corridor.programs.models import Program, Report, Review
from tests.matching import people
from tests.programs.test_posting import draft
from tests.web.desks import applicant, client_of, member, open_program

pytestmark = pytest.mark.django_db
ALL = [key for key, _label in checking.choices("checklist")]


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def staff() -> User:
    return User.objects.create_user("staff@example.org", "a long password 1", is_staff=True)


@pytest.fixture
def owner() -> User:
    return member(people.host("new-firm"))


@pytest.fixture
def firm(owner) -> Organization:
    return owner.memberships.get().organization


def at(name: str, *args: Any) -> str:
    return f"/en{reverse(name, args=args)[3:]}"


def public() -> Any:
    return queries.visible_to(AnonymousUser())


def approved(firm: Organization, owner: User, staff: User, **fields: Any) -> Program:
    made = services.publish(draft(firm, owner, **fields), by=owner)
    moderation.approve(made, by=staff, checked=ALL)
    made.refresh_from_db()
    return made


# --- the queue ------------------------------------------------------------------------------------


def test_a_new_hosts_program_waits_and_nobody_outside_sees_it(firm, owner):
    made = services.publish(draft(firm, owner), by=owner)
    services.publish(made, by=owner)  # pressed twice
    assert made.status == "draft"
    assert waiting.of(made) is not None
    assert Review.objects.count() == 1
    assert not public().exists()
    assert [each.pk for each in reporting.queue()] == [made.pk]


def test_what_is_not_complete_takes_no_place_in_the_queue(firm, owner):
    made = draft(firm, owner, summary_en="")
    with pytest.raises(ValidationError):
        services.publish(made, by=owner)
    assert not Review.objects.exists()


def test_after_two_approved_programs_a_verified_host_opens_its_own(firm, owner, staff):
    for _number in range(2):
        assert approved(firm, owner, staff).status == "published"
    third = services.publish(draft(firm, owner), by=owner)
    assert third.status == "published"
    Organization.objects.filter(pk=firm.pk).update(status="unverified")
    fourth = draft(firm, owner)
    fourth.refresh_from_db()
    assert services.publish(fourth, by=owner).status == "draft", "not verified any more"


def test_staff_approve_only_with_every_point_ticked_and_a_verified_host(firm, owner, staff):
    made = services.publish(draft(firm, owner), by=owner)
    with pytest.raises(ValidationError, match="Still to be checked"):
        moderation.approve(made, by=staff, checked=ALL[1:])
    Organization.objects.filter(pk=firm.pk).update(status="unverified")
    with pytest.raises(ValidationError, match="Verify the organization"):
        moderation.approve(made, by=staff, checked=ALL)
    Organization.objects.filter(pk=firm.pk).update(status="verified")
    moderation.approve(made, by=staff, checked=ALL)
    assert public().filter(pk=made.pk, status="published").exists()
    assert AuditEntry.objects.filter(action="program.approved", actor=staff).exists()
    with pytest.raises(ValidationError, match="meanwhile"):
        moderation.approve(made, by=staff, checked=ALL)


def test_only_staff_decide(firm, owner):
    made = services.publish(draft(firm, owner), by=owner)
    for decide in (
        lambda: moderation.approve(made, by=owner, checked=ALL),
        lambda: moderation.send_back(made, by=owner, reasons=["pay"], note=""),
        lambda: moderation.take_down(made, by=owner, reasons=["pay"], note=""),
        lambda: moderation.settle_reports(made, by=owner),
    ):
        with pytest.raises(PermissionDenied), transaction.atomic():
            decide()


def test_a_program_sent_back_says_why_in_the_readers_language(firm, owner, staff):
    made = services.publish(draft(firm, owner), by=owner)
    with pytest.raises(ValidationError):
        moderation.send_back(made, by=staff, reasons=[], note="no reason chosen")
    with pytest.raises(ValidationError):
        moderation.send_back(made, by=staff, reasons=["other"], note=" ")
    review = moderation.send_back(made, by=staff, reasons=["cost", "other"], note="항공권은요?")
    assert notices.tell(review.pk) == 1
    assert notices.tell(review.pk) == 0, "told once"
    letter = mail.outbox[0]
    assert "총액으로" in letter.body and "항공권은요?" in letter.body
    assert "총액으로" in letter.alternatives[0].content
    page = client_of(owner).get(at("firm:program_edit", firm.slug, made.pk)).content.decode()
    assert "Please give all that a candidate pays" in page and "항공권은요?" in page
    home = client_of(owner).get(at("firm:home", firm.slug)).content.decode()
    assert "look at “A sample” once more" in home and "Sent back" in home
    services.publish(made, by=owner)
    assert waiting.of(made) is not None


def test_a_host_takes_its_program_out_of_the_queue(firm, owner):
    made = services.publish(draft(firm, owner), by=owner)
    client_of(owner).post(at("firm:program_take_back", firm.slug, made.pk))
    assert waiting.of(made) is None
    assert not reporting.queue().exists()


def test_a_new_hosts_change_after_approval_is_looked_at_again_with_what_changed(
    firm, owner, staff
):
    made = approved(firm, owner, staff)
    services.save_program(made, by=owner, min_toeic=500)
    assert waiting.of(made) is None, "nothing that was approved has changed"
    services.save_program(made, by=owner, candidate_cost_note="A deposit of 900 USD")
    review = waiting.of(made)
    assert review is not None
    made.refresh_from_db()
    assert made.status == "published", "it stays public"
    assert checking.changes(waiting.last_snapshot(made), made) == [
        ("candidate_cost_note", "", "A deposit of 900 USD")
    ]
    page = client_of(staff).get(at("staff:program", made.pk)).content.decode()
    assert "A deposit of 900 USD" in page and "What changed since the last approval" in page


# --- marked phrases -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "phrase"),
    [
        ("합격하시면 보 증금 200만 원을 내시면 됩니다", "보 증금"),
        ("You wire a Refundable  Deposit first", "Refundable  Deposit"),
        ("관광 비자로 먼저 들어오세요", "관광 비자로"),
        ("We keep your passport in the office", "keep your passport"),
    ],
)
def test_a_suspicious_phrase_is_found_in_either_language_whatever_its_spaces(
    firm, owner, words, phrase
):
    made = draft(firm, owner, description_ko=words)
    assert [each.phrase for each in checking.marked(made)] == [phrase]


def test_plain_words_are_not_marked(firm, owner):
    made = draft(firm, owner, description_ko="설비를 점검합니다. 급여는 매월 지급합니다.",
                 description_en="You maintain coating lines. Insurance is paid by the host.")
    assert checking.marked(made) == []


def test_the_data_file_has_both_languages_everywhere():
    data = checking.data()
    for part in ("checklist", "reasons", "report"):
        for row in data[part]:
            assert row["label"]["ko"] and row["label"]["en"], row
    for row in data["reasons"]:
        assert row["id"] == checking.OWN_WORDS or (row["sentence"]["ko"] and row["sentence"]["en"])
    assert all(row["why"]["ko"] and row["why"]["en"] for row in data["phrases"])
    assert all(row["law"]["ko"] and row["law"]["en"] for row in data["checklist"] if "law" in row)
    assert {row["point"] for row in data["phrases"] if "point" in row} <= set(ALL)


def test_a_phrase_about_money_stands_beside_the_point_on_money(firm, owner, staff):
    made = draft(firm, owner, description_ko="합격하시면 보증금 200만 원을 먼저 내야 합니다")
    page = client_of(staff).get(at("staff:program", made.pk))
    points = {point["id"]: point for point in page.context["points"]}
    assert "보증금" in points["fees"]["said"] and points["fees"]["alarming"]
    assert not points["cost"]["alarming"]


# --- reports and taking down ----------------------------------------------------------------------


def test_a_stranger_reports_a_program_and_its_host_never_reads_it(firm, owner, staff):
    made = open_program(firm)
    page = Client().get(at("public:program", made.pk)).content.decode()
    assert at("public:report", made.pk) in page
    answer = Client().post(at("public:report", made.pk), {
        "reason": "fee", "text": "They asked for 300 USD.", "contact": "me@example.org",
    })  # fmt: skip
    assert answer.status_code == 302
    assert Report.objects.get().program == made
    assert "Thank you" in Client().get(answer.url).content.decode()
    seen = client_of(staff).get(at("staff:program", made.pk)).content.decode()
    assert "They asked for 300 USD." in seen and "me@example.org" in seen
    client = client_of(owner)
    for address in (at("firm:home", firm.slug), at("firm:program_edit", firm.slug, made.pk),
                    at("public:program", made.pk), at("firm:activity", firm.slug)):  # fmt: skip
        assert "300 USD" not in client.get(address).content.decode()


def test_what_was_typed_stays_when_a_report_is_refused():
    made = open_program(people.host())
    page = Client().post(at("public:report", made.pk), {"reason": "", "text": "It smells."})
    assert "It smells." in page.content.decode()
    assert not Report.objects.exists()


def test_one_sender_reports_only_so_often_and_a_second_report_replaces_the_first():
    hosts = [open_program(people.host(), f"Program {n}") for n in range(6)]
    for made in hosts[:5]:
        for text in ("first", "second"):
            reporting.report(made, reason="fake", text=text, contact="", address="192.0.2.1")
    assert set(Report.objects.values_list("text", flat=True)) == {"second"}
    with pytest.raises(ValidationError, match="last hour"):
        reporting.report(hosts[5], reason="fake", text="", contact="", address="192.0.2.1")
    reporting.report(hosts[5], reason="fake", text="", contact="", address="192.0.2.2")
    assert Report.objects.count() == 6
    assert not Report.objects.filter(sender__contains="192.0").exists()


def test_a_draft_cannot_be_reported(firm, owner):
    assert Client().get(at("public:report", draft(firm, owner).pk)).status_code == 404


def test_a_program_taken_down_is_gone_from_the_public_and_its_applicants_are_warned(
    firm, owner, staff
):
    made = open_program(firm)
    application = applicant(made)
    reporting.report(made, reason="fee", text="", contact="", address="192.0.2.1")
    page = client_of(staff).post(at("staff:program", made.pk), {
        "act": "down", "reasons": ["reported"], "note": "",
    })  # fmt: skip
    assert page.status_code == 302
    assert not public().filter(pk=made.pk).exists()
    assert not reporting.queue().exists(), "its reports are settled"
    review = Review.objects.get()
    assert warning.tell(review.pk) == 1
    assert warning.tell(review.pk) == 0, "told once"
    assert mail.outbox[-1].to == [application.candidate.user.email]
    made.refresh_from_db()
    assert services.publish(made, by=owner).status == "draft", "staff approve it first"
    assert applications.of_candidate(application.candidate).exists()


def test_reports_are_settled_without_a_change(firm, staff):
    made = open_program(firm)
    reporting.report(made, reason="fee", text="", contact="", address="192.0.2.1")
    client_of(staff).post(at("staff:program", made.pk), {"act": "settle"})
    assert not reporting.queue().exists()
    assert public().filter(pk=made.pk).exists()


def test_the_queue_costs_the_same_for_one_and_three(firm, owner, staff):
    client = client_of(staff)

    def count() -> int:
        client.get(at("staff:programs"))
        with CaptureQueriesContext(connection) as counted:
            client.get(at("staff:programs"))
        return len(counted)

    services.publish(draft(firm, owner), by=owner)
    one = count()
    for _number in range(2):
        services.publish(draft(firm, owner), by=owner)
    assert count() == one


def test_typed_reasons_stay_when_something_is_missing(firm, owner, staff):
    made = services.publish(draft(firm, owner), by=owner)
    page = client_of(staff).post(at("staff:program", made.pk), {
        "act": "back", "reasons": [], "note": "Please add the hours.",
    }).content.decode()  # fmt: skip
    assert "Please add the hours." in page and "Choose at least one reason" in page
    assert waiting.of(made) is not None
