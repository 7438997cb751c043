from __future__ import annotations

from celery import shared_task

from corridor.partnerships import notices, watching


@shared_task(
    name="partnerships.tell", autoretry_for=(OSError,), retry_backoff=5, retry_backoff_max=50,
    max_retries=100,
)  # fmt: skip
def tell(id: int) -> int:
    """Write one notice to its readers. Safe to run twice: a notice is told once."""
    return notices.tell(id)


@shared_task(name="partnerships.watch")
def watch() -> dict[str, int]:
    """Every morning: agreements that end soon or have ended, obligations that are due."""
    return watching.watch()
