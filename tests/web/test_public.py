"""Pages for everybody: they open without a session, count the same, and stand when things fall."""

from __future__ import annotations

import json
import re

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import SuspiciousOperation
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from corridor import rules
from corridor.accounts.models import Organization, User
from corridor.web import errors, health
from tests.matching import people
from tests.web.desks import client_of, open_program

GOOD = {"name": "김견본", "email": "new@example.org", "password1": "a long password 1",
        "purpose": "student"}  # fmt: skip


# --- when things fall -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("view", "status"),
    [(errors.bad_request, 400), (errors.forbidden, 403), (errors.not_found, 404),
     (errors.server_error, 500)],
)  # fmt: skip
@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_visitor_reads_what_went_wrong_without_the_database(view, status, language):
    request = RequestFactory().get("/ko/nowhere/")
    with translation.override(language):  # no django_db mark: a query here would fail the test
        page = view(request)
    assert page.status_code == status
    text = page.content.decode()
    assert str(status) in text or status == 404
    assert f'lang="{language}"' in text


@pytest.mark.parametrize(
    ("view", "status"), [(errors.bad_request, 400), (errors.server_error, 500)]
)
def test_a_signed_in_person_too_when_the_database_is_what_failed(view, status, settings):
    from django.contrib.auth.middleware import AuthenticationMiddleware
    from django.contrib.messages.middleware import MessageMiddleware

    request = RequestFactory().get("/ko/me/")
    request.session = SessionStore("a-session-that-lies-in-the-database")
    AuthenticationMiddleware(lambda r: None).process_request(request)
    MessageMiddleware(lambda r: None).process_request(request)
    assert view(request).status_code == status


def test_health_is_told_to_machines(db, client):
    assert client.get("/healthz").json() == {
        "ok": True, "database": True, "rules": rules.revision()
    }  # fmt: skip


def test_health_is_503_when_the_database_is_down(monkeypatch):
    def down(*args, **kwargs):
        raise OSError("connection refused")

    monkeypatch.setattr(health.connection, "cursor", down)
    answer = Client().get("/healthz")
    assert answer.status_code == 503 and json.loads(answer.content)["ok"] is False


@pytest.mark.django_db
def test_a_page_that_breaks_tells_nothing_of_its_inside(monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("secret detail")

    monkeypatch.setattr("corridor.programs.queries.counts", broken)
    answer = Client(raise_request_exception=False).get("/ko/")
    assert answer.status_code == 500 and "secret detail" not in answer.content.decode()


@pytest.mark.django_db
def test_a_host_that_is_not_ours_is_refused(client):
    assert client.get("/ko/", headers={"host": "evil.example"}).status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    ["/ko/programs/99999999999999999999999/", "/ko/programs/0/", "/ko/hubs/nowhere/",
     "/ko/sectors/nothing/", "/ko/organizations/nobody/", "/ko/pathways/z9/", "/ko/nowhere/"],
)  # fmt: skip
def test_what_is_not_there_is_404(client, address):
    assert client.get(address).status_code == 404


# --- signing up -----------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("where", "leads_to"),
    [
        ("/ko/programs/", "/ko/programs/"),
        ("https://evil.example/", "/ko/welcome/"),
        ("//evil.example/", "/ko/welcome/"),
        ("javascript:alert(1)", "/ko/welcome/"),
        ("\\\\evil.example", "/ko/welcome/"),
    ],
)
def test_signing_up_and_in_leads_back_only_within_this_site(where, leads_to):
    client = Client()
    made = client.post("/ko/account/signup/", {**GOOD, "next": where})
    assert (made.status_code, made.headers["Location"]) == (302, leads_to)
    client.logout()
    again = client.post(
        "/ko/account/login/",
        {"login": GOOD["email"], "password": GOOD["password1"], "next": where},
    )
    assert (again.status_code, again.headers["Location"]) == (302, leads_to)


