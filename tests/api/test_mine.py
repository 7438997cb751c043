"""One's own profile, matches and applications through the API."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone
from rest_framework.test import APIClient

from corridor.accounts.models import User
from corridor.applications.models import Application
from corridor.candidates.models import Candidate
from tests.matching.people import candidate, embed_everything, host, hub, program, sector

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
STUDY = {"degree": "bachelor", "major": "기계공학", "status": "enrolled",
         "ended_on": date(2028, 2, 20)}  # fmt: skip


@pytest.fixture(autouse=True)
def unthrottled():
    cache.clear()


@pytest.fixture
def me() -> Candidate:
    return candidate(
        headline="배터리 공정 설비 보전", skills_text="PLC", educations=[STUDY],
        credentials=["용접기능사"], toeic=820, passport_number="M12345678",
        birth_date=date(2003, 5, 1), military_status="completed", sex="M",
    )  # fmt: skip


@pytest.fixture
def api(me) -> APIClient:
    return signed_in(me.user)


def signed_in(user: User | None = None, **options) -> APIClient:
    client = APIClient(HTTP_ACCEPT_LANGUAGE="en", **options)
    if user:
        client.force_login(user)
    return client


def upcoming(title: str, **fields):
    return program(title, **{"starts_on": TODAY + timedelta(days=90),
                             "ends_on": TODAY + timedelta(days=450), **fields})  # fmt: skip


@pytest.mark.parametrize("door", ["profile", "matches", "applications"])
def test_a_stranger_is_turned_away_from_what_is_ones_own(door):
    assert signed_in().get(f"/api/v1/me/{door}/").status_code == 403


@pytest.mark.parametrize("door", ["profile", "matches", "applications"])
def test_an_account_without_a_profile_is_told_so(door):
    firm = User.objects.create_user("firm@example.org", "a long password 1")
    answer = signed_in(firm).get(f"/api/v1/me/{door}/")
    assert (answer.status_code, answer.json()["detail"]) == (
        403, "This account has no candidate profile.",
    )  # fmt: skip


def test_ones_profile_is_read_with_its_evidence_but_never_its_secrets(api):
    answer = api.get("/api/v1/me/profile/")
    said = answer.json()
    assert said["headline"] == "배터리 공정 설비 보전"
    assert [study["major"] for study in said["educations"]] == ["기계공학"]
    assert [held["name"] for held in said["credentials"]] == ["용접기능사"]
    for secret in ("M12345678", "2003-05-01", "completed", "passport", "birth", "military"):
        assert secret not in answer.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_a_profile_costs_the_same_however_rich(count, django_assert_num_queries):
    me = candidate(educations=[STUDY] * count, credentials=[f"c{n}" for n in range(count)])
    client = signed_in(me.user)
    with django_assert_num_queries(3):
        assert len(client.get("/api/v1/me/profile/").json()["educations"]) == count


def change(api, **said):
    return api.patch("/api/v1/me/profile/", said, format="json")


def test_a_change_is_saved_audited_and_asks_for_a_new_vector(api, me):
    sector("batteries")
    hub("savannah")
    before = me.text_hash
    answer = change(api, headline="용접 로봇 운용", sectors=["batteries"], hubs=["savannah"],
                    kinds=["internship"], available_from="2027-03-01")  # fmt: skip
    assert answer.status_code == 200, answer.content
    said = answer.json()
    assert (said["headline"], said["sectors"]) == ("용접 로봇 운용", ["batteries"])
    me.refresh_from_db()
    assert me.text_hash != before
    assert me.passport_number == "M12345678"  # what was not sent stays


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        ({"headline": "x" * 201}, "headline", "200"),
        ({"headline": None}, "headline", "null"),
        ({"headline": ["a"]}, "headline", "valid string"),
        ({"headline": "a\x00b"}, "headline", "Null characters"),
        ({"available_from": "2026-02-30"}, "available_from", "format"),
        ({"min_months": -1}, "min_months", "0"),
        ({"min_months": 10**9}, "min_months", "32767"),
        ({"walk": "king"}, "walk", "not a valid choice"),
        ({"kinds": ["internships"]}, "kinds", "Did you mean “internship”"),
        ({"kinds": "internship"}, "kinds", "list"),
        ({"sectors": ["bateries"]}, "sectors", "Did you mean “batteries”"),
        ({"hubs": ["atlantis"]}, "hubs", "not one of the known values"),
        ({"headlin": "x"}, "headlin", "Did you mean “headline”"),
        ({"visibility": "findable"}, "visibility", "cannot be changed here"),
        ({"card_code": "AAAAAAAA"}, "card_code", "cannot be changed here"),
        ({"passport_number": "M1"}, "passport_number", "no such field"),
        ({"is_sample": True}, "is_sample", "no such field"),
    ],
)
def test_a_change_that_cannot_be_saved_is_refused_by_field_in_clear_words(
    api, me, said, field, words
):
    sector("batteries")
    answer = change(api, **said)
    assert answer.status_code == 400
    assert words in str(answer.json()[field])
    me.refresh_from_db()
    assert me.headline == "배터리 공정 설비 보전"


def test_half_a_letter_is_refused(api):
    body = '{"headline": "\\ud800"}'
    answer = api.patch("/api/v1/me/profile/", body, content_type="application/json")
    assert answer.status_code == 400
    assert "Surrogate" in str(answer.json()["headline"])


def test_days_and_stays_that_contradict_are_refused(api):
    answer = change(api, available_from="2027-03-01", available_until="2027-02-01")
    assert answer.status_code == 400
    assert "must not be before the first day" in answer.content.decode()
    answer = change(api, min_months=12, max_months=3)
    assert answer.status_code == 400
    assert "must not be under the shortest" in answer.content.decode()


def test_a_change_from_another_site_is_refused(me):
    client = signed_in(me.user, enforce_csrf_checks=True)
    assert change(client, headline="x").status_code == 403


def test_matches_come_best_first_with_reasons_and_a_verdict(api):
    upcoming("PLC internship", skills={"plc": True})
    upcoming("Accounting internship", sector=sector("ai-software"))
    embed_everything()
    found = api.get("/api/v1/me/matches/").json()
    assert [match["title"] for match in found] == ["PLC internship", "Accounting internship"]
    assert found[0]["score"] >= found[1]["score"]
    assert found[0]["reasons"] and found[0]["pathway"]
    assert found[0]["verdict"]["pathway"]


@pytest.mark.parametrize("limit", ["0", "101", "-1", "many", "1.5", "²"])
def test_a_limit_that_makes_no_sense_is_refused(api, limit):
    answer = api.get("/api/v1/me/matches/", {"limit": limit})
    assert (answer.status_code, answer.json()["limit"]) == (
        400, ["Give a whole number from 1 to 100."],
    )  # fmt: skip


def test_matches_are_limited_to_a_kind_and_an_unknown_kind_is_refused(api):
    upcoming("A")
    upcoming("B", kind="training")
    found = api.get("/api/v1/me/matches/", {"kind": "training"}).json()
    assert [match["title"] for match in found] == ["B"]
    assert "no kind of program" in str(api.get("/api/v1/me/matches/?kind=job").json()["kind"])


def applications(api) -> list[int]:
    return [row["id"] for row in api.get("/api/v1/me/applications/").json()["results"]]


def test_one_sees_ones_own_applications_and_nobody_elses(api, me):
    mine = Application.objects.create(candidate=me, program=upcoming("A"))
    other = candidate("lee@example.org")
    Application.objects.create(candidate=other, program=upcoming("B"))
    assert applications(api) == [mine.pk]
    staff = User.objects.create_user("staff@example.org", "a long password 1", is_staff=True)
    assert signed_in(staff).get("/api/v1/me/applications/").status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_of_applications_costs_the_same_however_long(count, django_assert_num_queries):
    me = candidate()
    for number in range(count):
        Application.objects.create(
            candidate=me,
            program=upcoming(f"P{number}", organization=host(f"h{number}"), hub=hub(f"u{number}")),
        )
    client = signed_in(me.user)
    with django_assert_num_queries(5):
        assert len(applications(client)) == count
