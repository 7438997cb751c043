"""One worker at a block: a lock of PostgreSQL that ends with the worker's connection.

So no lease has to be renewed or waited for: a worker that is killed loses its claim at once, one
whose machine vanishes after about a minute (TCP keep-alive), and what is being worked on right
now can be read off the database.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

_CLASS = 0x626C6F63  # "bloc": the first of the lock's two numbers; the second is the block
LARGEST = 2**31


@contextmanager
def claimed(block_id: int) -> Iterator[bool]:
    """Whether the block is this process's while the context lasts."""
    with connection.cursor() as cursor:
        # A worker's machine that loses power must not hold its block for hours.
        cursor.execute(
            "SELECT set_config('tcp_keepalives_idle', '30', false),"
            " set_config('tcp_keepalives_interval', '10', false),"
            " set_config('tcp_keepalives_count', '3', false),"
            " pg_try_advisory_lock(%s, %s)",
            [_CLASS, block_id % LARGEST],
        )
        mine = bool(cursor.fetchone()[-1])
    try:
        yield mine
    finally:
        if mine and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_advisory_unlock(%s, %s)", [_CLASS, block_id % LARGEST]
                )


def held() -> set[int]:
    """Ids (modulo 2**31) of the blocks that some worker is at now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT objid FROM pg_locks WHERE locktype = 'advisory' AND classid = %s"
            " AND objsubid = 2 AND granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            [_CLASS],
        )
        return {int(row[0]) for row in cursor.fetchall()}
