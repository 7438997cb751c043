"""A firm's workplace: who enters, what is shown, and that nothing typed is lost."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from corridor.accounts import services as accounts
from corridor.accounts.models import User
from corridor.applications import services as applications
from corridor.applications.models import State
from corridor.candidates.models import Document
from corridor.partnerships.models import Agreement
from corridor.programs import checking, moderation, services, waiting
from corridor.programs.models import Program
from tests.matching import people
from tests.web.desks import START, applicant, client_of, member, open_program

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm():
    return people.host("sample-firm")


@pytest.fixture
def owner(firm):
    return member(firm)


def at(name, firm, *args):
    return f"/en{reverse(f'firm:{name}', args=[firm.slug, *args])[3:]}"


def basics(**changes):
    return {"title_en": "Coater dispatch", "summary_en": "Install a coater.",
            "sector": people.sector().pk, "hub": people.hub().pk, **changes}  # fmt: skip


# --- who enters ---------------------------------------------------------------------------------


def test_a_stranger_learns_nothing_and_a_reviewer_is_told_that_they_may_not_write(firm, owner):
    program = open_program(firm)
    stranger = client_of(member(people.host("another-firm")))
    for address in (at("home", firm), at("applicants", firm, program.pk),
                    at("program_edit", firm, program.pk)):  # fmt: skip
        assert stranger.get(address).status_code == 404
    reviewer = client_of(member(firm, "reviewer"))
    assert reviewer.get(at("home", firm)).status_code == 200
    assert reviewer.get(at("program_new", firm)).status_code == 403
    assert reviewer.post(at("program_close", firm, program.pk)).status_code == 403
    program.refresh_from_db()
    assert program.status == Program.Status.PUBLISHED


def test_staff_may_look_at_programs_but_not_at_applicants(firm, owner):
    application = applicant(open_program(firm))
    staff = member(people.host("staff-home"))
    staff.is_staff = True
    staff.save()
    client = client_of(staff)
    assert client.get(at("home", firm)).status_code == 200
    assert client.get(at("applicants", firm, application.program_id)).status_code == 404
    assert client.get(at("application", firm, application.pk)).status_code == 404


# --- posting ------------------------------------------------------------------------------------


def test_a_program_is_written_part_by_part_and_then_published(firm, owner):
    client = client_of(owner)
    made = client.post(at("program_new", firm) + "?kind=dispatch", basics())
    program = Program.objects.get(organization=firm)
    assert made.url.endswith(f"/{program.pk}/edit/terms/")
    assert program.status == Program.Status.DRAFT

    def save(section, **values):
        answer = client.post(at("program_section", firm, program.pk, section), {**values})
        assert answer.status_code == 302, answer.content.decode()

    save("terms", starts_on=START, ends_on=START + timedelta(days=80), seats=2, language="en",
         pay_period="month", pay_amount="3200000", pay_currency="KRW")  # fmt: skip
    save("details", seller="Seller", seller_location="outside_us", equipment="Coater",
         contract="Sale of 2026-01-05", contract_requires_service="true")  # fmt: skip
    save("duties", **{
        "duty-TOTAL_FORMS": 2, "duty-INITIAL_FORMS": 0, "duty-0-text": "Install the coater",
        "duty-0-activity": "install", "duty-0-share_pct": 60, "duty-1-text": "Train operators",
        "duty-1-activity": "train", "duty-1-share_pct": 40,
    })  # fmt: skip
    save("asked", walks=["technician"], **{
        "need-TOTAL_FORMS": 1, "need-INITIAL_FORMS": 0, "need-0-kind": "credential",
        "need-0-text": "용접기능사", "need-0-is_required": "on",
    })  # fmt: skip
    save("answers", **{"program.us_investment_project": "true"})
    page = client.get(at("program_edit", firm, program.pk)).content.decode()
    assert "Everything that is needed is there." in page
    client.post(at("program_publish", firm, program.pk))
    program.refresh_from_db()
    assert waiting.of(program) is not None, "a new host's first program waits for staff"
    moderation.approve(
        program, by=User.objects.create_user("staff@example.org", is_staff=True),
        checked=[key for key, _label in checking.choices("checklist")],
    )  # fmt: skip
    program.refresh_from_db()
    assert program.status == Program.Status.PUBLISHED
    assert program.details["contract_requires_service"] is True
    assert program.rule_facts == {"program.us_investment_project": True}
    assert program.requirements.get().ref, "the certificate is joined to the rules"


def test_an_incomplete_draft_is_not_published_and_says_what_is_missing(firm, owner):
    client = client_of(owner)
    client.post(at("program_new", firm) + "?kind=internship", basics(hub=""))
    program = Program.objects.get(organization=firm)
    page = client.get(at("program_edit", firm, program.pk)).content.decode()
    assert "Choose the hub where the program takes place." in page
    answer = client.post(at("program_publish", firm, program.pk), follow=True)
    assert "Not published yet" in answer.content.decode()
    program.refresh_from_db()
    assert program.status == Program.Status.DRAFT


@pytest.mark.parametrize(
    ("section", "typed", "complaint"),
    [
        ("terms", {"starts_on": "2027-05-01", "ends_on": "2027-04-01", "seats": "2",
                   "language": "en", "pay_currency": "USD", "candidate_cost_note": "Kept words"},
         "The last day must not be before the first day."),
        ("details", {"supervisor_title": "Kept words", "training_plan": "x",
                     "field_of_study": "x", "clerical_share_pct": "a fifth"}, "Enter a number."),
        ("duties", {"duty-TOTAL_FORMS": "1", "duty-INITIAL_FORMS": "0",
                    "duty-0-text": "Kept words", "duty-0-share_pct": "20"},
         "This field is required."),
        ("basics", {"title_en": "", "summary_en": "Kept words"},
         "Give the program a title in Korean or English."),
    ],
)  # fmt: skip
def test_what_was_typed_stays_when_a_part_is_refused(firm, owner, section, typed, complaint):
    program = services.save_program(
        None, by=owner, organization=firm, kind="internship", title_en="As it was"
    )
    address = at("program_section", firm, program.pk, section)
    answer = client_of(owner).post(address, typed)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert complaint in page
    assert "Kept words" in page
    program.refresh_from_db()
    assert program.title_en == "As it was"


def test_a_published_program_cannot_be_made_incomplete(firm, owner):
    program = open_program(firm)
    answer = client_of(owner).post(
        at("program_section", firm, program.pk, "details"), {"supervisor_title": "Other"}
    )
    assert "this kind of program needs it" in answer.content.decode()
    program.refresh_from_db()
    assert program.details["supervisor_title"] == "Manager"


def test_rows_are_added_without_script_and_keep_what_stands_in_the_others(firm, owner):
    program = services.save_program(
        None, by=owner, organization=firm, kind="internship", title_en="Draft"
    )
    page = client_of(owner).post(
        at("program_section", firm, program.pk, "duties"),
        {"duty-TOTAL_FORMS": 1, "duty-INITIAL_FORMS": 0, "duty-0-text": "Read drawings",
         "duty-0-activity": "learn", "more": "1"},
    ).content.decode()  # fmt: skip
    assert 'value="Read drawings"' in page
    assert 'name="duty-2-text"' in page
    assert not program.duties.exists()


def test_a_row_marked_for_removal_is_gone_after_saving(firm, owner):
    program = open_program(firm)
    client_of(owner).post(
        at("program_section", firm, program.pk, "duties"),
        {"duty-TOTAL_FORMS": 2, "duty-INITIAL_FORMS": 1, "duty-0-text": "Watch the line",
         "duty-0-activity": "learn", "duty-0-DELETE": "on", "duty-1-text": "Measure",
         "duty-1-activity": "learn"},
    )  # fmt: skip
    assert [duty.text for duty in program.duties.all()] == ["Measure"]


def test_the_advice_names_a_route_that_the_program_itself_has_closed(firm, owner):
    program = services.save_program(
        None, by=owner, organization=firm, kind="dispatch", title_en="Production help",
        details={"paid_from_us_source": True},
        duties=[{"text": "Run the line", "activity": "production_work", "share_pct": 100}],
    )  # fmt: skip
    context = client_of(owner).get(at("program_edit", firm, program.pk)).context
    closed = {route["url"] for route in context["advice"]["closed"]}
    assert any("b1_installer" in url for url in closed)


def test_no_route_is_said_to_support_a_program_that_it_does_not_suit_as_written(firm, owner):
    soon = timezone.localdate() + timedelta(days=3)
    program = services.save_program(
        None, by=owner, organization=firm, kind="internship", title_en="Line intern",
        starts_on=soon, ends_on=soon + timedelta(days=180),
    )  # fmt: skip
    advice = client_of(owner).get(at("program_edit", firm, program.pk)).context["advice"]
    assert advice["short"]  # nothing can be ready in three days
    for row in advice["ready"] + advice["open"]:
        assert not row["failing"]
        assert (row["timeline"] or {}).get("feasible") != "too_late"


def test_a_program_cannot_be_put_under_somebody_elses_agreement(firm, owner):
    strangers = Agreement.objects.create(
        kind="mou", title_en="Theirs", korean_party=people.host("kr-a", country="KR"),
        us_party=people.host("us-a"),
    )  # fmt: skip
    page = client_of(owner).post(
        at("program_new", firm) + f"?kind=internship&agreement={strangers.pk}",
        basics(agreement=strangers.pk),
    )
    assert page.status_code == 302  # the field is not offered, so it is not read
    assert Program.objects.get(organization=firm).agreement is None
    with pytest.raises(ValidationError, match="agreement of your own organization"):
        services.save_program(
            Program.objects.get(organization=firm), by=owner, agreement=strangers
        )


# --- applicants ---------------------------------------------------------------------------------


def test_an_application_is_read_and_answered(firm, owner):
    application = applicant(open_program(firm))
    client = client_of(owner)
    table = client.get(at("applicants", firm, application.program_id)).content.decode()
    assert "김견본" in table
    address = at("application", firm, application.pk)
    page = client.get(address).content.decode()
    assert "견본대학교" in page
    assert "As it stood when it was sent." in page
    client.post(address, {"to": "under_review", "note": "Thank you."})
    application.refresh_from_db()
    assert application.state == State.UNDER_REVIEW


def test_a_refusal_needs_a_reason_and_keeps_what_was_chosen(firm, owner):
    application = applicant(open_program(firm))
    answer = client_of(owner).post(
        at("application", firm, application.pk), {"to": "closed", "note": "  "}
    )
    assert "Please tell the candidate why" in answer.content.decode()
    application.refresh_from_db()
    assert application.state == State.SUBMITTED


def test_the_file_closes_when_the_consent_is_withdrawn(firm, owner):
    application = applicant(open_program(firm))
    accounts.withdraw_consent(application.consent, by=application.candidate.user)
    client = client_of(owner)
    assert client.get(at("application", firm, application.pk)).status_code == 404
    table = client.get(at("applicants", firm, application.program_id)).content.decode()
    assert "김견본" not in table


def test_only_documents_of_that_application_can_be_downloaded(firm, owner, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    application = applicant(open_program(firm))
    sent, kept = (
        Document.objects.create(
            candidate=application.candidate, kind="cv", name=f"{name}.pdf", size=5,
            media_type="application/pdf", sha256="0", file=ContentFile(b"%PDF-", name="x"),
        )
        for name in ("sent", "kept")
    )  # fmt: skip
    application.documents.add(sent)
    client = client_of(owner)
    download = client.get(at("document", firm, application.pk, sent.pk))
    assert download.headers["Content-Disposition"].startswith("attachment")
    assert client.get(at("document", firm, application.pk, kept.pk)).status_code == 404


def test_nobody_reviews_their_own_application(firm):
    application = applicant(open_program(firm))
    firm.memberships.create(user=application.candidate.user, role="owner")
    client = client_of(application.candidate.user)
    assert client.get(at("application", firm, application.pk)).status_code == 404


def test_a_firm_cannot_see_the_name_before_the_candidate_applies(firm, owner):
    program = open_program(firm)
    found = people.candidate(
        "seo@example.org", visibility="findable", skills_text="PLC",
        works=[{"title": "보전", "started_on": date(2020, 3, 2)}],
    )  # fmt: skip
    people.candidate("lee@example.org", visibility="private")
    page = client_of(owner).get(at("candidates", firm, program.pk)).content.decode()
    assert found.card_code in page
    for secret in ("김견본", "견본회사", "seo@example.org"):
        assert secret not in page


def test_an_unverified_firm_sees_no_candidates(firm, owner):
    found = people.candidate(visibility="findable")
    firm.status = "unverified"
    firm.save()
    page = client_of(owner).get(at("candidates", firm, open_program(firm).pk)).content.decode()
    assert found.card_code not in page
    assert "For verified organizations" in page


def test_why_a_route_hangs_on_the_candidate_is_not_told_to_the_host(firm, owner):
    application = applicant(open_program(firm), military_status="not_completed", sex="M")
    page = client_of(owner).get(at("application", firm, application.pk)).content.decode()
    assert "ilitary" not in page
    assert "permit" not in page


# --- the overview and settings ------------------------------------------------------------------


def test_the_overview_begins_with_what_waits(firm, owner):
    application = applicant(open_program(firm, "Waiting one"))
    services.save_program(None, by=owner, organization=firm, kind="startup", title_en="Half done")
    now = client_of(owner).get(at("home", firm)).context["now"]
    assert [item["url"].rsplit("/", 3)[1] for item in now] == [
        str(application.program_id), str(Program.objects.get(title_en="Half done").pk)
    ]  # fmt: skip
    applications.move(application, by=owner, to=State.UNDER_REVIEW)
    now = client_of(owner).get(at("home", firm)).context["now"]
    assert len(now) == 1


def test_settings_are_saved_by_editors_and_read_by_reviewers(firm, owner):
    address = at("settings", firm)
    client_of(owner).post(address, {"name_en": "New name", "city": "Macon", "state": ""})
    firm.refresh_from_db()
    assert firm.name_en == "New name"
    reviewer = client_of(member(firm, "reviewer"))
    assert "Only owners and editors" in reviewer.get(address).content.decode()
    assert reviewer.post(address, {"name_en": "Mine"}).status_code == 403


def test_a_firm_must_keep_a_name(firm, owner):
    page = client_of(owner).post(at("settings", firm), {"name_ko": "", "name_en": "",
                                                        "city": "Kept words"})  # fmt: skip
    assert "Give the name in Korean or English." in page.content.decode()
    assert "Kept words" in page.content.decode()


# --- queries ------------------------------------------------------------------------------------


def count_of(client, address):
    client.get(address)  # what a process remembers (rules, contents) is read once
    with CaptureQueriesContext(connection) as counted:
        assert client.get(address).status_code == 200
    return len(counted)


def test_the_overview_and_the_table_cost_the_same_for_one_and_three_applicants(firm, owner):
    client = client_of(owner)
    program = open_program(firm)
    applicant(program, "a@example.org")
    home, table = at("home", firm), at("applicants", firm, program.pk)
    cards = at("candidates", firm, program.pk)
    one = {page: count_of(client, page) for page in (home, table)}
    people.candidate("f1@example.org", visibility="findable")
    one[cards] = count_of(client, cards)
    applicant(program, "b@example.org")
    applicant(open_program(firm, "Second"), "c@example.org")
    applicant(program, "d@example.org")
    open_program(firm, "Third")
    for email in ("f2@example.org", "f3@example.org"):
        people.candidate(email, visibility="findable")
    three = {page: count_of(client, page) for page in (home, table, cards)}
    assert three == one
    assert (one[home], one[table], one[cards]) == (19, 25, 24)
