from __future__ import annotations

from celery import shared_task
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from corridor import embeddings
from corridor.common import vectors
from corridor.programs import notices, services, texts
from corridor.programs.models import Program


@shared_task(name="programs.embed")
def embed(ids: list[int]) -> int:
    """Vectors for these programs, in the space being compared now (see common.vectors)."""
    encoder = vectors.encoder_in_use(embeddings.load)
    if encoder is None:
        return 0
    return vectors.embed(
        Program, ids, text_of=texts.program_text, prefetch=texts.PREFETCH, encoder=encoder
    )


@shared_task(name="programs.read_heads")
def read_heads(host: int) -> int:
    """What search looks through, anew, for a host that has another name."""
    rows = list(Program.objects.filter(organization=host).prefetch_related(*texts.NAMED))
    for program in rows:
        program.search_head = texts.head(program)
    return Program.objects.bulk_update(rows, ["search_head"], batch_size=500)


@shared_task(name="programs.close_past")
def close_past() -> int:
    """Close what can no longer be applied to."""
    day = timezone.localdate()
    past = Program.objects.filter(status=Program.Status.PUBLISHED).filter(
        Q(apply_by__lt=day) | Q(starts_on__lte=day)
    )
    count = 0
    for pk in list(past.values_list("pk", flat=True)):
        with transaction.atomic():  # asked again under its lock: the host may have moved the day
            program = past.select_for_update().filter(pk=pk).first()
            if program is not None:
                services.close(program, by=None)
                count += 1
    return count


@shared_task(
    name="programs.tell_review",
    autoretry_for=(OSError,),  # a mail server that is down or refuses
    retry_backoff=5, retry_backoff_max=50, max_retries=100,
)  # fmt: skip
def tell_review(id: int) -> int:
    """Write to the host what staff decided. Safe to run twice: a decision is told once."""
    return notices.tell(id)
