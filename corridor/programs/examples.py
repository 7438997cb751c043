"""Starting texts of each kind of program (data/examples.yaml), and where they still stand.

An example shows what to write; it is never published as if it were the host's own word. Each text
is put in with a mark, and counts as untouched while the mark or the very words stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from corridor.programs.kinds import DETAILS
from corridor.programs.models import Program

_FILE = Path(__file__).with_name("data") / "examples.yaml"
_BOTH = ("title", "summary", "description")  # fields of a program that stand in both languages


@lru_cache(maxsize=1)
def _read() -> dict[str, Any]:
    return dict(yaml.load(_FILE.read_text(encoding="utf-8"), yaml.CSafeLoader))


def fields(kind: str, lang: str) -> dict[str, Any]:
    """What `services.save_program` takes for a draft of `kind` that begins with examples.

    Title, summary and description come in both languages; what a program says only once (costs,
    the kind's own texts, duties) in `lang` ("ko" or "en").
    """
    own, marks = _read()["kinds"][kind], _read()["marks"]

    def marked(texts: dict[str, str], code: str) -> str:
        return f"{marks[code]} {texts[code]}"

    made: dict[str, Any] = {
        f"{name}_{code}": marked(own[name], code) for name in _BOTH for code in ("ko", "en")
    }
    made["candidate_cost_note"] = marked(own["candidate_cost_note"], lang)
    made["details"] = {
        name: marked(texts, lang) for name, texts in own.get("details", {}).items()
    }
    made["duties"] = [
        {"text": marked(duty["text"], lang), "activity": duty["activity"],
         "share_pct": duty["share_pct"]}
        for duty in own["duties"]
    ]  # fmt: skip
    return made


def untouched(program: Program) -> list[str]:
    """The fields, as `missing_to_publish` names them, whose text is still an example."""
    found = [name for name, text in _texts(program) if text and _is_example(program.kind, text)]
    return list(dict.fromkeys(found))


def _texts(program: Program) -> Iterator[tuple[str, str]]:
    for name in _BOTH:
        for code in ("ko", "en"):
            yield f"{name}_{code}", getattr(program, f"{name}_{code}")
    yield "candidate_cost_note", program.candidate_cost_note
    for detail in DETAILS.get(program.kind, ()):
        if detail.type in ("text", "longtext"):
            yield f"details.{detail.name}", str(program.details.get(detail.name) or "")
    for duty in program.duties.all():
        yield "duties", duty.text


def _is_example(kind: str, text: str) -> bool:
    if any(mark in text for mark in _read()["marks"].values()):
        return True
    return _bare(text) in _known(kind)


@lru_cache
def _known(kind: str) -> frozenset[str]:
    """The longer texts of a kind's examples. A title, a summary or a duty may be true as it is,
    once its mark is taken away."""
    own = _read()["kinds"].get(kind, {})
    texts = [own[name] for name in ("description", "candidate_cost_note") if name in own]
    texts += own.get("details", {}).values()
    return frozenset(_bare(text) for pair in texts for text in pair.values())


def _bare(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip().casefold()
