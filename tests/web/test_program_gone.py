"""What is left of a program that is no longer offered, for whom it concerns and for others."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from corridor.accounts.models import Consent, Membership, Organization, User
from corridor.applications.models import State
from corridor.partnerships.models import Agreement, Nomination
from corridor.programs import moderation, services
from tests.matching import people
from tests.programs.test_posting import draft
from tests.web.desks import applicant, at, client_of, member, open_program

pytestmark = pytest.mark.django_db
SECRET = "Send 500 dollars to this account first"


@pytest.fixture
def staff():
    return User.objects.create_user("staff@example.org", "a long password 1", is_staff=True)


@pytest.fixture
def firm():
    return people.host("sample-firm")


@pytest.fixture
def made(firm):
    return open_program(firm, "Line internship", description_en=SECRET, summary_en=SECRET)


def down(program, staff):
    moderation.take_down(program, by=staff, reasons=["reported"], note="")
    program.refresh_from_db()


def page(user, program):
    client = client_of(user) if user else Client(headers={"accept-language": "en"})
    return client.get(at("public:program", program.pk))


def test_who_applied_reads_title_host_and_what_to_do_of_a_program_taken_down(made, firm, staff):
    application = applicant(made)
    down(made, staff)
    made.title_en = "Something quite different"
    made.save()
    answer = page(application.candidate.user, made)
    text = answer.content.decode()
    assert answer.status_code == 200
    for shown in ("Taken down by our staff on", "Line internship", firm.name,
                  "pay nothing, send no passport",
                  reverse("candidate:application", args=[application.pk])[3:]):  # fmt: skip
        assert shown in text
    for hidden in (SECRET, "Something quite different", "Watch the line"):
        assert hidden not in text
    assert answer["X-Robots-Tag"] == "noindex"


def test_an_application_never_sent_says_so_and_its_form_leads_to_the_same_page(made, staff):
    application = applicant(made)
    application.state = State.DRAFT
    application.save()
    down(made, staff)
    me = application.candidate.user
    assert "Your draft was never sent" in page(me, made).content.decode()
    answer = client_of(me).get(at("candidate:apply", made.pk))
    assert answer.status_code == 302
    assert answer["Location"].endswith(f"/programs/{made.pk}/")


def test_everybody_else_is_told_that_it_is_gone_and_what_is_open_instead(made, firm, staff):
    open_program(people.host("third-firm"), "Another internship")
    open_program(firm, "One more of this host")
    down(made, staff)
    stranger = people.candidate("other@example.org").user
    for user in (None, stranger, member(people.host("other-firm"))):
        answer = page(user, made)
        text = answer.content.decode()
        assert answer.status_code == 410
        assert "This program is no longer listed" in text
        assert "Another internship" in text
        assert "Line internship" not in text and SECRET not in text
        assert "One more of this host" not in text


def test_host_and_staff_read_it_whole_with_the_day_it_was_taken_down(made, firm, staff):
    down(made, staff)
    for user in (member(firm), staff):
        answer = page(user, made)
        assert answer.status_code == 200
        assert "Taken down by our staff on" in answer.content.decode()
        assert SECRET in answer.content.decode()


def test_a_draft_that_never_was_public_stays_unknown(firm):
    never = draft(firm, member(firm))
    assert page(None, never).status_code == 404
    assert page(people.candidate().user, never).status_code == 404


def test_a_university_that_nominated_somebody_reads_it_while_the_nomination_lives(
    made, firm, staff
):
    university = people.host("sample-university", kind=Organization.Kind.UNIVERSITY, country="KR")
    office = member(university)
    nomination = Nomination.objects.create(
        agreement=Agreement.objects.create(
            kind=Agreement.Kind.values[0], title_en="Agreement", korean_party=university,
            us_party=firm,
        ),
        university=university, program=made, student=people.candidate().user, rank=1,
    )  # fmt: skip
    down(made, staff)
    answer = page(office, made)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "What it means for your nominations" in text
    assert reverse("university:nominations", args=[university.slug])[3:] in text
    assert SECRET not in text
    nomination.state = Nomination.State.WITHDRAWN
    nomination.save()
    assert page(office, made).status_code == 410


def test_a_closed_program_stays_with_its_day_and_what_it_means_for_an_application(made, firm):
    application = applicant(made)
    owner = Membership.objects.filter(organization=firm).first()
    services.close(made, by=owner.user if owner else member(firm))
    open_program(firm, "Another internship")
    text = page(application.candidate.user, made).content.decode()
    for shown in ("No longer offered: closed on", SECRET, "the host still owes you an answer by",
                  "Another internship"):  # fmt: skip
        assert shown in text
    for_all = page(None, made)
    assert for_all.status_code == 200
    assert "What it means for your application" not in for_all.content.decode()
    assert "JobPosting" not in for_all.content.decode(), "search engines list no closed one"


def test_an_answer_that_is_late_is_not_promised_for_a_day_that_has_passed(made, firm):
    application = applicant(made)
    application.due_on = timezone.localdate() - timedelta(days=1)
    application.save()
    services.close(made, by=member(firm))
    assert "answer is late" in page(application.candidate.user, made).content.decode()


@pytest.mark.parametrize(
    ("state", "said"),
    [("accepted", "Your accepted offer holds"), ("offered", "Your offer holds until"),
     ("withdrawn", "had ended before")],
)  # fmt: skip
def test_what_closing_means_depends_on_how_far_the_application_is(made, firm, state, said):
    application = applicant(made)
    application.state, application.due_on = state, None
    application.save()
    services.close(made, by=member(firm))
    assert said in page(application.candidate.user, made).content.decode()


def test_consent_taken_back_does_not_take_the_page_from_the_applicant(made, staff):
    application = applicant(made)
    Consent.objects.filter(pk=application.consent_id).update(withdrawn_at=made.published_at)
    down(made, staff)
    assert page(application.candidate.user, made).status_code == 200


def test_the_page_costs_the_same_for_one_and_three_like_it(made, firm, staff):
    application = applicant(made)
    open_program(firm, "Second")
    down(made, staff)
    client = client_of(application.candidate.user)

    def count():
        client.get(at("public:program", made.pk))
        with CaptureQueriesContext(connection) as counted:
            client.get(at("public:program", made.pk))
        return len(counted)

    one = count()
    for number in range(2):
        open_program(firm, f"More {number}")
    assert count() == one
