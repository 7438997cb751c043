"""A run is paused, resumed, watched and taken up again, and never mixes two revisions."""

from __future__ import annotations

import json
import time
from datetime import timedelta

import pytest
from celery.exceptions import Retry
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from corridor.common.models import OutboxMessage, VectorSpace
from corridor.matching import (
    blocks,
    claims,
    pinned,
    record,
    services,
    shortlists,
    snapshot,
    tasks,
    yardstick,
)
from corridor.matching.models import Block, Entrants, Run
from tests.matching.people import DAY, candidate, program
from tests.matching.test_runs import carried_out, crowd, rows_of, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(monkeypatch):
    """Of three blocks, none done yet."""
    monkeypatch.setattr(blocks, "PAIRS_AT_ONCE", 8)
    crowd()
    return services.start_run(day=DAY)


def anew(run):
    run.refresh_from_db()
    return run


def handed_over(run):
    found = OutboxMessage.objects.filter(task="matching.hand_over", arguments__run_id=run.pk)
    return found.count()


def test_a_queued_block_of_a_paused_run_does_nothing_and_is_done_after_resuming(run):
    first, second, third = run.blocks.all()
    services.do_block(first.pk)
    services.pause_run(run, by=None)
    assert anew(run).state == Run.State.PAUSED
    assert services.do_block(second.pk) == 0 and services.undone(run.pk) == []
    assert not services.finish_run(run.pk)
    before = handed_over(run)
    services.resume_run(run, by=None)
    assert anew(run).state == Run.State.RUNNING and handed_over(run) == before + 1
    assert services.undone(run.pk) == [second.pk, third.pk]
    assert carried_out(run).state == Run.State.DONE


def test_a_block_under_way_while_its_run_is_paused_is_kept(run, monkeypatch):
    real = blocks.scored

    def slow(block):
        found = real(block)
        services.pause_run(run, by=None)
        return found

    monkeypatch.setattr(blocks, "scored", slow)
    assert services.do_block(run.blocks.first().pk) > 0
    assert (anew(run).state, run.blocks_done) == (Run.State.PAUSED, 1)


def test_a_run_paused_in_its_last_block_finishes_only_when_resumed(run, monkeypatch):
    *others, last = run.blocks.all()
    for block in others:
        services.do_block(block.pk)
    real = blocks.scored

    def slow(block):
        services.pause_run(run, by=None)
        return real(block)

    monkeypatch.setattr(blocks, "scored", slow)
    services.do_block(last.pk)
    assert not OutboxMessage.objects.filter(task="matching.finish_run").exists()
    services.resume_run(run, by=None)
    assert OutboxMessage.objects.filter(task="matching.finish_run").count() == 1
    assert services.finish_run(run.pk)


def test_a_paused_run_can_be_cancelled(run):
    services.do_block(run.blocks.first().pk)
    services.pause_run(run, by=None)
    assert services.cancel_run(run, by=staff()).state == Run.State.CANCELLED
    assert rows_of(run) == ([], [])


def test_only_staff_may_pause_or_resume(run):
    other = candidate("other@example.org").user
    for act in (services.pause_run, services.resume_run, services.cancel_run):
        with pytest.raises(PermissionDenied):
            act(run, by=other)


def test_a_second_run_is_refused_while_one_is_under_way(run):
    with pytest.raises(ValidationError):
        services.start_run(day=DAY)
    with translation.override("en"), pytest.raises(CommandError, match="under way already"):
        call_command("match_run", day=DAY)
    services.cancel_run(run, by=None)
    assert services.start_run(day=DAY).state == Run.State.QUEUED


# --- revisions ------------------------------------------------------------------------------------


def test_a_block_refuses_other_rules_than_those_of_its_run(run, monkeypatch):
    first, second, _third = run.blocks.all()
    services.do_block(first.pk)
    monkeypatch.setattr("corridor.rules.revision", lambda: "another")
    with pytest.raises(pinned.Moved):
        services.do_block(second.pk)
    assert Block.objects.get(pk=second.pk).done_at is None


