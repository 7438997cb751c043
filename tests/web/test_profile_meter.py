"""The profile saves itself while one types, and says what each missing fact would change."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from corridor.candidates.models import Candidate, LanguageScore
from corridor.matching import meter, queries
from corridor.rules import facts as fact_registry
from tests.matching import people
from tests.web import desks

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


SKILLS = "PLC programming, HMI, AutoCAD, TIG welding"


def a_fitting_student(**fields: Any) -> Candidate:
    return people.candidate(
        skills_text=SKILLS,
        kinds=["internship"],
        available_from=desks.START,
        educations=[{"degree": "bachelor", "major": "Mechanical engineering",
                     "status": "enrolled", "started_on": date(2024, 3, 1),
                     "ended_on": desks.START + timedelta(days=400)}],
        works=[{"title": "PLC intern", "started_on": date(2025, 1, 1),
                "description": SKILLS}],
        **fields,
    )  # fmt: skip


def say(candidate: Candidate, day: date | None = None) -> dict[str, meter.Change]:
    fresh = Candidate.objects.get(pk=candidate.pk)
    found = meter.what_would_change(fresh, day=day or timezone.localdate(), lang="en")
    return {change.part: change for change in found}


@pytest.fixture
def asking_for_english():
    host = people.host()
    return [
        desks.open_program(host, f"Line internship {n}", summary_en=SKILLS, min_toeic=toeic)
        for n, toeic in enumerate((700, 700, 900))
    ] + [desks.open_program(host, "Quiet work", language="ko")]


def test_every_fact_that_the_meter_names_is_one_of_the_rules():
    for part in meter.FACTS.values():
        assert part <= set(fact_registry())


def test_a_missing_english_score_is_counted_by_scoring_anew(asking_for_english):
    me = a_fitting_student()
    told = say(me)["languages"]
    before = {m.program.pk: m.percent for m in queries.programs_for(me, day=timezone.localdate())}
    moved = set()
    for score in (550, 900):
        LanguageScore.objects.filter(candidate=me).delete()
        LanguageScore.objects.create(candidate=me, test="toeic", score=score)
        fresh = Candidate.objects.get(pk=me.pk)
        for found in queries.programs_for(fresh, day=timezone.localdate()):
            if found.percent != before[found.program.pk]:
                moved.add(found.program.pk)
    assert told.scores == len(moved) > 0
    assert told.looked_at == 4


def test_what_is_filled_in_is_not_asked_for(asking_for_english):
    me = people.candidate(toeic=850)
    assert "languages" not in say(me)


def test_a_route_is_called_settled_only_if_it_hangs_on_that_part_alone(asking_for_english):
    me = people.candidate()
    found = say(me)
    for view in queries.programs_for(me, day=timezone.localdate(), limit=meter.BEST):
        for verdict in view.assessment.verdicts:
            if verdict.display != "unknown":
                continue
            for part, by, alone in meter.hangs_on(verdict, with_major=False):
                assert set(by) <= set(verdict.missing)
                told = found[part]
                if alone:
                    assert verdict.name("en") in told.settled
                else:
                    assert verdict.name("en") in (*told.clearer, *told.settled)
    assert any(change.clearer or change.settled for change in found.values())


def test_nothing_is_said_where_there_are_no_programs():
    assert say(people.candidate()) == {}


def test_the_profile_page_says_it(asking_for_english):
    me = people.candidate()
    page = desks.client_of(me.user).get(reverse("candidate:profile")).content.decode()
    assert "of the 4 programs closest to your profile" in page


# --- saved as one types ---------------------------------------------------------------------------


def work(n: int = 0, **over: str) -> dict[str, str]:
    return {
        "page_token": "page-1", "work-TOTAL_FORMS": "1", "work-INITIAL_FORMS": "0",
        f"work-{n}-employer": "견본회사", f"work-{n}-title": "기사", f"work-{n}-country": "KR",
        f"work-{n}-started_on": "2023-03-01", f"work-{n}-related": "true", **over,
    }  # fmt: skip


@pytest.fixture
def me() -> Candidate:
    return people.candidate()


def save(me: Candidate, section: str, data: dict[str, str]):
    return desks.client_of(me.user).post(reverse("candidate:autosave", args=[section]), data)


def test_what_is_typed_is_saved_without_a_button(me):
    answer = save(me, "skills", {"skills_text": "TIG 용접"})
    assert "Saved at" in answer.content.decode()
    me.refresh_from_db()
    assert me.skills_text == "TIG 용접"


def test_a_row_that_is_not_whole_yet_is_told_and_not_saved(me):
    answer = save(me, "work", work(**{"work-0-started_on": ""}))
    assert "Not saved yet" in answer.content.decode()
    assert "From" in answer.content.decode()
    assert not me.works.exists()


def test_the_same_page_saves_again_and_again_and_then_by_its_button(me):
    client = desks.client_of(me.user)
    address = reverse("candidate:autosave", args=["work"])
    client.post(address, work())
    client.post(address, work(**{"work-0-title": "기장"}))
    assert [each.title for each in me.works.all()] == ["기장"]
    client.post(reverse("candidate:section", args=["work"]),
                work(**{"work-0-title": "반장", "save": "1"}))  # fmt: skip
    assert [each.title for each in me.works.all()] == ["반장"]


def opened(page) -> str:
    return page.content.decode().partition('name="opened" value="')[2].partition('"')[0]


def test_a_second_window_does_not_overwrite_the_first_and_shows_what_it_wrote(me):
    client = desks.client_of(me.user)
    address = reverse("candidate:section", args=["work"])
    second = opened(client.get(address))
    client.post(reverse("candidate:autosave", args=["work"]),
                work(opened=opened(client.get(address))))  # fmt: skip
    other = work(**{"page_token": "page-2", "work-0-title": "다른 창", "opened": second})
    answer = client.post(address, {**other, "save": "1"})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "You changed this in another window meanwhile" in text
    assert "견본회사, 기사" in text, "what stands there now"
    assert 'value="다른 창"' in text, "what was typed here"
    assert [each.title for each in me.works.all()] == ["기사"]
    again = client.post(address, {**other, "opened": opened(answer), "save": "1"})
    assert again.status_code == 302
    assert [each.title for each in me.works.all()] == ["다른 창"]


def test_a_page_that_kept_itself_and_a_lost_answer_are_no_second_window(me):
    client = desks.client_of(me.user)
    address = reverse("candidate:section", args=["skills"])
    page = {"opened": opened(client.get(address)), "page_token": "page-1"}
    client.post(reverse("candidate:autosave", args=["skills"]), {"skills_text": "TIG", **page})
    assert client.post(address, {"skills_text": "TIG 용접", **page}).status_code == 302
    me.refresh_from_db()
    assert me.skills_text == "TIG 용접"


def test_nothing_is_removed_by_itself(me):
    me.works.create(employer="견본회사", title="기사", started_on=date(2023, 3, 1))
    pk = me.works.get().pk
    save(me, "work", work(**{"work-INITIAL_FORMS": "1", "work-0-id": str(pk),
                             "work-0-DELETE": "on"}))  # fmt: skip
    assert me.works.count() == 1


def test_private_facts_are_saved_by_their_button_alone(me):
    assert save(me, "private", {"birth_date": "2000-01-01"}).status_code == 404


def test_the_day_a_program_closes_is_not_counted(asking_for_english):
    me = people.candidate()
    assert say(me, timezone.localdate() + timedelta(days=4000)) == {}
