"""A candidate's pages: what was typed stays, what is another's stays untouched."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from corridor.candidates.models import Candidate, Work
from corridor.common.models import AuditEntry
from corridor.matching import queries as matching
from tests.matching import people
from tests.web.desks import at, client_of, member, open_program

pytestmark = pytest.mark.django_db
JOB = {"title": "설비 정비", "started_on": date(2023, 1, 1)}


@pytest.fixture
def me() -> Candidate:
    return people.candidate(skills_text="PLC", works=[JOB])


@pytest.fixture
def client_(me) -> Client:
    return client_of(me.user)


def rows(prefix: str, *each: dict[str, Any], initial: int = 0, total: int | None = None) -> dict:
    data = {
        f"{prefix}-TOTAL_FORMS": len(each) if total is None else total,
        f"{prefix}-INITIAL_FORMS": initial, f"{prefix}-MIN_NUM_FORMS": 0,
        f"{prefix}-MAX_NUM_FORMS": 20,
    }  # fmt: skip
    for number, row in enumerate(each):
        data.update({f"{prefix}-{number}-{name}": value for name, value in row.items()})
    return data


@pytest.mark.parametrize(
    ("section", "typed", "told"),
    [
        ("preferences", {"available_from": "2027-03-01", "available_until": "2026-03-01"},
         "must not be before"),
        ("preferences", {"min_months": "12", "max_months": "3"}, "longest stay"),
        ("basics", {"walk": "student", "headline": "가" * 201}, "200"),
        ("private", {"birth_date": "2999-01-01", "passport_number": "M12345678"}, "birth date"),
        ("private", {"birth_date": "31.02.2001", "passport_number": "M12345678"}, "date"),
    ],
)  # fmt: skip
def test_a_refused_form_keeps_what_was_typed_and_saves_nothing(client_, me, section, typed, told):
    page = client_.post(f"/en/me/profile/{section}/", typed)
    text = page.content.decode()
    assert page.status_code == 200 and told in text
    for value in typed.values():
        assert value in text
    assert not AuditEntry.objects.exists()
    kept = Candidate.objects.get(pk=me.pk)
    assert kept.available_from is None and kept.passport_number is None and kept.headline == ""


def test_a_refused_list_keeps_what_was_typed_and_the_old_rows(client_, me):
    page = client_.post(
        "/en/me/profile/work/",
        rows("work", {"id": me.works.get().pk, "employer": "견본중공업", "title": "용접",
                      "country": "KR", "started_on": "2024-05-01", "ended_on": "2020-01-01"},
             initial=1),
    )  # fmt: skip
    assert page.status_code == 200
    assert "견본중공업" in page.content.decode()
    assert me.works.get().employer == "견본회사"


def test_a_list_is_saved_as_it_stands_on_the_page(client_, me):
    first = {"id": me.works.get().pk, "employer": "견본회사", "title": "정비", "country": "KR",
             "started_on": "2023-01-01"}  # fmt: skip
    second = {"employer": "견본중공업", "title": "용접", "country": "KR",
              "started_on": "2020-01-01", "ended_on": "2022-12-31"}  # fmt: skip
    answer = client_.post("/ko/me/profile/work/", rows("work", first, second, initial=1))
    assert answer.status_code == 302
    assert [work.employer for work in me.works.all()] == ["견본회사", "견본중공업"]


def test_a_certificate_that_no_rule_knows_is_kept(client_, me):
    answer = client_.post(
        "/ko/me/profile/credentials/", rows("credentials", {"name": "사내 안전 교육 수료"})
    )
    assert answer.status_code == 302
    assert me.credentials.get().credential_id == ""


def test_another_persons_row_cannot_be_taken_or_changed_by_its_number(client_, me):
    other = people.candidate("lee@example.org", works=[JOB])
    theirs = other.works.get()
    for initial in (0, 1):
        page = client_.post(
            "/ko/me/profile/work/",
            rows("work", {"id": theirs.pk, "employer": "뺏은 회사", "title": "x",
                          "country": "KR", "started_on": "2024-01-01"}, initial=initial),
        )  # fmt: skip
        assert page.status_code in {200, 302}
        theirs.refresh_from_db()
        assert (theirs.candidate, theirs.employer) == (other, "견본회사")
    deleting = {"id": theirs.pk, "employer": "x", "title": "x", "country": "KR",
                "started_on": "2024-01-01", "DELETE": "on"}  # fmt: skip
    client_.post("/ko/me/profile/work/", rows("work", deleting, initial=1))
    assert Work.objects.filter(pk=theirs.pk).exists()


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"work-TOTAL_FORMS": "-1", "work-INITIAL_FORMS": "0"},
        {"work-TOTAL_FORMS": "99999999", "work-INITIAL_FORMS": "0"},
        {"work-TOTAL_FORMS": "x", "work-INITIAL_FORMS": "y"},
        {"work-TOTAL_FORMS": "0", "work-INITIAL_FORMS": "5"},
    ],
)
def test_a_form_with_broken_counters_loses_nothing(client_, me, data):
    answer = client_.post("/ko/me/profile/work/", data)
    assert answer.status_code == 200
    assert me.works.count() == 1


def test_saving_a_list_that_changed_in_another_window_says_so_and_loses_nothing(client_, me):
    address = "/en/me/profile/work/"
    page = client_.get(address).content.decode()
    read = {"opened": page.partition('name="opened" value="')[2].partition('"')[0]}
    old = {"employer": "견본회사", "title": "정비", "country": "KR", "started_on": "2023-01-01"}
    new = {"employer": "견본중공업", "title": "용접", "country": "KR", "started_on": "2020-01-01"}
    client_.post(address, {**rows("work", old, new, initial=1), **read})
    page = client_.post(
        address, {**rows("work", {**old, "title": "정비 반장"}, initial=1), **read}
    )
    assert page.status_code == 200
    assert "You changed this in another window meanwhile" in page.content.decode()
    assert "2. 견본중공업, 용접" in page.content.decode()
    assert me.works.count() == 2


def test_an_unknown_section_is_not_there(client_):
    assert client_.get("/ko/me/profile/secrets/").status_code == 404


@pytest.mark.parametrize("where", ["https://evil.example/", "//evil.example", "1"])
def test_the_next_section_is_never_somewhere_else(client_, where):
    answer = client_.post("/ko/me/profile/skills/", {"skills_text": "PLC", "next": where})
    assert answer.headers["Location"].startswith("/ko/me/profile/")


# --- the rules' questions -------------------------------------------------------------------------


def test_answers_to_facts_that_are_not_asked_are_passed_over(client_, me):
    answer = client_.post(
        "/ko/me/questions/",
        {"candidate.residence_abroad": "true", "candidate.birth_year": "2001",
         "candidate.shoe_size": "265", "program.hours_per_week": "99",
         "candidate.subject_to_212e": "false", "system.bill_enacted": "true"},
    )  # fmt: skip
    assert answer.status_code == 302
    me.refresh_from_db()
    assert me.rule_facts == {"candidate.residence_abroad": True}


def test_an_answer_about_military_service_is_encrypted_and_shown_again(client_, me):
    client_.post("/ko/me/questions/", {"candidate.military_status": "completed"})
    me.refresh_from_db()
    assert me.rule_facts == {} and me.military_status == "completed"
    page = client_.get("/en/me/profile/private/").content.decode()
    assert 'value="completed" selected' in page


def test_an_answer_that_is_none_of_the_choices_is_sent_back(client_, me):
    answer = client_.post("/ko/me/questions/", {"candidate.residence_abroad": "perhaps"})
    assert answer.status_code == 200
    me.refresh_from_db()
    assert me.rule_facts == {}


@pytest.mark.parametrize("number", ["0", "abc", "99999999999999999999", "-1"])
def test_questions_about_a_program_that_is_not_there_are_general_ones(client_, number):
    assert client_.get(f"/ko/me/questions/?program={number}").status_code == 200


def test_a_draft_program_is_not_there_by_its_number(client_):
    firm = people.host("sample-firm")
    hidden = open_program(firm, "Secret plan", status="draft")
    for address in (f"/en/programs/{hidden.pk}/", f"/en/me/apply/{hidden.pk}/"):
        assert client_.get(address, follow=True).status_code == 404
    assert "Secret plan" not in client_.get(
        f"/en/me/questions/?program={hidden.pk}"
    ).content.decode()
    assert client_of(member(firm)).get(f"/en/programs/{hidden.pk}/").status_code == 200


# --- applying -------------------------------------------------------------------------------------


def test_applying_without_agreeing_keeps_the_draft_and_sends_nothing(client_, me):
    program = open_program(people.host("sample-firm"))
    page = client_.post(f"/en/me/apply/{program.pk}/", {"cover_note": "배우고 싶습니다."})
    text = page.content.decode()
    assert page.status_code == 200 and "Nothing was sent." in text and "배우고 싶습니다." in text
    assert me.applications.get().state == "draft"


def test_applying_sends_once_however_often_the_button_is_pressed(client_, me):
    program = open_program(people.host("sample-firm"))
    for _click in range(2):
        answer = client_.post(
            f"/ko/me/apply/{program.pk}/", {"cover_note": "a", "consents": "on"}
        )
        assert answer.status_code == 302
    application = me.applications.get()
    assert application.state == "submitted" and application.events.count() == 1


def test_a_closed_program_says_so_and_takes_nothing(client_, me):
    program = open_program(people.host("sample-firm"), status="closed")
    page = client_.post(f"/en/me/apply/{program.pk}/", {"cover_note": "a", "consents": "on"})
    assert "takes no applications now" in page.content.decode()
    assert not me.applications.exists()


@pytest.mark.parametrize("to", ["", "hired", "under_review", "submitted", "\x00"])
def test_a_step_that_cannot_be_taken_says_so(client_, me, to):
    program = open_program(people.host("sample-firm"))
    client_.post(f"/ko/me/apply/{program.pk}/", {"cover_note": "a", "consents": "on"})
    application = me.applications.get()
    answer = client_.post(f"/ko/me/applications/{application.pk}/", {"to": to})
    assert answer.status_code == 302
    application.refresh_from_db()
    assert application.state == "submitted"


def test_another_persons_application_is_not_there(client_):
    program = open_program(people.host("sample-firm"))
    other = people.candidate("lee@example.org")
    client_of(other.user).post(f"/ko/me/apply/{program.pk}/", {"cover_note": "a", "consents": "on"})
    address = f"/ko/me/applications/{other.applications.get().pk}/"
    assert client_.get(address).status_code == client_.post(address).status_code == 404


def test_matches_cost_the_same_for_one_and_three_programs(
    client_, me
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    firm = people.host("sample-firm")
    spent = []
    for title in ("One", "Two", "Three"):
        open_program(firm, title, skills={"plc": True})
        people.embed_everything()
        client_.get("/ko/me/matches/")  # rows of a changed program are read once for every page
        with CaptureQueriesContext(connection) as asked:
            assert client_.get("/ko/me/matches/").status_code == 200
        spent.append(len(asked))
    assert spent == [11, 11, 11], spent
    assert matching.programs_for(me, day=date.today())


def test_who_comes_back_to_a_buttons_address_after_signing_in_reads_what_to_do():
    me = people.candidate()
    page = client_of(me.user).get(at("candidate:visibility"))
    assert page.status_code == 405 and page["Allow"] == "POST"
    assert "press the button once more" in page.content.decode()
