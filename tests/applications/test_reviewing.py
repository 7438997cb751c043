"""A team looks at an applicant: criteria, scores blind to each other, private notes, reasons."""

from __future__ import annotations

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError

from corridor.accounts.models import Membership
from corridor.applications import notices, reasons, reviewing, services
from corridor.applications.models import Application, ApplicationEvent, Scorecard, State, TeamNote
from corridor.programs.kinds import Kind
from tests.matching import people
from tests.web.desks import applicant, member, open_program

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> dict:
    firm = people.host("sample-firm")
    owner, reviewer = member(firm), member(firm, "reviewer")
    program = open_program(firm)
    criteria = reviewing.set_criteria(program, by=owner, texts=["경험", "안전", " 언어 ", "경험"])
    return {"firm": firm, "owner": owner, "reviewer": reviewer, "program": program,
            "criteria": criteria, "application": applicant(program)}  # fmt: skip


def full(team: dict, value: int = 3) -> dict:
    return {each.pk: (value, "이력서 2쪽") for each in team["criteria"]}


def test_criteria_are_kept_in_order_and_once(team):
    assert [each.text for each in reviewing.criteria(team["program"])] == ["경험", "안전", "언어"]


def test_a_criterion_with_scores_is_retired_and_keeps_them(team):
    reviewing.score(team["application"], by=team["reviewer"], scores=full(team), hand_in=True)
    reviewing.set_criteria(team["program"], by=team["owner"], texts=["안전"])
    assert [each.text for each in reviewing.criteria(team["program"])] == ["안전"]
    assert team["program"].criteria.count() == 3


def test_a_reviewer_changes_no_criteria(team):
    with pytest.raises(PermissionDenied):
        reviewing.set_criteria(team["program"], by=team["reviewer"], texts=["x"])


def test_every_kind_of_program_gets_suggestions(team):
    for kind in Kind.values:
        assert 2 <= len(reviewing.suggested(kind)) <= reviewing.MOST_CRITERIA


def test_scores_are_blind_until_ones_own_are_handed_in(team):
    application, owner, reviewer = (team[name] for name in ("application", "owner", "reviewer"))
    reviewing.score(application, by=reviewer, scores=full(team, 4), hand_in=True)
    before = reviewing.seen_by(owner, application)
    assert (before.handed_in, before.open, before.cards, before.rows) == (1, False, [], [])
    assert reviewing.means(owner, [application.pk])[application.pk]["mean"] is None
    reviewing.score(application, by=owner, scores=full(team, 2), hand_in=False)
    assert not reviewing.seen_by(owner, application).open, "a draft opens nothing"
    reviewing.score(application, by=owner, scores=full(team, 2), hand_in=True)
    after = reviewing.seen_by(owner, application)
    assert after.open and [row["mean"] for row in after.rows] == [3, 3, 3]
    assert reviewing.means(owner, [application.pk])[application.pk]["mean"] == 3.0


def test_a_draft_of_one_is_never_seen_by_another(team):
    reviewing.score(team["application"], by=team["reviewer"], scores=full(team), hand_in=False)
    reviewing.only_read(team["application"], by=team["owner"])
    assert reviewing.seen_by(team["owner"], team["application"]).cards == []


def test_who_chose_to_read_only_cannot_score_afterwards(team):
    reviewing.score(team["application"], by=team["reviewer"], scores=full(team), hand_in=True)
    reviewing.only_read(team["application"], by=team["owner"])
    assert len(reviewing.seen_by(team["owner"], team["application"]).cards) == 1
    with pytest.raises(ValidationError):
        reviewing.score(team["application"], by=team["owner"], scores=full(team), hand_in=True)


def test_handed_in_scores_have_their_evidence_and_stay(team):
    scores = full(team)
    first = team["criteria"][0].pk
    for wrong in ((None, "x"), (3, "  ")):
        with pytest.raises(ValidationError):
            reviewing.score(
                team["application"], by=team["owner"], scores={**scores, first: wrong},
                hand_in=True,
            )  # fmt: skip
    assert not Scorecard.objects.exists()
    reviewing.score(team["application"], by=team["owner"], scores=scores, hand_in=True)
    with pytest.raises(ValidationError):
        reviewing.score(team["application"], by=team["owner"], scores=full(team, 1), hand_in=True)


