"""Which route is mine: at most five questions, adaptive, shareable, and nothing personal in it."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from corridor import rules
from corridor.programs.kinds import Kind
from corridor.web import visitor
from corridor.web.public import wizard
from tests.matching import people
from tests.web.desks import open_program

pytestmark = pytest.mark.django_db
START = "/en/routes/"


@pytest.fixture
def client_() -> Client:
    return Client(headers={"accept-language": "en"})


def answer(client: Client, page, value: str):
    """The next page after answering the question on `page`, as a browser without scripts would."""
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"',
                             page.content.decode()))  # fmt: skip
    return client.get(START, {**fields, page.context["fact"]: value}, follow=True)


def begin(client: Client, kind: str):
    return client.get(START, {"step": "begin", "kind": kind, "candidate.nationality": "KR"},
                      follow=True)  # fmt: skip


@pytest.mark.parametrize("kind", Kind.values)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_kind_ends_in_routes_after_at_most_five_questions(client_, kind, language):
    page = client_.get(
        f"/{language}/routes/", {"kind": kind, "candidate.nationality": "KR"}
    )
    asked = []
    while "fact" in page.context:
        asked.append(page.context["fact"])
        assert page.context["why"], f"{asked[-1]} says why it is asked"
        page = client_.get(
            f"/{language}/routes/",
            {**dict(page.context["kept"]), "kind": kind, page.context["fact"]: ""},
        )
        assert page.status_code == 200 and len(asked) < wizard.QUESTIONS
    assert len(asked) == len(set(asked)) == wizard.QUESTIONS - 1
    assert page.context["open"] >= 1
    told = {row["name"] for group in ("settled", "yours", "closed") for row in page.context[group]}
    assert len(told) == sum(
        kind in route.kinds and route.role != "process" for route in rules.pathways()
    )


def test_the_first_question_is_what_one_wants_to_do_with_the_korean_passport_laid_ready(client_):
    page = client_.get(START)
    text = page.content.decode()
    assert "Question 1 of at most 5" in text
    assert page.context["passport"].value() == "KR"
    assert page.context["form"]["kind"].value() in ("", None)
    again = client_.get(START, {"step": "begin", "candidate.nationality": "KR"})
    assert "Please choose one." in again.content.decode()


def test_an_answer_leads_to_a_clean_address_and_the_next_question_depends_on_it(client_):
    page = begin(client_, "dispatch")
    assert page.context["fact"] == "program.activity"
    installing = answer(client_, page, "install_service_repair_foreign_equipment")
    building = answer(client_, page, "building_or_construction_hands_on")
    address, _status = installing.redirect_chain[-1]
    assert dict(parse_qsl(urlsplit(address).query)) == {
        "kind": "dispatch", "candidate.nationality": "KR",
        "program.activity": "install_service_repair_foreign_equipment",
    }  # fmt: skip
    assert installing.context["number"] == building.context["number"] == 3
    assert len(wizard_open(installing)) > len(wizard_open(building))


def wizard_open(page) -> list[str]:
    query = dict(page.context["kept"])
    facts = visitor.known(visitor.from_address(_query(query), ("candidate", "host")))
    found = rules.assess(facts, day=wizard_day(), kind=page.context["kind"])
    return [v.pathway for v in found.verdicts if v.display != "no"]


def _query(values: dict[str, str]):
    from django.http import QueryDict

    made = QueryDict(mutable=True)
    made.update(values)
    return made


def wizard_day():
    from django.utils import timezone

    return timezone.localdate()


def test_no_choice_and_no_answer_are_two_things(client_):
    page = begin(client_, "dispatch")
    kept = dict(page.context["kept"])
    nothing = client_.get(START, {**kept, "kind": "dispatch", "step": "program.activity"})
    assert "Please choose an answer, or say that you do not know." in nothing.content.decode()
    unknown = answer(client_, page, "")
    assert unknown.context["number"] == 3
    back = client_.get(START + unknown.context["back"])
    assert back.context["fact"] == "program.activity"


def test_a_number_that_is_none_is_asked_again_with_the_reason(client_):
    page = begin(client_, "training")
    while rules.facts()[page.context["fact"]].type != "number":
        page = answer(client_, page, "")
    for typed in ("-3", "abc", "1e99"):
        again = answer(client_, page, typed)
        assert again.context["fact"] == page.context["fact"]
        assert again.context["field"].errors, typed


@pytest.mark.parametrize(
    "query",
    ["?kind=nonsense", "?kind=internship", "?kind=internship&candidate.nationality=",
     "?kind=internship&candidate.nationality=KR&candidate.us_status=spy",
     "?kind=internship&candidate.nationality=KR&more=x&step=nonsense",
     "?kind=internship&candidate.nationality=KR&more=99999&program.duration_months=NaN",
     "?kind=internship&candidate.nationality=KR&derived.target_start=2027-01-01"
     "&program.start_date=2028-01-01",
     "?kind=dispatch&candidate.nationality=KR&candidate.us_stays=x&step=candidate.us_stays"],
)  # fmt: skip
def test_an_address_that_somebody_wrote_by_hand_opens(client_, query):
    assert client_.get(START + query, follow=True).status_code == 200


def test_back_and_more_lead_where_they_say(client_):
    page = begin(client_, "internship")
    first = page.context["fact"]
    assert client_.get(START + page.context["back"]).context["number"] == 1
    seen = [first]
    for _step in range(4):
        page = answer(client_, page, "")
        if "fact" in page.context:
            seen.append(page.context["fact"])
    assert page.context["more"]
    more = client_.get(START + page.context["more"])
    assert more.context["number"] == 6 and more.context["most"] == 10
    assert more.context["fact"] not in seen
    back = client_.get(START + page.context["back"])
    assert back.context["fact"] == seen[-1]


def test_personal_facts_are_not_asked_and_in_no_address(client_):
    page = begin(client_, "joint_research")
    for _step in range(4):
        page = answer(client_, page, "")
    text = page.content.decode()
    assert "Before you leave Korea" in text
    here = page.redirect_chain[-1][0]
    moved = client_.post(here, {"candidate.birth_year": "2000", "candidate.sex": "M",
                                "candidate.military_status": "not_completed",
                                "candidate.permit_expiry": ""})  # fmt: skip
    assert moved.status_code == 302
    assert not re.search("2000|sex|military", moved["Location"])
    judged = client_.get(moved["Location"]).context["exit_rule"]
    assert judged["needed"]
    client_.post(here, {"candidate.birth_year": "2000", "candidate.sex": "F",
                        "candidate.military_status": "", "candidate.permit_expiry": ""})
    assert client_.get(here).context["exit_rule"] is None
    stranger = Client().get(here.split("#")[0])
    assert stranger.context["exit_rule"] and not stranger.context["exit_rule"]["needed"]


def test_open_programs_of_the_kind_are_judged_with_the_answers(client_):
    program = open_program(people.host("sample-firm"))
    page = begin(client_, "internship")
    for _step in range(4):
        page = answer(client_, page, "")
    (card,) = page.context["cards"]
    assert card["pk"] == program.pk and card["badges"][0]["name"]
    opened = client_.get(card["href"].partition("#")[0])
    assert {"label": "nationality", "value": "Korea"} in opened.context["asking"]["told"]


def test_the_walk_costs_no_query_and_the_result_a_few_however_many_programs(client_):
    firm = people.host("sample-firm")
    with CaptureQueriesContext(connection) as asked:
        page = begin(client_, "internship")
    assert len(asked) == 0
    while "fact" in page.context:
        page = answer(client_, page, "")
    here = page.redirect_chain[-1][0]
    costs = []
    for title in ("One", "Two", "Three"):
        open_program(firm, title)
        client_.get(here)  # rows of a changed program are read once for every page
        with CaptureQueriesContext(connection) as asked:
            assert client_.get(here).status_code == 200
        costs.append(len(asked))
    assert len(set(costs)) == 1 and costs[0] <= 4, costs


def test_the_wizard_is_found_from_home_the_routes_and_a_program(client_):
    program = open_program(people.host("sample-firm"))
    for address in ("/en/", "/en/pathways/", "/en/pathways/j1_intern/",
                    f"/en/programs/{program.pk}/"):  # fmt: skip
        assert 'href="/en/routes/' in client_.get(address).content.decode(), address


def test_each_activity_offered_is_one_of_the_rules():
    known = set(rules.facts()["program.activity"].choices)
    for kind, offered in wizard.ACTIVITIES.items():
        assert kind in Kind.values and set(offered) <= known
