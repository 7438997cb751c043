"""Keeping every text embedded in one space, and moving to another model without a gap.

While a move is on, old vectors stay in use and the new model's are staged beside them; when none
is left to stage they take their places in one transaction (`common.vectors.promote`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from zlib import crc32

import structlog
from django.conf import settings
from django.db import connection, transaction

from corridor import embeddings
from corridor.candidates import texts as candidate_texts
from corridor.candidates.models import Candidate
from corridor.common import vectors
from corridor.common.models import Described, VectorSpace
from corridor.partnerships import texts as partnership_texts
from corridor.partnerships.models import ResearchGroup
from corridor.programs import texts as program_texts
from corridor.programs.models import Program

log = structlog.get_logger(__name__)
BATCH = 64
INDEXED_FROM = 5_000  # rows; below that reading them all is quick and misses nothing
# Of the HNSW graph: neighbors of a vector, and how many are looked through for them. Three vectors
# of 896 half floats share a page with up to 60 neighbors each; docs/measured.md has the recall.
NEIGHBORS, LOOKED_THROUGH = 16, 128
_LOCK = 0x636F7272  # of the sweep: one process embeds at a time
Progress = Callable[[str, int, int], None]

# The rows that are looked for by nearness; an index holds no others. (Whoever changes a program
# looks among all people, private ones, too: their own lists follow it.)
_SOUGHT = {Program: "status = 'published'", Candidate: "true", ResearchGroup: "is_open"}

# What is embedded: its text, what that text reads, and which side of the comparison it is.
_SUBJECTS: tuple[tuple[type[Described], Callable[[Any], str], tuple[str, ...], str], ...] = (
    (Program, program_texts.program_text, program_texts.PREFETCH, "passage"),
    (Candidate, candidate_texts.profile_text, candidate_texts.PREFETCH, "query"),
    (ResearchGroup, partnership_texts.group_text, (), "passage"),
)


def advance_vector_space(encoder: vectors.Encoder | None = None) -> VectorSpace:
    """The space in use, made on first use; notes a move when the setting names another model."""
    wanted = (encoder or embeddings.load(settings.EMBEDDING_MODEL)).info
    space: VectorSpace
    space, made = VectorSpace.objects.get_or_create(
        pk=1,
        defaults={
            "model": wanted.name, "revision": wanted.revision, "dimensions": wanted.dimensions
        },
    )  # fmt: skip
    if made or wanted.revision in (space.revision, space.next_revision):
        if space.next_revision and wanted.revision == space.revision:  # the setting was put back
            space.next_model = space.next_revision = ""
            space.next_dimensions = None
            space.save()
        return space
    space.next_model, space.next_revision = wanted.name, wanted.revision
    space.next_dimensions = wanted.dimensions
    space.save()
    log.info("vectors.moving", to=wanted.revision)
    return space


def embed_stale(
    *,
    encoder: vectors.Encoder | None = None,
    progress: Progress | None = None,
    for_seconds: float = 1200.0,
) -> int:
    """Embed whatever has no fresh vector, then stage and promote a move. Returns rows written.

    Stops after `for_seconds` (the next sweep goes on). Does nothing where another process is at it.
    """
    with _only_one() as alone:
        if not alone:
            return 0
        until = time.monotonic() + for_seconds
        space = advance_vector_space(encoder)
        wanted = encoder or embeddings.load(settings.EMBEDDING_MODEL)
        moving = bool(space.next_revision)
        current = wanted if not moving else _current(space)
        written = 0
        if current is not None:
            written += _embed(current, space.revision, False, progress, until)
        if moving:
            written += _embed(wanted, space.next_revision, True, progress, until)
            _promote_if_whole(space)
        return written


def _current(space: VectorSpace) -> vectors.Encoder | None:
    """The model being left. One that can no longer be made only delays new texts: its vectors
    stay in use until the move is done. (A new make of the same name is not the old one.)"""
    try:
        encoder = embeddings.load(space.model)
    except embeddings.ModelUnavailable as error:
        log.warning("vectors.old_model_unavailable", problem=str(error))
        return None
    return encoder if encoder.info.revision == space.revision else None


def _embed(
    encoder: vectors.Encoder, revision: str, staged: bool, progress: Progress | None, until: float
) -> int:
    written = 0
    for model, text_of, prefetch, kind in _SUBJECTS:
        stale = vectors.stale(model, revision, staged=staged)
        left, done, idle = (stale.count() if progress else 0), 0, 0
        while time.monotonic() < until and idle < 3:
            ids = list(stale.order_by("pk").values_list("pk", flat=True)[:BATCH])
            if not ids:
                break
            count = vectors.embed(
                model, ids, text_of=text_of, prefetch=prefetch, encoder=encoder, staged=staged,
                kind=kind,
            )  # fmt: skip
            idle = 0 if count else idle + 1  # texts that change while they are read
            done += count
            if progress:
                progress(str(model._meta.verbose_name_plural), done, max(left, done))
        written += done
    return written


def _promote_if_whole(space: VectorSpace) -> bool:
    for model, *_rest in _SUBJECTS:
        if vectors.stale(model, space.next_revision, staged=True).exists():
            return False
    vectors.promote([model for model, *_rest in _SUBJECTS])
    space.refresh_from_db()
    log.info("vectors.moved", to=space.revision)
    make_indexes(space)
    return True


def make_indexes(space: VectorSpace, *, from_rows: int = INDEXED_FROM) -> list[str]:
    """Two indexes for each large table, and the removal of older ones: HNSW on the expression that
    `queries` orders by and the rows that it looks for, and the few rows that wait for a vector
    (`vectors.stale`; while a move is on, those that wait to be staged). Returns the names of those
    that stand.

    HNSW's build is quick while its graph fits into the server's `maintenance_work_mem` (2.5 kB a
    row).
    """
    standing = []
    for model, *_rest in _SUBJECTS:
        table = model._meta.db_table
        near = (
            f"USING hnsw ((vector::halfvec({int(space.dimensions)})) halfvec_cosine_ops) "
            f"WITH (m = {NEIGHBORS}, ef_construction = {LOOKED_THROUGH}) "
            f"WHERE vector_revision = %s AND ({_SOUGHT[model]})"
        )
        made_of = f"{space.revision} {NEIGHBORS} {LOOKED_THROUGH} {_SOUGHT[model]}"
        many = model._default_manager.filter(vector_revision=space.revision).count() >= from_rows
        standing += _index(table, f"near_{space.dimensions}", made_of, near, space.revision, many)
        slot = "staged" if space.next_revision else "vector"
        wanted = space.next_revision or space.revision
        waiting = (
            f"(id) WHERE text_hash <> '' AND NOT ({slot}_hash = text_hash AND "
            f"{slot}_revision = %s)"
        )
        standing += _index(table, "stale", f"{slot} {wanted}", waiting, wanted, many)
    return standing


def _index(
    table: str, kind: str, made_of: str, definition: str, revision: str, wanted: bool
) -> list[str]:
    """One index as it should be: older ones of its kind dropped, and made where it is `wanted`.
    Its name tells what it is made of, so a standing one is not made again."""
    name = f"{table}_{kind}_{crc32(made_of.encode()):08x}"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, i.indisvalid FROM pg_index i JOIN pg_class c ON "
            "c.oid = i.indexrelid WHERE i.indrelid = %s::regclass AND c.relname LIKE %s",
            [table, f"{table}\\_{kind.split('_')[0]}\\_%"],
        )
        for old, is_valid in cursor.fetchall():
            if old != name or not is_valid:  # one whose build was cut short stays invalid
                cursor.execute(f'DROP INDEX IF EXISTS "{old}"')
        if not wanted:
            return []
        online = "" if connection.in_atomic_block else "CONCURRENTLY"
        cursor.execute(
            f'CREATE INDEX {online} IF NOT EXISTS "{name}" ON "{table}" {definition}', [revision]
        )
    return [name]


@contextmanager
def _only_one() -> Iterator[bool]:
    """A session's advisory lock: released with it even if the process is killed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        alone = bool(cursor.fetchone()[0])
        try:
            yield alone
        finally:
            if alone and not _broken():
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def _broken() -> bool:
    return transaction.get_autocommit() is False and connection.needs_rollback
