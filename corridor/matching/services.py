"""Runs over everybody: asking for one, doing its blocks, finishing or cancelling it.

A run is a row with blocks; each block is one task. Any number of workers may take blocks; a block
done twice, or by two at once, leaves the same rows. Results are read only from a finished run,
so they appear all at once.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import Sum
from django.utils import timezone

from corridor import rules
from corridor.candidates.models import Candidate
from corridor.common import audit, outbox, vectors
from corridor.matching import blocks, yardstick
from corridor.matching.models import Block, Match, Run
from corridor.programs import queries as programs

KEEP_RUNS = 3  # finished runs whose matches are kept
_UNDER_WAY = (Run.State.QUEUED, Run.State.RUNNING)


def start_run(*, by: Any | None = None, day: date | None = None) -> Run:
    """Ask for a run on `day` (default: today). Refuses (PermissionDenied) people who are not
    staff; `by` None is the system itself."""
    if by is not None and not by.is_staff:
        raise PermissionDenied
    yardstick.refresh()
    space = vectors.space()
    with transaction.atomic():
        on = day or timezone.localdate()
        people = Candidate.objects.filter(user__is_active=True).order_by("pk")
        run: Run = Run.objects.create(
            day=on,
            rules_revision=rules.revision(),
            vector_revision=space.revision if space else "",
            candidates=people.count(),
            programs=programs.published(on).count(),
            asked_by=by,
        )
        size = blocks.size_for(run.programs)
        ids = people.values_list("pk", flat=True).iterator() if run.programs else iter(())
        made = Block.objects.bulk_create(
            Block(run=run, number=number, first_id=first, last_id=last)
            for number, (first, last) in enumerate(blocks.ranges(ids, size), start=1)
        )
        audit.record("matching.run_asked", run, by=by, day=on.isoformat(), blocks=len(made))
        for block in made:
            outbox.put("matching.do_block", key=f"block:{block.pk}", block_id=block.pk)
        if not made:
            outbox.put("matching.finish_run", key=f"run:{run.pk}", run_id=run.pk)
    return run


def do_block(block_id: int) -> int:
    """Score one block and replace its rows. Returns how many were kept (0: nothing to do)."""
    block = Block.objects.select_related("run").filter(pk=block_id).first()
    if block is None or block.done_at is not None or block.run.state not in _UNDER_WAY:
        return 0
    Run.objects.filter(pk=block.run_id, state=Run.State.QUEUED).update(
        state=Run.State.RUNNING, started_at=timezone.now()
    )
    pairs, kept = blocks.scored(block)
    with transaction.atomic():
        # Locking the run lets one block finish at a time, so exactly one sees that it is the last.
        run = Run.objects.select_for_update().get(pk=block.run_id)
        block.refresh_from_db()
        if block.done_at is not None or run.state not in _UNDER_WAY:
            return 0
        Match.objects.filter(block=block).delete()
        _copy(run, block, kept)
        block.pairs, block.done_at = pairs, timezone.now()
        block.save(update_fields=["pairs", "done_at"])
        if not run.blocks.filter(done_at=None).exists():
            outbox.put("matching.finish_run", key=f"run:{run.pk}", run_id=run.pk)
    return len(kept)


def _copy(run: Run, block: Block, kept: list[blocks.Kept]) -> None:
    with connection.cursor() as cursor, cursor.copy(
        "COPY matching_match (run_id, block_id, candidate_id, program_id, score, parts, pathway,"
        " verdict) FROM STDIN"
    ) as copy:
        for row in kept:
            copy.write_row((
                run.pk, block.pk, row.candidate, row.program, row.score, json.dumps(row.parts),
                row.pathway, row.verdict,
            ))  # fmt: skip


_RANK = """
WITH ranked AS (
    SELECT m.id,
        row_number() OVER (PARTITION BY m.candidate_id ORDER BY m.score DESC, m.program_id) AS mine,
        CASE WHEN p.external_host = '' THEN row_number() OVER (
            PARTITION BY m.program_id ORDER BY m.score DESC, m.candidate_id) END AS theirs
    FROM matching_match m JOIN programs_program p ON p.id = m.program_id
    WHERE m.run_id = %(run)s
)
UPDATE matching_match m SET
    rank_for_candidate = CASE WHEN r.mine <= %(programs)s THEN r.mine END,
    rank_for_program = CASE WHEN r.theirs <= %(candidates)s THEN r.theirs END
FROM ranked r WHERE r.id = m.id
"""


def finish_run(run_id: int) -> bool:
    """Rank both sides and let the results appear. False where there is nothing to finish."""
    with transaction.atomic():
        run = Run.objects.select_for_update().filter(pk=run_id, state__in=_UNDER_WAY).first()
        if run is None or run.blocks.filter(done_at=None).exists():
            return False
        with connection.cursor() as cursor:
            cursor.execute(
                _RANK,
                {"run": run.pk, "programs": blocks.BEST_PROGRAMS,
                 "candidates": blocks.BEST_CANDIDATES},
            )  # fmt: skip
        run.matches.filter(rank_for_candidate=None, rank_for_program=None).delete()
        run.pairs = run.blocks.aggregate(pairs=Sum("pairs"))["pairs"] or 0
        run.state, run.finished_at = Run.State.DONE, timezone.now()
        run.started_at = run.started_at or run.finished_at
        run.save(update_fields=["pairs", "state", "finished_at", "started_at"])
        audit.record("matching.run_done", run, by=None, pairs=run.pairs)
        _forget_old()
    return True


def _forget_old() -> None:
    done = Run.objects.filter(state=Run.State.DONE).order_by("-asked_at", "-pk")
    old = list(done.values_list("pk", flat=True)[KEEP_RUNS:])
    Match.objects.filter(run__in=old).delete()


@transaction.atomic
def cancel_run(run: Run, *, by: Any) -> Run:
    """Stop a run that is under way; blocks still in the queue will do nothing."""
    if not by.is_staff:
        raise PermissionDenied
    return _end(run, Run.State.CANCELLED, by=by)


@transaction.atomic
def fail_run(block_id: int, problem: str) -> None:
    """A block could not be done: the run says so, and names the fault (never personal data)."""
    block = Block.objects.select_related("run").filter(pk=block_id).first()
    if block is not None:
        _end(block.run, Run.State.FAILED, by=None, problem=f"block {block.number}: {problem}"[:500])


def _end(run: Run, state: Any, *, by: Any | None, problem: str = "") -> Run:
    run = Run.objects.select_for_update().get(pk=run.pk)
    if run.state not in _UNDER_WAY:
        return run
    run.state, run.problem, run.finished_at = state, problem, timezone.now()
    run.save(update_fields=["state", "problem", "finished_at"])
    run.matches.all().delete()
    audit.record(f"matching.run_{run.state}", run, by=by)
    return run


def run_summary(run: Run) -> dict[str, Any]:
    """A run in figures, JSON-able."""
    return {
        "run": run.pk,
        "state": run.state,
        "day": run.day.isoformat(),
        "candidates": run.candidates,
        "programs": run.programs,
        "pairs": run.pairs,
        "blocks": run.blocks.count(),
        "blocks_done": run.blocks.exclude(done_at=None).count(),
        "matches": run.matches.count(),
        "seconds": run.seconds,
        "rules_revision": run.rules_revision,
        "vector_revision": run.vector_revision,
        "problem": run.problem,
    }
