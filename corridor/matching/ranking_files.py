"""The files of `manage.py rank`: JSON lines in and out, refused with file and line."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

MAX_ID = 1_000  # characters


class BadFile(ValueError):
    """A file cannot be read as lines of `{"id", "text"}`; the message says where and why."""


def read(file: Path) -> tuple[list[str], list[str]]:
    """Ids and texts. Ids are strings (whole numbers are taken as such), each once; blank lines
    are passed over. Raises BadFile."""
    ids: list[str] = []
    texts: list[str] = []
    lines: dict[str, int] = {}
    try:
        with file.open("rb") as opened:
            for number, line in enumerate(opened, start=1):
                where = f"{file}, line {number}"
                if line.strip(b" \t\r\n\xef\xbb\xbf"):
                    key, text = _row(line, where)
                    if key in lines:
                        raise BadFile(f"{where}: the id {key!r} is also on line {lines[key]}.")
                    lines[key] = number
                    ids.append(key)
                    texts.append(text)
    except OSError as error:
        raise BadFile(f"{file} cannot be read: {error.strerror}.") from error
    return ids, texts


def _row(line: bytes, where: str) -> tuple[str, str]:
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadFile(f"{where}: not UTF-8 (byte {error.start + 1}).") from error
    except (ValueError, RecursionError) as error:
        raise BadFile(f"{where}: not JSON ({str(error)[:80]}).") from error
    if not isinstance(row, dict):
        raise BadFile(f'{where}: expected an object with "id" and "text".')
    key, text = row.get("id"), row.get("text")
    if isinstance(key, int) and not isinstance(key, bool):
        key = str(key)
    if not isinstance(key, str) or not key or len(key) > MAX_ID:
        raise BadFile(f'{where}: "id" must be a string of 1 to {MAX_ID:,} characters.')
    if not isinstance(text, str):
        raise BadFile(f'{where}: "text" must be a string (it may be empty).')
    return key, text


@contextmanager
def written(file: Path) -> Iterator[IO[str]]:
    """A file beside the place, renamed into it when all is written: never half a result."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{file.name}-", dir=file.parent)
    except OSError as error:
        raise BadFile(f"{file} cannot be written: {error.strerror}.") from error
    part = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as opened:
            yield opened
        part.chmod(0o644)
        part.replace(file)
    except OSError as error:
        raise BadFile(f"{file} cannot be written: {error.strerror}.") from error
    finally:
        part.unlink(missing_ok=True)


def line(key: str, ranking: Iterable[str], scores: Iterable[float]) -> str:
    row = {"id": key, "ranking": list(ranking), "scores": [round(one, 6) for one in scores]}
    return json.dumps(row, ensure_ascii=False) + "\n"
