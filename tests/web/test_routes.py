"""Where people meet the rules: a route in full, a visitor's answers, what a host may read of it."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from corridor.applications.models import Application
from corridor.programs.models import Duty, Program
from corridor.web import since, visitor
from tests.matching import people
from tests.web.desks import START, applicant, client_of, member, open_program

pytestmark = pytest.mark.django_db
STUDENT = {"candidate.nationality": "KR",
           "candidate.intern_track": "enrolled_fulltime_outside_us"}  # fmt: skip
SERVICE = "program.sales_contract_requires_seller_service"


@pytest.fixture
def firm():
    return people.host("sample-firm")


def visit(**headers: str) -> Client:
    return Client(headers={"accept-language": "en", **headers})


def page(program: Program, query: str = "") -> str:
    return f"/en/programs/{program.pk}/{query}"


def visa(client: Client, address: str) -> str:
    """The page from the section about visas on."""
    text = client.get(address).content.decode()
    return text[text.index('id="visa"') :]


def dispatch(firm, **details) -> Program:
    return open_program(
        firm, "Coater installation", kind="dispatch", ends_on=START + timedelta(days=60),
        pay_period="month", pay_amount=3_200_000, pay_currency="KRW",
        details={"seller": "Seller", "seller_location": "outside_us", "equipment": "Coater",
                 "contract": "Sale", "months_since_purchase": 2, "paid_from_us_source": False,
                 **details},
    )  # fmt: skip


# --- the panel ----------------------------------------------------------------------------------


def test_the_best_route_says_who_does_what_by_when_with_papers_fees_and_sources(firm):
    text = visa(visit(), page(open_program(firm)))
    for told in ("J-1 Intern", "Who does what, and by when", "estimate", "Documents",
                 "Government fees", "Not included in the total", "Reasons and sources",
                 "22 CFR 62.22", "not verified against the primary text", "rule data"):  # fmt: skip
        assert told in text, told


def test_fees_that_nobody_collects_stand_in_no_total(firm):
    text = visa(visit(), page(open_program(firm), "?route=j1_intern"))
    total = re.search(r"In total</dt><dd class=\"num\">([^<]+)", text)
    assert total is not None and total[1] == "$405"  # the SEVIS fee and the visa fee
    assert text.index("Visa integrity fee") > text.index("Not included in the total")


def test_a_start_that_cannot_be_met_any_more_says_so(firm):
    soon = open_program(firm, starts_on=timezone.localdate() + timedelta(days=5))
    assert "too late" in visa(visit(), page(soon))
    later = open_program(firm, "Later", starts_on=timezone.localdate() + timedelta(days=330),
                         ends_on=timezone.localdate() + timedelta(days=600))  # fmt: skip
    assert "Decide by" in visa(visit(), page(later))


def test_a_closed_route_tells_what_would_open_it_and_whose_it_is(firm):
    program = dispatch(firm, contract_requires_service=False)
    text = visa(visit(), page(program, "?route=b1_installer"))
    assert "It would open only if all of this were so" in text
    assert "What could be changed" in text and "Rests on facts as they are" not in text
    assert "Service clause in the sales contract: yes" in text
    assert ">Host<" in text


def test_any_route_can_be_read_in_full_and_an_unknown_one_is_passed_over(firm):
    program = open_program(firm)
    wanted = visa(visit(), page(program, "?route=h3"))
    assert 'id="route-h3"' in wanted and "Back to the route that works best" in wanted
    nonsense, plain = (visit().get(page(program, query)) for query in ("?route=nonsense", ""))
    assert nonsense.context["visa"]["route"]["id"] == plain.context["visa"]["route"]["id"]


def test_training_in_korea_asks_for_no_visa(firm):
    program = open_program(firm, kind="training", details={"place_of_training": "KR"})
    assert "No U.S. visa is needed" in visa(visit(), page(program))
    edit = f"/en/org/{firm.slug}/programs/{program.pk}/edit/"
    posting = client_of(member(firm)).get(edit).content.decode()
    assert "No U.S. visa is needed" in posting and "Closed as written" not in posting
    client = client_of(people.candidate("kim@example.org").user)
    apply = client.get(f"/en/me/apply/{program.pk}/").content.decode()
    assert "No U.S. visa is needed" in apply and "no visa route that we know of" not in apply


# --- a visitor's answers --------------------------------------------------------------------------


def test_an_answer_judges_the_program_anew_and_can_be_cleared(firm):
    client, program = visit(), open_program(firm)
    before = client.get(page(program)).context["visa"]
    answer = client.post(page(program), {**STUDENT, "candidate.us_status": "none"})
    assert answer.status_code == 302 and answer["Location"].endswith("#visa")
    after = client.get(page(program)).context["visa"]
    assert {row["id"] for row in after["closed"]} > {row["id"] for row in before["closed"]}
    text = visa(client, page(program))
    assert "Read with your answers" in text and "not in the U.S." in text
    client.post(page(program), {"forget": "1"})
    assert "Read with your answers" not in visa(client, page(program))


def test_not_known_is_no_answer_and_is_not_asked_again(firm):
    client, program = visit(), open_program(firm)
    client.post(page(program), {**STUDENT, "candidate.us_status": ""})
    text = visa(client, page(program))
    assert 'name="candidate.us_status"' not in text
    assert "F-1" in text, "routes that hang on it stay open"


def test_answers_of_a_visit_are_encrypted_bound_to_no_person_and_in_no_address(firm):
    client, program = visit(), open_program(firm)
    client.post(page(program), {**STUDENT, "candidate.birth_year": "2001", "candidate.sex": "M",
                                "candidate.military_status": "not_completed"})  # fmt: skip
    kept = Session.objects.get()
    assert set(kept.get_decoded()) == {"told", "_session_expiry"}
    assert "not_completed" not in str(kept.get_decoded())
    assert kept.get_decoded()["_session_expiry"] == 0, "gone when the browser closes"
    text = client.get(page(program)).content.decode()
    assert "overseas travel permit" in text
    for secret in ("not_completed", "2001"):
        assert not re.search(rf'(?:href|action)="[^"]*{secret}', text)


def test_personal_facts_in_an_address_are_not_read(firm):
    program = open_program(firm)
    query = ("?candidate.nationality=KR&candidate.sex=M&candidate.birth_year=2000"
             "&candidate.military_status=not_completed")  # fmt: skip
    client = visit()
    assert client.get(page(program, query)).context["asking"]["told"] == [
        {"label": "nationality", "value": "Korea"}
    ]


def test_the_programs_own_word_wins_over_an_answer(firm):
    program = open_program(firm)
    told = visit().get(page(program, "?program.duration_months=60")).context["visa"]
    plain = visit().get(page(program)).context["visa"]
    assert told["route"]["state"] == plain["route"]["state"]
    assert [v["id"] for v in told["others"]] == [v["id"] for v in plain["others"]]


def test_an_answer_that_cannot_be_is_sent_back_at_its_field(firm):
    client, program = visit(), open_program(firm)
    for wrong in ({"candidate.toeic": "2000"}, {"candidate.us_status": "spy"}):
        answer = client.post(page(program), wrong)
        assert answer.status_code == 200 and answer.context["asking"]["first"][0]["field"].errors
    client.post(page(program), {"candidate.birth_year": "2001"})
    clash = client.post(page(program), {"candidate.graduation_date": "2000-02-20"})
    assert "not after the year of birth" in clash.content.decode()


def test_facts_that_no_visitor_can_tell_are_passed_over(firm):
    client, program = visit(), open_program(firm)
    answer = client.post(page(program), {"candidate.would_qualify_h1b": "true", "x": "1",
                                         "system.bill_enacted": "true"})  # fmt: skip
    assert answer.status_code == 302
    assert client.get(page(program)).context["asking"]["told"] == []


def test_what_somebody_else_wrote_into_the_session_does_not_break_a_page(firm):
    client, program = visit(), open_program(firm)
    client.post(page(program), STUDENT)
    session = client.session
    for broken in ("x", "gAAAAA", 3):
        session["told"] = broken if isinstance(broken, str) else str(broken)
        session.save()
        assert client.get(page(program)).status_code == 200


def test_a_candidates_answers_go_to_the_profile_not_to_the_visit(firm):
    me = people.candidate()
    client, program = client_of(me.user), open_program(firm)
    asking = client.get(page(program)).context["asking"]
    assert asking["action"] == f"{reverse('candidate:questions')}?program={program.pk}"
    assert asking["told"] == [] and asking["leaving"] is None
    fact = asking["first"][0]["field"].name
    client.post(asking["action"], {fact: ""})
    again = client.get(page(program)).context["asking"]
    assert again["first"][0]["field"].name != fact, "the next question comes first"
    me.refresh_from_db()
    assert me.rule_facts == {}


def test_nobody_is_asked_what_the_duties_of_a_dispatch_alone_can_say(firm):
    from corridor.web.firm.posting import questions

    program = dispatch(firm)  # its one duty is of a kind that tells nothing of the activity
    told = "?program.activity=install_service_repair_foreign_equipment"
    plain, claimed = (visit().get(page(program, query)) for query in ("", told))
    states = [
        [row["state"] for row in (each.context["visa"]["route"], *each.context["visa"]["others"])]
        for each in (plain, claimed)
    ]
    assert states[0] == states[1]
    asked = [item["field"].name for item in plain.context["asking"]["more"]]
    assert asked and "program.activity" not in asked
    assert "program.activity" not in questions(program)


# --- the posting form ---------------------------------------------------------------------------


def advice_of(program: Program):
    from corridor.web.firm.advice import advice

    return advice(program, day=timezone.localdate())


def test_a_posting_tells_which_routes_it_supports_and_what_to_change_for_others(firm):
    told = advice_of(dispatch(firm, contract_requires_service=False))
    closed = {row["name"]: row for row in told["closed"]}
    installer = next(row for name, row in closed.items() if "장비 설치" in name)
    assert installer["can_open"]
    assert [(each["side"], each["yours"]) for each in installer["changes"]] == [("host", True)]
    supported = advice_of(dispatch(firm, contract_requires_service=True))
    assert not any("장비 설치" in row["name"] for row in supported["closed"])


def test_an_open_route_tells_the_condition_that_fails_as_written(firm):
    """E-2 is given for two years: three are a condition, so the route is not said to support the
    program as written, and which condition it is must be said."""
    long = dispatch(firm)
    long.ends_on = START + timedelta(days=1096)
    long.save()
    told = advice_of(long)
    treaty = next(r for r in told["short"] if r["url"].endswith("/e2/"))
    assert treaty["failing"] and any(each["yours"] for each in treaty["changes"])
    text = client_of(member(firm)).get(
        f"/en/org/{firm.slug}/programs/{long.pk}/edit/"
    ).content.decode()
    assert "Its conditions would be met only if all of this were so" in text


def test_what_a_host_cannot_change_is_said(firm):
    told = advice_of(open_program(firm))
    proposed = next(row for row in told["closed"] if not row["changes"])
    assert not proposed["can_open"]
    fixed = [row["fixed"] for row in told["closed"]]
    assert fixed == sorted(fixed), "what some change opens comes first"
    client = client_of(member(firm))
    text = client.get(
        f"/en/org/{firm.slug}/programs/{open_program(firm, 'B').pk}/edit/"
    ).content.decode()
    assert "No change to the posting opens these" in text and "They rest on the law" in text
    assert "another kind of program fits what you really plan" in text


def test_questions_to_the_host_are_its_own_and_explained(firm):
    told = advice_of(dispatch(firm))
    assert told["questions"] and all(each["why"] for each in told["questions"])
    for row in told["open"]:
        assert row["mine"]
    for row in told["ready"]:
        assert not row["mine"]


# --- applications ---------------------------------------------------------------------------------


def test_an_application_shows_the_way_to_the_first_day_and_whose_turn_it_is(firm):
    application = applicant(open_program(firm))
    text = client_of(application.candidate.user).get(
        f"/en/me/applications/{application.pk}/"
    ).content.decode()
    for told in ("Your way to the first day", "Whose turn it is now", "Documents to bring",
                 "No verdict has turned since you applied", "The rule data is the same"):
        assert told in text, told


def test_a_verdict_that_turned_since_is_told_with_why_and_what_became_known(firm):
    application = applicant(open_program(firm))
    for each in application.evidence["verdicts"]:
        if each["pathway"] == "j1_intern":
            each.update(verdict="not_eligible", display="no", missing=["candidate.nationality"])
    application.evidence["rules_revision"] = "an older one"
    application.save()
    client = client_of(application.candidate.user)
    context = client.get(f"/en/me/applications/{application.pk}/").context
    (turned,) = context["turned"]
    assert turned["name"] == "J-1 Intern"
    assert (turned["then"], turned["now"] == "not_eligible") == ("not_eligible", False)
    assert turned["known"] == ["nationality"]
    text = client.get(f"/en/me/applications/{application.pk}/").content.decode()
    assert "The rule data was revised in the meantime (an older one, now" in text


def test_evidence_of_before_and_routes_that_are_gone_can_still_be_read():
    kept = since.sent({"day": "2026-11-20", "rules_revision": "r",
                       "verdicts": [{"pathway": "gone", "verdict": "conditional"}]})  # fmt: skip
    assert kept["open"] == [{"name": "gone", "url": "", "state": "conditional"}]
    assert since.sent({}) == {"day": "", "revision": "", "open": []}


# --- what a host reads of an applicant ----------------------------------------------------------

SERVING = {"sex": "M", "birth_date": date(2000, 5, 1), "military_status": "not_completed"}
DONE = {"sex": "F", "birth_date": date(2003, 5, 1), "military_status": "not_subject"}


def read_by_host(firm, application: Application) -> str:
    text = client_of(member(firm)).get(
        f"/en/org/{firm.slug}/applications/{application.pk}/"
    ).content.decode()
    return re.sub(r'value="[^"]{40,}"|"X-CSRFToken": "[^"]+"|\?v=\w+', "", text)


def test_a_host_reads_its_own_steps_papers_and_questions(firm):
    text = read_by_host(firm, applicant(open_program(firm)))
    assert "Your steps" in text and "Documents you bring" in text
    assert "DS-7002" in text
    assert "Get the overseas travel permit" not in text, "the candidate's own step"


def test_nothing_on_a_hosts_pages_tells_age_sex_or_military_service(firm):
    """Two applicants who differ in nothing else are read alike, to the letter."""
    program = open_program(firm)
    owner = client_of(member(firm))
    with connection.cursor() as cursor:  # numbers that stand for nothing else on a page
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('applications_application', 'id'), 7654320)"
        )
    read = []
    for facts in (SERVING, DONE):
        application = applicant(program, "kim@example.org", **facts)
        texts = [
            owner.get(address).content.decode()
            for address in (f"/en/org/{firm.slug}/applications/{application.pk}/",
                            f"/en/org/{firm.slug}/programs/{program.pk}/applicants/")
        ]  # fmt: skip
        read.append([
            re.sub(r'csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": "\w+"', "", text)
            .replace(str(application.pk), "N")
            for text in texts
        ])  # fmt: skip
        user = application.candidate.user
        Application.objects.filter(pk=application.pk).delete()
        user.candidate.delete()
        user.delete()
    clock = re.compile(r"\d{1,2}(:\d\d)? [ap]\.m\.")
    assert [clock.sub("", text) for text in read[0]] == [clock.sub("", text) for text in read[1]]
    for text in read[0]:
        assert "ilitary" not in text and "permit" not in text


def test_evidence_for_the_host_is_kept_without_personal_facts(firm):
    applications = [
        applicant(open_program(firm), f"{name}@example.org", **facts)
        for name, facts in (("a", SERVING), ("b", DONE))
    ]
    mine = [each.evidence["for_host"] for each in applications]
    assert mine[0] == mine[1] and mine[0]
    assert all("missing" not in row for row in mine[0])


def test_a_private_answer_is_named_and_not_repeated():
    told = visitor.said({"candidate.sex": "M", "candidate.nationality": "KR"}, "en")
    assert told == [{"label": "sex", "value": ""}, {"label": "nationality", "value": "한국"}]


def test_other_work_is_never_offered_as_a_change(firm):
    """Who is told why a route is closed is not told to call the same work by another name."""
    program = dispatch(firm)
    Duty.objects.filter(program=program).update(activity="production_work")
    text = visa(visit(), page(program, "?route=b1_installer"))
    assert "activity in the U.S. – production work" in text, "the reason is said"
    groups = re.findall(r'class="turns__group">(.*?)</ul>', text, re.S)
    assert not any("Activity in the U.S.:" in group for group in groups)
