"""A program says all that its kind must say before it is shown, and goes on saying it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone, translation

from corridor.accounts.models import Organization
from corridor.common.models import AuditEntry, OutboxMessage
from corridor.programs import checking, queries, services, tasks
from corridor.programs.kinds import DETAILS, Kind, clean_details
from corridor.programs.models import Program
from tests.matching import people
from tests.web.desks import START, member, open_program

pytestmark = pytest.mark.django_db
EXAMPLES = {"text": "견본", "longtext": "견본", "int": 10, "decimal": "10", "bool": True}


def full(kind: str) -> dict[str, Any]:
    return {
        detail.name: detail.choices[0][0] if detail.type == "choice" else EXAMPLES[detail.type]
        for detail in DETAILS[kind]
    }


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def owner():
    return member(people.host("sample-firm"))


@pytest.fixture
def firm(owner, monkeypatch) -> Organization:
    """A host that staff know already: the queue for new ones is in test_moderation.py."""
    monkeypatch.setitem(checking.data(), "known_after", 0)
    return owner.memberships.get().organization


def draft(firm: Organization, owner: Any, kind: str = "internship", **fields: Any) -> Program:
    return services.save_program(
        None, by=owner, organization=firm, details=full(kind),
        duties=[{"text": "Watch", "activity": "learn", "share_pct": 100}],
        **{"kind": kind, "title_en": "A sample", "summary_en": "Short.", "hub": people.hub(),
           "sector": people.sector(), "starts_on": START, "ends_on": START + timedelta(days=90),
           "pay_period": "unpaid", **fields},
    )  # fmt: skip


# --- the seven kinds ------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", Kind.values)
def test_each_kind_is_published_with_its_details_and_not_without_one_of_them(firm, owner, kind):
    made = draft(firm, owner, kind)
    services.publish(made, by=owner)
    required = [detail.name for detail in DETAILS[kind] if detail.required]
    assert required
    for name in required:
        lacking = {**full(kind), name: ""}
        with pytest.raises(ValidationError) as refused:
            services.save_program(made, by=owner, details=lacking)
        assert set(refused.value.message_dict) == {name}
    made.refresh_from_db()
    assert made.status == "published" and made.details == clean_details(
        kind, full(kind), complete=True
    )


@pytest.mark.parametrize("kind", Kind.values)
def test_a_draft_may_lack_everything_and_then_hears_all_that_is_missing(firm, owner, kind):
    made = services.save_program(None, by=owner, organization=firm, kind=kind, title_ko="초안")
    with pytest.raises(ValidationError) as refused:
        services.publish(made, by=owner)
    lacks = services.missing_to_publish(made)
    assert len(refused.value.messages) == sum(map(len, lacks.values()))
    required = {f"details.{detail.name}" for detail in DETAILS[kind] if detail.required}
    assert set(lacks) == required | {
        "hub", "sector", "starts_on", "ends_on", "summary_ko", "pay_amount", "duties",
    }  # fmt: skip
    made.refresh_from_db()
    assert made.status == "draft" and made.published_at is None


@pytest.mark.parametrize(
    ("kind", "name", "raw"),
    [
        ("internship", "clerical_share_pct", "101"),
        ("internship", "clerical_share_pct", "-1"),
        ("internship", "clerical_share_pct", "NaN"),
        ("internship", "clerical_share_pct", "1e999999999"),
        ("internship", "clerical_share_pct", "2.5"),
        ("internship", "uses_staffing_agency", "maybe"),
        ("internship", "uses_staffing_agency", []),
        ("internship", "supervisor_title", "가" * 301),
        ("dispatch", "seller_location", "the moon"),
        ("dispatch", "seller_location", ["us"]),
        ("startup", "no_such_field", "1"),
        ("joint_research", "funding_amount", "a lot"),
        ("joint_research", "funding_amount", "1e400"),
    ],
)
def test_a_detail_that_cannot_be_is_refused_at_its_field(kind, name, raw):
    with pytest.raises(ValidationError) as refused:
        clean_details(kind, {name: raw}, complete=False)
    assert set(refused.value.message_dict) == {name}


def test_an_unknown_kind_is_refused(firm, owner):
    with pytest.raises(ValidationError):
        services.save_program(
            None, by=owner, organization=firm, kind="holiday", title_en="x", details={"a": 1}
        )


def test_unknown_is_kept_apart_from_no():
    assert clean_details("internship", {"uses_staffing_agency": ""}, complete=False) == {}
    assert clean_details("internship", {"uses_staffing_agency": "false"}, complete=False) == {
        "uses_staffing_agency": False
    }


@pytest.mark.parametrize("shares", [[50, 49], [100, 1], [None, 100], [50, None], [None]])
def test_a_dispatch_says_how_all_of_the_time_is_spent(firm, owner, shares):
    made = draft(firm, owner, "dispatch")
    duties = [{"text": "Install", "activity": "install", "share_pct": share} for share in shares]
    services.save_program(made, by=owner, duties=duties)
    with pytest.raises(ValidationError, match="100"):
        services.publish(made, by=owner)


def test_a_published_dispatch_stays_at_a_hundred_percent(firm, owner):
    made = draft(firm, owner, "dispatch")
    services.publish(made, by=owner)
    with pytest.raises(ValidationError, match="100"):
        services.save_program(
            made, by=owner, duties=[{"text": "Install", "activity": "install", "share_pct": 60}]
        )
    assert [duty.share_pct for duty in made.duties.all()] == [100]


# --- dates and figures ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields",
    [
        {"ends_on": START - timedelta(days=1)},
        {"apply_by": START + timedelta(days=1)},
        {"seats": 0},
        {"seats": 5001},
        {"hours_per_week": 81},
        {"pay_amount": -1},
        {"min_toeic": 991},
        {"starts_on": "soon"},
        {"title_en": "", "title_ko": ""},
        {"pay_currency": "BTC"},
    ],
)
def test_a_form_with_impossible_values_is_refused_and_the_program_stays(firm, owner, fields):
    made = draft(firm, owner)
    before = AuditEntry.objects.count()
    with pytest.raises(ValidationError) as refused:
        services.save_program(made, by=owner, summary_en="changed", **fields)
    assert all(message for message in refused.value.messages)
    made.refresh_from_db()
    assert made.summary_en == "Short." and AuditEntry.objects.count() == before


def test_a_program_whose_days_have_passed_is_not_published(firm, owner):
    today = timezone.localdate()
    late = draft(firm, owner, apply_by=today - timedelta(days=1))
    begun = draft(firm, owner, starts_on=today, ends_on=today + timedelta(days=9))
    for made in (late, begun):
        with pytest.raises(ValidationError, match="past"):
            services.publish(made, by=owner)


def test_what_is_past_is_closed_by_itself_and_what_is_open_or_a_draft_is_left(firm, owner):
    today = timezone.localdate()
    past = open_program(firm, "past", apply_by=today - timedelta(days=1))
    begun = open_program(firm, "begun", starts_on=today)
    open_ = open_program(firm, "open", apply_by=today)
    hidden = open_program(firm, "hidden", apply_by=today - timedelta(days=1), status="draft")
    assert tasks.close_past() == 2
    assert tasks.close_past() == 0
    status = dict(Program.objects.values_list("pk", "status"))
    assert [status[made.pk] for made in (past, begun, open_, hidden)] == [
        "closed", "closed", "published", "draft",
    ]  # fmt: skip


# --- rules' facts ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "facts",
    [
        {"candidate.nationality": "KR"},
        {"program.colour_of_the_roof": "red"},
        {"program.hours_per_week": "forty"},
        {"program.productive_employment": "sometimes"},
        {"hours_per_week": 40},
    ],
)
def test_facts_of_the_rules_are_about_programs_known_and_of_their_type(firm, owner, facts):
    made = draft(firm, owner)
    with pytest.raises(ValidationError):
        services.save_program(made, by=owner, rule_facts=facts)
    made.refresh_from_db()
    assert made.rule_facts == {}


# --- who may --------------------------------------------------------------------------------------


def test_reviewers_strangers_and_other_hosts_write_nothing(firm, owner):
    made = draft(firm, owner)
    for stranger in (
        member(firm, "reviewer"), member(people.host("another")), people.candidate().user,
    ):  # fmt: skip
        for write in (
            lambda who=stranger: services.save_program(made, by=who, title_en="mine"),
            lambda who=stranger: services.publish(made, by=who),
            lambda who=stranger: services.close(made, by=who),
            lambda who=stranger: draft(firm, who),
        ):
            with pytest.raises(PermissionDenied):
                write()


def test_a_host_that_could_not_be_verified_cannot_publish(firm, owner):
    made = draft(firm, owner)
    Organization.objects.filter(pk=firm.pk).update(status="rejected")
    with pytest.raises(ValidationError, match="verify"):
        services.publish(made, by=owner)
    made.refresh_from_db()
    assert made.status == "draft"


def test_a_draft_cannot_be_closed_into_the_open(firm, owner):
    made = draft(firm, owner)
    with pytest.raises(ValidationError):
        services.close(made, by=owner)
    assert not queries.visible_to(AnonymousUser()).exists()


def test_drafts_are_seen_by_the_hosts_members_and_staff_alone(firm, owner):
    from corridor.accounts.models import User

    made = draft(firm, owner)
    staff = User.objects.create_user("staff@example.org", is_staff=True)
    stranger = people.candidate().user
    assert queries.page(owner, made.pk) and queries.page(staff, made.pk)
    assert queries.page(stranger, made.pk) is None
    assert queries.page(AnonymousUser(), made.pk) is None
    services.publish(made, by=owner)
    services.close(made, by=owner)
    assert queries.page(AnonymousUser(), made.pk), "who applied may still read what was closed"


@pytest.mark.parametrize(
    "field", ["status", "organization_id", "published_at", "is_sample", "vector", "source"]
)
def test_what_has_its_own_door_is_not_changed_by_saving(firm, owner, field):
    with pytest.raises(ValidationError):
        services.save_program(draft(firm, owner), by=owner, **{field: "x"})


def test_a_save_asks_for_a_vector_only_when_the_text_changed(firm, owner):
    made = draft(firm, owner)
    assert OutboxMessage.objects.filter(task="programs.embed").count() == 1
    services.save_program(made, by=owner, seats=7)
    assert OutboxMessage.objects.count() == 1
    services.save_program(made, by=owner, description_ko="전극 코터를 정비합니다.")
    assert OutboxMessage.objects.count() == 2


def test_what_is_asked_in_words_is_joined_to_the_taxonomy(firm, owner):
    made = draft(firm, owner)
    services.save_program(
        made, by=owner,
        requirements=[{"kind": "skill", "text": "TIG 용접", "is_required": True},
                      {"kind": "skill", "text": "xyzzy", "is_required": False}],
    )  # fmt: skip
    asked = list(made.requirements.all())
    assert asked[0].ref and asked[1].ref == ""
    made.refresh_from_db()
    assert asked[0].ref in made.skill_ids