@pytest.mark.django_db
def test_a_person_who_signs_up_has_a_profile_and_an_organization_has_none(client):
    client.post("/en/account/signup/", GOOD)
    user = User.objects.get(email="new@example.org")
    assert user.candidate.walk == "student" and (user.name, user.language) == ("김견본", "en")
    Client().post(
        "/ko/account/signup/", {**GOOD, "email": "firm@example.org", "purpose": "organization"}
    )
    assert not hasattr(User.objects.get(email="firm@example.org"), "candidate")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [{"purpose": "staff"}, {"password1": "short"}, {"email": "x"},
     {"name": ""}, {"password1": "1234567890123"}],
)  # fmt: skip
def test_a_refused_sign_up_makes_nobody_and_keeps_what_was_typed(client, change):
    page = client.post("/en/account/signup/", {**GOOD, **change})
    assert page.status_code == 200 and not User.objects.exists()
    assert {**GOOD, **change}["email"] in page.content.decode()


@pytest.mark.django_db
def test_nobody_becomes_staff_by_typing_it(client):
    client.post("/en/account/signup/", {**GOOD, "is_staff": "on", "is_superuser": "on"})
    user = User.objects.get()
    assert not user.is_staff and not user.is_superuser


@pytest.mark.django_db
def test_an_organization_is_not_verified_by_registering_it():
    user = User.objects.create_user("kim@example.org")
    client_of(user).post(
        "/ko/organizations/new/",
        {"kind": "firm", "country": "KR", "name_ko": "견본정공", "status": "verified",
         "slug": "admin"},
    )  # fmt: skip
    made = Organization.objects.get()
    assert made.status == "unverified" and made.slug != "admin"


# --- what everybody reads -------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_posting_for_search_engines_cannot_break_out_of_its_script(client):
    nasty = "</script><script>alert(1)</script><!--"
    program = open_program(people.host("sample-firm"), nasty, description_en=nasty)
    page = client.get(f"/en/programs/{program.pk}/").content.decode()
    (posting,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    assert json.loads(posting)["title"] == nasty
    assert "<script>alert" not in page


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["joint_research", "training"])
def test_what_is_no_job_is_not_told_to_be_one(client, kind):
    program = open_program(people.host("sample-firm"), kind=kind, details={})
    assert "ld+json" not in client.get(f"/en/programs/{program.pk}/").content.decode()


@pytest.mark.django_db
def test_pages_cost_the_same_for_one_and_three_programs():
    firm = people.host("sample-firm")
    costs: dict[str, list[int]] = {}
    for title in ("One", "Two", "Three"):
        program = open_program(firm, title)
        for page in ("/ko/", "/ko/programs/", "/ko/programs/?q=line", "/ko/hubs/savannah/",
                     f"/ko/programs/{program.pk}/", "/ko/organizations/sample-firm/"):  # fmt: skip
            with CaptureQueriesContext(connection) as asked:
                assert Client().get(page).status_code == 200
            costs.setdefault(re.sub(r"\d+", "N", page), []).append(len(asked))
    assert all(len(set(each)) == 1 for each in costs.values()), costs
    assert {page: each[0] for page, each in costs.items()} == {
        "/ko/": 6, "/ko/programs/": 6, "/ko/programs/?q=line": 7, "/ko/hubs/savannah/": 6,
        "/ko/programs/N/": 6, "/ko/organizations/sample-firm/": 4,
    }  # fmt: skip


@pytest.mark.django_db
def test_pages_carry_the_headers_that_keep_browsers_strict(client):
    answer = client.get("/ko/")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    policy = answer.headers["Content-Security-Policy"]
    for rule in ("object-src 'none'", "base-uri 'self'", "form-action 'self'"):
        assert rule in policy


@pytest.mark.django_db
def test_a_session_is_no_scripts_business(client):
    User.objects.create_user("kim@example.org", "a long password 1")
    client.post(
        "/ko/account/login/", {"login": "kim@example.org", "password": "a long password 1"}
    )
    cookie = client.cookies["sessionid"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"


@pytest.mark.django_db
def test_changing_the_language_leads_back_only_within_this_site(client):
    answer = client.post("/i18n/setlang/", {"language": "en", "next": "https://evil.example/"})
    assert answer.status_code == 302 and "evil" not in answer.headers["Location"]


def test_a_suspicious_request_is_400(monkeypatch):
    assert errors.bad_request(RequestFactory().get("/"), SuspiciousOperation()).status_code == 400


def test_who_wants_to_register_an_organization_is_told_why_to_sign_in(client):
    said = "To register an organization, sign in or make an account first."
    page = client.get("/en/organizations/new/", follow=True).content.decode()
    assert said in page and "/account/signup/?next=" in page
    assert said not in client.get("/en/account/login/?next=/en/about/").content.decode()
