"""From profiles and programs to facts: known or unknown, and unknown is neither yes nor no."""

from __future__ import annotations

from datetime import date

import pytest

from corridor import rules
from corridor.matching import facts
from corridor.programs.kinds import DETAILS
from corridor.programs.models import Duty
from corridor.rules.loading import DATA, load
from tests.matching.people import DAY, candidate, host, program

pytestmark = pytest.mark.django_db

START = date(2027, 3, 1)
STUDENT = {"degree": "bachelor", "major": "기계공학", "status": "enrolled",
           "started_on": date(2023, 3, 2), "ended_on": date(2028, 2, 20)}  # fmt: skip


def known(person, post=None, **fields):
    return facts.pair_facts(person, post or program(starts_on=START, **fields), day=DAY)


def test_an_empty_profile_and_program_say_nothing_that_they_do_not_know():
    blank = candidate(nationality="")
    found = known(blank, program(starts_on=None, ends_on=None))
    assert not [name for name in found if name.startswith("candidate.")]
    assert found["program.activity"] == "internship"  # the kind itself says so
    for verdict in rules.assess(found, day=DAY, kind="internship").verdicts:
        assert verdict.display != "works"


def test_every_fact_made_is_one_that_the_rules_know_and_of_its_type():
    registry = rules.facts()
    person = candidate(
        educations=[STUDENT], works=[{"title": "정비", "started_on": date(2020, 1, 1)}], toeic=800,
        birth_date=date(1999, 5, 5), sex="M", military_status="completed", us_status="none",
    )  # fmt: skip
    for kind, details in DETAILS.items():
        values = {
            d.name: {"bool": True, "int": 5, "choice": d.choices[0][0] if d.choices else ""}.get(
                d.type, "text"
            )
            for d in details
        }
        post = program(f"A {kind}", kind=kind, details=values, sponsor="host", pay_amount=20,
                       pay_period="hour", hours_per_week=40)  # fmt: skip
        for name, value in known(person, post).items():
            assert registry[name].accept(value) == value, name
            if registry[name].type == "choice":
                assert value in registry[name].choices, (name, value)


def test_a_student_who_is_still_enrolled_on_the_first_day_is_an_enrolled_intern():
    assert known(candidate(educations=[STUDENT]))["candidate.intern_track"] == (
        "enrolled_fulltime_outside_us"
    )


@pytest.mark.parametrize(
    ("graduated", "track"),
    [
        (date(2026, 3, 1), "graduated_within_12_months_of_start"),
        (date(2026, 2, 28), "none"),
        (date(2026, 8, 21), "graduated_within_12_months_of_start"),
    ],
)
def test_a_graduate_is_an_intern_for_twelve_months_up_to_the_first_day(graduated, track):
    study = {**STUDENT, "status": "graduated", "ended_on": graduated}
    found = known(candidate(educations=[study]))
    assert found["candidate.intern_track"] == track
    assert found["candidate.graduation_date"] == graduated


def test_a_student_who_graduates_before_the_first_day_counts_as_a_recent_graduate():
    study = {**STUDENT, "ended_on": date(2027, 2, 20)}
    found = known(candidate(educations=[study]))
    assert found["candidate.intern_track"] == "graduated_within_12_months_of_start"
    assert "candidate.has_degree_bachelor_or_higher" not in found  # expected, not yet held


def test_leave_of_absence_is_not_known_either_way():
    found = known(candidate(educations=[{**STUDENT, "status": "leave"}]))
    assert "candidate.intern_track" not in found
    assert "candidate.enrolled_degree_outside_us" not in found


def test_study_in_the_united_states_makes_no_foreign_student():
    found = known(candidate(educations=[{**STUDENT, "country": "US"}]))
    assert found["candidate.intern_track"] == "none"


def test_only_high_school_makes_no_intern():
    school = {"degree": "high_school", "status": "graduated", "ended_on": date(2020, 2, 1)}
    assert known(candidate(educations=[school]))["candidate.intern_track"] == "none"


