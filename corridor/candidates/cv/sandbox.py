"""A CV read in a process of its own, so that a broken or hostile file costs that process alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

from corridor.candidates.cv.child import SECONDS
from corridor.candidates.cv.lines import MAX_BYTES, Unreadable

ROOT = Path(__file__).resolve().parents[3]


def read_apart(content: bytes, *, day: date, seconds: float = SECONDS) -> dict[str, Any]:
    """{"format", "proposal", "lines" (only those that the proposal quotes), "read"}; see
    proposal.Proposal.as_dict. Raises Unreadable, also when time or memory ran out."""
    if len(content) > MAX_BYTES:
        raise Unreadable("too_large")
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    try:
        done = subprocess.run(  # noqa: S603 - our own program, no shell
            [sys.executable, "-X", "utf8", "-m", "corridor.candidates.cv.child", day.isoformat()],
            input=content,
            capture_output=True,
            timeout=seconds,
            cwd=ROOT,
            env=kept,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable("too_slow") from error
    try:
        told: dict[str, Any] = json.loads(done.stdout)
    except ValueError as error:  # killed by a limit, or died of the file
        raise Unreadable("too_much") from error
    if "error" in told:
        raise Unreadable(told["error"])
    return told
