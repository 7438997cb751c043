"""How the processes of a site come to run on one data set without being restarted.

A process starts with the files it finds. When staff reload the rules, one process reads the files;
if they are good it records them and stamps the record (`RuleRevision.reloaded_at`). Every other
process that has called `begin` asks at the start of a request or a task, at most every 30 seconds,
whether a stamp is later than what it last read, and if so goes over to that record's archive. So
all run on the very bytes that were checked, also on machines whose own files lag behind.

The cost is one comparison of clocks a request, and one small query each 30 seconds. A database that
does not answer, or an archive that this version cannot read, leaves the process as it is.
"""

from __future__ import annotations

import time

import structlog
from django.db import DatabaseError

from corridor import rules
from corridor.policy import queries

log = structlog.get_logger(__name__)
EVERY_S = 30.0
_next: float | None = None  # None: this process does not follow (commands, tests)


def begin() -> None:
    """From now on this process follows. Call it after a fork, not before."""
    global _next
    _next = time.monotonic() + EVERY_S


def follow() -> None:
    """Go over to the data set that was reloaded since, if it is time to ask."""
    global _next
    now = time.monotonic()
    if _next is None or now < _next:
        return
    _next = now + EVERY_S  # first, so that the process's other threads do not ask as well
    try:
        look()
    except DatabaseError as error:
        log.warning("policy.reload_unknown", error=type(error).__name__)


def look() -> None:
    """Ask now."""
    standing = rules.standing()
    asked = queries.reload_asked(after=standing.read_at)
    if asked is None:
        return
    number, revision = asked
    if revision != standing.data.revision or standing.trouble is not None:
        rules.reload(queries.archive_of(number))