def test_experience_counts_each_month_once_and_only_outside_the_united_states():
    person = candidate(
        educations=[{**STUDENT, "status": "graduated", "started_on": date(2014, 3, 1),
                     "ended_on": date(2018, 2, 20)}],
        works=[
            {"title": "정비", "started_on": date(2019, 1, 1), "ended_on": date(2020, 12, 31)},
            {"title": "겸직", "started_on": date(2020, 1, 1), "ended_on": date(2020, 12, 31)},
            {"title": "U.S.", "country": "US", "started_on": date(2021, 1, 1),
             "ended_on": date(2022, 12, 31)},
            {"title": "다른 일", "related": False, "started_on": date(2023, 1, 1),
             "ended_on": date(2024, 12, 31)},
        ],
    )  # fmt: skip
    found = known(person)
    assert found["candidate.related_experience_outside_us_months"] == 24
    assert found["candidate.trainee_track"] == "foreign_degree_or_prof_cert_plus_1yr"
    assert facts.experience_months(person, day=DAY) == 48


def test_a_job_that_may_reach_a_year_by_the_first_day_leaves_the_answer_open():
    person = candidate(
        educations=[{**STUDENT, "status": "graduated", "ended_on": date(2025, 8, 20)}],
        works=[{"title": "정비", "started_on": date(2026, 1, 5)}],
    )
    found = known(person)
    assert "candidate.related_experience_outside_us_months" not in found
    assert "candidate.trainee_track" not in found
    early = known(person, program("soon", starts_on=date(2026, 12, 7)))
    assert early["candidate.trainee_track"] == "none"
    assert early["candidate.related_experience_outside_us_months"] == 10


def test_five_years_stand_in_for_a_degree():
    person = candidate(
        educations=[{"degree": "high_school", "status": "graduated"}],
        works=[{"title": "용접", "started_on": date(2019, 1, 1), "ended_on": date(2025, 1, 1)}],
    )
    assert known(person)["candidate.trainee_track"] == "five_years_experience"


def test_a_job_nobody_said_is_of_their_field_is_neither_counted_nor_left_out():
    job = {"title": "기사", "started_on": date(2022, 1, 1), "ended_on": date(2024, 12, 31)}
    studied = [{**STUDENT, "status": "graduated", "started_on": date(2017, 3, 2),
                "ended_on": date(2021, 8, 20)}]  # fmt: skip
    people = {
        related: candidate(f"{related}@example.org", educations=studied,
                           works=[{**job, "related": related}])
        for related in (None, True, False)
    }  # fmt: skip
    assert "candidate.trainee_track" not in known(people[None])
    assert "candidate.related_experience_outside_us_months" not in known(people[None])
    assert known(people[True])["candidate.related_experience_outside_us_months"] == 36
    assert known(people[False])["candidate.trainee_track"] == "none"


def test_work_that_is_not_stated_is_not_zero():
    found = known(candidate(educations=[STUDENT]))
    assert "candidate.related_experience_outside_us_months" not in found
    assert "candidate.trainee_track" not in found


def test_a_score_older_than_two_years_is_no_toeic_for_the_rules():
    person = candidate(toeic=900)
    assert known(person)["candidate.toeic"] == 900
    person.languages.update(taken_on=date(2024, 11, 1))
    person = type(person).objects.get(pk=person.pk)
    assert "candidate.toeic" not in known(person, program("other"))


def test_a_test_score_alone_does_not_verify_english():
    assert "candidate.english_verified" not in known(candidate(toeic=990))


def test_the_worst_duty_decides_what_a_dispatch_is():
    def activity(*duties):
        post = program(kind="dispatch", duties=[
            {"text": name, "activity": name, "share_pct": share} for name, share in duties
        ])  # fmt: skip
        return facts.program_facts(post)

    assert activity(("install", 90), ("train", 10))["program.activity"] == (
        "install_service_repair_foreign_equipment"
    )
    bad = activity(("install", 99), ("hands_on_construction", 1))
    assert bad["program.activity"] == "building_or_construction_hands_on"
    assert "program.activity" not in activity(("install", 60), ("other", 40))
    assert activity(("install", 100))["program.enrols_in_course_of_study"] is False
    assert "program.enrols_in_course_of_study" not in activity(("install", 90))


