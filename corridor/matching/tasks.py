from __future__ import annotations

from typing import Any

import structlog
from celery import shared_task

from corridor.matching import services, spaces, yardstick
from corridor.matching.models import Run

log = structlog.get_logger(__name__)


@shared_task(name="matching.embed_what_changed")
def embed_what_changed() -> int:
    """The sweep: texts whose own task was lost, imports, and a change of model."""
    written = spaces.embed_stale()
    if written and not Run.objects.filter(
        state__in=(Run.State.QUEUED, Run.State.RUNNING)
    ).exists():
        yardstick.refresh_if_old()
    return written


@shared_task(name="matching.do_block", bind=True, max_retries=2)
def do_block(self: Any, block_id: int) -> int:
    try:
        return services.do_block(block_id)
    except Exception as error:  # its words could hold what a person wrote: only its name is kept
        log.warning("matching.block_failed", block=block_id, error=type(error).__name__)
        if self.request.retries >= self.max_retries:
            services.fail_run(block_id, type(error).__name__)
            raise
        raise self.retry(countdown=5, exc=error) from error


@shared_task(name="matching.finish_run")
def finish_run(run_id: int) -> bool:
    return services.finish_run(run_id)
