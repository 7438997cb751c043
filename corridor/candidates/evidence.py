"""A profile and its evidence (studies, works, credentials, test scores) in one statement.

Every page of a candidate begins with it. As four prefetched relations it cost four more queries,
some 3 ms of each page; here the database sends the evidence along with the profile's own row.
"""

from __future__ import annotations

import json
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db.models import Field, Model, QuerySet, TextField
from django.db.models.expressions import RawSQL

from corridor.candidates.models import Candidate
from corridor.candidates.texts import PREFETCH


def read_one(found: QuerySet[Candidate]) -> Candidate | None:
    """The first of `found`, as with `prefetch_related(*PREFETCH)`."""
    # `found` never aliases its table.
    sent = RawSQL(_statement(), [], output_field=TextField())  # noqa: S611
    candidate = found.annotate(evidence=sent).first()
    if candidate is None:
        return None
    # Where Django itself keeps what it prefetched; it has no public way to hand it rows.
    kept: dict[str, QuerySet[Any]] = candidate.__dict__.setdefault("_prefetched_objects_cache", {})
    # Decimals as they were written: 850.0 stays 850.0.
    told = json.loads(candidate.__dict__.pop("evidence"), parse_float=Decimal)
    for name, rows in zip(PREFETCH, told, strict=True):
        model, fields = _relation(name)
        names = [field.attname for field in fields]
        made = [
            model.from_db(found.db, names, [field.to_python(row[field.column]) for field in fields])
            for row in rows or ()
        ]
        for each in made:
            each.candidate = candidate
        # The relation's own query with its rows at hand: what is asked of it further, such as a
        # filter, is still asked of this candidate alone.
        rows_at_hand = getattr(candidate, name).get_queryset()
        rows_at_hand._result_cache, rows_at_hand._prefetch_done = made, True
        kept[name] = rows_at_hand
    return candidate


@lru_cache
def _relation(name: str) -> tuple[Any, tuple[Field[Any, Any], ...]]:
    model: type[Model] = Candidate._meta.get_field(name).related_model
    return model, tuple(model._meta.concrete_fields)


@lru_cache(maxsize=1)
def _statement() -> str:
    """A JSON list of the relations in the order of `PREFETCH`, each in its model's own order."""
    parts = []
    for name in PREFETCH:
        model, _fields = _relation(name)
        order = ", ".join(
            f"e.{_column(model, each.lstrip('-'))}{' DESC' if each.startswith('-') else ''}"
            for each in model._meta.ordering
        )
        parts.append(
            f"(SELECT json_agg(e ORDER BY {order}) FROM {model._meta.db_table} e"  # noqa: S608
            ' WHERE e.candidate_id = "candidates_candidate"."id")'
        )
    return f"json_build_array({', '.join(parts)})::text"


def _column(model: Any, name: str) -> str:
    column: str = model._meta.pk.column if name == "pk" else model._meta.get_field(name).column
    return column