def test_the_heaviest_duty_says_where_and_all_of_them_how_much_is_done_by_hand():
    post = program(kind="dispatch", duties=[
        {"text": "Install", "activity": "install", "share_pct": 60, "where": "supplied_machine"},
        {"text": "Teach", "activity": "train", "share_pct": 40, "where": "office_or_training_room"},
    ])  # fmt: skip
    found = facts.program_facts(post)
    assert found["program.work_place"] == "supplied_machine"
    assert found["program.mostly_hands_on"] is True


def test_who_pays_the_duties_answers_where_the_pay_comes_from_unless_the_host_has_said_it():
    def paid(stated, *payers):
        post = program(
            kind="dispatch", details={} if stated is None else {"paid_from_us_source": stated},
            duties=[
                {"text": "Install", "activity": "install", "share_pct": 50, "paid_by": payer}
                for payer in payers
            ],
        )  # fmt: skip
        return facts.program_facts(post).get("program.paid_from_us_source")

    assert paid(None, "korean_employer", "korean_employer") is False
    assert paid(None, "korean_employer", "") is None, "nobody said who pays the other half"
    assert paid(None, "korean_employer", "us_affiliate") is True
    assert paid(False, "korean_employer", "us_customer") is True, "one duty paid there is pay there"
    assert paid(True, "korean_employer", "korean_employer") is True
    assert paid(False, "", "") is False


def test_work_in_korea_does_not_make_a_dispatch_what_it_is():
    post = program(kind="dispatch", duties=[
        {"text": "Build", "activity": "hands_on_construction", "share_pct": 50,
         "where": "in_korea"},
        {"text": "Train", "activity": "train", "share_pct": 50},
    ])  # fmt: skip
    assert facts.program_facts(post)["program.activity"] == "train_us_workers_on_foreign_equipment"


def test_what_the_duties_leave_open_no_answer_of_the_host_fills_in():
    answered = {"program.activity": "install_service_repair_foreign_equipment",
                "program.work_place": "supplied_machine"}  # fmt: skip
    listed = [{"text": "Install", "activity": "install", "share_pct": 60},
              {"text": "Help out", "activity": "other", "share_pct": 40}]  # fmt: skip
    found = facts.program_facts(program(kind="dispatch", duties=listed, rule_facts=answered))
    assert not answered.keys() & found.keys(), "else a page would say more than the task check"
    without = facts.program_facts(program("No duties", kind="dispatch", rule_facts=answered))
    assert answered.items() <= without.items()


def test_the_kinds_places_and_payers_of_a_duty_are_those_of_the_rules():
    data = load(DATA).dispatch
    assert set(Duty.Activity.values) == set(data.kinds)
    assert set(Duty.Place.values) == set(data.places)
    assert set(Duty.Payer.values) == set(data.payers)


def test_details_answer_facts_only_when_they_are_known():
    post = program(kind="dispatch", details={
        "seller_location": "outside_us", "contract_requires_service": True,
        "months_since_purchase": 4,
    })  # fmt: skip
    found = facts.program_facts(post)
    assert found["program.equipment_seller_location"] == "outside_us"
    assert found["program.sales_contract_requires_seller_service"] is True
    assert found["program.months_since_purchase"] == 4
    assert "program.paid_from_us_source" not in found


def test_an_answer_fills_what_is_unknown_and_never_overrides_what_is_stated():
    person = candidate(
        educations=[STUDENT], rule_facts={
            "candidate.english_verified": True, "candidate.nationality": "US",
            "candidate.intern_track": "none",
        },
    )  # fmt: skip
    found = known(person)
    assert found["candidate.english_verified"] is True
    assert found["candidate.nationality"] == "KR"
    assert found["candidate.intern_track"] == "enrolled_fulltime_outside_us"


