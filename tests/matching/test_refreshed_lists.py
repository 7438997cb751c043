"""A saved profile or program moves its row and column of the last lists, without a run."""

from __future__ import annotations

from datetime import date

import pytest

from corridor.candidates import services as candidates
from corridor.candidates.models import Candidate
from corridor.common.models import OutboxMessage
from corridor.matching import blocks, refreshing, services, snapshot, tasks
from corridor.matching.models import BestCandidates, BestPrograms, Run
from corridor.programs.models import Program
from tests.matching.people import DAY, candidate, embed_everything, program
from tests.matching.test_runs import carried_out, crowd

pytestmark = pytest.mark.django_db


def whole(run):
    """Every list as (owner, [(other, score to four places)])."""
    mine = {
        row.candidate_id: [(i, round(s, 4)) for i, s in zip(row.programs, row.scores, strict=True)]
        for row in BestPrograms.objects.filter(run=run)
    }
    theirs = {
        row.program_id: [(i, round(s, 4)) for i, s in zip(row.candidates, row.scores, strict=True)]
        for row in BestCandidates.objects.filter(run=run)
    }
    return mine, theirs


@pytest.fixture
def run():
    crowd(people=6, posts=5)
    return carried_out(services.start_run(day=DAY))


def anew():
    """What a run over everybody would find now, on the same yardstick."""
    from unittest import mock

    with mock.patch("corridor.matching.yardstick.refresh"):
        return whole(carried_out(services.start_run(day=DAY)))


def test_a_saved_profile_moves_its_row_and_its_place_in_every_column(run):
    person = Candidate.objects.order_by("pk").first()
    before = whole(run)
    candidates.save_profile(person, by=person.user, headline="설비 보전 PLC 용접",
                            skills_text="PLC, 용접", available_from=date(2027, 3, 1))  # fmt: skip
    embed_everything()
    assert refreshing.candidate_changed(person.pk) == 6
    after = whole(run)
    assert after[0][person.pk] != before[0][person.pk]
    assert {pk: rows for pk, rows in after[0].items() if pk != person.pk} == {
        pk: rows for pk, rows in before[0].items() if pk != person.pk
    }
    assert after == anew()


def test_nothing_changes_where_nothing_was_changed(run):
    before = whole(run)
    for person in Candidate.objects.all():
        refreshing.candidate_changed(person.pk)
    for post in Program.objects.all():
        refreshing.program_changed(post.pk)
    assert whole(run) == before


def test_a_new_program_enters_the_lists_and_a_closed_one_leaves_them(run):
    post = program("PLC and welding internship", skills={"plc": True, "welding": True})
    embed_everything()
    refreshing.program_changed(post.pk)
    after = whole(run)
    assert len(after[1][post.pk]) == 6
    assert all(post.pk in [pk for pk, _score in rows] for rows in after[0].values())
    assert after == anew()

    post.status = Program.Status.CLOSED
    post.save()
    refreshing.program_changed(post.pk)
    mine, theirs = whole(snapshot.latest())
    assert post.pk not in theirs
    assert not any(post.pk in [pk for pk, _score in rows] for rows in mine.values())


def test_a_changed_program_moves_its_column_and_its_place_in_every_row(run):
    post = Program.objects.order_by("pk").first()
    post.min_degree, post.degree_is_required = "doctorate", True  # nobody here has one
    post.save()
    refreshing.program_changed(post.pk)
    mine, theirs = whole(run)
    assert theirs[post.pk] == []
    assert not any(post.pk in [pk for pk, _score in rows] for rows in mine.values())


def test_full_lists_are_cut_at_the_place_of_the_newcomer(monkeypatch):
    monkeypatch.setattr(blocks, "BEST_CANDIDATES", 2)
    monkeypatch.setattr(blocks, "BEST_PROGRAMS", 2)
    monkeypatch.setattr(refreshing, "_SIDES", {
        BestPrograms: ("candidate", "program", 2), BestCandidates: ("program", "candidate", 2)
    })  # fmt: skip
    crowd(people=6, posts=5)
    run = carried_out(services.start_run(day=DAY))
    newcomer = candidate("new@example.org", headline="설비 보전 PLC", skills_text="PLC, 용접",
                         toeic=980, educations=[{"degree": "bachelor", "major": "전기공학",
                         "status": "enrolled", "ended_on": date(2028, 2, 20)}],
                         available_from=date(2027, 1, 1))  # fmt: skip
    embed_everything()
    refreshing.candidate_changed(newcomer.pk)
    after = whole(run)
    assert after == anew()
    assert any(newcomer.pk in [pk for pk, _score in rows] for rows in after[1].values())


def test_somebody_who_left_is_taken_out_of_the_columns(run):
    person = Candidate.objects.order_by("pk").first()
    pk = person.pk
    person.user.delete()
    refreshing.candidate_changed(pk)
    mine, theirs = whole(run)
    assert pk not in mine
    assert not any(pk in [other for other, _score in rows] for rows in theirs.values())


def test_a_large_population_is_searched_by_text_and_by_the_lists_themselves(run, monkeypatch):
    monkeypatch.setattr(refreshing, "EXACT", 2)
    monkeypatch.setattr(refreshing, "NEAREST", 1)
    post = Program.objects.order_by("pk").first()
    before = whole(run)
    refreshing.program_changed(post.pk)
    assert whole(run) == before, "all who had it in their list were scored"


def test_a_text_without_its_vector_is_waited_for(run):
    person = Candidate.objects.order_by("pk").first()
    candidates.save_profile(person, by=person.user, headline="완전히 다른 일")
    with pytest.raises(refreshing.NotYet):
        refreshing.candidate_changed(person.pk, wait=True)
    asked = list(OutboxMessage.objects.order_by("pk").values_list("task", flat=True))
    assert asked[-2:] == ["candidates.embed", "matching.candidate_changed"]


def test_other_rules_leave_the_lists_as_they_were_made(run, monkeypatch):
    monkeypatch.setattr("corridor.rules.revision", lambda: "another")
    person = Candidate.objects.order_by("pk").first()
    assert refreshing.candidate_changed(person.pk) == 0


def test_without_a_run_and_for_a_missing_row_nothing_happens():
    assert tasks.candidate_changed.apply(args=[10**9], throw=True).get() == 0
    assert tasks.program_changed.apply(args=[10**9], throw=True).get() == 0


def test_what_was_saved_while_a_run_was_under_way_is_computed_once_more():
    person, *_others = crowd(people=2, posts=1)
    run = services.start_run(day=DAY)
    for _again in range(2):
        candidates.save_profile(person, by=person.user, min_months=3)
    OutboxMessage.objects.filter(task="matching.candidate_changed").update(attempts=1)
    carried_out(run)
    anew = OutboxMessage.objects.filter(task="matching.candidate_changed", attempts=0)
    assert [message.arguments for message in anew] == [{"candidate_id": person.pk}]
    assert Run.objects.count() == 1
