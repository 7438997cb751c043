"""The reasons for which a host does not select somebody, as data (data/reasons.yaml)."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import yaml

from corridor.applications.clock import DATA
from corridor.common.language import language_code

OWN_WORDS = "other"  # asks for words of the host's own


@lru_cache(maxsize=1)
def _reasons() -> dict[str, dict[str, Any]]:
    rows = yaml.load((DATA / "reasons.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    return {row["id"]: row for row in rows}


def known(reason: str) -> bool:
    return reason in _reasons()


def choices() -> list[tuple[str, str]]:
    """(id, label) in the reader's language, in the order of the file."""
    return [(key, row["label"][language_code()]) for key, row in _reasons().items()]


def label(reason: str) -> str:
    return str(_reasons()[reason]["label"][language_code()]) if known(reason) else ""


def sentence(reason: str) -> str:
    """What the candidate reads; empty for a reason that the file does not know (any more)."""
    return str(_reasons()[reason]["sentence"][language_code()]) if known(reason) else ""
