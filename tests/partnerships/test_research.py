"""Joint research begins only when both sides have reviewed what it needs; unknown is never yes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone, translation

from corridor.accounts.models import User
from corridor.common.models import AuditEntry
from corridor.common.versions import Outdated
from corridor.partnerships import notices, queries, reviewing, services, tasks, watching
from corridor.partnerships.models import Notice, ResearchProject, Review
from corridor.partnerships.services import research, research_parts, reviews
from tests.matching import people
from tests.web.desks import member

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
NO_REVIEW = {
    "us_technology_shared": False, "strategic_technology": False,
    "national_core_technology": False, "us_federal_money": False, "korean_public_money": False,
    "results_owned": False,
}  # fmt: skip


@pytest.fixture
def world() -> dict:
    korean = people.host("sample-univ-kr", kind="university", country="KR")
    american = people.host("sample-univ-us", kind="university", country="US")
    world = {"kr": korean, "us": american, "kim": member(korean), "lee": member(american)}
    made = services.save_agreement(
        None, by=world["kim"], organization=korean, partner=american, kind="research",
        title_en="Joint battery research",
    )  # fmt: skip
    services.send(made, by=world["kim"])
    for who, side in (("kim", "KR"), ("lee", "US")):
        made = services.sign(made, by=world[who], side=side, name="A", title="B", day=TODAY())
    return world | {"agreement": made}


def planned(world: dict, **fields) -> ResearchProject:
    return research.save_project(
        None, by=world["kim"], agreement=world["agreement"],
        **{"title_en": "Dry electrodes", "theme": "Solvent-free cathodes", **fields},
    )  # fmt: skip


def led(world: dict, project: ResearchProject) -> ResearchProject:
    for side, who in (("KR", "kim"), ("US", "lee")):
        research_parts.add_part(
            project, "people", by=world[who], side=side, name=f"PI {side}",
            institution="Materials", email=f"pi-{side.lower()}@example.org",
        )  # fmt: skip
    return project


def cleared(world: dict, project: ResearchProject, *steps: tuple[str, str], state="cleared"):
    for kind, side in steps or reviewing.STEPS:
        by = world["kim" if side == "KR" else "lee"]
        review = project.reviews.get(kind=kind, side=side, superseded_at=None)
        review = reviews.name_reviewer(review, by=by, name="박심사", office="산학협력단")
        reviews.decide(review, by=by, state=state, reasoning="published", conditions="no export")
    return project


def under_way(world: dict, **fields) -> ResearchProject:
    return research.begin(cleared(world, led(world, planned(world, **fields))), by=world["kim"])


def test_nothing_is_known_so_every_review_of_both_sides_is_needed(world):
    needed = reviewing.needs({})
    assert {step for step, need in needed.items() if need.needed} == set(reviewing.STEPS)
    assert not any(need.known for need in needed.values())


def test_a_review_is_spared_only_by_answers_that_are_known():
    assert not reviewing.needs({"us_technology_shared": False})["export", "US"].needed
    half = reviewing.needs({"results_published": True})["export", "US"]
    assert half.needed and {each.id for each in half.open} >= {"closed_inputs"}
    open_science = {"us_technology_shared": True, "results_published": True}
    assert not reviewing.needs({**open_science, "closed_inputs": False})["export", "US"].needed
    shut = reviewing.needs({**open_science, "closed_inputs": True})["export", "US"]
    assert shut.needed and shut.known and not shut.open


def test_every_question_cites_its_law_with_its_level_or_says_that_it_has_none():
    for question in reviewing.QUESTIONS:
        assert bool(question.citation) == bool(question.level)
        assert question.level in ("", "secondary", "background")
        assert (question.read_on is not None) == (question.level == "secondary")
    asked = {q for ways in reviewing._SPARED.values() for way in ways for q in way}
    assert asked == set(reviewing.BY_ID)


def test_a_project_cannot_begin_and_says_each_step_that_is_missing(world):
    project = planned(world)
    with translation.override("ko"):
        assert any("수출통제 검토: 시작 전" in said for said in reviewing.missing(project))
    with translation.override("en"), pytest.raises(ValidationError) as refused:
        research.begin(project, by=world["kim"])
    said = " ".join(refused.value.messages)
    assert said.count("has not named its principal investigator") == 2
    assert said.count("Export-control review") == said.count("Intellectual-property review") == 2
    project.refresh_from_db()
    assert project.state == "planned"


def test_it_begins_when_both_sides_have_cleared_what_it_needs(world):
    project = led(world, planned(world))
    for done, (kind, side) in enumerate(reviewing.STEPS, start=1):
        with pytest.raises(ValidationError):
            research.begin(project, by=world["kim"])
        cleared(world, project, (kind, side), state="conditions" if done == 2 else "cleared")
    begun = research.begin(project, by=world["lee"])
    assert (begun.state, begun.begun_on) == ("under_way", TODAY())
    assert research.begin(begun, by=world["kim"]).pk == begun.pk


def test_with_answers_that_spare_every_review_it_begins_without_one(world):
    project = led(world, planned(world, answers=NO_REVIEW))
    assert reviewing.missing(project) == []
    assert research.begin(project, by=world["kim"]).state == "under_way"


def test_research_waits_for_the_agreements_first_day_and_both_languages_say_which(world):
    project = led(world, planned(world, answers=NO_REVIEW))
    agreement = world["agreement"]
    agreement.starts_on = date(TODAY().year + 1, 3, 2)
    agreement.save()
    project.refresh_from_db()
    with translation.override("ko"):
        assert reviewing.missing(project) == [
            f"협약은 {agreement.starts_on.year}년 3월 2일부터 효력이 있습니다. "
            "그날부터 연구를 시작할 수 있습니다."
        ]
    with translation.override("en"), pytest.raises(ValidationError) as refused:
        research.begin(project, by=world["kim"])
    assert f"from March 2, {agreement.starts_on.year}. Research may begin from that day" in (
        refused.value.messages[-1]
    )
    agreement.starts_on = TODAY()
    agreement.save()
    assert research.begin(project, by=world["kim"]).state == "under_way"


def test_a_stopped_review_stops_it_even_where_none_was_needed(world):
    project = led(world, planned(world, answers=NO_REVIEW))
    cleared(world, project, ("ip", "US"), state="stopped")
    with pytest.raises(ValidationError):
        research.begin(project, by=world["kim"])


def test_it_does_not_begin_under_an_agreement_that_is_not_in_force(world):
    project = cleared(world, led(world, planned(world)))
    services.save_agreement(world["agreement"], by=world["lee"], obligations="new words")
    with pytest.raises(ValidationError):
        research.begin(project, by=world["kim"])


def test_a_project_waits_when_its_agreement_is_opened_or_ends(world):
    project = under_way(world)
    services.save_agreement(world["agreement"], by=world["lee"], obligations="new words")
    project.refresh_from_db()
    assert project.state == "on_hold"


def test_federal_money_written_down_needs_the_review_whatever_was_answered(world):
    project = research.begin(led(world, planned(world, answers=NO_REVIEW)), by=world["kim"])
    research_parts.add_part(project, "funding", by=world["lee"], kind="us_federal", source="NSF",
                            currency="USD")  # fmt: skip
    project.refresh_from_db()
    assert project.state == "on_hold"
    assert reviewing.needs(reviewing.answers(project, project.funding.all()))["ip", "US"].needed


def test_what_was_cleared_was_that_theme_so_another_begins_the_reviews_anew(world):
    project = under_way(world)
    project = research.save_project(project, by=world["lee"], theme="Something else")
    project.refresh_from_db()
    standing = project.reviews.filter(superseded_at=None)
    assert {each.state for each in standing} == {"in_review"} and standing.count() == 4
    assert project.reviews.exclude(superseded_at=None).filter(state="cleared").count() == 4
    assert project.state == "on_hold"


def test_a_new_title_leaves_the_reviews_as_they_are(world):
    project = research.save_project(under_way(world), by=world["lee"], title_en="Dry cathodes")
    assert project.state == "under_way"
    assert project.reviews.filter(state="cleared", superseded_at=None).count() == 4


def test_opening_a_review_again_keeps_what_was_decided_and_holds_the_project(world):
    project = under_way(world)
    review = project.reviews.get(kind="ip", side="KR")
    made = reviews.review_again(review, by=world["kim"])
    project.refresh_from_db()
    assert (project.state, made.state) == ("on_hold", "in_review")
    assert Review.objects.get(pk=review.pk).reasoning == "published"
    with pytest.raises(ValidationError):
        reviews.review_again(review, by=world["kim"])


def test_only_its_own_side_names_reviewers_and_only_the_named_member_decides(world):
    project = led(world, planned(world))
    review = project.reviews.get(kind="export", side="US")
    officer = member(world["us"], "reviewer")
    with pytest.raises(PermissionDenied):
        reviews.name_reviewer(review, by=world["kim"], name="x", office="y")
    with pytest.raises(ValidationError):
        reviews.decide(review, by=world["lee"], state="cleared", reasoning="x")
    with pytest.raises(ValidationError):
        reviews.name_reviewer(review, by=world["lee"], member=world["kim"], office="y")
    review = reviews.name_reviewer(review, by=world["lee"], member=officer, office="Export office")
    assert Notice.objects.get(what="review_asked").person == officer
    for other in (world["kim"], world["lee"]):
        with pytest.raises(PermissionDenied):
            reviews.decide(review, by=other, state="cleared", reasoning="x")
    assert reviews.decide(review, by=officer, state="cleared", reasoning="x").passed
    officer.memberships.all().delete()
    with pytest.raises(PermissionDenied):
        reviews.review_again(review, by=officer)


def test_who_works_on_it_does_not_review_it(world):
    project = led(world, planned(world))
    review = project.reviews.get(kind="ip", side="KR")
    with pytest.raises(ValidationError):
        reviews.name_reviewer(review, by=world["kim"], name="PI KR", office="y")


@pytest.mark.parametrize(
    "said",
    [
        {"state": "cleared", "reasoning": " "},
        {"state": "conditions", "reasoning": "x", "conditions": ""},
        {"state": "in_review", "reasoning": "x"},
        {"state": "cleared", "reasoning": "x", "day": TODAY() + timedelta(days=1)},
        {"state": "cleared", "reasoning": "x", "upload": SimpleUploadedFile("a.exe", b"MZ")},
    ],
)
def test_a_decision_needs_its_reasons_its_conditions_and_a_day_that_has_come(world, said):
    review = planned(world).reviews.get(kind="ip", side="KR")
    review = reviews.name_reviewer(review, by=world["kim"], name="박심사", office="산학협력단")
    with pytest.raises(ValidationError):
        reviews.decide(review, by=world["kim"], **said)
    review.refresh_from_db()
    assert review.state == "in_review"


def test_a_decisions_document_stays_with_it(world, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    review = planned(world).reviews.get(kind="ip", side="KR")
    review = reviews.name_reviewer(review, by=world["kim"], name="박심사", office="산학협력단")
    reviews.decide(review, by=world["kim"], state="cleared", reasoning="x",
                   upload=SimpleUploadedFile("의견서.pdf", b"%PDF-1.7 x"))  # fmt: skip
    paper = review.papers.get()
    assert (paper.side, paper.kind, paper.agreement) == ("KR", "review", world["agreement"])
    with pytest.raises(ValidationError):
        services.remove_paper(paper, by=world["kim"])


def test_milestones_are_done_by_who_owes_them_once_it_is_under_way(world):
    project = led(world, planned(world))
    add = lambda side: research_parts.add_part(  # noqa: E731
        project, "milestones", by=world["kim"], side=side, title="Cell", due_on=TODAY()
    )
    theirs, both = add("US"), add("")
    with pytest.raises(ValidationError):
        research_parts.mark_milestone(both, by=world["kim"])
    research.begin(cleared(world, project), by=world["kim"])
    with pytest.raises(PermissionDenied):
        research_parts.mark_milestone(theirs, by=world["kim"])
    done = research_parts.mark_milestone(theirs, by=world["lee"])
    assert (done.done_on, done.done_by) == (TODAY(), world["lee"])
    assert research_parts.mark_milestone(both, by=world["kim"]).done_on
    with pytest.raises(ValidationError):
        research_parts.remove_part(done, "milestones", by=world["lee"])
    assert research_parts.mark_milestone(done, by=world["lee"], done=False).done_on is None


def test_people_and_outputs_are_their_sides_and_a_paper_may_come_late(world):
    project = under_way(world)
    with pytest.raises(PermissionDenied):
        research_parts.add_part(project, "people", by=world["kim"], side="US", name="x",
                                institution="y", email="x@example.org")  # fmt: skip
    project = research.finish(project, by=world["lee"])
    with pytest.raises(ValidationError):
        research_parts.add_part(project, "milestones", by=world["kim"], title="x", due_on=TODAY())
    paper = research_parts.add_part(
        project, "outputs", by=world["kim"], side="KR", kind="paper", title="Dry cathodes",
        doi="10.0000/sample", on=TODAY(), people="Kim, Lee",
    )  # fmt: skip
    assert project.outputs.get() == paper


def test_taking_the_last_investigator_away_holds_the_project(world):
    project = under_way(world)
    research_parts.remove_part(project.people.get(side="KR"), "people", by=world["kim"])
    project.refresh_from_db()
    assert project.state == "on_hold"


def test_the_second_of_two_people_who_edit_a_project_is_told(world):
    project = planned(world)
    research.save_project(project, by=world["lee"], version=project.version, title_en="Theirs")
    with pytest.raises(Outdated):
        research.save_project(project, by=world["kim"], version=project.version, title_en="Mine")
    project.refresh_from_db()
    assert project.title_en == "Theirs"


def test_the_second_of_two_people_who_edit_an_agreement_is_told(world):
    agreement = world["agreement"]
    read = agreement.version
    services.save_agreement(agreement, by=world["lee"], version=read, seats=3)
    with pytest.raises(Outdated):
        services.save_agreement(agreement, by=world["kim"], version=read, seats=5)
    agreement.refresh_from_db()
    assert agreement.seats == 3 and agreement.version == read + 1


def test_a_signature_given_meanwhile_is_a_change_too(world):
    made = services.save_agreement(None, by=world["kim"], organization=world["kr"],
                                   partner=world["us"], kind="mou", title_en="x")  # fmt: skip
    services.send(made, by=world["kim"])
    services.sign(made, by=world["lee"], side="US", name="A", title="B", day=TODAY())
    with pytest.raises(Outdated):
        services.save_agreement(made, by=world["kim"], version=made.version, seats=5)


def test_a_late_milestone_is_told_to_both_sides_the_day_after_and_each_thirty_days(world):
    project = under_way(world)
    day = TODAY() + timedelta(days=10)
    research_parts.add_part(project, "milestones", by=world["kim"], title="Cell", due_on=day)
    told = lambda n: watching.watch(day + timedelta(days=n))["milestones"]  # noqa: E731
    assert [told(n) for n in (0, 1, 1, 30, 31, 60, 61)] == [0, 2, 0, 0, 2, 0, 2]


def test_a_review_that_waits_is_told_to_its_side_and_its_reviewer_every_two_weeks(world):
    project = planned(world, answers={**NO_REVIEW, "strategic_technology": True})
    officer = member(world["kr"], "reviewer")
    review = project.reviews.get(kind="export", side="KR")
    reviews.name_reviewer(review, by=world["kim"], member=officer, office="수출통제")
    told = lambda n: watching.watch(TODAY() + timedelta(days=n))["reviews"]  # noqa: E731
    assert [told(n) for n in (13, 14, 15, 28)] == [0, 2, 0, 2]


def test_mails_about_research_go_to_the_other_side_in_its_language(world, mailoutbox):
    User.objects.filter(pk=world["lee"].pk).update(language="en")
    project = planned(world, title_ko="건식 전극")
    cleared(world, project, ("ip", "KR"))
    notice = Notice.objects.get(what="review_decided")
    assert (tasks.tell(notice.pk), tasks.tell(notice.pk)) == (1, 0)
    assert mailoutbox[0].subject == "Reviewed: Dry electrodes"
    assert f"/en/org/{world['us'].slug}/research/{project.pk}/" in mailoutbox[0].body
    assert "Intellectual-property review of" in mailoutbox[0].body


@pytest.mark.parametrize("what", ["project_state", "review_asked", "review_waits"])
def test_every_notice_of_research_has_a_letter_in_both_languages(world, what):
    project = planned(world)
    values = {"project": project.pk, "state": "on_hold", "kind": "ip", "side": "KR"}
    notices.put(what, world["agreement"], to=[world["kr"]], values=values)
    notice = Notice.objects.filter(what=what).last()
    for language in ("ko", "en"):
        with translation.override(language):
            subject, lines, path = notices.letter(notice)
            assert subject and lines and "%(" not in subject + "".join(lines)
            assert path.endswith(f"/research/{project.pk}/")
    project.delete()
    assert notices.letter(notice) is None


def test_strangers_and_reviewers_write_nothing_of_a_project(world):
    project = planned(world)
    before = AuditEntry.objects.count()
    for outsider in (member(people.host("another")), member(world["kr"], "reviewer")):
        for write in (
            lambda who=outsider: research.save_project(project, by=who, title_en="mine"),
            lambda who=outsider: research.save_project(
                None, by=who, agreement=world["agreement"], title_en="x", theme="x"),
            lambda who=outsider: research.begin(project, by=who),
            lambda who=outsider: research.stop(project, by=who),
            lambda who=outsider: research_parts.add_part(
                project, "milestones", by=who, title="x", due_on=TODAY()),
        ):  # fmt: skip
            with pytest.raises(PermissionDenied):
                write()
    assert AuditEntry.objects.count() == before


def test_projects_and_their_history_are_read_by_the_parties_alone(world):
    project = planned(world)
    stranger = member(people.host("another"))
    assert list(queries.projects_of(world["lee"], world["us"])) == [project]
    assert [e.action for e in queries.project_history(world["lee"], project)] == ["research.saved"]
    assert not queries.projects_visible_to(stranger).exists()
    assert not queries.project_history(stranger, project).exists()
