"""What anybody may read through the API, and assess."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.utils import timezone
from rest_framework.test import APIClient

from corridor.places.models import HubAnchor, InvestmentProject
from tests.matching.people import DAY, hub, program, sector

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture(autouse=True)
def unthrottled():
    cache.clear()


@pytest.fixture
def api() -> APIClient:
    return APIClient(HTTP_ACCEPT_LANGUAGE="en")


def upcoming(title: str, **fields):
    return program(title, **{"starts_on": TODAY + timedelta(days=90),
                             "ends_on": TODAY + timedelta(days=450), **fields})  # fmt: skip


def titles(answer) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [row["title_en"] for row in answer.json()["results"]]


def test_open_programs_are_listed_and_drafts_and_closed_ones_are_not(api):
    upcoming("Open")
    upcoming("Draft", status="draft")
    upcoming("Closed", status="closed")
    assert titles(api.get("/api/v1/programs/")) == ["Open"]


def test_programs_are_searched_in_one_language_and_found_in_the_other(api):
    upcoming("Welding internship")
    upcoming("Accounting internship")
    assert titles(api.get("/api/v1/programs/", {"q": "용접"})) == ["Welding internship"]


def test_filters_combine_within_and_between_facets(api):
    upcoming("A", kind="training", state="GA")
    upcoming("B", kind="internship", state="GA")
    upcoming("C", kind="training", state="TX")
    found = api.get("/api/v1/programs/?kind=training&kind=internship&state=GA&order=new")
    assert sorted(titles(found)) == ["A", "B"]


@pytest.mark.parametrize(
    "query",
    [
        {"q": "\x00"}, {"q": "'; drop table"}, {"q": "%"}, {"q": "a" * 5000}, {"from": "tomorrow"},
        {"kind": "\x00"}, {"state": "GA\x00"}, {"min": "9" * 50}, {"order": "pk; --"},
        {"sector": "\ud800".encode("utf-8", "surrogatepass")},
    ],
)  # fmt: skip
def test_hostile_queries_get_an_answer_and_no_fault(api, query):
    assert api.get("/api/v1/programs/", query).status_code in (200, 400)


def test_a_page_that_is_not_there_is_said_so(api):
    assert api.get("/api/v1/programs/?page=99").status_code == 404
    assert api.get("/api/v1/programs/?page=no").status_code == 404


def test_a_program_is_read_with_its_duties_and_requirements(api):
    duty = {"text": "Maintain", "activity": "service", "share_pct": 60,
            "where": "supplied_machine", "paid_by": "korean_employer"}  # fmt: skip
    made = upcoming("Whole", skills={"plc": True}, duties=[duty])
    said = api.get(f"/api/v1/programs/{made.pk}/").json()
    assert said["duties"] == [{**duty, "place": "", "payer": ""}]
    assert [(need["ref"], need["is_required"]) for need in said["requirements"]] == [("plc", True)]
    assert (said["hub"], said["sector"], said["is_sample"]) == ("savannah", "batteries", False)


@pytest.mark.parametrize("pk", ["0", "none", "99999999999999999999", "-1"])
def test_a_program_that_is_not_there_is_not_found(api, pk):
    assert api.get(f"/api/v1/programs/{pk}/").status_code == 404


def test_a_draft_is_not_found_by_its_number(api):
    made = upcoming("Draft", status="draft")
    assert api.get(f"/api/v1/programs/{made.pk}/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_of_programs_costs_the_same_however_long(api, count, django_assert_num_queries):
    for number in range(count):
        upcoming(f"P{number}", sector=sector(f"s{number}"), hub=hub(f"h{number}"))
    with django_assert_num_queries(3):
        assert len(titles(api.get("/api/v1/programs/"))) == count


@pytest.mark.parametrize("count", [1, 3])
def test_one_program_costs_the_same_however_many_duties(api, count, django_assert_num_queries):
    made = upcoming("P", duties=[{"text": f"d{n}", "activity": "learn"} for n in range(count)],
                    skills={f"s{n}": True for n in range(count)})  # fmt: skip
    with django_assert_num_queries(3):
        assert len(api.get(f"/api/v1/programs/{made.pk}/").json()["duties"]) == count


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_of_hubs_costs_the_same_however_long(api, count, django_assert_num_queries):
    for number in range(count):
        made = hub(f"h{number}")
        made.sectors.add(sector(f"s{number}"))
        sourced = {"source_title": "-", "evidence": "background", "as_of": DAY}
        HubAnchor.objects.create(hub=made, name="Plain", kind="firm", **sourced)
        InvestmentProject.objects.create(
            slug=f"p{number}", hub=made, sector=sector(f"s{number}"), firm_name_en="Plain",
            firm_name_ko="평범", title_en="Plant", title_ko="공장", phase="build", **sourced,
        )  # fmt: skip
    with django_assert_num_queries(5):
        found = api.get("/api/v1/hubs/").json()["results"]
    assert [len(one["projects"]) for one in found] == [1] * count


def test_one_hub_and_the_sectors_are_read_by_slug(api):
    hub("savannah")
    sector("batteries")
    assert api.get("/api/v1/hubs/savannah/").json()["state"] == "GA"
    assert api.get("/api/v1/hubs/atlantis/").status_code == 404
    assert [one["slug"] for one in api.get("/api/v1/sectors/").json()] == ["batteries"]


def test_the_api_is_for_reading_where_nothing_else_is_said(api):
    made = upcoming("P")
    for verb in ("post", "put", "patch", "delete"):
        assert getattr(api, verb)(f"/api/v1/programs/{made.pk}/").status_code in (403, 405)
        assert getattr(api, verb)("/api/v1/hubs/").status_code in (403, 405)


def test_an_address_that_is_not_there_answers_in_json(api):
    answer = api.get("/api/v1/nothing/")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/json")


# --- assess -------------------------------------------------------------------------------------


def ask(api, **said):
    return api.post("/api/v1/assess/", said, format="json")


def test_assess_gives_verdicts_with_reasons_for_the_stated_facts_and_day(api):
    answer = ask(api, candidate={"nationality": "KR", "us_status": "none"}, day="2027-01-04",
                 pathways=["f1_opt"]).json()  # fmt: skip
    (verdict,) = answer["verdicts"]
    assert (answer["day"], verdict["verdict"]) == ("2027-01-04", "not_eligible")
    assert verdict["reasons"][0]["citation"].startswith("8 CFR")


def test_assess_speaks_the_readers_language(api):
    def reason(language: str) -> str:
        said = {"candidate": {"us_status": "none"}, "pathways": ["f1_opt"]}
        answer = api.post("/api/v1/assess/", said, format="json", HTTP_ACCEPT_LANGUAGE=language)
        return answer.json()["verdicts"][0]["reasons"][0]["message"]

    assert "student" in reason("en")
    assert "학생" in reason("ko")


def test_assess_asks_what_is_open_as_questions_in_the_readers_language(api):
    said = {"candidate": {"nationality": "KR"}, "kind": "internship"}
    for language, word in (("en", "status"), ("ko", "신분")):
        answer = api.post("/api/v1/assess/", said, format="json", HTTP_ACCEPT_LANGUAGE=language)
        questions = answer.json()["questions"]
        assert [each["fact"] for each in questions] == answer.json()["missing"]
        asked = next(each for each in questions if each["fact"] == "candidate.us_status")
        assert word in asked["question"]
        assert asked["who"] == "candidate"
        assert {"value": "F-1", "label": asked["choices"][1]["label"]} in asked["choices"]
        assert asked["pathway"] and asked["why"] and asked["citation"]


def test_nothing_stated_is_unknown_and_makes_no_pathway_eligible(api):
    verdicts = ask(api, candidate={}).json()["verdicts"]
    assert verdicts
    assert "eligible" not in {verdict["verdict"] for verdict in verdicts}


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        ({"candidate": {"natonality": "KR"}}, "facts", "did you mean candidate.nationality"),
        ({"candidate": {"nationality": 3}}, "facts", "two-letter country code"),
        ({"candidate": {"english_verified": "yes"}}, "facts", "true or false"),
        ({"program": {"duration_months": -1}}, "facts", "or more"),
        ({"program": {"duration_months": [1]}}, "facts", "must be a number"),
        ({"candidate": "KR"}, "candidate", "dictionary"),
        ({"candidat": {}}, "candidat", "Did you mean “candidate”"),
        ({"day": "2026-02-30"}, "day", "format"),
        ({"kind": "job"}, "kind", "job"),
        ({"pathways": ["j1_inten"]}, "facts", "did you mean j1_intern"),
        ({"pathways": "j1_intern"}, "pathways", "list"),
    ],
)
def test_assess_refuses_what_it_cannot_read_in_clear_words(api, said, field, words):
    answer = ask(api, **said)
    assert answer.status_code == 400
    assert words in str(answer.json()[field])


@pytest.mark.parametrize("body", ["", "{", "[]", '"x"', '{"candidate": NaN}', "[" * 50_000])
def test_a_body_that_is_no_object_is_refused(api, body):
    answer = api.post("/api/v1/assess/", body, content_type="application/json")
    assert answer.status_code in (200, 400)
    if body:
        assert answer.status_code == 400


# --- the schema ---------------------------------------------------------------------------------


def test_the_schema_is_valid_and_names_every_door(api, tmp_path):
    path = tmp_path / "schema.yaml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(path))
    said = path.read_text()
    for door in ("programs", "hubs", "sectors", "me/profile", "me/matches", "me/applications",
                 "assess"):  # fmt: skip
        assert f"/api/v1/{door}/" in said


def test_the_schemas_page_opens(api):
    assert api.get("/api/v1/docs/").status_code == 200
    assert api.get("/api/v1/schema/").status_code == 200
