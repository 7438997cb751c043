"""What tells that a query and a document are about the same: one array a signal.

- `e5`, `use`: cosines of the two encoders (a model of another make gives `e5` alone, set to the
  same spread); `sure`: how far `use` is above .4, where it is seldom wrong;
- `letters`: runs of two to four characters in common, rare ones counting more;
- `words`: whole Latin words and numbers in common (acronyms, units, equipment names);
- `meaning`: the Korean side's terms translated, against the English side's words;
- `likely`: the titles of the three occupations that the query's letters are nearest to, as stems,
  against the document's words: a Korean job name finds an English text that no list knows;
- `kin`: whether the letters of both texts are near to the same occupations, each in its own
  language: a posting that names no occupation is found by what it shares with one;
- `sound`: Hangul and Latin words that sound alike, between a Korean and an English text;
- `known`: as `meaning`, against all titles known of the occupation that a document names;
- `views`: as `letters`, against those titles and sentences in the query's own language
  (both times the share of documents that name an occupation).
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from corridor.embeddings import Encoder, texts
from corridor.embeddings.encoders import Kind
from corridor.embeddings.models import DUO_DIMENSIONS, E5_DIMENSIONS
from corridor.taxonomy import known, meaning, sound
from corridor.taxonomy.stems import stems

Array = NDArray[np.float32]
Bag = Mapping[str, float]  # terms of a text, and how often each stands there
_LEXICAL_CHARACTERS = 1_500  # of a text: what it is about comes first
_TITLES_CHARACTERS = 12_000
_SOUND_CHARACTERS = 80
_LIKELY = 3  # occupations
_LEAST_LIKELY = 0.05
_KIN = 30  # occupations
_CLEARLY_WORK = 0.12  # nearest occupation of a text that is about somebody's work
_SURE = 0.4
_ROWS = 512
_SPREAD = 0.1  # of the adapted encoder's cosines among a query's documents, about
_LATIN = re.compile(r"[a-z0-9][a-z0-9+#]*")
_SPACE = re.compile(r"[^\w+#]+")


@dataclass(frozen=True)
class Texts:
    """One side, cleaned. `vectors`: (n, 896) for the default model. `korean`, `telling`: (n,)."""

    texts: tuple[str, ...]
    vectors: Array
    korean: NDArray[np.bool_]
    telling: NDArray[np.bool_]

    @classmethod
    def read(
        cls,
        given: Sequence[str],
        kind: Kind,
        encoder: Encoder,
        progress: Callable[[int, int], None] | None = None,
    ) -> Texts:
        cleaned = tuple(texts.clean(text) for text in given)
        return cls(
            cleaned,
            encoder.encode(cleaned, kind=kind, progress=progress),
            np.array([texts.is_korean(text) for text in cleaned], np.bool_),
            np.array([texts.says_something(text) for text in cleaned], np.bool_),
        )

    def __len__(self) -> int:
        return len(self.texts)

    @cached_property
    def halves(self) -> tuple[Array, Array]:
        """Unit rows of e5 and of USE; of any other model, its vectors and nothing."""
        if self.vectors.shape[1] != DUO_DIMENSIONS:
            return self.vectors, np.zeros((len(self), 1), np.float32)
        return _unit(self.vectors[:, :E5_DIMENSIONS]), _unit(self.vectors[:, E5_DIMENSIONS:])

    def letters(self) -> Iterator[Bag]:
        return (_grams(text) for text in self.texts)

    def words(self) -> Iterator[Bag]:
        for text in self.texts:
            yield dict.fromkeys(_LATIN.findall(text[:_LEXICAL_CHARACTERS].casefold()), 1.0)

    def meanings(self) -> Iterator[Bag]:
        table = meaning.table()
        return (table.bag(text[:_LEXICAL_CHARACTERS]) for text in self.texts)

    @cached_property
    def occupations(self) -> list[tuple[known.Known, ...]]:
        return [known.find(text) for text in self.texts]

    def known(self) -> Iterator[Bag]:
        """Stems of titles of the occupation named; empty where none is."""
        for jobs in self.occupations:
            bag: dict[str, float] = {}
            for job in jobs:
                for stem, count in _title_stems(job).items():
                    bag[stem] = bag.get(stem, 0.0) + count
            yield bag

    def nearest(self, letters: Iterable[Bag]) -> Array:
        """(n, occupations): how near each text's `letters` are to each occupation's views."""
        near = np.zeros((len(self), len(known.occupations())), np.float32)
        bags = list(letters)
        for korean in (True, False):
            rows = [row for row, is_korean in enumerate(self.korean) if is_korean == korean]
            if rows:
                near[rows] = _catalogue(korean).compare(bags[row] for row in rows)
        return near

    def views(self, *, korean: bool) -> Iterator[Bag]:
        """Runs of characters of what is known of the occupation, in Korean or in English."""
        return (_view(jobs, korean) for jobs in self.occupations)

    def sounds(self) -> Iterator[Bag]:
        """Of Hangul in a Korean text, of Latin words in another."""
        for text, korean in zip(self.texts, self.korean, strict=True):
            of = sound.hangul_sounds if korean else sound.latin_sounds
            yield dict.fromkeys(sound.features(of(text[:_SOUND_CHARACTERS])), 1.0)


def _likely(near: Array) -> Iterator[Bag]:
    """Stems of titles of the occupations that each text is nearest to."""
    jobs = list(known.occupations().values())
    for row in near:
        best = np.argsort(-row, kind="stable")[:_LIKELY]
        bag: dict[str, float] = {}
        for place in best if row[best[0]] > _LEAST_LIKELY else ():
            share = float(row[place] / row[best[0]]) ** 4
            for stem, count in _title_stems(jobs[place]).items():
                bag[stem] = bag.get(stem, 0.0) + share * count
        yield bag


def _kin(near: Array) -> Any:
    """Sparse rows of length 1: the nearest occupations, nearer ones counting more."""
    best = np.argsort(-near, axis=1, kind="stable")[:, :_KIN]
    values = np.take_along_axis(near, best, axis=1) ** 3
    values /= np.maximum(np.linalg.norm(values, axis=1, keepdims=True), 1e-9)
    ends = np.arange(0, best.size + 1, best.shape[1])
    return sparse.csr_matrix((values.ravel(), best.ravel(), ends), shape=near.shape)


def _grams(text: str, most: int = _LEXICAL_CHARACTERS) -> dict[str, float]:
    """Runs of 2 to 4 characters inside words, ends marked, counted."""
    counts: dict[str, float] = {}
    for word in _SPACE.split(text[:most].casefold()):
        if word:
            marked = f" {word} "
            for size in (2, 3, 4):
                for start in range(len(marked) - size + 1):
                    gram = marked[start : start + size]
                    counts[gram] = counts.get(gram, 0.0) + 1.0
    return counts


def _view(jobs: Iterable[known.Known], korean: bool) -> Bag:
    if korean:
        return _grams(" ".join(part for job in jobs for part in (*job.korean, job.said)))
    titles = " ".join(part for job in jobs for part in (job.title, *job.titles))
    return _grams(titles, _TITLES_CHARACTERS)


@lru_cache(maxsize=2_048)
def _title_stems(job: known.Known) -> Bag:
    counts: dict[str, float] = {}
    for title in (job.title, *job.titles):
        for stem in stems(title):
            counts[stem] = counts.get(stem, 0.0) + 1.0
    return counts


class Sparse:
    """Bags of the documents as weighted sparse rows, and queries' bags compared with them.

    Compared by cosine of idf-weighted, damped counts. What no document has still counts in a
    query's length: half of a query found is worth about half.
    """

    def __init__(self, bags: Iterable[Bag]) -> None:
        self._place: dict[str, int] = {}
        rows = _Rows()
        for bag in bags:
            for term, count in bag.items():
                rows.add(self._place.setdefault(term, len(self._place)), count)
            rows.close()
        held = np.bincount(rows.terms, minlength=max(1, len(self._place)))
        self._rarest = float(np.log1p(len(rows)))
        self._idf = np.log1p(len(rows) / np.maximum(held, 1)).astype(np.float32)
        self._documents = rows.matrix(self._idf).T.tocsr()

    def compare(self, bags: Iterable[Bag]) -> Array:
        rows = _Rows()
        for bag in bags:
            for term, count in bag.items():
                place = self._place.get(term)
                if place is None:
                    rows.unseen += count
                else:
                    rows.add(place, count)
            rows.close()
        found = rows.matrix(self._idf, rarest=self._rarest) @ self._documents
        return np.asarray(found.toarray(), np.float32)


class _Rows:
    """Bags as they come, in flat arrays: 12 bytes a term, whatever the words."""

    def __init__(self) -> None:
        self._terms, self._counts, self._ends = array("i"), array("f"), array("q", [0])
        self._strange = array("d")
        self.unseen = 0.0  # counts, in the row being added, of what no document has

    def add(self, place: int, count: float) -> None:
        self._terms.append(place)
        self._counts.append(count)

    def close(self) -> None:
        self._ends.append(len(self._terms))
        self._strange.append(self.unseen)
        self.unseen = 0.0

    def __len__(self) -> int:
        return len(self._strange)

    @property
    def terms(self) -> NDArray[np.int32]:
        return np.frombuffer(self._terms, np.int32) if self._terms else np.zeros(0, np.int32)

    def matrix(self, idf: Array, *, rarest: float = 0.0) -> Any:
        """Rows of length 1: square roots of counts, times idf."""
        counts = np.frombuffer(self._counts, np.float32) if self._counts else np.zeros(0)
        ends = np.frombuffer(self._ends, np.int64)
        values = (np.sqrt(counts) * idf[self.terms]).astype(np.float32)
        rows = sparse.csr_matrix((values, self.terms, ends), shape=(len(self), len(idf)))
        squares = np.asarray(rows.multiply(rows).sum(axis=1), np.float64).ravel()
        squares += np.frombuffer(self._strange, np.float64) * rarest**2 if len(self) else 0.0
        return sparse.diags(1 / np.sqrt(np.maximum(squares, 1e-12))).dot(rows).astype(np.float32)


@lru_cache(maxsize=2)
def _catalogue(korean: bool) -> Sparse:
    """Every known occupation's view in one language; about a second, once a process."""
    return Sparse(_view((job,), korean) for job in known.occupations().values())


