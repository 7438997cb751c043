"""Korean terms as weighted English word stems, by a table learnt from glossaries.

`bag("급수펌프")` weighs "pump", "water" and "suppl" by how sure the table is of each. A term the
glossaries list is taken whole; any other is cut into the known pieces that cover it best. English
words stand for themselves, so acronyms and equipment names (PLC, ALD, CVD) meet across languages.
The table is made by `corridor.taxonomy.learning`.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from corridor.taxonomy.stems import stems

TABLE = Path(__file__).parent / "data" / "meaning.tsv.gz"
_HANGUL = re.compile("[가-힣]+")
_MAX_RUN = 40  # syllables of one run that are cut into pieces
_MAX_RUNS = 400  # of one text
LONGEST = 12  # syllables of a piece


@dataclass(frozen=True)
class Table:
    """`terms`: listed terms, unspaced; `pieces`: parts of terms. Both to {stem: weight, 0 to 1}."""

    terms: Mapping[str, Mapping[str, float]]
    pieces: Mapping[str, Mapping[str, float]]
    _cut: dict[str, dict[str, float]] = field(default_factory=dict, repr=False, compare=False)

    def bag(self, text: str) -> dict[str, float]:
        """Stems of a text of either language, or both, with weights of at most 1."""
        found: dict[str, float] = dict.fromkeys(stems(text), 1.0)
        for number, run in enumerate(_HANGUL.findall(text)):
            if number >= _MAX_RUNS:
                break
            _raise(found, self._run(run[:_MAX_RUN]))
        if len(text) <= _MAX_RUN:
            whole = "".join(_HANGUL.findall(text))
            if whole in self.terms:
                _raise(found, self.terms[whole])
        return found

    def _run(self, run: str) -> dict[str, float]:
        if run in self.terms:
            return dict(self.terms[run])
        if run not in self._cut:
            if len(self._cut) > 100_000:
                self._cut.clear()
            self._cut[run] = self._pieced(run)
        return self._cut[run]

    def _pieced(self, run: str) -> dict[str, float]:
        """The cut with the most worth; long and sure pieces are worth more than many short ones."""
        size = len(run)
        worth = [0.0] * (size + 1)
        since = [0] * (size + 1)
        for end in range(1, size + 1):
            worth[end], since[end] = worth[end - 1], end - 1  # a syllable that says nothing
            for start in range(max(0, end - LONGEST), end):
                gain = worth[start] + self._worth(run[start:end])
                if gain > worth[end]:
                    worth[end], since[end] = gain, start
        found: dict[str, float] = {}
        end = size
        while end > 0:
            piece = run[since[end] : end]
            share = 1.0 if len(piece) > 1 else 0.5
            said = {stem: share * weight for stem, weight in self.pieces.get(piece, {}).items()}
            _raise(said, {s: 0.7 * share * w for s, w in self.terms.get(piece, {}).items()})
            _raise(found, said)
            end = since[end]
        return found

    def _worth(self, piece: str) -> float:
        if piece in self.terms:
            return float(0.8 * len(piece) ** 1.5 + 0.2)
        if said := self.pieces.get(piece):
            return float(0.6 * len(piece) ** 1.4 * min(1.0, 0.3 + max(said.values())))
        return 0.0


def _raise(found: dict[str, float], more: Mapping[str, float]) -> None:
    for stem, weight in more.items():
        if weight > found.get(stem, 0.0):
            found[stem] = weight


@lru_cache(maxsize=1)
def table() -> Table:
    """The shipped table; read once a process."""
    return read(TABLE)


def read(file: Path) -> Table:
    terms: dict[str, dict[str, float]] = {}
    pieces: dict[str, dict[str, float]] = {}
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("#"):
                continue
            kind, word, said = line.rstrip("\n").split("\t")
            weights = (one.rpartition(":") for one in said.split(" "))
            into = terms if kind == "term" else pieces
            into[word] = {stem: float(weight) for stem, _, weight in weights}
    return Table(terms, pieces)


def write(one: Table, file: Path, comment: Iterable[str]) -> None:
    """The same table gives the same bytes."""
    lines = [f"# {line}" for line in comment]
    for kind, words in (("term", one.terms), ("piece", one.pieces)):
        for word in sorted(words):
            order = sorted(words[word].items(), key=lambda pair: (-pair[1], pair[0]))
            said = " ".join(f"{stem}:{weight:.3g}" for stem, weight in order)
            lines.append(f"{kind}\t{word}\t{said}")
    with file.open("wb") as raw, gzip.GzipFile("", "wb", mtime=0, fileobj=raw) as packed:
        packed.write(("\n".join(lines) + "\n").encode())
