"""Pages after the start: the candidate's, the host's, the university's, staff's and the public one,
each showing its reader what is theirs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from corridor.accounts.models import User
from corridor.applications import placements, problems
from corridor.applications.models import Pair, Placement, Problem, Traveler
from corridor.common.models import AuditEntry
from tests.applications.after_start import ANSWERS, TODAY, accepted, begun
from tests.web.desks import at, client_of, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> dict:
    application, owner = accepted(kind="dispatch")
    staff = User.objects.create_user("staff@example.org", "-", name="운영", is_staff=True)
    slug = application.program.organization.slug
    return {"application": application, "slug": slug, "own": client_of(application.candidate.user),
            "host": client_of(owner), "owner": owner, "staff": client_of(staff),
            "person": application.candidate.user}  # fmt: skip


def days(placement: Placement) -> dict:
    return {"started_on": placement.started_on.isoformat(), "pathway": placement.pathway,
            "ends_on": placement.ends_on.isoformat()}  # fmt: skip


def test_from_the_first_day_to_a_certificate_that_anybody_can_check(world):
    own, host, pk = world["own"], world["host"], world["application"].pk
    journey = own.get(at("candidate:journey")).content.decode()
    assert "Confirm my first day" in journey and "Confirm your first day" in journey
    first, last = TODAY - timedelta(days=12), TODAY - timedelta(days=1)
    given = {"started_on": first, "ends_on": last, "pathway": "b1_installer"}
    page = own.post(at("arrival:start", pk), given)
    placement = Placement.objects.get()
    assert page.url == reverse("arrival:placement", args=[placement.pk]).replace("/ko/", "/en/")
    assert "has been asked to confirm" in own.get(page.url).content.decode()
    page = host.get(at("after:person", world["slug"], pk))
    assert "The participant has told these days" in page.content.decode()
    host.post(at("after:person", world["slug"], pk), days(placement))
    placement.refresh_from_db()
    assert placement.is_confirmed

    told = {"first_day": first, "last_day": last, "hours": 80, "skills": "PLC",
            "signed_name": "Park", "signed_title": "Lead"}  # fmt: skip
    page = host.post(at("after:certify", world["slug"], pk), {**told, "skills": "qqqq zzzz"})
    assert "is not in the list of skills" in page.content.decode()
    host.post(at("after:certify", world["slug"], pk), told)
    made = placement.certificate
    text = own.get(at("arrival:certificate", placement.pk)).content.decode()
    assert made.written_code in text and "수료증" in text and "Certificate of completion" in text
    assert "80시간" in text and "80 hours" in text
    anybody = Client()
    assert anybody.get(at("certificates:one", made.code)).status_code == 404
    own.post(at("arrival:certificate", placement.pk), {"is_public": "on", "shows": ["hours"]})
    page = anybody.get(at("certificates:one", made.code))
    assert "This certificate is genuine" in page.content.decode()
    typed = anybody.get(at("certificates:check"), {"code": made.written_code.lower()})
    assert typed.status_code == 302 and anybody.get(typed.url).status_code == 200
    host.post(at("after:revoke", world["slug"], pk), {"why": "wrong dates"})
    assert "was revoked" in anybody.get(at("certificates:one", made.code)).content.decode()


def test_a_check_in_is_answered_shared_and_taken_back(world):
    placement = begun(world["application"], world["owner"])
    check_in = placement.check_ins.first()
    address = at("arrival:check_in", check_in.pk)
    page = world["own"].post(address, {"work": "partly"})
    assert page.status_code == 200 and "partly" in page.content.decode(), "what was typed is kept"
    page = world["own"].post(address, {**ANSWERS, "words": "좋습니다", "host_sees": "answers"})
    assert page.status_code == 302
    seen = world["host"].get(at("after:person", world["slug"], world["application"].pk))
    text = seen.content.decode()
    assert "Do you feel safe at work?" in text and "좋습니다" not in text
    world["own"].post(at("arrival:share", check_in.pk), {"host_sees": "nothing"})
    seen = world["host"].get(at("after:person", world["slug"], world["application"].pk))
    assert "Do you feel safe at work?" not in seen.content.decode()
    page = world["own"].post(address, {**ANSWERS, "safety": "unsafe", "host_sees": "nothing"})
    assert page.url.endswith("/problems/new/")


def test_a_problem_goes_to_staff_alone_and_comes_back_as_an_answer(world):
    begun(world["application"], world["owner"])
    form = world["own"].get(at("problems:new")).content.decode()
    assert "911" in form and "1-866-283-9090" in form and "1-866-487-9243" in form
    page = world["own"].post(at("problems:new"), {"kind": "safety", "text": "안전모가 없습니다"})
    problem = Problem.objects.get()
    assert page.status_code == 302 and problem.placement is None
    assert not problem.host_may_know
    assert "안전모" not in world["staff"].get(at("staff:problems")).content.decode()
    text = world["staff"].get(at("staff:problem", problem.pk)).content.decode()
    assert "안전모" in text and "must not learn of it" in text
    assert AuditEntry.objects.filter(action="problem.looked").count() == 1
    world["staff"].post(at("staff:problem", problem.pk), {"text": "연락드리겠습니다"})
    assert "연락드리겠습니다" in world["own"].get(at("problems:one", problem.pk)).content.decode()
    for client in (world["host"], client_of(User.objects.create_user("x@example.org", "-"))):
        assert client.get(at("problems:one", problem.pk)).status_code == 404
        assert client.get(at("staff:problem", problem.pk)).status_code == 404
    host_pages = [at("after:people", world["slug"]), at("firm:activity", world["slug"]),
                  at("after:person", world["slug"], world["application"].pk)]  # fmt: skip
    for address in host_pages:
        text = world["host"].get(address).content.decode()
        assert "안전모" not in text and "problem" not in text.lower().replace("problems/", "")


def test_a_roster_counts_warns_and_is_exported(world):
    host, slug = world["host"], world["slug"]
    assert "Your travelers will appear here" in host.get(at("after:roster", slug)).content.decode()
    host.post(at("after:roster", slug), {"label": "=A-01"})
    traveler = Traveler.objects.get()
    address = at("after:traveler", slug, traveler.pk)
    entered = (TODAY - timedelta(days=85)).isoformat()
    page = host.post(address, {"new-pathway": "vwp_esta", "new-entered_on": entered})
    assert page.status_code == 302
    again = host.post(address, {"new-pathway": "vwp_esta", "new-entered_on": TODAY.isoformat()})
    assert "overlaps another stay" in again.content.decode()
    stay = traveler.stays.get()
    host.post(address, {"stay": stay.pk, f"stay-{stay.pk}-pathway": "b1_installer",
                        f"stay-{stay.pk}-entered_on": entered})  # fmt: skip
    text = host.get(address).content.decode()
    assert "Last day unknown" in text and "8 CFR 214.2(b)(1)" in text
    host.post(address, {"stay": stay.pk, f"stay-{stay.pk}-pathway": "vwp_esta",
                        f"stay-{stay.pk}-entered_on": entered})  # fmt: skip
    text = host.get(at("after:roster", slug)).content.decode()
    assert "4 days left" in text and "near its last day" in text
    host.post(address, {"stay": stay.pk, f"stay-{stay.pk}-pathway": "vwp_esta",
                        f"stay-{stay.pk}-entered_on": entered,
                        f"stay-{stay.pk}-leaves_on": (TODAY + timedelta(days=20)).isoformat()})
    text = host.get(address).content.decode()
    assert "this visit cannot be extended" in text and "an extension in time" not in text
    csv = host.get(at("after:roster_csv", slug)).content.decode("utf-8-sig").splitlines()
    assert csv[1].startswith("'=A-01,,vwp_esta,") and ",86," in csv[1]
    reviewer = client_of(member(world["application"].program.organization, "reviewer"))
    assert reviewer.post(address, {"new-pathway": "e2"}).status_code == 403
    assert reviewer.get(address).status_code == 200


def test_a_pair_has_a_plan_that_both_agree_to(world):
    host, slug = world["host"], world["slug"]
    placement = begun(world["application"], world["owner"], pathway="b1_installer")
    host.post(at("after:enlist", slug, placement.pk))
    traveler = Traveler.objects.get()
    day = (TODAY + timedelta(days=20)).isoformat()
    plan = {"apprentice": "Apprentice 1", "technician": traveler.pk, "teaches": "Alignment",
            "starts_on": TODAY.isoformat(), "ends_on": day}  # fmt: skip
    page = host.post(at("after:pair_new", slug), {**plan, "goals": "no day"})
    assert "Begin each line with a day" in page.content.decode()
    host.post(at("after:pair_new", slug), {**plan, "goals": f"{day} Align alone"})
    pair = Pair.objects.get()
    host.post(at("after:pair_act", slug, pair.pk), {"agree": "apprentice"})
    page = host.post(at("after:pair_act", slug, pair.pk), {"agree": "technician"})
    assert page.status_code == 403, "a technician with an account agrees in person"
    text = world["own"].get(at("arrival:placement", placement.pk)).content.decode()
    assert "I agree to this plan" in text and "My days in the U.S." in text
    world["own"].post(at("arrival:agree", pair.pk))
    pair.refresh_from_db()
    assert pair.is_agreed
    host.post(at("after:pair_act", slug, pair.pk), {"goal": pair.goals.get().pk})
    assert "1/1" in host.get(at("after:roster", slug)).content.decode()


def test_the_pages_ask_the_same_number_of_questions_however_many_are_on_them(
    world, django_assert_max_num_queries
):
    host, slug = world["host"], world["slug"]
    with django_assert_max_num_queries(24):
        host.get(at("after:people", slug))
    for n in range(4):
        made, _owner = accepted(email=f"p{n}@example.org", kind="dispatch",
                                host=world["application"].program.organization)  # fmt: skip
        placements.confirm_start(made, by=made.candidate.user, started_on=TODAY,
                                 ends_on=TODAY + timedelta(days=90))  # fmt: skip
        problems.raise_problem(by=made.candidate.user, kind="pay", text="x")
    with django_assert_max_num_queries(24):
        assert len(host.get(at("after:people", slug)).context["rows"]) == 5
    for placement in Placement.objects.all():
        host.post(at("after:enlist", slug, placement.pk))
    with django_assert_max_num_queries(30):
        assert len(host.get(at("after:roster", slug)).context["rows"]) == 4
    with django_assert_max_num_queries(24):
        world["staff"].get(at("staff:problems"))


def test_an_answer_of_staff_stands_on_the_persons_overview_until_it_is_settled(world):
    own, person = world["own"], world["person"]
    made = problems.raise_problem(by=person, kind="pay", text="월급이 밀렸습니다.")
    link = f'href="{at("problems:one", made.pk)}"'
    assert link not in own.get(at("candidate:home")).content.decode()
    problems.write(made, by=User.objects.get(is_staff=True), text="확인하겠습니다.")
    page = own.get(at("candidate:home")).content.decode()
    assert link in page and "staff have answered you" in page
    assert "월급" not in page and "확인하겠습니다" not in page
    made.refresh_from_db()
    problems.close(made, by=person)
    assert link not in own.get(at("candidate:home")).content.decode()
