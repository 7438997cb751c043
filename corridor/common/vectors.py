"""Keeping rows' vectors true to their texts. Knows no model: an encoder is handed in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

import numpy as np
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet, TextField
from django.db.models.expressions import RawSQL

from corridor.common.models import Described, VectorSpace


class Info(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def revision(self) -> str: ...


class Encoder(Protocol):
    @property
    def info(self) -> Any: ...
    def encode(
        self, texts: Sequence[str], *, kind: Any = ..., progress: Any = ...
    ) -> np.ndarray: ...


TextOf = Callable[[Any], str]


def space() -> VectorSpace | None:
    """The space whose vectors are being compared; None before the first worker ran."""
    return VectorSpace.objects.filter(pk=1).first()


def encoder_in_use(load: Callable[[str], Encoder]) -> Encoder | None:
    """`load`ed (embeddings.load), the encoder of the space being compared now; None where its make
    is a newer one than the space's: then the sweep moves everybody to it (matching.spaces)."""
    found = space()
    encoder = load(found.model if found else settings.EMBEDDING_MODEL)
    stands = found is None or encoder.info.revision == found.revision
    return encoder if stands else None


# How many rows an index of nearness looks at for one search (pgvector's `hnsw.ef_search`), where
# it is not the connection's own number: docs/measured.md has what is found of the nearest.
LOOKED_AT = {"programs.program": 500}


def looking_at(found: QuerySet[Any]) -> QuerySet[Any]:
    """`found`, searched with its model's number of `LOOKED_AT`. It is set by the statement itself,
    before the first row is read, and holds for its transaction alone."""
    rows = LOOKED_AT.get(found.model._meta.label_lower)
    if rows is None:
        return found
    setting = RawSQL(
        "(SELECT set_config('hnsw.ef_search', %s, true))", [str(rows)], output_field=TextField()
    )
    return found.alias(looking=setting).filter(looking=str(rows))


def stale(model: type[Described], revision: str, *, staged: bool = False) -> QuerySet[Any]:
    """Rows whose vector (or staged vector) is missing, of another revision, or of an older text."""
    slot = "staged" if staged else "vector"
    fresh = Q(**{f"{slot}_hash": F("text_hash"), f"{slot}_revision": revision})
    return model._default_manager.exclude(text_hash="").exclude(fresh)


def embed(
    model: type[Described],
    ids: Iterable[int],
    *,
    text_of: TextOf,
    prefetch: Sequence[str],
    encoder: Encoder,
    staged: bool = False,
    kind: str = "passage",
) -> int:
    """Encode the named rows and write each vector only where its text is still the one read.

    Safe to run twice and beside a save: a newer text keeps its own, later vector.
    Returns how many rows were written.
    """
    rows = list(model._default_manager.filter(pk__in=list(ids)).prefetch_related(*prefetch))
    if not rows:
        return 0
    vectors = encoder.encode([text_of(row) for row in rows], kind=kind)
    column, slot = ("staged_vector", "staged") if staged else ("vector", "vector")
    written = 0
    for row, vector in zip(rows, vectors, strict=True):
        written += model._default_manager.filter(pk=row.pk, text_hash=row.text_hash).update(
            **{
                column: vector,
                f"{slot}_hash": row.text_hash,
                f"{slot}_revision": encoder.info.revision,
            }
        )
    return written


def promote(models_: Iterable[type[Described]]) -> None:
    """Put every staged vector in place and make the next space the current one, at once."""
    with transaction.atomic():
        current = VectorSpace.objects.select_for_update().get(pk=1)
        for model in models_:
            model._default_manager.filter(staged_revision=current.next_revision).update(
                vector=F("staged_vector"),
                vector_hash=F("staged_hash"),
                vector_revision=F("staged_revision"),
                staged_vector=None,
                staged_hash="",
                staged_revision="",
            )
        current.model, current.revision = current.next_model, current.next_revision
        current.dimensions = current.next_dimensions or current.dimensions
        current.next_model = current.next_revision = ""
        current.next_dimensions = None
        current.save()
