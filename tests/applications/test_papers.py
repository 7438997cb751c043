"""Training plans: what they begin with, what stands in the way, who signs, what a change voids."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone, translation

from corridor.accounts.models import Consent, User
from corridor.accounts.services import withdraw_consent
from corridor.applications import known, services, tasks, visa_steps
from corridor.applications.countersigned import (
    checks,
    permissions,
    queries,
    signing,
    telling,
    watching,
    wording,
    writing,
)
from corridor.applications.models import (
    CANDIDATE,
    HOST,
    THIRD,
    Application,
    Paper,
    PaperNotice,
    PaperSignature,
    State,
)
from corridor.common.models import AuditEntry
from tests.applications import paperwork
from tests.web import desks

pytestmark = pytest.mark.django_db


def open_checks(paper: Paper) -> dict[str, str]:
    return {each.id: each.state for each in checks.blocking(paper, day=timezone.localdate())}


def test_a_plan_begins_with_what_the_offer_the_posting_and_the_sent_file_say():
    application, owner = paperwork.accepted(details={
        "supervisor_title": "생산기술팀장 / Process lead", "field_of_study": "-",
        "training_plan": "1단계 안전 / Phase 1 (4 wks) safety; phase 2 (12 wks) coating; "
                         "phase 3 an improvement", "clerical_share_pct": 10,
    })  # fmt: skip

    paper = writing.begin_plan(application, by=owner)

    told = paper.content
    assert told["name"] == application.candidate.user.name
    assert (told["category"], told["hours_per_week"], told["clerical_share_pct"]) == (
        "j1_intern", 40, 10,
    )  # fmt: skip
    assert (told["pay_amount"], told["benefits"]) == ("22", "Paid by the host: Flight")
    assert told["supervisor_title"] == "Process lead"
    assert told["degree"] == "Bachelor"
    assert told["repeats"] is None, "nobody has said so: unknown"
    start = desks.START
    assert [(each["name"], each["starts_on"]) for each in told["phases"]] == [
        ("Phase 1 (4 wks) safety", start.isoformat()),
        ("phase 2 (12 wks) coating", (start + timedelta(weeks=4)).isoformat()),
        ("phase 3 an improvement", (start + timedelta(weeks=16)).isoformat()),
    ]
    assert told["phases"][-1]["ends_on"] == told["ends_on"]


def test_what_the_candidate_changed_after_sending_does_not_reach_the_plan():
    application, owner = paperwork.accepted()
    application.candidate.educations.update(major="비밀 전공")

    paper = writing.begin_plan(application, by=owner)

    assert paper.content["field_of_study"] == "기계공학"


@pytest.mark.parametrize(("pathway", "state"), [("h3", "accepted"), ("j1_intern", "offered")])
def test_a_plan_belongs_to_an_accepted_offer_on_the_route_of_interns_and_trainees(pathway, state):
    application, owner = paperwork.accepted(pathway)
    application.state = state
    application.save()

    with pytest.raises(ValidationError):
        writing.begin_plan(application, by=owner)


def test_only_those_who_decide_for_the_host_begin_a_plan():
    application, _owner = paperwork.accepted()
    reviewer = desks.member(application.program.organization, "reviewer")

    for stranger in (reviewer, application.candidate.user):
        with pytest.raises(PermissionDenied):
            writing.begin_plan(application, by=stranger)


def test_a_blank_plan_cannot_be_signed_and_unknown_is_never_yes():
    application, owner = paperwork.accepted()
    paper = writing.begin_plan(application, by=owner)

    found = open_checks(paper)

    assert found["all_told"] == "unknown"
    assert found["skilled_work"] == "unknown"
    assert found["nothing_repeated"] == "unknown"
    assert found["supervisor_named"] == "unknown"
    with pytest.raises(ValidationError, match="아직 서명할 수 없습니다"):
        paperwork.signed(paper, owner, HOST)


@pytest.mark.parametrize(("values", "check", "state"), [
    ({"hours_per_week": 31}, "full_time_32", "fails"),
    ({"clerical_share_pct": 21}, "clerical_share", "fails"),
    ({"clerical_share_pct": 20}, "clerical_share", None),
    ({"clerical_share_pct": None}, "clerical_share", "unknown"),
    ({"skill_level": "unskilled"}, "skilled_work", "fails"),
    ({"care_work": True}, "no_patient_contact", "fails"),
    ({"staffing_agency": True}, "no_staffing_agency", "fails"),
    ({"repeats": True}, "nothing_repeated", "fails"),
    ({"pay_period": None}, "pay_told", "unknown"),
    ({"pay_period": "unpaid", "pay_amount": None}, "pay_told", None),
    ({"supervisor": ""}, "supervisor_named", "unknown"),
])  # fmt: skip
def test_each_check_tells_met_failing_and_unknown_apart(values, check, state):
    application, owner = paperwork.accepted()
    paper = paperwork.written(application, owner)
    assert open_checks(paper) == {}

    paper = writing.save(paper, by=owner, side=HOST, revision=None, values=values)

    assert open_checks(paper).get(check) == state


def test_an_intern_with_a_degree_begins_within_twelve_months_of_it():
    application, owner = paperwork.accepted()
    paper = paperwork.written(application, owner)
    start = date.fromisoformat(paper.content["starts_on"])

    def after(degree: date | None) -> str | None:
        told = {"degree_on": degree and degree.isoformat()}
        changed = writing.save(paper, by=owner, side=HOST, revision=None, values=told)
        return open_checks(changed).get("graduated_in_time")

    assert after(start.replace(year=start.year - 1)) is None, "the anniversary is still in time"
    assert after(start.replace(year=start.year - 1) - timedelta(days=1)) == "fails"
    assert after(start + timedelta(days=60)) is None, "a degree to come is a student's"
    assert after(None) == "unknown"


def test_a_plan_is_not_in_english_while_its_fields_are_empty():
    application, owner = paperwork.accepted()
    paper = paperwork.written(application, owner)

    def language(**values: Any) -> str:
        changed = writing.save(paper, by=owner, side=HOST, revision=None, values=values)
        found = checks.of(changed, day=timezone.localdate())
        return next(each.state for each in found if each.id == "english_text")

    assert language() == "met"
    assert language(culture="") == "unknown"
    assert language(culture="박물관") == "fails"
    assert language(culture="A museum", phases=[]) == "unknown"


def test_phases_must_cover_every_day_of_the_plan_once():
    application, owner = paperwork.accepted()
    paper = paperwork.written(application, owner)
    start = date.fromisoformat(paper.content["starts_on"])

    def moved(number: int, **days: date) -> str | None:
        values = {name: day.isoformat() for name, day in days.items()}
        changed = writing.save_phase(
            paper, by=owner, side=HOST, revision=None, number=number, values=values
        )
        return open_checks(changed).get("phases_cover")

    assert moved(2, starts_on=start + timedelta(days=62)) == "fails"  # a day without a phase
    assert moved(2, starts_on=start + timedelta(days=60)) == "fails"  # two at once
    assert moved(2, starts_on=start + timedelta(days=61)) is None
    assert moved(2, ends_on=start + timedelta(days=170)) == "fails"  # ends before the plan
    writing.remove_phase(paper, by=owner, side=HOST, revision=None, number=2)
    assert open_checks(paperwork.again(paper))["phases_cover"] == "fails"


def test_a_trainee_needs_several_phases_and_may_stay_eighteen_months_an_intern_twelve():
    application, owner = paperwork.accepted()
    paper = paperwork.written(application, owner)
    start = date.fromisoformat(paper.content["starts_on"])
    longer = {"ends_on": (start + timedelta(days=480)).isoformat()}
    paper = writing.save(paper, by=owner, side=HOST, revision=None, values=longer)
    assert open_checks(paper)["duration"] == "fails"

    paper = writing.save(paper, by=owner, side=HOST, revision=None,
                         values={"category": "j1_trainee"})  # fmt: skip
    assert "duration" not in open_checks(paper)
    paper = writing.remove_phase(paper, by=owner, side=HOST, revision=None, number=2)
    assert open_checks(paper)["trainee_in_phases"] == "fails"


def test_every_check_names_its_law_in_both_languages():
    application, owner = paperwork.accepted()
    paper = paperwork.written(application, owner)

    for language in ("ko", "en"):
        with translation.override(language):
            found = checks.of(paper, day=timezone.localdate())
        assert len(found) > 15
        assert all(each.citation and each.text and each.checked_on for each in found)
        hangul = [any("가" <= sign <= "힣" for sign in each.text) for each in found]
        assert all(hangul) if language == "ko" else not any(hangul)


def test_host_candidate_and_sponsor_sign_in_turn_and_each_leaves_an_audit_row_and_the_hash():
    application, owner = paperwork.accepted()
    person = application.candidate.user
    org, officer = paperwork.sponsor()
    paper = paperwork.written(application, owner, org)
    digest = queries.digest(paper)

    with pytest.raises(PermissionDenied):
        paperwork.signed(paper, person, CANDIDATE)
    paper = paperwork.signed(paper, owner, HOST, "Alex Moore")
    assert (paper.state, paper.turn) == ("signing", CANDIDATE)
    assert not queries.of_organization(officer, org).exists(), "not before the candidate agrees"
    with pytest.raises(ValidationError, match="견본 교류재단"):
        paperwork.signed(paper, person, CANDIDATE, consents=False)
    paper = paperwork.signed(paper, person, CANDIDATE, "김견본")
    assert queries.of_organization(officer, org).get() == paper
    paper = paperwork.signed(paper, officer, THIRD, "Anne Littell")

    assert (paper.state, paper.turn, paper.due_on) == ("signed", "", None)
    version = paper.versions.get()
    assert version.sha256 == digest == queries.digest(paper)
    assert [(each.side, each.name) for each in version.signatures.all()] == [
        (HOST, "Alex Moore"), (CANDIDATE, "김견본"), (THIRD, "Anne Littell"),
    ]  # fmt: skip
    rows = AuditEntry.objects.filter(action="paper.signed", subject_id=str(paper.pk))
    assert {row.values["sha256"] for row in rows} == {digest}
    assert rows.count() == 3
    consent = Consent.objects.get(user=person, recipient=org)
    assert "training_plan" in consent.items


def test_a_sponsor_reads_nothing_more_once_the_consent_is_taken_back():
    application, owner = paperwork.accepted()
    person = application.candidate.user
    org, officer = paperwork.sponsor()
    paper = paperwork.signed(paperwork.written(application, owner, org), owner, HOST)
    paper = paperwork.signed(paper, person, CANDIDATE)

    withdraw_consent(paper.consent, by=person)

    assert not queries.of_organization(officer, org).exists()
    assert not permissions.may_sign(officer, paperwork.again(paper), THIRD)


def test_another_sponsor_needs_the_candidates_consent_anew():
    application, owner = paperwork.accepted()
    person = application.candidate.user
    org, _officer = paperwork.sponsor()
    other, stranger = paperwork.sponsor("other-sponsor")
    paper = paperwork.signed(paperwork.written(application, owner, org), owner, HOST)
    paper = paperwork.signed(paper, person, CANDIDATE)

    paper = writing.name_third(paper, by=owner, side=HOST, revision=None, third=other)

    assert (paper.state, paper.turn, paper.version) == ("draft", HOST, 2)
    assert not queries.of_organization(stranger, other).exists()


def test_a_change_after_a_signature_voids_all_and_begins_a_version_with_its_differences():
    application, owner = paperwork.accepted()
    person = application.candidate.user
    paper = paperwork.signed(paperwork.written(application, owner), owner, HOST)
    paper = paperwork.signed(paper, person, CANDIDATE)

    paper = writing.save(paper, by=owner, side=HOST, revision=None,
                         values={"hours_per_week": 36})  # fmt: skip

    paper = paperwork.again(paper)
    assert (paper.state, paper.turn, paper.version) == ("draft", HOST, 2)
    assert queries.signatures(paper) == {}
    old = paper.versions.get(number=1)
    assert all(each.voided_at for each in old.signatures.all())
    with translation.override("en"):
        assert queries.differences(paper, old.content, paper.content) == [
            {"label": "Hours a week", "before": "40", "after": "36"}
        ]
    assert PaperNotice.objects.filter(paper=paper, what="changed", side=CANDIDATE).count() == 1
    paper = paperwork.signed(paper, owner, HOST)
    assert [each.number for each in paper.versions.all()] == [1, 2]
    assert paper.versions.get(number=2).sha256 != old.sha256


def test_saving_the_same_words_voids_nothing():
    application, owner = paperwork.accepted()
    paper = paperwork.signed(paperwork.written(application, owner), owner, HOST)

    paper = writing.save(paper, by=owner, side=HOST, revision=None, values=paperwork.TOLD)

    assert (paper.version, paper.turn) == (1, CANDIDATE)


def test_one_signs_the_words_one_has_read_and_no_others():
    application, owner = paperwork.accepted()
    paper = paperwork.written(application, owner)
    read = queries.digest(paper)
    writing.save(paper, by=owner, side=HOST, revision=None, values={"city": "Zeeland"})

    with pytest.raises(services.Outdated):
        paperwork.signed(paper, owner, HOST, read=read)
    assert not paper.versions.exists()


def test_two_who_write_at_once_are_told():
    application, owner = paperwork.accepted()
    paper = writing.begin_plan(application, by=owner)
    writing.save(paper, by=owner, side=HOST, revision=paper.revision, values={"city": "Zeeland"})

    with pytest.raises(services.Outdated):
        writing.save(paper, by=owner, side=HOST, revision=paper.revision, values={"city": "-"})


def test_a_candidate_sends_the_plan_back_with_what_should_be_changed():
    application, owner = paperwork.accepted()
    person = application.candidate.user
    paper = paperwork.signed(paperwork.written(application, owner), owner, HOST)

    with pytest.raises(ValidationError):
        signing.send_back(paper, by=person, side=CANDIDATE, note="  ")
    paper = signing.send_back(paper, by=person, side=CANDIDATE, note="2단계를 나눠 주세요")

    assert (paper.state, paper.turn, paper.asked) == ("draft", HOST, "2단계를 나눠 주세요")
    assert queries.signatures(paperwork.again(paper)) == {}


def test_the_host_records_the_signature_of_a_sponsor_that_is_not_here_with_its_scan(
    settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    application, owner = paperwork.accepted()
    paper = paperwork.signed(paperwork.written(application, owner), owner, HOST)
    paper = paperwork.signed(paper, application.candidate.user, CANDIDATE)
    told = {"by": owner, "side": THIRD, "name": "Pat Doe", "office": "Responsible Officer",
            "statement": "x",
            "signed_on": timezone.localdate(), "read": queries.digest(paper)}  # fmt: skip

    with pytest.raises(ValidationError, match="PDF"):
        signing.record_on_paper(paper, upload=SimpleUploadedFile("a.pdf", b"no pdf"), **told)
    with pytest.raises(ValidationError):
        late = {**told, "signed_on": timezone.localdate() + timedelta(days=1)}
        signing.record_on_paper(paper, upload=SimpleUploadedFile("a.pdf", b"%PDF-1"), **late)
    made = signing.record_on_paper(paper, upload=SimpleUploadedFile("a.pdf", b"%PDF-1"), **told)

    assert made.on_paper and made.scan.read() == b"%PDF-1"
    assert paperwork.again(paper).state == "signed"


def recorded(paper: Paper, by: User, side: str, **more: Any) -> PaperSignature:
    return signing.record_on_paper(
        paper, by=by, side=side, name="Pat Doe", office="Officer",
        statement=wording.statement(paper, side), signed_on=timezone.localdate(),
        upload=SimpleUploadedFile("a.pdf", b"%PDF-1"), **{"read": queries.digest(paper), **more},
    )  # fmt: skip


@pytest.fixture
def at_sponsor(settings, tmp_path):
    """A plan that waits for a sponsor on Corridor: (paper, the host's owner, its officer)."""
    settings.MEDIA_ROOT = tmp_path
    application, owner = paperwork.accepted()
    org, officer = paperwork.sponsor()
    paper = paperwork.signed(paperwork.written(application, owner, org), owner, HOST)
    return paperwork.signed(paper, application.candidate.user, CANDIDATE), owner, officer


def test_what_the_host_records_for_a_sponsor_on_corridor_waits_until_it_confirms(at_sponsor):
    paper, owner, officer = at_sponsor
    mail.outbox.clear()
    made = recorded(paper, owner, THIRD)
    paper = paperwork.again(paper)
    assert made.is_unconfirmed and (paper.state, paper.turn) == ("to_confirm", THIRD)
    assert not paper.notices.filter(what="signed").exists(), "nobody is told that all have signed"
    assert list(queries.awaiting(officer, paper.third)) == [paper], "it stands on its desk"
    for notice in paper.notices.filter(told=False):
        telling.tell(notice.pk)
    asked = [each for each in mail.outbox if each.to == [officer.email]]
    assert any("서명이 맞나요" in each.subject for each in asked)

    with pytest.raises(PermissionDenied):
        signing.confirm(paper, by=owner, side=THIRD, read=queries.digest(paper), agrees=True)
    with pytest.raises(ValidationError):
        signing.confirm(paper, by=officer, side=THIRD, read=queries.digest(paper), agrees=False)
    with pytest.raises(services.Outdated):
        signing.confirm(paper, by=officer, side=THIRD, read="0" * 64, agrees=True)
    given = signing.confirm(
        paper, by=officer, side=THIRD, read=queries.digest(paper), agrees=True
    )
    assert given.confirmed_by == officer and not given.is_unconfirmed and not given.is_by_signer
    assert not queries.awaiting(officer, paper.third).exists()
    assert (paperwork.again(paper).state, paperwork.again(paper).turn) == ("signed", "")
    assert paper.notices.filter(what="confirmed", side=HOST).exists()
    assert set(paper.notices.filter(what="signed").values_list("side", flat=True)) == {
        CANDIDATE, THIRD,
    }  # fmt: skip
    with pytest.raises(PermissionDenied):
        signing.confirm(paper, by=officer, side=THIRD, read=queries.digest(paper), agrees=True)


def test_a_signer_who_has_not_confirmed_is_reminded_before_the_day_and_after_it(at_sponsor):
    paper, owner, officer = at_sponsor
    recorded(paper, owner, THIRD)
    paper = paperwork.again(paper)
    told(paper)

    assert watching.watch(paper.due_on - timedelta(days=2)) == 1
    assert watching.watch(paper.due_on + timedelta(days=1)) == 1
    mails = told(paper)
    assert [reader for reader, _subject in mails] == [officer.email, officer.email]
    assert all("서명이 맞나요" in subject for _reader, subject in mails)
    assert "서명이 끝난 서류로 보지 않습니다" in mail.outbox[-1].body
    signing.confirm(paper, by=officer, side=THIRD, read=queries.digest(paper), agrees=True)
    assert watching.watch(paper.due_on + timedelta(days=9)) == 0


def test_a_sponsor_that_is_not_here_cannot_confirm_and_the_paper_says_so(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    application, owner = paperwork.accepted()
    paper = paperwork.signed(paperwork.written(application, owner), owner, HOST)
    paper = paperwork.signed(paper, application.candidate.user, CANDIDATE)
    made = recorded(paper, owner, THIRD)

    assert (paperwork.again(paper).state, paperwork.again(paper).turn) == ("signed", "")
    with translation.override("en"):
        assert "not confirmed by the sponsor on Corridor" in wording.when(made)


# --- what the rules know of it ----------------------------------------------------------------
SIGNED_FORM = "program.ds7002_signed_by_all"


@pytest.fixture
def stated(at_sponsor):
    """The same, of a program whose host has stated that the form is signed by all."""
    paper, owner, officer = at_sponsor
    paper.application.program.rule_facts = {SIGNED_FORM: True}
    paper.application.program.save()
    return paper, owner, officer


def of_plan(paper: Paper) -> tuple[Any, bool, bool]:
    """What is known of the form's signatures, and whether its step is done or only stated."""
    application = Application.objects.get(pk=paper.application_id)
    found = known.assessed(application, day=timezone.localdate())
    stations = found.of("j1_intern").timeline.stations
    step = next(each for each in stations if each.step.id == "ds7002")
    return found.facts.get(SIGNED_FORM), step.done, step.stated


def test_while_an_applications_own_plan_is_unsigned_the_hosts_word_on_it_is_void(stated):
    paper, owner, officer = stated
    assert of_plan(paper) == (False, False, False)
    fails = known.assessed(paper.application, day=timezone.localdate()).of("j1_intern")
    assert any(r.fact == SIGNED_FORM and r.outcome == "fails" for r in fails.reasons)
    assert fails.display != "works"

    made = recorded(paper, owner, THIRD)
    assert made.is_unconfirmed and of_plan(paper) == (None, False, False)

    paper = paperwork.again(paper)
    signing.confirm(paper, by=officer, side=THIRD, read=queries.digest(paper), agrees=True)
    assert of_plan(paper) == (True, True, False), "the paper bears the host's word out"


def test_a_signed_draft_alone_never_says_that_the_sponsors_form_is_signed(at_sponsor):
    paper, _owner, officer = at_sponsor
    paper = paperwork.signed(paper, officer, THIRD)
    assert paper.state == "signed" and of_plan(paper) == (None, False, False)


def test_before_there_is_a_plan_the_hosts_word_is_only_the_hosts():
    application, _owner = paperwork.accepted(rule_facts={SIGNED_FORM: True})
    found = known.assessed(application, day=timezone.localdate())
    step = next(s for s in found.of("j1_intern").timeline.stations if s.step.id == "ds7002")
    assert (found.facts[SIGNED_FORM], step.done, step.stated) == (True, False, True)


def test_that_everybody_has_signed_is_not_recorded_beside_a_plan_that_is_unsigned_here(at_sponsor):
    paper, owner, officer = at_sponsor
    step = {"pathway": "j1_intern", "step": "ds7002", "day": timezone.localdate()}
    with pytest.raises(ValidationError, match="아직 모두가 서명하지 않았습니다"):
        visa_steps.record(paper.application, by=owner, mark="signed", **step)
    assert visa_steps.record(paper.application, by=owner, mark="sent", **step).mark == "sent"
    paperwork.signed(paper, officer, THIRD)
    assert visa_steps.record(paper.application, by=owner, mark="signed", **step).mark == "signed"


def test_a_sponsor_that_did_not_sign_sends_the_paper_back_and_nothing_holds(at_sponsor):
    paper, owner, officer = at_sponsor
    recorded(paper, owner, THIRD)
    paper = signing.send_back(
        paperwork.again(paper), by=officer, side=THIRD, note="This is not our signature"
    )
    assert paper.state == "draft"
    assert queries.signatures(paperwork.again(paper)) == {}
    assert queries.unconfirmed(paperwork.again(paper)) == {}


def test_each_side_records_its_own_signature_on_paper_and_that_needs_no_other_word(
    settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    application, owner = paperwork.accepted()
    person = application.candidate.user
    org, officer = paperwork.sponsor()
    paper = paperwork.written(application, owner, org)

    assert recorded(paper, owner, HOST).is_by_signer
    paper = paperwork.again(paper)
    with pytest.raises(PermissionDenied):
        recorded(paper, owner, CANDIDATE, consents=True)
    with pytest.raises(ValidationError, match=r"Sample Exchange|견본 교류재단"):
        recorded(paper, person, CANDIDATE)
    assert recorded(paper, person, CANDIDATE, consents=True).is_by_signer
    paper = paperwork.again(paper)
    assert paper.consent.recipient == org
    given = recorded(paper, officer, THIRD)

    assert given.is_by_signer and given.version.sha256 == queries.digest(paper)
    assert paperwork.again(paper).state == "signed"
    assert queries.unconfirmed(paperwork.again(paper)) == {}


def test_a_signature_on_paper_is_for_the_words_that_were_read(at_sponsor):
    paper, owner, _officer = at_sponsor
    with pytest.raises(services.Outdated):
        recorded(paper, owner, THIRD, read="0" * 64)
    assert THIRD not in queries.signatures(paperwork.again(paper))


def test_nobody_countersigns_their_own_paper():
    application, owner = paperwork.accepted()
    person = application.candidate.user
    org, _officer = paperwork.sponsor()
    org.memberships.create(user=person, role="owner")
    paper = paperwork.signed(paperwork.written(application, owner, org), owner, HOST)
    paper = paperwork.signed(paper, person, CANDIDATE)

    with pytest.raises(PermissionDenied):
        paperwork.signed(paper, person, THIRD)


def test_of_a_withdrawn_application_nothing_is_signed_any_more():
    application, owner = paperwork.accepted()
    person = application.candidate.user
    paper = paperwork.signed(paperwork.written(application, owner), owner, HOST)
    services.move(application, by=person, to=State.WITHDRAWN)

    with pytest.raises(PermissionDenied):
        paperwork.signed(paper, person, CANDIDATE)


# --- who is told ------------------------------------------------------------------------------
def told(paper: Paper) -> list[tuple[str, str]]:
    """(reader, subject) of the mails that its notices send now."""
    mail.outbox.clear()
    for pk in PaperNotice.objects.filter(paper=paper, told=False).values_list("pk", flat=True):
        tasks.tell_paper(pk)
        tasks.tell_paper(pk)
    return [(each.to[0], each.subject) for each in mail.outbox]


def test_each_side_is_written_to_in_its_language_when_its_signature_is_awaited(settings):
    application, owner = paperwork.accepted()
    owner.language = "en"
    owner.save()
    person = application.candidate.user
    assert person.language == "ko"
    org, officer = paperwork.sponsor()
    officer.language = "en"
    officer.save()
    paper = paperwork.signed(paperwork.written(application, owner, org), owner, HOST)

    assert told(paper) == [(person.email, "서명을 기다립니다: 훈련계획서")]
    paper = paperwork.signed(paper, person, CANDIDATE, "김견본")
    assert told(paper) == [(officer.email, "Your signature is awaited: Training plan")]
    assert "김견본" not in mail.outbox[0].body
    paper = paperwork.signed(paper, officer, THIRD)
    assert sorted(told(paper)) == sorted([
        (person.email, "모두 서명했습니다: 훈련계획서"),
        (owner.email, "Signed by all: Training plan"),
        (officer.email, "Signed by all: Training plan"),
    ])  # fmt: skip


def test_the_host_is_told_to_fetch_the_signature_of_a_sponsor_that_is_not_here():
    application, owner = paperwork.accepted()
    owner.language = "en"
    owner.save()
    paper = paperwork.signed(paperwork.written(application, owner), owner, HOST)
    paper = paperwork.signed(paper, application.candidate.user, CANDIDATE)
    told_before = told(paper)

    assert told_before[-1] == (owner.email, "Please get the sponsor’s signature")


def test_a_reminder_comes_before_the_day_and_one_after_it_and_none_twice():
    application, owner = paperwork.accepted()
    paper = paperwork.signed(paperwork.written(application, owner), owner, HOST)
    told(paper)
    due = paper.due_on

    assert watching.watch(due - timedelta(days=3)) == 0
    assert watching.watch(due - timedelta(days=2)) == 1
    assert watching.watch(due - timedelta(days=1)) == 0
    assert watching.watch(due + timedelta(days=1)) == 1
    assert watching.watch(due + timedelta(days=2)) == 0
    assert [reader for reader, _subject in told(paper)] == [application.candidate.user.email] * 2


def test_what_was_signed_meanwhile_is_not_asked_for():
    application, owner = paperwork.accepted()
    paper = paperwork.signed(paperwork.written(application, owner), owner, HOST)
    paperwork.signed(paper, application.candidate.user, CANDIDATE)

    readers = [reader for reader, _subject in told(paper)]

    assert application.candidate.user.email not in readers
