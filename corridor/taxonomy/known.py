"""What is known of an occupation beyond the text at hand: other titles, in English and Korean.

`find` recognizes an occupation by a title in a text's head, never by an id, so it works for
programs, postings and other lists of occupations as well. Titles: O*NET 27.0 (CC BY 4.0) in
`data/known_titles.tsv.gz`, Korean ones in `data/onet_ko/`.
"""

from __future__ import annotations

import csv
import gzip
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
TITLES = DATA / "known_titles.tsv.gz"
KOREAN = DATA / "onet_ko"
_HEAD = 160  # characters of a text in which its title is looked for
_WORDS = 16
_SHARED = 2  # occupations that an alternate title may stand for and still tell something
_KEY = re.compile(r"[^0-9a-z가-힣]+")
_BREAK = re.compile(r"\. |: |\n| - | – |\||;|\(|。")


@dataclass(frozen=True, slots=True)
class Known:
    """An occupation under its O*NET-SOC code; `said` is one or two Korean sentences."""

    code: str
    title: str
    titles: tuple[str, ...]
    korean: tuple[str, ...] = ()
    said: str = ""


def find(text: str) -> tuple[Known, ...]:
    """Occupations (two at most) that the head of a text names; mostly none or one."""
    head = text[:_HEAD]
    exact, alternate = _index()
    heads = [key for part in _heads(head) if (key := _key(part))]
    for keys, index in ((heads, exact), (heads, alternate), (_runs(head), exact)):
        for key in keys:
            if codes := index.get(key):
                return tuple(occupations()[code] for code in codes)
    return ()


@lru_cache(maxsize=1)
def occupations() -> dict[str, Known]:
    """Every O*NET occupation by code."""
    found: dict[str, Known] = {}
    with gzip.open(TITLES, "rt", encoding="utf-8") as lines:
        for line in lines:
            if not line.startswith("#"):
                code, title, titles = line.rstrip("\n").split("\t")
                found[code] = Known(code, title, tuple(titles.split(";")) if titles else ())
    for row in _korean(KOREAN):
        if job := found.get(row["code"]):
            names = tuple(one for part in row["ko_titles"].split(";") if (one := part.strip()))
            found[job.code] = replace(job, korean=names, said=(row["ko_text"] or "").strip())
    return found


@lru_cache(maxsize=1)
def _index() -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """Keys of O*NET's own titles, and of all others that few occupations share, to codes.

    One English word ("heater", "plunger") names a thing as often as a job, and is left out.
    """
    exact: dict[str, list[str]] = defaultdict(list)
    other: dict[str, list[str]] = defaultdict(list)
    for job in occupations().values():
        exact[_key(job.title)].append(job.code)
        for title in dict.fromkeys(_key(one) for one in (*job.titles, *job.korean)):
            other[title].append(job.code)
    return (
        {key: tuple(codes) for key, codes in exact.items()},
        {
            key: tuple(codes)
            for key, codes in other.items()
            if len(codes) <= _SHARED and (" " in key or not key.isascii())
        },
    )


def _key(title: str) -> str:
    """Letters and digits alone, each word without a plural s."""
    words = _KEY.split(title.casefold())
    return " ".join(
        word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
        for word in words
        if word
    )


def _heads(head: str) -> Iterator[str]:
    """The whole head, then what stands before each break, the longest first."""
    yield head
    for found in reversed(list(_BREAK.finditer(head))):
        yield head[: found.start()]


def _runs(head: str) -> Iterator[str]:
    """Runs of two or more words, the longest first."""
    words = _key(head).split()[:_WORDS]
    for size in range(len(words), 1, -1):
        for start in range(len(words) - size + 1):
            yield " ".join(words[start : start + size])


def _korean(folder: Path) -> Iterator[dict[str, str]]:
    for path in sorted(folder.glob("*.tsv")):
        lines = path.read_text(encoding="utf-8").splitlines()
        told = [line for line in lines if line.strip() and not line.startswith("#")]
        yield from csv.DictReader(told, delimiter="\t", quoting=csv.QUOTE_NONE)


def write(rows: Iterable[tuple[str, str, Iterable[str]]], file: Path, comment: str) -> None:
    """Code, title and alternate titles a line; the same rows give the same bytes."""
    lines = [f"# {comment}"]
    lines += ["\t".join([code, title, ";".join(titles)]) for code, title, titles in rows]
    with file.open("wb") as raw, gzip.GzipFile("", "wb", mtime=0, fileobj=raw) as packed:
        packed.write(("\n".join(lines) + "\n").encode())
