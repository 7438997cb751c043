"""What never reaches a log line: the values that a database repeats in its error messages."""

from __future__ import annotations

import re
from typing import Any

# PostgreSQL repeats the offending row or key beside an error ("DETAIL:  Key (email)=(…) already
# exists."), and the statement's context. Both hold what people wrote, over many lines perhaps.
_VALUES = re.compile(r"^(\s*)(DETAIL|CONTEXT): .*(?:\n(?!Traceback|  File |\s*$).+)*", re.M)


def without_values(logger: Any, method: str, event: dict[str, Any]) -> dict[str, Any]:
    """A structlog processor: cuts the database's details out of messages and tracebacks."""
    for name in ("event", "exception"):
        if isinstance(event.get(name), str):
            event[name] = _VALUES.sub(r"\1\2: (left out)", event[name])
    return event
