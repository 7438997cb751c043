"""What every signal of the ranking says on a task, kept on disk so that a search for weights does
not encode or compare anew: var/ranking/, by the model's revision and the texts.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import numpy as np

from benchmarks.tasks import ROOT, Floats, Task
from corridor.embeddings import Encoder
from corridor.embeddings.encoders import Kind, Progress
from corridor.matching import ranking_signals

KEPT = Path(os.environ.get("CORRIDOR_VAR") or ROOT / "var") / "ranking"
_MAKERS = ("corridor/matching/ranking_signals.py", "corridor/taxonomy")


class Remembering:
    """An encoder that keeps what it encoded, on disk: tasks share documents, runs share all."""

    def __init__(self, encoder: Encoder, folder: Path = KEPT) -> None:
        self._encoder, self._folder, self.info = encoder, folder, encoder.info

    def encode(
        self, texts: Sequence[str], *, kind: Kind = "passage", progress: Progress | None = None
    ) -> Floats:
        file = self._folder / f"{self.info.revision}-{_hash(kind, *texts)}.npy"
        if file.exists():
            return np.asarray(np.load(file), np.float32)
        found = self._encoder.encode(texts, kind=kind, progress=progress)
        self._folder.mkdir(parents=True, exist_ok=True)
        np.save(file, found)
        return found


@dataclass(frozen=True)
class Channels:
    """A task's two sides and its signals, each (queries, documents)."""

    queries: ranking_signals.Texts
    documents: ranking_signals.Texts
    signals: dict[str, Floats]


def read(task: Task, encoder: Remembering) -> Channels:
    queries = ranking_signals.Texts.read(task.queries, "query", encoder)
    documents = ranking_signals.Texts.read(task.documents, "passage", encoder)
    key = _hash(*task.queries, "/", *task.documents, encoder.info.revision, made_by())
    file = KEPT / f"{task.name}-{key}.npz"
    if file.exists():
        with np.load(file) as kept:
            return Channels(queries, documents, dict(kept))
    signals = ranking_signals.Signals(documents).compare(queries)
    KEPT.mkdir(parents=True, exist_ok=True)
    np.savez(file, **signals)
    return Channels(queries, documents, signals)


def made_by() -> str:
    """A hash of the code and data that signals come from, the encoder aside."""
    files = [
        file
        for path in _MAKERS
        for file in sorted((ROOT / path).rglob("*") if (ROOT / path).is_dir() else [ROOT / path])
        if file.is_file() and file.suffix in (".py", ".tsv", ".gz")
    ]
    return _hash(*(f"{file}{blake2b(file.read_bytes()).hexdigest()}" for file in files))


def _hash(*parts: str) -> str:
    return blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