class Signals:
    """All signals of one set of documents."""

    def __init__(self, documents: Texts) -> None:
        self.documents = documents
        self._letters = Sparse(documents.letters())
        self._words = Sparse(documents.words())
        self._meanings = Sparse(documents.meanings())
        self._sounds = Sparse(documents.sounds())
        self._known = Sparse(documents.known())
        self._kin = _stacked(documents)
        self._views = [Sparse(documents.views(korean=korean)) for korean in (True, False)]
        # What is known of a few documents would lift these few over all others.
        named = sum(1 for jobs in documents.occupations if jobs)
        self._share = np.float32(named / max(1, len(documents)))

    def compare(self, queries: Texts) -> dict[str, Array]:
        """Each (queries, documents). Cosines are between -1 and 1, all else between 0 and 1."""
        across = queries.korean[:, None] != self.documents.korean[None, :]
        pairs = zip(queries.halves, self.documents.halves, strict=True)
        e5, use = (left @ right.T for left, right in pairs)
        if queries.vectors.shape[1] != DUO_DIMENSIONS:
            e5 = _spread(e5, self.documents.telling)
        letters, meanings = list(queries.letters()), list(queries.meanings())
        views = [one.compare(letters) for one in self._views]
        near = queries.nearest(letters)
        work = np.minimum(near.max(axis=1, keepdims=True) / _CLEARLY_WORK, 1)
        return {
            "e5": e5,
            "use": use,
            "sure": np.maximum(use - _SURE, 0),
            "letters": self._letters.compare(letters),
            "words": self._words.compare(queries.words()),
            "meaning": self._meanings.compare(meanings),
            "likely": work * self._meanings.compare(_likely(near)),
            "kin": work * np.asarray((_kin(near) @ self._kin.T).toarray(), np.float32),
            "known": self._share * self._known.compare(meanings),
            "views": self._share * np.where(queries.korean[:, None], *views),
            "sound": np.where(across, self._sounds.compare(queries.sounds()), np.float32(0)),
        }


