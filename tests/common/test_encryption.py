"""Birth date, passport number, sex and military status are unreadable without the keys."""

from __future__ import annotations

import json
import logging
from datetime import date
from io import StringIO

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.core.management import call_command
from django.db import connection

from corridor.applications import services as applications
from corridor.candidates import services, texts
from corridor.candidates.models import Candidate
from corridor.common import encryption
from corridor.common.models import AuditEntry, OutboxMessage
from tests.matching import people
from tests.web.desks import applicant, client_of, member, open_program

pytestmark = pytest.mark.django_db

PRIVATE = {
    "birth_date": date(2001, 7, 19),
    "passport_number": "M70193847",
    "sex": "M",
    "military_status": "not_completed",
}
# What would give them away in a text: the values themselves, in the ways in which they are written.
TRACES = ("2001-07-19", "20010719", "M70193847", "not_completed")


@pytest.fixture
def me() -> Candidate:
    made = people.candidate(skills_text="PLC 정비", **PRIVATE)
    return Candidate.objects.get(pk=made.pk)


def stored(pk: int) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT birth_date, passport_number, sex, military_status "
            "FROM candidates_candidate WHERE id = %s", [pk],
        )  # fmt: skip
        return dict(zip(PRIVATE, cursor.fetchone(), strict=True))


def test_the_database_holds_ciphertext_and_the_model_reads_it(me):
    for name, kept in stored(me.pk).items():
        assert kept.startswith("gAAAA"), f"{name} is not a Fernet token"
        # A single letter may stand in any token by chance; a whole value may not.
        assert len(str(PRIVATE[name])) < 4 or str(PRIVATE[name]) not in kept
        assert getattr(me, name) == PRIVATE[name]


def test_equal_values_are_not_equal_in_the_database(me):
    other = people.candidate("lee@example.org", **PRIVATE)
    assert stored(me.pk)["sex"] != stored(other.pk)["sex"]


def test_what_was_not_given_is_kept_as_nothing():
    made = people.candidate()
    assert set(stored(made.pk).values()) == {None}
    assert Candidate.objects.get(pk=made.pk).birth_date is None


def test_nobody_can_search_by_an_encrypted_field(me):
    with pytest.raises(FieldError):
        Candidate.objects.filter(passport_number="M70193847").exists()


def test_with_a_new_key_in_front_old_rows_are_read_and_new_ones_use_it(me, settings):
    old = settings.FIELD_KEYS
    new = Fernet.generate_key().decode()
    settings.FIELD_KEYS = [new, *old]
    assert Candidate.objects.get(pk=me.pk).passport_number == "M70193847"
    fresh = people.candidate("lee@example.org", passport_number="M00000001")
    assert Fernet(new).decrypt(stored(fresh.pk)["passport_number"].encode()) == b"M00000001"


def test_after_rotating_the_old_key_is_not_needed(me, settings):
    people.candidate("lee@example.org", sex="F")
    people.candidate("none@example.org")  # nothing to encrypt
    before = Candidate.objects.get(pk=me.pk).updated_at
    new = Fernet.generate_key().decode()
    settings.FIELD_KEYS = [new, *settings.FIELD_KEYS]
    out = StringIO()
    call_command("rotate_field_keys", "--batch", "1", stdout=out, stderr=StringIO())
    assert "2 rows" in out.getvalue()

    settings.FIELD_KEYS = [new]
    kept = Candidate.objects.get(pk=me.pk)
    assert {name: getattr(kept, name) for name in PRIVATE} == PRIVATE
    assert Candidate.objects.get(user__email="lee@example.org").sex == "F"
    assert kept.updated_at == before, "a rotation is not a change by the person"


def test_a_missing_key_says_what_to_put_back(me, settings):
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(ImproperlyConfigured, match="Put the key it was written with back"):
        Candidate.objects.get(pk=me.pk)


@pytest.mark.parametrize("keys", [["not a key"], ["c2hvcnQ="], []])
def test_a_bad_key_says_how_to_make_a_good_one(settings, keys):
    settings.FIELD_KEYS = keys
    with pytest.raises(ImproperlyConfigured, match=r"Fernet\.generate_key"):
        encryption.fernet()


def test_a_save_leaves_no_trace_in_audit_outbox_text_or_log(me, caplog):
    caplog.set_level(logging.DEBUG)
    services.save_profile(me, by=me.user, **{**PRIVATE, "about": "전지 공장 실습"})
    services.answer_rule_facts(
        me, by=me.user, answers={"candidate.military_status": "completed", "candidate.sex": "M"}
    )
    me.refresh_from_db()
    kept = {
        "audit": json.dumps(list(AuditEntry.objects.values_list("values", flat=True))),
        "outbox": json.dumps(list(OutboxMessage.objects.values_list("arguments", flat=True))),
        "text": texts.profile_text(me),
        "log": "\n".join(
            record.getMessage() for record in caplog.records
            if record.name != "django.db.backends"  # off unless DEBUG; it repeats parameters
        ),
    }  # fmt: skip
    for place, text in kept.items():
        for trace in (*TRACES, "전지 공장", me.user.name, me.user.email):
            if place == "text" and trace == "전지 공장":
                continue  # one's own words are what is matched
            assert trace not in text, f"{trace} in {place}"


def test_answers_about_sex_and_service_are_kept_in_the_encrypted_fields_alone():
    me = people.candidate()
    services.answer_rule_facts(
        me, by=me.user,
        answers={"candidate.sex": "M", "candidate.military_status": "not_completed",
                 "candidate.residence_abroad": True},
    )  # fmt: skip
    kept = Candidate.objects.get(pk=me.pk)
    assert kept.rule_facts == {"candidate.residence_abroad": True}
    assert (kept.sex, kept.military_status) == ("M", "not_completed")
    assert stored(me.pk)["military_status"].startswith("gAAAA")
    services.answer_rule_facts(me, by=me.user, answers={"candidate.military_status": None})
    assert Candidate.objects.get(pk=me.pk).military_status is None


def test_an_application_its_evidence_and_the_hosts_page_tell_none_of_it():
    host = people.host("sample-firm")
    owner = member(host)
    application = applicant(open_program(host), **PRIVATE)
    assert applications.permissions.side_of(owner, application) == "host"
    page = client_of(owner).get(f"/en/org/{host.slug}/applications/{application.pk}/")
    assert page.status_code == 200
    for text in (json.dumps(application.evidence), page.content.decode()):
        for trace in TRACES:
            assert trace not in text


def test_ones_own_profile_in_the_api_tells_none_of_it(me):
    answer = client_of(me.user).get("/api/v1/me/profile/")
    assert answer.status_code == 200
    for trace in TRACES:
        assert trace not in answer.content.decode()
