"""Runs over everybody: asking for one, doing its blocks, pausing, finishing or cancelling it.

A run is a row with blocks; each block is one task. Any number of workers may take blocks, on any
hosts; a block done twice, or by two at once, leaves the same rows. Lists are read only from a
finished run, so they appear all at once.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor.candidates.models import Candidate
from corridor.common import audit, outbox
from corridor.common.models import OutboxMessage
from corridor.matching import blocks, claims, lists, pinned, shortlists, yardstick
from corridor.matching.models import BestCandidates, BestPrograms, Block, Entrants, Run
from corridor.programs import queries as programs

KEEP_RUNS = 3  # finished runs whose lists are kept
MOST_BEGUN = 6  # times: a block that kills its workers must not go round for ever
STALLED_AFTER = timedelta(seconds=30)
UNDER_WAY = (Run.State.QUEUED, Run.State.RUNNING, Run.State.PAUSED)
_WORKED_ON = (Run.State.QUEUED, Run.State.RUNNING)
_ONE_AT_A_TIME = 0x72756E73  # "runs": an advisory lock held while one is asked for


@transaction.atomic
def start_run(*, by: Any | None = None, day: date | None = None) -> Run:
    """Ask for a run on `day` (default: today). Refuses people who are not staff (PermissionDenied;
    `by` None is the system itself), and a second run beside one that is under way
    (ValidationError): it would move the yardstick under it."""
    _staff(by)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
    if Run.objects.filter(state__in=UNDER_WAY).exists():
        raise ValidationError(_("A run is under way already. Wait until it has finished."))
    yardstick.refresh()
    on = day or timezone.localdate()
    people = Candidate.objects.filter(user__is_active=True).order_by("pk")
    run: Run = Run.objects.create(
        day=on,
        candidates=people.count(),
        programs=programs.published(on).count(),
        asked_by=by,
        **pinned.now(),
    )
    size = blocks.size_for(run.programs)
    ids = people.values_list("pk", flat=True).iterator() if run.programs else iter(())
    made = Block.objects.bulk_create(
        (
            Block(run=run, number=number, first_id=first, last_id=last)
            for number, (first, last) in enumerate(blocks.ranges(ids, size), start=1)
        ),
        batch_size=1000,
    )
    run.blocks_made = len(made)
    run.save(update_fields=["blocks_made"])
    audit.record("matching.run_asked", run, by=by, day=on.isoformat(), blocks=len(made))
    _go_on(run)
    return run


def _go_on(run: Run) -> None:
    task = "matching.hand_over" if run.blocks_done < run.blocks_made else "matching.finish_run"
    outbox.put(task, key=f"run:{run.pk}", run_id=run.pk)


def undone(run_id: int) -> list[int]:
    """Ids of the blocks that are to be handed to workers now, and notes that they are. None where
    the run is paused or over."""
    now = timezone.now()
    if not Run.objects.filter(pk=run_id, state__in=_WORKED_ON).update(handed_over_at=now):
        return []
    left = Block.objects.filter(run=run_id, done_at=None).order_by("number")
    return list(left.values_list("pk", flat=True))


def sweep_runs() -> int:
    """Take up runs whose blocks the broker has lost: no worker is at them and nothing has
    happened for `STALLED_AFTER`. Returns how many were handed over again."""
    count = 0
    for run in Run.objects.filter(state__in=_WORKED_ON):
        last = run.blocks.aggregate(begun=Max("started_at"), done=Max("done_at"))
        times = [run.asked_at, run.handed_over_at, last["begun"], last["done"]]
        latest = max(time for time in times if time is not None)
        if timezone.now() < latest + STALLED_AFTER:
            continue
        left = run.blocks.filter(done_at=None).values_list("pk", flat=True)
        if claims.held().isdisjoint(pk % claims.LARGEST for pk in left):
            with transaction.atomic():
                _go_on(run)
            count += 1
    return count


def do_block(block_id: int, *, worker: str = "") -> int:
    """Score one block and replace its rows. Returns how many pairs were kept (0: nothing to do,
    or another worker is at it). Raises pinned.Moved where the run must not be gone on with."""
    with claims.claimed(block_id) as mine:
        block = Block.objects.select_related("run").filter(pk=block_id).first() if mine else None
        if block is None or block.done_at is not None or block.run.state not in _WORKED_ON:
            return 0
        if block.begun >= MOST_BEGUN:
            fail_run(block_id, f"block_never_done # {block.begun}")
            return 0
        pinned.check(block.run)
        now = timezone.now()
        Run.objects.filter(pk=block.run_id, state=Run.State.QUEUED).update(
            state=Run.State.RUNNING, started_at=now
        )
        Block.objects.filter(pk=block.pk).update(
            worker=worker[:120], started_at=now, begun=F("begun") + 1
        )
        pairs, kept = blocks.scored(block)
        choosy, own = blocks.own_lists(block)
        packed = lists.packed(kept, block.run)
        theirs = packed[~np.isin(packed["candidate"], choosy)]
        wished = np.concatenate([theirs, lists.packed(own, block.run)])
        stored: int = _store(block, pairs, wished, packed)
        return stored


@transaction.atomic
def _store(block: Block, considered: int, mine: lists.Packed, pairs: lists.Packed) -> int:
    """`mine` for candidates' lists, `pairs` for programs'. Rows first, then the run's lock, so
    that workers wait for one another only to count."""
    mine = lists.best(mine, "candidate", "program", blocks.BEST_PROGRAMS)
    entering = shortlists.entering(block.run, pairs)
    BestPrograms.objects.filter(
        run=block.run, candidate__gte=block.first_id, candidate__lte=block.last_id
    ).delete()
    lists.copy_programs(block.run, mine, blocks.BEST_PROGRAMS)
    Entrants.objects.update_or_create(
        block=block, defaults={"run": block.run, "pairs": entering.tobytes()}
    )
    run = Run.objects.select_for_update(no_key=True).get(pk=block.run_id)
    block.refresh_from_db(fields=["done_at"])
    if block.done_at is not None or run.state not in UNDER_WAY:
        transaction.set_rollback(True)
        return 0
    pinned.check(run)
    block.pairs, block.done_at = considered, timezone.now()
    block.save(update_fields=["pairs", "done_at"])
    run.blocks_done, run.pairs = run.blocks_done + 1, run.pairs + considered
    run.save(update_fields=["blocks_done", "pairs"])
    if run.blocks_done == run.blocks_made and run.state != Run.State.PAUSED:
        _go_on(run)
    return len(mine) + len(entering)


def finish_run(run_id: int) -> bool:
    """Merge the programs' lists and let everything appear. False where there is nothing to
    finish."""
    with transaction.atomic():
        run = (
            Run.objects.select_for_update(no_key=True)
            .filter(pk=run_id, state__in=_WORKED_ON)
            .first()
        )
        if run is None or run.blocks.filter(done_at=None).exists():
            return False
        shortlists.merge(run)
        run.state, run.finished_at = Run.State.DONE, timezone.now()
        run.started_at = run.started_at or run.finished_at
        run.save(update_fields=["state", "finished_at", "started_at"])
        audit.record("matching.run_done", run, by=None, pairs=run.pairs)
        Entrants.objects.filter(run=run).delete()
        _changed_meanwhile(run)
        _forget_old()
    return True


def _changed_meanwhile(run: Run) -> None:
    """What was saved while the run was under way may have been scored before: once more."""
    asked = OutboxMessage.objects.filter(
        task__in=("matching.candidate_changed", "matching.program_changed"),
        created_at__gte=run.asked_at,
    )
    seen: dict[tuple[str, str], dict[str, Any]] = {
        (task, key): arguments
        for task, key, arguments in asked.values_list("task", "key", "arguments")
    }
    for (task, key), arguments in seen.items():
        outbox.put(task, key=key, **arguments)


def _forget_old() -> None:
    done = Run.objects.filter(state=Run.State.DONE).order_by("-asked_at", "-pk")
    _forget(list(done.values_list("pk", flat=True)[KEEP_RUNS:]))


def _forget(runs: list[int]) -> None:
    for model in (BestPrograms, BestCandidates, Entrants):
        model._default_manager.filter(run__in=runs).delete()


@transaction.atomic
def pause_run(run: Run, *, by: Any | None) -> Run:
    """Let no further block begin; blocks under way are finished and kept."""
    run = _locked(run, by)
    if run.state in _WORKED_ON:
        run.state = Run.State.PAUSED
        run.save(update_fields=["state"])
        audit.record("matching.run_paused", run, by=by)
    return run


@transaction.atomic
def resume_run(run: Run, *, by: Any | None) -> Run:
    """Hand the blocks that are left to the workers again."""
    run = _locked(run, by)
    if run.state == Run.State.PAUSED:
        run.state = Run.State.RUNNING if run.started_at else Run.State.QUEUED
        run.save(update_fields=["state"])
        audit.record("matching.run_resumed", run, by=by)
        _go_on(run)
    return run


@transaction.atomic
def cancel_run(run: Run, *, by: Any | None) -> Run:
    """End a run that is under way or paused; blocks still in the queue will do nothing."""
    return _end(_locked(run, by), Run.State.CANCELLED, by=by)


@transaction.atomic
def fail_run(block_id: int, problem: str) -> None:
    """A block could not be done: the run says so, and names the fault (never personal data).
    `problem`: a code that `record.problem_of` knows, and values; "#" stands for the block's
    number."""
    block = Block.objects.select_related("run").filter(pk=block_id).first()
    if block is not None:
        told = problem.replace("#", str(block.number))[:500]
        _end(_locked(block.run, None), Run.State.FAILED, by=None, problem=told)


def _locked(run: Run, by: Any | None) -> Run:
    _staff(by)
    locked: Run = Run.objects.select_for_update(no_key=True).get(pk=run.pk)
    return locked


def _staff(by: Any | None) -> None:
    if by is not None and not by.is_staff:
        raise PermissionDenied


def _end(run: Run, state: Any, *, by: Any | None, problem: str = "") -> Run:
    if run.state not in UNDER_WAY:
        return run
    run.state, run.problem, run.finished_at = state, problem, timezone.now()
    run.save(update_fields=["state", "problem", "finished_at"])
    _forget([run.pk])
    audit.record(f"matching.run_{run.state}", run, by=by)
    return run