@pytest.mark.parametrize("value", [0, 5, -1])
def test_a_score_is_from_one_to_four(team, value):
    with pytest.raises(ValidationError):
        reviewing.score(
            team["application"], by=team["owner"], scores=full(team, value), hand_in=False
        )


def test_strangers_and_the_candidate_score_and_note_nothing(team):
    stranger = member(people.host("another-firm"))
    for each in (stranger, team["application"].candidate.user):
        with pytest.raises(PermissionDenied):
            reviewing.score(team["application"], by=each, scores=full(team), hand_in=True)
        with pytest.raises(PermissionDenied):
            reviewing.add_note(team["application"], by=each, text="x")


def test_a_note_pressed_twice_is_kept_once_and_told_to_nobody(team):
    before = ApplicationEvent.objects.count()
    for _press in range(2):
        reviewing.add_note(team["application"], by=team["reviewer"], text="다시 볼 것")
    assert TeamNote.objects.count() == 1 and ApplicationEvent.objects.count() == before


# --- deciding -------------------------------------------------------------------------------------


def test_a_reviewer_decides_nothing_and_writes_to_nobody(team):
    with pytest.raises(PermissionDenied):
        services.move(team["application"], by=team["reviewer"], to=State.UNDER_REVIEW)
    with pytest.raises(PermissionDenied):
        services.write_message(team["application"], by=team["reviewer"], text="hello")


def test_a_reason_from_the_list_is_enough_and_reaches_the_candidate_in_their_language(team):
    application = team["application"]
    notices.tell(application.pk)
    services.move(application, by=team["owner"], to=State.CLOSED, reason="filled")
    mail.outbox.clear()
    notices.tell(application.pk)
    (letter,) = mail.outbox
    assert "자리가 모두 찼습니다" in letter.body
    application.candidate.user.language = "en"
    application.candidate.user.save()
    ApplicationEvent.objects.filter(to_state=State.CLOSED).update(told=False)
    mail.outbox.clear()
    notices.tell(application.pk)
    assert "All seats of this program have been filled." in mail.outbox[0].body


def test_an_own_reason_needs_own_words_and_an_unknown_one_is_refused(team):
    for reason, note in (("other", " "), ("too_old", "words")):
        with pytest.raises(ValidationError):
            services.move(
                team["application"], by=team["owner"], to=State.CLOSED, reason=reason, note=note
            )
    assert Application.objects.get().state == State.SUBMITTED


def test_every_reason_is_said_in_both_languages_without_what_is_protected():
    from django.utils import translation

    protected = ("성별", "나이", "연령", "국적", "병역", "군", "혼인", "가족",
                 "sex", "gender", " age", "national", "military", "married", "family")  # fmt: skip
    for language in ("ko", "en"):
        with translation.override(language):
            for reason, label in reasons.choices():
                sentence = reasons.sentence(reason)
                assert label and sentence.endswith(".")
                assert not [word for word in protected if word in (label + sentence).lower()]


def test_two_people_who_decide_at_once_are_told_of_each_other(team):
    application = team["application"]
    read = application.version
    services.move(application, by=team["owner"], to=State.UNDER_REVIEW, version=read)
    with pytest.raises(services.Outdated, match="owner 견본"):
        services.move(
            application, by=team["owner"], to=State.CLOSED, reason="filled", version=read
        )
    assert Application.objects.get().state == State.UNDER_REVIEW


# --- messages -------------------------------------------------------------------------------------


def test_a_message_reaches_the_other_side_and_its_words_stay_behind_the_sign_in(team):
    application = team["application"]
    notices.tell(application.pk)
    mail.outbox.clear()
    elsewhere = people.host("another-firm")  # what the reviewer may do there counts nothing here
    Membership.objects.create(user=team["reviewer"], organization=elsewhere, role="owner")
    services.write_message(application, by=team["owner"], text="여권을 준비해 주세요.")
    services.write_message(application, by=application.candidate.user, text="알겠습니다.")
    notices.tell(application.pk)
    # Who only scores is not asked to answer.
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted(
        [application.candidate.user.email, team["owner"].email]
    )
    for letter in mail.outbox:
        assert "여권" not in letter.body and "알겠습니다" not in letter.body
