"""By when a host owes its next answer. The days are in data/clock.yaml."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).parent / "data"


@lru_cache(maxsize=1)
def rules() -> dict[str, Any]:
    """data/clock.yaml as written. Callers must not change what they get."""
    return yaml.load((DATA / "clock.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)


def days(kind: str, state: str) -> int | None:
    """Days for the next answer in `state` of a program of `kind`; None where none is owed."""
    stage = rules()["stages"].get(state)
    return None if stage is None else int(stage.get(kind, stage["default"]))


def due(kind: str, state: str, since: date) -> date | None:
    """The day the answer is due, never a Saturday or Sunday. Public holidays are not known."""
    length = days(kind, state)
    if length is None:
        return None
    day = since + timedelta(days=length)
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= 5 else 0)
