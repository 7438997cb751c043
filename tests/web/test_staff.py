"""Staff pages: hidden from everybody else, and every decision leaves its evidence."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from corridor.accounts.models import Organization, User
from corridor.applications import problems
from corridor.applications.models import Problem
from corridor.candidates.models import Candidate
from corridor.common import switches
from corridor.common.models import AuditEntry
from corridor.matching.models import Run
from corridor.programs import reporting
from tests.matching import people
from tests.web.desks import applicant, at, client_of, member, open_program

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    user = User.objects.create_user("staff@example.org", "a long password 1", name="운영")
    user.is_staff = True
    user.save()
    return user


@pytest.fixture
def waiting():
    return people.host("new-firm", status="unverified", website="https://www.new-firm.example")


def test_for_others_the_staff_pages_do_not_exist(waiting):
    client = client_of(member(waiting))
    for address in (at("staff:home"), at("staff:runs"), at("staff:audit"),
                    at("staff:verify", waiting.pk)):  # fmt: skip
        assert client.get(address).status_code == 404
    assert client.post(at("staff:runs")).status_code == 404
    assert not Run.objects.exists()


def test_an_organization_is_verified_with_evidence(staff, waiting):
    client = client_of(staff)
    assert waiting.name in client.get(at("staff:home")).content.decode()
    address = at("staff:verify", waiting.pk)
    refused = client.post(address, {"decision": "verified", "note": " "})
    assert "Write down the evidence that you looked at." in refused.content.decode()
    told = {"decision": "verified", "note": "Register no. 123-45, looked at today."}
    unsaid = client.post(address, told).content.decode()
    assert "Choose what the mark rests on" in unsaid and "Register no. 123-45" in unsaid
    client.post(address, {**told, "kinds": ["register", "domain"]})
    waiting.refresh_from_db()
    public = client_of(member(waiting)).get(at("public:organization", waiting.slug))
    seen = public.content.decode()
    assert "Verified by Corridor staff on" in seen
    assert "Business number in the public register" in seen
    assert "123-45" not in seen, "the note is not for everybody"
    assert waiting.status == Organization.Status.VERIFIED
    assert waiting.verified_by == staff
    assert AuditEntry.objects.filter(action="organization.verified", actor=staff).exists()


def test_members_whose_mail_has_another_domain_than_the_website_are_marked(staff, waiting):
    member(waiting)
    ours = User.objects.create_user("kim@mail.new-firm.example", "a long password 1")
    waiting.memberships.create(user=ours, role="editor")
    rows = client_of(staff).get(at("staff:verify", waiting.pk)).context["members"]
    assert {row["membership"].user.email: row["same"] for row in rows} == {
        "owner-new-firm@example.org": False, "kim@mail.new-firm.example": True
    }  # fmt: skip


def test_a_run_is_asked_for_once_and_only_by_post(staff):
    client = client_of(staff)
    client.get(at("staff:runs"))
    assert not Run.objects.exists()
    for _again in range(2):
        client.post(at("staff:runs"))
    assert Run.objects.count() == 1
    assert Run.objects.get().asked_by == staff


def test_the_audit_log_is_paged_and_filtered(staff):
    for number in range(60):
        AuditEntry.objects.create(action="program.saved", subject_type="x", subject_id=str(number))
    AuditEntry.objects.create(action="consent.given", subject_type="x", subject_id="0")
    client = client_of(staff)
    assert len(client.get(at("staff:audit")).context["page"].object_list) == 50
    only = client.get(at("staff:audit") + "?action=consent.").context["page"]
    assert [entry.action for entry in only] == ["consent.given"]


def test_the_overview_costs_the_same_for_one_and_three_organizations(staff, waiting):
    client = client_of(staff)

    def count():
        client.get(at("staff:home"))
        with CaptureQueriesContext(connection) as counted:
            client.get(at("staff:home"))
        return len(counted)

    one = count()
    for slug in ("second", "third"):
        people.host(slug, status="unverified")
        Run.objects.create(day=people.DAY, asked_by=staff)
    assert count() == one == 20


def test_the_administration_shows_nothing_personal_of_a_candidate(staff):
    staff.is_superuser = True
    staff.save()
    application = applicant(open_program(people.host("a-firm")), headline="배터리 보전 6년",
                            passport_number="M12345678")  # fmt: skip
    candidate = application.candidate
    client = client_of(staff)
    pages = [
        reverse("admin:candidates_candidate_changelist"),
        reverse("admin:candidates_candidate_change", args=[candidate.pk]),
        reverse("admin:applications_application_changelist"),
        reverse("admin:applications_application_change", args=[application.pk]),
    ]
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200
        for secret in ("김견본", "kim@example.org", "배터리 보전", "M12345678", "견본대학교"):
            assert secret not in answer.content.decode(), (page, secret)


def test_nothing_of_the_ground_or_of_a_candidate_can_be_changed_in_the_administration(staff):
    staff.is_superuser = True
    staff.save()
    hub = people.hub()
    candidate = people.candidate()
    client = client_of(staff)
    for row, name in ((hub, "places_hub"), (candidate, "candidates_candidate")):
        address = reverse(f"admin:{name}_change", args=[row.pk])
        assert client.post(address, {"visibility": "findable"}).status_code == 403
        assert client.post(reverse(f"admin:{name}_delete", args=[row.pk])).status_code == 403
    assert Candidate.objects.get().visibility == Candidate.Visibility.PRIVATE


def test_the_overview_shows_every_queue_with_its_count_and_its_oldest(staff, waiting):
    made = open_program(people.host("known"))
    made.reviews.create(asked_by=staff)
    reporting.report(made, reason="fee", text="", contact="", address="192.0.2.1")
    switches.turn(switches.REPORTING, by=staff, is_on=False, note="A flood")
    queues = client_of(staff).get(at("staff:home")).context["queues"]
    counts = {queue["name"]: queue["count"] for queue in queues}
    assert counts["Programs of new hosts"] == 1
    assert counts["Reports by visitors"] == 1
    assert counts["Organizations to verify"] == 1
    assert counts["Problems told in private"] == counts["Check-ins that nobody answered"] == 0
    assert counts["Switches that are not on for everybody"] == 1
    assert {queue["name"] for queue in queues if queue["since"]} >= {
        name for name, count in counts.items() if count and "Rules" not in name
    }


def test_a_problem_told_in_private_waits_in_the_overview_until_staff_have_answered(staff):
    me = people.candidate().user
    made = problems.raise_problem(by=me, kind="pay", text="No pay for a month")
    Problem.objects.filter(pk=made.pk).update(created_at=timezone.now() - timedelta(days=2))

    def row():
        queues = client_of(staff).get(at("staff:home")).context["queues"]
        return next(queue for queue in queues if queue["name"] == "Problems told in private")

    assert row()["count"] == 1
    assert row()["url"] == reverse("staff:problems")
    assert timezone.now() - row()["since"] > timedelta(days=1)
    problems.write(made, by=staff, text="We look into it")
    assert row()["count"] == 0
    problems.write(made, by=me, text="Still nothing")
    assert row()["count"] == 1
    assert timezone.now() - row()["since"] < timedelta(days=1), "since their last word"


def test_one_s_own_problem_is_not_in_one_s_own_queue(staff):
    problems.raise_problem(by=staff, kind="pay", text="Mine")
    queues = client_of(staff).get(at("staff:home")).context["queues"]
    assert not any(q["count"] for q in queues if q["name"] == "Problems told in private")
