"""What people read of credentials: the list, one by state, a program's ladder, their own."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from corridor import rules
from corridor.accounts.models import User
from corridor.candidates import services
from corridor.places.services import load_ground
from corridor.programs.models import Program
from tests.databases import load_demo

pytestmark = pytest.mark.django_db


@pytest.fixture
def ground():
    load_ground()


@pytest.fixture
def corridor(db, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    load_demo(timezone.localdate())


def page(client: Client, address: str, lang: str = "ko") -> str:
    client.cookies["django_language"] = lang
    answer = client.get(f"/{lang}{address}")
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def signed_in(email: str) -> Client:
    client = Client()
    client.force_login(
        User.objects.get(email=email), "allauth.account.auth_backends.AuthenticationBackend"
    )
    return client


def test_all_credentials_are_listed_with_what_each_is_worth(ground):
    shown = page(Client(), "/credentials/")
    for credential in rules.credentials():
        assert f"/ko/credentials/{credential.id}/" in shown, credential.id
    assert "자격 36개" in shown and "미확인" in shown


@pytest.mark.parametrize(
    ("query", "has", "lacks"),
    [
        ("?q=용접", "welder", "nurse"),
        ("?q=osha+30", "osha10_30", "welder"),
        ("?sector=ai-software", "abeek_computing_seoul", "welder"),
        ("?sector=shipbuilding", "welder", "gmp"),
        ("?sector=biopharma&q=nclex", "nurse", "pharmacist"),
    ],
)
def test_the_list_is_searched_and_filtered_without_javascript(ground, query, has, lacks):
    rows = page(Client(), f"/credentials/{query}").split('id="licenses"')[0]
    assert f"/credentials/{has}/" in rows and f"/credentials/{lacks}/" not in rows


def test_a_state_changes_what_a_credential_is_worth(ground):
    everywhere = page(Client(), "/credentials/?q=전기기능사", "en")
    michigan = page(Client(), "/credentials/?q=전기기능사&state=MI", "en")
    assert "Not known yet" in everywhere.split('id="licenses"')[0]
    assert "at least 48 months" in michigan and "?state=MI" in michigan


def test_an_unknown_state_or_word_is_no_error(ground):
    assert "자격 36개" in page(Client(), "/credentials/?state=XX")
    assert "찾는 자격이 없습니다" in page(Client(), "/credentials/?q=바리스타")


def test_the_table_of_licenses_says_what_was_not_verified(ground):
    table = page(Client(), "/credentials/", "en").split('id="licenses"')[1]
    assert "Georgia" in table and "not verified" in table
    assert "state license for firms; persons locally" in table


def test_a_credential_shows_its_states_with_law_day_and_how_well_it_is_known(ground):
    shown = page(Client(), "/credentials/electrician/?state=MI")
    assert "MCL 339.5715" in shown and "2026년 11월 27일" in shown
    assert "확인되지 않음" in shown  # of the general entry
    assert "legislature.mi.gov" in shown  # what was read


def test_an_unknown_credential_is_not_found(ground):
    assert Client().get("/ko/credentials/barista/").status_code == 404


def test_every_credential_has_a_page_in_both_languages(ground):
    client = Client()
    for credential in rules.credentials():
        for lang in ("ko", "en"):
            assert credential.name(lang).split("(")[0] in page(
                client, f"/credentials/{credential.id}/", lang
            ).replace("&#x27;", "'")


def test_a_program_shows_two_gates_and_the_steps_to_what_it_asks(corridor):
    program = Program.objects.filter(
        status="published", requirements__ref="electrician", hub__isnull=False
    ).first()
    shown = page(Client(), f"/programs/{program.pk}/")
    ladder = shown.split('id="credentials-title"')[1]
    assert "비자 관문" in ladder and "면허 관문" in ladder
    assert f"/credentials/electrician/?state={program.state}" in ladder
    assert "비자가 있어도 면허가 생기지 않고" in ladder


def test_a_program_that_asks_for_no_credential_shows_a_visitor_no_ladder(corridor):
    program = (
        Program.objects.filter(status="published").exclude(requirements__kind="credential").first()
    )
    assert "credentials-title" not in page(Client(), f"/programs/{program.pk}/")


def test_a_candidate_reads_after_saving_what_each_credential_is_worth(corridor):
    client = signed_in("technician@demo.example")
    candidate = User.objects.get(email="technician@demo.example").candidate
    services.replace_list(
        candidate, by=candidate.user, name="credentials",
        rows=[{"name": "용접기능사"}, {"name": "바리스타 1급"}],
    )  # fmt: skip
    for address in ("/me/profile/", "/me/profile/credentials/"):
        shown = page(client, address)
        assert "/ko/credentials/welder/" in shown
        assert "미국 시험·교육 필요" in shown and "정리된 정보 없음" in shown


def test_an_expired_credential_is_not_counted_as_held(corridor):
    candidate = User.objects.get(email="technician@demo.example").candidate
    program = Program.objects.filter(
        status="published", requirements__ref="osha10_30", hub__isnull=False
    ).first()
    told = []
    for until in (date(2020, 1, 1), None):
        services.replace_list(
            candidate, by=candidate.user, name="credentials",
            rows=[{"name": "OSHA 10", "expires_on": until}],
        )  # fmt: skip
        shown = page(signed_in("technician@demo.example"), f"/programs/{program.pk}/", "en")
        told.append("This is the U.S. credential itself." in shown)
    assert told == [False, True]


def test_the_pages_are_linked_from_the_visa_routes_and_the_foot_of_every_page(ground):
    shown = page(Client(), "/pathways/")
    assert shown.count(f'href="{reverse("public:credentials")}"') >= 3
