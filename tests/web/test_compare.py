"""Programs side by side, and “not now” as a person meets it."""

from __future__ import annotations

import pytest
from django.test import Client

from corridor.candidates.models import Candidate
from tests.matching import people
from tests.web.desks import client_of, open_program

pytestmark = pytest.mark.django_db


@pytest.fixture
def posts() -> list:
    firm = people.host()
    return [open_program(firm, f"Program {name}", hub=people.hub()) for name in "ABCDE"]


def address(posts: list, more: str = "") -> str:
    return "/en/compare/?" + "&".join(f"p={post.pk}" for post in posts) + more


def test_a_visitor_compares_two_programs_without_a_score(posts):
    text = Client().get(address(posts[:2])).content.decode()
    assert "Program A" in text and "Program B" in text and "Program C" not in text
    for told in ("Visa routes", "Government fees, by who pays", "Can the start be met?"):
        assert told in text
    assert "of 100" not in text


def test_a_candidate_sees_how_each_fits_part_by_part(posts):
    me = people.candidate(skills_text="PLC")
    text = client_of(me.user).get(address(posts[:2])).content.decode()
    assert text.count("of 100</span>") == 2 and "Wishes" in text


def test_four_fit_and_more_are_said_to_be_left_out(posts):
    text = Client().get(address(posts)).content.decode()
    assert "Program D" in text and "Program E" not in text
    assert "1 more program is left out" in text


def test_a_column_is_taken_out_by_an_address_without_it(posts):
    text = Client().get(address(posts[:2])).content.decode()
    assert f'href="?p={posts[1].pk}"' in text and f'href="?p={posts[0].pk}"' in text


@pytest.mark.parametrize("more", ["&p=x", "&p=-1", "&p=" + "9" * 40, "&p=", "&q=%00"])
def test_a_strange_address_does_no_harm(posts, more):
    assert Client().get(address(posts[:1], more)).status_code == 200


def test_a_draft_is_shown_to_no_stranger_and_nothing_chosen_helps_on(posts):
    posts[0].status = "draft"
    posts[0].save()
    text = Client().get(address(posts[:1])).content.decode()
    assert "Program A" not in text and "no longer there" in text
    assert "Choose programs to compare" in Client().get("/en/compare/").content.decode()


# --- not now ----------------------------------------------------------------------------------


def test_not_now_says_exactly_what_it_did_and_can_be_undone(posts):
    me = people.candidate(skills_text="PLC")
    client = client_of(me.user)
    assert "Why not now?" in client.get("/en/me/matches/").content.decode()
    text = client.post(
        f"/en/me/matches/{posts[0].pk}/not-now/", {"reason": "kind"}, follow=True
    ).content.decode()
    assert "Programs of the kind “Internship” now earn nothing" in text and "50%" in text
    assert "Program A" not in client.get("/en/me/matches/").content.decode()
    client.post("/en/me/matches/put-aside/", {"program": posts[0].pk})
    assert "Program A" in client.get("/en/me/matches/").content.decode()
    assert Candidate.objects.get(pk=me.pk).avoided == []


def test_a_reason_that_only_hides_says_so(posts):
    me = people.candidate()
    text = client_of(me.user).post(
        f"/en/me/matches/{posts[0].pk}/not-now/", {"reason": "pay"}, follow=True
    ).content.decode()
    assert "It is hidden. Nothing else in your list has changed." in text


def test_not_now_twice_or_without_a_reason_does_no_harm(posts):
    me = people.candidate()
    client, where = client_of(me.user), f"/en/me/matches/{posts[0].pk}/not-now/"
    client.post(where, {})
    assert not me.put_aside.exists()
    for reason in ("kind", "pay"):
        client.post(where, {"reason": reason})
    assert me.put_aside.get().reason == "pay"
    assert Candidate.objects.get(pk=me.pk).avoided == []
    for number in ("x", "", "9" * 30):
        assert client.post("/en/me/matches/put-aside/", {"program": number}).status_code == 302


def test_what_is_alike_in_all_is_said_once(posts):
    read = lambda chosen: Client().get(address(chosen)).context["plain"]  # noqa: E731
    assert {row["label"]: row["same"] for row in read(posts[:2])}["Kind"] == "Internship"
    assert not any(row["same"] for row in read(posts[:1]))


def test_a_sponsor_named_in_two_languages_is_named_in_the_readers(posts):
    posts[0].sponsor_name = "브리지 교류재단 / Bridge Exchange"
    posts[0].save()
    text = Client().get(address(posts[:2])).content.decode()
    assert "Bridge Exchange" in text and "브리지 교류재단" not in text
