"""Runs over everybody: the same scores as pages, in blocks that may be done twice or together."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from corridor.accounts.models import User
from corridor.candidates.models import Candidate
from corridor.common.models import OutboxMessage
from corridor.matching import blocks, lists, queries, services, snapshot, tasks
from corridor.matching.models import BestPrograms, Block, Entrants, Run
from tests.matching.people import DAY, candidate, embed_everything, program

pytestmark = pytest.mark.django_db


def staff():
    return User.objects.create(email="staff@example.org", is_staff=True)


def crowd(people=5, posts=4):
    for n in range(posts):
        program(f"PLC internship {n}", skills={"plc": n % 2 == 0, "welding": False},
                min_toeic=500 + 100 * n, credentials={"전기기사": False} if n % 3 == 0 else None,
                starts_on=date(2027, 3, 1) + timedelta(days=40 * n))  # fmt: skip
    made = [
        candidate(
            f"person{n}@example.org", headline="설비 보전 PLC" if n % 2 else "회계 사무",
            skills_text="PLC, 용접" if n % 3 else "엑셀", toeic=min(990, 500 + 90 * n),
            educations=[{"degree": "bachelor", "major": "전기공학", "status": "enrolled",
                         "ended_on": date(2028, 2, 20)}],
        )
        for n in range(people)
    ]  # fmt: skip
    embed_everything()
    return made


def carried_out(run):
    for block in run.blocks.all():
        services.do_block(block.pk)
    services.finish_run(run.pk)
    run.refresh_from_db()
    return run


def test_a_run_stores_exactly_the_scores_that_pages_show(monkeypatch):
    monkeypatch.setattr(blocks, "PAIRS_AT_ONCE", 8)  # blocks of two
    crowd()
    run = carried_out(services.start_run(day=DAY))
    assert run.state == Run.State.DONE and run.pairs == 20 and run.blocks.count() == 3
    compared = 0
    for person in Candidate.objects.order_by("pk"):
        shown = [v for v in queries.programs_for(person, day=DAY) if not v.is_blocked]
        kept = snapshot.best_programs(person.pk, run)
        assert [match.program for match in kept] == [view.program.pk for view in shown]
        for match, view in zip(kept, shown, strict=True):
            assert match.score == pytest.approx(view.score, abs=1e-5)
            assert match.points == pytest.approx(view.points, abs=14 / lists.UNIT)
            assert sum(match.points.values()) == pytest.approx(match.score, abs=1 / lists.UNIT)
            assert match.pathway == (view.best_verdict.pathway if view.best_verdict else "")
            compared += 1
    assert compared == 20


def test_each_program_has_its_candidates_ranked(monkeypatch):
    monkeypatch.setattr(blocks, "PAIRS_AT_ONCE", 8)
    monkeypatch.setattr(blocks, "BEST_CANDIDATES", 2)
    monkeypatch.setattr(blocks, "BEST_PROGRAMS", 1)
    crowd()
    run = carried_out(services.start_run(day=DAY))
    all_scores = {}
    for person in Candidate.objects.all():
        for view in queries.programs_for(person, day=DAY):
            all_scores.setdefault(view.program.pk, {})[person.pk] = view.score
    for pk, scores in all_scores.items():
        best = sorted(scores, key=lambda person: (-scores[person], person))[:2]
        assert [listed.candidate for listed in snapshot.best_candidates(pk, run)] == best
    assert [len(row.programs) for row in run.best_programs.all()] == [1] * 5
    assert not Entrants.objects.exists()


def test_a_posting_whose_host_is_not_with_us_keeps_no_shortlist():
    crowd(people=2, posts=1)
    outside = program("Imported", external_host="A firm in a list")
    embed_everything()
    run = carried_out(services.start_run(day=DAY))
    assert run.best_programs.filter(programs__contains=[outside.pk]).count() == 2
    assert snapshot.best_candidates(outside.pk, run) == []
    assert run.best_candidates.count() == 1


def rows_of(run):
    columns = ("scores", "points", "verdicts", "pathways", "floor")
    mine = run.best_programs.order_by("candidate").values_list("candidate", "programs", *columns)
    return list(mine), [bytes(row.pairs) for row in run.entrants.order_by("block__number")]


def test_a_block_done_twice_leaves_the_same_rows():
    crowd()
    run = services.start_run(day=DAY)
    (block,) = run.blocks.all()
    assert services.do_block(block.pk) > 0
    first = rows_of(run)
    assert services.do_block(block.pk) == 0
    Block.objects.filter(pk=block.pk).update(done_at=None)  # as if killed before it was noted
    services.do_block(block.pk)
    assert rows_of(run) == first


def test_results_appear_only_when_every_block_is_done(monkeypatch):
    monkeypatch.setattr(blocks, "PAIRS_AT_ONCE", 8)
    person, *_rest = crowd()
    run = services.start_run(day=DAY)
    first, *others = run.blocks.all()
    services.do_block(first.pk)
    assert not services.finish_run(run.pk)
    run.refresh_from_db()
    assert run.state == Run.State.RUNNING
    assert snapshot.latest() is None and not snapshot.best_programs(person.pk, run)
    assert not OutboxMessage.objects.filter(task="matching.finish_run").exists()
    for block in others:
        services.do_block(block.pk)
    assert OutboxMessage.objects.filter(task="matching.finish_run").count() == 1
    assert services.finish_run(run.pk) and not services.finish_run(run.pk)


def test_the_run_and_its_work_are_written_together():
    crowd()
    run = services.start_run(day=DAY)
    asked = OutboxMessage.objects.get(task="matching.hand_over")
    assert asked.arguments == {"run_id": run.pk}
    assert services.undone(run.pk) == list(run.blocks.values_list("pk", flat=True))
    assert run.rules_revision and run.vector_revision == "plain-1"


def test_a_run_with_nobody_in_it_is_done_at_once():
    program()
    run = services.start_run(day=DAY)
    assert services.finish_run(run.pk)
    run.refresh_from_db()
    assert (run.state, run.pairs) == (Run.State.DONE, 0)


def test_only_staff_may_ask_for_a_run_or_stop_one():
    person = crowd(people=1)[0]
    with pytest.raises(PermissionDenied):
        services.start_run(by=person.user, day=DAY)
    run = services.start_run(by=staff(), day=DAY)
    with pytest.raises(PermissionDenied):
        services.cancel_run(run, by=person.user)


def test_a_cancelled_run_keeps_nothing_and_its_blocks_do_nothing(monkeypatch):
    monkeypatch.setattr(blocks, "PAIRS_AT_ONCE", 8)
    crowd()
    run = services.start_run(day=DAY)
    first, second, *_rest = run.blocks.all()
    services.do_block(first.pk)
    run = services.cancel_run(run, by=staff())
    assert run.state == Run.State.CANCELLED and rows_of(run) == ([], [])
    assert services.do_block(second.pk) == 0 and not services.finish_run(run.pk)


def test_a_run_cancelled_while_a_block_is_under_way_stays_cancelled(monkeypatch):
    crowd()
    run = services.start_run(day=DAY)
    boss = staff()
    real = blocks.scored

    def slow(block):
        found = real(block)
        services.cancel_run(run, by=boss)
        return found

    monkeypatch.setattr(blocks, "scored", slow)
    assert services.do_block(run.blocks.get().pk) == 0
    assert not BestPrograms.objects.exists() and not Entrants.objects.exists()


def test_a_block_that_cannot_be_done_fails_the_run_and_names_the_fault_only(monkeypatch):
    crowd(people=1)
    run = services.start_run(day=DAY)

    def broken(block):
        raise ValueError("person0@example.org")

    monkeypatch.setattr(blocks, "scored", broken)
    with pytest.raises(ValueError, match="person0"):
        tasks.do_block.apply(args=[run.blocks.get().pk], retries=2, throw=True)
    run.refresh_from_db()
    assert run.state == Run.State.FAILED and run.problem == "block_failed 1 ValueError"
    assert "person0" not in run.problem


def test_a_task_for_a_block_that_is_gone_does_nothing():
    assert services.do_block(10**9) == 0
    assert not services.finish_run(10**9)


def test_only_the_last_runs_keep_their_matches(monkeypatch):
    monkeypatch.setattr(services, "KEEP_RUNS", 2)
    crowd(people=1, posts=1)
    runs = [carried_out(services.start_run(day=DAY)) for _n in range(3)]
    assert [run.best_programs.exists() for run in runs] == [False, True, True]
    assert [run.best_candidates.exists() for run in runs] == [False, True, True]


def test_match_run_asks_for_a_run_and_prints_it(capsys):
    crowd(people=2, posts=1)
    call_command("match_run", json=True, day=DAY)
    assert '"state": "queued"' in capsys.readouterr().out
    assert Run.objects.count() == 1


@given(arrays.arrays(np.float32, st.integers(0, 40),
                     elements=st.sampled_from([0.1, 0.2, 0.3, float("-inf")])),
       st.integers(1, 10))  # fmt: skip
def test_the_best_are_exactly_those_of_a_full_sort(scores, k):
    full = sorted((p for p in range(len(scores)) if scores[p] > -np.inf),
                  key=lambda place: (-scores[place], place))  # fmt: skip
    assert blocks.top(scores, k) == full[:k]


@given(st.lists(st.integers(1, 100), unique=True).map(sorted), st.integers(1, 9))
def test_blocks_cover_every_id_once(ids, size):
    ranges = list(blocks.ranges(iter(ids), size))
    covered = [pk for first, last in ranges for pk in ids if first <= pk <= last]
    assert covered == ids
    assert all(sum(first <= pk <= last for pk in ids) <= size for first, last in ranges)
