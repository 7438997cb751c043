"""The demo corridor's content as written in data/*.yaml, read once a process.

Everything here is invented: organizations are called 견본 … / Sample …, and no text of a program
or a person is taken from a real one.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).with_name("data")


@lru_cache(maxsize=64)
def read(name: str) -> Any:
    """The YAML of data/`name`.yaml. Callers must not change what they get."""
    return yaml.load((DATA / f"{name}.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)


def by_sector(folder: str) -> dict[str, Any]:
    """Content of every file in data/`folder`, by the sector's slug (the file's name)."""
    names = sorted(path.stem for path in (DATA / folder).glob("*.yaml"))
    return {name: read(f"{folder}/{name}") for name in names}
