"""Makes `data/meaning.tsv.gz` from pairs of Korean and English terms, and `known_titles.tsv.gz`.

    python -m corridor.taxonomy.learning DATA

DATA is shared/data (its `train/` is read, never `dev/`); the project's own glossaries, skills,
occupations and majors come with it. Which part of a Korean term says which English word is found
by IBM's first model of translation, with all runs of syllables inside a term competing.

Titles are O*NET's alternate titles less those that are queries of the development task of reported
titles, so that what is measured there says something about titles nobody listed.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from corridor.taxonomy import known, meaning
from corridor.taxonomy.meaning import Table
from corridor.taxonomy.stems import stems

DATA = Path(__file__).parent / "data"
Pair = tuple[str, str]  # Korean, English
ROUNDS = 4
LONGEST = 6  # syllables of a learnt piece
MOST = 14  # syllables of a term that pieces are learnt from
KEPT = 8  # stems of a piece
LEAST = 0.02
_HANGUL = re.compile("[가-힣]+")
_OTHER = re.compile("[A-Za-z0-9]")  # "PLC 제어" is not what 제어 means
_MARKS = "=?+!~ "


def hangul(text: str) -> str:
    return "".join(_HANGUL.findall(text))


def learn(pairs: Iterable[Pair]) -> Table:
    terms: dict[str, Counter[str]] = defaultdict(Counter)
    told: list[tuple[str, frozenset[str]]] = []
    for korean, english in pairs:
        term, words = hangul(korean), frozenset(stems(english))
        if term and words and len(term) <= 2 * MOST:
            if len(term) > 1 and not _OTHER.search(korean):
                terms[term].update(words)
            if len(term) <= MOST:
                told.append((term, words))
    counts = Counter(piece for term, _ in told for piece in _parts(term))
    known = {piece for piece, count in counts.items() if count > 1 or piece in terms}
    cut = [sorted(_parts(term) & known) for term, _ in told]
    weights = _first(told, cut, counts)
    for _round in range(ROUNDS):
        weights = _next(told, cut, counts, weights)
    pieces = {
        piece: dict(sorted(said.items(), key=lambda pair: (-pair[1], pair[0]))[:KEPT])
        for piece, said in weights.items()
        if said
    }
    listed = {
        term: {stem: count / max(said.values()) for stem, count in said.items()}
        for term, said in terms.items()
    }
    return Table(listed, pieces)


def _parts(term: str) -> frozenset[str]:
    size = len(term)
    return frozenset(
        term[start:end]
        for start in range(size)
        for end in range(start + 1, min(size, start + LONGEST) + 1)
    )


Weights = dict[str, dict[str, float]]


def _first(
    told: list[tuple[str, frozenset[str]]], cut: list[list[str]], counts: Counter[str]
) -> Weights:
    """Dice's measure of how often piece and stem go together."""
    together: dict[str, Counter[str]] = defaultdict(Counter)
    often = Counter(stem for _, words in told for stem in words)
    for (_, words), pieces in zip(told, cut, strict=True):
        for piece in pieces:
            together[piece].update(words)
    return {
        piece: {stem: 2 * n / (counts[piece] + often[stem]) for stem, n in said.items()}
        for piece, said in together.items()
    }


def _next(
    told: list[tuple[str, frozenset[str]]],
    cut: list[list[str]],
    counts: Counter[str],
    before: Weights,
) -> Weights:
    """One round: each English stem is shared out over the pieces by their weights so far."""
    after: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for (_, words), pieces in zip(told, cut, strict=True):
        for stem in sorted(words):
            shares = [
                (piece, before.get(piece, {}).get(stem, 0.0) * (len(piece) ** 0.5 if
                 len(piece) > 1 else 0.5))
                for piece in pieces
            ]  # fmt: skip
            whole = sum(share for _, share in shares) + 0.02
            for piece, share in shares:
                if share > 0.005 * whole:
                    after[piece][stem] += share / whole
    return {
        piece: {
            stem: value
            for stem, weight in said.items()
            if (value := weight / (counts[piece] + 1.0)) > LEAST
        }
        for piece, said in after.items()
    }


def pairs(train: Path | None, tables: Path = DATA) -> Iterator[Pair]:
    """Every Korean term with every English one for it, from all sources."""
    for path in sorted(tables.glob("glossary/*.tsv")):
        for row in table_rows(path):
            yield from _each(row.get("ko", ""), row.get("en", ""))
    for path in (*sorted(tables.glob("skills/*.tsv")), *sorted(tables.glob("occupations/*.tsv")),
                 tables / "majors.tsv"):  # fmt: skip
        for row in table_rows(path):
            # An alias goes with the other language's name alone: aliases say different things.
            yield from _each(f"{row['ko']};{row.get('aliases_ko') or ''}", row["en"])
            yield from _each(row["ko"], row.get("aliases_en") or "")
    for path in sorted(tables.glob("onet_ko/*.tsv")):
        for row in table_rows(path):
            yield from _each(row["ko_titles"], row["title"].replace(";", ","))
    for name in ("water.jsonl", "gloss.jsonl") if train is not None else ():
        for line in (train / name).read_text(encoding="utf-8").splitlines() if train else ():
            told = json.loads(line)
            for english in told["en"]:
                yield told["ko"], english


def _each(korean: str, english: str) -> Iterator[Pair]:
    left, right = ([bare for one in (cell or "").split(";") if (bare := one.strip(_MARKS))]
                   for cell in (korean, english))  # fmt: skip
    for one in left:
        for other in right:
            yield one, other


def table_rows(path: Path) -> list[dict[str, str]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    told = [line for line in lines if line.strip() and not line.startswith("#")]
    return list(csv.DictReader(told, delimiter="\t", quoting=csv.QUOTE_NONE))


def titles(data: Path) -> Iterator[tuple[str, str, list[str]]]:
    """Code, title and alternate titles of each occupation, as O*NET lists them."""
    asked = data / "dev" / "en_reported_title_to_occupation" / "queries.jsonl"
    lines = asked.read_text(encoding="utf-8").splitlines() if asked.exists() else []
    kept_apart = {json.loads(line)["text"].casefold() for line in lines}
    others: dict[str, list[str]] = defaultdict(list)
    for row in table_rows(data / "onet" / "alternate_titles.tsv"):
        if row["Alternate Title"].casefold() not in kept_apart:
            others[row["O*NET-SOC Code"]].append(row["Alternate Title"].replace(";", ","))
    for row in table_rows(data / "onet" / "occupations.tsv"):
        yield row["O*NET-SOC Code"], row["Title"], others[row["O*NET-SOC Code"]]


def main(data: Path) -> None:
    known.write(
        titles(data), known.TITLES, "O*NET 27.0 Database, U.S. Department of Labor, CC BY 4.0"
    )
    given = sorted(set(pairs(data / "train")))
    found = learn(given)
    meaning.write(
        found, meaning.TABLE,
        [f"{len(given)} pairs; see README.md for sources and licences. Made by learning.py."],
    )  # fmt: skip
    print(f"{len(given)} pairs: {len(found.terms)} terms, {len(found.pieces)} pieces")  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]))