def test_a_worker_that_lags_behind_tries_again_before_the_run_fails(run, monkeypatch):
    first = run.blocks.first()
    monkeypatch.setattr("corridor.rules.revision", lambda: "another")
    with pytest.raises(Retry):
        tasks.do_block.apply(args=[first.pk], retries=7, throw=True)
    assert anew(run).state == Run.State.QUEUED
    tasks.do_block.apply(args=[first.pk], retries=8, throw=True)
    assert anew(run).state == Run.State.FAILED
    with translation.override("en"):
        assert "another" in record.problem_of(run) and "one revision" in record.problem_of(run)


def test_rules_reloaded_while_a_block_is_scored_leave_nothing_of_it(run, monkeypatch):
    real = blocks.scored

    def slow(block):
        found = real(block)
        monkeypatch.setattr("corridor.rules.revision", lambda: "another")
        return found

    monkeypatch.setattr(blocks, "scored", slow)
    with pytest.raises(pinned.Moved):
        services.do_block(run.blocks.first().pk)
    assert rows_of(run) == ([], [])


def test_a_move_to_another_model_ends_the_run_at_once(run):
    VectorSpace.objects.update(revision="plain-2")
    tasks.do_block.apply(args=[run.blocks.first().pk], throw=True)
    assert anew(run).state == Run.State.FAILED and run.problem == "vectors_moved"


def test_a_yardstick_made_anew_ends_the_run(run):
    yardstick.refresh()
    tasks.do_block.apply(args=[run.blocks.first().pk], throw=True)
    assert anew(run).problem == "yardstick_moved"


@pytest.mark.parametrize("problem", [
    "rules_moved a b", "vectors_moved", "yardstick_moved", "parts_moved",
    "block_failed 3 ValueError", "block_never_done 3 6",
])  # fmt: skip
def test_every_problem_is_said_in_both_languages(problem):
    said = set()
    for language in ("ko", "en"):
        with translation.override(language):
            said.add(record.problem_of(Run(problem=problem)))
    assert len(said) == 2 and problem not in said


def test_a_problem_noted_by_an_older_version_is_shown_as_it_stands():
    assert record.problem_of(Run(problem="block 3: ValueError")) == "block 3: ValueError"
    assert record.problem_of(Run()) == ""


# --- workers --------------------------------------------------------------------------------------


def other_session():
    import psycopg

    settings = connection.get_connection_params()
    return psycopg.connect(
        host=settings["host"], port=settings["port"], dbname=settings["dbname"],
        user=settings["user"], password=settings["password"], autocommit=True,
    )  # fmt: skip


def claim(session, block):
    sql = "SELECT pg_try_advisory_lock(%s, %s)"
    return session.execute(sql, [claims._CLASS, block.pk % claims.LARGEST]).fetchone()[0]


def test_a_block_that_another_worker_is_at_is_left_to_it_and_free_when_it_dies(run):
    block = run.blocks.first()
    with other_session() as worker:
        assert claim(worker, block)
        assert services.do_block(block.pk) == 0
        assert claims.held() == {block.pk}
    patience = time.monotonic() + 20
    while claims.held() and time.monotonic() < patience:  # until the server has noticed
        time.sleep(0.05)
    assert services.do_block(block.pk) > 0


def stall(run):
    long_ago = timezone.now() - timedelta(minutes=5)
    Run.objects.filter(pk=run.pk).update(asked_at=long_ago, handed_over_at=long_ago)
    run.blocks.exclude(started_at=None).update(started_at=long_ago)
    run.blocks.exclude(done_at=None).update(done_at=long_ago)


def test_blocks_that_the_broker_lost_are_handed_over_again(run):
    services.undone(run.pk)
    services.do_block(run.blocks.first().pk)
    assert services.sweep_runs() == 0, "something has just happened"
    stall(run)
    before = handed_over(run)
    assert services.sweep_runs() == 1 and handed_over(run) == before + 1
    assert len(services.undone(run.pk)) == 2
    assert services.sweep_runs() == 0, "they were just handed over"


def test_a_long_block_that_a_worker_is_at_is_not_handed_over_again(run):
    stall(run)
    with other_session() as worker:
        assert claim(worker, run.blocks.first())
        assert services.sweep_runs() == 0
    assert services.sweep_runs() == 1


def test_a_lost_finish_is_asked_for_again(run):
    for block in run.blocks.all():
        services.do_block(block.pk)
    OutboxMessage.objects.all().delete()
    stall(run)
    services.sweep_runs()
    assert OutboxMessage.objects.get().task == "matching.finish_run"


