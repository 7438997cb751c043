from __future__ import annotations

from celery import shared_task

from corridor import embeddings
from corridor.common import vectors
from corridor.partnerships import notices, texts, watching
from corridor.partnerships.models import PartnerQuery, ResearchGroup


@shared_task(
    name="partnerships.tell", autoretry_for=(OSError,), retry_backoff=5, retry_backoff_max=50,
    max_retries=100,
)  # fmt: skip
def tell(id: int) -> int:
    """Write one notice to its readers. Safe to run twice: a notice is told once."""
    return notices.tell(id)


@shared_task(name="partnerships.tell_taken_down")
def tell_taken_down(review: int, program: int) -> int:
    """Note for the universities that nominated to a program that staff took it down. Safe to run
    twice: each is told once of one decision."""
    return notices.put_taken_down(review=review, program=program)


@shared_task(name="partnerships.watch")
def watch() -> dict[str, int]:
    """Every morning: what ends soon or has ended, what is due, late or waits."""
    return watching.watch()


@shared_task(name="partnerships.embed")
def embed(ids: list[int]) -> int:
    """Vectors for these research groups, in the space being compared now (see common.vectors)."""
    encoder = vectors.encoder_in_use(embeddings.load)
    if encoder is None:
        return 0
    return vectors.embed(
        ResearchGroup, ids, text_of=texts.group_text, prefetch=(), encoder=encoder
    )


@shared_task(name="partnerships.embed_query")
def embed_query(ids: list[int]) -> int:
    """Vectors for words that somebody looks for partners with; the page waits a moment for it."""
    encoder = vectors.encoder_in_use(embeddings.load)
    if encoder is None:
        return 0
    return vectors.embed(
        PartnerQuery, ids, text_of=lambda row: row.text, prefetch=(), encoder=encoder, kind="query"
    )