def _stacked(documents: Texts) -> Any:
    """`_kin` of all documents, some at a time: a dense row of all occupations takes 4 KB."""
    rows = []
    letters = documents.letters()
    for start in range(0, len(documents), _ROWS):
        part = slice(start, start + _ROWS)
        some = Texts(
            documents.texts[part], documents.vectors[part], documents.korean[part],
            documents.telling[part],
        )  # fmt: skip
        rows.append(_kin(some.nearest(islice(letters, len(some)))))
    if not rows:
        return sparse.csr_matrix((0, len(known.occupations())), dtype=np.float32)
    return sparse.vstack(rows, format="csr", dtype=np.float32)


def _spread(cosines: Array, telling: NDArray[np.bool_]) -> Array:
    """Each row less its mean, its deviation made that of the adapted encoder."""
    if not telling.any():
        return np.zeros_like(cosines)
    among = cosines[:, telling].astype(np.float64)
    deviation = np.maximum(among.std(axis=1, keepdims=True), 0.02)
    mean = among.mean(axis=1, keepdims=True)
    return np.asarray(_SPREAD * (cosines - mean) / deviation, np.float32)


def _unit(rows: Iterable[Any]) -> Array:
    given = np.asarray(rows, np.float32)
    length = np.linalg.norm(given, axis=1, keepdims=True)
    return np.asarray(given / np.maximum(length, 1e-9), np.float32)
