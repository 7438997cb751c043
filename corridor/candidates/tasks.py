from __future__ import annotations

from celery import shared_task

from corridor import embeddings
from corridor.candidates import onboarding, texts
from corridor.candidates.models import Candidate
from corridor.common import vectors


@shared_task(name="candidates.embed")
def embed(ids: list[int]) -> int:
    """Vectors for these candidates, in the space being compared now (see common.vectors)."""
    encoder = vectors.encoder_in_use(embeddings.load)
    if encoder is None:
        return 0
    return vectors.embed(
        Candidate,
        ids,
        text_of=texts.profile_text,
        prefetch=texts.PREFETCH,
        encoder=encoder,
        kind="query",
    )


@shared_task(name="candidates.forget_cv_readings")
def forget_cv_readings() -> int:
    """Drop what was read in CVs that nobody came back to confirm."""
    return onboarding.forget_old()
