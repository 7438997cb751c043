"""A posting on its way: judged while it is typed, begun from an example or an older one, seen as
candidates will see it, and never written over unseen by two people."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from corridor.programs import examples, services
from corridor.programs.kinds import DETAILS, Kind
from corridor.programs.models import Program
from tests.matching import people
from tests.web.desks import START, applicant, client_of, member, open_program

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm():
    return people.host("sample-firm")


@pytest.fixture
def owner(firm):
    return member(firm)


@pytest.fixture
def draft(firm, owner):
    return services.save_program(
        None, by=owner, organization=firm, kind="internship", title_en="Line internship",
        sector=people.sector(), hub=people.hub(),
    )  # fmt: skip


def at(name, firm, *args):
    return f"/en{reverse(f'firm:{name}', args=[firm.slug, *args])[3:]}"


def terms(**changes):
    return {"seats": 1, "language": "en", "pay_currency": "USD", **changes}


def live(client, firm, program, section, **typed):
    answer = client.post(at("program_live", firm, program.pk, section), typed)
    assert answer.status_code == 200
    return answer.content.decode()


# --- while one types ----------------------------------------------------------------------------


def test_what_is_typed_is_judged_at_once_and_a_draft_is_kept(firm, owner, draft):
    client = client_of(owner)
    short = live(client, firm, draft, "terms", **terms(hours_per_week=20))
    assert "/pathways/j1_intern/" in closed_part(short), "20 hours a week are too few"
    full = live(client, firm, draft, "terms", **terms(hours_per_week=40))
    assert "/pathways/j1_intern/" not in closed_part(full)
    assert "Draft saved at" in full
    draft.refresh_from_db()
    assert draft.hours_per_week == 40


def closed_part(panel):
    return panel.partition("Closed as written")[2]


def test_what_is_not_right_yet_is_said_and_judged_without_it(firm, owner, draft):
    answer = live(
        client_of(owner), firm, draft, "terms",
        **terms(hours_per_week=20, pay_period="hour", pay_amount="a lot"),
    )  # fmt: skip
    assert "Not saved yet. Still needed or not right: Pay" in answer
    assert "/pathways/j1_intern/" in closed_part(answer)
    draft.refresh_from_db()
    assert draft.hours_per_week is None


def test_candidates_never_read_a_half_typed_word_of_a_published_program(firm, owner):
    program = open_program(firm)
    answer = live(client_of(owner), firm, program, "terms", **terms(hours_per_week=20))
    assert "/pathways/j1_intern/" in closed_part(answer)
    assert "Candidates read what was saved last" in answer
    program.refresh_from_db()
    assert program.hours_per_week is None


def test_typed_duties_answers_and_fields_of_the_kind_are_judged_too(firm, owner):
    dispatch = services.save_program(
        None, by=owner, organization=firm, kind="dispatch", title_en="Coater crew",
        hub=people.hub(), sector=people.sector(),
    )  # fmt: skip
    client = client_of(owner)
    rows = {"duty-TOTAL_FORMS": 1, "duty-INITIAL_FORMS": 0, "duty-0-text": "Pour concrete",
            "duty-0-activity": "hands_on_construction", "duty-0-share_pct": 100}  # fmt: skip
    answer = live(client, firm, dispatch, "duties", **rows)
    assert "/pathways/b1_installer/" in closed_part(answer), "hands-on construction closes it"
    assert dispatch.duties.get().text == "Pour concrete"
    before = live(client, firm, dispatch, "details", seller="Seller")
    after = live(client, firm, dispatch, "details", seller="Seller", seller_location="us")
    assert before != after
    dispatch.refresh_from_db()
    assert dispatch.details == {"seller": "Seller", "seller_location": "us"}


def test_typing_removes_no_row(firm, owner, draft):
    services.save_program(draft, by=owner, duties=[{"text": "Watch", "activity": "learn"}])
    rows = {"duty-TOTAL_FORMS": 1, "duty-INITIAL_FORMS": 1, "duty-0-text": "Watch",
            "duty-0-activity": "learn", "duty-0-DELETE": "on"}  # fmt: skip
    live(client_of(owner), firm, draft, "duties", **rows)
    assert draft.duties.count() == 1


def test_the_panel_comes_back_only_where_it_says_something_else(firm, owner, draft):
    client = client_of(owner)
    first = live(client, firm, draft, "terms", **terms(hours_per_week=40))
    mark = first.partition('name="advice_mark" value="')[2].partition('"')[0]
    again = live(client, firm, draft, "terms", **terms(hours_per_week=40), advice_mark=mark)
    assert "advice-panel" in first
    assert "advice-panel" not in again
    other = live(client, firm, draft, "terms", **terms(hours_per_week=20), advice_mark=mark)
    assert "advice-panel" in other


def test_what_is_missing_for_trust_is_named_until_it_is_said(firm, owner, draft):
    client = client_of(owner)
    page = client.get(at("program_section", firm, draft.pk, "terms")).content.decode()
    assert "6 things are missing for trust." in page
    answer = live(
        client, firm, draft, "terms",
        **terms(pay_period="hour", pay_amount="21", hours_per_week=40, sponsor="designated",
                candidate_cost_note="The host pays all but the visa fee."),
    )  # fmt: skip
    assert "2 things are missing for trust." in answer


def test_a_stranger_and_a_reviewer_neither_judge_nor_keep(firm, owner, draft):
    stranger = client_of(member(people.host("another-firm")))
    reviewer = client_of(member(firm, "reviewer"))
    address = at("program_live", firm, draft.pk, "terms")
    assert stranger.post(address, terms(hours_per_week=20)).status_code == 404
    assert reviewer.post(address, terms(hours_per_week=20)).status_code == 403
    assert client_of(owner).post(at("program_live", firm, draft.pk, "nothing")).status_code == 404
    draft.refresh_from_db()
    assert draft.hours_per_week is None


def test_judging_costs_the_same_for_one_duty_and_for_ten(firm, owner, draft):
    client = client_of(owner)

    def cost(count):
        services.save_program(
            draft, by=owner,
            duties=[{"text": f"Watch {n}", "activity": "learn"} for n in range(count)],
        )  # fmt: skip
        live(client, firm, draft, "terms", **terms(hours_per_week=39))
        with CaptureQueriesContext(connection, ) as asked:
            live(client, firm, draft, "terms", **terms(hours_per_week=40))
        return len(asked)

    assert cost(1) == cost(10)


# --- two people ---------------------------------------------------------------------------------


def opened_by(client, firm, program, section):
    page = client.get(at("program_section", firm, program.pk, section)).content.decode()
    return {
        name: page.partition(f'name="{name}" value="')[2].partition('"')[0]
        for name in ("opened", "page_token")
    }


def test_two_people_in_one_section_are_told_and_neither_is_written_over_unseen(firm, owner, draft):
    mine, theirs = client_of(owner), client_of(member(firm, "editor"))
    page = opened_by(mine, firm, draft, "terms")
    address = at("program_section", firm, draft.pk, "terms")
    assert theirs.post(address, terms(seats=3)).status_code == 302

    refused = mine.post(address, {**terms(seats=5), **page})
    told = refused.content.decode()
    assert "Somebody else changed this while you were editing it" in told
    assert "editor 견본" in told
    assert "You changed it, too" in told and "Yours is kept" in told
    assert 'value="5"' in told, "what was typed is kept"
    draft.refresh_from_db()
    assert draft.seats == 3

    again = {**page, "opened": told.partition('name="opened" value="')[2].partition('"')[0]}
    assert mine.post(address, {**terms(seats=5), **again}).status_code == 302
    draft.refresh_from_db()
    assert draft.seats == 5


def test_what_was_left_alone_takes_the_other_ones_words_and_nobody_is_blamed_for_another_part(
    firm, owner, draft
):
    mine, theirs = client_of(owner), client_of(member(firm, "editor"))
    page = opened_by(mine, firm, draft, "terms")
    address = at("program_section", firm, draft.pk, "terms")
    theirs.post(address, terms(seats=3))
    mine.post(at("program_section", firm, draft.pk, "basics"),
              {"title_en": "T", "sector": people.sector().pk, "hub": people.hub().pk})

    refused = mine.post(address, {**terms(hours_per_week=38), **page})
    told = refused.content.decode()
    form = refused.context["form"]
    assert (form["seats"].value(), form["hours_per_week"].value()) == ("3", "38")
    assert "editor 견본 saved it" in told

    page["opened"] = told.partition('name="opened" value="')[2].partition('"')[0]
    assert mine.post(address, {**terms(hours_per_week=38, seats=3), **page}).status_code == 302
    draft.refresh_from_db()
    assert (draft.seats, draft.hours_per_week) == (3, 38)


def duties(*rows):
    made = {"duty-TOTAL_FORMS": len(rows) + 1, "duty-INITIAL_FORMS": 0}
    for n, (text, share) in enumerate(rows):
        made |= {f"duty-{n}-text": text, f"duty-{n}-activity": "learn",
                 f"duty-{n}-share_pct": share}  # fmt: skip
    return made


def test_two_lists_of_duties_stand_beside_each_other_until_one_is_chosen(firm, owner, draft):
    mine, theirs = client_of(owner), client_of(member(firm, "editor"))
    address = at("program_section", firm, draft.pk, "duties")
    mine.post(address, duties(("Watch the line", 100)))
    page = opened_by(mine, firm, draft, "duties")
    theirs.post(address, duties(("Watch the line", 60), ("Write reports", 40)))

    told = mine.post(address, {**duties(("Repair the coater", 100)), **page}).content.decode()
    assert "Write reports" in told, "what the other wrote is read"
    assert 'value="Repair the coater"' in told, "and what was typed is kept"
    assert [each.text for each in draft.duties.all()] == ["Watch the line", "Write reports"]

    untouched = mine.post(address, {**duties(("Watch the line", 100)), **page})
    texts = [form["text"].value() for form in untouched.context["rows"].forms]
    assert texts[:2] == ["Watch the line", "Write reports"], "who changed nothing takes theirs"


def test_typing_in_an_outdated_page_keeps_nothing_and_says_so(firm, owner, draft):
    mine, theirs = client_of(owner), client_of(member(firm, "editor"))
    page = opened_by(mine, firm, draft, "terms")
    live(theirs, firm, draft, "terms", **terms(seats=3))
    assert "this part was changed elsewhere after you opened it" in live(
        mine, firm, draft, "terms", **terms(seats=5), **page
    )
    draft.refresh_from_db()
    assert draft.seats == 3


def test_another_section_is_no_conflict_and_neither_is_what_the_page_itself_kept(
    firm, owner, draft
):
    mine, theirs = client_of(owner), client_of(member(firm, "editor"))
    page = opened_by(mine, firm, draft, "terms")
    theirs.post(at("program_section", firm, draft.pk, "basics"),
                {"title_en": "Other title", "sector": people.sector().pk, "hub": people.hub().pk})
    live(mine, firm, draft, "terms", **terms(seats=4), **page)
    # The answer with the page's new words never reached the page: its button still saves.
    answer = mine.post(at("program_section", firm, draft.pk, "terms"), {**terms(seats=5), **page})
    assert answer.status_code == 302
    draft.refresh_from_db()
    assert (draft.seats, draft.title_en) == (5, "Other title")


# --- examples -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", Kind.values)
def test_every_kind_begins_with_an_example_that_can_be_kept_but_not_published(firm, owner, kind):
    client = client_of(owner)
    answer = client.post(at("program_new", firm) + f"?kind={kind}", {"example": "1"})
    program = Program.objects.get(organization=firm)
    assert answer.url.endswith(f"/{program.pk}/edit/basics/")
    assert program.kind == kind
    assert program.duties.exists()
    assert set(program.details) <= {detail.name for detail in DETAILS[kind]}
    lacks = services.missing_to_publish(program)
    for field in ("title_ko", "summary_en", "candidate_cost_note", "duties"):
        assert "Still the example text." in " ".join(lacks[field]), field


def test_a_draft_with_one_example_left_is_refused_with_the_name_of_the_field(firm, owner):
    program = open_program(firm)
    program.status, program.published_at = Program.Status.DRAFT, None
    program.summary_en = examples.fields("internship", "en")["summary_en"]
    program.save()
    answer = client_of(owner).post(at("program_publish", firm, program.pk), follow=True)
    told = answer.content.decode()
    assert "Not published yet: Summary (English): Still the example text." in told
    program.refresh_from_db()
    assert program.status == Program.Status.DRAFT


def test_untouched_example_text_is_never_published_even_without_its_mark(firm, owner):
    program = open_program(firm)
    example = examples.fields("internship", "en")
    services.save_program(program, by=owner, description_en="Our own words.")
    marked = example["description_en"]
    for typed in (marked, marked.removeprefix("[Example] ")):
        answer = client_of(owner).post(
            at("program_section", firm, program.pk, "basics"),
            {"title_en": "Line internship", "summary_en": "Learn.", "description_en": typed,
             "sector": people.sector().pk, "hub": people.hub().pk},
        )  # fmt: skip
        assert "Still the example text." in answer.content.decode()
        program.refresh_from_db()
        assert program.description_en == "Our own words."


def test_what_the_host_wrote_itself_is_no_example(firm, owner):
    assert examples.untouched(open_program(firm)) == []


# --- another one like it ------------------------------------------------------------------------


def test_a_copy_is_a_draft_without_dates_answers_or_applicants(firm, owner):
    program = open_program(firm, hours_per_week=40, apply_by=START - timedelta(days=30))
    program.rule_facts = {"program.ds7002_signed": True}
    program.save()
    program.requirements.create(kind="skill", text="PLC", is_required=True)
    applicant(program)
    answer = client_of(owner).post(at("program_duplicate", firm, program.pk))
    made = Program.objects.exclude(pk=program.pk).get()
    assert answer.url.endswith(f"/programs/{made.pk}/edit/")
    assert made.status == Program.Status.DRAFT
    assert (made.title_en, made.hours_per_week) == (program.title_en, 40)
    assert made.details == program.details
    assert (made.starts_on, made.ends_on, made.apply_by) == (None, None, None)
    assert made.rule_facts == {}
    assert [duty.text for duty in made.duties.all()] == ["Watch the line"]
    assert made.requirements.get().is_required
    assert made.applications.count() == 0
    assert program.applications.count() == 1


def test_only_who_may_write_makes_a_copy(firm, owner):
    program = open_program(firm)
    assert client_of(member(firm, "reviewer")).post(
        at("program_duplicate", firm, program.pk)
    ).status_code == 403
    other = people.host("another-firm")
    assert client_of(member(other)).post(
        at("program_duplicate", other, program.pk)
    ).status_code == 404
    assert Program.objects.count() == 1


# --- as candidates will see it ------------------------------------------------------------------


def test_the_preview_is_the_public_page_and_opens_for_the_team_alone(firm, owner, draft):
    address = at("program_preview", firm, draft.pk)
    for role in ("owner", "reviewer"):
        person = owner if role == "owner" else member(firm, role)
        page = client_of(person).get(address).content.decode()
        assert "This is the page as visitors read it" in page
        assert "Visa routes to look at for this program" in page
    other = people.host("another-firm")
    assert client_of(member(other)).get(address).status_code == 404
    assert client_of(member(other, "editor")).get(
        at("program_preview", other, draft.pk)
    ).status_code == 404, "not under one's own organization either"


def test_the_steps_say_how_far_the_posting_is_and_lead_on(firm, owner, draft):
    page = client_of(owner).get(at("program_edit", firm, draft.pk)).content.decode()
    assert "of 6 parts filled in" in page
    assert "Go on with “What and where”" in page
