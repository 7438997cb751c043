"""What pages say of a route's steps: done or only stated, one scale of days, and whether whoever
applies in time can also begin in time."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from corridor import rules
from corridor.matching import facts
from corridor.programs.models import Program
from corridor.web import routes, way
from tests.matching import people
from tests.web.desks import START, applicant, at, client_of, member, open_program

pytestmark = pytest.mark.django_db
HOSTS_WORD = {
    "program.ds7002_signed_by_all": True, "program.insurance_meets_62_14": True,
    "program.host_workers_comp_verified": True, "program.occupational_category_designated": True,
    "program.field_matches_academic_field": True,
}  # fmt: skip


@pytest.fixture
def firm():
    return people.host("sample-firm")


def visit() -> Client:
    return Client(headers={"accept-language": "en"})


def steps(client: Client, program: Program, route: str = "j1_intern") -> dict[str, str]:
    """The words of each step on the program's page, by the step's sentence."""
    text = client.get(f"/en/programs/{program.pk}/?route={route}").content.decode()
    listed = text[text.index('class="stations steps"') :]
    listed = listed[: listed.index("</ol>")]
    found = {}
    for item in re.findall(r"<li.*?</li>", listed, re.S):
        words = " ".join(re.sub(r"<[^>]+>", " ", item).split())
        found[words] = item
    return {words: item for words, item in found.items() if words}


def one(found: dict[str, str], start: str) -> tuple[str, str]:
    return next((words, item) for words, item in found.items() if words.startswith(start))


def test_to_a_visitor_no_step_is_done_that_only_the_host_has_stated(firm):
    post = open_program(firm, rule_facts=HOSTS_WORD)

    found = steps(visit(), post)

    for start in ("Take out insurance", "Write the training plan", "Verify the host",
                  "Choose a sponsor"):  # fmt: skip
        words, item = one(found, start)
        assert "stated by the host" in words and "Begin by" in words
        assert "is-done" not in item
    assert not any("is-done" in item for item in found.values())


def test_a_step_that_the_visitor_answered_for_is_done_by_their_own_word(firm):
    post, client = open_program(firm, rule_facts=HOSTS_WORD), visit()
    answers = {"program.insurance_meets_62_14": "true", "candidate.nationality": "KR"}
    client.post(f"/en/programs/{post.pk}/", answers)

    words, item = one(steps(client, post), "Take out insurance")

    assert "is-done" in item and "stated by the host" not in words


def test_of_a_visitors_studies_nobody_says_that_they_are_in_the_field(firm):
    post = open_program(firm, rule_facts=HOSTS_WORD)
    text = visit().get(f"/en/programs/{post.pk}/?route=j1_intern").content.decode()
    met = text[text.index("What is met") :] if "What is met" in text else ""
    met = met[: met.index("</div>")] if met else ""

    assert "academic field" not in met
    assert "stated by the host" in met, "the insurance, as the host says"


def test_a_route_that_works_says_how_much_of_it_rests_on_the_hosts_word(firm):
    post = open_program(firm, rule_facts=HOSTS_WORD)
    found = rules.assess(
        facts.program_facts(post), day=timezone.localdate(), pathways=["j1_intern"]
    ).verdicts[0]
    works = replace(found, verdict="eligible")
    with override("en"):
        assert routes.why(works).endswith("conditions are met on the facts known.")
        assert "4 of them rest on the host’s word alone" in routes.why(
            works.upon(facts.claims(post))
        )


def test_the_year_stands_once_where_both_days_are_in_it():
    days = date(2027, 1, 4), date(2027, 1, 8)
    with override("en"):
        assert way.begin_and_done(*days) == "Begin by Jan. 4, done by Jan. 8, 2027"
        assert way.begin_and_done(date(2026, 12, 30), days[0]) == (
            "Begin by Dec. 30, 2026, done by Jan. 4, 2027"
        )
    with override("ko"):
        assert way.begin_and_done(*days) == "2027년 1월 4일까지 시작, 1월 8일까지 완료"


def test_a_firm_reads_its_own_word_as_its_own(firm):
    owner = member(firm)
    application = applicant(open_program(firm, rule_facts=HOSTS_WORD))

    page = client_of(owner).get(at("firm:application", firm.slug, application.pk)).text

    assert "stated by your organization" in page


# --- days -------------------------------------------------------------------------------------


def days_of(found: dict[str, str]) -> list[tuple[date, date]]:
    def day(text: str, year: str) -> date:  # “Jan. 11”, “March 2”
        month, number = text.split()
        return datetime.strptime(f"{month[:3]} {number} {year}", "%b %d %Y").date()

    each = r"([A-Z][a-z]+\.? \d+)(?:, (\d{4}))?"
    told = [re.search(f"Begin by {each}, done by {each}", words) for words in found]
    return [(day(m[1], m[2] or m[4]), day(m[3], m[4])) for m in told if m]


@pytest.mark.parametrize("ahead", [200, 100, 75])
def test_the_days_of_all_steps_run_on_one_scale_and_in_order(firm, ahead):
    start = timezone.localdate() + timedelta(days=ahead)
    post = open_program(firm, starts_on=start, ends_on=start + timedelta(days=150))

    found = days_of(steps(visit(), post))

    assert len(found) > 5
    assert found == sorted(found)
    assert all(begin <= done <= start for begin, done in found)
    page = visit().get(f"/en/programs/{post.pk}/?route=j1_intern").text
    assert "The days are counted back from the first day with every step at its" in page


def apply_by(firm, last: timedelta) -> Program:
    """A program with as many days between the last day to apply and the first day."""
    return open_program(firm, apply_by=START - last)


def test_whoever_may_apply_after_the_route_must_have_begun_is_warned(firm):
    late, early = apply_by(firm, timedelta(days=10)), apply_by(firm, timedelta(days=150))

    def warned(program: Program) -> bool:
        page = visit().get(f"/en/programs/{program.pk}/?route=j1_intern").text
        return "but to make the start, this route must be begun by" in page

    assert warned(late) and not warned(early)


def test_a_firm_is_warned_while_it_posts(firm):
    owner, late = member(firm), apply_by(firm, timedelta(days=10))
    client = client_of(owner)

    def warned() -> str:
        page = client.get(at("firm:program_section", firm.slug, late.pk, "terms")).text
        page = re.sub(r'<span class="nowrap">([^<]+)</span>', r"\1", page)  # visa classes
        found = re.search(r"One can apply until [^<]+", page)
        return found[0] if found else ""

    assert "J-1 Intern by" in warned() and "Set an earlier last day to apply" in warned()
    Program.objects.filter(pk=late.pk).update(apply_by=START - timedelta(days=180))
    assert warned() == ""


def test_a_route_that_is_too_late_anyhow_warns_of_that_alone():
    assert way.apply_warning(None, date(2027, 1, 1)) == ""
