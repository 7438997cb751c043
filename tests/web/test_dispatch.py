"""The task check of a dispatch program: who enters, what it says, and the papers out of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from corridor.matching.dispatch import duty_check
from corridor.programs.models import Duty, Program
from tests.matching import people
from tests.web.desks import client_of, member

pytestmark = pytest.mark.django_db

PAGES = ("dispatch", "dispatch_letter", "dispatch_checklist")
TEXTS = ("dispatch_letter_text", "dispatch_checklist_text")
SOLD = {
    "seller": "견본 모람 / Sample Moram Tech", "seller_location": "outside_us",
    "equipment": "코터 / a slot-die coater", "contract": "Supply Agreement of 2026-03-02",
    "contract_requires_service": True, "months_since_purchase": 4, "paid_from_us_source": False,
    "site_controlled_by_client": False,
}  # fmt: skip
COMMISSION = ("시운전 / Commission the coater", "commission", 85, "supplied_machine")
TRAIN = ("현지 교육 / Train operators", "train", 15, "supplied_machine")
PIPES = ("배관 / Install utility pipes", "hands_on_construction", 15, "construction_site")


@pytest.fixture
def firm():
    return people.host("sample-firm")


@pytest.fixture
def owner(firm):
    return member(firm)


def sent(firm, *duties, **fields: Any) -> Program:
    made = people.program(
        "Coater crew", organization=firm, starts_on=date(2027, 2, 1), ends_on=date(2027, 4, 1),
        **{"kind": "dispatch", "details": SOLD, **fields},
    )  # fmt: skip
    made.duties.all().delete()
    for number, (text, activity, share, where) in enumerate(duties):
        Duty.objects.create(program=made, order=number, text=text, activity=activity,
                            share_pct=share, where=where, paid_by="korean_employer")  # fmt: skip
    return made


def at(name: str, program: Program, lang: str = "en") -> str:
    address = reverse(f"firm:{name}", args=[program.organization.slug, program.pk])
    return f"/{lang}{address[3:]}"


def read(client, name: str, program: Program, lang: str = "en") -> str:
    answer = client.get(at(name, program, lang))
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


# --- who enters ---------------------------------------------------------------------------------


def test_members_and_staff_enter_and_everybody_else_learns_nothing(firm, owner, client):
    program = sent(firm, COMMISSION, TRAIN)
    reviewer, stranger = member(firm, "reviewer"), member(people.host("another-firm"))
    staff = member(people.host("staff-home"))
    staff.is_staff = True
    staff.save()
    for name in (*PAGES, *TEXTS):
        for person, status in ((owner, 200), (reviewer, 200), (staff, 200), (stranger, 404)):
            assert client_of(person).get(at(name, program)).status_code == status, (name, person)
        assert client.get(at(name, program)).status_code == 302, "a visitor is asked to sign in"


def test_another_firms_program_and_another_kind_are_not_there(firm, owner):
    other = sent(people.host("another-firm"), COMMISSION, TRAIN)
    internship = people.program("Internship", organization=firm)
    for name in (*PAGES, *TEXTS):
        for pk in (other.pk, internship.pk):
            address = reverse(f"firm:{name}", args=[firm.slug, pk])
            assert client_of(owner).get(address).status_code == 404


# --- what it says -------------------------------------------------------------------------------


def test_a_dispatch_with_hands_on_pipes_is_told_which_duty_closes_it_and_what_to_take_out(
    firm, owner
):
    page = read(client_of(owner), "dispatch", sent(firm, COMMISSION, PIPES))
    assert "What to leave to others" in page and "15% of the time" in page
    assert "“Install utility pipes”: Hands-on building or construction work" in page
    assert "8 CFR 214.2(b)(5)" in page
    assert "make no exception for a small share" in page
    assert "No letter is drafted while a duty or a known fact closes B-1" in page


def test_a_blanket_is_not_said_to_work_on_the_floor_of_a_client_who_directs(firm, owner):
    program = sent(firm, COMMISSION)
    program.details = SOLD | {"site_controlled_by_client": True}
    check = duty_check(program, day=date(2026, 11, 28))
    assert check is not None
    blanket, l1b = check.of("l1_blanket"), check.of("l1b")
    assert l1b.cells[0].display == "no"
    assert blanket.cells[0].display == "unknown"
    assert blanket.cells[0].citation == "8 USC 1184(c)(2)(F)"


def test_a_clean_dispatch_is_told_that_its_duties_fit_and_gets_its_papers(firm, owner):
    program = sent(firm, COMMISSION, TRAIN)
    page = read(client_of(owner), "dispatch", program)
    assert "What to leave to others" not in page
    assert "The duties fit." in page
    assert at("dispatch_letter", program) in page and at("dispatch_checklist", program) in page
    assert "The contract of sale must specifically require the seller" in page


def test_the_page_is_in_korean_too(firm, owner):
    page = read(client_of(owner), "dispatch", sent(firm, COMMISSION, PIPES), "ko")
    assert "과업별 확인" in page and "다른 사람에게 맡길 업무" in page
    assert "건설·건축 작업을 직접 하면" in page


def test_missing_time_and_untold_places_are_said(firm, owner):
    program = sent(firm, ("Install", "install", 60, ""))
    page = read(client_of(owner), "dispatch", program)
    assert "The shares add up to 60%" in page
    assert "1 duty does not say where it is done or who pays the wage" in page


def test_a_dispatch_without_duties_leads_to_its_first_duty(firm, owner):
    page = read(client_of(owner), "dispatch", sent(firm))
    assert "The duties will be judged here" in page


def test_the_posting_leads_to_the_task_check(firm, owner):
    program = sent(firm, COMMISSION, TRAIN)
    client = client_of(owner)
    edit = client.get(reverse("firm:program_edit", args=[firm.slug, program.pk])).content.decode()
    section = client.get(
        reverse("firm:program_section", args=[firm.slug, program.pk, "duties"])
    ).content.decode()
    address = reverse("firm:dispatch", args=[firm.slug, program.pk])
    assert address in edit and address in section
    assert 'name="duty-0-where"' in section and 'name="duty-0-paid_by"' in section


def test_where_and_who_pays_are_saved_from_the_duty_rows(firm, owner):
    program = sent(firm, COMMISSION, status="draft")
    answer = client_of(owner).post(
        reverse("firm:program_section", args=[firm.slug, program.pk, "duties"]),
        {"duty-TOTAL_FORMS": 1, "duty-INITIAL_FORMS": 1, "duty-0-text": "Repair",
         "duty-0-activity": "service", "duty-0-share_pct": 100, "duty-0-where": "plant_elsewhere",
         "duty-0-paid_by": "us_affiliate"},
    )  # fmt: skip
    assert answer.status_code == 302, answer.content.decode()
    duty = program.duties.get()
    assert (duty.where, duty.paid_by) == ("plant_elsewhere", "us_affiliate")


def test_only_a_dispatch_is_asked_where_and_who_pays(firm, owner):
    internship = people.program("Internship", organization=firm)
    page = client_of(owner).get(
        reverse("firm:program_section", args=[firm.slug, internship.pk, "duties"])
    )
    assert 'name="duty-0-where"' not in page.content.decode()


def test_the_public_page_shows_what_a_visitor_may_do_of_each_duty(firm, client):
    page = client.get(f"/en/programs/{sent(firm, COMMISSION, PIPES).pk}/").content.decode()
    assert page.count('class="row duty-badges"') == 2
    plain = people.program("Internship", organization=firm, status="published", duties=[
        {"text": "Watch", "activity": "learn"},
    ])  # fmt: skip
    assert "duty-badges" not in client.get(f"/en/programs/{plain.pk}/").content.decode()


# --- the papers ---------------------------------------------------------------------------------


def test_the_letter_is_english_filled_from_the_posting_with_visible_blanks(firm, owner):
    program = sent(firm, COMMISSION, TRAIN)
    page = read(client_of(owner), "dispatch_letter", program, "ko")
    letter = page[page.index('class="letter"') : page.index('class="companion"')]
    assert "DRAFT – NOT LEGAL ADVICE" in letter
    assert "Under Supply Agreement of 2026-03-02 we sold the following equipment" in letter
    assert ": a slot-die coater." in letter
    assert "Commission the coater (85% of the time, on the equipment we sold)" in letter
    assert "시운전" not in letter, "the letter is English"
    clause = "[to be filled: the clause, copied word for word from the contract]"
    assert f"<mark>{clause}</mark>" in letter
    assert "February 1, 2027 to April 1, 2027" in letter
    companion = page[page.index('class="companion"') :]
    assert "조항을 요약하지 말고 계약서 그대로 옮기십시오" in companion


def test_an_unknown_clause_is_not_asserted(firm, owner):
    program = sent(firm, COMMISSION, TRAIN)
    program.details = {**SOLD, "contract_requires_service": None}
    program.save()
    page = read(client_of(owner), "dispatch_letter", program)
    assert "The contract of sale specifically requires us" not in page
    assert "[to be filled: confirm that the contract of sale specifically requires" in page


def test_a_duty_in_korean_alone_is_left_to_be_put_into_english(firm, owner):
    program = sent(firm, ("코터 시운전", "commission", 100, "supplied_machine"))
    page = read(client_of(owner), "dispatch_letter", program)
    assert "[to be filled: in English: 코터 시운전]" in page


def test_no_letter_is_written_where_it_would_not_be_true(firm, owner):
    program = sent(firm, COMMISSION, PIPES)
    client = client_of(owner)
    page = read(client, "dispatch_letter", program)
    assert 'class="letter"' not in page
    assert "This cannot be drafted yet" in page and "Install utility pipes" in page
    for name in TEXTS:
        assert client.get(at(name, program)).status_code == 404


def test_the_texts_can_be_taken_away_and_carry_their_marks(firm, owner):
    program = sent(firm, COMMISSION, TRAIN, is_sample=True)
    client = client_of(owner)
    letter = client.get(at("dispatch_letter_text", program, "ko"))
    assert letter["Content-Type"] == "text/plain; charset=utf-8"
    assert "attachment" in letter["Content-Disposition"]
    text = letter.content.decode()
    assert text.startswith("DRAFT – NOT LEGAL ADVICE\nSAMPLE")
    assert "[to be filled: passport number]" in text and "아직 채울 것" in text
    assert "&" not in text.replace(" & ", ""), "plain text is not escaped"
    checklist = client.get(at("dispatch_checklist_text", program, "ko")).content.decode()
    assert "[ ] 건설 작업을 하지 않습니다" in checklist
    assert "현장에서 하지 않을 일" in checklist


def test_the_checklist_says_what_to_bring_and_what_not_to_do(firm, owner):
    page = read(client_of(owner), "dispatch_checklist", sent(firm, COMMISSION, TRAIN))
    for words in ("bill of lading", "What not to do on site", "No building or construction work",
                  "travel permit", "ESTA"):  # fmt: skip
        assert words in page, words
