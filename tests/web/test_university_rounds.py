"""A round in the browser's terms: opened by the university, chosen, ranked blind, told to each."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from corridor.matching.cohorts import services as cohorts
from corridor.matching.models import CohortRound
from corridor.partnerships import services
from tests.matching import people
from tests.web.desks import client_of, member, open_program

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(monkeypatch) -> dict:
    monkeypatch.setattr(cohorts, "_bar", lambda person, post, day: "")  # judged in test_cohorts
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
            "users": users}  # fmt: skip


def at(name: str, *args) -> str:
    return f"/en{reverse(name, args=args)[3:]}"


def opened(world: dict) -> CohortRound:
    fab, lab = world["programs"]
    today = timezone.localdate().isoformat()
    answer = world["mine"].post(
        at("university:round_new", "sample-univ"),
        {"title_en": "Spring", "choose_until": today, "rank_until": today, "most_choices": "2",
         "seed_source": "a closing figure", f"seats-{fab.pk}": "1", f"seats-{lab.pk}": "1"},
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
