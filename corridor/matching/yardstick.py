"""Reading and refreshing the one row that scores are measured with (see models.Yardstick)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

import numpy as np
from django.db import connection, models
from django.utils import timezone

from corridor.candidates.models import Candidate
from corridor.common import vectors
from corridor.matching.lexicon import Lexicon
from corridor.matching.models import Yardstick
from corridor.matching.scoring import Scale
from corridor.matching.tables import unit_rows
from corridor.places.models import Hub, State
from corridor.programs import queries as programs

EMPTY = Lexicon(np.zeros(0, np.int32), np.zeros(0, np.int32), 0)
SAMPLE = 400  # rows a side from which the cosine scale is read
LEAST_PAIRS = 2_000  # fewer tell too little: the default scale stays
_last: tuple[datetime, Lexicon, Scale] | None = None
# Asked by every page with a list: written out, it costs a sixth of what the query made of models
# does.
_STANDS = f"""
    SELECT (SELECT made_at FROM {Yardstick._meta.db_table} WHERE id = 1),
           array_agg(hub.slug ORDER BY hub.slug), array_agg(state.code ORDER BY hub.slug)
    FROM {Hub._meta.db_table} hub JOIN {State._meta.db_table} state ON state.id = hub.state_id
"""  # noqa: S608  our own names


class Measures(NamedTuple):
    lexicon: Lexicon
    scale: Scale
    hub_state: dict[str, str]  # the state of every hub, by slugs and codes
    made_at: datetime | None  # of the lexicon and the scale; None before the first count


def current() -> Measures:
    """One small query; the arrays are read again only when the row was made anew."""
    global _last
    with connection.cursor() as cursor:
        cursor.execute(_STANDS)
        ((made_at, slugs, codes),) = cursor.fetchall()
    hub_state = dict(zip(slugs or (), codes or (), strict=True))
    if made_at is None:
        return Measures(EMPTY, Scale(), hub_state, None)
    if _last is None or _last[0] != made_at:
        row = Yardstick.objects.get(pk=1)
        lexicon = Lexicon(
            np.frombuffer(bytes(row.terms), "<i4").astype(np.int32),
            np.frombuffer(bytes(row.counts), "<i4").astype(np.int32),
            row.programs,
        )
        _last = (row.made_at, lexicon, Scale(row.cosine_low, row.cosine_high))
    return Measures(*_last[1:], hub_state, made_at)


def refresh() -> None:
    """Count terms over the open programs and read the cosine scale from a sample of pairs.

    No likeness is the median cosine of a sampled pair; full likeness is what one pair in two
    thousand reaches.
    """
    day = timezone.localdate()
    lexicon = Lexicon.of(list(programs.published(day).values_list("term_ids", flat=True)))
    space = vectors.space()
    revision = space.revision if space else ""
    low, high = _cosines(revision, day) if revision else (Scale.low, Scale.high)
    Yardstick.objects.update_or_create(
        pk=1,
        defaults={
            "made_at": timezone.now(),
            "programs": lexicon.programs,
            "terms": lexicon.terms.astype("<i4").tobytes(),
            "counts": lexicon.counts.astype("<i4").tobytes(),
            "vector_revision": revision,
            "cosine_low": low,
            "cosine_high": high,
        },
    )


def refresh_if_old(older_than: timedelta = timedelta(minutes=10)) -> bool:
    """Refresh unless the row is recent and of the space in use; True where it was refreshed."""
    row = Yardstick.objects.filter(pk=1).defer("terms", "counts").first()
    space = vectors.space()
    recent = row is not None and timezone.now() - row.made_at < older_than
    if recent and (space is None or row.vector_revision == space.revision):
        return False
    refresh()
    return True


def _cosines(revision: str, day: Any) -> tuple[float, float]:
    mine = _sample(Candidate.objects.all(), revision)
    theirs = _sample(programs.published(day), revision)
    if len(mine) * len(theirs) < LEAST_PAIRS:
        return Scale.low, Scale.high
    cosine = mine @ theirs.T
    low, high = np.quantile(cosine[~np.isnan(cosine)], [0.5, 0.9995])
    return float(low), float(max(high, low + 0.05))


def _sample(rows: models.QuerySet[Any], revision: str) -> Any:
    """Vectors of rows spread evenly over the table: by id modulo, the same on every call."""
    found = rows.filter(vector_revision=revision, vector__isnull=False)
    step = max(1, found.count() // SAMPLE)
    chosen = found.annotate(step=models.F("pk") % step).filter(step=0).order_by("pk")[: SAMPLE * 2]
    return unit_rows(list(chosen.values_list("vector", flat=True)))