def test_a_paused_run_is_not_swept(run):
    services.pause_run(run, by=None)
    stall(run)
    assert services.sweep_runs() == 0


def test_a_block_that_kills_its_workers_ends_the_run(run):
    first = run.blocks.first()
    Block.objects.filter(pk=first.pk).update(begun=services.MOST_BEGUN)
    assert services.do_block(first.pk) == 0
    assert anew(run).state == Run.State.FAILED and run.problem == "block_never_done 1 6"


# --- watching -------------------------------------------------------------------------------------


def test_progress_tells_blocks_pairs_pace_end_and_workers(run):
    first, second, _third = run.blocks.all()
    services.do_block(first.pk, worker="celery@one")
    with other_session() as worker:
        claim(worker, second)
        second.worker, second.started_at = "celery@two", timezone.now()
        second.save()
        now = record.progress(anew(run))
    assert (now.run.blocks_done, now.run.blocks_made, now.run.pairs) == (1, 3, 8)
    assert now.percent == 33 and now.pace > 0 and now.ends_at > timezone.now()
    assert [(w.name, w.blocks, w.is_busy) for w in now.workers] == [
        ("celery@one", 1, False), ("celery@two", 0, True)
    ]  # fmt: skip


def test_watching_a_run_costs_the_same_for_many_blocks(run):
    def cost():
        with CaptureQueriesContext(connection) as counted:
            record.progress(anew(run))
        return [query["sql"] for query in counted]

    few = cost()
    Block.objects.bulk_create(
        Block(run=run, number=number, first_id=0, last_id=0) for number in range(10, 500)
    )
    many = cost()
    assert len(few) == len(many) == 5
    assert not any("best" in sql or "candidates_candidate" in sql for sql in many)


def test_the_command_line_lists_pauses_resumes_and_cancels(run, capsys):
    call_command("match_runs", "list", json=True)
    assert json.loads(capsys.readouterr().out)["blocks"] == 3
    for act, state in (("pause", "paused"), ("resume", "queued"), ("cancel", "cancelled")):
        call_command("match_runs", act, run.pk)
        assert f"Run {run.pk} ({state})" in capsys.readouterr().out
    with pytest.raises(CommandError, match="nothing to pause"):
        call_command("match_runs", "pause")
    with pytest.raises(CommandError, match="no run 99999"):
        call_command("match_runs", "watch", 99999)


# --- programs' lists ------------------------------------------------------------------------------


def test_lists_are_the_same_however_the_people_are_cut_into_blocks(monkeypatch):
    monkeypatch.setattr(blocks, "BEST_CANDIDATES", 3)
    crowd(people=9)
    found = []
    for size in (4, 12, 40):
        monkeypatch.setattr(blocks, "PAIRS_AT_ONCE", size)
        run = carried_out(services.start_run(day=DAY))
        sides = ((run.best_programs, "candidate"), (run.best_candidates, "program"))
        found.append([
            [
                (listed.candidate, listed.program, listed.rank, round(listed.score, 4))
                for row in rows.order_by(of)
                for listed in snapshot._listed(run, row)
            ]
            for rows, of in sides
        ])  # fmt: skip
    assert len(found[0][0]) == 36 and len(found[0][1]) == 12
    assert found[0] == found[1] == found[2]


def test_a_later_block_hands_over_only_what_may_be_among_the_best(monkeypatch):
    monkeypatch.setattr(blocks, "BEST_CANDIDATES", 1)
    monkeypatch.setattr(blocks, "PAIRS_AT_ONCE", 4)
    crowd(people=8)
    run = services.start_run(day=DAY)
    monkeypatch.setattr(shortlists, "_last", None)
    kept = []
    for block in run.blocks.all():
        services.do_block(block.pk)
        row = Entrants.objects.get(block=block)
        pairs = dict(shortlists._entrants(run.pk, {row.pk}))[row.pk]
        kept += [(pair["program"], float(pair["score"])) for pair in pairs]
    best: dict[int, float] = {}
    for pk, score in kept:
        assert score >= best.get(pk, 0.0)
        best[pk] = score
    assert len(best) == 4


def test_a_program_that_is_deleted_under_way_does_not_stop_the_finish(run):
    gone = program("Gone soon")
    for block in run.blocks.all():
        services.do_block(block.pk)
    gone.delete()
    assert services.finish_run(run.pk)
