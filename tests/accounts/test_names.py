"""A typed name is the account's own in either order, and another person's never is."""

from __future__ import annotations

import unicodedata

import pytest

from corridor.accounts import names
from corridor.accounts.models import User

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
