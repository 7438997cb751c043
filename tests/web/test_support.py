"""Staff look as a person: only looking, for half an hour, told to everybody whom it concerns."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from corridor.accounts import support
from corridor.accounts.models import SupportVisit, User
from corridor.applications import problems
from corridor.candidates.models import Candidate, CvReading, SavedSearch
from corridor.common.models import AuditEntry
from tests.matching import people
from tests.web.desks import applicant, at, client_of, member, open_program
from tests.web.test_walk import DOORS

pytestmark = pytest.mark.django_db
WHY = "Your matches page stays empty; I look at it with you."


@pytest.fixture
def staff():
    return User.objects.create_user("staff@example.org", "a long password 1", is_staff=True)


@pytest.fixture
def candidate():
    return people.candidate(
        "kim@example.org", passport_number="M12345678", birth_date=date(2001, 3, 14),
        military_status="completed", headline="Battery line",
    )  # fmt: skip


@pytest.fixture
def looking(staff, candidate):
    """A browser of staff who look as the candidate."""
    client = client_of(staff)
    answer = client.post(at("staff:people"), {"email": "KIM@example.org", "reason": WHY})
    assert answer.status_code == 302, answer.content.decode()
    return client


def test_staff_see_the_persons_pages_under_a_banner(looking):
    page = looking.get(at("candidate:section", "basics")).content.decode()
    assert "You see what kim@example.org sees" in page
    assert "Battery line" in page
    assert "kim@example.org 님이 보는 화면" in looking.get("/ko/me/profile/").content.decode()


def test_every_page_and_both_ends_stand_in_the_audit_log(looking, staff, candidate):
    looking.get(at("candidate:profile") + "?typed=secret")
    looking.post(at("staff:support_end"))
    told = AuditEntry.objects.filter(action__startswith="support.").order_by("pk")
    assert [each.action for each in told] == ["support.begun", "support.page", "support.ended"]
    assert {each.actor for each in told} == {staff}
    assert {each.values["person"] for each in told} == {candidate.user.pk}
    assert told[1].values["page"] == "candidate:profile"


def test_after_the_end_staff_are_themselves_again(looking):
    looking.post(at("staff:support_end"))
    page = looking.get(at("staff:people"))
    assert page.status_code == 200
    assert b"support-bar" not in page.content
    assert SupportVisit.objects.get().ended_at is not None


def test_nothing_can_be_written_in_a_visit(looking, candidate):
    search = SavedSearch.objects.create(
        candidate=candidate, name="x", query="q=x", told_until=timezone.now(),
        seen_until=timezone.now(),
    )  # fmt: skip
    before = AuditEntry.objects.exclude(action__startswith="support.").count()
    for address, data in (
        (at("candidate:visibility"), {"visibility": "findable"}),
        (at("candidate:search", search.pk), {"delete": "1"}),
        (at("account_change_password"), {"password1": "x"}),
        (at("account_logout"), {}),
        ("/i18n/setlang/", {"language": "en"}),
        (at("staff:people"), {"email": "x@example.org", "reason": WHY}),
    ):
        assert looking.post(address, data).status_code == 403, address
    assert looking.delete("/api/v1/my/profile/").status_code == 403
    assert SavedSearch.objects.filter(pk=search.pk).exists()
    assert Candidate.objects.get().visibility == "private"
    assert AuditEntry.objects.exclude(action__startswith="support.").count() == before


@pytest.mark.django_db(transaction=True)
def test_the_database_itself_refuses_a_write_while_a_page_is_made(looking, monkeypatch):
    from corridor.web.candidate.views import privacy

    def writing(user):
        SavedSearch.objects.all().delete()
        User.objects.filter(pk=user.pk).update(name="changed")

    monkeypatch.setattr(privacy.support, "visits_to", writing)
    assert looking.get(at("candidate:consents")).status_code == 403
    assert not User.objects.filter(name="changed").exists()


def test_what_is_encrypted_stays_hidden_and_is_still_there_for_the_person(looking, candidate):
    private = at("candidate:section", "private")
    page = looking.get(private)
    assert page.status_code == 200
    for secret in ("M12345678", "2001-03-14"):
        assert secret not in page.content.decode()
    assert page.context["form"].initial.get("military_status") is None
    assert looking.get("/api/v1/me/profile/").status_code == 403, "no data without a banner"
    assert Candidate.objects.get().passport_number == "M12345678"
    own = client_of(candidate.user).get(private).content.decode()
    assert "M12345678" in own and "2001-03-14" in own


def test_files_and_cv_readings_are_not_opened(looking, candidate):
    CvReading.objects.create(candidate=candidate, file_name="cv.pdf", told="{}")
    assert looking.get(at("candidate:cv_review")).status_code == 403
    assert looking.get(at("candidate:journey_ics")).status_code in {403, 404}


def test_every_page_of_a_candidate_opens_or_is_refused_and_none_breaks(looking):
    for name in DOORS:
        if name.startswith(("candidate:", "student:")):
            try:
                address = at(name)
            except Exception:  # an address that names a thing of the person
                continue
            assert looking.get(address).status_code in {200, 302, 403, 405}, name


def test_what_applicants_gave_to_a_host_stays_shut(staff):
    firm = people.host("some-firm")
    owner = member(firm)
    sent = applicant(open_program(firm))
    client = client_of(staff)
    client.post(at("staff:people"), {"email": owner.email, "reason": WHY})
    assert client.get(at("firm:home", firm.slug)).status_code == 200
    for address in (at("firm:applicants", firm.slug, sent.program_id),
                    at("firm:application", firm.slug, sent.pk),
                    at("firm:board", firm.slug, sent.program_id)):  # fmt: skip
        assert client.get(address).status_code == 403, address


def test_a_visit_ends_by_itself(looking, staff):
    SupportVisit.objects.update(until=timezone.now() - timedelta(seconds=1))
    answer = looking.get(at("candidate:profile"))
    assert answer.status_code == 302 and answer.url.endswith("/staff/people/")
    assert looking.get(at("staff:people")).status_code == 200
    visit = SupportVisit.objects.get()
    assert visit.ended_at == visit.until


def test_whoever_is_no_longer_staff_sees_nothing_more(looking, staff):
    User.objects.filter(pk=staff.pk).update(is_staff=False)
    assert looking.get(at("candidate:profile")).status_code == 302
    assert looking.get(at("candidate:profile")).url.endswith("/welcome/"), "as themselves"


def test_staff_are_never_looked_at_and_a_reason_is_needed(staff, candidate):
    other = User.objects.create_user("second@example.org", "a long password 1", is_staff=True)
    closed = User.objects.create_user("closed@example.org", "-", is_active=False)
    for person in (other, closed, staff):
        with pytest.raises(PermissionDenied):
            support.begin(person, by=staff, reason=WHY)
    with pytest.raises(PermissionDenied):
        support.begin(other, by=candidate.user, reason=WHY)
    client = client_of(staff)
    short = client.post(at("staff:people"), {"email": "kim@example.org", "reason": "look"})
    assert "Say in a sentence why you need to look" in short.content.decode()
    unknown = client.post(at("staff:people"), {"email": "no@example.org", "reason": WHY})
    assert "Nobody has this address." in unknown.content.decode()
    assert not SupportVisit.objects.exists()


def test_the_person_reads_that_support_looked_when_and_why(looking, candidate, staff):
    looking.post(at("staff:support_end"))
    own = client_of(candidate.user)
    for name in ("candidate:consents", "public:support_visits"):
        page = own.get(at(name)).content.decode()
        assert WHY in page and staff.email not in page
    stranger = client_of(people.candidate("other@example.org").user)
    assert WHY not in stranger.get(at("public:support_visits")).content.decode()


def test_a_visit_costs_a_page_of_others_nothing(candidate, django_assert_num_queries):
    client = client_of(candidate.user)
    client.get(at("public:support_visits"))
    with django_assert_num_queries(6):
        client.get(at("public:support_visits"))


def test_a_problem_told_in_private_stays_shut_and_is_not_even_named(looking, staff, candidate):
    made = problems.raise_problem(by=candidate.user, kind="pay", text="월급이 밀렸습니다.")
    problems.write(made, by=staff, text="확인하겠습니다.")
    for address in (at("problems:index"), at("problems:new"), at("problems:one", made.pk)):
        assert looking.get(address).status_code == 403, address
    own = at("problems:one", made.pk)
    assert own not in looking.get(at("candidate:home")).content.decode()
    assert own in client_of(candidate.user).get(at("candidate:home")).content.decode()
