"""What a candidate weighs: what waits, what to learn, what it costs, which to compare."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from corridor.applications.models import State
from corridor.programs.services import reread
from tests.matching import people
from tests.web.desks import applicant, client_of, open_program

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm():
    return people.host("sample-firm")


def page(client, name, *args, query=""):
    return client.get(f"/en{reverse(name, args=args)[3:]}{query}").content.decode()


def asking_for(firm, title, *skills, must=False, **fields):
    made = open_program(firm, title, hub=people.hub(), sector=people.sector(), **fields)
    for text, ref in skills:
        made.requirements.create(kind="skill", text=text, ref=ref, is_required=must)
    reread(made)
    return made


def skill(name):
    from corridor import taxonomy

    return (name, taxonomy.find_skills(name)[0].id)


# --- what to learn ------------------------------------------------------------------------------


def test_the_plan_names_what_is_asked_most_what_it_would_change_and_who_teaches_it(firm):
    plc, welding = skill("PLC"), skill("welding")
    for number in range(3):
        asking_for(firm, f"Line {number}", plc, must=True)
    asking_for(firm, "Frame", welding)
    course = open_program(
        firm, "PLC basics", kind="training", details={}, summary_en="PLC programming from zero.",
    )  # fmt: skip
    reread(course)
    me = people.candidate(skills_text="AutoCAD")
    text = page(client_of(me.user), "candidate:plan")
    first = text.partition('id="gap-1"')[2].partition("</section>")[0]
    assert "Asked for by 3 of your best programs" in first
    assert "a must in 3" in first
    assert "PLC basics" in first
    assert "point" in first or "in your list" in first or "hardly move" in first
    assert text.count('id="gap-') == 2


def test_what_one_holds_is_no_gap_and_an_empty_plan_helps_on(firm):
    asking_for(firm, "Line", skill("PLC"))
    me = people.candidate(skills_text="PLC")
    assert "Nothing that your best programs ask for is missing" in page(
        client_of(me.user), "candidate:plan"
    )


def test_the_plan_costs_two_queries_more_than_the_matches_it_reads(firm):
    from corridor.matching import queries as matching
    from corridor.web.candidate import plan

    asking_for(firm, "Line", skill("PLC"), skill("welding"))
    me = people.candidate(skills_text="AutoCAD")
    found = matching.programs_for(me, day=timezone.localdate(), limit=plan.BEST)
    with CaptureQueriesContext(connection) as asked:
        plan.shown(plan.gaps(me, found), day=timezone.localdate())
    assert len(asked) == 2


# --- before applying ----------------------------------------------------------------------------


def test_cost_and_every_consequence_stand_beside_the_application(firm):
    program = open_program(firm, candidate_cost_note="The visa fee is yours.", hours_per_week=40)
    client = client_of(people.candidate().user)
    text = page(client, "candidate:apply", program.pk, query="?route=j1_intern")
    for told in ("Before you apply: cost and consequences", "The visa fee is yours.",
                 "Government fees on you", "Two-year home residence", "212(e)",
                 "How long one may stay", "12 months at most", "A second time", "Tax",
                 "3121(b)(19)", "not verified"):  # fmt: skip
        assert told in text, told
    assert "The same by another route" in text


def test_what_the_rule_data_do_not_say_is_not_filled_in(firm):
    program = open_program(firm, kind="dispatch", details={})
    text = page(client_of(people.candidate().user), "candidate:apply", program.pk,
                query="?route=b1_installer")
    assert "The host has not said what a candidate pays." in text
    assert "3121(b)(19)" not in text


# --- what waits ---------------------------------------------------------------------------------


def test_the_home_page_names_what_waits_for_the_candidate_with_its_day(firm):
    offered = applicant(open_program(firm, "Offered line"))
    me = offered.candidate
    client = client_of(me.user)
    assert "What waits for you" not in page(client, "candidate:home")
    offered.state, offered.answer_by = State.OFFERED, timezone.localdate() + timedelta(days=4)
    offered.save()
    text = page(client, "candidate:home")
    assert "Answer the offer: “Offered line”" in text
    offered.state = State.INTERVIEW
    offered.save()
    meeting = offered.interviews.create(state="proposed")
    meeting.slots.create(starts_at=timezone.now() + timedelta(days=3))
    assert "Choose an interview time: “Offered line”" in page(client, "candidate:home")


def test_the_home_page_costs_the_same_however_much_waits(firm):
    me = people.candidate()
    client = client_of(me.user)

    def cost():
        with CaptureQueriesContext(connection) as asked:
            page(client, "candidate:home")
        return len(asked)

    def offer(title):
        program = open_program(firm, title)
        made = me.applications.create(program=program, state=State.INTERVIEW)
        meeting = made.interviews.create(state="proposed")
        meeting.slots.create(starts_at=timezone.now() + timedelta(days=3))

    offer("One")
    cost()
    one = cost()
    offer("Two")
    offer("Three")
    cost()
    assert cost() == one


# --- comparing from the search ------------------------------------------------------------------


def test_programs_are_ticked_in_the_search_and_the_choice_goes_on_by_address(firm):
    posts = [open_program(firm, f"Program {name}", hub=people.hub()) for name in "AB"]
    client = Client()
    found = client.get("/en/programs/").content.decode()
    for post in posts:
        assert f'name="p" value="{post.pk}" form="compare"' in found
    assert 'id="compare"' in found and 'action="/en/compare/"' in found
    one = client.get(f"/en/compare/?p={posts[0].pk}").content.decode()
    assert f"/en/programs/?p={posts[0].pk}" in one
    again = client.get(f"/en/programs/?p={posts[0].pk}").content.decode()
    assert f'name="p" value="{posts[0].pk}" form="compare" checked' in again
    narrowed = client.get(f"/en/programs/?p={posts[0].pk}&q=Program+B").content.decode()
    assert f'<input type="hidden" name="p" value="{posts[0].pk}">' in narrowed


# --- addresses without a sign-in ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "often"),
    [("/en/me/journey/feed/no-such-token.ics", 60), ("/en/searches/stop/no-such-token/", 30)],
)
def test_who_tries_secret_addresses_is_slowed_down(address, often):
    cache.clear()
    client = Client()
    answers = [client.get(address).status_code for _each in range(often)]
    assert set(answers) == {404}
    refused = client.get(address)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    cache.clear()
