"""A typed name is the account's own in either order, and another person's never is."""

from __future__ import annotations

import unicodedata

import pytest
from django.urls import reverse

from corridor.accounts import names
from corridor.accounts.models import User
from corridor.common.models import AuditEntry
from tests.matching import people
from tests.web.desks import client_of

KIM = User(name="김견본", name_roman="Gyeon-bon Kim")


@pytest.mark.parametrize("typed", [
    "김견본", "김 견본", "견본 김", unicodedata.normalize("NFD", "김견본"), "Gyeonbon Kim",
    "KIM, Gyeon Bon", "kim gyeon-bon", "Kim Gyeonbon", "Ｋｉｍ Gyeonbon", "김견본(견본)",
])  # fmt: skip
def test_spaces_hyphens_case_and_order_make_no_other_name(typed):
    assert names.is_of(KIM, typed)


@pytest.mark.parametrize("typed", ["이견본", "김견", "Gyeonbon Lee", "Kim", "x", "--"])
def test_another_name_is_not_the_persons(typed):
    assert not names.is_of(KIM, typed)


def test_the_mark_of_a_sample_need_not_be_typed():
    assert names.is_of(User(name="Alex Moore (Sample)"), "Moore, Alex")


def test_an_account_without_a_name_has_nothing_to_compare_with():
    assert names.of(User()) == [] and names.is_of(User(), "Alex Moore")


@pytest.mark.django_db
def test_staff_put_a_members_name_right_and_leave_a_candidates_to_its_owner():
    staff = User.objects.create_user("staff@example.org", is_staff=True, is_superuser=True)
    member = User.objects.create_user("hr@example.org", name="HR Savannah")
    browser = client_of(staff)
    address = reverse("admin:accounts_user_change", args=[member.pk])
    assert 'name="name"' in browser.get(address).text
    given = {"name": "Kim Minji", "name_roman": "Kim Minji", "is_active": "on"}
    assert browser.post(address, given).status_code == 302
    member.refresh_from_db()
    assert member.name == "Kim Minji" and member.is_active
    assert AuditEntry.objects.get(action="user.named").values == {"fields": ["name", "name_roman"]}
    candidate = people.candidate().user
    page = browser.get(reverse("admin:accounts_user_change", args=[candidate.pk])).text
    assert 'name="name"' not in page and 'name="is_active"' in page
