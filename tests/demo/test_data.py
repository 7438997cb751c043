"""The demo's files: what a comma in a YAML mapping would cut off without a word."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

import corridor.demo

DATA = Path(corridor.demo.__file__).parent / "data"


def _bilingual(part: Any) -> Iterator[dict[str, str]]:
    if isinstance(part, dict):
        if "ko" in part:
            yield part
        for value in part.values():
            yield from _bilingual(value)
    elif isinstance(part, list):
        for value in part:
            yield from _bilingual(value)


def test_every_text_is_whole_in_korean_and_in_english():
    texts = [
        text
        for path in sorted(DATA.rglob("*.yaml"))
        for text in _bilingual(yaml.safe_load(path.read_text(encoding="utf-8")))
    ]

    assert len(texts) > 100
    assert [text for text in texts if set(text) != {"ko", "en"}] == []
