"""Programs as matching reads them, each read from its row once and kept while the row stands.

A page scores up to 200 programs but shows 20; making 200 model instances with their duties and
requirements was most of its time. What is kept is what `rows` and `pathways` make of a program,
under PostgreSQL's own version of the row (`xmin` and `ctid`), so an update of any kind is seen by
the next reader. Duties and requirements are only ever written with their program.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, TextField
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast

from corridor import rules
from corridor.matching import pathways
from corridor.matching.coded import coded
from corridor.matching.rows import ProgramRow, program_row
from corridor.programs.models import Program
from corridor.programs.texts import PREFETCH

MOST = 50_000  # programs kept by a process, about 8 kB each
UNREAD = ("vector", "staged_vector", "description_ko", "description_en")
_kept: dict[int, tuple[Any, ProgramRow, pathways.ProgramSide]] = {}


@dataclass(frozen=True, slots=True)
class Post:
    row: ProgramRow
    side: pathways.ProgramSide
    distance: float | None = None  # cosine distance, where the reader asked for it


def read(found: QuerySet[Program]) -> list[Post]:
    """The programs of `found` in its order; `distance` where the query is annotated with it.

    One small query, and a few more where rows have changed since.
    """
    names = ["pk", "version", "of_host"]
    if "distance" in found.query.annotations:
        names.append("distance")
    # The annotation names the table: querysets of programs never alias it.
    version = RawSQL(
        '"programs_program"."xmin"::text || "programs_program"."ctid"::text',
        [],
        output_field=TextField(),
    )
    # As text: two hundred moments in a time zone are dear to read.
    of_host = Cast("organization__updated_at", TextField())
    seen = list(found.annotate(version=version, of_host=of_host).values_list(*names))
    rules_number = rules.standing().number  # which of its facts the rules know, too, may change
    stamps = {row[0]: (*row[1:3], rules_number) for row in seen}
    changed = [pk for pk, stamp in stamps.items() if pk not in _kept or _kept[pk][0] != stamp]
    if changed and len(_kept) + len(changed) > MOST:
        _kept.clear()
        changed = list(stamps)
    for program in _with_needs(changed):
        row, side = program_row(program), pathways.program_side(program)
        coded(row), side.coded  # each keeps it; else the first reader of a page would wait
        _kept[program.pk] = stamps[program.pk], row, side
    return [
        Post(*_kept[row[0]][1:], row[3] if len(row) > 3 else None)
        for row in seen
        if row[0] in _kept
    ]


def of(program: Program, distance: float | None = None) -> Post:
    """One program that is at hand already."""
    return Post(program_row(program), pathways.program_side(program), distance)


def _with_needs(ids: list[int]) -> Any:
    if not ids:
        return ()
    found = Program.objects.filter(pk__in=ids).select_related("organization", "hub", "sector")
    return found.prefetch_related(*PREFETCH).defer(*UNREAD).iterator(chunk_size=2000)
