"""What tells that a query and a document are about the same: one array a signal.

- `e5`, `use`: cosines of the two encoders (a model of another make gives `e5` alone);
- `letters`: runs of two to four characters in common, rare ones counting more;
- `words`: whole Latin words and numbers in common (acronyms, units, equipment names);
- `meaning`: the Korean side's terms translated, against the English side's words;
- `sound`: Hangul and Latin words that sound alike, between a Korean and an English text;
- `known`: as `meaning`, against all titles known of the occupation that a document names;
- `views`: as `letters`, against those titles and sentences in the query's own language
  (both times the share of documents that name an occupation).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
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
_LEXICAL_CHARACTERS = 1_500  # of a text: what it is about comes first
_TITLES_CHARACTERS = 12_000
_SOUND_CHARACTERS = 80
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

    @cached_property
    def letters(self) -> list[dict[str, float]]:
        return [_grams(text) for text in self.texts]

    @cached_property
    def words(self) -> list[dict[str, float]]:
        return [
            dict.fromkeys(_LATIN.findall(text[:_LEXICAL_CHARACTERS].casefold()), 1.0)
            for text in self.texts
        ]

    @cached_property
    def meanings(self) -> list[dict[str, float]]:
        table = meaning.table()
        return [table.bag(text[:_LEXICAL_CHARACTERS]) for text in self.texts]

    @cached_property
    def occupations(self) -> list[tuple[known.Known, ...]]:
        return [known.find(text) for text in self.texts]

    @cached_property
    def known(self) -> list[dict[str, float]]:
        """Stems of titles of the occupation named; empty where none is."""
        found = []
        for jobs in self.occupations:
            bag: dict[str, float] = {}
            for job in jobs:
                for title in (job.title, *job.titles):
                    for stem in stems(title):
                        bag[stem] = bag.get(stem, 0.0) + 1.0
            found.append(bag)
        return found

    @cached_property
    def views(self) -> tuple[list[dict[str, float]], list[dict[str, float]]]:
        """Runs of characters of what is known of the occupation in Korean, and in English."""
        korean, english = [], []
        for jobs in self.occupations:
            korean.append(_grams(" ".join(p for job in jobs for p in (*job.korean, job.said))))
            titles = " ".join(part for job in jobs for part in (job.title, *job.titles))
            english.append(_grams(titles, _TITLES_CHARACTERS))
        return korean, english

    @cached_property
    def sounds(self) -> list[dict[str, float]]:
        """Of Hangul in a Korean text, of Latin words in another."""
        found = []
        for text, korean in zip(self.texts, self.korean, strict=True):
            of = sound.hangul_sounds if korean else sound.latin_sounds
            found.append(dict.fromkeys(sound.features(of(text[:_SOUND_CHARACTERS])), 1.0))
        return found


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


class Sparse:
    """Bags of the documents as weighted sparse rows, and queries' bags compared with them.

    Compared by cosine of idf-weighted, damped counts. What no document has still counts in a
    query's length: half of a query found is worth about half.
    """

    def __init__(self, bags: Sequence[Mapping[str, float]]) -> None:
        self._place: dict[str, int] = {}
        for bag in bags:
            for term in bag:
                self._place.setdefault(term, len(self._place))
        counts = np.zeros(len(self._place), np.float64)
        for bag in bags:
            for term in bag:
                counts[self._place[term]] += 1
        self._rarest = float(np.log1p(len(bags)))
        self._idf = np.log1p(len(bags) / np.maximum(counts, 1)).astype(np.float32)
        rows, lengths = self._rows(bags)
        self._documents = sparse.diags(1 / lengths).dot(rows).T.tocsr()

    def compare(self, bags: Sequence[Mapping[str, float]]) -> Array:
        rows, lengths = self._rows(bags)
        found = (sparse.diags(1 / lengths).dot(rows) @ self._documents).toarray()
        return np.asarray(found, np.float32)

    def _rows(self, bags: Sequence[Mapping[str, float]]) -> tuple[Any, Array]:
        place, idf = self._place, self._idf
        columns: list[int] = []
        values: list[float] = []
        ends = [0]
        lengths = np.zeros(len(bags), np.float64)
        for number, bag in enumerate(bags):
            unseen = 0.0
            for term, count in bag.items():
                weight = count**0.5
                column = place.get(term)
                if column is None:
                    unseen += (weight * self._rarest) ** 2
                else:
                    columns.append(column)
                    values.append(weight * float(idf[column]))
            ends.append(len(columns))
            lengths[number] = unseen + sum(value * value for value in values[ends[-2] :])
        rows = sparse.csr_matrix(
            (np.array(values, np.float32), np.array(columns, np.int32), np.array(ends, np.int64)),
            shape=(len(bags), max(1, len(place))),
        )
        return rows, np.sqrt(np.maximum(lengths, 1e-12)).astype(np.float32)


class Signals:
    """All signals of one set of documents."""

    def __init__(self, documents: Texts) -> None:
        self.documents = documents
        self._letters = Sparse(documents.letters)
        self._words = Sparse(documents.words)
        self._meanings = Sparse(documents.meanings)
        self._sounds = Sparse(documents.sounds)
        self._known = Sparse(documents.known)
        self._views = [Sparse(bags) for bags in documents.views]
        # What is known of a few documents would lift these few over all others.
        named = sum(1 for jobs in documents.occupations if jobs)
        self._share = np.float32(named / max(1, len(documents)))

    def compare(self, queries: Texts) -> dict[str, Array]:
        """Each (queries, documents). Cosines are between -1 and 1, all else between 0 and 1."""
        across = queries.korean[:, None] != self.documents.korean[None, :]
        pairs = zip(queries.halves, self.documents.halves, strict=True)
        e5, use = (left @ right.T for left, right in pairs)
        views = [one.compare(queries.letters) for one in self._views]
        return {
            "e5": e5,
            "use": use,
            "letters": self._letters.compare(queries.letters),
            "words": self._words.compare(queries.words),
            "meaning": self._meanings.compare(queries.meanings),
            "known": self._share * self._known.compare(queries.meanings),
            "views": self._share * np.where(queries.korean[:, None], *views),
            "sound": np.where(across, self._sounds.compare(queries.sounds), np.float32(0)),
        }


def _unit(rows: Iterable[Any]) -> Array:
    given = np.asarray(rows, np.float32)
    length = np.linalg.norm(given, axis=1, keepdims=True)
    return np.asarray(given / np.maximum(length, 1e-9), np.float32)
