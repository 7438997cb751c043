from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog
from celery import shared_task
from django.db import InterfaceError, OperationalError

from corridor.matching import pinned, refreshing, saved, services, spaces, yardstick
from corridor.matching.models import Run

log = structlog.get_logger(__name__)

_AGAIN_S = 5
_LAGGING_TRIES = 8  # 40 s: longer than a process takes to go over to reloaded rules


@shared_task(name="matching.embed_what_changed")
def embed_what_changed() -> int:
    """The sweep: texts whose own task was lost, imports, and a change of model."""
    written = spaces.embed_stale()
    if written and not Run.objects.filter(state__in=services.UNDER_WAY).exists():
        yardstick.refresh_if_old()
    return written


@shared_task(name="matching.hand_over")
def hand_over(run_id: int) -> int:
    """One message for each block that is left. What a broker loses the sweep hands over again."""
    left = services.undone(run_id)
    for block_id in left:
        do_block.delay(block_id=block_id)
    return len(left)


@shared_task(name="matching.sweep_runs")
def sweep_runs() -> int:
    return services.sweep_runs()


@shared_task(name="matching.do_block", bind=True, max_retries=2)
def do_block(self: Any, block_id: int) -> int:
    try:
        return services.do_block(block_id, worker=self.request.hostname or "")
    except pinned.Moved as moved:
        if not moved.may_pass or self.request.retries >= _LAGGING_TRIES:
            services.fail_run(block_id, moved.problem)
            return 0
        raise self.retry(countdown=_AGAIN_S, exc=moved, max_retries=_LAGGING_TRIES) from moved
    except (OperationalError, InterfaceError):  # the sweep hands it over when the database is back
        log.warning("matching.database_lost", block=block_id)
        raise
    except Exception as error:  # its words could hold what a person wrote: only its name is kept
        log.warning("matching.block_failed", block=block_id, error=type(error).__name__)
        if self.request.retries >= self.max_retries:
            services.fail_run(block_id, f"block_failed # {type(error).__name__}")
            raise
        raise self.retry(countdown=_AGAIN_S, exc=error) from error


@shared_task(name="matching.finish_run")
def finish_run(run_id: int) -> bool:
    return services.finish_run(run_id)


@shared_task(name="matching.candidate_changed", bind=True, max_retries=40)
def candidate_changed(self: Any, candidate_id: int) -> int:
    """After `candidates.embed`, which the same save may have asked for."""
    return _refresh(self, refreshing.candidate_changed, candidate_id)


@shared_task(name="matching.program_changed", bind=True, max_retries=40)
def program_changed(self: Any, program_id: int) -> int:
    """After `programs.embed`, which the same save may have asked for."""
    return _refresh(self, refreshing.program_changed, program_id)


def _refresh(task: Any, change: Callable[..., int], pk: int) -> int:
    """Once the text has its vector; without it when that takes longer than some ten seconds."""
    try:
        return change(pk, wait=task.request.retries < task.max_retries)
    except refreshing.NotYet as error:
        raise task.retry(countdown=0.25, exc=error) from error


@shared_task(name="matching.tell_saved_searches")
def tell_saved_searches() -> dict[str, int]:
    """Every morning: what is new in saved searches. Safe to run twice: nothing is told twice."""
    return saved.tell_all()