def test_an_answer_that_the_rules_no_longer_accept_is_unknown():
    person = candidate(rule_facts={"candidate.gone": True, "candidate.toeic": "high"})
    found = known(person)
    assert "candidate.gone" not in found and "candidate.toeic" not in found


def test_the_host_answers_for_all_its_programs():
    post = program(organization=host("answering", rule_facts={"program.employer_everify": True}),
                   rule_facts={"program.hours_per_week": 30}, hours_per_week=40)  # fmt: skip
    found = facts.program_facts(post)
    assert found["program.employer_everify"] is True
    assert found["program.hours_per_week"] == 40


def test_a_major_that_the_host_asks_for_matches_and_another_is_not_a_no():
    asked = {"field_of_study": "Mechanical engineering"}
    assert known(candidate(educations=[STUDENT]), program(details=asked))[
        "program.field_matches_academic_field"
    ]
    other = candidate("lee@example.org", educations=[{**STUDENT, "major": "국어국문학"}])
    assert "program.field_matches_academic_field" not in known(other, program(details=asked))


def test_a_hosts_word_on_the_field_is_for_who_has_studied_what_it_asks_for():
    asked = {"field_of_study": "Mechanical engineering"}
    said = {"program.field_matches_academic_field": True}
    other = candidate("lee@example.org", educations=[{**STUDENT, "major": "국어국문학"}])
    assert "program.field_matches_academic_field" not in known(
        other, program(details=asked, rule_facts=said)
    )
    # no field is named, so there is the host's word alone (`claims` says so)
    assert known(other, program(rule_facts=said))["program.field_matches_academic_field"] is True


def test_training_in_korea_and_us_citizens_need_no_visa():
    here = program(kind="training", details={"place_of_training": "KR"})
    there = program(kind="training", details={"place_of_training": "both"})
    assert not facts.needs_pathway({}, here)
    assert facts.needs_pathway({}, there)
    assert not facts.needs_pathway({"candidate.nationality": "US"}, there)


# --- who says it ------------------------------------------------------------------------------
HOSTS_WORD = {"program.ds7002_signed_by_all": True, "program.insurance_meets_62_14": True,
              "program.field_matches_academic_field": True}  # fmt: skip


def test_of_nobodys_studies_can_it_be_said_that_they_are_in_the_field():
    post = program(starts_on=START, rule_facts=HOSTS_WORD)

    alone = facts.program_alone(post)

    assert "program.field_matches_academic_field" not in alone
    assert alone["program.insurance_meets_62_14"] is True
    verdict = rules.assess(alone, day=DAY, pathways=["j1_intern"]).best
    field = next(r for r in verdict.reasons if r.fact == "program.field_matches_academic_field")
    assert field.outcome == "unknown"


def test_what_the_candidate_says_too_is_not_the_hosts_word_alone():
    post = program(starts_on=START, rule_facts=HOSTS_WORD)
    person = candidate(rule_facts={"program.insurance_meets_62_14": True})

    assert {"program.ds7002_signed_by_all", "program.insurance_meets_62_14"} <= facts.claims(post)
    claimed = facts.claims(post, person)
    assert "program.ds7002_signed_by_all" in claimed
    assert "program.insurance_meets_62_14" not in claimed
    assert not [name for name in claimed if name.startswith("candidate.")]
    person.rule_facts = {"program.insurance_meets_62_14": False}
    assert "program.insurance_meets_62_14" in facts.claims(post, person), "they say otherwise"


def test_the_papers_of_a_pair_win_over_what_was_stated_and_an_open_one_is_not_known():
    post, person = program(starts_on=START, rule_facts=HOSTS_WORD), candidate()
    name = "program.ds7002_signed_by_all"

    assert facts.pair_facts(person, post, day=DAY)[name] is True
    assert facts.pair_facts(person, post, day=DAY, papers={name: False})[name] is False
    assert name not in facts.pair_facts(person, post, day=DAY, papers={name: None})
