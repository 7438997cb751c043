"""A round in the browser's terms: opened by the university, chosen, ranked blind, told to each."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from corridor.matching.cohorts import queries as cohorts
from corridor.matching.models import CohortRound
from corridor.partnerships import services
from tests.matching import people
from tests.web.desks import client_of, member, open_program

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(monkeypatch) -> dict:
    barred: dict[int, str] = {}  # the rules judge in test_cohorts; here only what is named
    monkeypatch.setattr(cohorts, "bar", lambda person, post, *, day: barred.get(post.pk, ""))
    here = people.host("sample-univ", kind="university", country="KR")
    there = people.host("sample-state", kind="university", country="US")
    mine, theirs = member(here), member(there)
    made = services.save_agreement(None, by=mine, organization=here, partner=there,
                                   kind="internship", title_en="Interns")  # fmt: skip
    services.send(made, by=mine)
    for by, side in ((mine, "KR"), (theirs, "US")):
        made = services.sign(made, by=by, side=side, name="A", title="B", day=date(2026, 11, 1))
    programs = [open_program(there, title, agreement=made) for title in ("Fab", "Lab")]
    users = []
    for name in "ab":
        user = people.candidate(f"{name}@example.org").user
        joined = services.affiliate(by=user, university=here, department="기계공학과")
        services.answer_affiliation(joined, by=mine, confirmed=True)
        users.append(user)
    return {"mine": client_of(mine), "theirs": client_of(theirs), "programs": programs,
            "users": users, "barred": barred}  # fmt: skip


def at(name: str, *args) -> str:
    return f"/en{reverse(name, args=args)[3:]}"


def opened(world: dict, **more: str) -> CohortRound:
    fab, lab = world["programs"]
    today = timezone.localdate().isoformat()
    answer = world["mine"].post(
        at("university:round_new", "sample-univ"),
        {"title_en": "Spring", "choose_until": today, "rank_until": today, "most_choices": "2",
         "seed_source": "a closing figure", f"seats-{fab.pk}": "1", f"seats-{lab.pk}": "1", **more},
    )  # fmt: skip
    assert answer.status_code == 302
    made = CohortRound.objects.get()
    world["mine"].post(at("university:round_step", "sample-univ", made.pk, "open"))
    return made


def test_a_round_goes_from_the_first_list_to_the_reasons_on_each_page(world):
    made, (fab, lab) = opened(world), world["programs"]
    clients = [client_of(user) for user in world["users"]]
    for client in clients:
        assert client.get(at("student:round", made.pk)).status_code == 200
        client.post(at("student:round", made.pk),
                    {f"place-{fab.pk}": "1", f"place-{lab.pk}": "2"})  # fmt: skip
    world["mine"].post(at("university:round_step", "sample-univ", made.pk, "close"))
    codes = {each.candidate.user_id: each.code for each in made.entrants.all()}
    first, second = (codes[user.pk] for user in world["users"])
    row_of = {row.program_id: row for row in made.programs.all()}
    address = at("university:round_rank", "sample-state", made.pk, row_of[fab.pk].pk)
    text = world["theirs"].get(address).content.decode()
    assert first in text and "김견본" not in text and "a@example.org" not in text
    for row in row_of.values():
        address = at("university:round_rank", "sample-state", made.pk, row.pk)
        world["theirs"].post(address, {f"place-{first}": "1", f"place-{second}": "2"})
    world["mine"].post(at("university:round_step", "sample-univ", made.pk, "decide"),
                       {"seed": "2,531.40"})  # fmt: skip
    told = [client.get(at("student:round", made.pk)).content.decode() for client in clients]
    assert "Matched with Fab, your 1st choice of 2." in told[0]
    assert "Matched with Lab, your 2nd choice of 2." in told[1]
    assert "all seats (1) went to people ranked before you" in told[1]
    page = world["mine"].get(at("university:round", "sample-univ", made.pk)).content.decode()
    assert "김견본" in page and "Stable: checked just now" in page
    host = world["theirs"].get(at("university:round", "sample-state", made.pk)).content.decode()
    assert first in host and "김견본" not in host
    file = world["mine"].get(at("university:round_inputs", "sample-univ", made.pk))
    assert file.json()["format"] == "corridor-round/1" and file.json()["seed"] == "2,531.40"
    outside = world["theirs"].get(at("university:round_inputs", "sample-state", made.pk))
    assert outside.status_code == 404
    paper = world["theirs"].get(at("university:round_certificate", "sample-state", made.pk))
    assert paper.json()["assignment"][first] == f"program-{fab.pk}"


def test_what_a_student_chose_stays_when_it_is_refused(world):
    made, (fab, lab) = opened(world), world["programs"]
    page = client_of(world["users"][0]).post(
        at("student:round", made.pk), {f"place-{fab.pk}": "2", f"place-{lab.pk}": "2"}
    )
    text = page.content.decode()
    assert "Two programs have the same place." in text and text.count(" selected") >= 2
    assert not made.entrants.exists()


def test_a_stranger_and_the_other_side_do_not_open_or_decide(world):
    made = opened(world)
    stranger = client_of(people.candidate("z@example.org").user)
    assert stranger.get(at("student:round", made.pk)).status_code == 404
    answer = world["theirs"].post(at("university:round_step", "sample-state", made.pk, "close"))
    assert answer.status_code == 403
    made.refresh_from_db()
    assert made.state == "choosing"


def test_a_limit_by_region_is_set_in_the_form_asked_of_students_and_said_to_hosts(world):
    fab, lab = world["programs"]
    made = opened(world, **{"limit-0-group": "region:seoul", "limit-0-most": "1",
                            "limit-1-program": str(lab.pk), "limit-1-group": "region:seoul",
                            "limit-1-most": "0"})  # fmt: skip
    assert {row.program_id: row.at_most for row in made.programs.all()} == {
        fab.pk: {"seoul": 1}, lab.pk: {"seoul": 0},
    }  # fmt: skip
    client = client_of(world["users"][0])
    page = client.get(at("student:round", made.pk)).content.decode()
    assert "At most 1 from “Seoul”" in page and "Nobody from “Seoul”" in page
    refused = client.post(at("student:round", made.pk), {f"place-{fab.pk}": "1"})
    assert "Say where your home is" in refused.content.decode()
    client.post(at("student:round", made.pk), {f"place-{fab.pk}": "1", "region": "seoul"})
    assert made.entrants.get().group == "seoul"
    world["mine"].post(at("university:round_step", "sample-univ", made.pk, "close"))
    row = made.programs.get(program=fab)
    host = world["theirs"].get(at("university:round_rank", "sample-state", made.pk, row.pk))
    assert "At most 1 from “Seoul”" in host.content.decode()


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"limit-0-group": "kind:student"}, "Say how many at most."),
        ({"limit-0-most": "2"}, "Say which group this limits."),
        ({"limit-0-group": "kind:student", "limit-0-most": "1",
          "limit-1-group": "region:seoul", "limit-1-most": "1"}, "not by both"),
    ],
)  # fmt: skip
def test_a_limit_that_says_half_or_two_things_is_refused_and_kept(world, typed, told):
    fab = world["programs"][0]
    today = timezone.localdate().isoformat()
    page = world["mine"].post(
        at("university:round_new", "sample-univ"),
        {"title_en": "Spring", "choose_until": today, "rank_until": today, "most_choices": "2",
         "seed_source": "a closing figure", f"seats-{fab.pk}": "1", **typed},
    )  # fmt: skip
    text = page.content.decode()
    assert page.status_code == 200 and told in text
    assert page.context["form"].has_limits and "<details class=\"fold \" open" in text
    assert not CohortRound.objects.exists()


def test_a_wish_that_cannot_come_true_is_told_while_one_may_still_change_it(world):
    made, (fab, _lab) = opened(world), world["programs"]
    world["barred"][fab.pk] = "pathway_unknown"
    client = client_of(world["users"][0])
    client.post(at("student:round", made.pk), {f"place-{fab.pk}": "1"})
    page = client.get(at("student:round", made.pk)).content.decode()
    assert "As it stands today, this cannot come true" in page
    assert "no visa route could be confirmed for you here" in page
    world["mine"].post(at("university:round_step", "sample-univ", made.pk, "close"))
    page = client.get(at("student:round", made.pk)).content.decode()
    assert "These wishes cannot come true" in page
    host = world["theirs"].get(at("university:round", "sample-state", made.pk)).content.decode()
    assert "For 1 student no visa route could be confirmed here." in host
    home = world["theirs"].get(at("firm:home", "sample-state")).content.decode()
    assert "Rank the students who chose" in home


# --- a draft that is edited until it opens --------------------------------------------------------


def draft(world: dict) -> CohortRound:
    fab, lab = world["programs"]
    today = timezone.localdate().isoformat()
    world["mine"].post(
        at("university:round_new", "sample-univ"),
        {"title_en": "Spring", "choose_until": today, "rank_until": today, "most_choices": "2",
         "seed_source": "a closing figure", f"seats-{fab.pk}": "3", f"seats-{lab.pk}": "2",
         "limit-0-group": "kind:student", "limit-0-most": "1"},
    )  # fmt: skip
    return CohortRound.objects.get()


def typed_of(page: str) -> dict[str, str]:
    """What the form of the page would send as it stands."""
    form = page[page.index('<form class="form"') :]
    found = dict(re.findall(r'<input type="[^"]+" name="([^"]+)" value="([^"]*)"', form))
    for name, body in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)"[^>]* selected', body)
        found[name] = chosen[1] if chosen else ""
    return found


def test_a_draft_is_edited_with_what_it_holds_until_it_opens(world):
    made, (fab, lab) = draft(world), world["programs"]
    address = at("university:round_edit", "sample-univ", made.pk)
    typed = typed_of(world["mine"].get(address).content.decode())
    assert (typed[f"seats-{fab.pk}"], typed[f"seats-{lab.pk}"]) == ("3", "2")
    assert (typed["limit-0-group"], typed["limit-0-most"]) == ("kind:student", "1")
    world["mine"].post(address, {**typed, "title_en": "Autumn", f"seats-{lab.pk}": "0",
                                 "limit-0-most": "2"})  # fmt: skip
    made.refresh_from_db()
    assert made.title_en == "Autumn"
    (row,) = made.programs.all()
    assert (row.program_id, row.seats, row.at_most) == (fab.pk, 3, {"student": 2})
    again = world["mine"].post(address, {**typed, "title_en": "Winter"}).content.decode()
    assert "Somebody else changed this" in again and "Winter" in again, "what was typed stays"
    made.refresh_from_db()
    assert made.title_en == "Autumn"
    world["mine"].post(at("university:round_step", "sample-univ", made.pk, "open"))
    assert world["mine"].get(address).status_code == 404, "students were told what it holds"


def test_only_who_runs_the_round_edits_it(world):
    made = draft(world)
    for slug, client in (("sample-state", world["theirs"]), ("sample-univ", world["theirs"])):
        answer = client.get(at("university:round_edit", slug, made.pk))
        assert answer.status_code in (403, 404)


def test_without_a_program_the_new_round_says_what_to_do_and_offers_no_form(world):
    for each in world["programs"]:
        each.status = "closed"
        each.save()
    text = world["mine"].get(at("university:round_new", "sample-univ")).content.decode()
    assert "No program can take part yet" in text and at("university:agreements", "sample-univ")
    assert 'name="title_en"' not in text
